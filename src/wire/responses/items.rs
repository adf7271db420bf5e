//! Which item of the output an event is about, and what was told of it so far.
//!
//! An event names its item by identifier and by index. Compatible servers leave out either, some give each event
//! another identifier, or all items the same identifier or index: the identifier counts where it is known, then the index.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{CITATIONS, PHASE, PROVIDER_NAME};
use crate::message::{Text, Thinking};
use crate::wire::parts;

/// How an event names its item.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place<'a> {
    /// The item's identifier.
    pub id: Option<&'a str>,
    /// Its place in the output.
    pub index: Option<u64>,
}

/// What is known of an item.
#[derive(Debug, Default)]
pub struct Known {
    /// Which one it is, counted by us.
    pub number: u64,
    id: Option<String>,
    index: Option<u64>,
    /// A message's role in the answer.
    pub phase: Option<String>,
    /// Whether its content came in pieces, so that the whole item has nothing new.
    pub is_told: bool,
    /// Whether raw reasoning was seen.
    pub is_raw: bool,
    /// The arguments so far of a call that has begun.
    pub args: Option<String>,
}

impl Known {
    /// The piece of its content with that index. Indices beyond reason may share a piece with another's.
    pub fn piece(&self, index: Option<u64>) -> parts::Piece {
        parts::Piece::Numbered((self.number << 32).wrapping_add(index.unwrap_or(0)))
    }

    /// A text part of this message.
    pub fn text(&self, content: String) -> Text {
        Text {
            content,
            id: self.id.clone(),
            provider_name: Some(PROVIDER_NAME.to_owned()),
            provider_details: self.phase.as_ref().map(|phase| json!({ PHASE: phase })),
            ..Text::default()
        }
    }

    /// What is to be told of a text that cites something.
    pub fn text_details(&self, citations: Vec<Value>) -> Option<Value> {
        let phase = self.phase.as_ref().map(|phase| (PHASE.to_owned(), Value::from(phase.as_str())));
        let citations = (!citations.is_empty()).then(|| (CITATIONS.to_owned(), Value::from(citations)))?;
        Some(phase.into_iter().chain([citations]).collect())
    }

    /// A thinking part of this reasoning.
    pub fn thinking(&self, content: String) -> Thinking {
        let provider_name = Some(PROVIDER_NAME.to_owned());
        Thinking { content, id: self.id.clone(), provider_name, ..Thinking::default() }
    }
}

/// The items so far.
#[derive(Debug, Default)]
pub struct Items {
    all: Vec<Known>,
    by_id: HashMap<String, usize>,
    by_index: HashMap<u64, usize>,
}

impl Items {
    /// Whether there is none yet.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// An item that begins here, if it hasn't yet.
    pub fn begin(&mut self, place: Place<'_>) -> &mut Known {
        let by_id = place.id.and_then(|id| self.by_id.get(id)).copied();
        let same = by_id.filter(|number| self.all[*number].index == place.index);
        let number = same.unwrap_or_else(|| self.add(place));
        &mut self.all[number]
    }

    /// The item that an event is about; a new one where its beginning was not told.
    pub fn find(&mut self, place: Place<'_>) -> &mut Known {
        let by_id = place.id.and_then(|id| self.by_id.get(id));
        let known = by_id.or_else(|| place.index.and_then(|index| self.by_index.get(&index))).copied();
        let is_nameless = place.id.is_none() && place.index.is_none();
        let last = self.all.len().checked_sub(1).filter(|_| is_nameless);
        let number = known.or(last).unwrap_or_else(|| self.add(place));
        &mut self.all[number]
    }

    fn add(&mut self, place: Place<'_>) -> usize {
        let number = self.all.len();
        if let Some(id) = place.id {
            self.by_id.insert(id.to_owned(), number);
        }
        if let Some(index) = place.index {
            self.by_index.insert(index, number);
        }
        let id = place.id.map(str::to_owned);
        self.all.push(Known { number: number as u64, id, index: place.index, ..Known::default() });
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(id: &str, index: impl Into<Option<u64>>) -> Place<'_> {
        Place { id: Some(id).filter(|id| !id.is_empty()), index: index.into() }
    }

    #[test]
    fn an_item_is_found_by_what_is_known_of_it() {
        let mut items = Items::default();
        assert_eq!(items.begin(at("a", 0)).number, 0);
        assert_eq!(items.begin(at("b", 0)).number, 1, "the same index for every item");
        assert_eq!(items.find(at("a", 0)).number, 0);
        assert_eq!(items.find(at("b", None)).number, 1);
        assert_eq!(items.find(at("another", 0)).number, 1, "another identifier in every event");
        assert_eq!(items.find(at("", None)).number, 1, "neither");
        assert_eq!(items.find(at("c", 7)).number, 2);
        assert_eq!(items.begin(at("c", 7)).number, 2);
        assert_eq!(items.begin(at("c", 8)).number, 3, "the same identifier for every item");
        assert_eq!(items.find(at("c", 8)).number, 3);
        assert_eq!(items.begin(at("", None)).number, 4);
    }
}
