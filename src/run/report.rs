//! The contract's JSON: `run --format json`, a line of `--format jsonl`, and the runs of a saved session.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use super::Attempt;
use super::figures::{Timing, millis};
use super::record::LaneRecord;
use crate::catalog::Cost;
use crate::message::{ModelResponse, ResponseState, StreamEvent, Usage};
use crate::model::{LaneEvent, Outcome, RunEvent, Verdict};
use crate::wire::{ErrorKind, ModelError};

/// The document that `run --format json` prints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunReport {
    /// `llmbench.run`
    pub format: String,
    /// 1
    pub version: u32,
    /// What was asked.
    pub prompt: String,
    /// The system prompt.
    pub system: Option<String>,
    /// A report per lane, in the order asked.
    pub runs: Vec<LaneReport>,
}

impl RunReport {
    /// The document for these lanes.
    #[must_use]
    pub fn new(prompt: &str, system: Option<&str>, lanes: &[LaneRecord]) -> Self {
        Self {
            format: "llmbench.run".to_owned(),
            version: 1,
            prompt: prompt.to_owned(),
            system: system.map(str::to_owned),
            runs: lanes.iter().map(LaneReport::from).collect(),
        }
    }
}

/// One lane.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LaneReport {
    /// The model, as the user picked it.
    pub model: String,
    /// How it ended.
    pub status: Outcome,
    /// The answer, as far as it came; `null` when nothing of it did.
    #[serde(default, with = "message")]
    pub response: Option<ModelResponse>,
    /// The structured output that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Value>,
    /// What is wrong with the output, in its place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub output_errors: Vec<String>,
    /// Its tokens.
    pub usage: UsageReport,
    /// Its times.
    pub timing: Timing,
    /// What it has cost, all attempts together; `null` when that is not known.
    #[serde(default, deserialize_with = "understood")]
    pub cost: Option<Cost>,
    /// Why it failed.
    pub error: Option<ModelError>,
    /// Settings that the model doesn't take and that were left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settings_omitted: Vec<String>,
    /// Every request that was made, in order.
    pub attempts: Vec<AttemptReport>,
}

impl LaneReport {
    /// What was answered elsewhere: nothing is known of requests and times.
    #[must_use]
    pub fn from_elsewhere(model: &str, response: ModelResponse) -> Self {
        let is_whole = response.state == ResponseState::Complete;
        let cut = || ModelError::new(ErrorKind::Truncated, "the answer was interrupted before it was kept");
        Self {
            model: model.to_owned(),
            status: if is_whole { Outcome::Completed } else { Outcome::Interrupted },
            usage: UsageReport::new(0, &response.usage),
            response: Some(response),
            output: None,
            output_errors: Vec::new(),
            timing: Timing::default(),
            cost: None,
            error: (!is_whole).then(cut),
            settings_omitted: Vec::new(),
            attempts: Vec::new(),
        }
    }
}

/// A response as a message of a history: with PydanticAI's `"kind": "response"`.
mod message {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::ModelResponse;

    #[derive(Serialize)]
    struct Message<'a> {
        kind: &'static str,
        #[serde(flatten)]
        response: &'a ModelResponse,
    }

    #[allow(clippy::ref_option)] // The signature is serde's.
    pub fn serialize<S: Serializer>(response: &Option<ModelResponse>, serializer: S) -> Result<S::Ok, S::Error> {
        response.as_ref().map(|response| Message { kind: "response", response }).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ModelResponse>, D::Error> {
        let mut response = Option::<ModelResponse>::deserialize(deserializer)?;
        if let Some(response) = &mut response {
            response.extra.remove("kind");
        }
        Ok(response)
    }
}

/// Tokens of a lane. A count that is not known is left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UsageReport {
    /// Requests made, retries and fallbacks included.
    pub requests: u64,
    /// Tokens of the prompt, cached ones included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_tokens: Option<u64>,
    /// Tokens of the answer, thinking included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_tokens: Option<u64>,
    /// Both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_tokens: Option<u64>,
    /// Tokens read from the vendor's prompt cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_read_tokens: Option<u64>,
    /// Tokens written to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_write_tokens: Option<u64>,
    /// The vendor's further counts.
    #[serde(default)]
    pub details: BTreeMap<String, u64>,
}

impl UsageReport {
    fn new(requests: usize, usage: &Usage) -> Self {
        Self {
            requests: requests as u64,
            input_tokens: usage.input_tokens,
            output_tokens: usage.output_tokens,
            total_tokens: usage.total_tokens(),
            cache_read_tokens: usage.cache_read_tokens,
            cache_write_tokens: usage.cache_write_tokens,
            details: usage.details.clone(),
        }
    }
}

/// Whether a request went out: without a key, or with a wrong configuration, none does.
fn was_sent(attempt: &Attempt) -> bool {
    attempt.error.as_ref().is_none_or(|error| !matches!(error.kind, ErrorKind::Auth | ErrorKind::Config))
}

/// One request to one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttemptReport {
    /// The model.
    pub model: String,
    /// When it went out, from the lane's beginning.
    pub started_ms: f64,
    /// How long it had waited for its turn by then, where only so many requests may go out at once.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub queued_ms: f64,
    /// How long it took.
    pub duration_ms: Option<f64>,
    /// From its own start to its first token.
    pub ttft_ms: Option<f64>,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it failed.
    pub error: Option<ModelError>,
    /// The tokens it cost, as far as told.
    #[serde(default, skip_serializing_if = "is_untold")]
    pub usage: Usage,
    /// What it has cost, as far as known.
    #[serde(default, deserialize_with = "understood", skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
    /// What it answered, where another attempt took its place after that.
    #[serde(default, with = "message", skip_serializing_if = "Option::is_none")]
    pub response: Option<ModelResponse>,
}

/// A cost that this version understands; any other counts as unknown.
fn understood<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Cost>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).ok())
}

#[allow(clippy::trivially_copy_pass_by_ref)] // The signature is serde's.
fn is_zero(ms: &f64) -> bool {
    *ms == 0.0
}

fn is_untold(usage: &Usage) -> bool {
    *usage == Usage::default()
}

impl From<&LaneRecord> for LaneReport {
    fn from(record: &LaneRecord) -> Self {
        let (output, output_errors) = match record.output.clone() {
            Some(Verdict::Fits(output)) => (Some(output), Vec::new()),
            Some(Verdict::Wrong(problems)) => (None, problems),
            None => (None, Vec::new()),
        };
        let answered = record.has_visible() || record.outcome() == Outcome::Completed;
        Self {
            model: record.model.clone(),
            status: record.outcome(),
            response: answered.then(|| response(record)),
            output,
            output_errors,
            usage: UsageReport::new(
                record.attempts.iter().filter(|attempt| was_sent(attempt)).count(),
                &record.usage_of_all(),
            ),
            timing: record.timing(),
            cost: record.cost(),
            error: record.error.clone(),
            settings_omitted: record.settings_omitted.clone(),
            attempts: record.attempts.iter().map(AttemptReport::from).collect(),
        }
    }
}

/// The answer so far; complete only if the lane is, or if it came to its end and only isn't taken.
fn response(record: &LaneRecord) -> ModelResponse {
    let response = record.response().clone();
    match record.outcome() {
        Outcome::Completed => response,
        _ if record.attempts.last().is_some_and(Attempt::is_whole) => response,
        _ => ModelResponse { state: ResponseState::Interrupted, ..response },
    }
}

impl From<&Attempt> for AttemptReport {
    fn from(attempt: &Attempt) -> Self {
        let since = |at| millis(std::time::Duration::saturating_sub(at, attempt.started));
        Self {
            model: attempt.model.clone(),
            started_ms: millis(attempt.started),
            queued_ms: millis(attempt.queued),
            duration_ms: attempt.ended.map(since),
            ttft_ms: attempt.first_token.map(since),
            outcome: attempt.outcome.unwrap_or(Outcome::Interrupted),
            error: attempt.error.clone(),
            usage: attempt.usage.clone(),
            cost: attempt.cost.clone(),
            response: attempt.response.clone(),
        }
    }
}

/// The lines of `--format jsonl` for one event; an arrival of several stream events makes several lines.
#[must_use]
pub fn json_lines(model: &str, event: &RunEvent) -> Vec<Value> {
    let line = |event_name: &str, more: Value| {
        let mut line = json!({ "model": model, "at_ms": millis(event.at), "event": event_name });
        if let (Some(line), Value::Object(more)) = (line.as_object_mut(), more) {
            line.extend(more);
        }
        line
    };
    match &event.event {
        LaneEvent::AttemptStarted { model, queued } => {
            vec![line("attempt_started", json!({ "attempt_model": model, "queued_ms": millis(*queued) }))]
        }
        LaneEvent::SettingsOmitted(settings) => vec![line("settings_omitted", json!({ "settings": settings }))],
        LaneEvent::Headers { .. } => vec![line("headers", json!({}))],
        LaneEvent::Sent(_) | LaneEvent::Answered(_) | LaneEvent::Bytes(_) => Vec::new(),
        LaneEvent::Arrived(events) => events.iter().map(|event| line("", stream_event(event))).collect(),
        LaneEvent::Output(Verdict::Fits(output)) => vec![line("output", json!({ "output": output }))],
        LaneEvent::Output(Verdict::Wrong(problems)) => vec![line("output", json!({ "output_errors": problems }))],
        LaneEvent::Cost(cost) => vec![line("cost", serde_json::to_value(cost).unwrap_or_default())],
        LaneEvent::AttemptEnded { outcome, error } => {
            vec![line("attempt_ended", json!({ "outcome": outcome, "error": error }))]
        }
        LaneEvent::Rejected(error) => vec![line("attempt_rejected", json!({ "error": error }))],
        LaneEvent::Waiting { delay } => vec![line("waiting", json!({ "delay_ms": millis(*delay) }))],
        LaneEvent::Ended { outcome, error } => {
            vec![line("lane_ended", json!({ "status": outcome, "error": error }))]
        }
    }
}

/// A stream event's own fields, `event` among them.
fn stream_event(event: &StreamEvent) -> Value {
    serde_json::to_value(event).unwrap_or_default()
}
