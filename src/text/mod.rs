//! Text as it may be shown: what models and providers send can hold anything, a terminal must not obey it.

mod sanitise;

pub use sanitise::sanitise;
