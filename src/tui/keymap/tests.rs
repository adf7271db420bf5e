//! No key means two things in one place, and the configuration may change any of them.

use super::*;

fn chord(text: &str) -> Chord {
    Chord::parse(text).expect("a chord")
}

#[test]
fn no_key_means_two_things_in_one_place() {
    let keymap = Keymap::default();
    for (at, row) in keymap.bindings.iter().enumerate() {
        for other in &keymap.bindings[at + 1..] {
            let shared = row.chords.iter().find(|chord| other.chords.contains(chord));
            assert!(row.context != other.context || shared.is_none(), "{} and {}: {shared:?}", row.name, other.name);
            assert_ne!(row.name, other.name);
        }
    }
}

#[test]
fn a_key_of_the_place_comes_before_one_of_everywhere() {
    let keymap = Keymap::default();
    assert_eq!(keymap.action(Context::Pane, chord("z")), Some(Action::Zoom));
    assert_eq!(keymap.action(Context::Prompt, chord("z")), None);
    assert_eq!(keymap.action(Context::Pane, chord("?")), Some(Action::Help));
    assert_eq!(keymap.action(Context::Prompt, chord("?")), None);
    assert_eq!(keymap.action(Context::Prompt, chord("Ctrl-o")), Some(Action::PickModels));
}

#[test]
fn the_configuration_changes_keys() {
    let keymap = overridden(&[("zoom", "f Ctrl-f")]).expect("valid");
    assert_eq!(keymap.action(Context::Pane, chord("Ctrl-f")), Some(Action::Zoom));
    assert_eq!(keymap.action(Context::Pane, chord("z")), None);
    assert!(overridden(&[("scroll-down", "u"), ("next-pane", "j Right")]).is_ok(), "two that change places");
}

#[test]
fn wrong_keys_are_told_with_their_places() {
    let table = [
        ("zom", "f", "c:1:1: unknown action \"zom\" in [keys], did you mean \"zoom\"?"),
        ("zoom", "f Hyper-x", "c:1:9: zoom in [keys]: \"Hyper-x\" is no key: write Ctrl-o, Alt-Enter, G, Space or F1"),
        ("zoom", "j", "c:1:9: zoom in [keys]: j is already the key of scroll-down, which needs another one"),
    ];
    for (name, chords, expected) in table {
        assert_eq!(overridden(&[(name, chords)]), Err(vec![expected.to_owned()]));
    }
    assert_eq!(overridden(&[("zom", "f"), ("zoom", "j")]).expect_err("both").len(), 2);
}

fn overridden(overrides: &[(&str, &str)]) -> Result<Keymap, Vec<String>> {
    let located = |text: &str, place: &str| Located::new(text.to_owned(), place);
    let overrides: Vec<_> =
        overrides.iter().map(|(name, chords)| (located(name, "c:1:1"), located(chords, "c:1:9"))).collect();
    Keymap::with_overrides(&overrides).map_err(|error| [vec![error.message], error.more].concat())
}
