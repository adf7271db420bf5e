//! Tells where the JSON object ends that an answer begins with: what models write behind it is text again.

/// Whether a text that may still grow begins as a JSON object does.
#[must_use]
pub fn begins_as_object(text: &str) -> bool {
    let inside = text.trim_start().strip_prefix('{').map(str::trim_start);
    inside.is_some_and(|inside| inside.is_empty() || inside.starts_with(['"', '}']))
}

/// Looks for the object's end as the text grows.
#[derive(Default)]
pub struct ObjectEnd {
    seen: usize,
    depth: usize,
    in_string: bool,
    escaped: bool,
    end: Option<usize>,
}

impl ObjectEnd {
    /// Takes the text as it is now; the byte behind the object's last brace, once it is there.
    pub fn update(&mut self, text: &str) -> Option<usize> {
        if text.len() < self.seen {
            *self = Self::default();
        }
        while let Some(byte) = text.as_bytes().get(self.seen).filter(|_| self.end.is_none()) {
            self.seen += 1;
            self.push(*byte);
        }
        self.end
    }

    fn push(&mut self, byte: u8) {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' if self.in_string => self.escaped = true,
            b'"' => self.in_string = !self.in_string,
            _ if self.in_string => {}
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                self.end = (self.depth == 0).then_some(self.seen);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_told_from_other_text() {
        for text in ["{", " {\n", "{}", "{\"a", "\n { \"a\": 1}"] {
            assert!(begins_as_object(text), "{text:?}");
        }
        for text in ["", "[1]", "{a}", "{ {", "x{\"a\"", "{%"] {
            assert!(!begins_as_object(text), "{text:?}");
        }
    }

    #[test]
    fn its_end_is_found_however_it_arrives() {
        let text = r#" {"a": "}\"{", "b": [{}, "é"]} and more {}"#;
        let end = text.find(" and");
        let mut growing = ObjectEnd::default();
        let mut found = None;
        for length in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            found = growing.update(&text[..length]);
            assert_eq!(found, end.filter(|end| *end <= length));
        }
        assert_eq!(found, end);
        assert_eq!(growing.update("{"), None, "another text begins anew");
    }
}
