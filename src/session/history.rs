//! What a lane has said and heard so far, as messages.

use super::{SavedRun, Turn};
use crate::message::ModelMessage;
use crate::run::{Exchange, conversation};

/// The messages of these turns for one lane: the system prompt in the first request, then prompts and answers.
///
/// A lane is the one of that number if its model is `model`, else the first one of that model. A turn in which it has
/// nothing to show is left out together with its prompt; an interrupted answer counts as far as it came.
#[must_use]
pub fn history(turns: &[Turn], system: Option<&str>, model: &str, lane: usize) -> Vec<ModelMessage> {
    conversation(system, exchanges(turns, model, lane), None)
}

/// The messages that ask a lane the last of these turns' prompt, after what it has said and heard in those before.
#[must_use]
pub fn next_request(turns: &[Turn], system: Option<&str>, model: &str, lane: usize) -> Vec<ModelMessage> {
    let Some((last, past)) = turns.split_last() else { return Vec::new() };
    conversation(system, exchanges(past, model, lane), Some((&last.prompt, last.at)))
}

fn exchanges<'a>(turns: &'a [Turn], model: &'a str, lane: usize) -> impl Iterator<Item = Exchange<'a>> {
    turns.iter().filter_map(move |turn| {
        let response = answer(turn, model, Some(lane))?.report.response.as_ref()?;
        Some(Exchange { prompt: &turn.prompt, at: turn.at, response })
    })
}

/// What that lane of a turn answered: the one of that number if it is of that model, else the first one that is.
pub(super) fn answer<'a>(turn: &'a Turn, model: &str, lane: Option<usize>) -> Option<&'a SavedRun> {
    let is_it = |run: &&SavedRun| run.report.model == model;
    let run = lane.and_then(|lane| turn.runs.get(lane)).filter(is_it).or_else(|| turn.runs.iter().find(is_it));
    run.filter(|run| run.has_visible())
}
