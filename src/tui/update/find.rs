//! Finding in the answers.

use super::{complain, focus, scrolling, typing};
use crate::tui::keymap::Chord;
use crate::tui::metrics::{Metrics, PaneMetrics};
use crate::tui::state::{Find, Focus};
use crate::tui::{Effect, State};

/// Begins to type what is looked for, in the focused pane or in all that are shown.
pub fn begin(state: &mut State, everywhere: bool) -> Vec<Effect> {
    if focus::lanes(state) == 0 {
        return complain(state, "There is no answer to find anything in");
    }
    let lane = (!everywhere).then_some(state.panes.focused);
    (state.panes.block, state.notice) = (None, None);
    state.panes.find = Some(Find::new(lane));
    Vec::new()
}

/// A key that means nothing else is typed.
pub fn on_typed(state: &mut State, chord: Chord) {
    edit(state, |query| typing::typed(query, chord));
}

/// Pasted text is looked for as one line.
pub fn paste(state: &mut State, text: &str) {
    edit(state, |query| typing::pasted(query, text));
}

fn edit(state: &mut State, change: impl FnOnce(&mut String)) {
    if let Some(find) = &mut state.panes.find {
        change(&mut find.query);
        find.at = None;
        // It would cover what is typed.
        state.notice = None;
    }
}

/// Looks through all panes instead of one, or the other way round.
pub fn switch(state: &mut State) -> Vec<Effect> {
    let focused = state.panes.focused;
    if let Some(find) = &mut state.panes.find {
        find.lane = if find.lane.is_some() { None } else { Some(focused) };
        find.at = None;
    }
    Vec::new()
}

/// What was typed is looked for; nothing typed ends it.
pub fn accept(state: &mut State, metrics: &Metrics) -> Vec<Effect> {
    let Some(find) = &mut state.panes.find else { return Vec::new() };
    if find.query.trim().is_empty() {
        return end(state);
    }
    find.typing = false;
    focus::to(state, Focus::Panes);
    step(state, metrics, 1)
}

/// Ends it; the panes stay where they are.
pub fn end(state: &mut State) -> Vec<Effect> {
    state.panes.find = None;
    Vec::new()
}

/// Goes to the next match or to the one before, on through all panes that are looked through, and round their end.
pub fn step(state: &mut State, metrics: &Metrics, step: isize) -> Vec<Effect> {
    let Some(find) = &state.panes.find else { return Vec::new() };
    let total: usize = searched(find, metrics).map(|pane| metrics.matches(pane.lane)).sum();
    if total == 0 {
        let told = format!("\u{201c}{}\u{201d} isn't there", find.query);
        return complain(state, &told);
    }
    let next = match (place(find, metrics), step) {
        (Some(here), _) => here.saturating_add_signed(total.cast_signed() + step) % total,
        (None, 1) => first_from(state, find, metrics) % total,
        (None, _) => (first_from(state, find, metrics) + total - 1) % total,
    };
    go(state, metrics, next);
    Vec::new()
}

/// The panes that are looked through.
fn searched<'a>(find: &'a Find, metrics: &'a Metrics) -> impl Iterator<Item = &'a PaneMetrics> {
    metrics.panes.iter().filter(|pane| find.covers(pane.lane))
}

/// The place of the match that was gone to among all of them.
fn place(find: &Find, metrics: &Metrics) -> Option<usize> {
    let (lane, number) = find.at.filter(|(lane, number)| *number < metrics.matches(*lane))?;
    let before = searched(find, metrics).take_while(|pane| pane.lane != lane);
    Some(before.map(|pane| metrics.matches(pane.lane)).sum::<usize>() + number)
}

/// The first match from the focused pane's first visible row on.
fn first_from(state: &State, find: &Find, metrics: &Metrics) -> usize {
    let focused = state.panes.focused;
    let before = searched(find, metrics).take_while(|pane| pane.lane != focused);
    let before: usize = before.map(|pane| metrics.matches(pane.lane)).sum();
    let top = metrics.pane(focused).map_or(0, |pane| pane.top);
    before + metrics.found(focused).map_or(0, |found| found.before(top))
}

/// Goes to the match of that number: focuses its pane and scrolls it there, unless it is in sight.
fn go(state: &mut State, metrics: &Metrics, mut number: usize) {
    let Some(find) = &mut state.panes.find else { return };
    let lanes: Vec<usize> = searched(find, metrics).map(|pane| pane.lane).collect();
    for lane in lanes {
        let count = metrics.matches(lane);
        if number >= count {
            number -= count;
            continue;
        }
        find.at = Some((lane, number));
        state.panes.focused = lane;
        if let Some(row) = metrics.found(lane).and_then(|found| found.row(number)) {
            scrolling::show_row(state, metrics, lane, row);
        }
        return;
    }
}
