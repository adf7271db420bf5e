//! One HTTP exchange: send, wait within the limits, decode what arrives the moment it arrives.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Response, StatusCode};
use tokio::time::{Instant, timeout};

use super::send::Call;
use super::{aws, failure};
use crate::message::{ModelResponse, ResponseBuilder, StreamEvent};
use crate::model::lists::known_models;
use crate::model::{EventSink, LaneEvent};
use crate::wire::{Decoder, ErrorKind, Interface, ModelError};

/// The most of an error's body that is read.
const MAX_ERROR_BYTES: usize = 64 * 1024;
/// The longest wait for an error's body: its status alone tells enough.
const ERROR_BODY_WAIT: Duration = Duration::from_secs(2);
/// The most of an answer that is read: a stream that never ends must not fill the memory.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;
/// Bytes without any event (comments that keep a connection alive) may go on for this many idle limits.
const IDLE_LIMITS_WITHOUT_EVENT: u32 = 4;

/// Sends the call and reads its answer.
pub async fn run(
    call: &Call<'_>,
    interface: &dyn Interface,
    stream: bool,
    events: &EventSink,
) -> Result<ModelResponse, ModelError> {
    let response = call.send().await?;
    let provider = call.provider;
    call.tell_of(&response).await;
    let headers =
        LaneEvent::Headers { provider_name: provider.name.clone(), provider_url: provider.base_url.to_string() };
    events.send(headers).await;
    if response.status().is_redirection() {
        return Err(failure::redirected(&response));
    }
    if !response.status().is_success() {
        return Err(refused(call, response).await);
    }
    if let Some(encoding) = failure::compressed(response.headers()) {
        return Err(encoding);
    }
    let content_type = content_type(response.headers());
    let decoder = interface.decoder(is_stream(&content_type, stream));
    let asked = Asked { model: call.model, request_id: aws::request_id(response.headers()) };
    let reader = Reader { decoder, folded: ResponseBuilder::default(), asked, events, call };
    let read = reader.read(response, call.provider.limits.idle).await;
    match read {
        Err(error) if content_type.contains("html") => Err(failure::page(provider, error)),
        Err(error) if error.kind == ErrorKind::Provider => Err(failure::reported(call, error, &known(call).await)),
        read => read,
    }
}

/// The provider's models that are known, where one of them is asked.
async fn known(call: &Call<'_>) -> Vec<String> {
    match call.model {
        Some(_) => known_models(call.provider, call.connection.kept().await),
        None => Vec::new(),
    }
}

/// The content type; empty when none was told.
pub fn content_type(headers: &HeaderMap) -> String {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// Whether the body is a stream: what its content type says, else what was asked for.
fn is_stream(content_type: &str, asked: bool) -> bool {
    let is_document = content_type.contains("json") || content_type.contains("html");
    content_type.contains("event-stream") || content_type.contains("eventstream") || (asked && !is_document)
}

/// The error that a status of 400 or above stands for.
pub async fn refused(call: &Call<'_>, mut response: Response) -> ModelError {
    let status = response.status();
    let headers = response.headers().clone();
    let mut body = Vec::new();
    let read = async {
        while let Ok(Some(bytes)) = response.chunk().await {
            call.tell_bytes(Instant::now(), &bytes).await;
            body.extend_from_slice(&bytes[..bytes.len().min(MAX_ERROR_BYTES - body.len())]);
            if body.len() == MAX_ERROR_BYTES {
                break;
            }
        }
    };
    // What came by then is enough, whole or not.
    let _ = timeout(ERROR_BODY_WAIT, read).await;
    let failure = failure::status(call, status.as_u16(), &headers, &body, &known(call).await);
    aws::named(call, &headers, failure)
}

/// What is known of an answer without its body: some interfaces don't tell it there.
struct Asked<'a> {
    /// The model that was asked, if one was.
    model: Option<&'a str>,
    /// The vendor's identifier.
    request_id: Option<String>,
}

impl Asked<'_> {
    fn fill(&self, event: &mut StreamEvent) {
        if let StreamEvent::Start { model_name, provider_response_id } = event {
            *model_name = model_name.take().or_else(|| self.model.map(str::to_owned));
            if provider_response_id.is_none() {
                provider_response_id.clone_from(&self.request_id);
            }
        }
    }
}

/// Reads one answer's body.
struct Reader<'a> {
    decoder: Box<dyn Decoder>,
    folded: ResponseBuilder,
    asked: Asked<'a>,
    events: &'a EventSink,
    call: &'a Call<'a>,
}

impl Reader<'_> {
    async fn read(mut self, mut response: Response, idle: Duration) -> Result<ModelResponse, ModelError> {
        let mut received = 0;
        let mut last_event = Instant::now();
        loop {
            let arrival = match timeout(idle, response.chunk()).await {
                Ok(Ok(Some(bytes))) => bytes,
                Ok(Ok(None)) => return self.finish(None).await,
                Ok(Err(error)) => return self.finish(Some(failure::broken(error))).await,
                Err(_) => return self.finish(Some(failure::idle(idle))).await,
            };
            let at = Instant::now();
            self.call.tell_bytes(at, &arrival).await;
            received += arrival.len();
            if received > MAX_ANSWER_BYTES {
                return Err(ModelError::new(ErrorKind::Protocol, "the answer is over 64 MiB and has not ended"));
            }
            if self.decode(at, |decoder, out| decoder.push(&arrival, out)).await? {
                // Not `at`: the time that a slow listener took is no silence of the provider's.
                last_event = Instant::now();
            } else if at - last_event > idle * IDLE_LIMITS_WITHOUT_EVENT {
                return self.finish(Some(failure::idle(at - last_event))).await;
            }
        }
    }

    /// Decodes, folds and sends. Tells whether there was an event; those before an error are kept.
    async fn decode(
        &mut self,
        at: Instant,
        step: impl FnOnce(&mut dyn Decoder, &mut Vec<StreamEvent>) -> Result<(), ModelError>,
    ) -> Result<bool, ModelError> {
        let mut out = Vec::new();
        let result = step(self.decoder.as_mut(), &mut out);
        let any = !out.is_empty();
        if any {
            for event in &mut out {
                self.asked.fill(event);
                self.folded.apply(event);
            }
            self.events.send_at(at, LaneEvent::Arrived(out)).await;
        }
        result.map(|()| any)
    }

    /// The body has ended, or broke off with `failure`. An answer whose own end was seen is whole all the same.
    async fn finish(mut self, failure: Option<ModelError>) -> Result<ModelResponse, ModelError> {
        let ended = self.decode(Instant::now(), |decoder, out| decoder.finish(out)).await;
        match (ended, failure) {
            (Ok(_), _) => Ok(self.folded.into_response()),
            (Err(error), Some(failure)) if error.kind == ErrorKind::Truncated => Err(failure),
            (Err(error), _) => Err(error),
        }
    }
}

/// Whether a redirect keeps method and body.
pub fn keeps_request(status: StatusCode) -> bool {
    matches!(status, StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT)
}
