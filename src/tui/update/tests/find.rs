//! Finding in answers, scrolling them together, copying from them. Frames are drawn, since `update` goes by what was
//! seen.

use std::time::Duration;

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::desk::Desk;
use crate::message::{PartDelta, StreamEvent};
use crate::model::{LaneEvent, RunEvent};
use crate::tui::state::{Find, Focus, Pane};
use crate::tui::{Cache, Effect, Event, RunId, view};

/// A desk whose frames are drawn after every key.
struct Seen {
    desk: Desk,
    cache: Cache,
}

impl Seen {
    fn new(answers: &[&str]) -> Self {
        let mut desk = Desk::new(&["*a", "*b", "*c"][..answers.len()]);
        desk.keys("one<Enter>");
        for (lane, text) in answers.iter().enumerate() {
            desk.answer(RunId(0), lane, text);
        }
        let mut seen = Self { desk, cache: Cache::in_zone(TimeZone::UTC) };
        seen.keys(&["<Esc>", "1"]);
        seen
    }

    fn keys(&mut self, keys: &[&str]) -> Vec<Effect> {
        keys.iter().flat_map(|key| self.press(key)).collect()
    }

    fn press(&mut self, keys: &str) -> Vec<Effect> {
        let effects = self.desk.keys(keys);
        self.look();
        effects
    }

    fn look(&mut self) {
        let (columns, rows) = self.desk.state.size;
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a test terminal");
        terminal.draw(|frame| view(&self.desk.state, &mut self.cache, frame)).expect("drawn");
        self.desk.metrics = self.cache.metrics.clone();
    }

    fn find(&self) -> Option<&Find> {
        self.desk.state.panes.find.as_ref()
    }

    fn at(&self) -> Option<(usize, usize)> {
        self.find().and_then(|find| find.at)
    }

    fn pane(&self, lane: usize) -> Pane {
        self.desk.state.panes.get(lane)
    }
}

/// So many lines, every tenth of which says `needle`.
fn lines(count: usize) -> String {
    (0..count)
        .map(|line| if line % 10 == 5 { "a Needle here\n".to_owned() } else { format!("line {line}\n") })
        .collect()
}

#[test]
fn matches_in_one_answer_are_gone_through() {
    let mut seen = Seen::new(&[&lines(100), &lines(100)]);
    seen.keys(&["g", "/", "needle"]);
    let typing = Find { query: "needle".to_owned(), lane: Some(0), typing: true, at: None };
    assert_eq!((seen.find(), seen.desk.metrics.matches(0), seen.desk.metrics.found(1)), (Some(&typing), 10, None));
    seen.press("<Enter>");
    assert_eq!((seen.at(), seen.pane(0)), (Some((0, 0)), Pane { follow: false, ..Pane::default() }));
    let mut rows = Vec::new();
    for _ in 0..4 {
        seen.press("n");
        let row = seen.desk.metrics.found(0).and_then(|found| found.row(seen.at().expect("a match").1));
        let pane = seen.desk.metrics.pane(0).expect("drawn");
        let row = row.expect("a row");
        assert!((pane.top..pane.top + pane.height).contains(&row), "in sight");
        rows.push(row);
    }
    assert_eq!(rows, [15, 25, 35, 45]);
    seen.keys(&["N", "N", "N", "N", "N"]);
    assert_eq!(seen.at(), Some((0, 9)), "round the beginning");
    seen.press("<Esc>");
    assert_eq!((seen.find(), seen.desk.state.focus), (None, Focus::Panes));
}

#[test]
fn matches_in_all_answers_are_gone_through() {
    let mut seen = Seen::new(&["needle, needle", "hay", "a Needle"]);
    seen.keys(&["<Ctrl-f>", "needle", "<Enter>"]);
    let mut places = vec![seen.at()];
    for _ in 0..3 {
        seen.press("n");
        places.push(seen.at());
    }
    assert_eq!(places, [Some((0, 0)), Some((0, 1)), Some((2, 0)), Some((0, 0))]);
    seen.press("N");
    assert_eq!((seen.at(), seen.desk.state.panes.focused), (Some((2, 0)), 2));
    seen.keys(&["/", "<Tab>", "Needle", "<Enter>"]);
    assert_eq!((seen.find().and_then(|find| find.lane), seen.at()), (None, Some((2, 0))), "capitals count once typed");
    seen.keys(&["/", "zebra", "<Enter>"]);
    assert_eq!((seen.at(), seen.desk.notice()), (None, "“zebra” isn't there"));
    seen.press("/");
    assert_eq!(seen.desk.notice(), "", "it would cover what is typed");
}

#[test]
fn it_can_be_found_from_the_prompt_and_nothing_typed_ends_it() {
    let mut seen = Seen::new(&["needle"]);
    seen.keys(&["i", "<Ctrl-f>", "needlex", "<Backspace>"]);
    seen.desk.event(Event::Paste("\nmore".to_owned()));
    assert_eq!(seen.find().map(|find| find.query.clone()), Some("needle".to_owned()), "one line is pasted");
    assert_eq!(seen.desk.state.prompt.lines(), [""]);
    seen.press("<Enter>");
    assert_eq!((seen.desk.state.focus, seen.at()), (Focus::Panes, Some((0, 0))));
    seen.keys(&["/", "<Enter>"]);
    assert_eq!(seen.find(), None);
    let mut empty = Desk::new(&["*a"]);
    empty.keys("<Ctrl-f>");
    assert_eq!(empty.notice(), "There is no answer to find anything in");
}

#[test]
fn matches_are_gone_through_while_typing_and_a_click_ends_the_typing() {
    let mut seen = Seen::new(&["needle needle", "hay"]);
    seen.keys(&["/", "needle", "<Down>", "<Ctrl-n>"]);
    assert_eq!((seen.at(), seen.find().map(|find| find.typing)), (Some((0, 1)), Some(true)));
    seen.press("<Up>");
    assert_eq!(seen.at(), Some((0, 0)));
    let area = seen.desk.metrics.pane(1).expect("drawn").area;
    seen.desk.event(Event::Mouse(MouseEvent {
        kind: MouseEventKind::Down(MouseButton::Left),
        column: area.x + 2,
        row: area.y + 2,
        modifiers: KeyModifiers::NONE,
    }));
    assert_eq!((seen.find().map(|find| find.typing), seen.desk.state.panes.focused), (Some(false), 1));
    seen.press("n");
    assert_eq!((seen.at(), seen.desk.state.panes.focused), (Some((0, 1)), 0), "back to where it is looked for");
}

#[test]
fn what_streams_is_found_as_it_comes() {
    let mut seen = Seen::new(&["needle"]);
    seen.desk.keys("<Esc>two<Enter>");
    let run = RunId(1);
    let send = |seen: &mut Seen, at: u64, event| {
        seen.desk.event(Event::Run(run, vec![RunEvent { lane: 0, at: Duration::from_millis(at), event }]));
        seen.look();
    };
    send(&mut seen, 1, LaneEvent::AttemptStarted { model: "m".to_owned(), queued: Duration::ZERO });
    let start = StreamEvent::part_start(0, crate::message::ResponsePart::text("a nee"));
    send(&mut seen, 2, LaneEvent::Arrived(vec![start]));
    seen.keys(&["<Ctrl-f>", "needle"]);
    let mut counts = vec![seen.desk.metrics.matches(0)];
    for (at, text) in (3..).zip(["dle", "s\n", "\nnee", "dle and needle"]) {
        let delta = StreamEvent::PartDelta { index: 0, delta: PartDelta::text(text) };
        send(&mut seen, at, LaneEvent::Arrived(vec![delta]));
        counts.push(seen.desk.metrics.matches(0));
    }
    assert_eq!(counts, [0, 1, 1, 1, 3]);
}

#[test]
fn a_wait_is_still_ended_while_something_is_looked_for() {
    let mut seen = Seen::new(&["needle"]);
    seen.desk.keys("<Esc>two<Enter>");
    let waits =
        RunEvent { lane: 0, at: Duration::from_millis(5), event: LaneEvent::Waiting { delay: Duration::from_secs(8) } };
    seen.desk.event(Event::Run(RunId(1), vec![waits]));
    seen.desk.state.focus = Focus::Panes;
    assert_eq!(seen.press("n"), [Effect::SkipWait(RunId(1), 0)]);
    seen.keys(&["/", "x", "<Enter>"]);
    assert_eq!((seen.press("n"), seen.press("R")), (vec![], vec![Effect::SkipWait(RunId(1), 0)]));
    seen.press("<Esc>");
    assert_eq!(seen.press("n"), [Effect::SkipWait(RunId(1), 0)]);
}

#[test]
fn answers_scroll_together_by_their_share() {
    let mut seen = Seen::new(&[&lines(100), &lines(1_000), "short"]);
    let last = |seen: &Seen, lane: usize| seen.desk.metrics.pane(lane).map_or(0, |pane| pane.lines - pane.height);
    seen.keys(&["g", "s"]);
    assert_eq!((seen.pane(0).scroll, seen.pane(1).scroll, seen.pane(1).follow), (0, 0, false));
    seen.press("j");
    let share = |row: usize| (row * last(&seen, 1) + last(&seen, 0) / 2) / last(&seen, 0);
    assert_eq!((seen.pane(0).scroll, seen.pane(1).scroll), (1, share(1)));
    seen.press("G");
    assert_eq!((seen.pane(0).follow, seen.pane(1).follow, seen.pane(2).follow), (true, true, true));
    seen.keys(&["s", "g"]);
    assert_eq!((seen.pane(0).scroll, seen.pane(1).follow), (0, true), "each alone again");
    seen.keys(&["s", "3", "k"]);
    assert_eq!(seen.pane(0).scroll, 0, "an answer that doesn't scroll moves no other");
}

#[test]
fn an_answer_that_comes_to_the_screen_later_scrolls_with_the_others() {
    let mut seen = Seen::new(&[&lines(101), &lines(1_001)]);
    seen.keys(&["z", "s", "g", "j", "j"]);
    let way = |seen: &Seen, lane: usize| seen.desk.metrics.pane(lane).map(|pane| (pane.top, pane.lines - pane.height));
    let (Some((2, short)), None) = (way(&seen, 0), way(&seen, 1)) else { panic!("one alone, scrolled down") };
    seen.press("2");
    let (top, long) = way(&seen, 1).expect("drawn");
    assert_eq!(top, (2 * long + short / 2) / short);
    seen.press("j");
    assert_eq!((seen.pane(1).scroll, seen.pane(1).way), (top + 1, None), "it goes on from there");
    seen.press("G");
    assert!(seen.pane(0).follow);
}

#[test]
fn a_block_of_code_is_copied_by_its_number() {
    let block = |number: usize| format!("```sh\necho {number}\n```\n");
    let mut seen = Seen::new(&["no code", &block(1), &(1..=12).map(block).collect::<String>()]);
    assert_eq!((seen.press("c"), seen.desk.notice()), (vec![], "There is no block of code in this answer"));
    let copied = |number: usize, model: &str| {
        [Effect::Copy(format!("echo {number}\n"), format!("block {number} of {model} (sh, 1 line)"))]
    };
    assert_eq!(seen.keys(&["2", "c"]), copied(1, "b"), "the only one");
    assert_eq!(seen.keys(&["3", "c", "7"]), copied(7, "c"), "no block has a longer number");
    assert_eq!(seen.keys(&["c", "1", "2"]), copied(12, "c"));
    assert_eq!(seen.keys(&["c", "1", "<Enter>"]), copied(1, "c"));
    assert_eq!((seen.keys(&["c", "1", "3"]), seen.desk.notice()), (vec![], "The blocks have the numbers 1 to 12"));
    assert_eq!(seen.keys(&["<Enter>", "<Tab>"]), []);
    assert_eq!((seen.desk.state.focus, seen.desk.state.panes.block.clone()), (Focus::Models, None));
    assert_eq!(seen.keys(&["<BackTab>", "c", "<Esc>", "1"]), []);
    assert_eq!((seen.desk.state.panes.block.clone(), seen.desk.state.panes.focused), (None, 0));
}

#[test]
fn all_that_was_said_is_copied_as_it_came() {
    let mut seen = Seen::new(&["**London**\r\n"]);
    let said = Effect::Copy("**London**\r\n".to_owned(), "all that a said".to_owned());
    assert_eq!(seen.press("<Ctrl-y>"), [said]);
}
