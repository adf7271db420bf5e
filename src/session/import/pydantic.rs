//! PydanticAI's messages, as `ModelMessagesTypeAdapter` writes them: a turn per request and its response.

use jiff::Timestamp;

use super::Imported;
use crate::message::{
    ModelMessage, ModelRequest, ModelResponse, RequestPart, UserContent, UserPrompt, history_from_json,
};
use crate::run::LaneReport;
use crate::session::{SavedRun, Session};
use crate::settings::Settings;

/// The lane of answers that don't tell their model.
const UNNAMED: &str = "imported";

/// Makes a session of the messages.
///
/// # Errors
/// They are no messages, or a response stands where there was no request; with its place.
pub fn read(json: &[u8], now: Timestamp) -> Result<Imported, String> {
    let messages =
        history_from_json(json).map_err(|error| format!("it is no list of PydanticAI's messages: {error}"))?;
    let mut reader = Reader { session: Session::new(now, None, Settings::default()), notes: Vec::new(), asks: false };
    for (number, message) in messages.into_iter().enumerate() {
        match message {
            ModelMessage::Request(request) => reader.request(number + 1, &request, now),
            ModelMessage::Response(response) => reader.response(number + 1, response)?,
        }
    }
    if reader.session.turns.is_empty() {
        return Err("there is no message in it".to_owned());
    }
    let first = reader.session.turns[0].at;
    (reader.session.created_at, reader.session.updated_at) = (first, now);
    Ok(Imported { session: reader.session, notes: reader.notes })
}

struct Reader {
    session: Session,
    notes: Vec<String>,
    /// Whether the last turn waits for its response.
    asks: bool,
}

impl Reader {
    fn request(&mut self, number: usize, request: &ModelRequest, now: Timestamp) {
        let mut prompt = Vec::new();
        for part in &request.parts {
            match part {
                RequestPart::SystemPrompt(system) => self.system(number, &system.content),
                RequestPart::UserPrompt(user) => {
                    self.tell_of_media(number, user);
                    prompt.extend(user.content.texts().into_iter().map(str::to_owned));
                }
                RequestPart::ToolReturn(returned) => {
                    self.note(number, "what a tool returned stands in the prompt as text");
                    prompt.push(format!("{}: {}", returned.tool_name, returned.text()));
                }
                RequestPart::RetryPrompt(retry) => {
                    self.note(number, "what should be tried again stands in the prompt as text");
                    prompt.push(retry.text());
                }
                RequestPart::Other(_) => self.note(number, "a part of an unknown kind is left out"),
            }
        }
        if let Some(instructions) = &request.instructions {
            self.system(number, instructions);
        }
        self.session.begin_turn(&prompt.join("\n"), at(request).unwrap_or(now));
        self.asks = true;
    }

    /// A session has one system prompt: the first. The same again is no other.
    fn system(&mut self, number: usize, content: &str) {
        match &self.session.system {
            None => self.session.system = Some(content.to_owned()),
            Some(known) if known == content => {}
            Some(_) => self.note(number, "another system prompt than the first is left out"),
        }
    }

    fn tell_of_media(&mut self, number: usize, user: &UserPrompt) {
        if let UserContent::Items(items) = &user.content
            && items.len() > user.content.texts().len()
        {
            self.note(number, "what is no text in the prompt is left out");
        }
    }

    fn note(&mut self, number: usize, what: &str) {
        self.notes.push(format!("message {number}: {what}"));
    }

    fn response(&mut self, number: usize, response: ModelResponse) -> Result<(), String> {
        if !std::mem::take(&mut self.asks) {
            return Err(format!("message {number} is a response to no request"));
        }
        if let Some(turn) = self.session.turns.last_mut() {
            let started_at = response.timestamp.unwrap_or(turn.at);
            let report = LaneReport::from_elsewhere(&lane(&response), response);
            turn.runs.push(SavedRun::without_times(report, started_at));
        }
        Ok(())
    }
}

/// When it was asked.
fn at(request: &ModelRequest) -> Option<Timestamp> {
    let of_prompt = request.parts.iter().find_map(|part| match part {
        RequestPart::UserPrompt(user) => user.timestamp,
        _ => None,
    });
    of_prompt.or(request.timestamp)
}

/// The model as this program names it.
fn lane(response: &ModelResponse) -> String {
    let model = response.model_name.as_deref().filter(|name| !name.trim().is_empty());
    let provider = response.provider_name.as_deref().filter(|name| !name.trim().is_empty());
    match (provider, model) {
        (Some(provider), Some(model)) => format!("{provider}:{model}"),
        (None, Some(name)) | (Some(name), None) => name.to_owned(),
        (None, None) => UNNAMED.to_owned(),
    }
}
