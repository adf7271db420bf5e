//! Which part a line means. Programs number parts as they like; events number them densely.

use std::collections::HashMap;

use crate::message::{PartDelta, ResponsePart, StreamEvent};

/// The kinds of parts that can grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Thinking,
    ToolCall,
    Whole,
}

/// The parts that have begun.
#[derive(Debug, Default)]
pub struct Parts {
    kinds: Vec<Kind>,
    /// The program's numbers, and the parts that they mean.
    numbers: HashMap<u64, usize>,
    /// The part that was begun last and has not ended.
    open: Option<usize>,
}

impl Parts {
    /// A part begins under that number; without one it is the next.
    ///
    /// # Errors
    /// What is wrong with the number.
    pub fn start(&mut self, number: Option<u64>, part: ResponsePart, out: &mut Vec<StreamEvent>) -> Result<(), String> {
        let index = self.kinds.len();
        if let Some(number) = number
            && self.numbers.insert(number, index).is_some()
        {
            return Err(format!("part {number} begins a second time"));
        }
        self.begin(part, out);
        Ok(())
    }

    /// More of the part with that number; without one, of the last.
    ///
    /// # Errors
    /// There is no such part, or it is of another kind.
    pub fn more(&mut self, number: Option<u64>, delta: PartDelta, out: &mut Vec<StreamEvent>) -> Result<(), String> {
        let index = self.index(number)?;
        if self.kinds[index] != kind_of_delta(&delta) {
            return Err("the delta is of another kind than its part".to_owned());
        }
        out.push(StreamEvent::PartDelta { index, delta });
        Ok(())
    }

    /// The part with that number is whole; without one, the last is.
    ///
    /// # Errors
    /// There is no such part.
    pub fn end(&mut self, number: Option<u64>, out: &mut Vec<StreamEvent>) -> Result<(), String> {
        let index = self.index(number)?;
        if self.open == Some(index) {
            self.open = None;
        }
        out.push(StreamEvent::PartEnd { index });
        Ok(())
    }

    /// Running text or thinking: continues the last part when that is of the same kind. Nothing begins nothing.
    pub fn run_on(&mut self, part: ResponsePart, delta: PartDelta, out: &mut Vec<StreamEvent>) {
        if delta.content().is_empty() {
            return;
        }
        match self.open {
            Some(index) if self.kinds[index] == kind_of_delta(&delta) => {
                out.push(StreamEvent::PartDelta { index, delta });
            }
            _ => self.begin(part, out),
        }
    }

    /// A part begins; the one that was open is whole.
    pub fn begin(&mut self, part: ResponsePart, out: &mut Vec<StreamEvent>) {
        self.end_open(out);
        let index = self.kinds.len();
        self.kinds.push(kind_of(&part));
        self.open = Some(index);
        out.push(StreamEvent::part_start(index, part));
    }

    /// Ends the part that is open.
    pub fn end_open(&mut self, out: &mut Vec<StreamEvent>) {
        out.extend(self.open.take().map(|index| StreamEvent::PartEnd { index }));
    }

    fn index(&self, number: Option<u64>) -> Result<usize, String> {
        match number {
            Some(number) => self.numbers.get(&number).copied().ok_or_else(|| format!("part {number} has not begun")),
            None => self.kinds.len().checked_sub(1).ok_or_else(|| "no part has begun".to_owned()),
        }
    }
}

fn kind_of(part: &ResponsePart) -> Kind {
    match part {
        ResponsePart::Text(_) => Kind::Text,
        ResponsePart::Thinking(_) => Kind::Thinking,
        ResponsePart::ToolCall(_) => Kind::ToolCall,
        ResponsePart::Other(_) => Kind::Whole,
    }
}

fn kind_of_delta(delta: &PartDelta) -> Kind {
    match delta {
        PartDelta::Text { .. } => Kind::Text,
        PartDelta::Thinking { .. } => Kind::Thinking,
        PartDelta::ToolCall { .. } => Kind::ToolCall,
    }
}
