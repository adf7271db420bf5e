//! A model that answers from a saved session, with the saved timing: for demonstrations, and to test what works on
//! answers without asking anybody for them.
//!
//! `recorded:SESSION`, or `recorded:SESSION#LANE` when the session has several models. SESSION is an ID, the beginning of
//! one, a file, or `last`; LANE is the model as the session names it, or the lane's number from 1.

mod pick;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::OnceCell;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::{SavedRun, Session, Store, replay};
use crate::message::{ModelResponse, ResponseBuilder, ResponsePart};
use crate::model::{ErrorKind, EventSink, LaneEvent, Model, ModelError, Outcome, Registry, Request, RunEvent, Slot};
use crate::settings::OutputMode;
use crate::wire::OUTPUT_TOOL;

/// Answers as a saved session's lane did: the answer to the same prompt, else to the request of the same number in its
/// conversation. What failed then fails again, with the same failure.
pub struct RecordedModel {
    id: String,
    store: Store,
    name: String,
    lane: Option<String>,
    session: OnceCell<Arc<Session>>,
}

impl RecordedModel {
    /// The model that `name`, what stands behind `recorded:`, means in this store. The session is read when the model is
    /// first asked.
    ///
    /// # Errors
    /// `ErrorKind::Config`: there is no such session.
    pub fn new(id: &str, name: &str, store: Store) -> Result<Self, ModelError> {
        let (session, lane) = name.split_once('#').map_or((name, None), |(session, lane)| (session, Some(lane)));
        if session.trim() != "last" {
            file(&store, session)?;
        }
        let (name, lane) = (session.to_owned(), lane.map(str::to_owned));
        Ok(Self { id: id.to_owned(), store, name, lane, session: OnceCell::new() })
    }

    async fn session(&self) -> Result<&Session, ModelError> {
        let read = || async {
            let (store, name) = (self.store.clone(), self.name.clone());
            match tokio::task::spawn_blocking(move || store.load(&name)).await {
                Ok(loaded) => loaded.map(Arc::new).map_err(|error| refused(error.to_string())),
                Err(_) => Err(ModelError::cancelled()),
            }
        };
        self.session.get_or_try_init(read).await.map(AsRef::as_ref)
    }

    async fn play(&self, request: &Request, events: &EventSink) -> Result<ModelResponse, ModelError> {
        let started = Instant::now();
        let (turn, lane) = pick::answer(self.session().await?, self.lane.as_deref(), request)?;
        let mut folded = ResponseBuilder::default();
        for RunEvent { at, event, .. } in answer_of(replay(turn), lane) {
            sleep_until(started.checked_add(at).unwrap_or(started)).await;
            if let LaneEvent::Arrived(arrived) = &event {
                for event in arrived {
                    folded.apply(event);
                }
            }
            events.send(event).await;
        }
        match failure(&turn.runs[lane]) {
            Some((at, error)) => {
                sleep_until(started.checked_add(at).unwrap_or(started)).await;
                Err(error)
            }
            None => Ok(folded.into_response()),
        }
    }
}

/// The same registry, which knows `recorded:SESSION#LANE` from the folder that its configuration keeps sessions in.
#[must_use]
pub fn with_recorded(registry: Registry) -> Registry {
    let dir = registry.config().sessions_dir(registry.environment()).map_err(|error| refused(error.to_string()));
    registry.with_maker("recorded", move |id, name| {
        let store = Store::new(dir.clone()?);
        Ok(Arc::new(RecordedModel::new(id, name, store)?))
    })
}

fn refused(message: String) -> ModelError {
    ModelError::new(ErrorKind::Config, message)
}

/// The file of that session.
fn file(store: &Store, session: &str) -> Result<PathBuf, ModelError> {
    let path = store.find(session).map_err(|error| refused(error.to_string()))?;
    if path.is_file() { Ok(path) } else { Err(refused(format!("there is no session {}", path.display()))) }
}

/// What the last attempt of a lane brought: the attempt itself is told by whoever asks.
fn answer_of(events: Vec<RunEvent>, lane: usize) -> Vec<RunEvent> {
    let mut answer = Vec::new();
    for event in events.into_iter().filter(|event| event.lane == lane) {
        match event.event {
            LaneEvent::AttemptStarted { .. } => answer.clear(),
            LaneEvent::Headers { .. } | LaneEvent::SettingsOmitted(_) | LaneEvent::Arrived(_) => answer.push(event),
            _ => {}
        }
    }
    answer
}

/// When and why a lane failed. An answer that was whole has not: whether its output fits is for whoever asks to see.
fn failure(run: &SavedRun) -> Option<(Duration, ModelError)> {
    let report = &run.report;
    let is_whole = report.status == Outcome::Completed
        || report.error.as_ref().is_some_and(|error| error.kind.is_of_whole_answer());
    let unended = || ModelError::new(ErrorKind::Truncated, "the session was saved before this answer had ended");
    let ended = report.attempts.last().and_then(|attempt| Some(attempt.started_ms + attempt.duration_ms?));
    let at = ended.and_then(|ms| Duration::try_from_secs_f64(ms / 1_000.0).ok()).unwrap_or_default();
    (!is_whole).then(|| (at, report.error.clone().unwrap_or_else(unended)))
}

impl Model for RecordedModel {
    fn id(&self) -> &str {
        &self.id
    }

    /// As the answer has it: a call of the tool for the output, or text.
    fn output_mode(&self, request: &Request) -> OutputMode {
        let picked = self.session.get().and_then(|session| pick::answer(session, self.lane.as_deref(), request).ok());
        let response = picked.and_then(|(turn, lane)| turn.runs[lane].report.response.as_ref());
        let is_call =
            |part: &ResponsePart| matches!(part, ResponsePart::ToolCall(call) if call.tool_name == OUTPUT_TOOL);
        let by_tool = response.is_none_or(|response| response.parts.iter().any(is_call));
        if by_tool { OutputMode::Tool } else { OutputMode::Prompted }
    }

    fn prepare(&self) -> BoxFuture<'_, Result<Slot, ModelError>> {
        Box::pin(async { self.session().await.map(|_| Slot::default()) })
    }

    fn request<'a>(
        &'a self,
        request: &'a Request,
        events: &'a EventSink,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<ModelResponse, ModelError>> {
        Box::pin(async move {
            tokio::select! {
                biased;
                () = cancel.cancelled() => Err(ModelError::cancelled()),
                result = self.play(request, events) => result,
            }
        })
    }
}
