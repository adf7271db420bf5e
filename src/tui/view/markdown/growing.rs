//! Renders a text that grows: what is settled is rendered once, only the open end again.

use ratatui::text::Line;

use super::{Look, chunk};
use crate::tui::view::text::clean;

/// Renders one line of the source after the other. Its clone is the state at a place of the text.
pub trait Renderer: Clone + Default {
    /// Renders a clean line; `goes_on`: the source's line is longer than this.
    fn line(&mut self, text: &str, goes_on: bool, look: Look<'_>, out: &mut Vec<Line<'static>>);

    /// Renders what was held back, as if nothing followed.
    fn rest(&mut self, _look: Look<'_>, _out: &mut Vec<Line<'static>>) {}

    /// The row at which the last line began a block of code, told once.
    fn block(&mut self) -> Option<usize> {
        None
    }
}

/// Bytes before the settled end that are compared to notice that the text is another one.
const WITNESS: usize = 24;

/// The rows of a text that grows.
#[derive(Default)]
pub struct Growing<R> {
    settled: Vec<Line<'static>>,
    open: Vec<Line<'static>>,
    /// The rows at which blocks of code begin, counted from the first settled row.
    blocks: Vec<usize>,
    open_block: Option<usize>,
    renderer: R,
    settled_bytes: usize,
    seen_bytes: usize,
    witness: Vec<u8>,
}

impl<R: Renderer> Growing<R> {
    /// Takes the text as it is now. The look must be the same each time.
    pub fn update(&mut self, text: &str, look: Look<'_>) {
        if !self.is_prefix_of(text) {
            *self = Self::default();
        }
        if self.seen_bytes == text.len() {
            return;
        }
        while let Some(chunk) = chunk::next(&text[self.settled_bytes..]) {
            self.renderer.line(&clean(chunk.text), chunk.goes_on, look, &mut self.settled);
            self.blocks.extend(self.renderer.block());
            self.settled_bytes += chunk.bytes;
        }
        self.open.clear();
        let rest = chunk::line(&text[self.settled_bytes..]);
        let mut renderer = self.renderer.clone();
        if !rest.is_empty() {
            renderer.line(&clean(rest), false, look, &mut self.open);
        }
        renderer.rest(look, &mut self.open);
        self.open_block = renderer.block().map(|row| self.settled.len() + row);
        self.seen_bytes = text.len();
        self.witness = text.as_bytes()[self.settled_bytes.saturating_sub(WITNESS)..self.settled_bytes].to_vec();
    }

    fn is_prefix_of(&self, text: &str) -> bool {
        let start = self.settled_bytes - self.witness.len();
        text.len() >= self.seen_bytes && text.as_bytes()[start..].starts_with(&self.witness)
    }

    /// The rows at which blocks of code begin.
    pub fn blocks(&self) -> impl Iterator<Item = usize> {
        self.blocks.iter().copied().chain(self.open_block)
    }

    /// The rows, settled ones and open ones.
    #[must_use]
    pub fn rows(&self) -> [&[Line<'static>]; 2] {
        [&self.settled, &self.open]
    }
}
