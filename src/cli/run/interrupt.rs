//! Ctrl-C, or a signal to end: once cancels every lane, so that what arrived can be printed and kept; twice ends the
//! program.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio_util::sync::CancellationToken;

use crate::run::Signals;

/// Whether the program was asked to end.
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Watches from now on, in a task of its own: it must answer even while the output is stuck.
    pub fn watch(lanes: Vec<CancellationToken>) -> Self {
        let happened = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&happened);
        tokio::spawn(async move {
            // Where no signal can be listened to, each does what it does by itself.
            let Ok(mut signals) = Signals::new() else { return };
            loop {
                signals.next().await;
                if seen.swap(true, Ordering::Relaxed) {
                    std::process::exit(i32::from(super::INTERRUPTED));
                }
                lanes.iter().for_each(CancellationToken::cancel);
            }
        });
        Self(happened)
    }

    /// Whether it happened.
    pub fn happened(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
