//! What stands behind `test:`: a name, then `option=value` after commas.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::catalog::closest;
use crate::wire::{ErrorKind, ModelError};

const KNOWN: [&str; 11] =
    ["ttft", "rate", "tokens", "thinking", "fail", "after", "text", "args", "seed", "chunk", "usage"];
const FAILURES: [&str; 4] = ["timeout", "connect", "cut", "provider"];

/// The most tokens to think or to answer with: they are all made before the first one is said.
const MAX_TOKENS: usize = 1_000_000;
const MAX_TOKENS_WANTED: &str = "a whole number up to 1000000";
/// The longest wait for the first token, in milliseconds.
const MAX_TTFT: u64 = 1_000_000_000;

/// How a test model shall answer. What is `None` is left to its voice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// To the first token.
    pub ttft: Option<Duration>,
    /// Tokens per second; 0 is as fast as possible.
    pub rate: Option<f64>,
    /// Tokens of the answer.
    pub tokens: Option<usize>,
    /// Tokens of thinking before it.
    pub thinking: Option<usize>,
    /// How it fails.
    pub fail: Option<Failure>,
    /// After how many tokens it fails.
    pub after: Option<usize>,
    /// The answer: PydanticAI's `custom_output_text`.
    pub text: Option<String>,
    /// The structured output: PydanticAI's `custom_output_args`.
    pub args: Option<Map<String, Value>>,
    /// What data is made up from.
    pub seed: Option<i64>,
    /// Tokens that arrive together.
    pub chunk: Option<usize>,
    /// Whether it keeps its usage to itself.
    pub hides_usage: bool,
}

/// How a test model fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// With this HTTP status.
    Status(u16),
    /// Nothing comes any more.
    Timeout,
    /// There is no connection.
    Connect,
    /// The stream breaks off.
    Cut,
    /// The provider reports an error inside its answer.
    Provider,
}

impl Options {
    /// Reads name and options; `id` is what the user wrote, for the error.
    pub fn parse(id: &str, spec: &str) -> Result<(String, Self), ModelError> {
        let (name, mut rest) = spec.split_once(',').map_or((spec, None), |(name, rest)| (name, Some(rest)));
        let mut options = Self::default();
        while let Some(text) = rest {
            if let Some(answer) = text.trim_start().strip_prefix("text=") {
                options.text = Some(answer.to_owned());
                break;
            }
            if let Some(output) = text.trim_start().strip_prefix("args=") {
                options.args = Some(serde_json::from_str(output).map_err(|_| refused(id, &bad_args(output)))?);
                break;
            }
            let (option, next) = text.split_once(',').map_or((text, None), |(option, next)| (option, Some(next)));
            options.set(option.trim()).map_err(|what| refused(id, &what))?;
            rest = next;
        }
        Ok((name.trim().to_owned(), options))
    }

    fn set(&mut self, option: &str) -> Result<(), (String, String)> {
        let (key, value) = option.split_once('=').unwrap_or((option, ""));
        let wants = |what: &str| (format!("{key} can't be {value:?}"), format!("{key} wants {what}"));
        let count = || value.parse::<usize>().map_err(|_| wants("a whole number"));
        let said = || count().ok().filter(|count| *count <= MAX_TOKENS).ok_or_else(|| wants(MAX_TOKENS_WANTED));
        match key {
            "ttft" => self.ttft = Some(milliseconds(value).ok_or_else(|| wants("milliseconds, at most 1000000000"))?),
            "rate" => self.rate = Some(rate(value).ok_or_else(|| wants("tokens per second, 0 for no wait"))?),
            "tokens" => self.tokens = Some(said()?),
            "thinking" => self.thinking = Some(said()?),
            "after" => self.after = Some(count()?),
            "seed" => self.seed = Some(value.parse().map_err(|_| wants("a whole number"))?),
            "chunk" => self.chunk = Some(count()?.max(1)),
            "fail" => self.fail = Some(failure(value).ok_or_else(|| bad_failure(value))?),
            "usage" => self.hides_usage = hides(value).ok_or_else(|| wants("on or off"))?,
            _ => return Err(unknown(key)),
        }
        Ok(())
    }
}

fn milliseconds(value: &str) -> Option<Duration> {
    value.parse().ok().filter(|milliseconds| *milliseconds <= MAX_TTFT).map(Duration::from_millis)
}

fn rate(value: &str) -> Option<f64> {
    value.parse().ok().filter(|rate: &f64| rate.is_finite() && (*rate == 0.0 || *rate >= 0.01))
}

fn hides(value: &str) -> Option<bool> {
    match value {
        "on" => Some(false),
        "off" => Some(true),
        _ => None,
    }
}

fn failure(value: &str) -> Option<Failure> {
    match value {
        "timeout" => Some(Failure::Timeout),
        "connect" => Some(Failure::Connect),
        "cut" => Some(Failure::Cut),
        "provider" => Some(Failure::Provider),
        _ => value.parse().ok().filter(|status| (400..600).contains(status)).map(Failure::Status),
    }
}

fn bad_args(value: &str) -> (String, String) {
    (format!("args can't be {value:?}"), "args wants a JSON object, as the last of the options".to_owned())
}

fn bad_failure(value: &str) -> (String, String) {
    let meant = closest(value, FAILURES).map_or_else(String::new, |name| format!("did you mean {name:?}? "));
    let known = FAILURES.join(", ");
    (format!("fail can't be {value:?}"), format!("{meant}fail wants a status from 400 to 599, or one of {known}"))
}

fn unknown(key: &str) -> (String, String) {
    let meant = closest(key, KNOWN).map_or_else(String::new, |name| format!("did you mean {name:?}? "));
    (format!("unknown option {key:?}"), format!("{meant}known are {}", KNOWN.join(", ")))
}

fn refused(id: &str, (what, hint): &(String, String)) -> ModelError {
    ModelError::new(ErrorKind::Config, format!("{id}: {what}")).with_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(spec: &str) -> (ErrorKind, String, String) {
        let error = Options::parse("test:x", spec).expect_err("refused");
        (error.kind, error.message, error.hint.unwrap_or_default())
    }

    #[test]
    fn every_option() {
        let spec = "poet,ttft=10,rate=0,tokens=3, thinking=4,fail=429,after=2,chunk=5,seed=-6,usage=off,text=a, b=c";
        let expected = Options {
            ttft: Some(Duration::from_millis(10)),
            rate: Some(0.0),
            tokens: Some(3),
            thinking: Some(4),
            fail: Some(Failure::Status(429)),
            after: Some(2),
            text: Some("a, b=c".to_owned()),
            args: None,
            seed: Some(-6),
            chunk: Some(5),
            hides_usage: true,
        };
        assert_eq!(Options::parse("test:x", spec), Ok(("poet".to_owned(), expected)));
        assert_eq!(Options::parse("test:x", "anyone"), Ok(("anyone".to_owned(), Options::default())));
    }

    #[test]
    fn output_is_an_object_to_the_end() {
        let args = Options::parse("test:x", "x,args={\"a\": 1, \"text\": \"b\"}").map(|(_, options)| options.args);
        assert_eq!(args.map(|args| args.map(Value::Object)), Ok(Some(serde_json::json!({"a": 1, "text": "b"}))));
    }

    #[test]
    fn wrong_ones_are_told() {
        let known = "known are ttft, rate, tokens, thinking, fail, after, text, args, seed, chunk, usage";
        let refused = |what: &str, hint: &str| (ErrorKind::Config, format!("test:x: {what}"), hint.to_owned());
        assert_eq!(
            refusal("x,tokns=3"),
            refused("unknown option \"tokns\"", &format!("did you mean \"tokens\"? {known}"))
        );
        assert_eq!(refusal("x,zzz"), refused("unknown option \"zzz\"", known));
        assert_eq!(refusal("x,rate=-1").1, "test:x: rate can't be \"-1\"");
        assert_eq!(refusal("x,after=many").2, "after wants a whole number");
        for count in ["many", "1000001", "3000000000"] {
            assert_eq!(refusal(&format!("x,tokens={count}")).2, "tokens wants a whole number up to 1000000");
            assert_eq!(refusal(&format!("x,thinking={count}")).2, "thinking wants a whole number up to 1000000");
        }
        assert_eq!(refusal("x,ttft=18446744073709551615").2, "ttft wants milliseconds, at most 1000000000");
        assert_eq!(
            refusal("x,fail=timout").2,
            "did you mean \"timeout\"? fail wants a status from 400 to 599, or one of timeout, connect, cut, provider"
        );
        assert_eq!(refusal("x,args=[1]").1, "test:x: args can't be \"[1]\"");
        assert_eq!(refusal("x,fail=200").1, "test:x: fail can't be \"200\"");
    }
}
