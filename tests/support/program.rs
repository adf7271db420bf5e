//! The program in a home of its own, with an environment in which no real key is found.

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// The program under test.
pub const LLMBENCH: &str = env!("CARGO_BIN_EXE_llmbench");

/// A home folder that vanishes with the test.
pub struct Home {
    folder: TempDir,
}

impl Home {
    /// A home without any configuration.
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// A home with this configuration.
    pub fn with_config(toml: &str) -> Self {
        let home = Self::empty();
        let path = home.config_path();
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the configuration's folder");
        std::fs::write(&path, toml).expect("the configuration");
        // One that others can read is warned of when a key is in it.
        #[cfg(unix)]
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("private");
        home
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Where the configuration is looked for.
    pub fn config_path(&self) -> PathBuf {
        self.path().join("config/llmbench/config.toml")
    }

    /// Lets every user read the configuration.
    pub fn open_to_others(&self) {
        std::fs::set_permissions(self.config_path(), std::os::unix::fs::PermissionsExt::from_mode(0o644))
            .expect("open");
    }

    /// Where sessions are kept.
    pub fn sessions(&self) -> PathBuf {
        self.path().join("data/llmbench/sessions")
    }

    /// The whole environment of a program that runs in this home.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let inside = |folder: &str| self.path().join(folder).display().to_string();
        vec![
            ("HOME", inside("")),
            ("XDG_CONFIG_HOME", inside("config")),
            ("XDG_DATA_HOME", inside("data")),
            ("XDG_CACHE_HOME", inside("cache")),
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("TERM", "xterm-256color".to_owned()),
            ("COLORTERM", "truecolor".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("TZ", "UTC".to_owned()),
            ("NO_PROXY", "*".to_owned()),
            // A test's copies must not touch the clipboard of whoever runs it: by way of the terminal they stay here.
            ("SSH_CONNECTION", "test".to_owned()),
        ]
    }
}

/// How a run of the program ended. Shows all that is needed to understand a failure.
pub struct Done {
    pub command: String,
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl fmt::Debug for Done {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { command, code, stdout, stderr } = self;
        write!(formatter, "$ {command}\nexit: {code:?}\n--- stdout\n{stdout}\n--- stderr\n{stderr}")
    }
}

/// Runs the program to its end, with this on its standard input.
pub fn run(home: &Home, arguments: &[&str], stdin: &str) -> Done {
    run_with(home, arguments, stdin, &[])
}

/// The same with more environment variables.
pub fn run_with(home: &Home, arguments: &[&str], stdin: &str, variables: &[(&str, &str)]) -> Done {
    let mut child = Command::new(LLMBENCH)
        .args(arguments)
        .env_clear()
        .envs(home.environment())
        .envs(variables.iter().copied())
        .current_dir(home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("a pipe");
    // A program that doesn't read its input closes the pipe; that is its right.
    let _ = input.write_all(stdin.as_bytes());
    drop(input);
    let output = child.wait_with_output().expect("the program ends");
    Done {
        command: format!("llmbench {}", arguments.join(" ")),
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
