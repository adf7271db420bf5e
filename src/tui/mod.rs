//! The workbench: `update(&mut State, Event) -> Vec<Effect>` and `view(&State, &mut Cache, &mut Frame)`, both pure;
//! one event loop; effects carry out I/O and answer as events.

mod action;
mod app;
mod check;
mod clipboard;
mod code;
mod editor;
mod effects;
mod event;
mod found;
mod fuzzy;
pub mod keymap;
pub mod metrics;
mod object;
mod start;
pub mod state;
mod template;
mod terminal;
mod theme;
pub mod update;
mod view;

pub use action::Action;
pub use check::check;
pub use event::{Effect, Event, LaneSpec, RunId};
pub use start::{Options, run};
pub use state::State;
pub use theme::{Theme, Themes};
pub use view::{Cache, view};
