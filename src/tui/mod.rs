//! The workbench: `update(&mut State, Event) -> Vec<Effect>` and `view(&State, &mut Cache, &mut Frame)`, both pure;
//! one event loop; effects carry out I/O and answer as events.

mod action;
mod event;
pub mod keymap;
pub mod metrics;
pub mod state;
mod theme;
mod view;

pub use action::Action;
pub use event::{Effect, Event, LaneSpec, RunId};
pub use state::State;
pub use theme::Theme;
pub use view::{Cache, view};
