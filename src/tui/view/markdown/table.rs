//! Tables: columns as wide as their cells where they fit the pane, narrower with wrapped cells where they don't, and
//! one line for each cell where not even that fits.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::Look;
use super::inline::runs;
use crate::tui::view::text::{Indent, Run, line_width, width, wrap};

/// What stands between two columns.
const BETWEEN: &str = " │ ";
/// The least cells of a column that is narrower than its text.
const LEAST: usize = 6;
/// Rows and bytes from which on the columns stay as they are: what comes later is rendered once, as it comes.
const LIMIT: (usize, usize) = (40, 8_192);

#[derive(Clone, Copy, Default)]
enum Align {
    #[default]
    Left,
    Middle,
    Right,
}

/// How the columns are shown.
#[derive(Clone)]
enum Columns {
    /// Side by side, each so many cells wide.
    Beside(Vec<usize>),
    /// One below the other.
    Stacked,
}

/// A table that grows.
#[derive(Clone)]
pub struct Table {
    head: Vec<String>,
    aligns: Vec<Align>,
    rows: Vec<Vec<String>>,
    bytes: usize,
    columns: Option<Columns>,
}

impl Table {
    /// A table with that head and that line of dashes below it.
    #[must_use]
    pub fn new(head: &str, dashes: &str) -> Self {
        let align = |cell: &String| match (cell.starts_with(':'), cell.ends_with(':')) {
            (true, true) => Align::Middle,
            (false, true) => Align::Right,
            _ => Align::Left,
        };
        let aligns = cells(dashes).iter().map(align).collect();
        Self { head: cells(head), aligns, rows: Vec::new(), bytes: 0, columns: None }
    }

    /// Takes a row. It is held back while it can change how wide the columns are.
    pub fn push(&mut self, text: &str, look: Look<'_>, out: &mut Vec<Line<'static>>) {
        self.bytes += text.len();
        self.rows.push(self.row(text));
        if self.columns.is_some() || self.rows.len() >= LIMIT.0 || self.bytes >= LIMIT.1 {
            self.flush(look, out);
        }
    }

    /// Renders what was held back.
    pub fn flush(&mut self, look: Look<'_>, out: &mut Vec<Line<'static>>) {
        if self.columns.is_none() {
            let columns = self.fitted(look);
            if let Columns::Beside(widths) = &columns {
                out.extend(self.beside(&self.head, widths, look.theme.heading, look));
                out.push(rule(widths, look));
            }
            self.columns = Some(columns);
        }
        for row in std::mem::take(&mut self.rows) {
            match &self.columns {
                Some(Columns::Beside(widths)) => out.extend(self.beside(&row, widths, look.theme.text, look)),
                _ => out.extend(self.stacked(&row, look)),
            }
        }
    }

    /// A row's cells, one for each column: what is too much stands in the last one.
    fn row(&self, text: &str) -> Vec<String> {
        let mut row = cells(text);
        let count = self.head.len();
        if row.len() > count {
            let last = row.split_off(count - 1).join(" | ");
            row.push(last);
        }
        row.resize(count, String::new());
        row
    }

    fn fitted(&self, look: Look<'_>) -> Columns {
        let cells = |column: usize| std::iter::once(&self.head).chain(&self.rows).map(move |row| &row[column]);
        let wanted = |column| cells(column).map(|cell| shown_width(cell, look)).max().unwrap_or_default().max(1);
        let wanted: Vec<usize> = (0..self.head.len()).map(wanted).collect();
        let room = look.columns.saturating_sub((wanted.len() - 1) * width(BETWEEN));
        let within = |most: &usize| wanted.iter().map(|wanted| wanted.min(most)).sum::<usize>() <= room;
        let widest = wanted.iter().copied().max().unwrap_or_default();
        if within(&widest) {
            return Columns::Beside(wanted);
        }
        match (LEAST..=room).rev().find(within) {
            Some(most) => Columns::Beside(wanted.iter().map(|wanted| *wanted.min(&most)).collect()),
            None => Columns::Stacked,
        }
    }

    fn beside(&self, row: &[String], widths: &[usize], style: Style, look: Look<'_>) -> Vec<Line<'static>> {
        let wrapped =
            |(cell, columns): (&String, &usize)| wrap(&inline(cell, style, look), &Indent::default(), *columns);
        let cells: Vec<Vec<Line<'static>>> = row.iter().zip(widths).map(wrapped).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or_default();
        let line = |at: usize| {
            let mut spans = Vec::new();
            for (column, columns) in widths.iter().enumerate() {
                if column > 0 {
                    spans.push(Span::styled(BETWEEN, look.theme.border));
                }
                let cell = cells[column].get(at).cloned().unwrap_or_default();
                spans.extend(aligned(cell, *columns, self.aligns.get(column).copied().unwrap_or_default()));
            }
            Line::from(spans)
        };
        (0..height).map(line).collect()
    }

    /// `head: cell`, a line each, with a rule below the row.
    fn stacked(&self, row: &[String], look: Look<'_>) -> Vec<Line<'static>> {
        let mut lines = Vec::new();
        for (head, cell) in self.head.iter().zip(row) {
            let mut all = inline(head, look.theme.heading, look);
            if !head.is_empty() {
                all.push((": ".to_owned(), look.theme.dim));
            }
            all.extend(inline(cell, look.theme.text, look));
            lines.extend(wrap(&all, &Indent::default(), look.columns));
        }
        lines.push(Line::styled("─".repeat(look.columns.min(LEAST)), look.theme.border));
        lines
    }
}

/// Whether a line can be a row of a table.
#[must_use]
pub fn is_row(text: &str) -> bool {
    text.contains('|')
}

/// Whether a line is the one of dashes below a table's head.
#[must_use]
pub fn is_dashes(text: &str) -> bool {
    is_row(text) && text.contains('-') && text.chars().all(|letter| matches!(letter, '|' | '-' | ':' | ' '))
}

/// The cells of a row, at least one. A bar after a backslash is text.
fn cells(text: &str) -> Vec<String> {
    let text = text.trim();
    let text = text.strip_prefix('|').unwrap_or(text);
    let mut cells = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let last = cells.len() - 1;
        match letter {
            '\\' if letters.peek() == Some(&'|') => cells[last].extend(letters.next()),
            '|' if letters.peek().is_none() => {}
            '|' => cells.push(String::new()),
            _ => cells[last].push(letter),
        }
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// A cell's stretches; `<br>` is the only mark of HTML that tables need.
fn inline(cell: &str, style: Style, look: Look<'_>) -> Vec<Run> {
    runs(&cell.replace("<br>", " ").replace("<br/>", " "), style, look.theme)
}

fn shown_width(cell: &str, look: Look<'_>) -> usize {
    inline(cell, Style::new(), look).iter().map(|(text, _)| width(text)).sum()
}

fn aligned(cell: Line<'static>, columns: usize, align: Align) -> Vec<Span<'static>> {
    let left = columns.saturating_sub(line_width(&cell));
    let before = match align {
        Align::Left => 0,
        Align::Middle => left / 2,
        Align::Right => left,
    };
    let blank = |cells: usize| (cells > 0).then(|| Span::raw(" ".repeat(cells)));
    blank(before).into_iter().chain(cell.spans).chain(blank(left - before)).collect()
}

fn rule(widths: &[usize], look: Look<'_>) -> Line<'static> {
    let parts: Vec<String> = widths.iter().map(|columns| "─".repeat(*columns)).collect();
    Line::styled(parts.join("─┼─"), look.theme.border)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_cut_at_its_bars() {
        for (text, expected) in [
            ("| a | b |", vec!["a", "b"]),
            ("a | b", vec!["a", "b"]),
            ("||", vec![""]),
            ("|  | x |", vec!["", "x"]),
            (r"| a \| b | c", vec!["a | b", "c"]),
        ] {
            assert_eq!(cells(text), expected, "{text}");
        }
    }

    #[test]
    fn dashes_make_a_table() {
        for text in ["|---|---|", "--|:-:", " | :--- | ---: | "] {
            assert!(is_dashes(text), "{text}");
        }
        for text in ["---", "|  |", "| a |", ""] {
            assert!(!is_dashes(text), "{text}");
        }
    }
}
