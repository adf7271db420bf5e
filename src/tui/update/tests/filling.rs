//! Prompts with variables: their values are asked for before anything is sent.

use super::desk::Desk;
use crate::tui::state::{Filling, Overlay};
use crate::tui::{Effect, Event, RunId};

fn filling(desk: &Desk) -> Option<&Filling> {
    match &desk.state.overlay {
        Some(Overlay::Variables(filling)) => Some(filling),
        _ => None,
    }
}

fn prompts(desk: &Desk) -> Vec<&str> {
    desk.state.conversation.turns.iter().map(|turn| turn.prompt.as_str()).collect()
}

#[test]
fn each_value_is_asked_for_and_the_whole_prompt_is_sent() {
    let mut desk = Desk::new(&["*a"]);
    assert_eq!(desk.keys("Is {{city}} in {{country}}? {{ city }}!<Enter>"), []);
    assert_eq!(desk.keys("Romee<Backspace><Enter>"), []);
    assert_eq!(filling(&desk).map(|filling| filling.cursor), Some(1));
    desk.event(Event::Paste("Italy\n{{city}}".to_owned()));
    let effects = desk.keys("<Enter>");
    assert!(matches!(effects[..], [Effect::StartRun(RunId(0), _)]), "{effects:?}");
    assert_eq!(prompts(&desk), ["Is Rome in Italy\n{{city}}? Rome!"]);
    assert_eq!((desk.state.prompt_text(), filling(&desk)), (String::new(), None));
}

#[test]
fn values_are_remembered_and_the_prompt_is_found_again() {
    let mut desk = Desk::new(&["*a"]);
    desk.keys("Is {{city}} in {{country}}?<Enter>Rome<Enter>Italy<Enter>");
    desk.answer(RunId(0), 0, "Yes.");
    desk.keys("<Ctrl-r>city<Enter>");
    assert_eq!(desk.state.prompt_text(), "Is {{city}} in {{country}}?");
    desk.keys("<Enter>");
    assert_eq!(filling(&desk).map(Filling::prompt), Some("Is Rome in Italy?".to_owned()));
    desk.keys("<Enter><Up>");
    assert_eq!(filling(&desk).map(|filling| filling.cursor), Some(0));
    desk.keys(&"<Backspace>".repeat(4));
    desk.keys("Pisa<Tab><Enter>");
    assert_eq!(prompts(&desk), ["Is Rome in Italy?", "Is Pisa in Italy?"]);
    assert_eq!(desk.state.templates.len(), 1);
}

#[test]
fn braces_can_be_sent_as_they_are_and_nothing_is_lost_by_going_back() {
    let mut desk = Desk::new(&["*a"]);
    desk.keys("What is {{x}} in Jinja?<Enter>y<Esc>");
    assert_eq!((desk.state.prompt_text().as_str(), filling(&desk)), ("What is {{x}} in Jinja?", None));
    let effects = desk.keys("<Enter><Ctrl-s>");
    assert!(matches!(effects[..], [Effect::StartRun(..)]), "{effects:?}");
    assert_eq!(prompts(&desk), ["What is {{x}} in Jinja?"]);
    let mut nobody = Desk::new(&["a"]);
    nobody.keys("{{x}}<Enter>");
    assert_eq!(nobody.notice(), "Pick a model first");
    let mut empty = Desk::new(&["*a"]);
    assert_eq!(empty.keys("{{x}}<Enter><Enter>"), []);
    assert_eq!(empty.notice(), "Nothing would be sent: the values are empty");
}
