//! One prompt to N models at once: lanes, cancelling, times, attempts and their trace. Never decides how it looks.

mod attempt;
mod figures;
mod history;
mod lane;
mod record;
mod report;
mod signals;

pub use attempt::Attempt;
pub use figures::{Mark, Timing, millis};
pub use history::{Exchange, conversation};
pub use lane::{Lane, Run};
pub use record::{LaneRecord, LaneState};
pub use report::{AttemptReport, LaneReport, RunReport, UsageReport, json_lines};
pub use signals::{Asked, Signals};
