//! All that is known of a lane: its figures, and every attempt with what was asked of it, said and spent.

mod answer;
mod attempt;
mod lane;
mod rows;

use ratatui::layout::Rect;
use ratatui::text::Line;

use self::rows::Rows;
use super::{more_below, open};
use crate::tui::view::Cache;
use crate::tui::view::pane::{Lane, Times};
use crate::tui::view::scene::{Scene, row};
use crate::tui::view::text::cut;

/// The widest that rows are.
const WIDEST: u16 = 116;

/// Attempts that are told one by one: the last ones, so that no lane makes a frame slow.
const ATTEMPTS: usize = 40;

/// Draws the focused lane, scrolled down by so many rows.
pub fn draw(scene: &mut Scene<'_>, cache: &mut Cache, area: Rect, scroll: usize) {
    let state = scene.state;
    let Some(turn) = state.conversation.shown_turn().filter(|turn| !turn.lanes.is_empty()) else { return };
    let lane = Lane::of(state, turn, state.panes.focused.min(turn.lanes.len() - 1));
    let times = Times::of(&lane, cache.lane(lane.turn, lane.number));
    let width = area.width.min(WIDEST);
    let lines = lines(scene, &lane, &times, usize::from(width).saturating_sub(4));
    let title = format!("Details · {} {}", lane.number + 1, lane.name());
    let inner = open(scene, area, &title, width, lines.len() as u16 + 2);
    let visible = usize::from(inner.height);
    let top = scroll.min(lines.len().saturating_sub(visible));
    lines.iter().skip(top).take(visible).enumerate().for_each(|(at, line)| scene.line(row(inner, at), line));
    more_below(scene, inner, lines.len().saturating_sub(top + visible));
    cache.metrics.overlay_rows = visible;
    cache.metrics.overlay_lines = lines.len();
}

fn lines(scene: &Scene<'_>, lane: &Lane<'_>, times: &Times, columns: usize) -> Vec<Line<'static>> {
    let mut rows = Rows::new(scene.theme, columns);
    lane::put(&mut rows, scene, lane, times);
    let attempts = &lane.record.attempts;
    let earlier = attempts.len().saturating_sub(ATTEMPTS);
    if earlier > 0 {
        rows.blank();
        let told = format!("… {earlier} earlier attempts");
        rows.line(Line::styled(cut(&told, columns).into_owned(), scene.theme.dim));
    }
    for number in earlier..attempts.len() {
        rows.blank();
        attempt::put(&mut rows, scene, lane, number);
    }
    rows.into_lines()
}
