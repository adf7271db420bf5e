//! What everything that draws needs: the state, its theme, and the cells.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Widget};

use super::text;
use crate::tui::keymap::Context;
use crate::tui::{Action, State, Theme};

/// The frames of the spinner, and how long each is shown.
const SPINNER: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const SPINNER_MS: u128 = 100;

/// What everything that draws needs.
pub struct Scene<'a> {
    /// What is drawn.
    pub state: &'a State,
    /// How it looks.
    pub theme: &'a Theme,
    /// Where it is drawn.
    pub buffer: &'a mut Buffer,
}

impl<'a> Scene<'a> {
    /// A scene of that state.
    pub fn new(state: &'a State, buffer: &'a mut Buffer) -> Self {
        Self { state, theme: state.theme(), buffer }
    }

    /// The spinner as it stands now.
    #[must_use]
    pub fn spinner(&self) -> &'static str {
        SPINNER[(self.state.clock.as_millis() / SPINNER_MS) as usize % SPINNER.len()]
    }

    /// The key that does that there, as it is shown; empty when there is none.
    #[must_use]
    pub fn key(&self, context: Context, action: Action) -> String {
        // What was found gives some keys of a pane another meaning.
        let finds = context == Context::Pane && self.state.panes.find.is_some();
        let here = if finds { Context::Found } else { context };
        let keymap = &self.state.keymap;
        let row = keymap.rows(context).find(|row| row.action == action);
        row.and_then(|row| keymap.chord(here, row)).map(|chord| chord.to_string()).unwrap_or_default()
    }

    /// Draws a line at the beginning of a row.
    pub fn line(&mut self, area: Rect, line: &Line<'_>) {
        if !area.is_empty() {
            self.buffer.set_style(Rect { height: 1, ..area }, line.style);
            self.buffer.set_line(area.x, area.y, line, area.width);
        }
    }

    /// Draws a line at the end of a row.
    pub fn line_at_end(&mut self, area: Rect, line: &Line<'_>) {
        let taken = (text::line_width(line) as u16).min(area.width);
        self.line(Rect { x: area.right() - taken, width: taken, ..area }, line);
    }

    /// Draws a frame with its title; with the focus it is thick and its title is marked. Gives what lies inside.
    pub fn frame(&mut self, area: Rect, title: &str, focused: bool) -> Rect {
        let (border, kind) = self.border(focused);
        let block = Block::bordered().border_type(kind).border_style(border);
        let inner = block.inner(area);
        block.render(area, self.buffer);
        let room = usize::from(area.width.saturating_sub(5));
        let mark = if focused { "▸" } else { " " };
        let style = if focused { self.theme.accent.patch(border) } else { self.theme.dim };
        let title = Span::styled(format!("{mark}{} ", text::cut(title, room)), style);
        self.line(Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area }, &Line::from(title));
        inner
    }

    /// The frame's style with and without the focus.
    #[must_use]
    pub fn border(&self, focused: bool) -> (Style, BorderType) {
        if focused { (self.theme.border_focused, BorderType::Thick) } else { (self.theme.border, BorderType::Rounded) }
    }
}

/// The area without so many columns at its left and right.
#[must_use]
pub fn padded(area: Rect, columns: u16) -> Rect {
    let columns = columns.min(area.width / 2);
    Rect { x: area.x + columns, width: area.width - 2 * columns, ..area }
}

/// One row of an area.
#[must_use]
pub fn row(area: Rect, number: usize) -> Rect {
    let number = (number as u16).min(area.height);
    Rect { y: area.y + number, height: area.height.saturating_sub(number).min(1), ..area }
}
