//! What would help where a chain did not answer.

use serde::Serialize;

use super::Fault;
use super::report::ScenarioReport;
use super::scenario::At;
use crate::model::{ErrorKind, FallbackOn, ModelError, Outcome};

/// What would help.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hint {
    /// Against this fault.
    pub fault: Fault,
    /// How it ended. `interrupted`: no chain can do better.
    pub outcome: Outcome,
    /// Words of `fallback_on`, each of which would do, the narrowest first; none where no word can help.
    pub add: Vec<String>,
    /// The same as a sentence.
    pub message: String,
}

impl Hint {
    /// What would help against the faults after which a healthy member was left out; once for each.
    #[must_use]
    pub fn all(on: &[FallbackOn], scenarios: &[ScenarioReport]) -> Vec<Self> {
        let mut hints: Vec<Self> = Vec::new();
        let left_out = |scenario: &&ScenarioReport| scenario.at == At::First && scenario.outcome != Outcome::Completed;
        for scenario in scenarios.iter().filter(left_out) {
            if hints.iter().all(|hint| hint.fault != scenario.fault) {
                hints.push(Self::of(on, scenario));
            }
        }
        hints
    }

    fn of(on: &[FallbackOn], scenario: &ScenarioReport) -> Self {
        let (fault, outcome) = (scenario.fault, scenario.outcome);
        let hint = |add, message: &str| Self { fault, outcome, add, message: message.to_owned() };
        if scenario.outcome == Outcome::Interrupted {
            return hint(
                Vec::new(),
                "no other model takes over once something was shown; without streaming (--no-stream) one can",
            );
        }
        let words: Vec<_> = scenario.error.as_ref().map(words).unwrap_or_default();
        let quoted =
            |words: Vec<String>, joint| words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(joint);
        let told = quoted(on.iter().map(ToString::to_string).collect(), ", ");
        let message = match words[..] {
            [] => format!("nothing in fallback_on = [{told}] means it"),
            _ => format!("fallback_on = [{told}] doesn't mean it: add {}", quoted(words.clone(), " or ")),
        };
        hint(words, &message)
    }
}

/// The words that mean a failure, the narrowest first: two are enough to choose from.
fn words(error: &ModelError) -> Vec<String> {
    use ErrorKind::{Connect, Protocol, Provider, Timeout, Truncated};
    let of_status = error.status.map(FallbackOn::Status);
    let of_kind = [Timeout, Connect, Truncated, Protocol, Provider].map(FallbackOn::Kind);
    let all = of_status.into_iter().chain(of_kind).chain([FallbackOn::Http, FallbackOn::Api]);
    all.filter(|on| on.matches(error)).take(2).map(|on| on.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_that_mean_a_failure_are_named_the_narrowest_first() {
        let http = ModelError { status: Some(429), ..ModelError::new(ErrorKind::Http, "no") };
        let of = |kind| ModelError::new(kind, "no");
        let table = [
            (http, vec!["429", "http"]),
            (of(ErrorKind::Timeout), vec!["timeout", "api"]),
            (of(ErrorKind::Truncated), vec!["truncated"]),
            (of(ErrorKind::Protocol), vec!["protocol"]),
            (of(ErrorKind::Config), vec![]),
        ];
        for (error, expected) in table {
            assert_eq!(words(&error), expected, "{error:?}");
        }
    }
}
