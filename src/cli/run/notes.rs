//! What is told on standard error while a run goes on: waits, other models of a chain, failures and what to do.

use crate::cli::Output;
use crate::message::FinishReason;
use crate::model::{LaneEvent, Outcome};
use crate::run::LaneRecord;
use crate::wire::{ErrorKind, ModelError};

/// Tells what is worth telling of an event that the record has taken in.
pub fn tell(record: &LaneRecord, event: &LaneEvent, output: &mut Output) {
    for line in notes(record, event) {
        output.tell(&line);
    }
}

fn notes(record: &LaneRecord, event: &LaneEvent) -> Vec<String> {
    let model = &record.model;
    match event {
        LaneEvent::AttemptStarted { model: asked, .. } if record.attempts.len() > 1 && asked != model => {
            vec![format!("{model}: asking {asked}")]
        }
        LaneEvent::AttemptStarted { .. } => {
            let before = record.attempts.iter().rev().nth(1).and_then(|attempt| attempt.error.as_ref());
            let wrong = before.filter(|error| error.kind == ErrorKind::InvalidOutput);
            wrong.map(|error| format!("{model}: asking again: {error}")).into_iter().collect()
        }
        LaneEvent::SettingsOmitted(settings) => {
            vec![format!("{model}: does not take {}, left out", settings.join(", "))]
        }
        LaneEvent::Waiting { delay } => {
            let error = record.attempts.last().and_then(|attempt| attempt.error.as_ref());
            let reason = error.map(|error| format!(" after: {error}")).unwrap_or_default();
            vec![format!("{model}: trying again in {:.1} s{reason}", delay.as_secs_f64())]
        }
        LaneEvent::Ended { outcome, error } => ended(record, *outcome, error.as_ref()),
        _ => Vec::new(),
    }
}

fn ended(record: &LaneRecord, outcome: Outcome, error: Option<&ModelError>) -> Vec<String> {
    let model = &record.model;
    match (outcome, error) {
        (Outcome::Completed, _) => match record.response().finish_reason {
            Some(FinishReason::Length) => vec![format!("{model}: stopped at its token limit")],
            Some(FinishReason::ContentFilter) => vec![format!("{model}: the provider withheld (part of) the answer")],
            Some(FinishReason::Error) => {
                vec![format!("{model}: the provider ended the answer with an error{}", word(record))]
            }
            _ => Vec::new(),
        },
        (Outcome::Cancelled, _) | (_, None) => vec![format!("{model}: {}", outcome.as_str())],
        (_, Some(error)) => {
            let what = format!("{model}: {}: {error}", outcome.as_str());
            std::iter::once(what).chain(error.hint.iter().map(|hint| format!("hint: {hint}"))).collect()
        }
    }
}

/// The provider's own word for why the answer ended.
fn word(record: &LaneRecord) -> String {
    let details = record.response().provider_details.as_ref();
    let word = details.and_then(|details| details.get("finish_reason")?.as_str());
    word.map(|word| format!(" ({word})")).unwrap_or_default()
}
