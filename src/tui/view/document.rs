//! An answer as rows: one segment for each part of the response, rendered as it grows and kept between frames.

use jiff::Timestamp;
use ratatui::text::{Line, Span};

use super::markdown::{Growing, GrowingJson, Look, Markdown, Plain};
use super::text::clean_cut;
use super::words::Words;
use crate::message::{ResponsePart, ToolArgs, ToolCall};
use crate::run::LaneRecord;
use crate::tui::object::{ObjectEnd, begins_as_object};

/// What must be the same for the rows to be used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key {
    columns: usize,
    theme: usize,
    thinking_open: bool,
    attempts: usize,
    started_at: Timestamp,
}

/// The rows of one lane's answer.
pub struct Document {
    key: Key,
    segments: Vec<Segment>,
    version: u64,
}

/// The rows of one part.
enum Segment {
    Text(Growing<Markdown>),
    /// A text that begins with a JSON object, and what stands behind that.
    Json {
        end: ObjectEnd,
        object: GrowingJson,
        rest: Growing<Markdown>,
    },
    Thinking {
        words: Words,
        head: Vec<Line<'static>>,
        body: Growing<Plain>,
    },
    Tool {
        head: Vec<Line<'static>>,
        args: GrowingJson,
        name_bytes: usize,
    },
    Other(Vec<Line<'static>>),
}

/// How the answer is looked at.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// Colours and columns.
    pub look: Look<'a>,
    /// The theme's place in the list of themes.
    pub theme: usize,
    /// Whether the thinking is open.
    pub thinking_open: bool,
    /// The key that opens the thinking.
    pub thinking_key: &'a str,
}

/// What separates two parts.
static BLANK: [Line<'static>; 1] = [Line { style: ratatui::style::Style::new(), alignment: None, spans: Vec::new() }];

/// Stretches of a part.
const STRETCHES: usize = 4;

/// Rows of a part that are drawn one after the other.
#[derive(Clone, Copy)]
struct Stretch<'a> {
    rows: &'a [Line<'static>],
    /// Whether they begin the part, or stand apart in it.
    apart: bool,
    /// Whether they stay as they are while more is added behind them.
    settled: bool,
}

/// A stretch of a part that has none.
const NO_ROWS: Stretch<'_> = Stretch { rows: &[], apart: false, settled: false };

/// The rows of a text that grows, which stand apart from what is before them.
fn grown<'a>([settled, open]: [&'a [Line<'static>]; 2]) -> [Stretch<'a>; 2] {
    [
        Stretch { rows: settled, apart: true, settled: true },
        Stretch { rows: open, apart: settled.is_empty(), settled: false },
    ]
}

/// The same below a head.
fn below<'a>(head: &'a [Line<'static>], [settled, open]: [&'a [Line<'static>]; 2]) -> [Stretch<'a>; STRETCHES] {
    [
        Stretch { rows: head, apart: true, settled: false },
        Stretch { rows: settled, apart: false, settled: true },
        Stretch { rows: open, apart: false, settled: false },
        NO_ROWS,
    ]
}

impl Document {
    /// A document of nothing yet.
    #[must_use]
    pub fn new(record: &LaneRecord, reading: Reading<'_>) -> Self {
        Self { key: Key::of(record, reading), segments: Vec::new(), version: 0 }
    }

    /// Takes the answer as it is now. Only what is new is rendered, unless it is looked at in another way.
    pub fn update(&mut self, record: &LaneRecord, reading: Reading<'_>) {
        let parts = &record.response().parts;
        if self.key != Key::of(record, reading) || self.segments.len() > parts.len() {
            *self = Self { version: self.version + 1, ..Self::new(record, reading) };
        }
        for (at, part) in parts.iter().enumerate() {
            if self.segments.get(at).is_none_or(|segment| !segment.is_of(part)) {
                self.version += u64::from(self.segments.len() > at);
                self.segments.truncate(at);
                self.segments.push(Segment::of(part));
            }
            self.segments[at].update(part, reading);
        }
    }

    /// Changes when rows that were settled are no longer what they were.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// How wide rows can be.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.key.columns
    }

    /// The stretches, always as many for a part: the row that each begins at, its rows, and whether those stay as they
    /// are while more is added behind them.
    pub fn stretches(&self) -> impl Iterator<Item = (usize, &[Line<'static>], bool)> {
        let mut at = 0;
        self.segments.iter().flat_map(Segment::rows).map(move |Stretch { rows, apart, settled }| {
            at += usize::from(apart && at > 0 && !rows.is_empty());
            let first = at;
            at += rows.len();
            (first, rows, settled)
        })
    }

    /// The rows, in stretches with what separates them.
    pub fn rows(&self) -> impl Iterator<Item = &[Line<'static>]> {
        let mut at = 0;
        self.stretches().flat_map(move |(first, rows, _)| {
            let separator: &[Line<'static>] = if first > at { &BLANK } else { &[] };
            at = first + rows.len();
            [separator, rows]
        })
    }

    /// The rows at which blocks of code begin, in the order of the text.
    pub fn code_blocks(&self) -> Vec<usize> {
        let firsts: Vec<(usize, usize)> = self.stretches().map(|(first, rows, _)| (first, rows.len())).collect();
        let of = |(at, segment): (usize, &Segment)| {
            let (stretch, rows) = match segment {
                Segment::Text(rows) => (at * STRETCHES, rows),
                Segment::Json { rest, .. } => (at * STRETCHES + 2, rest),
                _ => return Vec::new(),
            };
            let ((settled, count), (open, _)) = (firsts[stretch], firsts[stretch + 1]);
            rows.blocks().map(|row| if row < count { settled + row } else { open + row - count }).collect()
        };
        self.segments.iter().enumerate().flat_map(of).collect()
    }
}

impl Key {
    fn of(record: &LaneRecord, reading: Reading<'_>) -> Self {
        Self {
            columns: reading.look.columns,
            theme: reading.theme,
            thinking_open: reading.thinking_open,
            attempts: record.attempts.len(),
            started_at: record.started_at,
        }
    }
}

impl Segment {
    fn of(part: &ResponsePart) -> Self {
        match part {
            ResponsePart::Text(text) if begins_as_object(&text.content) => {
                Self::Json { end: ObjectEnd::default(), object: GrowingJson::default(), rest: Growing::default() }
            }
            ResponsePart::Text(_) => Self::Text(Growing::default()),
            ResponsePart::Thinking(_) => {
                Self::Thinking { words: Words::default(), head: Vec::new(), body: Growing::default() }
            }
            ResponsePart::ToolCall(_) => {
                Self::Tool { head: Vec::new(), args: GrowingJson::default(), name_bytes: usize::MAX }
            }
            ResponsePart::Other(_) => Self::Other(Vec::new()),
        }
    }

    fn is_of(&self, part: &ResponsePart) -> bool {
        match (self, part) {
            (Self::Text(_), ResponsePart::Text(text)) => !begins_as_object(&text.content),
            (Self::Json { .. }, ResponsePart::Text(text)) => begins_as_object(&text.content),
            (Self::Thinking { .. }, ResponsePart::Thinking(_))
            | (Self::Tool { .. }, ResponsePart::ToolCall(_))
            | (Self::Other(_), ResponsePart::Other(_)) => true,
            _ => false,
        }
    }

    fn update(&mut self, part: &ResponsePart, reading: Reading<'_>) {
        let look = reading.look;
        match (self, part) {
            (Self::Text(rows), ResponsePart::Text(text)) => rows.update(&text.content, look),
            (Self::Json { end, object, rest }, ResponsePart::Text(text)) => {
                let end = end.update(&text.content).unwrap_or(text.content.len());
                object.update(&text.content[..end], look);
                rest.update(&text.content[end..], look);
            }
            (Self::Thinking { words, head, body }, ResponsePart::Thinking(thinking)) => {
                if words.update(&thinking.content) || head.is_empty() {
                    *head = thinking_head(words.count(), reading);
                }
                if reading.thinking_open {
                    body.update(&thinking.content, look);
                }
            }
            (Self::Tool { head, args, name_bytes }, ResponsePart::ToolCall(call)) => {
                if *name_bytes != call.tool_name.len() {
                    *name_bytes = call.tool_name.len();
                    *head = tool_head(call, look);
                }
                update_args(args, call, look);
            }
            (Self::Other(rows), ResponsePart::Other(value)) if rows.is_empty() => {
                let kind = value.get("part_kind").and_then(|kind| kind.as_str()).unwrap_or("part");
                let text = clean_cut(&format!("▪ {kind} (not shown)"), look.columns);
                rows.push(Line::styled(text, look.theme.dim));
            }
            _ => {}
        }
    }

    fn rows(&self) -> [Stretch<'_>; STRETCHES] {
        match self {
            Self::Text(rows) => {
                let [settled, open] = grown(rows.rows());
                [settled, open, NO_ROWS, NO_ROWS]
            }
            Self::Json { object, rest, .. } => {
                let ([settled, open], [text, open_text]) = (grown(object.rows()), grown(rest.rows()));
                [settled, open, text, open_text]
            }
            Self::Thinking { head, body, .. } => below(head, body.rows()),
            Self::Tool { head, args, .. } => below(head, args.rows()),
            Self::Other(rows) => [Stretch { rows, apart: true, settled: false }, NO_ROWS, NO_ROWS, NO_ROWS],
        }
    }
}

/// Arguments that came as an object are whole from the beginning.
fn update_args(rows: &mut GrowingJson, call: &ToolCall, look: Look<'_>) {
    match &call.args {
        Some(ToolArgs::Json(text)) => rows.update(text, look),
        Some(ToolArgs::Object(_)) if rows.rows().iter().all(|rows| rows.is_empty()) => {
            rows.update(&call.args_json(), look);
        }
        _ => {}
    }
}

fn thinking_head(words: usize, reading: Reading<'_>) -> Vec<Line<'static>> {
    let (mark, verb) = if reading.thinking_open { ("▾", "folds") } else { ("▸", "opens") };
    let words = match words {
        0 => " (kept back by the provider)".to_owned(),
        1 => " 1 word".to_owned(),
        _ => format!(" {} words", super::figures::grouped(words as u64)),
    };
    let theme = reading.look.theme;
    let mut spans = vec![Span::styled(format!("{mark} thinking"), theme.thinking), Span::styled(words, theme.dim)];
    if !reading.thinking_key.is_empty() {
        spans.push(Span::styled(format!(" ({} {verb})", reading.thinking_key), theme.dim));
    }
    vec![Line::from(spans)]
}

fn tool_head(call: &ToolCall, look: Look<'_>) -> Vec<Line<'static>> {
    let name = clean_cut(&call.tool_name, look.columns.saturating_sub(2));
    vec![Line::from(vec![Span::styled("⚙ ", look.theme.dim), Span::styled(name, look.theme.heading)])]
}
