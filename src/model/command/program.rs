//! A program under way: started in a process group of its own, and killed with the whole group when it is dropped.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::failure;
use crate::wire::{ErrorKind, ModelError};

/// How much of the end of standard error is kept: 8 KiB.
const MAX_STDERR: usize = 8 * 1024;
/// How long the end of standard error is waited for once the program is over: whoever else holds it may never let go.
const STDERR_WAIT: Duration = Duration::from_millis(200);

/// A program under way.
pub struct Program {
    name: String,
    child: Child,
    stdout: ChildStdout,
    /// The end of standard error.
    stderr: Arc<Mutex<Vec<u8>>>,
    /// What reads standard error and writes standard input; ends with the program.
    tasks: JoinSet<()>,
}

impl Program {
    /// Starts a program with its arguments, for that provider.
    ///
    /// # Errors
    /// It can't be started, or not within the limit.
    pub async fn start(command: &[String], provider: &str, limit: Duration) -> Result<Self, ModelError> {
        let name = command.first().cloned().unwrap_or_default();
        let words = command.to_vec();
        // The system may take its time to find and load it, and the event loop has none.
        let spawned = tokio::task::spawn_blocking(move || spawn(&words));
        let child = match timeout(limit, spawned).await {
            Ok(Ok(spawned)) => spawned.map_err(|error| failure::not_started(&name, provider, &error))?,
            Ok(Err(_)) => return Err(ModelError::cancelled()),
            Err(_) => return Err(failure::started_too_slowly(&name, provider, limit)),
        };
        Self::of(name.clone(), child).ok_or_else(|| {
            ModelError::new(ErrorKind::Connect, format!("the program {name:?} was started without its pipes"))
        })
    }

    fn of(name: String, mut child: Child) -> Option<Self> {
        let (stdout, complaints) = (child.stdout.take()?, child.stderr.take()?);
        let stderr = Arc::<Mutex<Vec<u8>>>::default();
        let mut tasks = JoinSet::new();
        tasks.spawn(keep_end(complaints, Arc::clone(&stderr)));
        Some(Self { name, child, stdout, stderr, tasks })
    }

    /// Writes to its standard input and closes it, beside everything else. A program may leave it unread.
    pub fn write(&mut self, input: String) {
        if let Some(mut stdin) = self.child.stdin.take() {
            self.tasks.spawn(async move {
                let _ = stdin.write_all(input.as_bytes()).await;
                let _ = stdin.shutdown().await;
            });
        }
    }

    /// The next of its output; 0 bytes at its end.
    pub async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stdout.read(buffer).await
    }

    /// Waits for its end, a while, and tells how its answer `ended`: one is whole only if its program doesn't fail.
    pub async fn end(&mut self, ended: Result<(), ModelError>, wait: Duration) -> Result<(), ModelError> {
        let status = timeout(wait, self.child.wait()).await.ok().and_then(Result::ok);
        let failed = status.filter(|status| !status.success());
        match (ended, failed) {
            (Err(error), _) if error.kind != ErrorKind::Truncated => Err(error),
            (_, Some(status)) => Err(self.failed(status).await),
            (ended, None) => ended,
        }
    }

    async fn failed(&mut self, status: ExitStatus) -> ModelError {
        let complaint = self.complaint().await;
        failure::failed(&self.name, status, &complaint)
    }

    /// A failure together with what the program wrote to its standard error.
    pub async fn told(&mut self, error: ModelError) -> ModelError {
        let complaint = self.complaint().await;
        if complaint.is_empty() || error.body.is_some() { error } else { error.with_body(Value::from(complaint)) }
    }

    /// The end of what it wrote to its standard error.
    async fn complaint(&mut self) -> String {
        if self.child.id().is_none() {
            // It is over: what it wrote is on its way.
            let read = async { while self.tasks.join_next().await.is_some() {} };
            let _ = timeout(STDERR_WAIT, read).await;
        }
        let kept = self.stderr.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&kept).trim().to_owned()
    }
}

impl Drop for Program {
    /// Kills the program, if it is not over, and all that it started.
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(id) = self.child.id().and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).ok()?)) {
            // It fails only when the group is gone.
            let _ = rustix::process::kill_process_group(id, rustix::process::Signal::KILL);
        }
        // Elsewhere, and where it left its group: `kill_on_drop` sees to the program itself.
    }
}

fn spawn(words: &[String]) -> io::Result<Child> {
    let mut command = Command::new(words.first().map(String::as_str).unwrap_or_default());
    command.args(words.iter().skip(1)).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    #[cfg(unix)]
    command.process_group(0);
    command.kill_on_drop(true).spawn()
}

/// Reads to the end and keeps the last of it.
async fn keep_end(mut from: impl AsyncRead + Unpin, kept: Arc<Mutex<Vec<u8>>>) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(&buffer[..count]);
        let excess = kept.len().saturating_sub(MAX_STDERR);
        kept.drain(..excess);
    }
}
