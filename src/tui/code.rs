//! Blocks of code in an answer: what begins and ends one, by the fences around them.

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
