//! What the user wants, however it was said: by key, by mouse, or by a command.

/// What the user wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Send the prompt to every picked model.
    Send,
    /// Send the prompt as it is, without asking for its variables.
    SendAsItIs,
    /// A new line in the prompt.
    NewLine,
    /// Move the focus on.
    FocusNext,
    /// Move the focus back.
    FocusPrevious,
    /// Write the prompt that was asked before.
    EarlierPrompt,
    /// Write the prompt that was asked after.
    LaterPrompt,
    /// Find a prompt of this session.
    FindPrompt,
    /// Write in the user's own editor.
    EditOutside,
    /// Focus the prompt.
    FocusPrompt,
    /// Focus the next pane.
    NextPane,
    /// Focus the previous pane.
    PreviousPane,
    /// One line or item up.
    Up,
    /// One line or item down.
    Down,
    /// One screenful up.
    PageUp,
    /// One screenful down.
    PageDown,
    /// To the beginning.
    Top,
    /// To the end, and follow it.
    Bottom,
    /// Show one pane alone, or all again.
    Zoom,
    /// Open or fold the thinking.
    ToggleThinking,
    /// Scroll all panes together, or each alone.
    ScrollTogether,
    /// Find in this pane.
    Find,
    /// Find in all shown panes.
    FindAll,
    /// Look through one pane instead of all, or the other way round.
    FindSwitch,
    /// Go to the next match.
    NextMatch,
    /// Go to the match before.
    PreviousMatch,
    /// Copy the answer.
    CopyAnswer,
    /// Copy a block of code.
    CopyBlock,
    /// Copy all that was said, as it came.
    CopyRaw,
    /// Copy the turn with all its answers as Markdown.
    CopyTurn,
    /// Pick or drop the model under the cursor.
    TogglePick,
    /// Pick what is under the cursor and close.
    Accept,
    /// Open the picker of models.
    PickModels,
    /// Choose a schema that answers shall fit.
    PickSchema,
    /// Ask for structured output in the next way.
    NextOutputMode,
    /// Tell a model once more what is wrong with its output.
    MoreOutputRetries,
    /// Open the list of saved sessions.
    OpenSessions,
    /// Write a model's own settings.
    EditSettings,
    /// Give a session another title.
    RenameSession,
    /// Delete a session, so that it can be brought back.
    DeleteSession,
    /// Bring the last deleted session back.
    BringBack,
    /// Export a session.
    ExportSession,
    /// Begin a new session with the turns up to this one.
    Fork,
    /// Ask the picked models a turn that nobody has been asked.
    AskTurn,
    /// Write the system prompt.
    EditSystem,
    /// Begin a new session.
    NewSession,
    /// Cancel this lane.
    CancelLane,
    /// End this lane's wait before its next attempt.
    SkipWait,
    /// Show all that is known of this lane.
    Inspect,
    /// Show its requests and answers as they went over the wire.
    ShowWire,
    /// Move long rows to the left.
    ShiftRight,
    /// Move them back.
    ShiftLeft,
    /// Copy the request as a command.
    CopyCurl,
    /// Copy the answer's body as it came.
    CopyBody,
    /// Ask this lane's model again.
    AskAgain,
    /// Play this turn again, with its own timing.
    Replay,
    /// Put the side bar away, or fetch it.
    ToggleSideBar,
    /// Make the side bar wider.
    WidenSideBar,
    /// Make the side bar narrower.
    NarrowSideBar,
    /// Let a replay rest, or go on.
    RestReplay,
    /// Let a replay rest, and bring what comes next.
    StepReplay,
    /// Play faster.
    Faster,
    /// Play slower.
    Slower,
    /// Bring all that a replay still has to play.
    AtOnce,
    /// Play the next turn.
    NextTurn,
    /// Play the turn before.
    PreviousTurn,
    /// Let go of the mouse, or take it.
    ToggleMouse,
    /// Find anything that can be done.
    FindCommand,
    /// Choose a theme.
    PickTheme,
    /// Switch to the next theme.
    NextTheme,
    /// Show the keys.
    Help,
    /// Leave where you are, or cancel what runs. Never quits.
    Leave,
    /// Cancel what runs; twice within a second: quit.
    CancelOrQuit,
    /// Quit.
    Quit,
}
