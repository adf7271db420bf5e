//! A model's text as rows of a terminal: light Markdown, plain text and JSON, each rendered as it grows.

mod block;
mod chunk;
mod growing;
mod highlight;
mod inline;
mod json;
mod languages;
mod plain;
mod table;

pub use block::Markdown;
pub use growing::Growing;
pub use json::GrowingJson;
pub use plain::Plain;

use crate::tui::Theme;

/// How it is to look.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// The colours.
    pub theme: &'a Theme,
    /// The columns of a row.
    pub columns: usize,
}
