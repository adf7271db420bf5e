//! One lane as it is saved.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::kept::Kept;
use super::{SavedEvent, events};
use crate::message::{ModelResponse, ResponsePart, timestamp};
use crate::run::{LaneRecord, LaneReport};
use crate::wire::ModelError;

/// Deeper than this, a stranger's JSON is saved as text: readers of JSON, this one too, refuse to go very deep.
const MAX_DEPTH: usize = 64;

/// One lane: its report, and what arrived when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedRun {
    /// The report, as `run --format json` prints it.
    #[serde(flatten)]
    pub report: Kept<LaneReport>,
    /// When the lane began.
    #[serde(default, with = "timestamp", skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// What arrived when; empty in files that don't tell.
    #[serde(default)]
    pub events: Vec<SavedEvent>,
}

impl From<&LaneRecord> for SavedRun {
    fn from(record: &LaneRecord) -> Self {
        let mut report = LaneReport::from(record);
        flatten_report(&mut report);
        Self { report: report.into(), started_at: Some(record.started_at), events: events::of_record(record) }
    }
}

impl SavedRun {
    /// A lane of which nobody knows when anything arrived: every part is there at once.
    pub(super) fn without_times(report: LaneReport, started_at: Timestamp) -> Self {
        let parts = report.response.iter().flat_map(|response| &response.parts).enumerate();
        let visible = parts.filter(|(_, part)| part.is_visible());
        let events = visible.map(|(number, part)| SavedEvent(0.0, number as u32, events::content(part).to_owned()));
        let events = events.collect();
        let mut report = report;
        flatten_report(&mut report);
        Self { report: report.into(), started_at: Some(started_at), events }
    }

    /// Whether nothing has happened in that lane since it was saved like this.
    pub(super) fn is_of(&self, record: &LaneRecord) -> bool {
        record.is_over()
            && self.started_at == Some(record.started_at)
            && self.report.model == record.model
            && self.report.status == record.outcome()
            && self.report.error.is_some() == record.error.is_some()
            && self.events.len() == record.marks.len()
            && self.report.attempts.iter().all(|attempt| attempt.duration_ms.is_some())
            && self.report.attempts.len() == record.attempts.len()
    }

    /// Whether there is anything of an answer to see.
    #[must_use]
    pub fn has_visible(&self) -> bool {
        self.report.response.as_ref().is_some_and(|response| response.parts.iter().any(ResponsePart::is_visible))
    }
}

/// Makes sure that the report can be read again.
fn flatten_report(report: &mut LaneReport) {
    let attempts = report.attempts.iter_mut().filter_map(|attempt| attempt.error.as_mut());
    attempts.chain(report.error.as_mut()).for_each(flatten_error);
    report.output.iter_mut().for_each(flatten);
    let superseded = report.attempts.iter_mut().filter_map(|attempt| attempt.response.as_mut());
    superseded.chain(report.response.as_mut()).for_each(flatten_response);
}

fn flatten_response(response: &mut ModelResponse) {
    for part in &mut response.parts {
        match part {
            ResponsePart::Text(text) => text.provider_details.iter_mut().for_each(flatten),
            ResponsePart::Thinking(thinking) => thinking.provider_details.iter_mut().for_each(flatten),
            ResponsePart::ToolCall(call) => call.provider_details.iter_mut().for_each(flatten),
            ResponsePart::Other(value) => flatten(value),
        }
    }
}

fn flatten_error(error: &mut ModelError) {
    error.body.iter_mut().for_each(flatten);
    error.errors.iter_mut().for_each(flatten_error);
}

fn flatten(value: &mut Value) {
    flatten_below(value, MAX_DEPTH);
}

fn flatten_below(value: &mut Value, depth: usize) {
    match value {
        Value::Array(_) | Value::Object(_) if depth == 0 => *value = Value::from(value.to_string()),
        Value::Array(items) => items.iter_mut().for_each(|item| flatten_below(item, depth - 1)),
        Value::Object(fields) => fields.values_mut().for_each(|field| flatten_below(field, depth - 1)),
        _ => {}
    }
}
