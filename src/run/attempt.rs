//! One request to one model, as a lane keeps it.

use std::time::Duration;

use crate::message::Usage;
use crate::model::Outcome;
use crate::wire::ModelError;

/// One request to one model.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// The model.
    pub model: String,
    /// When the request went out, since the lane began.
    pub started: Duration,
    /// When the first token came, since the lane began.
    pub first_token: Option<Duration>,
    /// When it was over, since the lane began.
    pub ended: Option<Duration>,
    /// How it ended; `None` while it runs.
    pub outcome: Option<Outcome>,
    /// Why it failed.
    pub error: Option<ModelError>,
    /// The tokens it cost, as far as told.
    pub usage: Usage,
}

impl Attempt {
    /// A request that goes out now.
    #[must_use]
    pub fn starting(model: &str, at: Duration) -> Self {
        Self {
            model: model.to_owned(),
            started: at,
            first_token: None,
            ended: None,
            outcome: None,
            error: None,
            usage: Usage::default(),
        }
    }
}
