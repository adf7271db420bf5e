//! What a lane has said and heard so far: the messages that go along with the next prompt.

use jiff::Timestamp;

use super::{SavedRun, Session, Turn};
use crate::message::{ModelMessage, ModelRequest};

/// The messages of these turns for one lane: the system prompt in the first request, then prompts and answers.
///
/// A lane is the one of that number if its model is `model`, else the first one of that model. A turn in which it has
/// nothing to show is left out together with its prompt; an interrupted answer counts as far as it came.
#[must_use]
pub fn history(turns: &[Turn], system: Option<&str>, model: &str, lane: usize) -> Vec<ModelMessage> {
    let mut messages = Vec::new();
    for turn in turns {
        let Some(response) = answer(turn, model, lane).and_then(|run| run.report.response.clone()) else { continue };
        let system = system.filter(|_| messages.is_empty());
        messages.push(ModelMessage::Request(ModelRequest::user(&turn.prompt, system, Some(turn.at))));
        messages.push(ModelMessage::Response(response));
    }
    messages
}

/// The [`history`] of a session's first `turns` turns, and a new prompt behind it: what to ask a lane next.
#[must_use]
pub fn conversation(
    session: &Session,
    turns: usize,
    model: &str,
    lane: usize,
    prompt: &str,
    now: Timestamp,
) -> Vec<ModelMessage> {
    let turns = &session.turns[..turns.min(session.turns.len())];
    let mut messages = history(turns, session.system.as_deref(), model, lane);
    let system = session.system.as_deref().filter(|_| messages.is_empty());
    messages.push(ModelMessage::Request(ModelRequest::user(prompt, system, Some(now))));
    messages
}

fn answer<'a>(turn: &'a Turn, model: &str, lane: usize) -> Option<&'a SavedRun> {
    let is_it = |run: &&SavedRun| run.report.model == model;
    let run = turn.runs.get(lane).filter(is_it).or_else(|| turn.runs.iter().find(is_it));
    run.filter(|run| run.has_visible())
}
