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
    /// In a pane while its turn is replayed; what means nothing here means what it means in a pane.
    Replay,
    /// In the details of an answer.
    Inspector,
    /// In the list of models.
    Models,
    /// In the list of turns.
    History,
    /// In the picker of models.
    Picker,
    /// In the picker of schemas.
    Schemas,
    /// In the list of sessions.
    Sessions,
    /// In a session's title.
    Rename,
    /// In the list of formats to export in.
    Export,
    /// In the system prompt's editor.
    System,
    /// In the help.
    Help,
}

impl Context {
    /// All of them, what is needed most first.
    pub const ALL: [Self; 14] = [
        Self::Prompt,
        Self::Pane,
        Self::Inspector,
        Self::Global,
        Self::Models,
        Self::History,
        Self::Replay,
        Self::Picker,
        Self::Schemas,
        Self::Sessions,
        Self::Rename,
        Self::Export,
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
            Self::Inspector => "Details",
            Self::Models => "Models",
            Self::History => "History",
            Self::Replay => "Replay",
            Self::Picker => "Pick models",
            Self::Schemas => "Schema",
            Self::Sessions => "Sessions",
            Self::Rename => "Session's title",
            Self::Export => "Export",
            Self::System => "System prompt",
            Self::Help => "Help",
        }
    }

    /// Whether it lies over the workbench, whose keys rest meanwhile.
    #[must_use]
    pub const fn is_of_overlay(self) -> bool {
        !matches!(self, Self::Global | Self::Prompt | Self::Pane | Self::Replay | Self::Models | Self::History)
    }

    /// Where a key means what it means here when it means nothing of its own.
    #[must_use]
    pub const fn beneath(self) -> Option<Self> {
        match self {
            Self::Replay => Some(Self::Pane),
            _ => None,
        }
    }

    /// Whether letters are typed there, so that they mean nothing else.
    #[must_use]
    pub const fn is_typed_into(self) -> bool {
        matches!(self, Self::Prompt | Self::Picker | Self::Schemas | Self::Sessions | Self::Rename | Self::System)
    }
}
