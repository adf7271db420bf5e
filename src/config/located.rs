//! A value of the file with its place, for parts that learn later whether it is right.

use std::fmt;

/// A value and where it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// File, line and column: `config.toml:3:8`.
    pub place: String,
}

impl<T> Located<T> {
    /// That value, standing there.
    #[must_use]
    pub fn new(value: T, place: impl Into<String>) -> Self {
        Self { value, place: place.into() }
    }

    /// What is wrong with it, behind its place.
    #[must_use]
    pub fn problem(&self, what: impl fmt::Display) -> String {
        format!("{}: {what}", self.place)
    }
}
