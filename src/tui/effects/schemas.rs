//! Reads JSON Schemas: those at hand, and one that is named.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::{Environment, Location};
use crate::model::{ModelError, read_schema};
use crate::tui::state::SchemaFile;

/// Files of one folder that are looked at, and bytes of one.
const MOST: usize = 300;
const LARGEST: u64 = 1 << 20;

/// The schemas of the current folder, then those beside the configuration. In a folder made for schemas, a file that is
/// none is a mistake to be told; elsewhere it is somebody else's. `config`: the configuration that was read.
#[must_use]
pub fn list(config: Option<&Path>, environment: &Environment) -> Vec<SchemaFile> {
    let here = files(Path::new("."), MOST).into_iter().filter(|file| file.spec.is_ok());
    let own = Location::of_config(config, environment).path().and_then(Path::parent).map(|dir| dir.join("schemas"));
    here.chain(own.iter().flat_map(|dir| files(dir, MOST))).collect()
}

fn files(folder: &Path, most: usize) -> Vec<SchemaFile> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut paths: Vec<_> = entries.filter(|path| path.extension() == Some(OsStr::new("json"))).collect();
    paths.sort_unstable();
    let named = |path: PathBuf| path.strip_prefix(".").map(Path::to_owned).unwrap_or(path);
    paths.into_iter().take(most).map(|path| file(named(path))).collect()
}

fn file(path: PathBuf) -> SchemaFile {
    SchemaFile { spec: spec(&path), path }
}

fn spec(path: &Path) -> Result<Arc<crate::settings::OutputSpec>, String> {
    let about = fs::metadata(path).ok();
    if about.as_ref().is_some_and(|about| !about.is_file()) {
        return Err(format!("the schema {} is no file", path.display()));
    }
    if about.is_some_and(|about| about.len() > LARGEST) {
        return Err(format!("the schema {} is larger than 1 MiB", path.display()));
    }
    read_schema(path, None).map(Arc::new).map_err(told)
}

fn told(error: ModelError) -> String {
    match error.hint {
        Some(hint) => format!("{}; {hint}", error.message),
        None => error.message,
    }
}

/// The schema at that path, in which `~/` is the home folder.
///
/// # Errors
/// Why it can't be used, in one sentence.
pub fn read(typed: &str, environment: &Environment) -> Result<SchemaFile, String> {
    let home = typed.strip_prefix("~/").zip(environment.get("HOME"));
    let path = home.map_or_else(|| PathBuf::from(typed), |(rest, home)| Path::new(home).join(rest));
    let spec = spec(&path)?;
    Ok(SchemaFile { path, spec: Ok(spec) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        folder
    }

    #[test]
    fn the_folder_for_schemas_is_beside_the_configuration() {
        let config = folder(&[
            ("llmbench/schemas/city.json", r#"{"type": "object", "title": "A city"}"#),
            ("llmbench/schemas/broken.json", "{"),
            ("llmbench/schemas/notes.txt", "no schema"),
        ]);
        let environment = Environment::from([("XDG_CONFIG_HOME", config.path().to_str().expect("UTF-8"))]);
        let listed = list(None, &environment);
        let own: Vec<_> = listed.iter().filter(|file| file.path.starts_with(config.path())).collect();
        let told: Vec<_> = own.iter().map(|file| (file.name(), file.about(), file.spec.is_ok())).collect();
        assert_eq!(told, [("broken".to_owned(), "", false), ("city".to_owned(), "A city", true)]);
        assert!(listed.iter().all(|file| file.spec.is_ok() || file.path.starts_with(config.path())), "{listed:?}");
        let named = folder(&[("schemas/town.json", r#"{"type": "object"}"#)]);
        let listed = list(Some(&named.path().join("my.toml")), &environment);
        let own: Vec<_> = listed.iter().filter(|file| file.path.is_absolute()).map(SchemaFile::name).collect();
        assert_eq!(own, ["town"], "beside the one that was named");
    }

    #[test]
    fn what_cannot_be_used_is_told_in_one_sentence() {
        let home = folder(&[("list.json", r#"{"type": "array"}"#), ("city.json", r#"{"type": "object"}"#)]);
        let environment = Environment::from([("HOME", home.path().to_str().expect("UTF-8"))]);
        assert_eq!(read("~/city.json", &environment).expect("a schema").name(), "city");
        let why = |typed: &str| read(typed, &environment).expect_err("none");
        assert!(why("~/list.json").contains("describes no JSON object; give it \"type\": \"object\""));
        assert!(why("~/none.json").contains("can't be read"));
        assert!(why("~/").contains("is no file"));
    }
}
