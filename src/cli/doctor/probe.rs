//! `doctor --probe`: asks every provider for something cheap, and says what answered, how fast, or what is wrong.

use std::time::{Duration, Instant};

use crate::cli::{Failure, providers};
use crate::config::{Config, Environment};
use crate::model::Probed;
use crate::wire::ModelError;

/// The longest wait for a provider.
const LIMIT: Duration = Duration::from_secs(10);

/// What every provider has answered, a line or two each; and whether all that were asked have.
pub fn lines(config: &Config, environment: &Environment) -> Result<(Vec<String>, bool), Failure> {
    let registry = &providers::registry(config, environment);
    let names = providers::wanted(config, environment);
    let answers = providers::each(&names, |name| async move {
        let asked = Instant::now();
        let answer = registry.probe(&name, LIMIT).await;
        (name, answer, asked.elapsed())
    })?;
    let mut lines = vec![String::new(), "Answers".to_owned()];
    let mut all = true;
    for (name, answer, took) in &answers {
        match answer {
            Ok(probed) => lines.push(told(name, probed, *took)),
            Err(error) if providers::is_absent(config, environment, name, error) => {
                lines.push(format!("  – {name}: not running"));
            }
            Err(error) => {
                all = false;
                lines.extend(failed(name, error, *took));
            }
        }
    }
    Ok((lines, all))
}

fn told(name: &str, probed: &Probed, took: Duration) -> String {
    let ms = took.as_millis();
    match probed {
        Probed::Listed { models, version } => {
            let version = format!("{version:?}").replace("/2.0", "/2");
            format!("  ✓ {name}: {}, {version}, {ms} ms", providers::counted(*models))
        }
        Probed::Asked { model, has_it: true } => format!("  ✓ {name}: {model} answered, {ms} ms"),
        Probed::Asked { model, has_it: false } => format!("  ✓ {name}: answers, but has no {model}, {ms} ms"),
        Probed::Unasked(why) => format!("  – {name}: not asked, {why}"),
    }
}

fn failed(name: &str, error: &ModelError, took: Duration) -> Vec<String> {
    let problem = format!("  ✗ {name}: {error} ({}, {} ms)", error.kind.as_str(), took.as_millis());
    std::iter::once(problem).chain(error.hint.iter().map(|hint| format!("    {hint}"))).collect()
}
