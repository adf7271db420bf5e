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
    /// In a pane, while something was found; what isn't said there is as in a pane.
    Found,
    /// Where it is typed what to find.
    Find,
    /// In a pane, while a block of code is picked.
    Blocks,
    /// In a pane while its turn is replayed; what means nothing here means what it means in a pane.
    Replay,
    /// In the details of an answer.
    Inspector,
    /// Over what went over the wire.
    Wire,
    /// In the list of models.
    Models,
    /// In the list of turns.
    History,
    /// In the picker of models.
    Picker,
    /// In the picker of schemas.
    Schemas,
    /// In the form of a model's settings.
    Settings,
    /// In the list of sessions.
    Sessions,
    /// In a session's title.
    Rename,
    /// In the list of formats to export in.
    Export,
    /// In the system prompt's editor.
    System,
    /// In the palette of commands, the picker of themes, the search for a prompt.
    Finder,
    /// In the values of a prompt's variables.
    Variables,
    /// In the help.
    Help,
}

impl Context {
    /// All of them, what is needed most first.
    pub const ALL: [Self; 21] = [
        Self::Prompt,
        Self::Pane,
        Self::Find,
        Self::Found,
        Self::Blocks,
        Self::Inspector,
        Self::Wire,
        Self::Global,
        Self::Models,
        Self::History,
        Self::Replay,
        Self::Picker,
        Self::Schemas,
        Self::Settings,
        Self::Sessions,
        Self::Rename,
        Self::Export,
        Self::System,
        Self::Finder,
        Self::Variables,
        Self::Help,
    ];

    /// The heading in the help.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Global => "Everywhere",
            Self::Prompt => "Prompt",
            Self::Pane => "Answer",
            Self::Find => "Find",
            Self::Found => "Found",
            Self::Blocks => "Copy a code block",
            Self::Inspector => "Details",
            Self::Wire => "Over the wire",
            Self::Models => "Models",
            Self::History => "History",
            Self::Replay => "Replay",
            Self::Picker => "Pick models",
            Self::Schemas => "Schema",
            Self::Settings => "Settings",
            Self::Sessions => "Sessions",
            Self::Rename => "Session's title",
            Self::Export => "Export",
            Self::System => "System prompt",
            Self::Finder => "Commands, themes, prompts",
            Self::Variables => "Variables",
            Self::Help => "Help",
        }
    }

    /// Where keys that mean nothing here are looked up next.
    #[must_use]
    pub const fn below(self) -> Option<Self> {
        match self {
            Self::Found | Self::Replay => Some(Self::Pane),
            _ => None,
        }
    }

    /// Whether it is an answer that is read.
    #[must_use]
    pub const fn is_of_pane(self) -> bool {
        matches!(self, Self::Pane | Self::Found | Self::Replay)
    }

    /// Whether it takes all keys, so that those of the workbench rest meanwhile.
    #[must_use]
    pub const fn rests_others(self) -> bool {
        !self.is_of_pane() && !matches!(self, Self::Global | Self::Prompt | Self::Models | Self::History)
    }

    /// Whether letters are typed there, so that they mean nothing else.
    #[must_use]
    pub const fn is_typed_into(self) -> bool {
        matches!(
            self,
            Self::Prompt
                | Self::Find
                | Self::Picker
                | Self::Schemas
                | Self::Settings
                | Self::Sessions
                | Self::Rename
                | Self::System
                | Self::Finder
                | Self::Variables
        )
    }
}
