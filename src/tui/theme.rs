//! Colours by what they mean, from `themes/*.toml`. No other part knows a colour.

/// Colours by what they mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Its name.
    pub name: String,
}

impl Theme {
    /// The embedded themes, the default one first.
    #[must_use]
    pub fn embedded() -> Vec<Self> {
        vec![Self { name: "default".to_owned() }]
    }

    /// No colours.
    #[must_use]
    pub fn without_colour() -> Self {
        Self { name: "none".to_owned() }
    }
}
