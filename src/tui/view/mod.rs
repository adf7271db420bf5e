//! Draws the state. Pure: state, cache and frame in, cells out.

use ratatui::Frame;

use super::State;
use super::metrics::Metrics;

/// What needn't be computed again for the next frame.
#[derive(Default)]
pub struct Cache {
    /// What the last frame looked like.
    pub metrics: Metrics,
}

/// Draws the state.
pub fn view(_state: &State, _cache: &mut Cache, _frame: &mut Frame<'_>) {}
