//! A saved session's prompts asked again: who is asked, with what before it, and whether the answer is the same.
//!
//! A lane is asked exactly what it was asked then: its saved answers stand before the prompt, so that only the answer
//! can differ. A model that was not there then goes on with its own new answers.

use jiff::Timestamp;
use serde_json::Value;

use super::history::answer;
use super::{Session, Turn};
use crate::message::{ModelMessage, ModelResponse, ResponsePart};
use crate::model::Outcome;
use crate::run::{Exchange, LaneReport, conversation};

/// A lane to ask again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgainLane {
    /// The model.
    pub model: String,
    /// The saved lane that it is compared with, by its number; `None`: there is none.
    pub then: Option<usize>,
}

/// Who is asked a turn again: its saved lanes; or these models, each beside its own saved lane, or the only one.
#[must_use]
pub fn lanes_again(turn: &Turn, models: &[String]) -> Vec<AgainLane> {
    if models.is_empty() {
        let lanes = turn.runs.iter().enumerate();
        return lanes.map(|(at, run)| AgainLane { model: run.report.model.clone(), then: Some(at) }).collect();
    }
    let then = |model: &String| {
        let own = turn.runs.iter().position(|run| run.report.model == *model);
        own.or_else(|| (turn.runs.len() == 1).then_some(0))
    };
    models.iter().map(|model| AgainLane { model: model.clone(), then: then(model) }).collect()
}

/// What a lane is asked in that turn. `new` are its new answers to the turns before, as far as there are any.
#[must_use]
pub fn messages_again(
    session: &Session,
    turn: usize,
    lane: &AgainLane,
    new: &[Option<ModelResponse>],
    now: Timestamp,
) -> Vec<ModelMessage> {
    let past = session.turns[..turn].iter().enumerate().filter_map(|(at, turn)| {
        let saved = answer(turn, &lane.model, lane.then).and_then(|run| run.report.response.as_ref());
        let response = saved.or_else(|| new.get(at)?.as_ref())?;
        Some(Exchange { prompt: &turn.prompt, at: turn.at, response })
    });
    conversation(session.system.as_deref(), past, Some((&session.turns[turn].prompt, now)))
}

/// Whether both answered, and the same: text, calls of tools and their arguments. `None`: one of them did not.
#[must_use]
pub fn is_same_answer(then: &LaneReport, now: &LaneReport) -> Option<bool> {
    let whole = |report: &LaneReport| report.status == Outcome::Completed && report.response.is_some();
    (whole(then) && whole(now)).then(|| said(then) == said(now))
}

/// What an answer says, without thinking and without what differs each time anyway.
fn said(report: &LaneReport) -> Vec<Value> {
    let parts = report.response.iter().flat_map(|response| &response.parts);
    let part = |part: &ResponsePart| match part {
        ResponsePart::Text(text) => Some(Value::from(text.content.as_str())).filter(|_| !text.content.is_empty()),
        ResponsePart::Thinking(_) => None,
        ResponsePart::ToolCall(call) => {
            let args = call.args_object().map_or_else(|_| call.args_json().into(), Value::from);
            Some(Value::from(vec![call.tool_name.as_str().into(), args]))
        }
        ResponsePart::Other(value) => Some(value.clone()),
    };
    parts.filter_map(part).collect()
}
