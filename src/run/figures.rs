//! Figures, all derived from raw marks `(time, part, length)` that were stamped on arrival.
//!
//! The definitions are those of the README's table. A figure that can't be known is `None`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::message::Usage;

/// An arrival that brought something a reader can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When, since the lane began.
    pub at: Duration,
    /// To which part of the response.
    pub part: u32,
    /// How many bytes of UTF-8.
    pub len: u32,
}

/// Times of an answer in milliseconds, from the first attempt's start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Timing {
    /// To the response headers.
    pub ttfb_ms: Option<f64>,
    /// To the first token of any channel: thinking, text or tool call.
    pub ttft_ms: Option<f64>,
    /// To the first answer text.
    pub ttfa_ms: Option<f64>,
    /// To the last token.
    pub total_ms: Option<f64>,
    /// To the end of the stream.
    pub close_ms: Option<f64>,
    /// Time between chunks that carry tokens: the median.
    pub gap_p50_ms: Option<f64>,
    /// Time between chunks that carry tokens: the 95th percentile.
    pub gap_p95_ms: Option<f64>,
    /// Decoding speed, (N − 1) / (last − first token) with N output tokens; unknown for N < 2 or a single chunk.
    pub tokens_per_second: Option<f64>,
}

/// What figures are computed from.
#[derive(Clone, Copy)]
pub struct Raw<'a> {
    /// Every visible arrival, in order.
    pub marks: &'a [Mark],
    /// Which of the parts are answer text.
    pub is_text: &'a dyn Fn(u32) -> bool,
    /// Whether any of the parts is thinking.
    pub streamed_thinking: bool,
    /// The first attempt's start.
    pub started: Duration,
    /// The response headers.
    pub headers: Option<Duration>,
    /// The end of the stream.
    pub closed: Option<Duration>,
    /// The tokens, as the provider counts them.
    pub usage: &'a Usage,
}

impl Raw<'_> {
    /// The figures.
    #[must_use]
    pub fn timing(&self) -> Timing {
        let since = |at: Duration| millis(at.saturating_sub(self.started));
        let gaps = self.gaps();
        Timing {
            ttfb_ms: self.headers.map(since),
            ttft_ms: self.marks.first().map(|mark| since(mark.at)),
            ttfa_ms: self.marks.iter().find(|mark| (self.is_text)(mark.part)).map(|mark| since(mark.at)),
            total_ms: self.marks.last().map(|mark| since(mark.at)),
            close_ms: self.closed.map(since),
            gap_p50_ms: percentile(&gaps, 50),
            gap_p95_ms: percentile(&gaps, 95),
            tokens_per_second: self.tokens_per_second(),
        }
    }

    /// Times between arrivals, sorted. What one arrival brought counts once.
    fn gaps(&self) -> Vec<f64> {
        let pairs = self.marks.windows(2).filter(|pair| pair[0].at != pair[1].at);
        let mut gaps: Vec<_> = pairs.map(|pair| millis(pair[1].at.saturating_sub(pair[0].at))).collect();
        gaps.sort_unstable_by(f64::total_cmp);
        gaps
    }

    /// Decoding speed. Thinking that was counted but not streamed is taken off the tokens: it came before the first.
    fn tokens_per_second(&self) -> Option<f64> {
        let hidden = if self.streamed_thinking { 0 } else { self.usage.output_reasoning_tokens.unwrap_or(0) };
        let tokens = self.usage.output_tokens?.checked_sub(hidden)?;
        let seconds = self.marks.last()?.at.saturating_sub(self.marks.first()?.at).as_secs_f64();
        (tokens >= 2 && seconds > 0.0).then(|| rounded((tokens - 1) as f64 / seconds))
    }
}

/// Milliseconds, to the microsecond.
#[must_use]
pub fn millis(duration: Duration) -> f64 {
    rounded(duration.as_secs_f64() * 1_000.0)
}

fn rounded(figure: f64) -> f64 {
    (figure * 1_000.0).round() / 1_000.0
}

/// The nearest-rank percentile of sorted figures.
fn percentile(sorted: &[f64], percent: usize) -> Option<f64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(ms: u64, part: u32) -> Mark {
        Mark { at: Duration::from_millis(ms), part, len: 4 }
    }

    fn timing(marks: &[Mark], usage: &Usage, streamed_thinking: bool) -> Timing {
        let raw = Raw {
            marks,
            is_text: &|part| part == 1,
            streamed_thinking,
            started: Duration::from_millis(100),
            headers: Some(Duration::from_millis(150)),
            closed: Some(Duration::from_millis(1_500)),
            usage,
        };
        raw.timing()
    }

    #[test]
    fn every_figure_is_as_defined() {
        let usage = Usage { output_tokens: Some(11), ..Usage::default() };
        let marks = [mark(400, 0), mark(500, 0), mark(500, 1), mark(700, 1), mark(1_400, 1)];
        let expected = Timing {
            ttfb_ms: Some(50.0),
            ttft_ms: Some(300.0),
            ttfa_ms: Some(400.0),
            total_ms: Some(1_300.0),
            close_ms: Some(1_400.0),
            gap_p50_ms: Some(200.0),
            gap_p95_ms: Some(700.0),
            tokens_per_second: Some(10.0),
        };
        assert_eq!(timing(&marks, &usage, true), expected);
    }

    #[test]
    fn hidden_thinking_does_not_count_as_decoded() {
        let usage = Usage { output_tokens: Some(110), output_reasoning_tokens: Some(99), ..Usage::default() };
        let marks = [mark(400, 1), mark(1_400, 1)];
        assert_eq!(timing(&marks, &usage, false).tokens_per_second, Some(10.0));
    }

    #[test]
    fn what_is_not_known_is_none() {
        let expected = Timing { ttfb_ms: Some(50.0), close_ms: Some(1_400.0), ..Timing::default() };
        assert_eq!(timing(&[], &Usage::default(), false), expected);
        let one_chunk = timing(&[mark(200, 1)], &Usage { output_tokens: Some(9), ..Usage::default() }, false);
        assert_eq!((one_chunk.tokens_per_second, one_chunk.gap_p50_ms), (None, None));
    }
}
