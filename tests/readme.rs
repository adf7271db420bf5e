//! The README says what is so: its tables are the program's own, its commands exist, its pictures are there.
//! `UPDATE_README=1 cargo test --test readme` writes the tables anew.

mod support;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use llmbench::catalog::{self, Provider, SignInKind};
use llmbench::tui::keymap::{Context, Keymap};
use support::program::{Home, run};

/// A part of the README between two comments.
struct Part {
    name: &'static str,
    written: fn() -> String,
}

const KEYS: Part = Part { name: "keys", written: keys };
const PROVIDERS: Part = Part { name: "providers", written: providers };

impl Part {
    fn check(&self) {
        let (begin, end) =
            (format!("<!-- {}: written by tests/readme.rs -->\n", self.name), format!("<!-- end of {} -->", self.name));
        let readme = readme();
        let (before, rest) = readme.split_once(&begin).expect("its beginning");
        let (written, after) = rest.split_once(&end).expect("its end");
        if std::env::var_os("UPDATE_README").is_some() {
            fs::write(path(), format!("{before}{begin}{}{end}{after}", (self.written)()))
                .expect("the README is written");
        } else {
            assert_eq!(written, (self.written)(), "UPDATE_README=1 cargo test --test readme writes it anew");
        }
    }
}

fn readme() -> String {
    fs::read_to_string(path()).expect("the README")
}

fn path() -> impl AsRef<Path> {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

fn keys() -> String {
    let keymap = Keymap::default();
    let mut table = "| where | keys | what | name in `[keys]` |\n|---|---|---|---|\n".to_owned();
    for context in Context::ALL {
        for row in keymap.rows(context) {
            let keys: Vec<_> = row.chords.iter().map(|chord| format!("`{chord}`")).collect();
            let keys = if keys.is_empty() { "–".to_owned() } else { keys.join(" ") };
            let _ = writeln!(table, "| {} | {} | {} | `{}` |", context.title(), keys, row.help, row.name);
        }
    }
    table
}

fn providers() -> String {
    let mut table = "| provider | who | key | address and more |\n|---|---|---|---|\n".to_owned();
    for row in catalog::providers().iter().filter(|row| row.interface.is_http()) {
        let names: Vec<_> = [&row.name].into_iter().chain(&row.aliases).map(|name| format!("`{name}`")).collect();
        let _ =
            writeln!(table, "| {} | [{}]({}) | {} | {} |", names.join(", "), row.label, row.docs, key(row), more(row));
    }
    table
}

fn key(row: &Provider) -> String {
    let variables = row.keys.iter().map(|key| format!("`{}`", key.env));
    let other = match row.sign_in {
        Some(SignInKind::Aws) => Some("AWS credentials"),
        Some(SignInKind::Google) => Some("Google credentials"),
        None => row.key_optional.then_some("not needed"),
    };
    variables.chain(other.map(str::to_owned)).collect::<Vec<_>>().join(", ")
}

fn more(row: &Provider) -> String {
    let places = row.base_url_env.iter().chain(&row.host_env).chain(&row.region_env).chain(&row.project_env);
    let variables = places.chain(row.query_env.values()).chain(row.headers_env.values()).chain(&row.shown_by);
    variables.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// One test for all parts: two that write the same file would undo each other's work.
#[test]
fn its_tables_are_the_programs_own() {
    KEYS.check();
    PROVIDERS.check();
}

#[test]
fn its_pictures_and_links_are_there() {
    let readme = readme();
    let targets = readme.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    for target in targets.filter(|target| !target.starts_with("http") && !target.starts_with('#')) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(target);
        assert!(path.exists(), "{target} is not there");
    }
}

#[test]
fn its_configuration_is_right() {
    let readme = readme();
    let examples: Vec<_> = blocks(&readme, "toml").collect();
    assert!(examples.len() >= 2, "{examples:?}");
    for example in examples {
        let done = run(&Home::with_config(example), &["config", "check"], "");
        assert_eq!(done.code, Some(0), "{done:?}");
    }
}

/// What stands between fences, in that language.
fn blocks<'r>(readme: &'r str, language: &str) -> impl Iterator<Item = &'r str> {
    let blocks = readme.split(&format!("```{language}\n")).skip(1).collect::<Vec<_>>().into_iter();
    blocks.filter_map(|rest| rest.split("```").next())
}

#[test]
fn its_program_answers() {
    if std::process::Command::new("python3").arg("--version").output().is_err() {
        return eprintln!("skipped: there is no python3");
    }
    let readme = readme();
    let home =
        Home::with_config("[providers.mine]\ninterface = \"command\"\ncommand = [\"python3\", \"my_model.py\"]\n");
    fs::write(home.path().join("my_model.py"), blocks(&readme, "python").next().expect("a program")).expect("written");
    let done = run(&home, &["run", "-m", "mine:x", "Hello"], "");
    assert_eq!((done.code, done.stdout.as_str(), done.stderr.as_str()), (Some(0), "HELLO\n", ""), "{done:?}");
}

/// The schema that its commands name.
const CITY: &str = r#"{"type": "object", "required": ["city", "country"],
    "properties": {"city": {"type": "string"}, "country": {"type": "string"}}}"#;

#[test]
fn its_offline_commands_run() {
    let readme = readme();
    let lines = readme.lines().filter_map(|line| line.strip_prefix("llmbench ")).filter(|line| line.contains("test:"));
    let mut count = 0;
    for line in lines {
        let line = line.split(" #").next().unwrap_or_default().split(" |").next().unwrap_or_default();
        let words: Vec<_> = words(line).into_iter().map(at_once).collect();
        let arguments: Vec<_> = words.iter().map(String::as_str).collect();
        let home = Home::empty();
        fs::write(home.path().join("city.json"), CITY).expect("a schema");
        let done = run(&home, &arguments, "");
        assert_eq!(done.code, Some(0), "{done:?}");
        count += 1;
    }
    assert!(count >= 2, "{count} commands with offline models");
}

/// The offline models at full speed: their pace is for people.
fn at_once(word: String) -> String {
    if word.starts_with("test:") { word + ",rate=0,ttft=0" } else { word }
}

/// A command line's words; those in double quotes hold together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, piece) in line.split('"').enumerate() {
        if at % 2 == 1 {
            words.push(piece.to_owned());
        } else {
            words.extend(piece.split_whitespace().map(str::to_owned));
        }
    }
    words
}
