//! A program's output, line by line, as stream events.

use serde_json::{Map, Value};

use super::event::{self, Said};
use super::failure;
use super::lines::LineCutter;
use super::parts::Parts;
use crate::message::{PartDelta, ResponsePart, StreamEvent, ToolArgs, ToolCall};
use crate::settings::OutputMode;
use crate::wire::{Decoder, ErrorKind, ModelError, OUTPUT_TOOL};

/// How much of a line that can't be read is shown, in characters.
const SHOWN: usize = 120;

/// Reads the output of a program.
pub struct Lines {
    cutter: LineCutter,
    answer: Answer,
}

/// What the lines so far made.
struct Answer {
    /// The model that is asked, for the failures it reports.
    model: String,
    /// How structured output was asked for.
    mode: Option<OutputMode>,
    parts: Parts,
    calls: usize,
    begun: bool,
    finished: bool,
}

impl Lines {
    /// For an answer of that model, asked for structured output in this way.
    pub fn new(model: &str, mode: Option<OutputMode>) -> Self {
        let model = model.to_owned();
        let answer = Answer { model, mode, parts: Parts::default(), calls: 0, begun: false, finished: false };
        Self { cutter: LineCutter::default(), answer }
    }
}

impl Decoder for Lines {
    fn push(&mut self, bytes: &[u8], out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        self.answer.begun |= !bytes.trim_ascii().is_empty();
        self.cutter.push(bytes, &mut |number, line| self.answer.line(number, line, out))
    }

    fn finish(&mut self, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        if let Some((number, line)) = self.cutter.rest() {
            if serde_json::from_slice::<Value>(&line).is_err() {
                return Err(truncated(format!("the program's output ended in the middle of line {number}")));
            }
            self.answer.line(number, &line, out)?;
        }
        match (self.answer.finished, self.answer.begun) {
            (true, _) => Ok(()),
            (false, true) => Err(truncated("the program ended before its answer did (no finish was seen)")),
            (false, false) => Err(truncated("the program wrote nothing")),
        }
    }
}

fn truncated(message: impl Into<String>) -> ModelError {
    ModelError::new(ErrorKind::Truncated, message)
}

impl Answer {
    fn line(&mut self, number: usize, line: &[u8], out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        let line = line.trim_ascii();
        if line.is_empty() {
            return Ok(());
        }
        let wrong = |what: String| {
            ModelError::new(ErrorKind::Protocol, format!("line {number} of the program's output: {what}"))
        };
        let object: Map<String, Value> = serde_json::from_slice(line).map_err(|_| {
            wrong(format!("no JSON object: {}", shown(line))).with_hint("messages for people go to standard error")
        })?;
        for said in event::read(object).map_err(wrong)? {
            if let Said::Error(error) = said {
                return Err(failure::reported(&error, &self.model));
            }
            self.take(said, out).map_err(wrong)?;
        }
        Ok(())
    }

    fn take(&mut self, said: Said, out: &mut Vec<StreamEvent>) -> Result<(), String> {
        let adds = !matches!(said, Said::Usage(_) | Said::Start { .. } | Said::PartEnd { .. });
        if self.finished && adds {
            return Err("the answer was finished before it".to_owned());
        }
        match said {
            Said::Start { model_name, provider_response_id } => {
                out.push(StreamEvent::Start { model_name, provider_response_id });
            }
            Said::PartStart { number, part } => {
                let part = self.identified(part);
                return self.parts.start(number, part, out);
            }
            Said::PartDelta { number, delta } => return self.parts.more(number, delta, out),
            Said::PartEnd { number } => return self.parts.end(number, out),
            Said::Text(text) => self.parts.run_on(ResponsePart::text(&text), PartDelta::text(&text), out),
            Said::Thinking(text) => self.parts.run_on(ResponsePart::thinking(&text), PartDelta::thinking(&text), out),
            Said::ToolCall(call) => self.whole(ResponsePart::ToolCall(call), out),
            Said::Output(output) => self.output(output, out),
            Said::Usage(usage) => out.push(StreamEvent::usage(usage)),
            Said::Finish { reason, word } => {
                self.finished = true;
                self.parts.end_open(out);
                out.push(StreamEvent::Finish { finish_reason: reason, provider_finish_reason: word });
            }
            Said::Error(_) => {}
        }
        Ok(())
    }

    /// Structured output in the way in which it was asked for.
    fn output(&mut self, output: Value, out: &mut Vec<StreamEvent>) {
        let part = match (self.mode, output) {
            (Some(OutputMode::Tool), output) => {
                let args = match output {
                    Value::Object(fields) => ToolArgs::Object(fields),
                    other => ToolArgs::Json(other.to_string()),
                };
                let tool_name = OUTPUT_TOOL.to_owned();
                ResponsePart::ToolCall(ToolCall { tool_name, args: Some(args), ..ToolCall::default() })
            }
            (_, output) => ResponsePart::text(output.to_string()),
        };
        self.whole(part, out);
    }

    fn whole(&mut self, part: ResponsePart, out: &mut Vec<StreamEvent>) {
        let part = self.identified(part);
        self.parts.begin(part, out);
        self.parts.end_open(out);
    }

    /// A tool call without an identifier is given one.
    fn identified(&mut self, mut part: ResponsePart) -> ResponsePart {
        if let ResponsePart::ToolCall(call) = &mut part {
            self.calls += 1;
            if call.tool_call_id.is_empty() {
                call.tool_call_id = format!("call_{}", self.calls);
            }
        }
        part
    }
}

/// The beginning of a line that can't be read.
fn shown(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(&line[..line.len().min(4 * SHOWN)]);
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}
