//! Bytes cut into lines. Lines are cut as bytes and read when they are whole, so a cut inside a character changes
//! nothing.

use crate::wire::{ErrorKind, ModelError};

/// The longest line that is accepted: output without line ends must not fill the memory.
const MAX_LINE: usize = 16 * 1024 * 1024;

/// Cuts bytes into lines, and counts them.
#[derive(Debug, Default)]
pub struct LineCutter {
    /// What of a line is here.
    line: Vec<u8>,
    /// How many lines have ended.
    count: usize,
}

impl LineCutter {
    /// Takes bytes in and hands every line that they complete to `each`, with its number from 1 and without its end.
    ///
    /// # Errors
    /// `ErrorKind::Protocol` for a line over 16 MiB; and whatever `each` returns, after which nothing more is read.
    pub fn push(
        &mut self,
        mut bytes: &[u8],
        each: &mut impl FnMut(usize, &[u8]) -> Result<(), ModelError>,
    ) -> Result<(), ModelError> {
        while let Some(end) = memchr::memchr(b'\n', bytes) {
            self.keep(&bytes[..end])?;
            self.count += 1;
            each(self.count, &std::mem::take(&mut self.line))?;
            bytes = &bytes[end + 1..];
        }
        self.keep(bytes)
    }

    fn keep(&mut self, bytes: &[u8]) -> Result<(), ModelError> {
        if self.line.len() + bytes.len() > MAX_LINE {
            let message = format!("line {} of the program's output is over 16 MiB", self.count + 1);
            return Err(ModelError::new(ErrorKind::Protocol, message));
        }
        self.line.extend_from_slice(bytes);
        Ok(())
    }

    /// The line that has begun and was never ended, with its number.
    pub fn rest(&mut self) -> Option<(usize, Vec<u8>)> {
        let line = std::mem::take(&mut self.line);
        (!line.trim_ascii().is_empty()).then_some((self.count + 1, line))
    }
}
