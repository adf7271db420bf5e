//! How a chat completion ends: with the model's own word, which some vendors repeat, and in a stream with `[DONE]` after
//! it, behind which nothing is read.

use crate::message::{FinishReason, StreamEvent};
use crate::wire::parts::Parts;

/// The end of a chat completion, as far as it was told.
#[derive(Debug, Default)]
pub struct Ending {
    word: Option<String>,
    done: bool,
}

impl Ending {
    /// Whether an event's data brings nothing to read: it is empty, says that all was told, or comes after that.
    pub fn is_nothing(&mut self, data: &str) -> bool {
        self.done |= data.trim() == "[DONE]";
        self.done || data.is_empty()
    }

    /// Whether the model's own end was told.
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.word.is_some()
    }

    /// The model has stopped: the interface's word, what it means, and the word of the model's own vendor where a gateway
    /// tells both. An empty word is the end of a whole answer that told none.
    pub fn tell(
        &mut self,
        word: &str,
        reason: Option<FinishReason>,
        native: Option<&str>,
        parts: &mut Parts,
        out: &mut Vec<StreamEvent>,
    ) {
        if self.word.as_deref() == Some(word) {
            return;
        }
        self.word = Some(word.to_owned());
        parts.end_open(out);
        let provider_finish_reason = Some(native.unwrap_or(word).to_owned()).filter(|word| !word.is_empty());
        out.push(StreamEvent::Finish { finish_reason: reason, provider_finish_reason });
    }
}
