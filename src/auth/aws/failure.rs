//! Why there are no credentials, in one sentence, and what to do about it.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;

use super::Settings;
use super::profile::Profile;
use crate::wire::{ErrorKind, ModelError};

/// The longest reason that is told: programs may say any amount.
const LONGEST: usize = 500;

/// No region anywhere.
pub fn no_region(settings: &Settings, profile: &Profile) -> ModelError {
    let provider = &settings.provider;
    let why = profile.problem.as_ref().map(|problem| format!(": {problem}")).unwrap_or_default();
    ModelError::new(ErrorKind::Auth, format!("no region for {provider}{why}")).with_hint(format!(
        "set AWS_REGION, region in [providers.{provider}], or region in the AWS profile {:?}",
        profile.name
    ))
}

/// No credentials, or some that can't be had.
pub fn no_credentials(settings: &Settings, profile: &Profile, error: &CredentialsError) -> ModelError {
    let provider = &settings.provider;
    let reason = match error {
        CredentialsError::CredentialsNotLoaded(_) if settings.profile.is_none() => nowhere(profile),
        CredentialsError::CredentialsNotLoaded(_) if !profile.exists => format!("there is no {}", named(profile)),
        CredentialsError::CredentialsNotLoaded(_) => format!("{} has none", named(profile)),
        _ => innermost(error),
    };
    ModelError::new(ErrorKind::Auth, format!("no AWS credentials for {provider}: {reason}"))
        .with_hint(hint(provider, profile))
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

fn hint(provider: &str, profile: &Profile) -> String {
    match (&profile.single_sign_on, &profile.closest) {
        (Some(name), _) => format!("run `aws sso login --profile {name}`"),
        (None, Some(name)) => format!("did you mean the profile {name:?}?"),
        (None, None) => format!(
            "run `aws configure`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_BEARER_TOKEN_BEDROCK, or \
             profile in [providers.{provider}]"
        ),
    }
}

/// The cause at the bottom, on one line.
pub fn innermost(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let text = cause.to_string();
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
