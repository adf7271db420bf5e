//! Blocks of light Markdown. One line of the source is one block: models end their paragraphs with line ends, and a
//! line that is settled never has to be looked at again.

use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::Look;
use super::growing::Renderer;
use super::inline::runs;
use crate::tui::view::text::{Indent, clean_cut, width, wrap};

/// The state between two lines.
#[derive(Clone, Default)]
pub struct Markdown {
    fence: Option<Fence>,
    blank: bool,
    any: bool,
    goes_on: bool,
}

/// An open code block.
#[derive(Clone)]
struct Fence {
    mark: char,
    length: usize,
    indent: usize,
}

impl Renderer for Markdown {
    fn line(&mut self, text: &str, goes_on: bool, look: Look<'_>, out: &mut Vec<Line<'static>>) {
        let continues = std::mem::replace(&mut self.goes_on, goes_on);
        if let Some(fence) = &self.fence {
            if !continues && fence.is_closed_by(text) {
                self.fence = None;
            } else {
                out.extend(code(fence.inside(text), look));
            }
        } else if text.trim().is_empty() {
            self.blank = self.any;
        } else {
            if std::mem::take(&mut self.blank) {
                out.push(Line::default());
            }
            self.any = true;
            if continues {
                out.extend(wrap(&runs(text, look.theme.text, look.theme), &Indent::default(), look.columns));
            } else {
                self.block(text, look, out);
            }
        }
    }
}

impl Markdown {
    fn block(&mut self, text: &str, look: Look<'_>, out: &mut Vec<Line<'static>>) {
        let (depth, trimmed) = split_indent(text);
        if let Some(fence) = Fence::opened_by(depth, trimmed) {
            let label = trimmed.trim_start_matches(fence.mark).split_whitespace().next().unwrap_or_default();
            if !label.is_empty() {
                let label = Span::styled(clean_cut(&format!(" {label}"), look.columns), look.theme.dim);
                out.push(Line::from(label).style(look.theme.code_background));
            }
            self.fence = Some(fence);
        } else if is_rule(trimmed) {
            out.push(Line::styled("─".repeat(look.columns), look.theme.border));
        } else if let Some((level, title)) = heading(trimmed) {
            out.extend(wrap(&runs(title, heading_style(level, look), look.theme), &Indent::default(), look.columns));
        } else if trimmed.starts_with('>') {
            out.extend(quote(trimmed, look));
        } else {
            let (indent, rest) = item(depth, trimmed, look);
            out.extend(wrap(&runs(rest, look.theme.text, look.theme), &indent, look.columns));
        }
    }
}

impl Fence {
    fn opened_by(indent: usize, trimmed: &str) -> Option<Self> {
        let mark = trimmed.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
        let length = trimmed.chars().take_while(|letter| *letter == mark).count();
        let inline = mark == '`' && trimmed[length..].contains('`');
        (length >= 3 && !inline).then_some(Self { mark, length, indent })
    }

    fn is_closed_by(&self, text: &str) -> bool {
        let text = text.trim();
        text.chars().count() >= self.length && text.chars().all(|letter| letter == self.mark)
    }

    /// A line of the block without the indent that the block itself has.
    fn inside<'a>(&self, text: &'a str) -> &'a str {
        let spaces = text.bytes().take_while(|byte| *byte == b' ').count();
        &text[spaces.min(self.indent)..]
    }
}

fn code(text: &str, look: Look<'_>) -> Vec<Line<'static>> {
    let lead = |text: &'static str| vec![Span::styled(text, look.theme.dim)];
    let indent = Indent { first: lead(" "), rest: lead("↪") };
    let rows = wrap(&[(text.to_owned(), look.theme.code)], &indent, look.columns);
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

fn quote(text: &str, look: Look<'_>) -> Vec<Line<'static>> {
    let mut rest = text;
    let mut bars = String::new();
    while let Some(inner) = rest.strip_prefix('>') {
        bars.push_str("▎ ");
        rest = inner.trim_start();
    }
    let bar = vec![Span::styled(bars, look.theme.accent)];
    let indent = Indent { first: bar.clone(), rest: bar };
    wrap(&runs(rest, look.theme.text.add_modifier(Modifier::ITALIC), look.theme), &indent, look.columns)
}

/// A list item's mark and its text; a paragraph has no mark.
fn item<'a>(depth: usize, text: &'a str, look: Look<'_>) -> (Indent, &'a str) {
    let depth = depth.min(look.columns / 3);
    let Some((mark, rest)) = list_mark(text) else { return (Indent::default(), text) };
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
