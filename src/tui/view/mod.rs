//! Draws the state. Pure: state, cache and frame in, cells out. Nothing here changes the state or asks for the time.
//!
//! `layout` divides the screen, `arrange` the panes; every other file draws one thing into its place. An answer is
//! rendered once, as it grows (`document`, `markdown`), and kept in the [`Cache`]; a frame only looks at the rows that
//! it shows.

mod arrange;
mod cache;
mod document;
mod empty;
mod footer;
mod found;
mod layout;
mod markdown;
mod overlay;
mod pane;
mod panes;
mod prompt;
mod scene;
mod side_bar;
mod tabs;
mod text;
mod top_bar;
mod words;

#[cfg(test)]
mod tests;

pub use cache::Cache;
pub use found::Found;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};

use super::State;
use super::metrics::Metrics;
use crate::text::figures;
use layout::Screen;
use scene::Scene;

/// The smallest screen that is drawn; below it there is one line that says so.
const SMALLEST: (u16, u16) = (40, 10);

/// Draws the state, and leaves in `cache.metrics` what the frame looked like.
pub fn view(state: &State, cache: &mut Cache, frame: &mut Frame<'_>) {
    let area = frame.area();
    let buffer = frame.buffer_mut();
    cache.metrics = Metrics::default();
    cache.begin(state);
    let mut scene = Scene::new(state, buffer);
    scene.buffer.set_style(area, scene.theme.background.patch(scene.theme.text));
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        return too_small(&mut scene, area);
    }
    draw(&mut scene, cache, area);
}

fn too_small(scene: &mut Scene<'_>, area: Rect) {
    let text = format!("too small: {}×{} needed", SMALLEST.0, SMALLEST.1);
    let row = Rect { y: area.y + area.height / 2, height: area.height.min(1), ..area };
    scene.buffer.set_stringn(row.x, row.y, text::cut(&text, area.width.into()), area.width.into(), scene.theme.warning);
}

fn draw(scene: &mut Scene<'_>, cache: &mut Cache, area: Rect) {
    let screen = Screen::divide(area, scene.state);
    top_bar::draw(scene, &cache.zone, screen.top);
    if scene.state.conversation.shown_turn().is_some() {
        panes::draw(scene, cache, screen.panes);
    } else {
        empty::draw(scene, screen.panes);
    }
    prompt::draw(scene, &mut cache.metrics, screen.prompt);
    if let Some(side) = screen.side {
        if screen.side_is_over {
            Clear.render(side, scene.buffer);
            scene.buffer.set_style(side, scene.theme.background.patch(scene.theme.text));
            cover(&mut cache.metrics, side);
        }
        side_bar::draw(scene, &mut cache.metrics, side);
        cache.metrics.side_bar = Some(side);
    }
    footer::draw(scene, &cache.metrics, screen.footer);
    overlay::draw(scene, cache, area);
}

/// What lies under the side bar is out of the mouse's reach.
fn cover(metrics: &mut Metrics, side: Rect) {
    let tabs = metrics.tabs.iter_mut().map(|(area, _)| area);
    let areas = metrics.panes.iter_mut().map(|pane| &mut pane.area).chain(tabs).chain(metrics.prompt.as_mut());
    for area in areas.filter(|area| area.intersects(side)) {
        let hidden = side.right().saturating_sub(area.x).min(area.width);
        *area = Rect { x: area.x + hidden, width: area.width - hidden, ..*area };
    }
}
