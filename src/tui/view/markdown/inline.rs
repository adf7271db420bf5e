//! What stands within a line: bold, italic, struck, code, links with where they lead.

use ratatui::style::{Modifier, Style};

use crate::tui::Theme;
use crate::tui::view::text::Run;

/// How deep emphasis may nest; deeper marks stay as they are.
const DEPTH: usize = 6;

/// The line's stretches, each with its style.
#[must_use]
pub fn runs(text: &str, base: Style, theme: &Theme) -> Vec<Run> {
    let mut scanner = Scanner { theme, runs: Vec::new() };
    scanner.scan(text, base, DEPTH);
    scanner.runs
}

struct Scanner<'a> {
    theme: &'a Theme,
    runs: Vec<Run>,
}

/// A marked stretch at the beginning of a text.
struct Marked<'a> {
    inside: &'a str,
    bytes: usize,
    style: Style,
    /// Whether marks within it count.
    nested: bool,
    /// Where a link leads, if its text doesn't say so.
    target: &'a str,
}

impl Scanner<'_> {
    fn scan(&mut self, text: &str, style: Style, depth: usize) {
        let mut at = 0;
        let mut address = next_address(text, 0);
        while let Some(offset) =
            text[at..].find(['\\', '`', '*', '_', '~', '[', '!', '<']).or(address.map(|next| next - at))
        {
            let begins = address.map_or(at + offset, |next| next.min(at + offset));
            self.push(&text[at..begins], style);
            at = begins;
            at += match address.filter(|next| *next == at) {
                Some(_) => self.address(&text[at..], style),
                None => self.special(text, at, style, depth),
            };
            address = address.filter(|next| *next >= at).or_else(|| next_address(text, at));
        }
        self.push(&text[at..], style);
    }

    /// Takes a bare address.
    fn address(&mut self, rest: &str, style: Style) -> usize {
        let end = rest.find(|letter: char| letter.is_whitespace() || "<>\"`|".contains(letter)).unwrap_or(rest.len());
        let address = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '*', '_', '\'']);
        self.push(address, style.patch(self.theme.link));
        address.len()
    }

    /// Takes what begins with a mark; gives the bytes it took.
    fn special(&mut self, text: &str, at: usize, style: Style, depth: usize) -> usize {
        let rest = &text[at..];
        let before = text[..at].chars().next_back();
        if let Some(escaped) =
            rest[1..].chars().next().filter(|next| rest.starts_with('\\') && next.is_ascii_punctuation())
        {
            self.push(&rest[1..=escaped.len_utf8()], style);
            return 1 + escaped.len_utf8();
        }
        let marked = code(rest, self.theme)
            .or_else(|| link(rest, self.theme))
            .or_else(|| emphasis(rest, before))
            .filter(|_| depth > 0);
        match marked {
            Some(marked) if marked.nested => {
                self.scan(marked.inside, style.patch(marked.style), depth - 1);
                if !marked.target.is_empty() {
                    self.push(&format!(" ({})", marked.target), style.patch(self.theme.dim));
                }
                marked.bytes
            }
            Some(marked) => {
                self.push(marked.inside, style.patch(marked.style));
                marked.bytes
            }
            None => {
                let run = same(rest);
                self.push(&rest[..run], style);
                run
            }
        }
    }

    fn push(&mut self, text: &str, style: Style) {
        match self.runs.last_mut() {
            _ if text.is_empty() => {}
            Some((last, same)) if *same == style => last.push_str(text),
            _ => self.runs.push((text.to_owned(), style)),
        }
    }
}

/// How often the first (ASCII) character is repeated.
fn same(text: &str) -> usize {
    let first = text.as_bytes().first();
    text.bytes().take_while(|byte| Some(byte) == first).count()
}

fn code<'a>(rest: &'a str, theme: &Theme) -> Option<Marked<'a>> {
    let length = same(rest);
    let after = &rest[length..];
    let mut from = 0;
    while rest.starts_with('`') {
        let close = from + after[from..].find('`')?;
        let closing = same(&after[close..]);
        if closing == length {
            let inside = &after[..close];
            let padded = inside.strip_prefix(' ').and_then(|inside| inside.strip_suffix(' '));
            let inside = padded.filter(|inside| !inside.is_empty()).unwrap_or(inside);
            let style = theme.code.patch(theme.code_background);
            return Some(Marked { inside, bytes: 2 * length + close, style, nested: false, target: "" });
        }
        from = close + closing;
    }
    None
}

/// A link's or a picture's text.
fn link<'a>(rest: &'a str, theme: &Theme) -> Option<Marked<'a>> {
    let lead = if rest.starts_with("![") { 2 } else { 1 };
    let body = rest.strip_prefix("![").or_else(|| rest.strip_prefix('['))?;
    let middle = body.find("](")?;
    let end = middle + 2 + body[middle + 2..].find(')')?;
    let inside = &body[..middle];
    let plain = !inside.is_empty() && !inside.contains('[');
    let address = body[middle + 2..end].split_whitespace().next().unwrap_or_default();
    let target = if begins_address(address) && address != inside { address } else { "" };
    plain.then_some(Marked { inside, bytes: lead + end + 1, style: theme.link, nested: true, target })
}

/// Where the next bare address begins.
fn next_address(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += text[at..].find("http")?;
        if begins_address(&text[at..]) {
            return Some(at);
        }
        at += 4;
    }
}

fn begins_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '['))
}

fn emphasis(rest: &str, before: Option<char>) -> Option<Marked<'_>> {
    let mark = rest.chars().next()?;
    let length = same(rest).min(3);
    let style = match (mark, length) {
        ('*' | '_', 1) => Style::new().add_modifier(Modifier::ITALIC),
        ('*' | '_', 2) => Style::new().add_modifier(Modifier::BOLD),
        ('*' | '_', _) => Style::new().add_modifier(Modifier::BOLD | Modifier::ITALIC),
        ('~', 2) => Style::new().add_modifier(Modifier::CROSSED_OUT),
        _ => return None,
    };
    let after = &rest[length..];
    let opens = after.starts_with(|next: char| !next.is_whitespace() && next != mark);
    let in_word = mark == '_' && before.is_some_and(char::is_alphanumeric);
    if !opens || in_word {
        return None;
    }
    let close = closing(after, mark, length)?;
    Some(Marked { inside: &after[..close], bytes: 2 * length + close, style, nested: true, target: "" })
}

/// Where the emphasis ends: marks of that length right after a word.
fn closing(text: &str, mark: char, length: usize) -> Option<usize> {
    let mut from = 0;
    while let Some(offset) = text[from..].find(mark) {
        let at = from + offset;
        let run = same(&text[at..]);
        let after_word = !text[..at].ends_with(char::is_whitespace) && at > 0;
        let in_word = mark == '_' && text[at + run..].starts_with(char::is_alphanumeric);
        if after_word && !in_word && run >= length && (length > 1 || run != 2) {
            return Some(at + run - length);
        }
        from = at + run;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let theme = Theme::without_colour();
        let tag = |(text, style): &Run| {
            let has = |modifier| style.add_modifier.contains(modifier);
            let marks = [
                (Modifier::BOLD, 'b'),
                (Modifier::ITALIC, 'i'),
                (Modifier::UNDERLINED, 'u'),
                (Modifier::CROSSED_OUT, 's'),
            ];
            let marks: String = marks.iter().filter(|(modifier, _)| has(*modifier)).map(|(_, mark)| *mark).collect();
            if marks.is_empty() { text.clone() } else { format!("{{{marks} {text}}}") }
        };
        runs(text, Style::new(), &theme).iter().map(tag).collect()
    }

    #[test]
    fn marks_become_styles() {
        for (text, expected) in [
            ("**London** hosted", "{b London} hosted"),
            ("an *italic* and _another_", "an {i italic} and {i another}"),
            ("***both*** ~~gone~~", "{bi both} {s gone}"),
            ("**bold with *italic* in it**", "{b bold with }{bi italic}{b  in it}"),
            ("use `a*b*c` here", "use {b a*b*c} here"),
            ("see [the docs](https://example.org/a_b) now", "see {u the docs} (https://example.org/a_b) now"),
            ("[it](#there) and [x](http://x.org \"t\")", "{u it} and {u x} (http://x.org)"),
            ("[http://a.org](http://a.org)", "{u http://a.org}"),
            ("at https://a.org/b_c_d*, <http://b.org>.", "at {u https://a.org/b_c_d}*, <{u http://b.org}>."),
            ("**https://a.org** http", "{bu https://a.org} http"),
            ("![a cat](cat.png)", "{u a cat}"),
            (r"\*not italic\*", "*not italic*"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_mark_stays() {
        for text in
            ["2 * 3 * 4", "snake_case_name", "a ** b", "**open", "`open", "[x] y", "!", "****", "~one~", "[a](b"]
        {
            assert_eq!(shown(text), text);
        }
    }
}
