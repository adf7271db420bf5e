//! The arguments of `run`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::settings::{SECONDS, time_limit};

/// `run`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 every model completed, 1 some failed, 2 bad usage or configuration, 130 interrupted."
)]
pub struct RunArgs {
    /// A model to ask; may be given several times [default: the configuration's selected ones]
    #[arg(short, long = "model", value_name = "MODEL")]
    pub models: Vec<String>,
    /// The system prompt
    #[arg(short, long, value_name = "TEXT")]
    pub system: Option<String>,
    /// A setting: temperature, max_tokens, top_p, seed, stop_sequences, presence_penalty, frequency_penalty, timeout,
    /// thinking, extra_body.NAME; may be given several times
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// A JSON schema that the answer must fit
    #[arg(long, value_name = "FILE")]
    pub schema: Option<PathBuf>,
    /// How the schema is asked for
    #[arg(long, value_name = "MODE")]
    pub output_mode: Option<OutputMode>,
    /// How often a model is told what is wrong with its output and asked again
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub output_retries: u32,
    /// Messages that came before, as PydanticAI writes them
    #[arg(long, value_name = "FILE")]
    pub history: Option<PathBuf>,
    /// Ask for the answer in one piece
    #[arg(long)]
    pub no_stream: bool,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Keep the run as a session
    #[arg(long)]
    pub save: bool,
    /// What is waited for, and how long
    #[command(flatten)]
    pub timeouts: TimeoutArgs,
    /// How often a failed request is tried again; a chain asks its next model instead
    #[arg(long, value_name = "N")]
    pub retries: Option<u32>,
    /// What to ask; - reads it from standard input, what is piped in is put behind it
    pub prompt: Option<String>,
}

/// The limits of `run`, over those of the providers.
#[derive(Clone, Copy, Debug, Args)]
pub struct TimeoutArgs {
    /// The most seconds for each whole answer, retries included; in a chain for each of its models, retries included
    #[arg(long, value_name = "SECONDS")]
    pub timeout: Option<f64>,
    /// The most seconds for a connection [default: 5]
    #[arg(long, value_name = "SECONDS", value_parser = limit, allow_negative_numbers = true)]
    pub connect_timeout: Option<Duration>,
    /// The most seconds from a request to the first byte of its answer [default: 600]
    #[arg(long, value_name = "SECONDS", value_parser = limit, allow_negative_numbers = true)]
    pub first_byte_timeout: Option<Duration>,
    /// The most seconds without anything new in an answer [default: 120]
    #[arg(long, value_name = "SECONDS", value_parser = limit, allow_negative_numbers = true)]
    pub idle_timeout: Option<Duration>,
}

fn limit(text: &str) -> Result<Duration, String> {
    text.parse().ok().and_then(time_limit).ok_or_else(|| format!("write {SECONDS}"))
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The answer's text
    Text,
    /// One document with everything that is known
    Json,
    /// A line for each event, as it comes
    Jsonl,
}

/// How structured output is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OutputMode {
    /// As a call of a tool
    Tool,
    /// By the provider's own means
    Native,
    /// In the prompt
    Prompted,
}
