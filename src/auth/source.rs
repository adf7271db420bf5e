//! Where a key comes from: written down, an environment variable, or a command that prints it.

use std::process::{Command, Stdio};

use super::Secret;

/// Where a key comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum KeySource {
    /// Written in the configuration.
    Literal(Secret),
    /// The value of an environment variable, read when the configuration was.
    Variable {
        /// The variable's name.
        name: String,
        /// Its value.
        value: Secret,
    },
    /// The first line that a command prints. It runs when the key is first needed.
    Command(Vec<String>),
}

/// Why there is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The command could not be started.
    #[error("the key command {command:?} could not be started: {reason}")]
    NotStarted {
        /// The program.
        command: String,
        /// What the system said.
        reason: String,
    },
    /// The command failed.
    #[error("the key command {command:?} failed ({status}): {stderr}")]
    Failed {
        /// The program.
        command: String,
        /// How it ended.
        status: String,
        /// The first line it complained with.
        stderr: String,
    },
    /// The command printed nothing.
    #[error("the key command {0:?} printed nothing")]
    Empty(String),
}

impl KeySource {
    /// The key. A command is run and waited for: call it off the event loop.
    ///
    /// # Errors
    /// The command can't be started, fails, or prints nothing.
    pub fn read(&self) -> Result<Secret, KeyError> {
        match self {
            Self::Literal(secret) | Self::Variable { value: secret, .. } => Ok(secret.clone()),
            Self::Command(command) => run(command),
        }
    }

    /// Where it comes from, for people: `OPENAI_API_KEY`, `the configuration`, `command "op"`.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Literal(_) => "the configuration".to_owned(),
            Self::Variable { name, .. } => name.clone(),
            Self::Command(command) => format!("command {:?}", program(command)),
        }
    }
}

fn program(command: &[String]) -> String {
    command.first().cloned().unwrap_or_default()
}

fn run(command: &[String]) -> Result<Secret, KeyError> {
    let name = program(command);
    let output = Command::new(&name)
        .args(command.iter().skip(1))
        .stdin(Stdio::null())
        .output()
        .map_err(|error| KeyError::NotStarted { command: name.clone(), reason: error.to_string() })?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default().to_owned();
        return Err(KeyError::Failed { command: name, status: output.status.to_string(), stderr });
    }
    let stdout = String::from_utf8_lossy(&output.stdout);
    let secret = Secret::new(stdout.lines().next().unwrap_or_default());
    if secret.is_empty() { Err(KeyError::Empty(name)) } else { Ok(secret) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(words: &[&str]) -> KeySource {
        KeySource::Command(words.iter().map(|word| (*word).to_owned()).collect())
    }

    #[test]
    fn a_command_gives_its_first_line() {
        assert_eq!(command(&["printf", "sk-1\\nmore"]).read(), Ok(Secret::new("sk-1")));
    }

    #[test]
    fn a_command_that_gives_nothing_is_told() {
        assert_eq!(command(&["true"]).read(), Err(KeyError::Empty("true".to_owned())));
        let error = command(&["sh", "-c", "echo locked >&2; exit 3"]).read().expect_err("failed");
        assert_eq!(error.to_string(), "the key command \"sh\" failed (exit status: 3): locked");
        assert!(command(&["/no/such/program"]).read().is_err());
    }
}
