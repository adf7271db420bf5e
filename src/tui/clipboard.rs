//! The system's clipboard. Lives on a thread of its own: asking for it can take long, and on X11 and Wayland whoever
//! copied must stay to hand the text out.

use std::sync::mpsc::{Sender, channel};

use crate::config::Environment;

/// A text to copy, and what to call with how it went.
type Job = (String, Box<dyn FnOnce(String, bool) + Send>);

/// Bytes from which on some terminals don't take what is copied by way of them.
const MUCH: usize = 74_000;

/// What is told of a text that was copied, and by which way.
#[must_use]
pub fn told(what: &str, bytes: usize, by_terminal: bool) -> String {
    match (by_terminal, bytes > MUCH) {
        (false, _) => format!("Copied {what} to the clipboard"),
        (true, false) => format!("Copied {what} by way of the terminal (OSC 52)"),
        (true, true) => format!("Handed {what} to the terminal (OSC 52), which may be too much for it"),
    }
}

/// The system's clipboard.
pub struct Clipboard {
    jobs: Option<Sender<Job>>,
}

impl Clipboard {
    /// A clipboard that isn't touched before the first copy. Over SSH the system's own is on the wrong machine, so
    /// there is none.
    #[must_use]
    pub fn new(environment: &Environment) -> Self {
        if environment.first(["SSH_CONNECTION", "SSH_TTY"]).is_some() {
            return Self { jobs: None };
        }
        let (jobs, inbox) = channel::<Job>();
        std::thread::spawn(move || {
            let mut clipboard = None;
            for (text, done) in inbox {
                let copied = copy(&mut clipboard, &text);
                done(text, copied);
            }
        });
        Self { jobs: Some(jobs) }
    }

    /// Copies a text; `done` is called with it and whether it went. Where there is no clipboard, at once.
    pub fn copy(&self, text: String, done: impl FnOnce(String, bool) + Send + 'static) {
        match &self.jobs {
            Some(jobs) => {
                // A send fails only when the thread is gone, which it is not before the program ends.
                let _ = jobs.send((text, Box::new(done)));
            }
            None => done(text, false),
        }
    }
}

fn copy(clipboard: &mut Option<arboard::Clipboard>, text: &str) -> bool {
    if clipboard.is_none() {
        *clipboard = arboard::Clipboard::new().ok();
    }
    clipboard.as_mut().is_some_and(|clipboard| clipboard.set_text(text).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_what_was_copied_and_how() {
        assert_eq!(told("the turn", 9, false), "Copied the turn to the clipboard");
        assert_eq!(told("the turn", 9, true), "Copied the turn by way of the terminal (OSC 52)");
        let much = "Handed the turn to the terminal (OSC 52), which may be too much for it";
        assert_eq!(told("the turn", 100_000, true), much);
    }
}
