//! When what arrives: a test model's whole answer, planned before the first token. No clock, no I/O.

use std::time::Duration;

use super::answer::{self, Channel, Token};
use super::mix;
use super::options::{Failure, Options};
use super::voice::Voice;
use crate::message::{FinishReason, ModelMessage, ResponsePart, StreamEvent, Usage};
use crate::model::{Request, estimate};
use crate::wire::ModelError;

/// A planned answer. Times count from the request.
#[derive(Debug, PartialEq)]
pub struct Schedule {
    /// When the headers come; `None`: never.
    pub headers: Option<Duration>,
    /// What arrives, in order.
    pub arrivals: Vec<(Duration, Vec<StreamEvent>)>,
    /// When and why it fails, if it does.
    pub failure: Option<(Duration, ModelError)>,
}

/// What is said, and at what pace.
struct Script<'a> {
    name: &'a str,
    options: &'a Options,
    /// Whether it is PydanticAI's own model that speaks.
    is_pydantic_ai: bool,
    ttft: Duration,
    rate: f64,
    tokens: Vec<Token>,
    /// Whether `max_tokens` cut it.
    is_cut: bool,
}

/// Plans the answer of `name` to the request, whose last prompt is `prompt`; `input` counts the tokens asked.
pub fn plan(name: &str, options: &Options, request: &Request, prompt: &str, input: u64) -> Schedule {
    let script = match Script::new(name, options, request, prompt) {
        Ok(script) => script,
        Err(error) => return Schedule { headers: None, arrivals: Vec::new(), failure: Some((Duration::ZERO, error)) },
    };
    match options.fail {
        Some(failure) => script.failing(failure, request.stream),
        None => script.whole(&request.messages, input, request.stream),
    }
}

impl<'a> Script<'a> {
    fn new(name: &'a str, options: &'a Options, request: &Request, prompt: &str) -> Result<Self, ModelError> {
        let voice = Voice::of(name);
        let rate = options.rate.unwrap_or(voice.rate);
        let ttft = options.ttft.unwrap_or(if rate == 0.0 { Duration::ZERO } else { voice.ttft });
        let mut tokens = answer::tokens(name, &voice, options, request, prompt)?;
        // PydanticAI's own model knows no limit.
        let limit = request.settings.max_tokens.filter(|_| !voice.is_pydantic_ai);
        let limit = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
        let is_cut = tokens.len() > limit;
        tokens.truncate(limit);
        Ok(Self { name, options, is_pydantic_ai: voice.is_pydantic_ai, ttft, rate, tokens, is_cut })
    }

    /// When each token comes: at the voice's rate, a little faster and slower as it goes.
    fn times(&self) -> Vec<Duration> {
        let seed = mix::seed(self.name);
        let mut at = self.ttft;
        let mut times = Vec::with_capacity(self.tokens.len());
        for index in 0..self.tokens.len() {
            times.push(at);
            if self.rate > 0.0 {
                at += Duration::from_secs_f64((0.6 + 0.8 * mix::unit(seed, index as u64)) / self.rate);
            }
        }
        times
    }

    /// Headers come a while before the first token.
    fn headers(&self) -> Duration {
        self.ttft.mul_f64(0.6)
    }

    fn start(&self) -> (Duration, Vec<StreamEvent>) {
        let start = StreamEvent::Start { model_name: Some(self.name.to_owned()), provider_response_id: None };
        (self.headers(), vec![start])
    }

    /// Arrivals of the first `count` tokens.
    fn arrivals(&self, count: usize) -> Vec<(Duration, Vec<StreamEvent>)> {
        let mut arrivals = vec![self.start()];
        let times = self.times();
        let mut part: Option<(usize, Channel)> = None;
        let mut place = 0;
        while let Some(first) = self.tokens[..count].get(place) {
            let same = self.tokens[place..count].iter().take(self.options.chunk.unwrap_or(1));
            let chunk: Vec<&Token> = same.take_while(|token| token.channel == first.channel).collect();
            let text: String = chunk.iter().map(|token| token.text.as_str()).collect();
            let (events, now) = said(part, first.channel, text);
            arrivals.push((times[place], events));
            part = Some(now);
            place += chunk.len();
        }
        if let (Some((index, _)), true) = (part, count == self.tokens.len()) {
            arrivals.push((times[count - 1], vec![StreamEvent::PartEnd { index }]));
        }
        arrivals
    }

    fn whole(&self, messages: &[ModelMessage], input: u64, stream: bool) -> Schedule {
        let mut arrivals = self.arrivals(self.tokens.len());
        let (at, mut last) = arrivals.pop().unwrap_or_else(|| self.start());
        if !self.options.hides_usage {
            let usage = if self.is_pydantic_ai { self.estimated(messages) } else { self.usage(input) };
            last.push(StreamEvent::usage(usage));
        }
        last.push(StreamEvent::Finish { finish_reason: self.finish_reason(), provider_finish_reason: None });
        arrivals.push((at, last));
        let schedule = Schedule { headers: Some(self.headers()), arrivals, failure: None };
        if stream { schedule } else { schedule.at_once() }
    }

    /// PydanticAI's own model tells none.
    fn finish_reason(&self) -> Option<FinishReason> {
        let calls = self.tokens.iter().any(|token| token.channel == Channel::Output);
        let reason = if calls { FinishReason::ToolCall } else { FinishReason::Stop };
        let reason = if self.is_cut { FinishReason::Length } else { reason };
        (!self.is_pydantic_ai).then_some(reason)
    }

    fn usage(&self, input: u64) -> Usage {
        let thinking = self.tokens.iter().filter(|token| token.channel == Channel::Thinking).count() as u64;
        Usage {
            input_tokens: Some(input),
            output_tokens: Some(self.tokens.len() as u64),
            output_reasoning_tokens: (thinking > 0).then_some(thinking),
            ..Usage::default()
        }
    }

    /// Tokens as PydanticAI's model counts them for an answer that doesn't stream; of one that streams it counts word by
    /// word, and no call at all.
    fn estimated(&self, messages: &[ModelMessage]) -> Usage {
        let mut usage = estimate::usage(messages);
        let parts: Vec<_> = self.tokens.chunk_by(|one, next| one.channel == next.channel).map(part).collect();
        usage.output_tokens = usage.output_tokens.map(|output| output + estimate::response_tokens(&parts));
        usage
    }

    /// The answer up to its failure. What does not stream is lost with it.
    fn failing(&self, failure: Failure, stream: bool) -> Schedule {
        let default = if failure == Failure::Cut { self.tokens.len() / 2 } else { 0 };
        let count = self.options.after.unwrap_or(default).min(self.tokens.len());
        let answers = match failure {
            Failure::Cut | Failure::Provider => true,
            Failure::Status(_) | Failure::Timeout | Failure::Connect => count > 0,
        };
        let mut arrivals = if answers && stream { self.arrivals(count) } else { Vec::new() };
        if count == self.tokens.len() && count > 0 {
            arrivals.pop();
        }
        let at = self.times().get(count).copied().or(self.times().last().copied()).unwrap_or(self.ttft);
        let has_headers = stream && (answers || matches!(failure, Failure::Status(_)));
        let error = failure.error(self.name, count > 0 && stream);
        Schedule { headers: has_headers.then(|| self.headers()), arrivals, failure: Some((at, error)) }
    }
}

impl Schedule {
    /// The same answer, not streamed: it comes when it is whole.
    fn at_once(self) -> Self {
        let at = self.arrivals.last().map(|(at, _)| *at).unwrap_or_default();
        let events = self.arrivals.into_iter().flat_map(|(_, events)| events).collect();
        Self { headers: Some(at), arrivals: vec![(at, events)], ..self }
    }
}

/// Tokens of one channel as the part that they make.
fn part(tokens: &[Token]) -> ResponsePart {
    let text = tokens.iter().map(|token| token.text.as_str()).collect();
    tokens.first().map_or(Channel::Text, |token| token.channel).part(text)
}

/// The events of one chunk, and the part that is open after it.
fn said(open: Option<(usize, Channel)>, channel: Channel, text: String) -> (Vec<StreamEvent>, (usize, Channel)) {
    match open {
        Some((index, of)) if of == channel => {
            (vec![StreamEvent::PartDelta { index, delta: channel.delta(text) }], (index, of))
        }
        before => {
            let end = before.map(|(index, _)| StreamEvent::PartEnd { index });
            let index = before.map_or(0, |(index, _)| index + 1);
            let start = StreamEvent::part_start(index, channel.part(text));
            (end.into_iter().chain([start]).collect(), (index, channel))
        }
    }
}
