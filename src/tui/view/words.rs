//! Counts the words of a text that grows.

/// The words counted so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Words {
    bytes: usize,
    count: usize,
    in_word: bool,
}

impl Words {
    /// Counts what is new; whether there was anything new.
    pub fn update(&mut self, text: &str) -> bool {
        if text.len() < self.bytes {
            *self = Self::default();
        }
        let Some(new) = text.get(self.bytes..).filter(|new| !new.is_empty()) else { return false };
        for letter in new.chars() {
            let in_word = !letter.is_whitespace();
            self.count += usize::from(in_word && !self.in_word);
            self.in_word = in_word;
        }
        self.bytes = text.len();
        true
    }

    /// The words.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cut_by_the_stream_count_once() {
        let mut words = Words::default();
        assert!(words.update("Let me thi"));
        assert!(words.update("Let me think. "));
        assert!(!words.update("Let me think. "));
        assert_eq!(words.count(), 3);
        words.update("New");
        assert_eq!(words.count(), 1);
    }
}
