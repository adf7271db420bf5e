//! What the configuration says of the workbench, checked without opening it.

use super::keymap::Keymap;
use super::theme::Themes;
use crate::config::{Config, ConfigError, Environment};

/// Checks theme, keys and the user's own themes.
///
/// # Errors
/// Everything that is wrong with them, by place.
pub fn check(config: &Config, environment: &Environment) -> Result<(), ConfigError> {
    let themes = Themes::read(config, environment);
    let problems = [named(config, &themes), themes.problems].concat();
    ConfigError::of_problems(problems).map_or(Ok(()), Err)
}

/// What is wrong with the theme that is named and with the keys, a sentence each.
pub fn named(config: &Config, themes: &Themes) -> Vec<String> {
    let theme = config.theme.as_ref().and_then(|theme| Some(theme.problem(themes.position(&theme.value).err()?)));
    let keys = Keymap::with_overrides(&config.keys).err().map(|error| [vec![error.message], error.more].concat());
    theme.into_iter().chain(keys.unwrap_or_default()).collect()
}
