//! The prompt: from the argument, from standard input, or the end of the history.

use std::io::{self, IsTerminal, Read};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::cli::{Failure, Output};

/// How long standard input may be silent before the user is told that it is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is asked: the argument with what is piped in behind it; `-` is what is piped in alone. `None` when the history
/// asks by itself.
///
/// # Errors
/// There is nothing to ask, or standard input can't be read.
pub fn prompt(
    typed: Option<&str>,
    history_asks: bool,
    piped: impl FnOnce() -> Result<Option<String>, Failure>,
) -> Result<Option<String>, Failure> {
    let nothing = |what: &str| Failure::with_hint(what, "write llmbench run -m MODEL \"PROMPT\", or pipe it in with -");
    match typed {
        None if history_asks => Ok(None),
        Some("-") => piped()?.map(Some).ok_or_else(|| nothing("there is no prompt on standard input")),
        None => piped()?.map(Some).ok_or_else(|| nothing("there is no prompt")),
        Some(typed) => match (typed.trim().is_empty(), piped()?) {
            (true, None) => Err(nothing("the prompt is empty")),
            (true, Some(piped)) => Ok(Some(piped)),
            (false, None) => Ok(Some(typed.to_owned())),
            (false, Some(piped)) => Ok(Some(format!("{typed}\n\n{piped}"))),
        },
    }
}

/// What is piped in, without the newlines at its end; `None` when nothing is. Never waits for a terminal or a device.
///
/// # Errors
/// It can't be read, or is no text.
pub fn piped(output: &mut Output) -> Result<Option<String>, Failure> {
    if io::stdin().is_terminal() || is_device() {
        return Ok(None);
    }
    let bytes = read(output).map_err(|error| Failure::usage(format!("standard input can't be read: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let byte = error.utf8_error().valid_up_to() + 1;
        Failure::usage(format!("standard input is no text: byte {byte} is not UTF-8"))
    })?;
    let text = text.trim_end_matches(['\r', '\n']);
    Ok((!text.trim().is_empty()).then(|| text.to_owned()))
}

/// Reads all of it, and says so when that takes long.
fn read(output: &mut Output) -> io::Result<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes);
        // The receiver waits until this is sent.
        let _ = sender.send(read);
    });
    if let Ok(read) = receiver.recv_timeout(PATIENCE) {
        return read;
    }
    output.tell("waiting for standard input (end it with < /dev/null if none is meant)");
    receiver.recv().unwrap_or_else(|_| Err(io::Error::other("it broke off")))
}

/// Whether standard input is a device such as /dev/null, rather than a pipe, a file or a socket.
#[cfg(unix)]
fn is_device() -> bool {
    use std::os::fd::AsFd;
    use std::os::unix::fs::FileTypeExt;
    let file = io::stdin().as_fd().try_clone_to_owned().map(std::fs::File::from);
    file.and_then(|file| file.metadata()).is_ok_and(|metadata| metadata.file_type().is_char_device())
}

#[cfg(not(unix))]
fn is_device() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(typed: Option<&str>, history_asks: bool, piped: Option<&str>) -> Result<Option<String>, String> {
        prompt(typed, history_asks, || Ok(piped.map(str::to_owned))).map_err(|failure| format!("{failure:?}"))
    }

    #[test]
    fn every_source_of_a_prompt() {
        let table = [
            (Some("Hi"), false, None, Some("Hi")),
            (Some("Sum up"), false, Some("a\nb"), Some("Sum up\n\na\nb")),
            (Some("-"), false, Some("from the pipe"), Some("from the pipe")),
            (None, false, Some("from the pipe"), Some("from the pipe")),
            (None, true, Some("not looked at"), None),
            (Some(""), false, Some("piped"), Some("piped")),
        ];
        for (typed, history_asks, piped, expected) in table {
            assert_eq!(asked(typed, history_asks, piped), Ok(expected.map(str::to_owned)), "{typed:?} {piped:?}");
        }
    }

    #[test]
    fn nothing_to_ask_is_told() {
        for (typed, sentence) in [
            (None, "there is no prompt"),
            (Some("-"), "no prompt on standard input"),
            (Some(" "), "the prompt is empty"),
        ] {
            let failure = asked(typed, false, None).expect_err("refused");
            assert!(failure.contains(sentence), "{typed:?}: {failure}");
        }
    }
}
