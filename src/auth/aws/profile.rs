//! What a profile of AWS's own files says besides its credentials:
//! <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>.

use std::borrow::Cow;

use aws_config::profile::{self, ProfileSet};

use super::Settings;
use crate::catalog;

/// The profile when none is named.
const DEFAULT: &str = "default";
/// How many profiles may stand behind one another as each other's source.
const DEEPEST: usize = 8;

/// A profile.
#[derive(Debug, Default, PartialEq)]
pub struct Profile {
    /// Its name: the configuration's, `AWS_PROFILE`, or `default`.
    pub name: String,
    /// Whether it was named at all.
    pub is_named: bool,
    /// Whether it is in AWS's files.
    pub exists: bool,
    /// The name of one that is, where it isn't itself and that one may be meant.
    pub closest: Option<String>,
    /// Its region.
    pub region: Option<String>,
    /// The profile, itself or one that it builds upon, that signs in by single sign-on.
    pub single_sign_on: Option<String>,
    /// Whether it is one of `aws login`, which AWS's own crate knows only with much more in the tree.
    pub is_console_login: bool,
    /// Why the files can't be read.
    pub problem: Option<String>,
}

impl Profile {
    /// Reads AWS's files, as far as they are there.
    #[expect(clippy::default_trait_access, reason = "the types are of crates that this one doesn't name")]
    pub async fn load(settings: &Settings) -> Self {
        let name = settings.profile.clone().map(Cow::Owned);
        // Where they are is for AWS's own crate to say, which reads the process's environment.
        match profile::load(&Default::default(), &Default::default(), &Default::default(), name).await {
            Ok(profiles) => Self::of(&profiles),
            Err(error) => Self {
                name: settings.profile.clone().unwrap_or_else(|| DEFAULT.to_owned()),
                problem: Some(super::failure::innermost(&error)),
                ..Self::default()
            },
        }
    }

    fn of(profiles: &ProfileSet) -> Self {
        let name = profiles.selected_profile();
        let exists = profiles.get_profile(name).is_some();
        let closest = if exists { None } else { catalog::closest(name, profiles.profiles()) };
        Self {
            name: name.to_owned(),
            is_named: name != DEFAULT,
            exists,
            closest: closest.map(str::to_owned),
            region: profiles.get("region").map(|region| region.trim().to_owned()).filter(|region| !region.is_empty()),
            single_sign_on: single_sign_on(profiles, name),
            is_console_login: profiles.get("login_session").is_some(),
            problem: None,
        }
    }
}

fn single_sign_on(profiles: &ProfileSet, name: &str) -> Option<String> {
    let source = |name: &&str| profiles.get_profile(name)?.get("source_profile");
    let line = std::iter::successors(Some(name), source).take(DEEPEST);
    let signs_on = |name: &&str| {
        let profile = profiles.get_profile(name);
        profile.is_some_and(|profile| ["sso_session", "sso_start_url"].iter().any(|key| profile.get(key).is_some()))
    };
    line.into_iter().find(signs_on).map(str::to_owned)
}
