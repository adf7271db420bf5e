//! How to get in without a key: what is told of the credentials.

use super::Known;
use crate::auth::{Places, SignInSettings, aws, google};
use crate::catalog::SignInKind;

impl Known<'_> {
    /// What is told of the credentials, where the provider has a way to sign in.
    pub fn sign_in(&self, places: &Places) -> Option<SignInSettings> {
        Some(match self.dialect.sign_in? {
            SignInKind::Aws => SignInSettings::Aws(self.aws(places)),
            SignInKind::Google => SignInSettings::Google(self.google()),
        })
    }

    fn aws(&self, places: &Places) -> aws::Settings {
        let entry = self.entry;
        let written = entry.aws_access_key_id.clone().zip(entry.aws_secret_access_key.clone());
        aws::Settings {
            region: places.region.clone(),
            profile: entry.profile.clone(),
            access_key: written.map(|(id, secret)| (id, secret, entry.aws_session_token.clone())),
        }
    }

    fn google(&self) -> google::Settings {
        let variables = self.dialect.project_env.iter().map(String::as_str);
        let variable = self.environment.first(variables).map(|(name, project)| (project.to_owned(), name.to_owned()));
        let written = self.entry.project_id.clone();
        let place = format!("project_id in [providers.{}]", self.name);
        google::Settings {
            service_account: self.entry.service_account.clone(),
            project: written.map(|project| (project, place)).or(variable),
        }
    }
}
