//! One lane: title, figures, trace, answer.

mod body;
mod countdown;
mod ending;
mod facts;
mod failure;
mod marks;
mod phase;
pub mod trace;
mod verdict;

pub use facts::Times;
pub use failure::headline;
pub use phase::Lane;

use std::sync::Arc;

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Widget};

use super::document::Reading;
use super::found::Found;
use super::markdown::Look;
use super::scene::{Scene, padded, row};
use super::{Cache, text};
use crate::tui::Action;
use crate::tui::found::Needle;
use crate::tui::keymap::Context;
use crate::tui::metrics::PaneMetrics;

/// Rows from which on figures take two rows and are set apart by a rule.
const ROOMY_FROM: u16 = 13;

/// Rows from which on a pane that stands alone has room for what its title says already.
const TALL_FROM: u16 = 24;

/// Draws a lane into its place; tells how, and what was found in it.
pub fn draw(
    scene: &mut Scene<'_>,
    cache: &mut Cache,
    lane: &Lane<'_>,
    area: Rect,
    focused: bool,
) -> (PaneMetrics, Option<Arc<Found>>) {
    let (style, kind) = scene.border(focused);
    let block = Block::bordered().border_type(kind).border_style(style);
    let inner = block.inner(area);
    block.render(area, scene.buffer);
    title(scene, lane, area, focused);

    let kept = cache.lane(lane.turn, lane.number);
    let content = padded(inner, 1);
    let columns = usize::from(content.width);
    let roomy = area.height >= ROOMY_FROM;
    let mut head = facts::lines(scene, lane, kept, columns, roomy);
    let most = usize::from(inner.height).div_ceil(2);
    let tall = area.height >= TALL_FROM && stands_alone(scene);
    head.extend(trace::lines(scene, lane, columns, most.saturating_sub(head.len()), tall));
    head.truncate(most);
    head.iter().enumerate().for_each(|(at, line)| scene.line(row(content, at), line));
    let mut used = head.len() as u16;
    if roomy {
        rule(scene, area, used, kind, focused);
        used += 1;
    }

    let below = Rect { y: content.y + used, height: content.height.saturating_sub(used), ..content };
    let find = scene.state.panes.find.as_ref().filter(|find| find.covers(lane.number));
    let needle = find.and_then(|find| Needle::of(&find.query)).filter(|_| body::is_shown(lane));
    let key = scene.key(Context::Pane, Action::ToggleThinking);
    let looked = scene.state.panes.get(lane.number);
    let reading = Reading {
        look: Look { theme: scene.theme, columns },
        theme: scene.state.drawn_theme(),
        thinking_open: looked.thinking_open,
        thinking_key: &key,
    };
    let (document, found) = kept.document(lane.record, reading, needle.as_ref());
    let (lines, top) = body::draw(scene, lane, document, looked, below, area);
    let seen = PaneMetrics { lane: lane.number, area, height: below.height.into(), lines, top };
    if let Some(found) = found {
        marks::found(scene, lane, found, document, below, &seen);
    }
    if scene.state.panes.block.is_some() && focused {
        marks::blocks(scene, document, below, top);
    }
    (seen, found.cloned())
}

/// Whether no other pane is beside it.
fn stands_alone(scene: &Scene<'_>) -> bool {
    let state = scene.state;
    state.panes.zoomed || state.conversation.shown_turn().is_some_and(|turn| turn.lanes.len() == 1)
}

/// The rule below the figures, joined to the frame.
fn rule(scene: &mut Scene<'_>, area: Rect, used: u16, kind: BorderType, focused: bool) {
    let (left, right) = if kind == BorderType::Thick { ("┠", "┨") } else { ("├", "┤") };
    let line = format!("{left}{}{right}", "─".repeat(usize::from(area.width).saturating_sub(2)));
    let (style, _) = scene.border(focused);
    scene.line(Rect { y: area.y + 1 + used, height: 1, ..area }, &Line::styled(line, style));
}

/// Number and name at the left, status at the right; its word only where there is room for it.
fn title(scene: &mut Scene<'_>, lane: &Lane<'_>, area: Rect, focused: bool) {
    let status = lane.phase().status(scene);
    let (border, _) = scene.border(focused);
    let row = Rect { x: area.x + 1, width: area.width.saturating_sub(2), height: 1, ..area };
    let room = usize::from(row.width);
    let name = lane.name();
    let lead = format!("{}{} ", if focused { "▸" } else { " " }, lane.number + 1);
    let whole = text::width(&lead) + text::width(&name) + 1;
    let long = format!(" {} {} ", status.glyph, status.word);
    let mark = if whole + text::width(&long) < room { long } else { format!(" {} ", status.glyph) };
    let left = room.saturating_sub(text::width(&lead) + text::width(&mark) + 2);
    let number = if focused { scene.theme.accent.patch(border) } else { scene.theme.dim };
    let name_style = if focused { scene.theme.accent.patch(border) } else { scene.theme.text };
    let spans = [Span::styled(lead, number), Span::styled(format!("{} ", text::cut(&name, left)), name_style)];
    scene.line(row, &Line::from_iter(spans));
    scene.line_at_end(row, &Line::styled(mark, status.style));
}
