//! Calls of functions in answers: an identifier, a name, and arguments as JSON text, which may come in pieces.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::message::StreamEvent;
use crate::wire::json::{Count, Text};
use crate::wire::parts::{Parts, ToolChunk};

/// A call, or a piece of one.
#[derive(Deserialize)]
pub struct FunctionCall<'a> {
    index: Option<Count>,
    #[serde(borrow, default)]
    id: Text<'a>,
    #[serde(borrow)]
    function: Option<Function<'a>>,
}

#[derive(Deserialize)]
struct Function<'a> {
    #[serde(borrow, default)]
    name: Text<'a>,
    /// JSON text in a string; some servers put the object itself here.
    #[serde(borrow)]
    arguments: Option<&'a RawValue>,
}

impl FunctionCall<'_> {
    /// The number that the vendor gives to the call.
    pub fn number(&self) -> Option<u64> {
        self.index?.0
    }

    /// Adds it to the call with that number, or begins that call.
    pub fn add_to(&self, parts: &mut Parts, number: u64, out: &mut Vec<StreamEvent>) {
        let Some(function) = &self.function else { return };
        let args = function.arguments.map(arguments).unwrap_or_default();
        // Mistral has sent the word for an identifier that is missing.
        let id = self.id.get().filter(|id| *id != "null");
        parts.tool_call(number, ToolChunk { id, name: function.name.get(), args: Some(&args) }, out);
    }
}

fn arguments(raw: &RawValue) -> String {
    match serde_json::from_str::<Option<String>>(raw.get()) {
        Ok(text) => text.unwrap_or_default(),
        Err(_) => raw.get().to_owned(),
    }
}
