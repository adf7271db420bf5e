//! Arguments as typed. The tables of parser, help, completions and manual are all made from these types.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::drill::Fault;

/// Compare language models side by side
#[derive(Debug, Parser)]
#[command(name = "llmbench", version, about, long_about = None, max_term_width = 100)]
#[command(after_help = "Models are PROVIDER:MODEL, a [models.NAME] of the configuration, or fallback:A,B.\n\
    Try it without any key: llmbench run -m test:storyteller \"Tell me a story\"")]
pub struct Cli {
    /// The configuration file [default: LLMBENCH_CONFIG, or config.toml in the platform's place]
    #[arg(short, long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// A model to ask; may be given several times
    #[arg(short, long = "model", value_name = "MODEL")]
    pub models: Vec<String>,
    /// The theme's name
    #[arg(long, value_name = "NAME")]
    pub theme: Option<String>,
    /// A saved session to open
    pub session: Option<String>,
    /// What to do without the workbench
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What can be done besides opening the workbench.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Ask one prompt, without a screen
    Run(RunArgs),
    /// Play a saved session in the workbench
    Replay(ReplayArgs),
    /// Ask a saved session's prompts again and compare
    Rerun(RerunArgs),
    /// List, show, export or delete saved sessions
    Sessions(SessionsArgs),
    /// Play server faults at a chain, on this machine alone, and show what it does
    Drill(DrillArgs),
    /// List known models
    Models(ModelsArgs),
    /// Show what is configured and which key comes from where
    Doctor(DoctorArgs),
    /// Show, write or check the configuration
    Config(ConfigArgs),
    /// Print a completion script
    Completions {
        /// For this shell
        shell: Shell,
    },
    /// Print the manual page
    Man,
}

/// `run`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 every model completed, 1 some failed, 2 bad usage or configuration, 130 interrupted."
)]
pub struct RunArgs {
    /// A model to ask; may be given several times [default: selected in [ui]]
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
    /// The most seconds for each whole answer, retries included; in a chain for each of its models, retries included
    #[arg(long, value_name = "SECONDS")]
    pub timeout: Option<f64>,
    /// How often a failed request is tried again; a chain asks its next model instead
    #[arg(long, value_name = "N")]
    pub retries: Option<u32>,
    /// What to ask; - reads it from standard input, what is piped in is put behind it
    pub prompt: Option<String>,
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

/// `drill`.
#[derive(Debug, Args)]
#[command(
    after_help = "Faults are played by a server on 127.0.0.1 that takes the place of every provider: nobody else is asked, no \
    key is sent or needed, neither a program nor a key command is run. Each is played at the first model of the chain and at every one. A streamed answer \
    that is cut after its first token is never whole: name the faults that count, or say --no-stream.\n\n\
    Exit status: 0 the chain answered whole wherever one of its models was healthy (a model alone has no other), 1 it did \
    not, 2 bad usage or configuration."
)]
pub struct DrillArgs {
    /// A chain: [models.NAME] of the configuration, or fallback:A,B; a model alone shows its retries
    pub model: String,
    /// A fault to play; may be given several times [default: all]
    #[arg(long = "fault", value_name = "NAME", value_parser = fault())]
    pub faults: Vec<Fault>,
    /// Ask for the answers in one piece
    #[arg(long)]
    pub no_stream: bool,
    /// How the report is printed
    #[arg(long, value_enum, default_value_t = DrillFormat::Text)]
    pub format: DrillFormat,
}

/// How the report of a drill is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DrillFormat {
    /// For people
    Text,
    /// One document with everything that is known
    Json,
}

/// A fault by its name; the names stand in the help, in completions, and beside a slip.
fn fault() -> impl TypedValueParser<Value = Fault> {
    let values = Fault::ALL.map(|fault| PossibleValue::new(fault.as_str()).help(fault.help()));
    PossibleValuesParser::new(values).try_map(|name| Fault::named(&name).ok_or("no such fault"))
}

/// `replay`.
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// The session: its ID, the beginning of it, or a file
    pub session: String,
    /// How fast: 2 is twice as fast, 0 at once
    #[arg(long, value_name = "X", default_value_t = 1.0, value_parser = speed, allow_negative_numbers = true)]
    pub speed: f64,
}

/// The slowest replay: slower ones would last longer than clocks can tell.
const SLOWEST: f64 = 0.001;

fn speed(text: &str) -> Result<f64, String> {
    let speed = text.parse().ok().filter(|speed: &f64| *speed == 0.0 || (speed.is_finite() && *speed >= SLOWEST));
    speed.ok_or_else(|| format!("write a number above 0 ({SLOWEST} or more), or 0 for at once"))
}

/// `rerun`.
#[derive(Debug, Args)]
pub struct RerunArgs {
    /// The session: its ID, the beginning of it, or a file
    pub session: String,
    /// A model to ask instead of the saved ones; may be given several times
    #[arg(short, long = "model", value_name = "MODEL")]
    pub models: Vec<String>,
}

/// `sessions`.
#[derive(Debug, Args)]
pub struct SessionsArgs {
    /// What to do with them [default: list]
    #[command(subcommand)]
    pub action: Option<SessionsAction>,
}

/// What can be done with saved sessions.
#[derive(Debug, Subcommand)]
pub enum SessionsAction {
    /// List them, the latest first
    List,
    /// Print one
    Show {
        /// Its ID, or the beginning of it
        id: String,
    },
    /// Print one in another format
    Export(ExportArgs),
    /// Delete one
    Delete {
        /// Its ID, or the beginning of it
        id: String,
    },
    /// Print the folder they are in
    Path,
}

/// `sessions export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Its ID, or the beginning of it
    pub id: String,
    /// The format
    #[arg(long, value_enum)]
    pub format: ExportFormat,
    /// The model whose messages are meant, for pydantic
    #[arg(long, value_name = "MODEL")]
    pub lane: Option<String>,
}

/// A format that sessions are exported in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// The session itself
    Json,
    /// Markdown
    Md,
    /// A page
    Html,
    /// A table of figures
    Csv,
    /// Messages that PydanticAI loads
    Pydantic,
    /// Test cases for promptfoo
    Promptfoo,
}

impl ExportFormat {
    /// Whether this version has it.
    ///
    /// # Errors
    /// The sentence that says it hasn't.
    pub fn built(self) -> Result<Self, super::Failure> {
        let word =
            |format: Self| format.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        match self {
            Self::Json | Self::Md | Self::Pydantic => Ok(self),
            Self::Html | Self::Csv | Self::Promptfoo => {
                Err(super::Failure::not_yet(&format!("sessions export --format {}", word(self))))
            }
        }
    }
}

/// `models`.
#[derive(Debug, Args)]
pub struct ModelsArgs {
    /// Only this provider's
    pub provider: Option<String>,
    /// Ask the provider for its own list, and keep it; without PROVIDER, every one that can be used
    #[arg(long)]
    pub refresh: bool,
    /// Show what a million tokens cost in USD, behind tabs: input, output, cache read, cache write, source, date
    #[arg(long)]
    pub prices: bool,
}

/// `doctor`.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Ask every provider whether it answers
    #[arg(long)]
    pub probe: bool,
}

/// `config`.
#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// What to do with it [default: path]
    #[command(subcommand)]
    pub action: Option<ConfigAction>,
}

/// What can be done with the configuration.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum ConfigAction {
    /// Print where the file is looked for
    Path,
    /// Write an example to start from
    Init,
    /// Tell everything that is wrong with it
    Check,
}
