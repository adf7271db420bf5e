//! The offline model: deterministic, no network, streams at a human pace.
//!
//! `test:NAME[,option=value…]`. Names are voices (`storyteller`, `poet`, `thinker`, `brief`); any other works as well.
//! `test:test` is PydanticAI's `TestModel`: it answers at once, in its words. When structured output is asked for, all of
//! them answer with data that fits its schema.

mod answer;
mod data;
mod failure;
mod mix;
mod numbers;
mod options;
mod schedule;
mod voice;

use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use self::options::Options;
use self::schedule::Schedule;
use super::retry::too_slow;
use super::{EventSink, LaneEvent, Model, Request};
use crate::message::{ModelMessage, ModelRequest, ModelResponse, RequestPart, ResponseBuilder, ResponsePart};
use crate::settings::Settings;
use crate::wire::ModelError;

/// Answers by itself: the same answer for the same name, prompt and options.
///
/// ```
/// use std::sync::Arc;
///
/// use llmbench::model::{Request, TestModel, Verdict};
/// use llmbench::run::{Lane, Run};
/// use llmbench::settings::OutputSpec;
/// use serde_json::json;
///
/// let schema = json!({"type": "object", "required": ["city"], "properties": {"city": {"type": "string"}}});
/// let spec = OutputSpec::new(schema.as_object().unwrap(), None);
/// let structured = Request { output: Some(Arc::new(spec)), ..Request::user("Where?", None) };
/// let model = Arc::new(TestModel::parse("test:test", "test")?);
/// let lanes = vec![Lane::new(model.clone(), Request::user("Where?", None)), Lane::new(model, structured)];
///
/// let records = tokio::runtime::Runtime::new()?.block_on(Run::to_end(lanes));
/// assert_eq!(records[0].response().text(), "success (no tool calls)");
/// assert_eq!(records[1].output, Some(Verdict::Fits(json!({"city": "a"}))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct TestModel {
    id: String,
    name: String,
    options: Options,
    settings: Settings,
}

impl TestModel {
    /// Reads what stands behind `test:`: a name, then options after commas.
    ///
    /// `ttft=MS`, `rate=TOKENS_PER_S` (0: no wait), `tokens=N`, `thinking=N`, `fail=STATUS|timeout|connect|cut|provider`,
    /// `after=N` tokens (`cut`: half of them, else 0), `chunk=N` tokens per arrival, `seed=N` of made up data,
    /// `usage=off`, and last `text=ANSWER`, or `args={…}` for structured output.
    ///
    /// # Errors
    /// `ErrorKind::Config` for an unknown option, or a value that doesn't fit it.
    pub fn parse(id: &str, spec: &str) -> Result<Self, ModelError> {
        let (name, options) = Options::parse(id, spec)?;
        Ok(Self { id: id.to_owned(), name, options, settings: Settings::default() })
    }

    /// The same model with settings that lie beneath those of a request.
    #[must_use]
    pub fn with_settings(self, settings: Settings) -> Self {
        Self { settings, ..self }
    }

    fn plan(&self, request: &Request) -> Schedule {
        let settings = self.settings.overridden_by(&request.settings);
        let request = Request { settings, ..request.clone() };
        let (prompt, input) = (request.prompt(), input_tokens(&request.messages));
        schedule::plan(&self.name, &self.options, &request, &prompt, input)
    }
}

impl Model for TestModel {
    fn id(&self) -> &str {
        &self.id
    }

    fn request<'a>(
        &'a self,
        request: &'a Request,
        events: &'a EventSink,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<ModelResponse, ModelError>> {
        let started = Instant::now();
        Box::pin(async move {
            // As a provider's client would keep it.
            let limit = request.settings.limit().or(self.settings.limit());
            tokio::select! {
                biased;
                () = cancel.cancelled() => Err(ModelError::cancelled()),
                result = perform(self.plan(request), started, events) => result,
                () = passed(started, limit) => Err(too_slow(limit.unwrap_or_default())),
            }
        })
    }
}

/// Waits until so much time has passed; for ever without a limit, or with one beyond what a clock can tell.
async fn passed(started: Instant, time: Option<Duration>) {
    match time.and_then(|time| started.checked_add(time)) {
        Some(end) => sleep_until(end).await,
        None => std::future::pending().await,
    }
}

/// Carries a plan out, on time.
async fn perform(plan: Schedule, started: Instant, events: &EventSink) -> Result<ModelResponse, ModelError> {
    if let Some(at) = plan.headers {
        passed(started, Some(at)).await;
        let (provider_name, provider_url) = ("test".to_owned(), String::new());
        events.send(LaneEvent::Headers { provider_name, provider_url }).await;
    }
    let mut folded = ResponseBuilder::default();
    for (at, arrived) in plan.arrivals {
        passed(started, Some(at)).await;
        for event in &arrived {
            folded.apply(event);
        }
        events.send_at(Instant::now(), LaneEvent::Arrived(arrived)).await;
    }
    match plan.failure {
        Some((at, error)) => {
            passed(started, Some(at)).await;
            Err(error)
        }
        None => Ok(folded.into_response()),
    }
}

/// The tokens of the conversation, counted as this model cuts them.
fn input_tokens(messages: &[ModelMessage]) -> u64 {
    let count = |text: &str| voice::tokens(text).len() as u64;
    let of_message = |message: &ModelMessage| match message {
        ModelMessage::Request(request) => request_texts(request).iter().map(|text| count(text)).sum::<u64>(),
        ModelMessage::Response(response) => response.parts.iter().map(|part| count(response_text(part))).sum(),
    };
    messages.iter().map(of_message).sum()
}

fn request_texts(request: &ModelRequest) -> Vec<String> {
    let text = |part: &RequestPart| match part {
        RequestPart::SystemPrompt(system) => system.content.clone(),
        RequestPart::UserPrompt(prompt) => prompt.content.texts().join("\n"),
        RequestPart::ToolReturn(returned) => returned.text(),
        RequestPart::RetryPrompt(retry) => retry.text(),
        RequestPart::Other(_) => String::new(),
    };
    request.parts.iter().map(text).collect()
}

fn response_text(part: &ResponsePart) -> &str {
    match part {
        ResponsePart::Text(text) => &text.content,
        ResponsePart::Thinking(_) | ResponsePart::ToolCall(_) | ResponsePart::Other(_) => "",
    }
}

#[cfg(test)]
#[path = "test/tests.rs"]
mod tests;
