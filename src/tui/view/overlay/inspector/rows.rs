//! Rows with a label before them. What a text takes is bounded, whoever wrote it.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::tui::Theme;
use crate::tui::view::markdown::Look;
use crate::tui::view::text::{Indent, clean, clean_cut, width, wrap};

/// Columns of the labels.
const LABEL: usize = 10;

/// Characters of one text that are looked at.
const LONGEST: usize = 4_000;

/// Rows under construction.
pub struct Rows<'a> {
    theme: &'a Theme,
    columns: usize,
    lines: Vec<Line<'static>>,
}

impl<'a> Rows<'a> {
    /// No rows yet, so wide.
    #[must_use]
    pub fn new(theme: &'a Theme, columns: usize) -> Self {
        Self { theme, columns, lines: Vec::new() }
    }

    /// How what stands behind a label is to look.
    #[must_use]
    pub fn look(&self) -> Look<'a> {
        Look { theme: self.theme, columns: self.columns.saturating_sub(LABEL).max(1) }
    }

    /// A row as it is.
    pub fn line(&mut self, line: Line<'static>) {
        self.lines.push(line);
    }

    /// An empty row.
    pub fn blank(&mut self) {
        self.lines.push(Line::default());
    }

    /// A text behind its label, wrapped.
    pub fn field(&mut self, label: &str, text: &str, style: Style) {
        let indent = Indent { first: vec![self.label(label)], rest: vec![Span::raw(" ".repeat(LABEL))] };
        self.lines.extend(wrap(&[(near(text), style)], &indent, self.columns));
    }

    /// Rows behind their label, at most so many; what is left out is said.
    pub fn block(&mut self, label: &str, rows: Vec<Line<'static>>, most: usize) {
        let left_out = rows.len().saturating_sub(most);
        for (at, mut row) in rows.into_iter().take(most).enumerate() {
            row.spans.insert(0, if at == 0 { self.label(label) } else { Span::raw(" ".repeat(LABEL)) });
            self.lines.push(row);
        }
        if left_out > 0 {
            let told = format!("… {left_out} more rows");
            self.field("", &told, self.theme.dim);
        }
    }

    fn label(&self, label: &str) -> Span<'static> {
        let label = clean_cut(label, LABEL - 1);
        let blank = " ".repeat(LABEL - width(&label));
        Span::styled(format!("{label}{blank}"), self.theme.dim)
    }

    /// The rows.
    #[must_use]
    pub fn into_lines(self) -> Vec<Line<'static>> {
        self.lines
    }
}

/// The beginning of a text, safe to show.
#[must_use]
pub fn near(text: &str) -> String {
    clean(beginning(text)).into_owned()
}

/// The beginning of a text, as much as is ever looked at.
#[must_use]
pub fn beginning(text: &str) -> &str {
    text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..end])
}
