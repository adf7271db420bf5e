//! How a lane's requests and answers are looked at, as they went over the wire.

/// The view of one lane's exchanges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WireView {
    /// Rows above the first shown one.
    pub scroll: usize,
    /// Characters of each row to the left of the first shown one.
    pub shift: usize,
}
