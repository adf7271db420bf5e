//! Text measured in terminal cells: made safe, cut, and wrapped on grapheme boundaries.

use std::borrow::Cow;

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

use crate::text::cells::{cells, clusters};
pub use crate::text::cells::{cut, width};

/// What is left of a provider's name at the least.
const SHORTEST_PROVIDER: usize = 4;
/// What a tab becomes.
const TAB: &str = "    ";

/// Untrusted text made safe to draw: sanitised, tabs expanded, controls made visible.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    let text = crate::text::sanitise(text);
    if !text.contains(char::is_control) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '\t' => out.push_str(TAB),
            '\n' | '\r' => out.push(' '),
            '\u{7f}' => out.push('\u{2421}'),
            '\0'..='\u{1f}' => out.push(char::from_u32(0x2400 + u32::from(letter)).unwrap_or('\u{fffd}')),
            _ if letter.is_control() => out.push('\u{fffd}'),
            _ => out.push(letter),
        }
    }
    Cow::Owned(out)
}

/// The end of a text that is typed, made safe: as much as there is room for.
#[must_use]
pub fn end_of(text: &str, room: usize) -> String {
    let text = clean(text);
    let mut left = width(&text);
    let too_much = |grapheme: &&str| {
        let skip = left > room;
        left -= cells(grapheme).min(left);
        skip
    };
    text.graphemes(true).skip_while(too_much).collect()
}

/// The text made safe and cut.
#[must_use]
pub fn clean_cut(text: &str, room: usize) -> String {
    // Far more bytes than any row has cells: the rest of a long text needn't be looked at.
    let near = text.char_indices().nth(room.saturating_mul(4).saturating_add(64)).map_or(text, |(at, _)| &text[..at]);
    cut(&clean(near), room).into_owned()
}

/// A model's name, safe, cut to so many cells: its provider gives way first, since models are told apart by what stands
/// behind the colon.
#[must_use]
pub fn model_cut(name: &str, room: usize) -> String {
    let name = clean(name);
    match name.split_once(':').filter(|_| width(&name) > room) {
        Some((provider, model)) => {
            let left = room.saturating_sub(width(model) + 1).max(SHORTEST_PROVIDER);
            cut(&format!("{}:{model}", cut(provider, left)), room).into_owned()
        }
        None => cut(&name, room).into_owned(),
    }
}

/// Cells that a line takes.
#[must_use]
pub fn line_width(line: &Line<'_>) -> usize {
    line.spans.iter().map(|span| width(&span.content)).sum()
}

/// A stretch of text in one style.
pub type Run = (String, Style);

/// What stands before the first and before every further row of a wrapped text.
#[derive(Clone, Debug, Default)]
pub struct Indent {
    /// Before the first row.
    pub first: Vec<Span<'static>>,
    /// Before every further row; as wide as the first.
    pub rest: Vec<Span<'static>>,
}

impl Indent {
    /// A bar before every row.
    #[must_use]
    pub fn bar(style: Style) -> Self {
        let bar = vec![Span::styled("│ ", style)];
        Self { first: bar.clone(), rest: bar }
    }
}

/// The most cells that one grapheme takes.
const WIDEST: usize = 3;

/// Wraps clean text. Breaks after spaces and around wide characters, inside a word only when it is wider than a row.
#[must_use]
pub fn wrap(runs: &[Run], indent: &Indent, columns: usize) -> Vec<Line<'static>> {
    let lead: usize = indent.first.iter().map(|span| width(&span.content)).sum();
    if lead > 0 && lead + WIDEST > columns {
        return wrap(runs, &Indent::default(), columns);
    }
    let pieces = pieces(runs);
    let rows = rows(&pieces, columns.saturating_sub(lead).max(1));
    let line = |(number, row): (usize, &std::ops::Range<usize>)| {
        let lead = if number == 0 { &indent.first } else { &indent.rest };
        Line::from(joined(lead.clone(), runs, &pieces[row.clone()]))
    };
    rows.iter().enumerate().map(line).collect()
}

/// A grapheme: where it stands in which run, its bytes and its cells. Small, since there is one for every letter.
#[derive(Clone, Copy)]
struct Piece {
    run: u32,
    start: u32,
    bytes: u32,
    cells: u8,
    is_space: bool,
}

fn pieces(runs: &[Run]) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(runs.iter().map(|(text, _)| text.len()).sum());
    for (run, (text, _)) in runs.iter().enumerate() {
        let piece = |start: usize, bytes: usize, cells: usize| Piece {
            run: run as u32,
            start: start as u32,
            bytes: bytes as u32,
            cells: cells as u8,
            is_space: text.as_bytes()[start] == b' ' && bytes == 1,
        };
        let split = clusters(text).map(|(start, text)| piece(start, text.len(), cells(text)));
        pieces.extend(split.filter(|piece| piece.cells > 0));
    }
    pieces
}

/// The pieces of each row. A row never begins with the space it was broken at.
fn rows(pieces: &[Piece], columns: usize) -> Vec<std::ops::Range<usize>> {
    let mut rows = Vec::new();
    let (mut start, mut used, mut break_at) = (0, 0, None);
    let mut at = 0;
    while at < pieces.len() {
        let piece = &pieces[at];
        if used + usize::from(piece.cells) > columns && at > start {
            if piece.is_space {
                rows.push(start..at);
                start = at + 1;
            } else {
                let end = break_at.filter(|end| *end > start).unwrap_or(at);
                rows.push(start..end);
                start = end;
            }
            at = start;
            (used, break_at) = (0, None);
            continue;
        }
        used += usize::from(piece.cells);
        at += 1;
        let next_is_wide = pieces.get(at).is_some_and(|next| next.cells > 1);
        if piece.is_space || piece.cells > 1 || next_is_wide {
            break_at = Some(at);
        }
    }
    if start < pieces.len() || rows.is_empty() {
        rows.push(start..pieces.len());
    }
    rows
}

/// The pieces after the lead, neighbours of one style in one span.
fn joined(mut spans: Vec<Span<'static>>, runs: &[Run], pieces: &[Piece]) -> Vec<Span<'static>> {
    let lead = spans.len();
    let neighbours = |before: &Piece, next: &Piece| before.run == next.run && before.start + before.bytes == next.start;
    for stretch in pieces.chunk_by(neighbours) {
        let (first, last) = (stretch[0], stretch[stretch.len() - 1]);
        let (text, style) = &runs[first.run as usize];
        let text = &text[first.start as usize..(last.start + last.bytes) as usize];
        let begins = spans.len() == lead;
        match spans.last_mut() {
            Some(before) if !begins && before.style == *style => before.content.to_mut().push_str(text),
            _ => spans.push(Span::styled(text.to_owned(), *style)),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_told_apart_as_the_standard_does() {
        for text in
            ["plain", "e\u{301}a", "ab\u{301}", "👩‍👩‍👧x", "🇬🇧🇩🇪 1\u{fe0f}\u{20e3}", "日本a\u{200d}b", "न\u{94d}दी", ""]
        {
            assert!(clusters(text).eq(text.grapheme_indices(true)), "{text}");
        }
    }

    #[test]
    fn a_models_provider_gives_way_first() {
        let table = [
            ("openai:gpt-4o", 13, "openai:gpt-4o"),
            ("openai-responses:gpt-5", 17, "openai-res…:gpt-5"),
            ("anthropic:claude-opus-4-5", 17, "ant…:claude-opus…"),
            ("a-long-alias", 8, "a-long-…"),
        ];
        for (name, room, expected) in table {
            assert_eq!(model_cut(name, room), expected, "{name} in {room}");
        }
    }
}
