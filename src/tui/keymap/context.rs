//! Where keys mean what they mean.

/// Where keys mean what they mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    /// Everywhere.
    Global,
    /// In the prompt editor.
    Prompt,
    /// In a pane.
    Pane,
    /// In the list of models.
    Models,
    /// In the list of turns.
    History,
    /// In the picker of models.
    Picker,
    /// In the list of sessions.
    Sessions,
    /// In the system prompt's editor.
    System,
    /// In the help.
    Help,
}

impl Context {
    /// All of them, what is needed most first.
    pub const ALL: [Self; 9] = [
        Self::Prompt,
        Self::Pane,
        Self::Global,
        Self::Models,
        Self::History,
        Self::Picker,
        Self::Sessions,
        Self::System,
        Self::Help,
    ];

    /// The heading in the help.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Global => "Everywhere",
            Self::Prompt => "Prompt",
            Self::Pane => "Answer",
            Self::Models => "Models",
            Self::History => "History",
            Self::Picker => "Pick models",
            Self::Sessions => "Sessions",
            Self::System => "System prompt",
            Self::Help => "Help",
        }
    }

    /// Whether letters are typed there, so that they mean nothing else.
    #[must_use]
    pub const fn is_typed_into(self) -> bool {
        matches!(self, Self::Prompt | Self::Picker | Self::System)
    }
}
