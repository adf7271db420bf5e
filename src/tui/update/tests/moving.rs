//! Focus, scrolling, picking, copying, the mouse.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;

use super::desk::Desk;
use crate::tui::state::{Focus, Overlay, Pane};
use crate::tui::{Effect, Event, RunId};

fn two_answers() -> Desk {
    let mut desk = Desk::new(&["*a", "*b"]);
    desk.keys("one<Enter>");
    desk.answer(RunId(0), 0, "**London**");
    desk.answer(RunId(0), 1, "Paris");
    desk
}

fn mouse(kind: MouseEventKind, column: u16, row: u16) -> Event {
    Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE })
}

#[test]
fn tab_goes_round() {
    let mut desk = two_answers();
    let mut seen = Vec::new();
    for _ in 0..5 {
        desk.keys("<Tab>");
        seen.push((desk.state.focus, desk.state.panes.focused));
    }
    assert_eq!(
        seen,
        [(Focus::Panes, 0), (Focus::Panes, 1), (Focus::Models, 1), (Focus::History, 1), (Focus::Prompt, 1)]
    );
    desk.keys("<BackTab>");
    assert_eq!(desk.state.focus, Focus::History);
}

#[test]
fn a_number_focuses_its_pane_and_types_in_the_prompt() {
    let mut desk = two_answers();
    desk.keys("2<Esc>2");
    assert_eq!(
        (desk.state.prompt.lines(), desk.state.focus, desk.state.panes.focused),
        (&["2".to_owned()][..], Focus::Panes, 1)
    );
    desk.keys("90");
    assert_eq!(desk.state.panes.focused, 1, "there is no ninth or tenth");
    desk.keys("l");
    assert_eq!(desk.state.panes.focused, 0, "round the end");
}

#[test]
fn ten_keys_go_to_ten_answers() {
    let models: Vec<String> = (0..12).map(|number| format!("*m{number}")).collect();
    let mut desk = Desk::new(&models.iter().map(String::as_str).collect::<Vec<_>>());
    desk.keys("one<Enter><Esc><Esc>");
    desk.state.focus = Focus::Panes;
    let mut seen = Vec::new();
    for key in "1234567890".chars() {
        desk.keys(&key.to_string());
        seen.push(desk.state.panes.focused);
    }
    assert_eq!(seen, (0..10).collect::<Vec<_>>());
}

#[test]
fn the_end_is_followed_until_the_reader_scrolls_up() {
    let mut desk = two_answers();
    desk.shows(0, 10, 25);
    desk.keys("<Esc>1");
    let pane = |desk: &Desk| desk.state.panes.get(0);
    desk.keys("k");
    assert_eq!(pane(&desk), Pane { scroll: 14, follow: false, ..Pane::default() });
    desk.keys("<PageUp>");
    assert_eq!(pane(&desk).scroll, 5);
    desk.keys("g");
    assert_eq!(pane(&desk), Pane { scroll: 0, follow: false, ..Pane::default() });
    desk.keys("<PageDown><PageDown>");
    assert_eq!(pane(&desk), Pane { scroll: 15, follow: true, ..Pane::default() });
}

#[test]
fn the_wheel_scrolls_what_is_under_it_and_a_click_focuses() {
    let mut desk = two_answers();
    desk.shows(0, 10, 25);
    desk.shows(1, 10, 25);
    desk.event(mouse(MouseEventKind::ScrollUp, 45, 5));
    assert_eq!((desk.state.panes.get(0).follow, desk.state.panes.get(1).scroll), (true, 12));
    desk.event(mouse(MouseEventKind::Down(MouseButton::Left), 45, 5));
    assert_eq!((desk.state.focus, desk.state.panes.focused), (Focus::Panes, 1));
    desk.metrics.models = Some((Rect::new(0, 30, 20, 5), 0));
    desk.event(mouse(MouseEventKind::Down(MouseButton::Left), 3, 31));
    assert_eq!(desk.state.models.picked(), ["a"]);
}

#[test]
fn the_side_bar_is_put_away_and_sized_by_keys() {
    let mut desk = two_answers();
    desk.keys("<Esc>");
    let columns = |desk: &Desk| desk.state.side_bar.columns(160);
    assert_eq!((columns(&desk), desk.state.side_bar.is_beside(160)), (26, true));
    desk.keys(">");
    desk.keys(">");
    desk.keys("<");
    assert_eq!(columns(&desk), 30);
    (0..100).for_each(|_| drop(desk.keys(">")));
    assert_eq!(columns(&desk), 116, "the panes keep their room");
    (0..100).for_each(|_| drop(desk.keys("<")));
    assert_eq!(columns(&desk), 16);
    desk.keys("<Ctrl-b>");
    assert!(!desk.state.side_bar.is_beside(160));
    desk.keys("<");
    assert_eq!(desk.notice(), "The side bar is put away");
    desk.keys("<Tab><Tab><Ctrl-b>");
    assert_eq!((desk.state.focus, desk.state.side_bar.is_beside(160)), (Focus::Prompt, true));
}

#[test]
fn on_a_narrow_screen_the_side_bar_comes_with_the_focus() {
    let mut desk = two_answers();
    desk.event(Event::Resize(60, 16));
    desk.keys("<Ctrl-b>");
    assert_eq!(desk.state.focus, Focus::Models);
    desk.keys("<Ctrl-b>");
    assert_eq!((desk.state.focus, desk.state.side_bar.hidden), (Focus::Prompt, false));
    desk.keys("<");
    assert_eq!(desk.state.prompt.lines(), ["<"], "in the prompt it is typed");
}

#[test]
fn the_mouse_drags_the_side_bar_and_goes_to_a_tab() {
    let mut desk = two_answers();
    desk.metrics.side_bar = Some(Rect::new(0, 1, 26, 43));
    let drag = |column| mouse(MouseEventKind::Drag(MouseButton::Left), column, 9);
    desk.event(drag(40));
    assert_eq!(desk.state.side_bar.width, None, "nothing is held");
    desk.event(mouse(MouseEventKind::Down(MouseButton::Left), 25, 8));
    desk.event(drag(40));
    assert_eq!(desk.state.side_bar.width, Some(41));
    desk.event(drag(159));
    assert_eq!(desk.state.side_bar.width, Some(116));
    desk.event(mouse(MouseEventKind::Up(MouseButton::Left), 159, 9));
    desk.event(drag(30));
    assert_eq!(desk.state.side_bar.width, Some(116), "it was let go of");
    desk.metrics.tabs = vec![(Rect::new(26, 2, 10, 1), 0), (Rect::new(36, 2, 10, 1), 1)];
    desk.event(mouse(MouseEventKind::Down(MouseButton::Left), 40, 2));
    assert_eq!((desk.state.focus, desk.state.panes.focused), (Focus::Panes, 1));
}

#[test]
fn without_an_answer_the_focus_stays_where_something_is() {
    let mut desk = Desk::new(&["*a"]);
    desk.keys("<BackTab><Enter>");
    assert_eq!(desk.state.focus, Focus::Prompt);
}

#[test]
fn models_are_found_by_a_few_letters() {
    let mut desk = Desk::new(&["*openai:gpt-4o", "anthropic:claude-sonnet-4-5", "google-gla:gemini-2.5-pro"]);
    desk.keys("<Ctrl-o>gempro<Enter>");
    assert_eq!(desk.state.models.picked(), ["openai:gpt-4o", "google-gla:gemini-2.5-pro"]);
    assert!(desk.state.overlay.is_none());
    desk.keys("<Ctrl-o>gpt ");
    assert_eq!(desk.state.models.picked(), ["google-gla:gemini-2.5-pro"], "space drops and stays");
    assert!(matches!(desk.state.overlay, Some(Overlay::Picker(_))));
}

#[test]
fn a_model_that_nobody_knows_can_be_typed() {
    let mut desk = Desk::new(&["a"]);
    desk.keys("<Ctrl-o>lab:qwen<Enter>");
    assert_eq!(desk.state.models.picked(), ["lab:qwen"]);
    desk.keys("<Ctrl-o>zzz<Enter>");
    assert_eq!(desk.notice(), "No model matches; a new one is written PROVIDER:MODEL");
}

#[test]
fn the_answer_is_copied_as_it_came_and_the_turn_as_markdown() {
    let mut desk = two_answers();
    assert_eq!(desk.keys("1y"), [], "1 and y were typed into the prompt");
    desk.keys("<Esc>1");
    assert_eq!(desk.keys("y"), [Effect::Copy("**London**".to_owned(), "the answer of a".to_owned())]);
    let effects = desk.keys("Y");
    let [Effect::Copy(turn, what)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(what, "the turn as Markdown");
    assert!(turn.starts_with("## Prompt\n\n```text\none\n```\n\n### a\n\ncompleted · "), "{turn}");
    assert!(turn.contains("```markdown\n**London**\n```\n\n### b\n"), "{turn}");
    desk.event(Event::Copied(Ok("Copied the answer of a".to_owned())));
    assert_eq!(desk.notice(), "Copied the answer of a");
}

#[test]
fn help_opens_and_closes_with_the_same_key() {
    let mut desk = two_answers();
    (desk.metrics.overlay_rows, desk.metrics.overlay_lines) = (10, 12);
    desk.keys("<F1>jjjjjj");
    assert!(matches!(desk.state.overlay, Some(Overlay::Help(2))), "no further than its end");
    desk.keys("<F1>");
    assert!(desk.state.overlay.is_none());
}

#[test]
fn nothing_opens_over_an_editor_and_takes_its_text() {
    let mut desk = two_answers();
    desk.keys("<Ctrl-t>Be brief.<F1><Ctrl-o><Ctrl-l><Ctrl-n><Tab>");
    assert!(matches!(desk.state.overlay, Some(Overlay::System(_))));
    desk.keys("<Esc>");
    assert_eq!(desk.state.system, "Be brief.");
}

#[test]
fn the_typed_name_of_a_known_model_makes_no_row_of_its_own() {
    let mut desk = Desk::new(&["lab:qwen"]);
    desk.keys("<Ctrl-o>lab:qwen<Down><Down>");
    assert!(matches!(&desk.state.overlay, Some(Overlay::Picker(picker)) if picker.cursor == 0));
}

#[test]
fn pasted_text_is_never_taken_for_keys() {
    let mut desk = two_answers();
    desk.keys("<Esc>1");
    let effects = desk.event(Event::Paste("x\r\nrm\ty".to_owned()));
    assert_eq!(effects, []);
    assert_eq!((desk.state.prompt.lines().join("|"), desk.state.focus), ("x|rm\ty".to_owned(), Focus::Prompt));
}

#[test]
fn the_theme_and_the_mouse_are_switched() {
    let mut desk = two_answers();
    assert_eq!(desk.keys("<F3>"), [Effect::CaptureMouse(false)]);
    let themes = desk.state.themes.len();
    desk.keys(&"<F2>".repeat(themes));
    assert_eq!(desk.state.theme, 0);
}

#[test]
fn details_scroll_go_on_to_the_next_answer_and_close() {
    let mut desk = two_answers();
    desk.keys("<Esc>1o");
    let scroll = |desk: &Desk| match desk.state.overlay {
        Some(Overlay::Inspector(scroll)) => Some(scroll),
        _ => None,
    };
    (desk.metrics.overlay_rows, desk.metrics.overlay_lines) = (10, 25);
    let mut seen = Vec::new();
    for key in ["j", "j", "k", "<PageDown>", "<PageDown>", "g", "G"] {
        desk.keys(key);
        seen.push(scroll(&desk).expect("open"));
    }
    assert_eq!(seen, [1, 2, 1, 11, 15, 0, 15]);
    desk.keys("l");
    assert_eq!((scroll(&desk), desk.state.panes.focused), (Some(0), 1));
    assert_eq!(desk.keys("n"), []);
    assert_eq!(desk.notice(), "Nothing waits to be tried again here");
    desk.keys("<Esc>");
    assert_eq!((scroll(&desk), desk.state.focus), (None, Focus::Panes));
}

#[test]
fn there_are_no_details_of_nothing() {
    let mut desk = Desk::new(&["*a"]);
    desk.state.focus = Focus::Panes;
    desk.keys("o");
    assert!(desk.state.overlay.is_none());
    assert_eq!(desk.notice(), "There is no answer to look into");
}
