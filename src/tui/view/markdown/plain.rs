//! Plain text: every line wrapped, nothing read into it.

use ratatui::text::Line;

use super::Look;
use super::growing::Renderer;
use crate::tui::view::text::{Indent, wrap};

/// Plain text in the style of thinking, with a bar before it.
#[derive(Clone, Default)]
pub struct Plain {
    blank: bool,
    any: bool,
}

impl Renderer for Plain {
    fn line(&mut self, text: &str, _goes_on: bool, look: Look<'_>, out: &mut Vec<Line<'static>>) {
        if text.trim().is_empty() {
            self.blank = self.any;
            return;
        }
        let indent = Indent::bar(look.theme.border);
        if std::mem::take(&mut self.blank) {
            out.push(Line::from(indent.first.clone()));
        }
        self.any = true;
        out.extend(wrap(&[(text.to_owned(), look.theme.thinking)], &indent, look.columns));
    }
}
