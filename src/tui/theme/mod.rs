//! Colours by what they mean, from `themes/*.toml`. No other part knows a colour.

mod colours;
#[cfg(test)]
mod tests;
mod themes;

use std::path::Path;

use ratatui::style::{Modifier, Style};

pub use themes::Themes;

use crate::config::ConfigError;

/// The files that are part of the program, the default first.
const EMBEDDED: [(&str, &str); 13] = [
    ("default.toml", include_str!("../../../themes/default.toml")),
    ("light.toml", include_str!("../../../themes/light.toml")),
    ("contrast.toml", include_str!("../../../themes/contrast.toml")),
    ("contrast-light.toml", include_str!("../../../themes/contrast-light.toml")),
    ("catppuccin-mocha.toml", include_str!("../../../themes/catppuccin-mocha.toml")),
    ("catppuccin-latte.toml", include_str!("../../../themes/catppuccin-latte.toml")),
    ("gruvbox-dark.toml", include_str!("../../../themes/gruvbox-dark.toml")),
    ("gruvbox-light.toml", include_str!("../../../themes/gruvbox-light.toml")),
    ("nord.toml", include_str!("../../../themes/nord.toml")),
    ("solarized-dark.toml", include_str!("../../../themes/solarized-dark.toml")),
    ("solarized-light.toml", include_str!("../../../themes/solarized-light.toml")),
    ("tokyo-night.toml", include_str!("../../../themes/tokyo-night.toml")),
    ("terminal.toml", include_str!("../../../themes/terminal.toml")),
];

/// Styles by what they mean. Each brings a foreground or a background and is patched over what lies below.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Its name.
    pub name: String,
    /// The ground of everything.
    pub background: Style,
    /// The ground of bars and of what lies over the workbench.
    pub surface: Style,
    /// Text.
    pub text: Style,
    /// Text of less weight.
    pub dim: Style,
    /// What to look at first.
    pub accent: Style,
    /// The frame of what has no focus.
    pub border: Style,
    /// The frame of what has the focus.
    pub border_focused: Style,
    /// It went well.
    pub success: Style,
    /// It needs a look.
    pub warning: Style,
    /// It went wrong.
    pub error: Style,
    /// A model's thinking.
    pub thinking: Style,
    /// Code.
    pub code: Style,
    /// The ground of code.
    pub code_background: Style,
    /// The row under the cursor.
    pub selection: Style,
    /// Headings.
    pub heading: Style,
    /// Links.
    pub link: Style,
    /// What the user said.
    pub user: Style,
}

impl Theme {
    /// The embedded themes, the default one first.
    #[must_use]
    pub fn embedded() -> Vec<Self> {
        EMBEDDED.iter().filter_map(|(file, text)| Self::parse(Path::new(file), text).ok()).collect()
    }

    /// Reads a theme. Every name must be there, and none that is unknown.
    ///
    /// # Errors
    /// Everything that is wrong with the file, by place.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        colours::parse(path, text).map(Self::with_modifiers)
    }

    /// No colour at all: everything is told by weight, slant and underline alone.
    #[must_use]
    pub fn without_colour() -> Self {
        let plain = Style::new();
        let theme = Self {
            name: "no colour".to_owned(),
            background: plain,
            surface: plain,
            text: plain,
            dim: plain.add_modifier(Modifier::DIM),
            accent: plain.add_modifier(Modifier::BOLD),
            border: plain.add_modifier(Modifier::DIM),
            border_focused: plain,
            success: plain,
            warning: plain,
            error: plain.add_modifier(Modifier::BOLD),
            thinking: plain.add_modifier(Modifier::DIM),
            code: plain.add_modifier(Modifier::BOLD),
            code_background: plain,
            selection: plain.add_modifier(Modifier::REVERSED),
            heading: plain,
            link: plain,
            user: plain,
        };
        theme.with_modifiers()
    }

    /// What is never told by colour alone.
    fn with_modifiers(mut self) -> Self {
        for (style, modifier) in [
            (&mut self.border_focused, Modifier::BOLD),
            (&mut self.thinking, Modifier::ITALIC),
            (&mut self.heading, Modifier::BOLD),
            (&mut self.link, Modifier::UNDERLINED),
            (&mut self.user, Modifier::BOLD),
        ] {
            *style = style.add_modifier(modifier);
        }
        self
    }
}
