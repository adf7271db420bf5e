//! Text as it may be shown: what models and providers send can hold anything, a terminal must not obey it.

pub mod cells;
pub mod figures;
mod sanitise;

pub use sanitise::sanitise;
