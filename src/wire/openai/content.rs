//! What a message says. Usually a text; some compatible servers write a list of parts, thinking among them:
//! <https://docs.mistral.ai/capabilities/reasoning> and
//! <https://docs.databricks.com/aws/en/machine-learning/model-serving/query-reason-models>.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::wire::json::{Content as OnlyText, Text};

/// A message's content.
pub enum Content<'a> {
    /// A text; empty when there is none.
    Text(Cow<'a, str>),
    /// A list of parts.
    Parts(Vec<Part<'a>>),
}

/// A part of a message's content. Kinds that are not known say nothing.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Part<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow)]
    text: OnlyText<'a>,
    #[serde(borrow)]
    thinking: Content<'a>,
    #[serde(borrow)]
    summary: Content<'a>,
}

/// A piece of what is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said<'a> {
    /// For the reader.
    Text(&'a str),
    /// On the way to it.
    Thinking(&'a str),
}

impl Content<'_> {
    /// Tells everything that is said, in order. Nothing is allocated for a text, which nearly every chunk is.
    pub fn each<'s>(&'s self, say: &mut impl FnMut(Said<'s>)) {
        match self {
            Self::Text(text) => say(Said::Text(text)),
            Self::Parts(parts) => parts.iter().for_each(|part| part.each(say)),
        }
    }

    /// The texts in it, of whatever kind their parts are.
    fn texts(&self) -> Vec<&str> {
        match self {
            Self::Text(text) => vec![text],
            Self::Parts(parts) => parts.iter().map(|part| part.text.as_str()).collect(),
        }
    }
}

impl Part<'_> {
    fn each<'s>(&'s self, say: &mut impl FnMut(Said<'s>)) {
        match self.kind.or_empty() {
            "text" | "output_text" => say(Said::Text(self.text.as_str())),
            "thinking" => self.thinking.texts().into_iter().map(Said::Thinking).for_each(say),
            "reasoning" => self.summary.texts().into_iter().map(Said::Thinking).for_each(say),
            _ => {}
        }
    }
}

impl Default for Content<'_> {
    fn default() -> Self {
        Self::Text(Cow::Borrowed(""))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Content<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrParts)
    }
}

struct TextOrParts;

impl<'de> Visitor<'de> for TextOrParts {
    type Value = Content<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a list of parts, or null")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Content::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Content::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Content::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut parts = Vec::new();
        while let Some(part) = items.next_element()? {
            parts.push(part);
        }
        Ok(Content::Parts(parts))
    }
}
