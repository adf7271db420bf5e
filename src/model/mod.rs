//! Something that answers prompts: the public trait [`Model`] and its implementations. Never prints, never draws.

pub(crate) mod attempt;
mod event;
mod fallback;
mod http;
mod lists;
mod output;
mod probe;
mod registry;
mod retry;
mod test;
mod unavailable;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;

pub use event::{EventSink, LaneEvent, Outcome, RunEvent};
pub use fallback::{FallbackModel, FallbackOn};
pub use http::{Connection, HttpModel, Listed};
pub use lists::{KeptList, ListStore, known_models, known_price};
pub use output::{Verdict, validator};
pub use probe::Probed;
pub use registry::{Overrides, Registry};
pub use retry::{RetryModel, RetryPolicy, Step, next_step};
pub use test::TestModel;
pub use unavailable::Unavailable;

use crate::message::{ModelMessage, ModelResponse};
use crate::settings::{OutputMode, OutputSpec, Settings};
pub use crate::wire::{ErrorKind, ModelError};

/// What is asked of a model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// The conversation; it ends with a request.
    pub messages: Vec<ModelMessage>,
    /// What the user asks of the answer; the model's own settings lie beneath.
    pub settings: Settings,
    /// The structured output that is asked for.
    pub output: Option<Arc<OutputSpec>>,
    /// Whether the answer shall stream.
    pub stream: bool,
}

/// Something that answers prompts. Users add their own by implementing it.
pub trait Model: Send + Sync {
    /// What people call it: `openai:gpt-4o`, or an alias.
    fn id(&self) -> &str;

    /// Whether it asks other models and each of them is an attempt of its own.
    fn is_composite(&self) -> bool {
        false
    }

    /// How it is made to answer with the structured output that a request asks for.
    fn output_mode(&self, request: &Request) -> OutputMode {
        request.output.as_ref().and_then(|output| output.mode).unwrap_or(OutputMode::Tool)
    }

    /// Gets ready to be asked, before the attempt's clock starts: sets up what the first request needs, and waits for
    /// its turn where only so many requests may go out at once. What is returned is held while it is asked.
    ///
    /// # Errors
    /// What it needs can't be had: no key, no usable certificates.
    fn prepare(&self) -> BoxFuture<'_, Result<Option<OwnedSemaphorePermit>, ModelError>> {
        Box::pin(std::future::ready(Ok(None)))
    }

    /// Asks. Whatever arrives goes to `events` at once, stamped with the time of its arrival; the answer is what these
    /// events fold to. Returns soon after `cancel` is cancelled.
    ///
    /// # Errors
    /// What went wrong; what was sent to `events` before holds.
    fn request<'a>(
        &'a self,
        request: &'a Request,
        events: &'a EventSink,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<ModelResponse, ModelError>>;
}
