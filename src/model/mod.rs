//! Something that answers prompts: the public trait [`Model`] and its implementations. Never prints, never draws.

pub(crate) mod attempt;
mod command;
mod estimate;
mod event;
mod fallback;
mod function;
mod http;
mod lists;
mod member;
mod output;
pub(crate) mod output_retry;
mod probe;
mod registry;
mod retry;
mod schema;
mod slot;
mod test;
mod traffic;
mod unavailable;
mod with_settings;
mod writer;

use std::sync::Arc;

pub use futures_util::future::BoxFuture;
pub use tokio_util::sync::CancellationToken;

pub use command::CommandModel;
pub use event::{EventSink, LaneEvent, Outcome, RunEvent, SkipWait};
pub use fallback::{FallbackModel, FallbackOn};
pub use function::{Delta, FunctionModel, IntoResponse};
pub use http::{Connection, HttpModel, Listed};
pub use lists::{KeptList, ListStore, known_models, known_price};
pub use member::Member;
pub use output::{Verdict, validator};
pub use probe::Probed;
pub use registry::{Overrides, Registry};
pub use retry::{RetryModel, RetryPolicy, Step, next_step};
pub use schema::read_schema;
pub use slot::Slot;
pub use test::TestModel;
pub use traffic::{AnswerHead, Body, HttpExchange, SentRequest};
pub use unavailable::Unavailable;
pub use writer::ResponseWriter;

use crate::message::{ModelMessage, ModelRequest, ModelResponse, RequestPart};
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

impl Request {
    /// A request with one user prompt, and a system prompt before it if there is one, whose answer shall stream.
    #[must_use]
    pub fn user(prompt: &str, system: Option<&str>) -> Self {
        let message = ModelMessage::Request(ModelRequest::user(prompt, system, None));
        Self { messages: vec![message], stream: true, ..Self::default() }
    }

    /// The last thing that the user asked: the texts of the last prompt, a line each; empty when there is none.
    #[must_use]
    pub fn prompt(&self) -> String {
        let parts = self.messages.iter().rev().filter_map(|message| match message {
            ModelMessage::Request(request) => Some(request.parts.iter().rev()),
            ModelMessage::Response(_) => None,
        });
        let prompt = parts.flatten().find_map(|part| match part {
            RequestPart::UserPrompt(prompt) => Some(prompt.content.texts().join("\n")),
            _ => None,
        });
        prompt.unwrap_or_default()
    }
}

/// Something that answers prompts. Users add their own by implementing it.
///
/// ```
/// use std::sync::Arc;
///
/// use llmbench::message::{FinishReason, ModelResponse};
/// use llmbench::model::{BoxFuture, CancellationToken, ErrorKind, EventSink, Model, ModelError, Outcome, Request};
/// use llmbench::model::TestModel;
/// use llmbench::run::{Lane, Run};
///
/// /// Says the prompt backwards, a word at a time.
/// struct Backwards;
///
/// impl Model for Backwards {
///     fn id(&self) -> &str {
///         "mine:backwards"
///     }
///
///     fn request<'a>(
///         &'a self,
///         request: &'a Request,
///         events: &'a EventSink,
///         _cancel: &'a CancellationToken,
///     ) -> BoxFuture<'a, Result<ModelResponse, ModelError>> {
///         Box::pin(async move {
///             let prompt = request.prompt();
///             if prompt.is_empty() {
///                 return Err(ModelError::new(ErrorKind::Config, "there is nothing to turn round"));
///             }
///             // What is written is sent at once; what is returned in the end is all of it.
///             let mut response = events.response();
///             for word in prompt.split_whitespace().rev() {
///                 response.text(&format!("{word} ")).await;
///             }
///             Ok(response.finish(FinishReason::Stop).await)
///         })
///     }
/// }
///
/// // Beside a model that was there before.
/// let brief = TestModel::parse("test:brief", "brief,rate=0,text=Hello")?;
/// let request = Request::user("one two three", None);
/// let lanes = vec![Lane::new(Arc::new(Backwards), request.clone()), Lane::new(Arc::new(brief), request)];
///
/// let runtime = tokio::runtime::Runtime::new()?;
/// let records = runtime.block_on(Run::to_end(lanes));
/// assert_eq!(records[0].model, "mine:backwards");
/// assert_eq!(records[0].outcome(), Outcome::Completed);
/// assert_eq!(records[0].response().text(), "three two one ");
/// assert_eq!(records[0].marks.len(), 3, "each word has its own time");
/// assert_eq!(records[1].response().text(), "Hello");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// To pick it by name, in `llmbench run` and in the workbench, give its maker to
/// [`Registry::with_maker`].
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
    fn prepare(&self) -> BoxFuture<'_, Result<Slot, ModelError>> {
        Box::pin(std::future::ready(Ok(Slot::default())))
    }

    /// Asks. Whatever arrives goes to `events` at once, stamped with the time of its arrival; the answer is what these
    /// events fold to ([`EventSink::response`] sees to both). Returns soon after `cancel` is cancelled; a lane drops what
    /// doesn't.
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

/// A model that is shared is one.
impl<M: Model + ?Sized> Model for Arc<M> {
    fn id(&self) -> &str {
        self.as_ref().id()
    }

    fn is_composite(&self) -> bool {
        self.as_ref().is_composite()
    }

    fn output_mode(&self, request: &Request) -> OutputMode {
        self.as_ref().output_mode(request)
    }

    fn prepare(&self) -> BoxFuture<'_, Result<Slot, ModelError>> {
        self.as_ref().prepare()
    }

    fn request<'a>(
        &'a self,
        request: &'a Request,
        events: &'a EventSink,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<ModelResponse, ModelError>> {
        self.as_ref().request(request, events, cancel)
    }
}
