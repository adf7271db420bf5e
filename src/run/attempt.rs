//! One request to one model, as a lane keeps it.

use std::time::Duration;

use crate::catalog::Cost;
use crate::message::{ModelResponse, Usage};
use crate::model::{HttpExchange, Outcome};
use crate::wire::{ErrorKind, ModelError};

/// One request to one model.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// The model.
    pub model: String,
    /// When the request went out, since the lane began.
    pub started: Duration,
    /// How long it had waited for its turn by then.
    pub queued: Duration,
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
    /// What it has cost; `None` as long as that isn't known.
    pub cost: Option<Cost>,
    /// What went over the wire, where somebody watched.
    pub exchanges: Vec<HttpExchange>,
    /// What it answered, where another attempt took its place after that.
    pub response: Option<ModelResponse>,
}

impl Attempt {
    /// A request that goes out now.
    #[must_use]
    pub fn starting(model: &str, at: Duration, queued: Duration) -> Self {
        Self {
            model: model.to_owned(),
            started: at,
            queued,
            first_token: None,
            ended: None,
            outcome: None,
            error: None,
            usage: Usage::default(),
            cost: None,
            exchanges: Vec::new(),
            response: None,
        }
    }

    /// Whether its answer came to its end, also if it isn't taken.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let not_taken = self.error.as_ref().is_some_and(|error| error.kind.is_of_whole_answer());
        self.outcome == Some(Outcome::Completed) || not_taken
    }

    /// Whether it can't have cost anything: no request went out, or the provider refused it.
    #[must_use]
    pub fn is_free(&self) -> bool {
        let kind = self.error.as_ref().map(|error| error.kind);
        let refused = matches!(kind, Some(ErrorKind::Http | ErrorKind::Auth | ErrorKind::Config | ErrorKind::Tls));
        refused && self.cost.is_none() && self.usage == Usage::default()
    }
}
