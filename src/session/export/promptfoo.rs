//! A session as a configuration that promptfoo evaluates: its prompts as tests, its models as providers.
//!
//! The format is that of <https://www.promptfoo.dev/docs/configuration/reference>, in JSON, which promptfoo reads as
//! `promptfooconfig.json`; names of providers are those of <https://www.promptfoo.dev/docs/providers>. Prompts of several
//! turns are one conversation, as <https://www.promptfoo.dev/docs/configuration/chat> tells it.
//!
//! A prompt is a variable of its test, so that braces in it are text and no template. promptfoo takes a variable that
//! begins with `file://` or `package:` for a file to load; such a prompt gets a space in front.

use serde_json::{Map, Value, json};

use super::Exported;
use crate::session::Session;
use crate::settings::Settings;

/// Our provider, promptfoo's, and which settings it takes by our names.
const PROVIDERS: &[(&str, &str, Takes)] = &[
    ("openai", "openai:chat", Takes::OpenAi),
    ("openai-responses", "openai:responses", Takes::Common),
    ("anthropic", "anthropic:messages", Takes::Common),
    ("google-gla", "google", Takes::Temperature),
    ("google-vertex", "vertex", Takes::Temperature),
    ("groq", "groq", Takes::OpenAi),
    ("mistral", "mistral", Takes::Common),
    ("cohere", "cohere", Takes::Temperature),
    ("bedrock", "bedrock", Takes::Temperature),
    ("azure", "azure:chat", Takes::OpenAi),
    ("deepseek", "deepseek", Takes::OpenAi),
    ("ollama", "ollama:chat", Takes::Temperature),
    ("openrouter", "openrouter", Takes::OpenAi),
    ("grok", "xai", Takes::OpenAi),
    ("xai", "xai", Takes::OpenAi),
    ("perplexity", "perplexity", Takes::OpenAi),
    ("fireworks", "fireworks", Takes::OpenAi),
    ("together", "togetherai", Takes::OpenAi),
];

/// Which settings a provider of promptfoo's takes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Takes {
    Temperature,
    Common,
    OpenAi,
}

/// The configuration, and which of the models it can't ask.
#[must_use]
pub fn export_promptfoo(session: &Session) -> Exported {
    let models = session.models();
    let (known, unknown): (Vec<&str>, Vec<&str>) = models.iter().partition(|model| mapped(model).is_some());
    let providers: Vec<_> = known.iter().filter_map(|model| provider(model, &session.settings)).collect();
    let mut config = Map::new();
    config.insert("$schema".to_owned(), "https://promptfoo.dev/config-schema.json".into());
    config.insert("description".to_owned(), session.title.as_str().into());
    config.insert("prompts".to_owned(), json!([{ "label": "llmbench", "raw": prompt(session) }]));
    if !providers.is_empty() {
        config.insert("providers".to_owned(), providers.into());
    }
    if let Some(system) = &session.system {
        config.insert("defaultTest".to_owned(), json!({ "vars": { "system": variable(system) } }));
    }
    config.insert("tests".to_owned(), tests(session));
    let text = serde_json::to_string_pretty(&config).unwrap_or_default();
    Exported { notes: notes(&unknown), ..Exported::from(text) }
}

fn mapped(model: &str) -> Option<(String, Takes)> {
    let (ours, name) = model.split_once(':').filter(|(_, name)| !name.is_empty())?;
    let (_, theirs, takes) = PROVIDERS.iter().find(|(known, ..)| *known == ours)?;
    Some((format!("{theirs}:{name}"), *takes))
}

fn provider(model: &str, settings: &Settings) -> Option<Value> {
    let (id, takes) = mapped(model)?;
    let config = config(settings, takes);
    let mut provider = Map::from_iter([("id".to_owned(), id.into()), ("label".to_owned(), model.into())]);
    if !config.is_empty() {
        provider.insert("config".to_owned(), config.into());
    }
    Some(provider.into())
}

fn config(settings: &Settings, takes: Takes) -> Map<String, Value> {
    let rows = [
        ("temperature", Takes::Temperature, settings.temperature.map(Value::from)),
        ("max_tokens", Takes::Common, settings.max_tokens.map(Value::from)),
        ("top_p", Takes::Common, settings.top_p.map(Value::from)),
        ("seed", Takes::OpenAi, settings.seed.map(Value::from)),
        ("stop", Takes::OpenAi, settings.stop_sequences.clone().map(Value::from)),
        ("presence_penalty", Takes::OpenAi, settings.presence_penalty.map(Value::from)),
        ("frequency_penalty", Takes::OpenAi, settings.frequency_penalty.map(Value::from)),
    ];
    let known = rows.into_iter().filter(|(_, least, _)| *least <= takes);
    known.filter_map(|(name, _, value)| Some((name.to_owned(), value?))).collect()
}

/// The prompt's template. One turn is JSON as it stands, whose texts are filled in once.
fn prompt(session: &Session) -> String {
    let system = session.system.is_some();
    if session.turns.len() > 1 {
        return conversation_template(system);
    }
    let message = |role: &str, name: &str| json!({ "role": role, "content": format!("{{{{{name}}}}}") });
    let first = system.then(|| message("system", "system"));
    first.into_iter().chain([message("user", "prompt")]).collect::<Value>().to_string()
}

/// The template of several turns: a loop over what was said. promptfoo fills such a template in twice: a brace must come
/// out of the first time as a template of itself.
#[must_use]
pub fn conversation_template(system: bool) -> String {
    let message = |role: &str, name: &str| {
        format!("{{\"role\": \"{role}\", \"content\": {{{{ {name} | replace('{{', \"{{{{ '{{' }}}}\") | dump }}}}}}")
    };
    let first = if system { message("system", "system") + ",\n" } else { String::new() };
    let said = [message("user", "completion.input"), message("assistant", "completion.output")].join(",\n");
    let asked = message("user", "prompt");
    format!("[\n{first}{{% for completion in _conversation %}}{said},\n{{% endfor %}}{asked}\n]")
}

fn tests(session: &Session) -> Value {
    let test = |(number, turn): (usize, &crate::session::Turn)| {
        json!({
            "description": format!("Turn {}", number + 1),
            "vars": { "prompt": variable(&turn.prompt) },
            "metadata": { "conversationId": session.id },
        })
    };
    session.turns.iter().enumerate().map(test).collect()
}

/// A text that promptfoo doesn't take for a file to load.
fn variable(text: &str) -> String {
    let is_loaded = text.starts_with("file://") || text.starts_with("package:");
    if is_loaded { format!(" {text}") } else { text.to_owned() }
}

fn notes(unknown: &[&str]) -> Vec<String> {
    let names = unknown.join(", ");
    let told = format!("promptfoo can't ask {names}: left out (promptfoo eval -r PROVIDER names another)");
    (!unknown.is_empty()).then_some(told).into_iter().collect()
}
