//! What lies over the workbench.

mod help;
mod picker;
mod sessions;
mod system;

use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};

use super::scene::{Scene, padded};
use crate::tui::metrics::Metrics;
use crate::tui::state::Overlay;

/// Draws the overlay, if there is one.
pub fn draw(scene: &mut Scene<'_>, metrics: &mut Metrics, area: Rect) {
    let area = Rect { y: area.y + 1, height: area.height - 2, ..area };
    let state = scene.state;
    match &state.overlay {
        None => {}
        Some(Overlay::Help(scroll)) => help::draw(scene, metrics, area, usize::from(*scroll)),
        Some(Overlay::Picker(picker)) => picker::draw(scene, metrics, area, picker),
        Some(Overlay::Sessions(browser)) => sessions::draw(scene, metrics, area, browser),
        Some(Overlay::System(editor)) => system::draw(scene, metrics, area, editor),
    }
}

/// A framed place in the middle of the screen, at most that large; gives what lies inside.
fn open(scene: &mut Scene<'_>, area: Rect, title: &str, columns: u16, rows: u16) -> Rect {
    let (width, height) = (columns.min(area.width), rows.min(area.height));
    let place = Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 3, width, height };
    Clear.render(place, scene.buffer);
    scene.buffer.set_style(place, scene.theme.background.patch(scene.theme.text).patch(scene.theme.surface));
    padded(scene.frame(place, title, true), 1)
}

/// The first of the visible items, so that the one under the cursor is among them.
fn first_visible(cursor: usize, items: usize, rows: usize) -> usize {
    (cursor + 1).saturating_sub(rows.max(1)).min(items.saturating_sub(rows))
}
