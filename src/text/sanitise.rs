//! Makes text harmless for a terminal: nothing in it can move the cursor, change colours or reverse what is read.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

/// Columns between tab stops.
const TAB: usize = 4;

/// The text with control characters made visible (`␛`), tabs expanded, and characters that reorder or hide text taken
/// out. Newlines stay; `\r\n` counts as one. Joined emoji and right-to-left letters stay as they are.
#[must_use]
pub fn sanitise(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| c == '\n' || !is_suspect(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut column = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' => {
                out.push(c);
                column = 0;
            }
            '\t' => {
                let spaces = TAB - column % TAB;
                out.extend(std::iter::repeat_n(' ', spaces));
                column += spaces;
            }
            c => {
                if let Some(shown) = shown(c) {
                    out.push(shown);
                    column += shown.width().unwrap_or(0);
                }
            }
        }
    }
    Cow::Owned(out)
}

fn is_suspect(c: char) -> bool {
    shown(c) != Some(c)
}

/// What stands for a character; `None` when nothing does.
fn shown(c: char) -> Option<char> {
    match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{7f}' => Some('␡'),
        '\u{80}'..='\u{9f}' => Some('\u{fffd}'),
        _ if is_hidden(c) => None,
        _ => Some(c),
    }
}

/// Characters that reorder text (bidirectional embeddings, overrides and isolates), or that no reader sees but a model
/// reads (tags, annotations, deprecated format characters).
fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{206f}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_lent_back() {
        for text in ["", "Zoë – 你好 👋\nline", "👩‍👩‍👧", "שלום", "e\u{301}"] {
            assert!(matches!(sanitise(text), Cow::Borrowed(same) if same == text), "{text:?}");
        }
    }

    #[test]
    fn nothing_a_terminal_obeys_is_left() {
        let table = [
            ("\u{1b}[31mred\u{1b}]0;title\u{7}", "␛[31mred␛]0;title␇"),
            ("a\0b\u{7f}c", "a␀b␡c"),
            ("\u{9b}31m", "\u{fffd}31m"),
            ("a\r\nb\rc", "a\nb␍c"),
            ("user\u{202e}txt.exe\u{2066}", "usertxt.exe"),
            ("hi\u{e0041}\u{e0042}", "hi"),
        ];
        for (text, expected) in table {
            assert_eq!(sanitise(text), expected, "{text:?}");
        }
    }

    #[test]
    fn tabs_end_at_the_next_stop() {
        assert_eq!(sanitise("\tx\n你\ty\nabcd\tz"), "    x\n你  y\nabcd    z");
    }
}
