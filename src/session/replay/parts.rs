//! A response's parts as the events that brought them.

use std::time::Duration;

use super::duration;
use crate::message::{ModelResponse, PartDelta, ResponsePart, StreamEvent, ToolArgs};
use crate::session::SavedEvent;
use crate::session::events::content;

type Arrival = (Duration, Vec<StreamEvent>);

/// What arrived when. Parts whose content the events don't tell come whole, at `whole_at`.
pub fn arrivals(response: &ModelResponse, saved: &[SavedEvent], whole_at: Duration) -> Vec<Arrival> {
    let mut player = Player::new(response, saved);
    for SavedEvent(at, part, delta) in saved {
        player.play(duration(*at), *part as usize, delta);
    }
    player.begin_before(whole_at, response.parts.len());
    player.name_all(whole_at);
    if player.arrivals.is_empty() {
        player.arrivals.push((whole_at, player.start.take().into_iter().collect()));
    }
    player.arrivals
}

/// How a part comes.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// Whole, with its first event.
    Whole,
    /// Bit by bit.
    Bits,
}

struct Player<'a> {
    parts: &'a [ResponsePart],
    ways: Vec<Way>,
    /// What tells who answers; it comes with the first arrival.
    start: Option<StreamEvent>,
    /// How many of the parts have begun.
    begun: usize,
    /// Which of the tool calls have begun without their name, which is a sight of its own.
    nameless: Vec<bool>,
    arrivals: Vec<Arrival>,
}

impl<'a> Player<'a> {
    fn new(response: &'a ModelResponse, saved: &[SavedEvent]) -> Self {
        let way = |(number, part): (usize, &ResponsePart)| {
            let deltas = saved.iter().filter(|event| event.1 as usize == number);
            let is_told = deltas.clone().next().is_some() || content(part).is_empty();
            let told: String = deltas.map(|event| event.2.as_str()).collect();
            if is_told && told == content(part) { Way::Bits } else { Way::Whole }
        };
        Self {
            parts: &response.parts,
            ways: response.parts.iter().enumerate().map(way).collect(),
            start: Some(start(response)),
            begun: 0,
            nameless: vec![false; response.parts.len()],
            arrivals: Vec::new(),
        }
    }

    fn play(&mut self, at: Duration, number: usize, delta: &str) {
        let Some(part) = self.parts.get(number) else { return };
        if number >= self.begun {
            self.begin_before(at, number);
            let first = if self.ways[number] == Way::Whole { part.clone() } else { shell(part, delta) };
            if first.is_visible() || delta.is_empty() {
                return self.begin(at, number, first);
            }
            self.begin_before(at, number + 1);
        }
        if self.ways[number] == Way::Bits {
            self.more(at, number, delta);
        }
    }

    /// Parts must begin in their order: those in front that have nothing to show yet begin unseen.
    fn begin_before(&mut self, at: Duration, number: usize) {
        while self.begun < number {
            let (place, mut part) = (self.begun, self.parts[self.begun].clone());
            if self.ways[place] == Way::Bits {
                part = shell(&part, "");
                if let ResponsePart::ToolCall(call) = &mut part {
                    self.nameless[place] = !std::mem::take(&mut call.tool_name).is_empty();
                }
            }
            self.begin(at, place, part);
        }
    }

    /// Tool calls that began unseen and of which nothing came get their names.
    fn name_all(&mut self, at: Duration) {
        for number in 0..self.begun {
            if self.nameless[number] {
                self.more(at, number, "");
            }
        }
    }

    fn begin(&mut self, at: Duration, index: usize, part: ResponsePart) {
        self.begun = index + 1;
        self.push(at, StreamEvent::part_start(index, part));
    }

    fn more(&mut self, at: Duration, index: usize, delta: &str) {
        let text = delta.to_owned();
        let delta = match &self.parts[index] {
            ResponsePart::Text(_) => PartDelta::text(text),
            ResponsePart::Thinking(_) => PartDelta::thinking(text),
            ResponsePart::ToolCall(call) => {
                let is_nameless = std::mem::take(&mut self.nameless[index]);
                let tool_name_delta = is_nameless.then(|| call.tool_name.clone());
                let args_delta = matches!(call.args, Some(ToolArgs::Json(_))).then_some(text);
                PartDelta::ToolCall { tool_name_delta, args_delta, tool_call_id: None }
            }
            ResponsePart::Other(_) => return,
        };
        self.push(at, StreamEvent::PartDelta { index, delta });
    }

    /// What came at the same time came together.
    fn push(&mut self, at: Duration, event: StreamEvent) {
        match self.arrivals.last_mut() {
            Some((last, events)) if *last == at => events.push(event),
            _ => self.arrivals.push((at, self.start.take().into_iter().chain([event]).collect())),
        }
    }
}

fn start(response: &ModelResponse) -> StreamEvent {
    StreamEvent::Start {
        model_name: response.model_name.clone(),
        provider_response_id: response.provider_response_id.clone(),
    }
}

/// A part as it begins, with the first of its content.
fn shell(part: &ResponsePart, first: &str) -> ResponsePart {
    let mut shell = part.clone();
    match &mut shell {
        ResponsePart::Text(shell) => first.clone_into(&mut shell.content),
        ResponsePart::Thinking(shell) => first.clone_into(&mut shell.content),
        ResponsePart::ToolCall(shell) => {
            if let Some(ToolArgs::Json(text)) = &mut shell.args {
                first.clone_into(text);
            }
        }
        ResponsePart::Other(_) => {}
    }
    shell
}
