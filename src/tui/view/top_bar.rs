//! The top bar: what this session is, whether it is saved, and what it has cost so far.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::figures::{count, dollars};
use super::scene::Scene;
use super::text::{clean_cut, line_width, width};
use crate::run::LaneRecord;
use crate::session::Pace;
use crate::tui::State;

/// Columns for the facts from which on there is room for what isn't known.
const ROOMY: usize = 90;

/// Draws the top bar.
pub fn draw(scene: &mut Scene<'_>, zone: &TimeZone, area: Rect) {
    scene.buffer.set_style(area, scene.theme.surface);
    let room = usize::from(area.width);
    let name = " llmbench ";
    let (saved, style) = saved(scene, zone);
    let right = right_side(scene, room.saturating_sub(width(name) + 16));
    let left = room.saturating_sub(width(name) + line_width(&right) + 3);
    let saved = clean_cut(&saved, left);
    let title = scene.state.session.title();
    let title_style = if title.is_empty() { scene.theme.dim } else { scene.theme.text };
    let title = if title.trim().is_empty() { "new session" } else { title };
    let title = clean_cut(title, left.saturating_sub(width(&saved) + 2).min(48));
    let spans = [
        Span::styled(name, scene.theme.accent.patch(scene.theme.heading).patch(scene.theme.accent)),
        Span::styled(format!(" {title}  "), title_style),
        Span::styled(saved, style),
    ];
    scene.line(area, &Line::from_iter(spans));
    scene.line_at_end(area, &right);
}

/// What is known of the session's file; nothing as long as there is nothing to save.
fn saved(scene: &Scene<'_>, zone: &TimeZone) -> (String, Style) {
    let session = &scene.state.session;
    let time = session.saved.map(|at| day_or_time(at, scene.state.now, zone));
    match (&session.save_error, time) {
        (Some(why), _) => (format!("✗ not saved: {why}"), scene.theme.error),
        // While answers stream there is always something of the last second that no save holds yet.
        (None, Some(_)) if scene.state.conversation.is_asking() => ("● saving".to_owned(), scene.theme.success),
        (None, Some(time)) if session.dirty => (format!("○ not saved since {time}"), scene.theme.warning),
        (None, Some(time)) => (format!("● saved {time}"), scene.theme.success),
        (None, None) if session.dirty || !scene.state.conversation.turns.is_empty() => {
            ("○ not saved yet".to_owned(), scene.theme.dim)
        }
        (None, None) => (String::new(), scene.theme.dim),
    }
}

/// The time of today, the date of any other day.
fn day_or_time(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (at, now) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let format = if at.date() == now.date() { "%H:%M" } else { "%Y-%m-%d" };
    at.strftime(format).to_string()
}

/// The facts at the right; what doesn't fit is left out, the first ones first.
fn right_side(scene: &Scene<'_>, room: usize) -> Line<'static> {
    let state = scene.state;
    let theme = scene.theme;
    let conversation = &state.conversation;
    let mut facts: Vec<(String, Style)> = Vec::new();
    if let Some(pace) = conversation.shown_replay() {
        facts.push((replay(pace), theme.warning));
    }
    if conversation.shown + 1 < conversation.turns.len() {
        facts.push((format!("turn {}/{}", conversation.shown + 1, conversation.turns.len()), theme.warning));
    }
    let picked = state.models.items.iter().filter(|item| item.picked).count();
    facts.push((plural(picked, "model"), theme.text));
    let running = running(state);
    if running > 0 {
        facts.push((format!("{} {running} running", scene.spinner()), theme.accent));
    }
    // Where there is little room, a cost that isn't known leaves it to what is.
    let cost = cost(state);
    if cost != dollars(None) || room >= ROOMY {
        facts.push((cost, theme.dim));
    }
    let (input, output) = tokens(state);
    facts.push((format!("↑ {} ↓ {}", input.shown(), output.shown()), theme.dim));
    let wide = |facts: &[(String, Style)]| facts.iter().map(|(text, _)| width(text) + 3).sum::<usize>();
    while facts.len() > 1 && wide(&facts) > room {
        facts.pop();
    }
    let mut line = Line::default();
    for (text, style) in facts {
        if !line.spans.is_empty() {
            line.spans.push(Span::styled(" · ", theme.border));
        }
        line.spans.push(Span::styled(text, style));
    }
    line.spans.push(Span::raw(" "));
    line
}

/// Whether the replay rests, and how fast it plays where that is not as it was.
fn replay(pace: Pace) -> String {
    let mark = if pace.rests() { "‖ replay rests" } else { "▷ replay" };
    let as_it_was = (pace.speed() - 1.0).abs() < f64::EPSILON || pace.speed() <= 0.0;
    if as_it_was { mark.to_owned() } else { format!("{mark} {}×", pace.speed()) }
}

fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn running(state: &State) -> usize {
    let of_run = |running: &crate::tui::state::Running| {
        let turn = state.conversation.turns.get(running.turn);
        let over = |lane: &usize| turn.and_then(|turn| turn.lanes.get(*lane)).is_none_or(LaneRecord::is_over);
        running.lanes.iter().filter(|lane| !over(lane)).count()
    };
    state.conversation.running.iter().map(of_run).sum()
}

/// A sum of counts of which some may not be known.
#[derive(Clone, Copy, Default)]
struct Sum {
    known: Option<u64>,
    /// Whether an answer that is over never told its count.
    lacks: bool,
}

impl Sum {
    fn add(&mut self, count: Option<u64>, over: bool) {
        self.lacks |= count.is_none() && over;
        self.known = match (self.known, count) {
            (Some(a), Some(b)) => Some(a.saturating_add(b)),
            (a, b) => a.or(b),
        };
    }

    /// `1,204`; `≥ 1,204` when something is lacking; `–` when nothing is known.
    fn shown(self) -> String {
        let at_least = if self.lacks && self.known.is_some() { "≥ " } else { "" };
        format!("{at_least}{}", count(self.known))
    }
}

/// The session's tokens as far as told: sent and received. An attempt that nothing came of costs nothing.
fn tokens(state: &State) -> (Sum, Sum) {
    let (mut input, mut output) = (Sum::default(), Sum::default());
    for lane in state.conversation.turns.iter().flat_map(|turn| &turn.lanes) {
        let (last, earlier) = match lane.attempts.split_last() {
            Some((_, earlier)) => (lane.usage(), earlier),
            None => continue,
        };
        for attempt in earlier {
            input.add(attempt.usage.input_tokens, false);
            output.add(attempt.usage.output_tokens, false);
        }
        let over = lane.is_over() && lane.has_visible();
        input.add(last.input_tokens, over);
        output.add(last.output_tokens, over);
    }
    (input, output)
}

/// What the session has cost, as far as known; `≥` when an answer's cost is lacking.
fn cost(state: &State) -> String {
    let (mut known, mut lacks) = (None, false);
    for lane in state.conversation.turns.iter().flat_map(|turn| &turn.lanes) {
        for attempt in &lane.attempts {
            match &attempt.cost {
                Some(cost) => known = Some(known.unwrap_or(0.0) + cost.usd),
                None => lacks |= lane.is_over() && !attempt.is_free(),
            }
        }
    }
    let at_least = if lacks && known.is_some() { "≥ " } else { "" };
    format!("{at_least}{}", dollars(known))
}
