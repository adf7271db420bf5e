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
        // Listening begins here and not in the task: a signal may come before the task's first turn. Where no signal
        // can be listened to, each does what it does by itself.
        if let Ok(signals) = Signals::new() {
            tokio::spawn(follow(signals, Arc::clone(&happened), lanes));
        }
        Self(happened)
    }

    /// Whether it happened.
    pub fn happened(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

async fn follow(mut signals: Signals, happened: Arc<AtomicBool>, lanes: Vec<CancellationToken>) {
    loop {
        signals.next().await;
        if happened.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(super::INTERRUPTED));
        }
        lanes.iter().for_each(CancellationToken::cancel);
    }
}
