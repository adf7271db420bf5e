//! Which saved answer a request means.

use crate::message::ModelMessage;
use crate::model::{ErrorKind, ModelError, Request};
use crate::session::{SavedRun, Session, Turn};

/// The turn and the lane that answer a request; `lane` is the lane's name or number, if it was told.
///
/// # Errors
/// `ErrorKind::Config`: there is no such lane, or it has no such answer; with what there is.
pub fn answer<'s>(
    session: &'s Session,
    lane: Option<&str>,
    request: &Request,
) -> Result<(&'s Turn, usize), ModelError> {
    let lane = Lane::of(session, lane)?;
    let answered: Vec<(usize, &Turn, usize)> =
        session.turns.iter().enumerate().filter_map(|(at, turn)| Some((at, turn, lane.place(turn)?))).collect();
    let (prompt, number) = (request.prompt(), number(request));
    let same = |(_, turn, _): &&(usize, &Turn, usize)| turn.prompt == prompt;
    let exact = answered.iter().filter(same).find(|(at, _, _)| *at == number).or_else(|| answered.iter().find(same));
    let found = exact.or_else(|| answered.iter().find(|(at, _, _)| *at == number));
    found.map(|(_, turn, place)| (*turn, *place)).ok_or_else(|| lacks(session, &lane, number))
}

/// How many requests came before this one in its conversation.
fn number(request: &Request) -> usize {
    let requests = request.messages.iter().filter(|message| matches!(message, ModelMessage::Request(_)));
    requests.count().saturating_sub(1)
}

/// A lane of a session.
enum Lane<'a> {
    Named(&'a str),
    Numbered(usize),
}

impl<'a> Lane<'a> {
    fn of(session: &'a Session, wanted: Option<&'a str>) -> Result<Self, ModelError> {
        let models = session.models();
        let number = wanted.and_then(|wanted| wanted.parse::<usize>().ok()?.checked_sub(1));
        match (wanted, &models[..]) {
            (Some(name), _) if models.contains(&name) => Ok(Self::Named(name)),
            (Some(_), _) if number.is_some_and(|number| has_lane(session, number)) => {
                Ok(Self::Numbered(number.unwrap_or_default()))
            }
            (Some(name), _) => Err(refused(format!("session {} has no lane {name:?}", session.id), &models)),
            (None, [only]) => Ok(Self::Named(only)),
            (None, []) => Err(refused(format!("session {} has no answers", session.id), &models)),
            (None, _) => Err(refused(format!("session {} has answers of several models", session.id), &models)),
        }
    }

    /// Its place in that turn. A lane that was cancelled before it began has no answer.
    fn place(&self, turn: &Turn) -> Option<usize> {
        let place = match self {
            Self::Named(name) => turn.runs.iter().position(|run| run.report.model == *name)?,
            Self::Numbered(number) => *number,
        };
        turn.runs.get(place).filter(|run| has_answer(run)).map(|_| place)
    }

    fn name(&self) -> String {
        match self {
            Self::Named(name) => (*name).to_owned(),
            Self::Numbered(number) => format!("lane {}", number + 1),
        }
    }
}

fn has_answer(run: &SavedRun) -> bool {
    run.report.response.is_some() || run.report.error.is_some()
}

fn has_lane(session: &Session, number: usize) -> bool {
    session.turns.iter().any(|turn| number < turn.runs.len())
}

fn lacks(session: &Session, lane: &Lane<'_>, number: usize) -> ModelError {
    let turns = session.turns.len();
    let plural = if turns == 1 { "" } else { "s" };
    let message = format!(
        "session {} has no answer of {} to this prompt, nor one to request {} of a conversation",
        session.id,
        lane.name(),
        number + 1
    );
    let hint = format!("it has {turns} turn{plural}; ask what was asked then: llmbench sessions show {}", session.id);
    ModelError::new(ErrorKind::Config, message).with_hint(hint)
}

fn refused(message: String, models: &[&str]) -> ModelError {
    let lanes = models.iter().enumerate().map(|(at, model)| format!("#{model} (or #{})", at + 1));
    let error = ModelError::new(ErrorKind::Config, message);
    if models.is_empty() {
        return error;
    }
    error.with_hint(format!("put the lane behind the session: {}", lanes.collect::<Vec<_>>().join(", ")))
}
