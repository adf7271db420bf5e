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
        google::Settings {
            provider: self.name.to_owned(),
            service_account: self.entry.service_account.clone(),
            project: self.told_project(),
            defaults: google::Defaults::read(|name| self.environment.get(name)),
        }
    }

    fn told_project(&self) -> Option<google::ToldProject> {
        let told = |id: &str, place: String, must_match| google::ToldProject { id: id.to_owned(), place, must_match };
        if let Some(project) = &self.entry.project_id {
            return Some(told(project, format!("project_id in [providers.{}]", self.name), true));
        }
        let variables = self.dialect.project_env.iter().map(String::as_str);
        self.environment.first(variables).map(|(name, project)| told(project.trim(), name.to_owned(), false))
    }
}
