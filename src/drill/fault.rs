//! What goes wrong with a server, by name.

/// What goes wrong with a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Status 429, with a wait that it asks for.
    TooMany,
    /// Status 500.
    Broken,
    /// No headers, ever.
    Timeout,
    /// The connection closes before the first visible token.
    CutBefore,
    /// The connection closes after the first visible token.
    CutAfter,
    /// Status 200, with what the interface does not allow.
    Malformed,
}

impl Fault {
    /// Every one, in the order in which they are played.
    pub const ALL: [Self; 6] =
        [Self::TooMany, Self::Broken, Self::Timeout, Self::CutBefore, Self::CutAfter, Self::Malformed];

    /// The name on the command line and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooMany => "429",
            Self::Broken => "500",
            Self::Timeout => "timeout",
            Self::CutBefore => "cut-before",
            Self::CutAfter => "cut-after",
            Self::Malformed => "malformed",
        }
    }

    /// What happens, for people.
    #[must_use]
    pub const fn help(self) -> &'static str {
        match self {
            Self::TooMany => "too many requests, with a wait that is asked for",
            Self::Broken => "the server is broken",
            Self::Timeout => "no answer begins",
            Self::CutBefore => "cut before the first token",
            Self::CutAfter => "cut after the first token",
            Self::Malformed => "an answer that can't be read",
        }
    }

    /// The fault of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.as_str() == name)
    }
}
