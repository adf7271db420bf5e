//! Why there are no credentials, in one sentence, and what to do about it.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_types::error::ErrorMetadata;

use super::Settings;
use super::profile::Profile;
use crate::wire::{ErrorKind, ModelError};

/// The longest reason that is told: programs may say any amount.
const LONGEST: usize = 500;

/// No region anywhere.
pub fn no_region(settings: &Settings, profile: &Profile) -> ModelError {
    let provider = &settings.provider;
    let why = match &profile.problem {
        Some(problem) => format!(": {problem}"),
        None if !profile.exists && profile.is_named => format!(": there is no {}", named(profile)),
        None => String::new(),
    };
    ModelError::new(ErrorKind::Auth, format!("no region for {provider}{why}")).with_hint(format!(
        "set AWS_REGION, region in [providers.{provider}], or region in AWS profile {:?}",
        profile.name
    ))
}

/// No credentials, or some that can't be had.
pub fn no_credentials(settings: &Settings, profile: &Profile, error: &CredentialsError) -> ModelError {
    let provider = &settings.provider;
    let is_nowhere = matches!(error, CredentialsError::CredentialsNotLoaded(_));
    let reason = match &settings.profile {
        Some(_) if is_nowhere && !profile.exists => format!("there is no {}", named(profile)),
        Some(_) if is_nowhere => format!("{} has none", named(profile)),
        None if is_nowhere => nowhere(profile),
        // Something else than the profile failed, and that is the last that was asked.
        None if !profile.exists => format!("{} ({})", nowhere(profile), innermost(error)),
        _ => innermost(error),
    };
    ModelError::new(ErrorKind::Auth, format!("no AWS credentials for {provider}: {reason}")).with_hint(hint(
        provider,
        profile,
        is_nowhere || !profile.exists,
    ))
}

fn nowhere(profile: &Profile) -> String {
    format!(
        "they are neither in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, nor in {}, nor has this machine or container \
         a role",
        named(profile)
    )
}

/// The profile, with what is wrong with the files that it would be in.
fn named(profile: &Profile) -> String {
    let problem = profile.problem.as_ref().map(|problem| format!(" ({problem})")).unwrap_or_default();
    format!("AWS profile {:?}{problem}", profile.name)
}

fn hint(provider: &str, profile: &Profile, is_nowhere: bool) -> String {
    let name = &profile.name;
    match (&profile.single_sign_on, &profile.closest) {
        (Some(name), _) => format!("run `aws sso login --profile {name}`"),
        (None, Some(name)) => format!("did you mean the profile {name:?}?"),
        _ if profile.is_console_login => format!(
            "`aws login` is not understood here: run `eval $(aws configure export-credentials --profile {name} --format \
             env)`"
        ),
        _ if is_nowhere => format!(
            "run `aws configure`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_BEARER_TOKEN_BEDROCK, or \
             profile in [providers.{provider}]"
        ),
        _ => format!("see whether `aws sts get-caller-identity --profile {name}` works"),
    }
}

/// The cause at the bottom, on one line.
pub fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let text = cause.downcast_ref().map_or_else(|| cause.to_string(), service_error);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// What a service of AWS's said.
fn service_error(error: &ErrorMetadata) -> String {
    match (error.code(), error.message()) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(text), None) | (None, Some(text)) => text.to_owned(),
        (None, None) => error.to_string(),
    }
}
