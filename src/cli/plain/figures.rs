//! The figures of an answer in one line, in words that can be read aloud.

use crate::run::LaneRecord;
use crate::text::figures::{UNKNOWN, count, dollars, known_or_about, millis, speed};

/// How it ended, and what is known of its times, tokens and cost; who of a chain answered.
pub fn line(record: &LaneRecord) -> String {
    let timing = record.timing();
    let time = |ms: Option<f64>| ms.map_or_else(|| UNKNOWN.to_owned(), millis);
    let usage = record.usage();
    let mut facts = vec![record.outcome().as_str().to_owned()];
    facts.extend(answered_by(record));
    if record.has_visible() {
        facts.push(format!("first token {}", time(timing.ttft_ms)));
        facts.push(format!("total {}", time(timing.total_ms.or(timing.close_ms))));
        facts.push(known_or_about(timing.tokens_per_second, record.estimated_speed(), speed));
        facts.push(format!("{} tokens in", count(usage.input_tokens)));
        facts.push(format!("{} out", known_or_about(usage.output_tokens, record.estimated_tokens(), count)));
        facts.push(dollars(record.cost().map(|cost| cost.usd)));
    }
    format!("{}: {}", record.model, facts.join(", "))
}

/// The member of a chain whose answer it is.
fn answered_by(record: &LaneRecord) -> Option<String> {
    let last = record.attempts.last().filter(|last| last.model != record.model && record.has_visible())?;
    Some(format!("answered by {}", last.model))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::*;
    use crate::message::{FinishReason, ResponsePart, StreamEvent, Usage};
    use crate::model::{LaneEvent, Outcome};
    use crate::wire::ModelError;

    fn told(events: Vec<(u64, LaneEvent)>) -> String {
        let mut record = LaneRecord::new("safe", Timestamp::UNIX_EPOCH);
        for (at, event) in events {
            record.apply(Duration::from_millis(at), &event);
        }
        line(&record)
    }

    fn asks() -> LaneEvent {
        LaneEvent::AttemptStarted { model: "a:b".to_owned(), queued: Duration::ZERO }
    }

    #[test]
    fn what_is_known_is_told_and_what_is_not_is_a_dash() {
        let usage = Usage { input_tokens: Some(57), output_tokens: Some(1_280), ..Usage::default() };
        let text = |text: &str| LaneEvent::Arrived(vec![StreamEvent::part_start(0, ResponsePart::text(text))]);
        let finish = StreamEvent::Finish { finish_reason: Some(FinishReason::Stop), provider_finish_reason: None };
        let outcome = Outcome::Completed;
        let whole = vec![
            (0, asks()),
            (312, text("London")),
            (
                1_312,
                LaneEvent::Arrived(vec![
                    StreamEvent::part_start(1, ResponsePart::text("!")),
                    StreamEvent::usage(usage),
                    finish,
                ]),
            ),
            (1_320, LaneEvent::AttemptEnded { outcome, error: None }),
            (1_320, LaneEvent::Ended { outcome, error: None }),
        ];
        assert_eq!(
            told(whole),
            "safe: completed, answered by a:b, first token 312 ms, total 1.3 s, 1.3k tok/s, 57 tokens in, 1,280 out, $–"
        );
        let outcome = Outcome::Cancelled;
        let error = Some(ModelError::cancelled());
        let cut = vec![(0, asks()), (10, text("Lon")), (20, LaneEvent::Ended { outcome, error: error.clone() })];
        assert!(told(cut).starts_with("safe: cancelled, answered by a:b, first token 10 ms, total "));
        assert_eq!(told(vec![(0, asks()), (20, LaneEvent::Ended { outcome, error })]), "safe: cancelled");
    }
}
