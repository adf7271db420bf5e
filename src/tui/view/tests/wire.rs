//! What went over the wire, on the screen.

use super::chains::chains;
use super::support::*;
use crate::model::{AnswerHead, LaneEvent, SentRequest};
use crate::run::LaneRecord;
use crate::tui::State;
use crate::tui::state::{Focus, Overlay, WireView};

fn looking(size: (u16, u16), lane: LaneRecord, view: WireView) -> State {
    let mut state = workbench(size, 0);
    show(&mut state, "Where?", vec![lane]);
    state.focus = Focus::Panes;
    state.overlay = Some(Overlay::Wire(view));
    state
}

fn head(status: u16, content_type: &str) -> LaneEvent {
    let headers = vec![("content-type".to_owned(), content_type.to_owned())];
    LaneEvent::Answered(Box::new(AnswerHead { version: "HTTP/1.1".to_owned(), status, headers }))
}

fn sent() -> LaneEvent {
    let body =
        r#"{"model":"gpt-4o","messages":[{"role":"user","content":"Where were the olympics, 五輪?"}],"stream":true}"#;
    LaneEvent::Sent(Box::new(SentRequest::plain("https://api.openai.com/v1/chat/completions", body)))
}

/// A request that was refused, and one whose answer arrives.
fn lane() -> LaneRecord {
    let refused = refused(503, "{}", "");
    let event = |text: &str| {
        let event = format!(
            "data: {{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n"
        );
        LaneEvent::Bytes(event.into_bytes())
    };
    Script::of("openai:gpt-4o")
        .asks(0, "openai:gpt-4o")
        .at(2, &sent())
        .at(180, &head(503, "application/json"))
        .at(181, &LaneEvent::Bytes(br#"{"error":{"message":"overloaded \u001b[31m"}}"#.to_vec()))
        .attempt_fails(182, crate::model::Outcome::Failed, refused)
        .asks(700, "openai:gpt-4o")
        .at(701, &sent())
        .at(912, &head(200, "text/event-stream"))
        .at(940, &event("Lon"))
        .at(1_250, &event("don \u{9b}31m 東京"))
        .still_runs()
}

#[test]
fn requests_and_answers_with_their_times() {
    for size in [(80, 24), (160, 45), (250, 70)] {
        expect(&format!("wire_{}x{}", size.0, size.1), &fresh(&looking(size, lane(), WireView::default())));
    }
}

#[test]
fn long_rows_move_as_far_as_their_ends() {
    let end = |shift| symbols(&fresh(&looking((60, 16), lane(), WireView { scroll: 99, shift })));
    let (moved, far) = (end(40), end(9_999));
    assert!(moved.contains("+239 ms …"), "{moved}");
    assert!(far.contains("東京\"}}]}") && far.contains("content-type: text/event-stream"), "{far}");
    assert!(far.contains("bytes so far"), "{far}");
}

#[test]
fn of_saved_answers_nothing_is_kept() {
    let shown = symbols(&fresh(&looking((80, 24), chains().swap_remove(0), WireView::default())));
    assert!(shown.contains("Nothing went over HTTP here. Of saved and replayed answers it is not kept."), "{shown}");
}
