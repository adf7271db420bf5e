//! Typing into the one line of an overlay.

use crate::tui::keymap::Chord;

/// A key that means nothing else: a letter is put at the end, Backspace takes the last one away.
pub fn typed(text: &mut String, chord: Chord) {
    match chord.typed() {
        Some(letter) => text.push(letter),
        None if chord.is_backspace() => {
            text.pop();
        }
        None => {}
    }
}

/// Pasted text: its first line, without controls.
pub fn pasted(text: &mut String, pasted: &str) {
    text.extend(pasted.lines().next().unwrap_or_default().chars().filter(|letter| !letter.is_control()));
}
