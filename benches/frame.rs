//! How long a frame takes: eight lanes, each with 200 KB of answer, on 250×70 cells while tokens arrive.
//!
//! `cargo bench --bench frame`. The worst frames are printed first: none may take longer than the 16 ms between two.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use llmbench::message::{PartDelta, ResponsePart, StreamEvent};
use llmbench::model::{LaneEvent, RunEvent};
use llmbench::run::LaneRecord;
use llmbench::session::Pace;
use llmbench::tui::state::{Find, Focus, ModelList, Running, Turn};
use llmbench::tui::update::{Moment, update};
use llmbench::tui::{Cache, Event, RunId, State, Theme, view};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

const LANES: usize = 8;
const BYTES: usize = 200_000;
const SIZE: (u16, u16) = (250, 70);
/// Frames that are timed one by one.
const FRAMES: usize = 600;

/// What models write: paragraphs, lists, tables, code.
const TEXT: &str = "## What the figures say\n\nThe **first** model answers in *about* 300 ms, see [its page](https://example.org/models), \
and the second one takes `1.2 s`; 東京 and Zürich are no exception to that, which is what one would expect of them.\n\n\
- one item of a list\n  - with another one in it, long enough to be wrapped in a pane of this width\n- [x] done\n\n\
| model | first token | cost |\n|:--|--:|:-:|\n| openai:gpt-4o | 312 ms | $0.0014 |\n| anthropic:claude | 420 ms | – |\n\n\
```rust\n/// Says it.\nfn main() {\n    println!(\"{} and {}\", 42, \"more\"); // to standard output\n}\n```\n\n> Quoted, and done.\n\n";

/// A workbench on which eight lanes stream.
struct Desk {
    state: State,
    cache: Cache,
    terminal: Terminal<TestBackend>,
    clock: Duration,
    sent: [usize; LANES],
}

impl Desk {
    fn new() -> Self {
        let mut state = State::new(ModelList::default(), Theme::embedded(), SIZE);
        let lanes =
            (0..LANES).map(|lane| LaneRecord::new(format!("bench:lane-{lane}"), Timestamp::UNIX_EPOCH)).collect();
        state.conversation.turns.push(Turn { prompt: "Q".to_owned(), at: Timestamp::UNIX_EPOCH, lanes });
        let lanes = (0..LANES).collect();
        let running = Running {
            run: RunId(0),
            turn: 0,
            lanes,
            open: LANES,
            started: Duration::ZERO,
            replay: Some(Pace::new(1.0, Duration::ZERO)),
            before: vec![],
        };
        state.conversation.running.push(running);
        state.focus = Focus::Panes;
        let terminal = Terminal::new(TestBackend::new(SIZE.0, SIZE.1)).expect("a test terminal");
        let mut desk = Self { state, cache: Cache::default(), terminal, clock: Duration::ZERO, sent: [0; LANES] };
        desk.fill();
        desk
    }

    fn fill(&mut self) {
        for lane in 0..LANES {
            self.event(lane, LaneEvent::AttemptStarted { model: "bench".to_owned(), queued: Duration::ZERO });
            self.event(lane, LaneEvent::Arrived(vec![StreamEvent::part_start(0, ResponsePart::text(""))]));
            while self.sent[lane] < BYTES {
                self.token(lane);
            }
        }
    }

    fn event(&mut self, lane: usize, event: LaneEvent) {
        self.clock += Duration::from_micros(200);
        let moment = Moment { clock: self.clock, now: Timestamp::UNIX_EPOCH };
        let event = RunEvent { lane, at: self.clock, event };
        update(&mut self.state, &self.cache.metrics, moment, Event::Run(RunId(0), vec![event]));
    }

    /// A token of some letters, another one for each lane.
    fn token(&mut self, lane: usize) {
        let at = (self.sent[lane] + lane * 131) % TEXT.len();
        let at = TEXT.floor_char_boundary(at);
        let end = TEXT.ceil_char_boundary((at + 5).min(TEXT.len()));
        self.sent[lane] += end - at;
        let delta = StreamEvent::PartDelta { index: 0, delta: PartDelta::text(&TEXT[at..end]) };
        self.event(lane, LaneEvent::Arrived(vec![delta]));
    }

    /// Tokens as 8 fast models bring them between two frames, and the frame.
    fn tokens_and_frame(&mut self) {
        for lane in 0..LANES {
            (0..4).for_each(|_| self.token(lane));
        }
        self.frame();
    }

    fn frame(&mut self) {
        let (state, cache) = (&self.state, &mut self.cache);
        black_box(self.terminal.draw(|frame| view(state, cache, frame)).expect("drawn"));
    }

    fn resized(&mut self, columns: u16) {
        self.state.size.0 = columns;
        self.terminal = Terminal::new(TestBackend::new(columns, SIZE.1)).expect("a test terminal");
    }

    fn looks_for(&mut self, query: &str) {
        self.state.panes.find = Some(Find { query: query.to_owned(), ..Find::new(None) });
    }
}

/// The best, the usual and the worst time of many runs.
fn timed(what: &str, count: usize, mut run: impl FnMut(usize)) {
    let mut times: Vec<Duration> = (0..count)
        .map(|number| {
            let began = Instant::now();
            run(number);
            began.elapsed()
        })
        .collect();
    times.sort_unstable();
    let [best, median, worst] = [0, count / 2, count - 1].map(|at| times[at]);
    println!("{what:<44} best {best:>9.1?}   median {median:>9.1?}   worst {worst:>9.1?}");
}

fn frames(criterion: &mut Criterion) {
    let mut desk = Desk::new();
    timed("the first frame", 1, |_| desk.frame());
    timed("a frame while tokens arrive", FRAMES, |_| desk.tokens_and_frame());
    desk.state.panes.focused = 3;
    timed("the same, scrolled up", FRAMES, |number| {
        let pane = desk.state.panes.get_mut(3);
        (pane.follow, pane.scroll) = (false, number * 7);
        desk.tokens_and_frame();
    });
    timed("the first frame with another query", 5, |number| {
        desk.looks_for(["t", "th", "the", "zebra", "model"][number]);
        desk.frame();
    });
    timed("a frame with a query while tokens arrive", FRAMES, |_| desk.tokens_and_frame());
    desk.state.panes.find = None;
    timed("the first frame of another width", 12, |number| {
        desk.resized(SIZE.0 - 8 * (1 + number as u16 % 4));
        desk.frame();
    });
    desk.resized(SIZE.0);
    desk.frame();
    criterion.bench_function("frame/tokens", |bench| bench.iter(|| desk.tokens_and_frame()));
    criterion.bench_function("frame/still", |bench| bench.iter(|| desk.frame()));
    desk.looks_for("model");
    criterion.bench_function("frame/finding", |bench| bench.iter(|| desk.tokens_and_frame()));
}

criterion_group!(benches, frames);
criterion_main!(benches);
