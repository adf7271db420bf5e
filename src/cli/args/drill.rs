//! The arguments of `drill`.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::drill::Fault;

/// `drill`.
#[derive(Debug, Args)]
#[command(
    after_help = "Faults are played by a server on 127.0.0.1 that takes the place of every provider: nobody else is asked, no \
    key is sent or needed, neither a program nor a key command is run. Each is played at the first model of the chain and \
    at every one.\n\n\
    Exit status: 0 the chain answered whole wherever one of its models was healthy, 1 it did not, 2 bad usage or \
    configuration. A streamed answer that is cut after its first token stays as it is and counts neither way."
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
