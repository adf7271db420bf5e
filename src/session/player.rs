//! Plays recorded events with their own timing.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::model::RunEvent;

/// Sends the events as they once came, `speed` times as fast; a speed that is no positive number sends all at once.
/// Returns when all are sent, or cancelled, or nobody listens any more: `true` only in the first case.
pub async fn play(
    events: Vec<RunEvent>,
    speed: f64,
    sender: mpsc::Sender<RunEvent>,
    cancel: CancellationToken,
) -> bool {
    let started = Instant::now();
    let played = async {
        for event in events {
            // What lies beyond the clock's range never comes.
            let Some(at) = started.checked_add(scaled(event.at, speed)) else { return false };
            sleep_until(at).await;
            if sender.send(event).await.is_err() {
                return false;
            }
        }
        true
    };
    tokio::select! {
        biased;
        () = cancel.cancelled() => false,
        played = played => played,
    }
}

fn scaled(at: Duration, speed: f64) -> Duration {
    if speed > 0.0 { Duration::try_from_secs_f64(at.as_secs_f64() / speed).unwrap_or(at) } else { Duration::ZERO }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::LaneEvent;

    fn events() -> Vec<RunEvent> {
        let event = |ms| RunEvent { lane: 0, at: Duration::from_millis(ms), event: LaneEvent::Arrived(Vec::new()) };
        vec![event(0), event(1_000), event(3_000)]
    }

    /// When each event came, in milliseconds, and whether all did.
    async fn played(speed: f64, cancel_after: u64) -> (Vec<u128>, bool) {
        let (sender, mut receiver) = mpsc::channel(1);
        let (started, cancel) = (Instant::now(), CancellationToken::new());
        let player = tokio::spawn(play(events(), speed, sender, cancel.clone()));
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(cancel_after)).await;
            cancel.cancel();
        });
        let mut times = Vec::new();
        while receiver.recv().await.is_some() {
            times.push(started.elapsed().as_millis());
        }
        (times, player.await.expect("no panic"))
    }

    #[tokio::test(start_paused = true)]
    async fn the_pace_is_the_saved_one() {
        assert_eq!(played(1.0, 9_000).await, (vec![0, 1_000, 3_000], true));
        assert_eq!(played(2.0, 9_000).await, (vec![0, 500, 1_500], true));
        assert_eq!(played(0.0, 9_000).await, (vec![0, 0, 0], true));
        assert_eq!(played(f64::INFINITY, 9_000).await, (vec![0, 0, 0], true));
        assert_eq!(played(1.0, 2_000).await, (vec![0, 1_000], false));
    }

    #[tokio::test(start_paused = true)]
    async fn it_ends_when_nobody_listens() {
        let (sender, receiver) = mpsc::channel(1);
        drop(receiver);
        assert!(!play(events(), 1.0, sender, CancellationToken::new()).await);
    }
}
