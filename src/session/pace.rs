//! How far a replay has come: its speed, and whether it rests. Pure: whoever asks tells the time.

use std::time::Duration;

/// What is asked of a replay under way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ReplayControl {
    /// Rest, or go on.
    Rest(bool),
    /// Rest, and bring what comes next.
    Step,
    /// So many times as fast as it was; what is no positive number brings all at once.
    Speed(f64),
}

/// How far a replay has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// How far in the recording it was at `since`.
    position: Duration,
    /// When, by the clock of whoever asks, it was last changed.
    since: Duration,
    speed: f64,
    rests: bool,
}

impl Pace {
    /// A replay that begins now.
    #[must_use]
    pub const fn new(speed: f64, now: Duration) -> Self {
        Self { position: Duration::ZERO, since: now, speed, rests: false }
    }

    /// How far in the recording it is.
    #[must_use]
    pub fn position(&self, now: Duration) -> Duration {
        let played = scaled(now.saturating_sub(self.since), self.speed).filter(|_| !self.rests);
        self.position.saturating_add(played.unwrap_or_default())
    }

    /// When what was recorded at that time is to be played; `None` while it rests, or if the clock can't tell.
    #[must_use]
    pub fn due(&self, at: Duration) -> Option<Duration> {
        let left = at.saturating_sub(self.position);
        match (left.is_zero() || self.speed <= 0.0 || !self.speed.is_finite(), self.rests) {
            (true, false) => Some(self.since),
            (_, true) => left.is_zero().then_some(self.since),
            (false, false) => self.since.checked_add(scaled(left, 1.0 / self.speed)?),
        }
    }

    /// Whether it rests.
    #[must_use]
    pub const fn rests(&self) -> bool {
        self.rests
    }

    /// How many times as fast as it was.
    #[must_use]
    pub const fn speed(&self) -> f64 {
        self.speed
    }

    /// Something that was recorded at that time has been played.
    pub fn reach(&mut self, at: Duration, now: Duration) {
        self.settle(now);
        self.position = self.position.max(at);
    }

    /// Does what is asked; `next` is when what comes next was recorded.
    pub fn take(&mut self, control: ReplayControl, next: Duration, now: Duration) {
        self.settle(now);
        match control {
            ReplayControl::Rest(rests) => self.rests = rests,
            ReplayControl::Speed(speed) => self.speed = speed,
            ReplayControl::Step => {
                self.rests = true;
                self.position = self.position.max(next);
            }
        }
    }

    fn settle(&mut self, now: Duration) {
        (self.position, self.since) = (self.position(now), now);
    }
}

/// So many times as long; `None` if that is no time.
fn scaled(time: Duration, factor: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(time.as_secs_f64() * factor).ok().filter(|_| factor > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn it_goes_on_from_where_it_was() {
        let mut pace = Pace::new(1.0, s(100));
        assert_eq!((pace.position(s(103)), pace.due(s(10))), (s(3), Some(s(110))));
        pace.take(ReplayControl::Speed(2.0), s(10), s(104));
        assert_eq!((pace.position(s(105)), pace.due(s(10))), (s(6), Some(s(107))));
        pace.take(ReplayControl::Rest(true), s(10), s(105));
        assert_eq!((pace.position(s(999)), pace.due(s(10)), pace.due(s(6))), (s(6), None, Some(s(105))));
        pace.take(ReplayControl::Step, s(10), s(200));
        assert_eq!((pace.rests(), pace.position(s(300)), pace.due(s(10))), (true, s(10), Some(s(200))));
        pace.take(ReplayControl::Rest(false), s(20), s(300));
        assert_eq!((pace.position(s(301)), pace.due(s(20))), (s(12), Some(s(305))));
    }

    #[test]
    fn all_at_once_is_due_now() {
        for speed in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let pace = Pace::new(speed, s(1));
            assert_eq!((pace.due(s(9)), pace.position(s(1))), (Some(s(1)), Duration::ZERO), "{speed}");
        }
        assert_eq!(Pace::new(1e-300, s(1)).due(s(9)), None, "never");
    }
}
