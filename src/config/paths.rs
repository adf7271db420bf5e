//! Where the configuration, the sessions and what can be had again are.

use std::path::{Path, PathBuf};

use super::{Config, ConfigError, Environment};

/// Where a configuration is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// Where the user said it is: it must be there.
    Named(PathBuf),
    /// The platform's place: it may be missing.
    Platform(PathBuf),
    /// The platform has no place for it.
    Nowhere,
}

impl Location {
    /// `explicit` (`--config`), else `LLMBENCH_CONFIG`, else the platform's place.
    #[must_use]
    pub fn of_config(explicit: Option<&Path>, environment: &Environment) -> Self {
        let named = explicit.map(Path::to_owned).or_else(|| environment.get("LLMBENCH_CONFIG").map(PathBuf::from));
        if let Some(path) = named {
            return Self::Named(path);
        }
        platform(environment, "XDG_CONFIG_HOME", dirs::config_dir)
            .map_or(Self::Nowhere, |dir| Self::Platform(dir.join("config.toml")))
    }

    /// The file, whether it is there or not.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Named(path) | Self::Platform(path) => Some(path),
            Self::Nowhere => None,
        }
    }
}

impl Config {
    /// Where sessions are kept: `LLMBENCH_SESSIONS`, `[sessions] dir`, or the platform's place. It may not exist yet.
    ///
    /// # Errors
    /// None of them is told, and there is no home folder.
    pub fn sessions_dir(&self, environment: &Environment) -> Result<PathBuf, ConfigError> {
        let told = environment.get("LLMBENCH_SESSIONS").map(PathBuf::from).or_else(|| self.sessions_dir.clone());
        let platform = || platform(environment, "XDG_DATA_HOME", dirs::data_dir).map(|dir| dir.join("sessions"));
        told.or_else(platform).ok_or_else(|| {
            ConfigError::new("there is no home folder to keep sessions in")
                .with_hint("set LLMBENCH_SESSIONS to a folder")
        })
    }
}

/// Where what can be had again is kept: `LLMBENCH_CACHE`, or the platform's place; `None` without a home folder. It may
/// not exist yet.
#[must_use]
pub fn cache_dir(environment: &Environment) -> Option<PathBuf> {
    let told = environment.get("LLMBENCH_CACHE").map(PathBuf::from);
    told.or_else(|| platform(environment, "XDG_CACHE_HOME", dirs::cache_dir))
}

/// The program's folder: under the variable where it holds an absolute path, else under the platform's own.
fn platform(environment: &Environment, variable: &str, own: fn() -> Option<PathBuf>) -> Option<PathBuf> {
    let told = environment.get(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    told.or_else(own).map(|dir| dir.join("llmbench"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_is_where_it_was_told() {
        let xdg = ("XDG_CACHE_HOME", "/x");
        assert_eq!(cache_dir(&Environment::from([xdg])), Some(PathBuf::from("/x/llmbench")));
        assert_eq!(cache_dir(&Environment::from([xdg, ("LLMBENCH_CACHE", "here")])), Some(PathBuf::from("here")));
    }
}
