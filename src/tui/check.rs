//! What the configuration says of the workbench, checked without opening it.

use super::Theme;
use super::keymap::Keymap;
use crate::catalog::closest;
use crate::config::{Config, ConfigError};

/// Checks theme and keys.
///
/// # Errors
/// Everything that is wrong with them, by place.
pub fn check(config: &Config) -> Result<(), ConfigError> {
    let theme = config.theme.as_ref().and_then(|theme| Some(theme.problem(unknown_theme(&theme.value)?)));
    let keys = Keymap::with_overrides(&config.keys).err().map(|error| [vec![error.message], error.more].concat());
    let problems = theme.into_iter().chain(keys.unwrap_or_default()).collect();
    ConfigError::of_problems(problems).map_or(Ok(()), Err)
}

/// The sentence about a theme that there is none of.
pub fn unknown_theme(name: &str) -> Option<String> {
    let themes = Theme::embedded();
    let names: Vec<_> = themes.iter().map(|theme| theme.name.as_str()).collect();
    if names.contains(&name) {
        return None;
    }
    let guess = closest(name, names.iter().copied()).map(|guess| format!(", did you mean {guess:?}?"));
    let remedy = guess.unwrap_or_else(|| format!("; there are {}", names.join(", ")));
    Some(format!("there is no theme {name:?}{remedy}"))
}
