//! promptfoo's prompts, to be asked: a configuration in JSON, or a list of prompts.
//!
//! The format is that of <https://www.promptfoo.dev/docs/configuration/reference>. Each prompt is filled in with each
//! test's variables, as promptfoo does. Of its templates `{{ name }}` and `{{ name | dump }}` are known; anything else
//! would be asked wrongly, and is an error.

mod template;

use jiff::Timestamp;
use serde_json::{Map, Value};

use self::template::filled;
use super::Imported;
use crate::session::Session;
use crate::session::export::conversation_template;
use crate::settings::Settings;

/// More prompts than anybody means: lists in variables multiply.
const MOST: usize = 1_000;

type Vars = Map<String, Value>;

/// Makes a session whose prompts are there to be asked.
///
/// # Errors
/// There are no prompts, or one can't be asked as promptfoo would; with its place.
pub fn read(config: &Value, now: Timestamp) -> Result<Imported, String> {
    let prompts = prompts(config)?;
    let tests = tests(config)?;
    let mut session = Session::new(now, None, Settings::default());
    for (place, raw) in &prompts {
        for (test, vars) in &tests {
            let place = test.as_ref().map_or_else(|| place.clone(), |test| format!("{place} with {test}"));
            add(&mut session, raw, vars, now).map_err(|cause| format!("{place}: {cause}"))?;
        }
    }
    if let Some(title) = config.get("description").and_then(Value::as_str).filter(|title| !title.trim().is_empty()) {
        title.trim().clone_into(&mut session.title);
    }
    Ok(Imported { session, notes: notes(config) })
}

/// The prompts with their places.
fn prompts(config: &Value) -> Result<Vec<(String, String)>, String> {
    let prompts = match config {
        Value::Array(_) => config,
        _ => config.get("prompts").ok_or("it holds neither messages nor \"prompts\"")?,
    };
    let one = |place: String, prompt: &Value| match prompt.as_str().or_else(|| prompt.get("raw")?.as_str()) {
        Some(raw) if is_file(raw) => Err(format!("{place} names a file, which is not read: put its text there")),
        Some(raw) => Ok((place, raw.to_owned())),
        None => Err(format!("{place} is no text, nor has it a text in \"raw\"")),
    };
    match prompts {
        Value::Array(items) if items.is_empty() => Err("there are no prompts in it".to_owned()),
        Value::Array(items) => {
            items.iter().enumerate().map(|(at, prompt)| one(format!("prompts[{at}]"), prompt)).collect()
        }
        prompt => Ok(vec![one("prompts".to_owned(), prompt)?]),
    }
}

fn is_file(text: &str) -> bool {
    ["file://", "exec:", "langfuse://", "portkey://", "helicone://"].iter().any(|scheme| text.starts_with(scheme))
}

/// Every set of variables with its place; one without any when there are no tests.
fn tests(config: &Value) -> Result<Vec<(Option<String>, Vars)>, String> {
    let of_all = vars("defaultTest.vars", config.get("defaultTest").and_then(|test| test.get("vars")))?;
    let tests = match config.get("tests") {
        None | Some(Value::Null) => return Ok(vec![(None, of_all)]),
        Some(Value::Array(tests)) => tests,
        Some(_) => return Err("tests is no list: tests of another file are not read".to_owned()),
    };
    let mut all = Vec::new();
    for (at, test) in tests.iter().enumerate() {
        let place = format!("tests[{at}]");
        if !test.is_object() {
            return Err(format!("{place} is no test: tests of another file are not read"));
        }
        let mut own = of_all.clone();
        own.extend(vars(&format!("{place}.vars"), test.get("vars"))?);
        all.extend(combinations(own).into_iter().map(|vars| (Some(place.clone()), vars)));
        if all.len() > MOST {
            return Err(format!("{place}: there are more than {MOST} sets of variables"));
        }
    }
    Ok(if all.is_empty() { vec![(None, of_all)] } else { all })
}

fn vars(place: &str, vars: Option<&Value>) -> Result<Vars, String> {
    match vars {
        None | Some(Value::Null) => Ok(Vars::new()),
        Some(Value::Object(vars)) => Ok(vars.clone()),
        Some(_) => Err(format!("{place} is no object: variables of another file are not read")),
    }
}

/// A list of texts stands for each of them, as in promptfoo.
fn combinations(vars: Vars) -> Vec<Vars> {
    let mut all = vec![Vars::new()];
    for (name, value) in vars {
        let values = match value {
            Value::Array(values) if values.first().is_some_and(Value::is_string) => values,
            value => vec![value],
        };
        // One more than the most is enough to be refused.
        let more = all.iter().flat_map(|vars| {
            values.iter().map(|value| vars.clone().into_iter().chain([(name.clone(), value.clone())]).collect::<Vars>())
        });
        all = more.take(MOST + 1).collect();
    }
    all
}

/// Adds a prompt, filled in.
fn add(session: &mut Session, raw: &str, vars: &Vars, now: Timestamp) -> Result<(), String> {
    let text = |name: &str| vars.get(name).and_then(Value::as_str).map(str::to_owned);
    let own = [true, false].into_iter().find(|system| raw == conversation_template(*system));
    let (system, prompt) = match (own, text("prompt")) {
        (Some(with_system), Some(prompt)) => (text("system").filter(|_| with_system), prompt),
        _ => asked(&filled(raw, vars)?)?,
    };
    if !session.turns.is_empty() && session.system != system {
        return Err("it has another system prompt than the first, and a session has one: split the file".to_owned());
    }
    if session.turns.len() >= MOST {
        return Err(format!("there are more than {MOST} prompts"));
    }
    session.system = system;
    session.begin_turn(&prompt, now);
    Ok(())
}

/// System prompt and prompt of a text, or of messages as OpenAI writes them.
fn asked(text: &str) -> Result<(Option<String>, String), String> {
    let Ok(Value::Array(messages)) = serde_json::from_str(text) else { return Ok((None, text.to_owned())) };
    let message = |message: &Value| {
        let of = |name: &str| message.get(name).and_then(Value::as_str).map(str::to_owned);
        Some((of("role")?, of("content")?))
    };
    let Some(messages) = messages.iter().map(message).collect::<Option<Vec<_>>>() else {
        return Ok((None, text.to_owned()));
    };
    match &messages[..] {
        [(role, prompt)] if role == "user" => Ok((None, prompt.clone())),
        [(first, system), (role, prompt)] if matches!(first.as_str(), "system" | "developer") && role == "user" => {
            Ok((Some(system.clone()), prompt.clone()))
        }
        _ => Err("of messages only a system message and one of the user's can be asked".to_owned()),
    }
}

/// What of a configuration has no place in a session.
fn notes(config: &Value) -> Vec<String> {
    let has = |value: &Value, name: &str| value.get(name).is_some_and(|value| !value.is_null());
    let tests = config.get("tests").and_then(Value::as_array).map_or(&[][..], |tests| &tests[..]);
    let asserts = tests.iter().chain(config.get("defaultTest")).any(|test| has(test, "assert"));
    let told = [
        (has(config, "providers") || has(config, "targets"), "providers are left out: pick models to ask"),
        (asserts, "assertions are left out"),
    ];
    told.into_iter().filter(|(is_so, _)| *is_so).map(|(_, what)| what.to_owned()).collect()
}
