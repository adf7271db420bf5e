//! A model's name with settings behind it: `openai:gpt-4o+temperature=0+seed=7`.

use super::parse::{is_key, parse_assignment, suggest};
use super::{SettingError, Settings};

/// The name, and the settings that stand behind it. A chain has none of its own: each of its members may.
///
/// # Errors
/// A setting that isn't known but looks like one, or a value of the wrong type.
pub fn split_variant(name: &str) -> Result<(&str, Settings), SettingError> {
    let (base, assignments) = variant_parts(name);
    let settings = assignments.iter().try_fold(Settings::default(), |all, one| parse_assignment(&all, one))?;
    Ok((base, settings))
}

/// The name, and each `KEY=VALUE` behind it as it is written.
#[must_use]
pub fn variant_parts(name: &str) -> (&str, Vec<&str>) {
    let begins: Vec<usize> = if name.starts_with("fallback:") { Vec::new() } else { assignments(name).collect() };
    let ends = begins.iter().skip(1).copied().chain([name.len()]);
    let parts = begins.iter().zip(ends).map(|(begin, end)| &name[begin + 1..end]).collect();
    (&name[..begins.first().copied().unwrap_or(name.len())], parts)
}

/// The places of each `+KEY=`. What is no setting's name, nor close to one, is part of the model's own.
fn assignments(name: &str) -> impl Iterator<Item = usize> {
    name.match_indices('+').map(|(at, _)| at).filter(|at| {
        let key = name[at + 1..].split_once('=').map(|(key, _)| key);
        key.is_some_and(|key| is_key(key) || is_word(key) && suggest(key).is_some())
    })
}

fn is_word(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Effort, Thinking};

    #[test]
    fn settings_stand_behind_the_name() {
        let cold = Settings { temperature: Some(0.0), ..Settings::default() };
        let table = [
            ("openai:gpt-4o", "openai:gpt-4o", Settings::default()),
            ("openai:gpt-4o+temperature=0", "openai:gpt-4o", cold.clone()),
            (
                "a+temperature=0+thinking=high+stop_sequences=[\"+seed\"]",
                "a",
                Settings {
                    thinking: Some(Thinking::Effort(Effort::High)),
                    stop_sequences: Some(vec!["+seed".to_owned()]),
                    ..cold
                },
            ),
            ("test:x,text=1+1=2", "test:x,text=1+1=2", Settings::default()),
            ("lab:qwen+vl=2", "lab:qwen+vl=2", Settings::default()),
            ("lab:c4ai+", "lab:c4ai+", Settings::default()),
            ("fallback:a+seed=1,b", "fallback:a+seed=1,b", Settings::default()),
        ];
        for (name, base, settings) in table {
            assert_eq!(split_variant(name), Ok((base, settings)), "{name}");
        }
    }

    #[test]
    fn what_looks_like_a_setting_is_told() {
        let told = |name: &str| split_variant(name).expect_err("refused").to_string();
        assert!(told("a+temprature=1").contains("did you mean \"temperature\"?"));
        assert!(told("a+temperature=hot").starts_with("temperature can't be \"hot\""));
        assert!(told("a+seed=1+timeout=0").starts_with("timeout can't be \"0\""));
    }
}
