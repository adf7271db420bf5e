//! Divides the screen: top bar, side bar, panes, prompt, footer.

use ratatui::layout::Rect;

use super::prompt;
use crate::tui::State;
use crate::tui::state::Focus;

/// The parts of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// The top bar.
    pub top: Rect,
    /// The side bar.
    pub side: Option<Rect>,
    /// Whether the side bar lies over the panes.
    pub side_is_over: bool,
    /// The panes.
    pub panes: Rect,
    /// The prompt, its frame included.
    pub prompt: Rect,
    /// The footer.
    pub footer: Rect,
}

impl Screen {
    /// Divides the screen. A side bar that doesn't stand beside the panes lies over them while it has the focus.
    #[must_use]
    pub fn divide(area: Rect, state: &State) -> Self {
        let top = Rect { height: 1, ..area };
        let footer = Rect { y: area.bottom() - 1, height: 1, ..area };
        let middle = Rect { y: area.y + 1, height: area.height - 2, ..area };
        let beside = state.side_bar.is_beside(area.width);
        let focused = matches!(state.focus, Focus::Models | Focus::History);
        let columns = state.side_bar.columns(area.width);
        let side = (beside || focused).then_some(Rect { width: columns, ..middle });
        let taken = if beside { columns } else { 0 };
        let main = Rect { x: middle.x + taken, width: middle.width - taken, ..middle };
        let prompt_height = prompt::height(state, main.width, main.height);
        let panes = Rect { height: main.height - prompt_height, ..main };
        let prompt = Rect { y: panes.bottom(), height: prompt_height, ..main };
        Self { top, side, side_is_over: !beside, panes, prompt, footer }
    }
}
