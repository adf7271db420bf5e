//! Blocks of code in an answer: what begins and ends one, by the fences around them.

use super::object::{ObjectEnd, begins_as_object};
use crate::message::{ModelResponse, ResponsePart};
use crate::text::sanitise;

/// An open block of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence {
    mark: char,
    length: usize,
    indent: usize,
}

impl Fence {
    /// The block that a line opens, if it does, and the language that it names; empty for none.
    #[must_use]
    pub fn opened_by(line: &str) -> Option<(Self, &str)> {
        let trimmed = line.trim_start_matches(' ');
        let indent = line.len() - trimmed.len();
        let mark = trimmed.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
        let length = trimmed.chars().take_while(|letter| *letter == mark).count();
        let inline = mark == '`' && trimmed[length..].contains('`');
        let label = trimmed[length..].split_whitespace().next().unwrap_or_default();
        (length >= 3 && !inline).then_some((Self { mark, length, indent }, label))
    }

    /// Whether a line ends the block.
    #[must_use]
    pub fn is_closed_by(&self, line: &str) -> bool {
        let line = line.trim();
        line.chars().count() >= self.length && line.chars().all(|letter| letter == self.mark)
    }

    /// A line of the block without the indent that the block itself has.
    #[must_use]
    pub fn inside<'a>(&self, line: &'a str) -> &'a str {
        let spaces = line.bytes().take_while(|byte| *byte == b' ').count();
        &line[spaces.min(self.indent)..]
    }
}

/// A block of code in an answer, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The language that it names; empty for none.
    pub language: String,
    /// Its text.
    pub code: String,
}

/// The blocks of an answer, in order. One that isn't closed ends with the text.
#[must_use]
pub fn blocks(response: &ModelResponse) -> Vec<Block> {
    let text = |part: &ResponsePart| match part {
        ResponsePart::Text(text) => in_text(behind_object(&text.content)),
        _ => Vec::new(),
    };
    response.parts.iter().flat_map(text).collect()
}

/// What stands behind the JSON object that a text begins with, or all of it.
fn behind_object(text: &str) -> &str {
    if begins_as_object(text) { ObjectEnd::default().update(text).map_or("", |end| &text[end..]) } else { text }
}

fn in_text(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Option<Fence> = None;
    for line in text.lines() {
        // Fences are told as they are drawn: without what no reader sees.
        let shown = sanitise(line);
        match (&open, blocks.last_mut()) {
            (Some(fence), _) if fence.is_closed_by(&shown) => open = None,
            (Some(fence), Some(block)) => {
                block.code.push_str(fence.inside(line));
                block.code.push('\n');
            }
            _ => {
                if let Some((fence, language)) = Fence::opened_by(&shown) {
                    blocks.push(Block { language: language.to_owned(), code: String::new() });
                    open = Some(fence);
                }
            }
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, String)> {
        let response = ModelResponse { parts: vec![ResponsePart::text(text)], ..ModelResponse::default() };
        blocks(&response).into_iter().map(|block| (block.language, block.code)).collect()
    }

    fn block(language: &str, code: &str) -> (String, String) {
        (language.to_owned(), code.to_owned())
    }

    #[test]
    fn blocks_are_found_as_they_came() {
        let text = "a\n```rust\nfn x() {\n\t1\n}\n```\n- b\n  ~~~\n  y\n    z\n  ~~~\n````\n```\n````\n```sh\nopen";
        let expected =
            [block("rust", "fn x() {\n\t1\n}\n"), block("", "y\n  z\n"), block("", "```\n"), block("sh", "open\n")];
        assert_eq!(found(text), expected);
        assert_eq!(found("{\"a\": \"```\"}\n```x\n1\n```"), [block("x", "1\n")]);
        assert_eq!(found("no `code` ```here```"), []);
    }
}
