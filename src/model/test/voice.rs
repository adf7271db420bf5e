//! Who speaks and how: pace, and sentences that take up the prompt's own words.
//!
//! A voice's text has paragraphs apart by empty lines. Each line offers alternatives apart by ` | `, of which name and
//! prompt pick one; they are joined by spaces, by line ends in a paragraph that begins with `=`, and by line breaks that
//! Markdown keeps in one that begins with `~`.

use std::time::Duration;

use super::mix;

/// How a name speaks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Voice {
    /// To the first token.
    pub ttft: Duration,
    /// Tokens per second.
    pub rate: f64,
    /// Whether it thinks before it answers.
    pub thinks: bool,
    /// Whether it is PydanticAI's own model, which answers at once and counts as PydanticAI does.
    pub is_pydantic_ai: bool,
    text: &'static str,
}

const THINKING: &str = include_str!("thinking.txt");

/// Words that ask, and say nothing of what about.
const EMPTY_WORDS: [&str; 40] = [
    "about", "after", "another", "because", "before", "between", "could", "describe", "does", "explain", "from",
    "give", "have", "held", "into", "just", "like", "list", "make", "many", "much", "name", "please", "some", "tell",
    "than", "that", "their", "there", "they", "this", "were", "what", "when", "where", "which", "with", "would",
    "write", "your",
];

impl Voice {
    /// The voice of that name; a name that nobody knows gets a pace of its own.
    pub fn of(name: &str) -> Self {
        let voice = |ttft, rate, thinks, text| Self {
            ttft: Duration::from_millis(ttft),
            rate,
            thinks,
            is_pydantic_ai: false,
            text,
        };
        match name {
            "test" => Self { is_pydantic_ai: true, ..voice(0, 0.0, false, "") },
            "storyteller" => voice(420, 45.0, false, include_str!("storyteller.txt")),
            "poet" => voice(800, 18.0, false, include_str!("poet.txt")),
            "thinker" => voice(300, 60.0, true, include_str!("thinker.txt")),
            "brief" => voice(120, 90.0, false, include_str!("brief.txt")),
            _ => {
                let seed = mix::seed(name);
                let rate = 25.0 + (mix::unit(seed, 1) * 50.0).round();
                voice(200 + mix::mix(seed, 0) % 500, rate, false, include_str!("other.txt"))
            }
        }
    }

    /// The answer to that prompt. Further `rounds` say more on the same.
    pub fn answer(&self, name: &str, prompt: &str, round: u64) -> String {
        compose(self.text, &Topic::of(prompt), mix::seed(name) ^ mix::seed(prompt).rotate_left(17) ^ round)
    }
}

/// What a voice that thinks thinks of that prompt.
pub fn thinking(name: &str, prompt: &str, round: u64) -> String {
    compose(THINKING, &Topic::of(prompt), mix::seed(name) ^ mix::seed(prompt) ^ round)
}

/// What a prompt is about, in its own words.
#[derive(Debug, PartialEq)]
struct Topic {
    prompt: String,
    subject: String,
    other: String,
}

impl Topic {
    fn of(prompt: &str) -> Self {
        let words: Vec<&str> = prompt.split(|c: char| !c.is_alphanumeric() && c != '\'').collect();
        let mut telling = words.iter().filter(|word| {
            word.chars().count() > 3 && EMPTY_WORDS.binary_search(&word.to_lowercase().as_str()).is_err()
        });
        let mut next = |otherwise: &str| telling.next().map_or_else(|| otherwise.to_owned(), |word| (*word).to_owned());
        let (subject, other) = (next("your question"), next("the context"));
        Self { prompt: shortened(prompt), subject, other }
    }
}

/// The first words of a prompt, on one line.
fn shortened(prompt: &str) -> String {
    const WORDS: usize = 12;
    let words: Vec<&str> = prompt.split_whitespace().collect();
    match words.get(..WORDS) {
        Some(first) if words.len() > WORDS => format!("{} …", first.join(" ")),
        _ if words.is_empty() => "…".to_owned(),
        _ => words.join(" "),
    }
}

fn compose(text: &str, topic: &Topic, seed: u64) -> String {
    let paragraphs = text.split("\n\n").enumerate();
    let composed = paragraphs.map(|(number, text)| paragraph(text.trim_end(), topic, mix::mix(seed, number as u64)));
    composed.collect::<Vec<_>>().join("\n\n")
}

fn paragraph(text: &str, topic: &Topic, seed: u64) -> String {
    let (lines, joiner) = joined_by(text);
    // Verses rhyme: all of a stanza is picked together.
    let is_verse = joiner.len() > 1 && lines.lines().count() > 1;
    let slots = lines.lines().enumerate().map(|(slot, line)| {
        let indent = &line[..line.len() - line.trim_start().len()];
        let alternatives: Vec<&str> = line.split(" | ").map(str::trim).collect();
        let chosen = mix::pick(&alternatives, seed, if is_verse { 0 } else { slot as u64 }).unwrap_or_default();
        format!("{indent}{}", filled(chosen, topic))
    });
    slots.collect::<Vec<_>>().join(joiner)
}

/// A paragraph's lines, and what stands between them.
fn joined_by(paragraph: &str) -> (&str, &'static str) {
    let marked = |mark, joiner| Some((paragraph.strip_prefix(mark)?, joiner));
    marked("=\n", "\n").or_else(|| marked("~\n", "  \n")).unwrap_or((paragraph, " "))
}

/// The prompt goes in last, so that no braces of its own are filled.
fn filled(sentence: &str, topic: &Topic) -> String {
    sentence.replace("{topic}", &topic.subject).replace("{other}", &topic.other).replacen("{prompt}", &topic.prompt, 1)
}

/// Cuts a text into pieces about as long as a model's tokens; joined again they are the text.
pub fn tokens(text: &str) -> Vec<&str> {
    const LETTERS: usize = 6;
    let mut tokens = Vec::new();
    let (mut begin, mut letters) = (0, 0);
    for (place, character) in text.char_indices() {
        let wide = !character.is_alphanumeric() || character as u32 > 0x2000;
        if place > begin && letters > 0 && (wide || letters == LETTERS) {
            tokens.push(&text[begin..place]);
            (begin, letters) = (place, 0);
        }
        letters += usize::from(!character.is_whitespace());
    }
    tokens.extend(text.get(begin..).filter(|rest| !rest.is_empty()));
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 5] = ["storyteller", "poet", "thinker", "brief", "somebody"];

    #[test]
    fn topics_are_the_prompts_own_words() {
        let topic = |prompt: &str| {
            let topic = Topic::of(prompt);
            (topic.subject, topic.other)
        };
        let words = |topic: &str, other: &str| (topic.to_owned(), other.to_owned());
        assert_eq!(topic("Where were the olympics held in 2012?"), words("olympics", "2012"));
        assert_eq!(topic("Hi!"), words("your question", "the context"));
        assert!(EMPTY_WORDS.is_sorted());
    }

    #[test]
    fn every_voice_fills_every_slot_and_repeats_itself() {
        for name in NAMES {
            for prompt in ["", "Why do cats purr?", "{topic} {prompt} {other} in braces"] {
                let voice = Voice::of(name);
                let answer = voice.answer(name, prompt, 0);
                assert_eq!(answer, voice.answer(name, prompt, 0));
                assert!(!answer.contains(" | "), "{answer}");
                assert_eq!(tokens(&answer).concat(), answer);
                assert!(prompt.contains('{') || !answer.contains("{topic}"), "{answer}");
            }
        }
    }

    #[test]
    fn a_cut_text_is_whole_again() {
        assert_eq!(tokens("Hello, wonderful 月光 é."), ["Hello", ",", " wonder", "ful", " 月", "光", " é", "."]);
        assert_eq!(tokens("a\n\n- b"), ["a", "\n\n-", " b"]);
        assert_eq!(tokens(""), [""; 0]);
    }
}
