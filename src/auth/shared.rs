//! What one lane looks up for all that wait: credentials, tokens. Knows nothing of what it keeps.

use std::future::Future;
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::wire::ModelError;

/// Something that is looked up once, and again when it must be.
pub struct Shared<T> {
    state: Mutex<State<T>>,
    /// It was refused since it was last looked at.
    refused: AtomicBool,
}

enum State<T> {
    Unknown,
    Known(T),
    Failed(Instant, ModelError),
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self { state: Mutex::new(State::Unknown), refused: AtomicBool::default() }
    }
}

impl<T> Shared<T> {
    /// What `take` takes of it. `look_up` is given what is known, unless that was refused, and gives it back or what
    /// takes its place. One lane looks it up for all that wait; who asks later than a failure tries again.
    ///
    /// # Errors
    /// What `look_up` failed with.
    pub async fn get<R, F>(
        &self,
        look_up: impl FnOnce(Option<T>) -> F,
        take: impl FnOnce(&T) -> R,
    ) -> Result<R, ModelError>
    where
        F: Future<Output = Result<T, ModelError>>,
    {
        let asked = Instant::now();
        let mut state = self.state.lock().await;
        let is_refused = self.refused.swap(false, Ordering::Relaxed);
        let known = match mem::replace(&mut *state, State::Unknown) {
            State::Failed(at, error) if asked <= at => {
                *state = State::Failed(at, error.clone());
                return Err(error);
            }
            State::Known(known) if !is_refused => Some(known),
            _ => None,
        };
        match look_up(known).await {
            Ok(known) => {
                let taken = take(&known);
                *state = State::Known(known);
                Ok(taken)
            }
            Err(error) => {
                *state = State::Failed(Instant::now(), error.clone());
                Err(error)
            }
        }
    }

    /// It was refused: it is looked up again when it is next asked for.
    pub fn refused(&self) {
        self.refused.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::time::Duration;

    use futures_util::future::join_all;

    use super::*;
    use crate::wire::ErrorKind;

    /// Gives what is known, else the number of the lookup; every third one fails.
    async fn look_up(lookups: &AtomicUsize, known: Option<usize>) -> Result<usize, ModelError> {
        if let Some(known) = known {
            return Ok(known);
        }
        let number = lookups.fetch_add(1, Ordering::Relaxed) + 1;
        tokio::time::sleep(Duration::from_secs(1)).await;
        if number.is_multiple_of(3) { Err(ModelError::new(ErrorKind::Auth, format!("{number}"))) } else { Ok(number) }
    }

    /// What so many lanes get that ask at the same time.
    async fn asked(shared: &Shared<usize>, lookups: &AtomicUsize, lanes: usize) -> Vec<Result<usize, String>> {
        let one = |_| async {
            let got = shared.get(|known| look_up(lookups, known), |number| *number).await;
            got.map_err(|error| error.message)
        };
        join_all((0..lanes).map(one)).await
    }

    #[tokio::test(start_paused = true)]
    async fn one_looks_up_for_all_and_again_after_a_refusal_or_a_failure() {
        let (shared, lookups) = (Shared::default(), AtomicUsize::default());
        assert_eq!(asked(&shared, &lookups, 3).await, vec![Ok(1); 3]);
        assert_eq!(asked(&shared, &lookups, 1).await, [Ok(1)]);
        shared.refused();
        assert_eq!(asked(&shared, &lookups, 2).await, vec![Ok(2); 2]);
        shared.refused();
        assert_eq!(asked(&shared, &lookups, 3).await, vec![Err("3".to_owned()); 3]);
        tokio::time::advance(Duration::from_millis(1)).await;
        assert_eq!(asked(&shared, &lookups, 2).await, vec![Ok(4); 2]);
    }
}
