//! Why the configuration can't be used.

/// Why the configuration can't be used: one sentence, with file, line and column where there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConfigError {
    /// The sentence.
    pub message: String,
    /// What to do about it, where the sentence doesn't say.
    pub hint: Option<String>,
    /// Everything else that is wrong with the same file, a sentence each.
    pub more: Vec<String>,
}

impl ConfigError {
    /// A problem with nothing but its sentence.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }

    /// With what to do about it.
    #[must_use]
    pub fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// All problems of a file, a sentence each; `None` when there are none.
    #[must_use]
    pub fn of_problems(problems: Vec<String>) -> Option<Self> {
        let mut problems = problems.into_iter();
        let message = problems.next()?;
        Some(Self { message, hint: None, more: problems.collect() })
    }
}
