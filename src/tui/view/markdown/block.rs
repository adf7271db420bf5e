//! Blocks of light Markdown. One line of the source is one block, but for tables: models end their paragraphs with line
//! ends, and a line that is settled never has to be looked at again.

use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::Look;
use super::growing::Renderer;
use super::highlight::Highlighter;
use super::inline::runs;
use super::table::{self, Table};
use crate::tui::code::Fence;
use crate::tui::view::text::{Indent, Run, clean_cut, width, wrap};

/// The state between two lines.
#[derive(Clone, Default)]
pub struct Markdown {
    code: Option<(Fence, Highlighter)>,
    held: Held,
    block: Option<usize>,
    blank: bool,
    any: bool,
    goes_on: bool,
}

/// What can't be rendered before more has come.
#[derive(Clone, Default)]
enum Held {
    #[default]
    Nothing,
    /// A line that is a table's head when one of dashes follows.
    Head(String),
    Table(Table),
}

impl Renderer for Markdown {
    fn line(&mut self, text: &str, goes_on: bool, look: Look<'_>, out: &mut Vec<Line<'static>>) {
        let continues = std::mem::replace(&mut self.goes_on, goes_on);
        let whole = !continues && !goes_on;
        if self.is_held(text, whole, look, out) {
            return;
        }
        if let Some((fence, highlighter)) = &mut self.code {
            if !continues && fence.is_closed_by(text) {
                self.code = None;
            } else {
                out.extend(code(&highlighter.line(fence.inside(text), look.theme), look));
            }
        } else if text.trim().is_empty() {
            self.blank = self.any;
        } else {
            if std::mem::take(&mut self.blank) {
                out.push(Line::default());
            }
            self.any = true;
            self.begin(text, continues, whole, look, out);
        }
    }

    fn block(&mut self) -> Option<usize> {
        self.block.take()
    }

    fn rest(&mut self, look: Look<'_>, out: &mut Vec<Line<'static>>) {
        match std::mem::take(&mut self.held) {
            Held::Nothing => {}
            Held::Head(head) => paragraph(&head, look, out),
            Held::Table(mut table) => table.flush(look, out),
        }
    }
}

impl Markdown {
    /// Whether a line belongs to what is held back; what doesn't ends it.
    fn is_held(&mut self, text: &str, whole: bool, look: Look<'_>, out: &mut Vec<Line<'static>>) -> bool {
        match &mut self.held {
            Held::Nothing => return false,
            Held::Head(head) if whole && table::is_dashes(text) => {
                self.held = Held::Table(Table::new(head, text));
                return true;
            }
            Held::Table(table) if whole && table::is_row(text) => {
                table.push(text, look, out);
                return true;
            }
            _ => self.rest(look, out),
        }
        false
    }

    fn begin(&mut self, text: &str, continues: bool, whole: bool, look: Look<'_>, out: &mut Vec<Line<'static>>) {
        if continues {
            out.extend(wrap(&runs(text, look.theme.text, look.theme), &Indent::default(), look.columns));
        } else if let Some((fence, label)) = Fence::opened_by(text) {
            self.block = Some(out.len());
            if !label.is_empty() {
                let shown = Span::styled(clean_cut(&format!(" {label}"), look.columns), look.theme.dim);
                out.push(Line::from(shown).style(look.theme.code_background));
            }
            self.code = Some((fence, Highlighter::of(label)));
        } else if whole && can_be_head(text) {
            self.held = Held::Head(text.to_owned());
        } else {
            paragraph(text, look, out);
        }
    }
}

/// Whether a line of text can be the head of a table.
fn can_be_head(text: &str) -> bool {
    let (_, trimmed) = split_indent(text);
    table::is_row(trimmed) && !trimmed.starts_with('>') && list_mark(trimmed).is_none() && heading(trimmed).is_none()
}

/// A line that is a block of its own.
fn paragraph(text: &str, look: Look<'_>, out: &mut Vec<Line<'static>>) {
    let (depth, trimmed) = split_indent(text);
    let (bars, inner) = quote(trimmed);
    let base = if bars.is_empty() { look.theme.text } else { look.theme.text.add_modifier(Modifier::ITALIC) };
    if is_rule(inner) && bars.is_empty() {
        out.push(Line::styled("─".repeat(look.columns), look.theme.border));
        return;
    }
    let (mut indent, runs) = if let Some((level, title)) = heading(inner) {
        (Indent::default(), runs(title, heading_style(level, look), look.theme))
    } else {
        let (indent, rest) = item(if bars.is_empty() { depth } else { 0 }, inner, look);
        (indent, runs(rest, base, look.theme))
    };
    if !bars.is_empty() {
        let bar = Span::styled(bars, look.theme.accent);
        indent.first.insert(0, bar.clone());
        indent.rest.insert(0, bar);
    }
    out.extend(wrap(&runs, &indent, look.columns));
}

fn code(runs: &[Run], look: Look<'_>) -> Vec<Line<'static>> {
    let lead = |text: &'static str| vec![Span::styled(text, look.theme.dim)];
    let indent = Indent { first: lead(" "), rest: lead("↪") };
    let rows = wrap(runs, &indent, look.columns);
    rows.into_iter().map(|row| row.style(look.theme.code_background)).collect()
}

fn split_indent(text: &str) -> (usize, &str) {
    let trimmed = text.trim_start_matches(' ');
    (text.len() - trimmed.len(), trimmed.trim_end())
}

/// Three or more of `-`, `*` or `_`, and nothing else.
fn is_rule(text: &str) -> bool {
    let marks: String = text.chars().filter(|letter| *letter != ' ').collect();
    marks.len() >= 3 && ["-", "*", "_"].iter().any(|mark| marks.trim_start_matches(mark).is_empty())
}

fn heading(text: &str) -> Option<(usize, &str)> {
    let level = text.bytes().take_while(|byte| *byte == b'#').count();
    let title = text[level..].strip_prefix(' ')?;
    (1..=6).contains(&level).then(|| (level, title.trim().trim_end_matches('#').trim_end()))
}

fn heading_style(level: usize, look: Look<'_>) -> Style {
    let style = look.theme.heading;
    if level == 1 { style.add_modifier(Modifier::UNDERLINED) } else { style }
}

/// The bars of a quotation, one for each level, and what is quoted.
fn quote(text: &str) -> (String, &str) {
    let mut rest = text;
    let mut bars = String::new();
    while let Some(inner) = rest.strip_prefix('>') {
        bars.push_str("▎ ");
        rest = inner.trim_start();
    }
    (bars, rest)
}

/// A list item's mark and its text. A paragraph has no mark; within a list it stands below the item's text.
fn item<'a>(depth: usize, text: &'a str, look: Look<'_>) -> (Indent, &'a str) {
    let depth = depth.min(look.columns / 3);
    let Some((mark, rest)) = list_mark(text) else {
        let blank = if depth < 2 { Vec::new() } else { vec![Span::raw(" ".repeat(depth))] };
        return (Indent { first: blank.clone(), rest: blank }, text);
    };
    let (mark, rest) = match (rest.strip_prefix("[ ] "), rest.strip_prefix("[x] ").or(rest.strip_prefix("[X] "))) {
        (Some(rest), _) if mark == "•" => ("☐".to_owned(), rest),
        (_, Some(rest)) if mark == "•" => ("☑".to_owned(), rest),
        _ => (mark, rest),
    };
    let lead = format!("{}{mark} ", " ".repeat(depth));
    let blank = " ".repeat(width(&lead));
    (Indent { first: vec![Span::styled(lead, look.theme.accent)], rest: vec![Span::raw(blank)] }, rest)
}

fn list_mark(text: &str) -> Option<(String, &str)> {
    if let Some(rest) = ["- ", "* ", "+ "].iter().find_map(|mark| text.strip_prefix(mark)) {
        return Some(("•".to_owned(), rest.trim_start()));
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text[digits..].strip_prefix(". ").or_else(|| text[digits..].strip_prefix(") "))?;
    (1..=9).contains(&digits).then(|| (text[..=digits].to_owned(), rest.trim_start()))
}
