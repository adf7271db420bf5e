//! A model's own settings: written in a form, picked beside the model without.

use super::desk::Desk;
use crate::tui::Effect;
use crate::tui::state::Overlay;

fn names(desk: &Desk) -> Vec<(String, bool)> {
    desk.state.models.items.iter().map(|item| (item.name.clone(), item.picked)).collect()
}

fn told(names: &[(&str, bool)]) -> Vec<(String, bool)> {
    names.iter().map(|(name, picked)| ((*name).to_owned(), *picked)).collect()
}

/// The list of models has the focus.
fn at_models() -> Desk {
    let mut desk = Desk::new(&["*lab:a", "lab:b"]);
    desk.keys("<Tab>");
    desk
}

#[test]
fn a_model_is_picked_a_second_time_with_other_settings() {
    let mut desk = at_models();
    desk.keys("e0.7<Down><Down><Down>42<Enter>");
    assert_eq!(names(&desk), told(&[("lab:a", true), ("lab:a+temperature=0.7+seed=42", true), ("lab:b", false)]));
    assert_eq!(desk.notice(), "lab:a+temperature=0.7+seed=42 is asked from the next prompt on");
    desk.keys("je<Backspace>5<Enter>");
    let changed = [("lab:a", true), ("lab:a+temperature=0.5+seed=42", true), ("lab:b", false)];
    assert_eq!(names(&desk), told(&changed), "one with settings is changed in its place");
    desk.keys("<BackTab>Hi<Enter>");
    let asked: Vec<_> = desk.state.conversation.turns[0].lanes.iter().map(|lane| lane.model.as_str()).collect();
    assert_eq!(asked, ["lab:a", "lab:a+temperature=0.5+seed=42"]);
}

#[test]
fn without_settings_it_is_the_model_itself() {
    let mut desk = at_models();
    desk.keys("e1<Enter>je<Backspace><Enter>");
    let named: Vec<_> = names(&desk);
    assert_eq!(named, told(&[("lab:a", true), ("lab:a+temperature=1", true), ("lab:b", false)]), "nothing is doubled");
    assert_eq!(desk.notice(), "lab:a as it is");
}

#[test]
fn a_wrong_value_is_told_and_stays_to_be_corrected() {
    let mut desk = at_models();
    desk.keys("ehot<Enter>");
    assert!(desk.notice().starts_with("temperature can't be \"hot\""), "{}", desk.notice());
    assert!(matches!(&desk.state.overlay, Some(Overlay::Settings(editor)) if editor.fields[0].1 == "hot"));
    desk.keys("<Esc>");
    assert_eq!(names(&desk), told(&[("lab:a", true), ("lab:b", false)]));
}

#[test]
fn an_answers_model_gets_other_settings() {
    let mut desk = Desk::new(&["*lab:a+seed=1", "*fallback:x,y"]);
    assert!(matches!(desk.keys("Hi<Enter>")[..], [Effect::StartRun(..), ..]));
    desk.keys("<Tab>e");
    assert!(matches!(&desk.state.overlay, Some(Overlay::Settings(editor)) if editor.fields[3].1 == "1"));
    desk.keys("<Up><Esc>le");
    assert_eq!(desk.notice(), "A chain has no settings; its models may");
}

#[test]
fn it_is_the_answers_model_while_something_is_found_too() {
    let mut desk = Desk::new(&["*lab:a", "*lab:b"]);
    desk.keys("Hi<Enter><Tab>l/x<Enter>e");
    assert!(matches!(&desk.state.overlay, Some(Overlay::Settings(editor)) if editor.model == "lab:b"));
}
