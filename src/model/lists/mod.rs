//! What is known of providers' models without asking: the embedded names and prices, and the lists that the providers
//! told when they were last asked. Never asks anybody.

mod file;
mod known;
mod store;

use jiff::Timestamp;

pub use known::{known_models, known_price};
pub use store::ListStore;

use crate::wire::ListedModel;

/// A list of models as its provider told it, kept.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptList {
    /// When it was told.
    pub told_at: Timestamp,
    /// The models, in the provider's order.
    pub models: Vec<ListedModel>,
}
