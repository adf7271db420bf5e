//! Standard output and standard error: results on the one, progress and errors on the other.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

use crate::text::sanitise;

/// Where results and messages go. A terminal gets them sanitised, a pipe as they are.
pub struct Output {
    results: Box<dyn Write>,
    results_on_terminal: bool,
    messages: Box<dyn Write>,
    messages_on_terminal: bool,
}

impl Output {
    /// The process's own.
    #[must_use]
    pub fn of_process() -> Self {
        Self {
            results: Box::new(io::stdout()),
            results_on_terminal: io::stdout().is_terminal(),
            messages: Box::new(io::stderr()),
            messages_on_terminal: io::stderr().is_terminal(),
        }
    }

    /// Prints a piece of the result, at once.
    ///
    /// # Errors
    /// It can't be written; `BrokenPipe` when nobody reads any more.
    pub fn print(&mut self, text: &str) -> io::Result<()> {
        let text = if self.results_on_terminal { sanitise(text) } else { Cow::Borrowed(text) };
        self.results.write_all(text.as_bytes())?;
        self.results.flush()
    }

    /// Prints a line of the result.
    ///
    /// # Errors
    /// As [`Output::print`].
    pub fn line(&mut self, text: &str) -> io::Result<()> {
        self.print(&format!("{text}\n"))
    }

    /// Tells the user something that is no result. One that nobody reads is lost, and that is no error.
    pub fn tell(&mut self, text: &str) {
        let text = if self.messages_on_terminal { sanitise(text) } else { Cow::Borrowed(text) };
        let _ = writeln!(self.messages, "{text}");
    }
}
