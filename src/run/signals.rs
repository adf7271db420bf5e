//! The signals that ask the program to end.

use std::io;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Where a signal most likely comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// From the terminal's keys: SIGINT (Ctrl-C), SIGQUIT. Every program that has the terminal gets them.
    ByKey,
    /// From elsewhere.
    FromOutside,
}

/// The signals that ask the program to end: SIGINT (Ctrl-C), SIGTERM, SIGHUP and SIGQUIT; elsewhere Ctrl-C alone.
pub struct Signals {
    #[cfg(unix)]
    all: [Signal; 4],
}

#[cfg(unix)]
impl Signals {
    /// Listens from now on; the signals no longer end the program by themselves. Needs a tokio runtime.
    ///
    /// # Errors
    /// The system refuses.
    pub fn new() -> io::Result<Self> {
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup(), SignalKind::quit()];
        let [interrupt, terminate, hang_up, quit] = kinds.map(signal);
        Ok(Self { all: [interrupt?, terminate?, hang_up?, quit?] })
    }

    /// Waits for the next one.
    pub async fn next(&mut self) -> Asked {
        let any = self.all.iter_mut().map(|signal| Box::pin(signal.recv()));
        let (_, which, _) = futures_util::future::select_all(any).await;
        if [0, 3].contains(&which) { Asked::ByKey } else { Asked::FromOutside }
    }
}

#[cfg(not(unix))]
impl Signals {
    /// Listens from now on.
    ///
    /// # Errors
    /// None here.
    pub fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Waits for the next one.
    pub async fn next(&mut self) -> Asked {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Asked::ByKey
    }
}
