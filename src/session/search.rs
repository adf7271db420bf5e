//! Finds sessions by what is in them: titles, prompts and answers. Files are read once and again when they have changed.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use memchr::memchr2;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::index::at_once;
use super::store::Stamp;

/// Characters of an excerpt before what was found, and of all of it.
const BEFORE: usize = 12;
const EXCERPT: usize = 160;

/// What was found in a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The session's file.
    pub path: PathBuf,
    /// Where: nothing for the title alone, else who said it (`None`: the user) and what stands around it.
    pub excerpt: Option<(Option<String>, String)>,
}

/// Looks for words in sessions, and remembers what it has read.
#[derive(Default)]
pub struct Searcher {
    texts: HashMap<PathBuf, (Stamp, Text)>,
}

/// What can be found in a session.
#[derive(Default)]
struct Text {
    title: String,
    /// Who said it (`None`: the user), and what.
    said: Vec<(Option<String>, String)>,
}

impl Searcher {
    /// Reads what has changed in these sessions, and forgets all others.
    pub fn read(&mut self, paths: &[PathBuf]) {
        let mut known = std::mem::take(&mut self.texts);
        let stale = |path: &&PathBuf| known.get(*path).map(|(stamp, _)| *stamp) != Stamp::of(path);
        let to_read: Vec<_> = paths.iter().filter(stale).cloned().collect();
        let read = at_once(&to_read, |path| Some((path.clone(), (Stamp::of(path)?, Text::read(path)?))));
        let new: HashMap<_, _> = read.into_iter().flatten().collect();
        self.texts = paths.iter().filter_map(|path| known.remove_entry(path)).chain(new).collect();
    }

    /// The sessions in which every word of the query stands somewhere, in the order of `paths`. Upper and lower case are
    /// one. What lies nowhere else than in a file that can't be read is not found.
    #[must_use]
    pub fn find(&self, paths: &[PathBuf], query: &str) -> Vec<Found> {
        let words: Vec<_> = query.split_whitespace().map(Word::new).collect();
        let found = at_once(paths, |path| {
            let (_, text) = self.texts.get(path)?;
            Some(Found { path: path.clone(), excerpt: text.find(&words)? })
        });
        found.into_iter().flatten().collect()
    }
}

impl Text {
    fn read(path: &Path) -> Option<Self> {
        let json = std::fs::read(path).ok()?;
        let body: Body<'_> = serde_json::from_slice(&json).ok()?;
        let mut said = Vec::new();
        for turn in body.turns {
            said.push((None, turn.prompt.into_owned()));
            for run in turn.runs {
                let parts = run.response.into_iter().flat_map(|response| response.parts);
                let texts = parts.filter_map(|part| part.text());
                said.extend(texts.map(|text| (Some(run.model.clone().into_owned()), text)));
            }
        }
        Some(Self { title: body.title.into_owned(), said })
    }

    /// The first place of the first word that doesn't stand in the title; `None` if a word stands nowhere.
    #[allow(clippy::type_complexity, clippy::option_option)] // Found nowhere, in the title, or there.
    fn find(&self, words: &[Word]) -> Option<Option<(Option<String>, String)>> {
        let mut first = None;
        for word in words {
            if word.place_in(&self.title).is_some() {
                continue;
            }
            let place = self.said.iter().find_map(|(who, text)| Some((who, text, word.place_in(text)?)))?;
            first = first.or(Some(place));
        }
        Some(first.map(|(who, text, at)| (who.clone(), excerpt(text, at))))
    }
}

/// What stands around a place, in one line.
fn excerpt(text: &str, at: usize) -> String {
    let from = text[..at].char_indices().rev().take(BEFORE).last().map_or(at, |(from, _)| from);
    // A word that is cut is left out.
    let blank = text[from..at].find(char::is_whitespace).filter(|_| from > 0);
    let from = blank.map_or(from, |blank| from + blank);
    let shown: String = text[from..].chars().take(EXCERPT).collect();
    let line = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    if from > 0 { format!("…{line}") } else { line }
}

/// A word that is looked for.
struct Word {
    /// In lower case.
    folded: String,
}

impl Word {
    fn new(word: &str) -> Self {
        Self { folded: word.chars().map(fold).collect() }
    }

    /// Where the word stands first.
    fn place_in(&self, text: &str) -> Option<usize> {
        if self.folded.is_ascii() { self.place_of_ascii(text.as_bytes()) } else { self.place_of_any(text) }
    }

    /// Bytes of ASCII are never part of another character.
    fn place_of_ascii(&self, text: &[u8]) -> Option<usize> {
        let word = self.folded.as_bytes();
        let first = *word.first()?;
        let mut from = 0;
        while let Some(at) = memchr2(first, first.to_ascii_uppercase(), text.get(from..)?) {
            let place = from + at;
            if text.get(place..place + word.len())?.eq_ignore_ascii_case(word) {
                return Some(place);
            }
            from = place + 1;
        }
        None
    }

    fn place_of_any(&self, text: &str) -> Option<usize> {
        let folded: String = text.chars().map(fold).collect();
        let place = folded.find(&self.folded)?;
        // Folding changes the length of characters, and never their number.
        let number = folded[..place].chars().count();
        text.char_indices().nth(number).map(|(at, _)| at)
    }
}

/// A character's lower case, as far as that is one character.
fn fold(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(lower), None) => lower,
        _ => c,
    }
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(default, borrow)]
    title: Cow<'a, str>,
    #[serde(default, borrow)]
    turns: Vec<TurnBody<'a>>,
}

#[derive(Deserialize)]
struct TurnBody<'a> {
    #[serde(borrow)]
    prompt: Cow<'a, str>,
    #[serde(default, borrow)]
    runs: Vec<RunBody<'a>>,
}

#[derive(Deserialize)]
struct RunBody<'a> {
    #[serde(borrow)]
    model: Cow<'a, str>,
    #[serde(default, borrow)]
    response: Option<ResponseBody<'a>>,
}

#[derive(Deserialize)]
struct ResponseBody<'a> {
    #[serde(default, borrow)]
    parts: Vec<PartBody<'a>>,
}

/// Text and thinking have content that is text; of a call it is the arguments that tell something.
#[derive(Deserialize)]
struct PartBody<'a> {
    #[serde(default, borrow)]
    content: Option<&'a RawValue>,
    #[serde(default, borrow)]
    args: Option<&'a RawValue>,
}

impl PartBody<'_> {
    fn text(&self) -> Option<String> {
        let raw = self.content.or(self.args)?.get();
        Some(serde_json::from_str(raw).unwrap_or_else(|_| raw.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whatever_their_case() {
        let place = |word: &str, text: &str| Word::new(word).place_in(text);
        assert_eq!(place("LONDON", "In London."), Some(3));
        assert_eq!(place("aab", "aaab"), Some(1));
        assert_eq!(place("zoë", "x ZOË"), Some(2));
        assert_eq!(place("ë", "İİË"), Some(4), "what folds to two characters stays as it is");
        assert_eq!(place("ë", "e"), None);
        assert_eq!(place("x", ""), None);
        assert_eq!(place("longer", "long"), None);
    }

    #[test]
    fn an_excerpt_is_one_line_around_the_place() {
        assert_eq!(excerpt("a\n\nb", 3), "a b");
        let long = format!("{}月 found {}", "x".repeat(99), "y".repeat(999));
        let at = long.find("found").expect("there");
        let shown = excerpt(&long, at);
        assert!(shown.starts_with("…found yyy"), "{shown}");
        assert!(shown.chars().count() <= EXCERPT + 1);
    }

    #[test]
    fn every_word_must_stand_somewhere() {
        let said = vec![(None, "Where?".to_owned()), (Some("a".to_owned()), "In London, UK".to_owned())];
        let text = Text { title: "Olympic games".to_owned(), said };
        let find = |query: &str| text.find(&query.split_whitespace().map(Word::new).collect::<Vec<_>>());
        assert_eq!(find("games"), Some(None));
        let london = Some(Some((Some("a".to_owned()), "In London, UK".to_owned())));
        assert_eq!(find("london games"), london);
        assert_eq!(find("london paris"), None);
        assert_eq!(find("where"), Some(Some((None, "Where?".to_owned()))));
    }
}
