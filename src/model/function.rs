//! A model that is a function of yours, after PydanticAI's `FunctionModel`: for tests, and to wrap what isn't here.

mod delta;

use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt};
use tokio_util::sync::CancellationToken;

pub use self::delta::Delta;
use super::{EventSink, Model, Request, ResponseWriter, estimate};
use crate::message::{ModelMessage, ModelResponse, ResponsePart, StreamEvent, Usage};
use crate::wire::{ErrorKind, ModelError, ToolChunk};

type Function = Arc<dyn Fn(Request) -> BoxFuture<'static, Result<ModelResponse, ModelError>> + Send + Sync>;
type StreamFunction = Arc<dyn Fn(Request) -> BoxStream<'static, Delta> + Send + Sync>;

/// What a function may return: a response, a text, or a [`Result`] with one of them.
pub trait IntoResponse {
    /// The response.
    ///
    /// # Errors
    /// The function's own.
    fn into_response(self) -> Result<ModelResponse, ModelError>;
}

impl IntoResponse for ModelResponse {
    fn into_response(self) -> Result<ModelResponse, ModelError> {
        Ok(self)
    }
}

impl IntoResponse for String {
    fn into_response(self) -> Result<ModelResponse, ModelError> {
        Ok(ModelResponse { parts: vec![ResponsePart::text(self)], ..ModelResponse::default() })
    }
}

impl IntoResponse for &str {
    fn into_response(self) -> Result<ModelResponse, ModelError> {
        self.to_owned().into_response()
    }
}

impl<R: IntoResponse> IntoResponse for Result<R, ModelError> {
    fn into_response(self) -> Result<ModelResponse, ModelError> {
        self.and_then(IntoResponse::into_response)
    }
}

/// A model that is a function: it gets the [`Request`] (messages, settings, structured output) and returns the answer.
///
/// One function may answer at once and another one stream; where only one of them is given, it answers both kinds of
/// request. Its tokens are estimated as PydanticAI does, unless it tells them.
///
/// ```
/// use std::sync::Arc;
///
/// use futures_util::stream;
/// use llmbench::message::ResponsePart;
/// use llmbench::model::{FunctionModel, Request};
/// use llmbench::run::{Lane, Run};
///
/// let shouting = FunctionModel::new("shouting", |request: &Request| request.prompt().to_uppercase());
/// let counting = FunctionModel::streaming("counting", |request: Request| {
///     stream::iter((1..=request.settings.max_tokens.unwrap_or(3)).map(|number| format!("{number} ")))
/// });
/// let request = Request::user("How far?", None);
/// let lanes = vec![Lane::new(Arc::new(shouting), request.clone()), Lane::new(Arc::new(counting), request)];
///
/// let runtime = tokio::runtime::Runtime::new()?;
/// let records = runtime.block_on(Run::to_end(lanes));
/// assert_eq!(records[0].response().text(), "HOW FAR?");
/// assert_eq!(records[1].response().parts, [ResponsePart::text("1 2 3 ")]);
/// assert_eq!(records[1].marks.len(), 3, "it came in three pieces");
/// assert_eq!(records[0].response().model_name.as_deref(), Some("function:shouting"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct FunctionModel {
    id: String,
    function: Option<Function>,
    stream_function: Option<StreamFunction>,
}

impl FunctionModel {
    /// The model `function:NAME` that answers at once. The function runs on a thread of its own and may take its time.
    #[must_use]
    pub fn new<R: IntoResponse>(name: &str, function: impl Fn(&Request) -> R + Send + Sync + 'static) -> Self {
        let function = Arc::new(function);
        let called = move |request: Request| {
            let function = Arc::clone(&function);
            Box::pin(async move {
                let asked = tokio::task::spawn_blocking(move || function(&request).into_response()).await;
                asked.unwrap_or_else(|error| match error.try_into_panic() {
                    Ok(panic) => resume_unwind(panic),
                    Err(_) => Err(ModelError::cancelled()),
                })
            }) as BoxFuture<'static, _>
        };
        Self { id: id(name), function: Some(Arc::new(called)), stream_function: None }
    }

    /// The same with an asynchronous function.
    #[must_use]
    pub fn asynchronous<F>(name: &str, function: impl Fn(Request) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output: IntoResponse> + Send + 'static,
    {
        let called = move |request| {
            let asked = function(request);
            Box::pin(async move { asked.await.into_response() }) as BoxFuture<'static, _>
        };
        Self { id: id(name), function: Some(Arc::new(called)), stream_function: None }
    }

    /// The model `function:NAME` whose answer streams: each [`Delta`] (a text is one) is sent when the stream yields it.
    #[must_use]
    pub fn streaming<S>(name: &str, stream_function: impl Fn(Request) -> S + Send + Sync + 'static) -> Self
    where
        S: Stream<Item: Into<Delta>> + Send + 'static,
    {
        Self { id: id(name), function: None, stream_function: None }.with_stream(stream_function)
    }

    /// The same model with a function for requests that stream.
    #[must_use]
    pub fn with_stream<S>(self, stream_function: impl Fn(Request) -> S + Send + Sync + 'static) -> Self
    where
        S: Stream<Item: Into<Delta>> + Send + 'static,
    {
        Self {
            stream_function: Some(Arc::new(move |request| stream_function(request).map(Into::into).boxed())),
            ..self
        }
    }

    async fn ask(&self, request: &Request, events: &EventSink) -> Result<ModelResponse, ModelError> {
        let mut writer = events.response();
        match (&self.function, &self.stream_function) {
            (function, Some(streams)) if request.stream || function.is_none() => {
                self.follow(streams(request.clone()), writer).await
            }
            (Some(function), _) => {
                let response = function(request.clone()).await?;
                writer.send(whole(&self.id, &request.messages, response)).await;
                Ok(writer.into_response())
            }
            (None, _) => Err(ModelError::new(ErrorKind::Config, format!("{} has no function", self.id))),
        }
    }

    async fn follow(
        &self,
        deltas: impl Stream<Item = Delta>,
        mut writer: ResponseWriter<'_>,
    ) -> Result<ModelResponse, ModelError> {
        let mut deltas = pin!(deltas);
        let (mut told, mut output, mut any) = (Usage::default(), 0, false);
        while let Some(delta) = deltas.next().await {
            if !std::mem::replace(&mut any, true) {
                writer.start(&self.id).await;
            }
            output += estimate::tokens(delta.counted());
            write(&mut writer, delta, &mut told).await?;
        }
        if !any {
            // PydanticAI's words.
            return Err(ModelError::new(ErrorKind::Protocol, "Stream function must return at least one item"));
        }
        if told == Usage::default() {
            // PydanticAI counts no messages here.
            let estimated = Usage { output_tokens: Some(output), ..estimate::usage([]) };
            writer.usage(estimated).await;
        }
        Ok(writer.finish(None).await)
    }
}

fn id(name: &str) -> String {
    format!("function:{name}")
}

async fn write(writer: &mut ResponseWriter<'_>, delta: Delta, told: &mut Usage) -> Result<(), ModelError> {
    match delta {
        Delta::Text(text) => writer.text(&text).await,
        Delta::Thinking { number, content, signature } => {
            writer.numbered_thinking(number, content.as_deref(), signature.as_deref()).await;
        }
        Delta::ToolCall { number, name, json_args, tool_call_id } => {
            let chunk = ToolChunk { id: tool_call_id.as_deref(), name: name.as_deref(), args: json_args.as_deref() };
            writer.tool_call(number, chunk).await;
        }
        Delta::Usage(usage) => {
            told.update(&usage);
            writer.usage(usage).await;
        }
        Delta::Failed(error) => return Err(error),
    }
    Ok(())
}

/// A whole response as one arrival. Tokens that it doesn't tell are estimated.
fn whole(id: &str, messages: &[ModelMessage], mut response: ModelResponse) -> Vec<StreamEvent> {
    if response.usage == Usage::default() {
        let answer = ModelMessage::Response(response.clone());
        response.usage = estimate::usage(messages.iter().chain([&answer]));
    }
    let ModelResponse { parts, usage, provider_response_id, finish_reason, .. } = response;
    let start = StreamEvent::Start { model_name: Some(id.to_owned()), provider_response_id };
    let parts = parts.into_iter().enumerate();
    let parts = parts.flat_map(|(index, part)| [StreamEvent::part_start(index, part), StreamEvent::PartEnd { index }]);
    let finish = StreamEvent::Finish { finish_reason, provider_finish_reason: None };
    [start].into_iter().chain(parts).chain([StreamEvent::usage(usage), finish]).collect()
}

impl Model for FunctionModel {
    fn id(&self) -> &str {
        &self.id
    }

    fn request<'a>(
        &'a self,
        request: &'a Request,
        events: &'a EventSink,
        _: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<ModelResponse, ModelError>> {
        Box::pin(self.ask(request, events))
    }
}
