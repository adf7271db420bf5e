//! Many sessions: listed by a shortcut, searched, renamed, deleted and brought back.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use llmbench::message::{ModelResponse, ResponsePart};
use llmbench::run::LaneReport;
use llmbench::session::{Entry, Found, Searcher, Session, SessionError, Store};
use llmbench::settings::Settings;
use serde_json::{Value, json};
use tempfile::TempDir;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("a timestamp")
}

fn store() -> (TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(folder.path().to_owned());
    (folder, store)
}

/// Saves a session with a prompt and, as another program would write it, an answer.
fn saved(store: &Store, second: i64, prompt: &str, answer: &str) -> PathBuf {
    let mut session = Session::new(at(second), None, Settings::default());
    session.begin_turn(prompt, at(second));
    let path = store.save(&session).expect("saved");
    let response = ModelResponse { parts: vec![ResponsePart::text(answer)], ..ModelResponse::default() };
    let mut json: Value = serde_json::from_slice(&fs::read(&path).expect("read")).expect("JSON");
    let report = LaneReport::from_elsewhere("test:a", response);
    json["turns"][0]["runs"] = json!([report]);
    fs::write(&path, json.to_string()).expect("written");
    path
}

fn titles(store: &Store) -> Vec<String> {
    let title = |entry: Entry| entry.summary.map_or_else(|error| error.to_string(), |summary| summary.title);
    store.list().expect("listed").into_iter().map(title).collect()
}

fn set(path: &Path, name: &str, value: &str) {
    let mut json: Value = serde_json::from_slice(&fs::read(path).expect("read")).expect("JSON");
    json[name] = value.into();
    fs::write(path, json.to_string()).expect("written");
}

#[test]
fn a_list_by_its_shortcut_is_the_list_without_it() {
    let (folder, store) = store();
    let paths: Vec<_> = (0..5).map(|n| saved(&store, n, &format!("prompt {n}"), "x")).collect();
    let whole = store.list().expect("listed");
    let index = folder.path().join(".index.json");
    assert!(index.is_file());
    assert_eq!(store.list(), Ok(whole.clone()), "by the shortcut");
    set(&paths[3], "title", "changed elsewhere");
    assert_eq!(titles(&store), ["prompt 4", "changed elsewhere", "prompt 2", "prompt 1", "prompt 0"]);
    fs::remove_file(&paths[4]).expect("removed");
    fs::write(&paths[0], "{").expect("written");
    let expected = titles(&store);
    assert_eq!(expected[1..], ["changed elsewhere", "prompt 2", "prompt 1"], "the damaged one was written last");
    for broken in ["", "{", "[]", r#"{"version":9,"sessions":{}}"#] {
        fs::write(&index, broken).expect("written");
        assert_eq!(titles(&store), expected, "{broken:?}");
    }
}

#[test]
fn a_session_gets_another_title_and_nothing_else() {
    let (_folder, store) = store();
    let path = saved(&store, 1, "before", "x");
    set(&path, "later_field", "kept");
    let before: Value = serde_json::from_slice(&fs::read(&path).expect("read")).expect("JSON");
    store.rename(&path, "after").expect("renamed");
    let after: Value = serde_json::from_slice(&fs::read(&path).expect("read")).expect("JSON");
    let mut expected = before;
    expected["title"] = "after".into();
    // What is written anew has every field that this version writes.
    for field in ["id", "title", "updated_at", "later_field"] {
        assert_eq!(after[field], expected[field], "{field}");
    }
    assert_eq!(after["turns"][0]["runs"][0]["response"], expected["turns"][0]["runs"][0]["response"]);
    fs::write(&path, "{").expect("written");
    assert!(matches!(store.rename(&path, "x"), Err(SessionError::Damaged { .. })));
    assert_eq!(fs::read_to_string(&path).expect("read"), "{");
}

#[test]
fn a_deleted_session_comes_back_as_it_was() {
    let (folder, store) = store();
    let (one, two) = (saved(&store, 1, "one", "x"), saved(&store, 2, "two", "x"));
    let before = fs::read(&one).expect("read");
    let aside = [store.set_aside(&one).expect("aside"), store.set_aside(&two).expect("aside")];
    assert_eq!(titles(&store), Vec::<String>::new());
    assert_eq!(store.aside(), aside, "in the order of deleting");
    // What a crash has left is there for the next program.
    let next = Store::new(folder.path().to_owned());
    assert_eq!(next.bring_back(&aside[0]), Ok(one.clone()));
    assert_eq!((titles(&store), fs::read(&one).expect("read")), (vec!["one".to_owned()], before));
    next.forget_aside(&[]);
    assert_eq!(next.aside(), [aside[1].clone()], "of what another program has deleted nothing is lost");
    next.forget_aside(&aside);
    assert_eq!((next.aside(), folder.path().join(".deleted").exists()), (vec![], false));
}

#[test]
fn nothing_is_overwritten_by_what_comes_back() {
    let (_folder, store) = store();
    let path = saved(&store, 1, "one", "x");
    let aside = store.set_aside(&path).expect("aside");
    fs::write(&path, "somebody else's").expect("written");
    assert_eq!(store.bring_back(&aside), Err(SessionError::Changed { path: path.clone() }));
    assert_eq!(fs::read_to_string(&path).expect("read"), "somebody else's");
    assert_eq!(store.aside(), [aside]);
}

#[test]
fn what_was_left_long_ago_goes_with_the_next_program() {
    let (folder, store) = store();
    let path = saved(&store, 1, "one", "x");
    let aside = store.set_aside(&path).expect("aside");
    let name = aside.file_name().and_then(|name| name.to_str()).expect("a name");
    let old = folder.path().join(".deleted").join(name.replacen(&name[..13], "1700000000000", 1));
    fs::rename(&aside, &old).expect("renamed");
    fs::write(folder.path().join(".deleted/stranger.txt"), "x").expect("written");
    store.forget_aside(&[]);
    assert_eq!((store.aside(), old.exists()), (vec![], false));
    assert!(folder.path().join(".deleted/stranger.txt").exists());
}

#[test]
fn sessions_are_found_by_titles_prompts_and_answers() {
    let (_folder, store) = store();
    let one = saved(&store, 1, "Where were the games?", "In \"London\",\nthe capital.");
    let two = saved(&store, 2, "Zoë's question", "Paris");
    let broken = store.dir().join("broken.json");
    fs::write(&broken, "{").expect("written");
    let paths = vec![two.clone(), one.clone(), broken];
    let mut searcher = Searcher::default();
    searcher.read(&paths);
    let found = |path: &PathBuf, who: Option<&str>, text: &str| Found {
        path: path.clone(),
        excerpt: Some((who.map(str::to_owned), text.to_owned())),
    };
    let title = |path: &PathBuf| Found { path: path.clone(), excerpt: None };
    let london = found(&one, Some("test:a"), "In \"London\", the capital.");
    assert_eq!(searcher.find(&paths, "LONDON"), std::slice::from_ref(&london));
    assert_eq!(searcher.find(&paths, "games london"), [london]);
    assert_eq!(searcher.find(&paths, "zoË"), [title(&two)]);
    assert_eq!(searcher.find(&paths, "zoë london"), []);
    assert_eq!(searcher.find(&paths, " "), [title(&two), title(&one)], "everything that can be read");
    store.rename(&one, "Sports").expect("renamed");
    searcher.read(&paths);
    assert_eq!(searcher.find(&paths, "sports"), [title(&one)], "what has changed is read again");
    assert_eq!(searcher.find(&paths, "games"), [found(&one, None, "…were the games?")]);
    searcher.read(&paths[..1]);
    assert_eq!(searcher.find(&paths, "games"), [], "and what is gone is forgotten");
}
