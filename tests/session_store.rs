//! Session files: what is saved is found again, and nothing that can't be read is ever overwritten.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use llmbench::message::{ResponsePart, StreamEvent};
use llmbench::model::{LaneEvent, Outcome};
use llmbench::run::LaneRecord;
use llmbench::session::{Entry, Session, SessionError, Store, Summary};
use llmbench::settings::Settings;
use serde_json::{Value, json};
use tempfile::TempDir;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).expect("a timestamp")
}

fn store() -> (TempDir, Store) {
    let home = tempfile::tempdir().expect("a folder");
    let store = Store::new(home.path().join("data/sessions"));
    (home, store)
}

fn session(second: i64, prompt: &str) -> Session {
    let mut record = LaneRecord::new("test:brief", at(second));
    let start = StreamEvent::part_start(0, ResponsePart::text("Ja, ê 月!"));
    for (ms, event) in [
        (0, LaneEvent::AttemptStarted { model: "test:brief".to_owned(), queued: Duration::ZERO }),
        (120, LaneEvent::Arrived(vec![start])),
        (130, LaneEvent::AttemptEnded { outcome: Outcome::Completed, error: None }),
        (130, LaneEvent::Ended { outcome: Outcome::Completed, error: None }),
    ] {
        record.apply(Duration::from_millis(ms), &event);
    }
    let mut session = Session::new(at(second), None, Settings { temperature: Some(0.2), ..Settings::default() });
    session.begin_turn(prompt, at(second)).update(&[record]);
    session
}

fn saved(store: &Store, session: &Session) -> PathBuf {
    store.save(session).expect("saved")
}

/// Changes the JSON of a file.
fn edit(path: &Path, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut json: Value = serde_json::from_slice(&fs::read(path).expect("a file")).expect("JSON");
    change(&mut json);
    fs::write(path, json.to_string()).expect("written");
    fs::read(path).expect("a file")
}

#[test]
fn saved_found_listed_and_deleted() {
    let (_home, store) = store();
    assert_eq!(store.list(), Ok(Vec::new()));
    assert_eq!(store.load("last"), Err(SessionError::None { dir: store.dir().to_owned() }));
    let (old, new) = (session(0, "Old one"), session(90, "New one"));
    let paths = [saved(&store, &new), saved(&store, &old)];
    let ids = [new.id.to_string(), old.id.to_string()];
    let entry = |number: usize, title: &str, second| Entry {
        id: ids[number].clone(),
        path: paths[number].clone(),
        updated_at: at(second),
        summary: Ok(Summary { title: title.to_owned(), turns: 1, models: vec!["test:brief".to_owned()] }),
    };
    assert_eq!(store.list(), Ok(vec![entry(0, "New one", 90), entry(1, "Old one", 0)]));
    for name in [&ids[1], &ids[1][..13].to_uppercase(), &paths[1].to_string_lossy().into_owned()] {
        assert_eq!(store.load(name).as_ref(), Ok(&old), "{name}");
    }
    assert_eq!(store.load("last"), Ok(new.clone()));
    assert_eq!(store.delete(&ids[0]), Ok(paths[0].clone()));
    assert_eq!(store.load("last"), Ok(old));
    assert_eq!(store.save(&new), Ok(paths[0].clone()));
}

#[test]
fn names_that_mean_nothing_or_too_much() {
    let (_home, store) = store();
    let (one, other) = (session(0, "a"), session(0, "b"));
    saved(&store, &one);
    saved(&store, &other);
    let mut candidates = vec![one.id.to_string(), other.id.to_string()];
    candidates.sort();
    let name = one.id.to_string()[..8].to_owned();
    assert_eq!(store.load(&name), Err(SessionError::Ambiguous { name, candidates }));
    let mistyped = format!("{}0x", &one.id.to_string()[..34]);
    let error = store.load(&mistyped).expect_err("unknown").to_string();
    let expected = format!(
        "no session {mistyped:?} in {}; did you mean {}? `llmbench sessions list` shows all",
        store.dir().display(),
        one.id
    );
    assert_eq!(error, expected);
    assert!(matches!(store.load(""), Err(SessionError::Unknown { .. })));
    let error = store.load("nowhere/x.json").expect_err("no file").to_string();
    assert_eq!(
        error,
        "nowhere/x.json can't be read: No such file or directory (os error 2); check the path and its permissions"
    );
}

#[test]
fn unknown_fields_survive_at_every_level() {
    let (_home, store) = store();
    let path = saved(&store, &session(0, "Why?"));
    let newer = json!({ "new": [1, { "deep": null }] });
    edit(&path, |json| {
        for pointer in [
            "",
            "/settings",
            "/turns/0",
            "/turns/0/runs/0",
            "/turns/0/runs/0/usage",
            "/turns/0/runs/0/timing",
            "/turns/0/runs/0/response",
            "/turns/0/runs/0/response/parts/0",
            "/turns/0/runs/0/attempts/0",
        ] {
            json.pointer_mut(pointer).expect(pointer)["x_newer"] = newer.clone();
        }
        json["turns"][0]["votes"] = json!([{ "winner": 1, "x_newer": 2 }]);
    });
    let before: Value = serde_json::from_slice(&fs::read(&path).expect("a file")).expect("JSON");
    let mut session = store.load("last").expect("loaded");
    session.title = "Because".to_owned();
    saved(&store, &session);
    let after: Value = serde_json::from_slice(&fs::read(&path).expect("a file")).expect("JSON");
    let mut expected = before;
    expected["title"] = json!("Because");
    assert_eq!(after, expected);
}

#[test]
fn a_newer_version_is_refused_and_left_alone() {
    let (_home, store) = store();
    let mine = session(0, "Why?");
    let path = saved(&store, &mine);
    let bytes = edit(&path, |json| {
        json["version"] = json!(999);
        json["turns"] = json!("no list any more");
    });
    let error = store.load("last").expect_err("none that can be read");
    assert_eq!(error, SessionError::None { dir: store.dir().to_owned() });
    let error = store.load(&mine.id.to_string()).expect_err("refused").to_string();
    let expected = format!(
        "{} has version 999 and this llmbench reads up to 1; it was left alone, update llmbench to open it",
        path.display()
    );
    assert_eq!(error, expected);
    assert_eq!(store.save(&mine), Err(SessionError::Changed { path: path.clone() }));
    assert_eq!(fs::read(&path).expect("a file"), bytes);
}

#[test]
fn damaged_files_are_told_listed_and_left_alone() {
    let (_home, store) = store();
    let mine = session(0, "Why?");
    let path = saved(&store, &mine);
    let whole = fs::read(&path).expect("a file");
    let end = whole.len() - 1;
    for length in (0..end).step_by(7).chain([end - 1]) {
        fs::write(&path, &whole[..length]).expect("written");
        let error = store.load(&mine.id.to_string()).expect_err("cut");
        assert!(
            matches!(error, SessionError::Damaged { .. }) && error.to_string().contains("line 1 column"),
            "{error}"
        );
        assert_eq!(store.list().map(|entries| entries[0].summary.clone()), Ok(Err(error)));
        assert_eq!(store.save(&mine), Err(SessionError::Changed { path: path.clone() }));
        assert_eq!(fs::read(&path).expect("a file"), &whole[..length]);
    }
}

#[test]
fn garbage_is_refused_in_a_sentence() {
    let (_home, store) = store();
    let path = saved(&store, &session(0, "Why?"));
    let head = "{\"format\":\"llmbench.session\",\"version\":1,\"x\":";
    let deep = format!("{head}{}", "[".repeat(100_000));
    for (garbage, is_damaged) in [
        (&b"\0"[..].repeat(65_536), true),
        (&b"\xff\xfe{\0}\0".to_vec(), true),
        (&b"\xef\xbb\xbf{}".to_vec(), true),
        (&deep.into_bytes(), true),
        (&format!("{head}1e400}}").into_bytes(), true),
        (&format!("{head}\"\\ud800\"}}").into_bytes(), true),
        (&format!("{head}1}}").into_bytes(), true),
        (&b"{}".to_vec(), false),
        (&b"[1]".to_vec(), false),
        (&b"7".to_vec(), false),
        (&b"{\"format\":\"llmbench.run\",\"version\":1}".to_vec(), false),
    ] {
        fs::write(&path, garbage).expect("written");
        let error = store.load(&path.to_string_lossy()).expect_err("refused");
        assert_eq!(matches!(error, SessionError::Damaged { .. }), is_damaged, "{error}");
        assert!(is_damaged || matches!(error, SessionError::Foreign { .. }), "{error}");
        assert!(error.to_string().starts_with(&path.display().to_string()), "{error}");
    }
}

#[test]
fn a_save_that_was_killed_leaves_the_old_session() {
    let (_home, store) = store();
    let mut mine = session(0, "Why?");
    let path = saved(&store, &mine);
    let left_over = store.dir().join(format!(".{}.abc123.tmp", mine.id));
    fs::write(&left_over, "{\"format\":\"llmbench.se").expect("written");
    fs::write(store.dir().join(".hidden.json"), "{").expect("written");
    assert_eq!(store.list().map(|entries| entries.len()), Ok(1));
    assert_eq!(store.load("last"), Ok(mine.clone()));
    mine.title = "Later".to_owned();
    assert_eq!(saved(&store, &mine), path);
    assert_eq!(store.load("last"), Ok(mine));
}

#[test]
fn what_another_program_wrote_is_not_overwritten() {
    let (_home, store) = store();
    let mine = session(0, "Why?");
    let path = saved(&store, &mine);
    assert_eq!(saved(&store.clone(), &mine), path);
    let bytes = edit(&path, |json| json["title"] = json!("Theirs, and longer"));
    let expected = SessionError::Changed { path: path.clone() };
    assert_eq!((store.save(&mine), fs::read(&path).expect("a file")), (Err(expected.clone()), bytes));
    assert_eq!(Store::new(store.dir().to_owned()).save(&mine), Err(expected));
    let theirs = store.load("last").expect("loaded");
    assert_eq!((theirs.title.as_str(), saved(&store, &theirs)), ("Theirs, and longer", path));
    assert_ne!(saved(&store, &mine.fork(1, at(7))), store.path(&mine));
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_and_a_refused_save_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let (home, store) = store();
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(store.check_writable(), Ok(()));
    let path = saved(&store, &session(0, "Why?"));
    assert_eq!((mode(&path), mode(store.dir()), mode(&home.path().join("data"))), (0o600, 0o700, 0o700));
    assert_eq!(fs::read_dir(store.dir()).expect("a folder").count(), 1);
    let blocked = Store::new(path.join("below-a-file"));
    let error = blocked.save(&session(0, "b")).expect_err("refused").to_string();
    assert!(error.contains(&blocked.dir().display().to_string()), "{error}");
    assert!(error.ends_with("; an earlier save is as it was"), "{error}");
    assert!(blocked.check_writable().is_err());
}
