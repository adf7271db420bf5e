//! Plays recorded events with their own timing, as fast as is asked while it plays.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::pace::{Pace, ReplayControl};
use crate::model::RunEvent;

/// Sends the events as they once came, `speed` times as fast; a speed that is no positive number sends all at once.
/// Returns when all are sent, or cancelled, or nobody listens any more: `true` only in the first case.
pub async fn play(
    events: Vec<RunEvent>,
    speed: f64,
    controls: mpsc::UnboundedReceiver<ReplayControl>,
    sender: mpsc::Sender<RunEvent>,
    cancel: CancellationToken,
) -> bool {
    let mut player = Player { started: Instant::now(), pace: Pace::new(speed, Duration::ZERO), controls };
    let all = async {
        for event in events {
            if !player.wait_for(event.at).await || sender.send(event).await.is_err() {
                return false;
            }
        }
        true
    };
    tokio::select! {
        biased;
        () = cancel.cancelled() => false,
        sent = all => sent,
    }
}

struct Player {
    started: Instant,
    pace: Pace,
    controls: mpsc::UnboundedReceiver<ReplayControl>,
}

impl Player {
    /// Waits until what was recorded at that time is due; `false` if that never is.
    async fn wait_for(&mut self, at: Duration) -> bool {
        while let Ok(control) = self.controls.try_recv() {
            self.pace.take(control, at, self.started.elapsed());
        }
        loop {
            let due = self.pace.due(at).and_then(|due| self.started.checked_add(due));
            let control = tokio::select! {
                biased;
                () = sleep_until(due.unwrap_or(self.started)), if due.is_some() => return true,
                control = self.controls.recv() => control,
            };
            match (control, due) {
                (Some(control), _) => self.pace.take(control, at, self.started.elapsed()),
                (None, None) => return false,
                (None, Some(due)) => {
                    sleep_until(due).await;
                    return true;
                }
            }
        }
    }
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
        let (_controls, controlled) = mpsc::unbounded_channel();
        let player = tokio::spawn(play(events(), speed, controlled, sender, cancel.clone()));
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
        let (_controls, controlled) = mpsc::unbounded_channel();
        assert!(!play(events(), 1.0, controlled, sender, CancellationToken::new()).await);
    }

    #[tokio::test(start_paused = true)]
    async fn it_rests_steps_and_changes_its_speed() {
        let (sender, mut receiver) = mpsc::channel(9);
        let (controls, controlled) = mpsc::unbounded_channel();
        let started = Instant::now();
        let player = tokio::spawn(play(events(), 1.0, controlled, sender, CancellationToken::new()));
        let control = |control| controls.send(control).expect("it plays");
        let mut next =
            async || receiver.recv().await.map(|event| (event.at.as_millis(), started.elapsed().as_millis()));
        assert_eq!(next().await, Some((0, 0)));
        tokio::time::sleep(Duration::from_millis(400)).await;
        control(ReplayControl::Rest(true));
        tokio::time::sleep(Duration::from_mins(1)).await;
        control(ReplayControl::Step);
        assert_eq!(next().await, Some((1_000, 60_400)));
        tokio::time::sleep(Duration::from_mins(1)).await;
        control(ReplayControl::Speed(4.0));
        control(ReplayControl::Rest(false));
        assert_eq!(next().await, Some((3_000, 120_900)));
        assert!(player.await.expect("no panic"));
    }

    #[tokio::test(start_paused = true)]
    async fn without_anybody_to_control_it_plays_on() {
        let (sender, mut receiver) = mpsc::channel(9);
        let (controls, controlled) = mpsc::unbounded_channel();
        drop(controls);
        assert!(play(events(), 1.0, controlled, sender, CancellationToken::new()).await);
        let mut count = 0;
        while receiver.recv().await.is_some() {
            count += 1;
        }
        assert_eq!(count, 3);
    }
}
