//! A request's place among those that a provider takes at once.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// A place among the requests that may be out at once; it is held while the model is asked. The default is that of a
/// model that takes any number of them.
#[derive(Debug, Default)]
pub struct Slot {
    _permit: Option<OwnedSemaphorePermit>,
    queued: Duration,
}

impl Slot {
    /// Waits for a place. Whoever came first has it first.
    pub async fn of(slots: Option<Arc<Semaphore>>) -> Self {
        let Some(slots) = slots else { return Self::default() };
        let came = Instant::now();
        // The semaphore is never closed.
        let permit = slots.acquire_owned().await.ok();
        Self { _permit: permit, queued: came.elapsed() }
    }

    /// How long it was waited for.
    #[must_use]
    pub const fn queued(&self) -> Duration {
        self.queued
    }
}
