//! The saved session.

/// A saved session.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Its identifier.
    pub id: String,
}

/// A saved session in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionSummary {
    /// Its identifier.
    pub id: String,
    /// Its title.
    pub title: String,
    /// When it was last saved.
    pub updated_at: jiff::Timestamp,
    /// How many turns it has.
    pub turns: usize,
    /// The models that answered.
    pub models: Vec<String>,
}
