//! Lines of standard input, as they are wanted.

use std::io::{self, BufRead};

use tokio::sync::mpsc;

/// Lines of standard input. They are read by a thread of their own, since nothing can end a read that waits.
pub struct Lines(mpsc::Receiver<Result<String, String>>);

impl Lines {
    /// From now on.
    pub fn of_stdin() -> Self {
        let (sender, receiver) = mpsc::channel(1);
        std::thread::spawn(move || {
            let mut input = io::stdin().lock();
            while let Some(line) = read(&mut input) {
                if sender.blocking_send(line).is_err() {
                    return;
                }
            }
        });
        Self(receiver)
    }

    /// The next line without its end, or why there is none there; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<String, String>> {
        self.0.recv().await
    }
}

/// One line. A failing input ends like one that is over: there is nothing more to read.
fn read(input: &mut impl BufRead) -> Option<Result<String, String>> {
    let mut bytes = Vec::new();
    let count = input.read_until(b'\n', &mut bytes).unwrap_or(0);
    if count == 0 {
        return None;
    }
    let line = String::from_utf8(bytes).map_err(|error| {
        let byte = error.utf8_error().valid_up_to() + 1;
        format!("this line is no text and was left out: its byte {byte} is not UTF-8")
    });
    Some(line.map(|line| line.trim_end_matches(['\r', '\n']).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_anyhow_and_what_is_no_text_is_told() {
        let mut input = &b"one\r\n\nt\xffo\nlast"[..];
        let lines: Vec<_> = std::iter::from_fn(|| read(&mut input)).collect();
        let told = "this line is no text and was left out: its byte 2 is not UTF-8".to_owned();
        assert_eq!(lines, [Ok("one".to_owned()), Ok(String::new()), Err(told), Ok("last".to_owned())]);
    }
}
