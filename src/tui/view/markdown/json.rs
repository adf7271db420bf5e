//! JSON that may still be arriving: laid out and coloured as it comes, without parsing it whole.

use ratatui::style::Style;
use ratatui::text::Line;
use unicode_segmentation::UnicodeSegmentation;

use super::Look;
use crate::tui::Theme;
use crate::tui::view::text::{Indent, Run, clean, wrap};

/// Bytes from which on a row of the layout is settled though its end has not come.
const LIMIT: usize = 4_096;

/// The rows of a JSON text that grows.
#[derive(Default)]
pub struct GrowingJson {
    settled: Vec<Line<'static>>,
    open: Vec<Line<'static>>,
    layout: Layout,
    seen: usize,
}

impl GrowingJson {
    /// Takes the text as it is now. The look must be the same each time.
    pub fn update(&mut self, text: &str, look: Look<'_>) {
        if text.len() < self.seen {
            *self = Self::default();
        }
        let Some(new) = text.get(self.seen..).filter(|new| !new.is_empty()) else { return };
        new.chars().for_each(|letter| self.layout.push(letter));
        self.settled.extend(self.layout.done.drain(..).flat_map(|row| rows(&row, look)));
        self.seen = text.len();
        self.open = if self.layout.row.runs.is_empty() { Vec::new() } else { rows(&self.layout.row, look) };
    }

    /// The rows, settled ones and open ones.
    #[must_use]
    pub fn rows(&self) -> [&[Line<'static>]; 2] {
        [&self.settled, &self.open]
    }
}

fn rows(row: &Row, look: Look<'_>) -> Vec<Line<'static>> {
    let lead = |more: usize| vec![" ".repeat((row.depth * 2 + more).min(look.columns / 2)).into()];
    let indent = Indent { first: lead(if row.continues { 3 } else { 1 }), rest: lead(3) };
    let runs: Vec<Run> =
        row.runs.iter().map(|(text, token)| (clean(text).into_owned(), token.style(look.theme))).collect();
    wrap(&runs, &indent, look.columns).into_iter().map(|row| row.style(look.theme.code_background)).collect()
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Token {
    #[default]
    Punctuation,
    Key,
    Text,
    Literal,
}

impl Token {
    fn style(self, theme: &Theme) -> Style {
        match self {
            Self::Punctuation => theme.dim,
            Self::Key => theme.accent,
            Self::Text => theme.success,
            Self::Literal => theme.warning,
        }
    }
}

/// A row of the layout.
#[derive(Default)]
struct Row {
    depth: usize,
    continues: bool,
    runs: Vec<(String, Token)>,
    bytes: usize,
}

impl Row {
    fn push(&mut self, letter: char, token: Token) {
        self.bytes += letter.len_utf8();
        match self.runs.last_mut() {
            Some((text, same)) if *same == token => text.push(letter),
            _ => self.runs.push((letter.to_string(), token)),
        }
    }
}

/// Where the text stands.
#[derive(Default)]
struct Layout {
    row: Row,
    done: Vec<Row>,
    depth: usize,
    /// Whether each open bracket is one of an object.
    objects: Vec<bool>,
    string: Option<Token>,
    escaped: bool,
    /// Just after an opening bracket.
    opened: bool,
    /// The next string of the object is a key.
    key_next: bool,
}

impl Layout {
    /// Takes a character in.
    fn push(&mut self, letter: char) {
        if let Some(token) = self.string {
            self.within_string(letter, token);
            if self.row.bytes > LIMIT {
                self.cut();
            }
        } else if !letter.is_whitespace() {
            let after_opening = std::mem::take(&mut self.opened);
            if matches!(letter, '}' | ']') {
                return self.close(letter, after_opening);
            }
            if after_opening {
                self.end_row();
            }
            self.outside(letter);
        }
    }

    fn within_string(&mut self, letter: char, token: Token) {
        self.row.push(letter, token);
        match letter {
            _ if self.escaped => self.escaped = false,
            '\\' => self.escaped = true,
            '"' => self.string = None,
            _ => {}
        }
    }

    fn outside(&mut self, letter: char) {
        match letter {
            '{' | '[' => {
                self.row.push(letter, Token::Punctuation);
                self.depth += 1;
                self.objects.push(letter == '{');
                (self.opened, self.key_next) = (true, letter == '{');
            }
            ',' => {
                self.row.push(letter, Token::Punctuation);
                self.key_next = self.objects.last().copied().unwrap_or_default();
                self.end_row();
            }
            ':' => {
                self.row.push(':', Token::Punctuation);
                self.row.push(' ', Token::Punctuation);
                self.key_next = false;
            }
            '"' => {
                let token = if self.key_next { Token::Key } else { Token::Text };
                self.row.push('"', token);
                self.string = Some(token);
            }
            _ => self.row.push(letter, Token::Literal),
        }
    }

    fn close(&mut self, letter: char, empty: bool) {
        self.depth = self.depth.saturating_sub(1);
        self.objects.pop();
        if !empty {
            self.end_row();
            self.row.depth = self.depth;
        }
        self.row.push(letter, Token::Punctuation);
    }

    fn end_row(&mut self) {
        let next = Row { depth: self.depth, ..Row::default() };
        let row = std::mem::replace(&mut self.row, next);
        self.done.extend(Some(row).filter(|row| !row.runs.is_empty()));
    }

    /// Settles most of a row that is too long, the last grapheme stays: it may go on.
    fn cut(&mut self) {
        let last = self.row.runs.last().map(|(text, token)| {
            let at = text.grapheme_indices(true).next_back().map_or(0, |(at, _)| at);
            (text[at..].to_owned(), *token)
        });
        if let (Some((kept, _)), Some((text, _))) = (&last, self.row.runs.last_mut()) {
            text.truncate(text.len() - kept.len());
        }
        self.end_row();
        self.row.continues = true;
        self.row.runs.extend(last);
    }
}
