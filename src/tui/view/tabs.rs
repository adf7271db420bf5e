//! The titles of all lanes in one row, where not all panes are shown: number, state, name; and which of them are shown.

use std::ops::Range;

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::pane::Lane;
use super::scene::Scene;
use super::text::{cut, width};
use crate::tui::state::Turn;

/// The most and the least cells of a name.
const NAME: (usize, usize) = (28, 6);

/// A lane's title.
struct Tab {
    lead: String,
    name: String,
}

impl Tab {
    fn cells(&self) -> usize {
        width(&self.lead) + if self.name.is_empty() { 0 } else { width(&self.name) + 1 }
    }
}

/// Draws the row; gives where each title is, and its lane.
pub fn draw(
    scene: &mut Scene<'_>,
    turn: &Turn,
    area: Rect,
    shown: &Range<usize>,
    focused: usize,
) -> Vec<(Rect, usize)> {
    let total = turn.lanes.len();
    let position = match shown.len() {
        1 => format!(" ‹ {} of {total} › ", shown.start + 1),
        _ => format!(" ‹ {}–{} of {total} › ", shown.start + 1, shown.end),
    };
    let room = usize::from(area.width).saturating_sub(width(&position));
    let tabs = fitted(scene, turn, room, focused);
    let places = places(&tabs, area, room, focused);
    for (place, lane) in &places {
        title(scene, turn, &tabs[*lane], *place, *lane, *lane == focused);
    }
    scene.line_at_end(area, &Line::styled(position, scene.theme.dim));
    places
}

fn title(scene: &mut Scene<'_>, turn: &Turn, tab: &Tab, place: Rect, lane: usize, focused: bool) {
    let status = Lane::of(scene.state, turn, lane).phase().status(scene);
    let style = if focused { scene.theme.selection.patch(scene.theme.accent) } else { status.style };
    let name = if tab.name.is_empty() { String::new() } else { format!("{} ", tab.name) };
    scene.line(place, &Line::from(Span::styled(format!("{}{name}", tab.lead), style)));
}

/// Numbers and states stand always. Names share what is left: all of them whole, all cut alike, or the focused one's.
fn fitted(scene: &Scene<'_>, turn: &Turn, room: usize, focused: usize) -> Vec<Tab> {
    let mut tabs: Vec<Tab> = (0..turn.lanes.len()).map(|lane| tab(scene, turn, lane, lane == focused)).collect();
    let leads: usize = tabs.iter().map(|tab| width(&tab.lead)).sum();
    let left = room.saturating_sub(leads);
    let wanted: usize = tabs.iter().map(|tab| tab.cells() - width(&tab.lead)).sum();
    if wanted > left {
        let share = (left / tabs.len().max(1)).saturating_sub(1);
        for (lane, tab) in tabs.iter_mut().enumerate() {
            let cells = match (share >= NAME.1, lane == focused) {
                (true, _) => share,
                (false, true) if left > NAME.1 => left - 1,
                _ => 0,
            };
            tab.name = cut(&tab.name, cells).into_owned();
        }
    }
    tabs
}

fn tab(scene: &Scene<'_>, turn: &Turn, number: usize, focused: bool) -> Tab {
    let lane = Lane::of(scene.state, turn, number);
    let mark = if focused { "▸" } else { " " };
    let lead = format!("{mark}{} {} ", number + 1, lane.phase().status(scene).glyph);
    Tab { lead, name: cut(&lane.name(), NAME.0).into_owned() }
}

/// As many titles as there is room for, the focused one among them.
fn places(tabs: &[Tab], area: Rect, room: usize, focused: usize) -> Vec<(Rect, usize)> {
    let cells: Vec<usize> = tabs.iter().map(Tab::cells).collect();
    let mut first = 0;
    while first < focused && cells[first..=focused].iter().sum::<usize>() > room {
        first += 1;
    }
    let mut used = 0;
    let place = |lane: usize| {
        let x = area.x + used as u16;
        let width = cells[lane].min(room.saturating_sub(used));
        used += cells[lane];
        (used <= room || lane == focused).then_some((Rect { x, width: width as u16, ..area }, lane))
    };
    (first..tabs.len()).map_while(place).collect()
}
