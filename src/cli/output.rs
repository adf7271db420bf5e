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

    /// Asks the user for something: a mark at the beginning of the line where it is typed.
    pub fn ask(&mut self, mark: &str) {
        let _ = write!(self.messages, "{mark}").and_then(|()| self.messages.flush());
    }

    /// Tells the user something that is no result. One that nobody reads is lost, and that is no error.
    pub fn tell(&mut self, text: &str) {
        let text = if self.messages_on_terminal { sanitise(text) } else { Cow::Borrowed(text) };
        let _ = writeln!(self.messages, "{text}");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no panic").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Written {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().expect("no panic").clone()).expect("UTF-8")
        }
    }

    #[test]
    fn only_a_terminal_gets_sanitised_text() {
        for (on_terminal, expected) in [(false, "\u{1b}[2Jhi\n"), (true, "␛[2Jhi\n")] {
            let (results, messages) = (Written::default(), Written::default());
            let mut output = Output {
                results: Box::new(results.clone()),
                results_on_terminal: on_terminal,
                messages: Box::new(messages.clone()),
                messages_on_terminal: on_terminal,
            };
            output.line("\u{1b}[2Jhi").expect("written");
            output.tell("\u{1b}[2Jhi");
            assert_eq!((results.text().as_str(), messages.text().as_str()), (expected, expected));
        }
    }
}
