//! The cells that a text takes in a terminal, and as much of it as there is room for.

use std::borrow::Cow;

use ratatui::buffer::CellWidth;
use unicode_segmentation::UnicodeSegmentation;

/// The cells a clean text takes.
#[must_use]
pub fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { clusters(text).map(|(_, cluster)| cells(cluster)).sum() }
}

/// The graphemes of a clean text, and where each begins. ASCII letters side by side, which most text is, are told
/// without a look into tables.
pub fn clusters(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let plain = rest.as_bytes()[..rest.len().min(2)].is_ascii();
        let cluster = if plain { &rest[..1] } else { rest.graphemes(true).next()? };
        let begins = at;
        at += cluster.len();
        Some((begins, cluster))
    })
}

/// The cells of one grapheme.
#[must_use]
pub fn cells(grapheme: &str) -> usize {
    if grapheme.len() == 1 { 1 } else { usize::from(grapheme.cell_width()) }
}

/// The text, cut to so many cells with an ellipsis at its end.
#[must_use]
pub fn cut(text: &str, room: usize) -> Cow<'_, str> {
    if width(text) <= room {
        return Cow::Borrowed(text);
    }
    if room == 0 {
        return Cow::Borrowed("");
    }
    let mut used = 0;
    let fits = |grapheme: &&str| {
        used += cells(grapheme);
        used < room
    };
    let mut out: String = text.graphemes(true).take_while(fits).collect();
    out.push('…');
    Cow::Owned(out)
}
