//! The themes there are: the embedded ones, and the user's own from the folder `themes` beside the configuration.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::Theme;
use crate::catalog::closest;
use crate::config::{Config, Environment, Location};

/// Files that are looked at, and bytes of one: a theme has about 20 short lines.
const MOST: usize = 200;
const LARGEST: u64 = 1 << 16;

/// The themes there are.
#[derive(Clone, Debug, PartialEq)]
pub struct Themes {
    /// The embedded ones, the default first; then the user's own. One of the same name takes the embedded one's place.
    pub all: Vec<Theme>,
    /// What is wrong with the user's own, a sentence each.
    pub problems: Vec<String>,
}

impl Themes {
    /// Reads the user's own themes.
    #[must_use]
    pub fn read(config: &Config, environment: &Environment) -> Self {
        let location = Location::of_config(config.path.as_deref(), environment);
        let folder = location.path().and_then(Path::parent).map(|folder| folder.join("themes"));
        let mut themes = Self { all: Theme::embedded(), problems: Vec::new() };
        let mut own: Vec<(String, PathBuf)> = Vec::new();
        for path in folder.as_deref().map(files).unwrap_or_default() {
            match theme(&path) {
                Ok(theme) => themes.add(theme, path, &mut own),
                Err(problems) => themes.problems.extend(problems),
            }
        }
        themes
    }

    fn add(&mut self, theme: Theme, path: PathBuf, own: &mut Vec<(String, PathBuf)>) {
        if let Some((name, other)) = own.iter().find(|(name, _)| *name == theme.name) {
            let told = format!("{}: the theme {name:?} is in {} already", path.display(), other.display());
            return self.problems.push(told);
        }
        own.push((theme.name.clone(), path));
        match self.all.iter_mut().find(|known| known.name == theme.name) {
            Some(known) => *known = theme,
            None => self.all.push(theme),
        }
    }

    /// The place of the theme of that name.
    ///
    /// # Errors
    /// There is none: a sentence with the closest one's name.
    pub fn position(&self, name: &str) -> Result<usize, String> {
        self.all.iter().position(|theme| theme.name == name).ok_or_else(|| self.unknown(name))
    }

    fn unknown(&self, name: &str) -> String {
        let names: Vec<_> = self.all.iter().map(|theme| theme.name.as_str()).collect();
        let guess = closest(name, names.iter().copied()).map(|guess| format!(", did you mean {guess:?}?"));
        let remedy = guess.unwrap_or_else(|| format!("; there are {}", names.join(", ")));
        format!("there is no theme {name:?}{remedy}")
    }
}

/// The folder's themes, by their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut paths: Vec<_> = entries.filter(|path| path.extension() == Some(OsStr::new("toml"))).collect();
    paths.sort_unstable();
    paths.truncate(MOST);
    paths
}

/// Everything that is wrong with it, a sentence each.
fn theme(path: &Path) -> Result<Theme, Vec<String>> {
    let unreadable = |reason: &str| vec![format!("the theme {} can't be read: {reason}", path.display())];
    let about = fs::metadata(path).map_err(|error| unreadable(&error.to_string()))?;
    if !about.is_file() || about.len() > LARGEST {
        return Err(unreadable(if about.is_file() { "it is larger than 64 KiB" } else { "it is no file" }));
    }
    let text = fs::read_to_string(path).map_err(|error| unreadable(&error.to_string()))?;
    Theme::parse(path, &text).map_err(|error| [vec![error.message], error.more].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NORD: &str = include_str!("../../../themes/nord.toml");

    /// The themes of a configuration that has this folder beside it.
    fn read(files: &[(&str, &str)]) -> (Themes, String) {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("llmbench/themes");
        fs::create_dir_all(&folder).expect("a folder");
        for (name, text) in files {
            fs::write(folder.join(name), text).expect("a file");
        }
        let place = home.path().to_str().expect("UTF-8");
        let themes = Themes::read(&Config::default(), &Environment::from([("XDG_CONFIG_HOME", place)]));
        (themes, format!("{}/", folder.display()))
    }

    #[test]
    fn own_themes_join_the_embedded_ones_or_take_their_place() {
        let mine = NORD.replace("name = \"nord\"\n", "");
        let other = NORD.replace("#2e3440", "#000000");
        let (themes, _) = read(&[("mine.toml", &mine), ("my-nord.toml", &other), ("notes.txt", "no theme")]);
        assert_eq!(themes.problems, Vec::<String>::new());
        assert_eq!(themes.all.len(), Theme::embedded().len() + 1);
        assert_eq!(themes.position("mine"), Ok(themes.all.len() - 1));
        let nord = &themes.all[themes.position("nord").expect("there")];
        assert_eq!(nord.background.bg, Some(ratatui::style::Color::Rgb(0, 0, 0)));
        let beside = Theme::parse(Path::new("x.toml"), &mine).expect("a theme");
        assert_eq!(beside.name, "x");
    }

    #[test]
    fn mistakes_are_told_with_file_line_and_the_closest_name() {
        let wrong = NORD.replace("accent", "acent").replace("\"#2e3440\"", "\"nightblue\"");
        let (themes, folder) = read(&[("a.toml", &wrong), ("b.toml", "name = "), ("c.toml", NORD), ("d.toml", NORD)]);
        let told: Vec<_> = themes.problems.iter().map(|problem| problem.replace(&folder, "")).collect();
        let no_colour = "is no colour: write \"#rrggbb\", a name such as \"lightblue\", or \"default\"";
        let [missing, colour, unknown, toml, twice] = &told[..] else { panic!("{told:?}") };
        assert_eq!(missing, "a.toml:1:1: the theme says nothing of accent");
        assert_eq!(*colour, format!("a.toml:4:14: background = \"nightblue\" {no_colour}"));
        assert_eq!(unknown, "a.toml:8:1: unknown key \"acent\" in the theme, did you mean \"accent\"?");
        assert!(toml.starts_with("b.toml:1:"), "{toml}");
        assert_eq!(twice, "d.toml: the theme \"nord\" is in c.toml already");
        assert!(themes.position("c").expect_err("none").contains("there is no theme \"c\""));
    }

    #[test]
    fn an_unknown_name_gets_the_closest() {
        let themes = Themes { all: Theme::embedded(), problems: Vec::new() };
        let told = |name| themes.position(name).expect_err("none");
        assert_eq!(told("nrod"), "there is no theme \"nrod\", did you mean \"nord\"?");
        assert!(told("zzz").contains("there are default, light, contrast, "), "{}", told("zzz"));
    }
}
