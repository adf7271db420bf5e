//! A key with its modifiers, as written in the table and in the configuration: `Ctrl-o`, `Alt-Enter`, `G`, `F1`.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key with its modifiers. Shift is told by the character where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Chord {
    code: KeyCode,
    modifiers: KeyModifiers,
}

/// Keys by their names.
const NAMES: [(&str, KeyCode); 15] = [
    ("Enter", KeyCode::Enter),
    ("Esc", KeyCode::Esc),
    ("Tab", KeyCode::Tab),
    ("BackTab", KeyCode::BackTab),
    ("Space", KeyCode::Char(' ')),
    ("Up", KeyCode::Up),
    ("Down", KeyCode::Down),
    ("Left", KeyCode::Left),
    ("Right", KeyCode::Right),
    ("PageUp", KeyCode::PageUp),
    ("PageDown", KeyCode::PageDown),
    ("Home", KeyCode::Home),
    ("End", KeyCode::End),
    ("Backspace", KeyCode::Backspace),
    ("Delete", KeyCode::Delete),
];

impl Chord {
    /// Reads a chord.
    ///
    /// # Errors
    /// A sentence that names the word that is no key.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = text;
        while let Some((modifier, more)) = modifier(rest) {
            modifiers |= modifier;
            rest = more;
        }
        let code = key(rest).ok_or_else(|| format!("{text:?} is no key: write Ctrl-o, Alt-Enter, G, Space or F1"))?;
        Ok(Self::normal(code, modifiers))
    }

    /// Shift with a character is the character itself, as terminals report it; Shift-Tab is `BackTab`.
    fn normal(code: KeyCode, modifiers: KeyModifiers) -> Self {
        match code {
            KeyCode::Char(letter) if modifiers.contains(KeyModifiers::CONTROL) => {
                Self { code: KeyCode::Char(letter.to_ascii_lowercase()), modifiers: modifiers - KeyModifiers::SHIFT }
            }
            KeyCode::Char(_) | KeyCode::BackTab => Self { code, modifiers: modifiers - KeyModifiers::SHIFT },
            KeyCode::Tab if modifiers.contains(KeyModifiers::SHIFT) => {
                Self { code: KeyCode::BackTab, modifiers: modifiers - KeyModifiers::SHIFT }
            }
            _ => Self { code, modifiers },
        }
    }

    /// The number key that this is, without modifiers.
    #[must_use]
    pub fn digit(self) -> Option<usize> {
        match self.code {
            KeyCode::Char(digit) if self.modifiers.is_empty() => digit.to_digit(10).map(|digit| digit as usize),
            _ => None,
        }
    }

    /// The character that it types, if it types one.
    #[must_use]
    pub fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(letter) if self.modifiers.is_empty() => Some(letter),
            _ => None,
        }
    }

    /// Whether it deletes the character before the cursor.
    #[must_use]
    pub fn is_backspace(self) -> bool {
        self.code == KeyCode::Backspace
    }
}

impl From<KeyEvent> for Chord {
    fn from(event: KeyEvent) -> Self {
        let known = KeyModifiers::SHIFT | KeyModifiers::CONTROL | KeyModifiers::ALT;
        Self::normal(event.code, event.modifiers & known)
    }
}

fn modifier(text: &str) -> Option<(KeyModifiers, &str)> {
    let (word, rest) = text.split_once('-').filter(|(_, rest)| !rest.is_empty())?;
    let modifier = match word.to_ascii_lowercase().as_str() {
        "ctrl" => KeyModifiers::CONTROL,
        "alt" => KeyModifiers::ALT,
        "shift" => KeyModifiers::SHIFT,
        _ => return None,
    };
    Some((modifier, rest))
}

fn key(name: &str) -> Option<KeyCode> {
    let named = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, code)| *code);
    let function = || {
        let number = name.strip_prefix(['F', 'f'])?.parse().ok()?;
        (1..=12).contains(&number).then_some(KeyCode::F(number))
    };
    let mut letters = name.chars();
    let single = letters.next().filter(|_| letters.next().is_none()).map(KeyCode::Char);
    named.or_else(function).or(single)
}

impl fmt::Display for Chord {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (modifier, word) in
            [(KeyModifiers::CONTROL, "Ctrl-"), (KeyModifiers::ALT, "Alt-"), (KeyModifiers::SHIFT, "Shift-")]
        {
            if self.modifiers.contains(modifier) {
                formatter.write_str(word)?;
            }
        }
        let named = NAMES.iter().find(|(_, code)| *code == self.code).map(|(name, _)| *name);
        match (named, self.code) {
            (Some("BackTab"), _) => formatter.write_str("Shift-Tab"),
            (Some(name), _) => formatter.write_str(name),
            (None, KeyCode::Char(letter)) => write!(formatter, "{letter}"),
            (None, code) => write!(formatter, "{code}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chords_are_read_and_shown() {
        for text in ["Ctrl-o", "Alt-Enter", "G", "Space", "F1", "?", "-", "Shift-Enter", "Ctrl-Alt-x", "PageDown"] {
            assert_eq!(Chord::parse(text).map(|chord| chord.to_string()), Ok(text.to_owned()));
        }
        assert!(Chord::parse("Hyper-x").is_err());
        assert!(Chord::parse("").is_err());
        assert!(Chord::parse("F13").is_err());
    }

    #[test]
    fn a_key_event_is_the_chord_it_was_bound_as() {
        let event = |code, modifiers| Chord::from(KeyEvent::new(code, modifiers));
        let parsed = |text| Chord::parse(text).expect("a chord");
        assert_eq!(event(KeyCode::Char('G'), KeyModifiers::SHIFT), parsed("G"));
        assert_eq!(event(KeyCode::BackTab, KeyModifiers::SHIFT), parsed("BackTab"));
        assert_eq!(event(KeyCode::Char('C'), KeyModifiers::CONTROL), parsed("Ctrl-c"));
    }
}
