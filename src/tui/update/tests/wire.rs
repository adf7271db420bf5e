//! What went over the wire: looked at, moved, copied.

use std::time::Duration;

use super::desk::Desk;
use crate::model::{AnswerHead, LaneEvent, RunEvent, SentRequest};
use crate::tui::state::{Overlay, WireView};
use crate::tui::{Effect, Event, RunId};

fn asked() -> Desk {
    let mut desk = Desk::new(&["*a", "*b"]);
    desk.keys("Hi<Enter><Tab>");
    desk
}

fn happens(desk: &mut Desk, event: LaneEvent) {
    desk.event(Event::Run(RunId(0), vec![RunEvent { lane: 0, at: Duration::ZERO, event }]));
}

fn view(desk: &Desk) -> Option<WireView> {
    match desk.state.overlay {
        Some(Overlay::Wire(view)) => Some(view),
        _ => None,
    }
}

#[test]
fn it_is_moved_both_ways_and_closed() {
    let mut desk = asked();
    desk.keys("w");
    (desk.metrics.overlay_rows, desk.metrics.overlay_lines) = (10, 25);
    desk.keys("jjk>>l");
    assert_eq!(view(&desk), Some(WireView::default()), "the next answer's from its beginning");
    desk.keys("jj>>>,");
    assert_eq!(view(&desk), Some(WireView { scroll: 2, shift: 40 }));
    assert_eq!(desk.state.panes.focused, 1);
    desk.keys("<Esc>");
    assert_eq!(view(&desk), None);
    desk.keys("ow");
    assert_eq!(view(&desk), Some(WireView::default()), "from the details as well");
    desk.keys("o");
    assert!(matches!(desk.state.overlay, Some(Overlay::Inspector(0))), "and back to them");
}

#[test]
fn the_last_request_and_body_are_copied() {
    let mut desk = asked();
    desk.keys("w");
    assert_eq!(desk.keys("cy"), []);
    assert_eq!(desk.notice(), "No body came here");
    happens(&mut desk, LaneEvent::AttemptStarted { model: "a".to_owned(), queued: Duration::ZERO });
    happens(&mut desk, LaneEvent::Sent(Box::new(SentRequest::plain("http://h/v1", "{}"))));
    let command = Effect::Copy(
        "curl -N -X POST 'http://h/v1' \\\n  --data-raw '{}'".to_owned(),
        "the request as a curl command".to_owned(),
    );
    assert_eq!(desk.keys("c"), [command]);
    let head = AnswerHead { version: "HTTP/1.1".to_owned(), status: 200, headers: Vec::new() };
    happens(&mut desk, LaneEvent::Answered(Box::new(head)));
    happens(&mut desk, LaneEvent::Bytes(b"data: 1\n\nda".to_vec()));
    let body = Effect::Copy("data: 1\n\nda".to_owned(), "the answer's body as it came".to_owned());
    assert_eq!(desk.keys("y"), [body]);
}

#[test]
fn there_is_none_of_nothing() {
    let mut desk = Desk::new(&["*a"]);
    desk.keys("<Tab>");
    desk.state.focus = crate::tui::state::Focus::Panes;
    desk.keys("w");
    assert_eq!((view(&desk), desk.notice()), (None, "There is no answer to look into"));
}
