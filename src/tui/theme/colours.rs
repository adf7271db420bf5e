//! A theme's file: one line for each name, and nothing else.

use std::path::Path;

use ratatui::style::{Color, Modifier, Style};

use super::Theme;
use crate::config::{ConfigError, Table, document};

const PLACE: &str = "in the theme";

/// The names of a theme's file besides its own.
const NAMES: [&str; 17] = [
    "background",
    "surface",
    "text",
    "dim",
    "accent",
    "border",
    "border_focused",
    "success",
    "warning",
    "error",
    "thinking",
    "code",
    "code_background",
    "selection",
    "heading",
    "link",
    "user",
];

/// Reads the colours of a theme. One that doesn't say its name is called as its file is.
///
/// # Errors
/// Everything that is wrong with the file, by place.
pub fn parse(path: &Path, text: &str) -> Result<Theme, ConfigError> {
    document(path, text, |table| theme(path, table)).map(|(theme, _)| theme)
}

fn theme(path: &Path, table: &Table<'_>) -> Theme {
    let known: Vec<_> = std::iter::once("name").chain(NAMES).collect();
    table.only(PLACE, &known);
    let missing: Vec<_> = NAMES.into_iter().filter(|name| table.get(name).is_none()).collect();
    if !missing.is_empty() {
        table.source.problem(table.at, format!("the theme says nothing of {}", missing.join(", ")));
    }
    let own_name = path.file_stem().unwrap_or_default().to_string_lossy();
    Theme {
        name: table.string(PLACE, "name").unwrap_or_else(|| own_name.into_owned()),
        background: ground(table, "background"),
        surface: ground(table, "surface"),
        text: ink(table, "text"),
        dim: ink(table, "dim"),
        accent: ink(table, "accent"),
        border: ink(table, "border"),
        border_focused: ink(table, "border_focused"),
        success: ink(table, "success"),
        warning: ink(table, "warning"),
        error: ink(table, "error"),
        thinking: ink(table, "thinking"),
        code: ink(table, "code"),
        code_background: ground(table, "code_background"),
        selection: ground(table, "selection"),
        heading: ink(table, "heading"),
        link: ink(table, "link"),
        user: ink(table, "user"),
    }
}

/// A foreground; `dimmed` is the terminal's own, less bright.
fn ink(table: &Table<'_>, name: &str) -> Style {
    match given(table, name).as_deref() {
        Some("dimmed") => Style::new().fg(Color::Reset).add_modifier(Modifier::DIM),
        given => given.and_then(|given| colour(table, name, given)).map_or(Style::new(), |ink| Style::new().fg(ink)),
    }
}

/// A background; `reversed` swaps the terminal's own two colours.
fn ground(table: &Table<'_>, name: &str) -> Style {
    match given(table, name).as_deref() {
        Some("reversed") => Style::new().add_modifier(Modifier::REVERSED),
        given => {
            given.and_then(|given| colour(table, name, given)).map_or(Style::new(), |ground| Style::new().bg(ground))
        }
    }
}

fn given(table: &Table<'_>, name: &str) -> Option<String> {
    table.string(PLACE, name)
}

fn colour(table: &Table<'_>, name: &str, given: &str) -> Option<Color> {
    if given == "default" {
        return Some(Color::Reset);
    }
    let colour = given.parse().ok().filter(|colour| !matches!(colour, Color::Indexed(_)));
    if let (None, Some((_, value))) = (colour, table.get(name)) {
        let what = "is no colour: write \"#rrggbb\", a name such as \"lightblue\", or \"default\"";
        table.source.problem(value.span().start, format!("{name} = {given:?} {what}"));
    }
    colour
}
