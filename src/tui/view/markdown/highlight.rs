//! Code in colours: words, texts, comments and numbers told apart line by line, as code arrives. It doesn't parse; what
//! it doesn't know stays plain.

use ratatui::style::{Modifier, Style};

use super::languages::Language;
use crate::tui::Theme;
use crate::tui::view::text::Run;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    Plain,
    Keyword,
    Text,
    Comment,
    Number,
}

impl Token {
    fn style(self, theme: &Theme) -> Style {
        match self {
            Self::Plain => theme.code,
            Self::Keyword => theme.accent,
            Self::Text => theme.success,
            Self::Comment => theme.dim.add_modifier(Modifier::ITALIC),
            Self::Number => theme.warning,
        }
    }
}

/// Where the code stands between two lines.
#[derive(Clone, Copy, Default)]
pub struct Highlighter {
    language: Option<&'static Language>,
    /// What goes on over the end of the line, and what ends it.
    inside: Option<(Inside, &'static str)>,
}

#[derive(Clone, Copy)]
enum Inside {
    Comment,
    Text,
}

impl Highlighter {
    /// For the language of that name; plain when it isn't known.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self { language: Language::of(name), inside: None }
    }

    /// A line's stretches.
    pub fn line(&mut self, text: &str, theme: &Theme) -> Vec<Run> {
        let Some(language) = self.language else { return vec![(text.to_owned(), theme.code)] };
        if language.is_diff {
            return vec![(text.to_owned(), diff(text, theme))];
        }
        let mut runs: Vec<Run> = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let (token, bytes) = self.next(language, text, at);
            let (style, piece) = (token.style(theme), &text[at..at + bytes]);
            match runs.last_mut() {
                Some((last, same)) if *same == style => last.push_str(piece),
                _ => runs.push((piece.to_owned(), style)),
            }
            at += bytes;
        }
        runs
    }

    /// What begins at that place, and its bytes.
    fn next(&mut self, language: &'static Language, text: &str, at: usize) -> (Token, usize) {
        let rest = &text[at..];
        if let Some((inside, end)) = self.inside {
            return self.up_to(rest, 0, inside, end);
        }
        if let Some((open, end)) = language.block.filter(|(open, _)| rest.starts_with(open)) {
            return self.up_to(rest, open.len(), Inside::Comment, end);
        }
        if language.comments.iter().any(|mark| rest.starts_with(mark) && begins_comment(text, at, mark)) {
            return (Token::Comment, rest.len());
        }
        if let Some((open, end)) = language.texts.iter().find(|(open, _)| rest.starts_with(open)) {
            return self.up_to(rest, open.len(), Inside::Text, end);
        }
        quoted(language, rest).or_else(|| word(language, text, at)).unwrap_or_else(|| (Token::Plain, first(rest)))
    }

    /// Goes on to what ends it, or over the end of the line.
    fn up_to(&mut self, rest: &str, skip: usize, inside: Inside, end: &'static str) -> (Token, usize) {
        let token = if matches!(inside, Inside::Comment) { Token::Comment } else { Token::Text };
        let found = rest[skip..].find(end).map(|at| skip + at + end.len());
        self.inside = if found.is_some() { None } else { Some((inside, end)) };
        (token, found.unwrap_or(rest.len()))
    }
}

fn diff(text: &str, theme: &Theme) -> Style {
    match text.as_bytes().first() {
        Some(b'+') => theme.success,
        Some(b'-') => theme.error,
        Some(b'@') => theme.accent,
        _ => theme.code,
    }
}

/// `#` within a word begins no comment: `$#`, `a#b`.
fn begins_comment(text: &str, at: usize, mark: &str) -> bool {
    mark != "#" || text[..at].chars().next_back().is_none_or(char::is_whitespace)
}

/// A text that ends in its line; a lone quote is none.
fn quoted(language: &Language, rest: &str) -> Option<(Token, usize)> {
    let quote = rest.chars().next().filter(|quote| language.quotes.contains(*quote))?;
    let mut escaped = false;
    let end = rest.char_indices().skip(1).find(|(_, letter)| {
        let ends = *letter == quote && !escaped;
        escaped = *letter == '\\' && !escaped;
        ends
    });
    let bytes = end?.0 + 1;
    let token = if is_key(language, &rest[bytes..]) { Token::Keyword } else { Token::Text };
    Some((token, bytes))
}

/// A keyword, a number, a key or a tag's name.
fn word(language: &Language, text: &str, at: usize) -> Option<(Token, usize)> {
    let rest = &text[at..];
    let in_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let letter = rest.chars().next().filter(|letter| in_word(*letter) || matches!(letter, '#' | '@'))?;
    if letter.is_ascii_digit() {
        let bytes = rest.find(|letter: char| !in_word(letter) && letter != '.').unwrap_or(rest.len());
        return Some((Token::Number, bytes));
    }
    let lead = letter.len_utf8();
    let ends = |letter: char| !in_word(letter) && !language.in_words.contains(letter);
    let bytes = rest[lead..].find(ends).map_or(rest.len(), |end| lead + end);
    let is_tag = language.has_tags && text[..at].trim_end_matches('/').ends_with('<');
    let known = language.is_keyword(&rest[..bytes]) || is_tag || is_key(language, &rest[bytes..]);
    Some((if known { Token::Keyword } else { Token::Plain }, bytes))
}

/// Whether what stands before is a key: `"key":`, `key = `; `http://` and `a == b` have none.
fn is_key(language: &Language, after: &str) -> bool {
    let behind = language.key_mark.and_then(|mark| after.trim_start().strip_prefix(mark));
    behind.is_some_and(|behind| !behind.starts_with(['/', '=']))
}

fn first(rest: &str) -> usize {
    rest.chars().next().map_or(0, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each line's stretches, marked: keyword `k`, text `t`, comment `c`, number `n`.
    fn marked(language: &str, code: &str) -> String {
        let theme = Theme::embedded().swap_remove(0);
        let mut highlighter = Highlighter::of(language);
        let tokens = [(Token::Keyword, 'k'), (Token::Text, 't'), (Token::Comment, 'c'), (Token::Number, 'n')];
        let show = |(text, style): &Run| match tokens.iter().find(|(token, _)| token.style(&theme) == *style) {
            Some((_, mark)) => format!("{mark}<{text}>"),
            None => text.clone(),
        };
        code.lines().map(|line| highlighter.line(line, &theme).iter().map(show).collect::<String>() + "\n").collect()
    }

    #[test]
    fn code_is_told_apart() {
        for (language, code, expected) in [
            ("rust", "let x: &'a str = \"a \\\" b\"; // 1", "k<let> x: &'a str = t<\"a \\\" b\">; c<// 1>\n"),
            ("rs", "/* one\ntwo */ fn f() {}", "c</* one>\nc<two */> k<fn> f() {}\n"),
            (
                "python",
                "def f(x1):\n  \"\"\"doc\n  # no\"\"\"\n  return 1.5 # yes",
                "k<def> f(x1):\n  t<\"\"\"doc>\nt<  # no\"\"\">\n  k<return> n<1.5> c<# yes>\n",
            ),
            ("json", "{\"a\": [1, \"b\", true]}", "{k<\"a\">: [n<1>, t<\"b\">, k<true>]}\n"),
            ("sql", "SELECT 'it' from t -- x", "k<SELECT> t<'it'> k<from> t c<-- x>\n"),
            ("html", "<p class=\"a\">don't</p>", "<k<p> class=t<\"a\">>don't</k<p>>\n"),
            ("sh", "echo $# # args", "k<echo> $# c<# args>\n"),
            ("yaml", "key-a: \"x\"", "k<key-a>: t<\"x\">\n"),
            ("klingon", "let x = 1", "let x = 1\n"),
        ] {
            assert_eq!(marked(language, code), expected, "{language}");
        }
    }
}
