//! Arguments as typed. The tables of parser, help, completions and manual are all made from these types.

mod drill;
mod run;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub use self::drill::{DrillArgs, DrillFormat};
pub use self::run::{Format, OutputMode, RunArgs, TimeoutArgs};

/// Compare language models side by side
#[derive(Debug, Parser)]
#[command(name = "llmbench", version, about, long_about = None, max_term_width = 100)]
#[command(after_help = "Models are PROVIDER:MODEL, a [models.NAME] of the configuration, or fallback:A,B;\n\
    each may have settings of its own behind it: openai:gpt-4o+temperature=0+seed=7.\n\
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
    /// No screen: prompts are read line by line, answers printed one after the other, for screen readers and simple
    /// terminals; TERM=dumb means it too
    #[arg(long)]
    pub plain: bool,
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
    /// List, show, export, import or delete saved sessions
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
#[command(
    after_help = "Exit status: 0 every model completed, 1 some failed, 2 bad usage or configuration, 130 interrupted."
)]
pub struct RerunArgs {
    /// The session: its ID, the beginning of it, a file, or last
    pub session: String,
    /// A model to ask instead of the saved ones; may be given several times
    #[arg(short, long = "model", value_name = "MODEL")]
    pub models: Vec<String>,
    /// How then and now are printed
    #[arg(long, value_enum, default_value_t = RerunFormat::Text)]
    pub format: RerunFormat,
}

/// How a rerun is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RerunFormat {
    /// Figures side by side
    Text,
    /// One document with everything that is known
    Json,
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
    /// Make one of a file: PydanticAI's messages, promptfoo's prompts or an exported session, in JSON
    Import {
        /// The file; - is standard input
        file: PathBuf,
    },
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
    /// A page to read and to print
    Html,
    /// A table of figures, a row per answer
    Csv,
    /// Messages that PydanticAI loads
    Pydantic,
    /// A configuration for promptfoo
    Promptfoo,
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
