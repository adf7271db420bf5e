//! The file's text, and what is found wrong with it, by place.

use std::cell::RefCell;

/// A file being read. Problems are collected, so that all of them can be told at once.
pub struct Source<'a> {
    name: String,
    text: &'a str,
    problems: RefCell<Vec<(usize, String)>>,
    warnings: RefCell<Vec<(usize, String)>>,
}

impl<'a> Source<'a> {
    /// A file of that name.
    pub fn new(name: String, text: &'a str) -> Self {
        Self { name, text, problems: RefCell::default(), warnings: RefCell::default() }
    }

    /// Something is wrong at that byte.
    pub fn problem(&self, at: usize, what: impl Into<String>) {
        self.problems.borrow_mut().push((at, what.into()));
    }

    /// Something is right but not what the user may think.
    pub fn warning(&self, at: usize, what: impl Into<String>) {
        self.warnings.borrow_mut().push((at, what.into()));
    }

    /// Problems and warnings, as sentences in the file's order.
    pub fn into_sentences(self) -> (Vec<String>, Vec<String>) {
        let sentences = |found: &RefCell<Vec<(usize, String)>>| {
            let mut found = found.take();
            found.sort_by_key(|(at, _)| *at);
            found.iter().map(|(at, what)| format!("{}: {what}", self.place(*at))).collect()
        };
        (sentences(&self.problems), sentences(&self.warnings))
    }

    /// File, line and column, both counted from 1; columns in characters.
    pub fn place(&self, at: usize) -> String {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.matches('\n').count() + 1;
        format!("{}:{line}:{}", self.name, before[line_start..].chars().count() + 1)
    }
}
