//! A theme's file: one line for each name, and nothing else.

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

use super::Theme;

/// What is wrong with a theme's file.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// It is no TOML, a name is missing, or one is unknown.
    #[error(transparent)]
    File(#[from] toml::de::Error),
    /// A colour that is none.
    #[error("{name} = {colour:?} is no colour: write \"#rrggbb\", a name such as \"lightblue\", or \"default\"")]
    Colour {
        /// The name it was given to.
        name: &'static str,
        /// What stands there.
        colour: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    background: String,
    surface: String,
    text: String,
    dim: String,
    accent: String,
    border: String,
    border_focused: String,
    success: String,
    warning: String,
    error: String,
    thinking: String,
    code: String,
    code_background: String,
    selection: String,
    heading: String,
    link: String,
    user: String,
}

/// Reads the colours of a theme.
pub fn parse(text: &str) -> Result<Theme, ThemeError> {
    let file: File = toml::from_str(text)?;
    Ok(Theme {
        background: ground("background", &file.background)?,
        surface: ground("surface", &file.surface)?,
        text: ink("text", &file.text)?,
        dim: ink("dim", &file.dim)?,
        accent: ink("accent", &file.accent)?,
        border: ink("border", &file.border)?,
        border_focused: ink("border_focused", &file.border_focused)?,
        success: ink("success", &file.success)?,
        warning: ink("warning", &file.warning)?,
        error: ink("error", &file.error)?,
        thinking: ink("thinking", &file.thinking)?,
        code: ink("code", &file.code)?,
        code_background: ground("code_background", &file.code_background)?,
        selection: ground("selection", &file.selection)?,
        heading: ink("heading", &file.heading)?,
        link: ink("link", &file.link)?,
        user: ink("user", &file.user)?,
        name: file.name,
    })
}

/// A foreground; `dimmed` is the terminal's own, less bright.
fn ink(name: &'static str, text: &str) -> Result<Style, ThemeError> {
    if text == "dimmed" {
        return Ok(Style::new().fg(Color::Reset).add_modifier(Modifier::DIM));
    }
    colour(name, text).map(|colour| Style::new().fg(colour))
}

/// A background; `reversed` swaps the terminal's own two colours.
fn ground(name: &'static str, text: &str) -> Result<Style, ThemeError> {
    if text == "reversed" {
        return Ok(Style::new().add_modifier(Modifier::REVERSED));
    }
    colour(name, text).map(|colour| Style::new().bg(colour))
}

fn colour(name: &'static str, text: &str) -> Result<Color, ThemeError> {
    if text == "default" {
        return Ok(Color::Reset);
    }
    let colour = text.parse().ok().filter(|colour| !matches!(colour, Color::Indexed(_)));
    colour.ok_or_else(|| ThemeError::Colour { name, colour: text.to_owned() })
}
