//! How to get in without a key: what is told of the credentials.

use super::Known;
use crate::auth::{Address, Places, Secret, SignInSettings, aws, google};
use crate::catalog::SignInKind;

impl Known<'_> {
    /// What is told of the credentials, where the provider has a way to sign in.
    pub fn sign_in(&self, places: &Places) -> Option<SignInSettings> {
        Some(match self.dialect.sign_in? {
            SignInKind::Aws => SignInSettings::Aws(self.aws(places)),
            SignInKind::Google => SignInSettings::Google(self.google()),
        })
    }

    /// What is told of the region alone, where a key lets requests in and only AWS's own files may know the region that
    /// the address wants.
    pub fn region_lookup(&self, base_url: &Address, places: &Places) -> Option<SignInSettings> {
        let is_wanted = self.dialect.sign_in == Some(SignInKind::Aws)
            && places.region.is_none()
            && base_url.expose().contains("{region}");
        is_wanted.then(|| SignInSettings::Aws(aws::Settings { has_key: true, ..self.aws(places) }))
    }

    fn aws(&self, places: &Places) -> aws::Settings {
        aws::Settings {
            provider: self.name.to_owned(),
            region: places.region.clone(),
            profile: self.entry.profile.clone(),
            access_key: self.written_access_key().or_else(|| self.access_key_of_environment()),
            has_key: false,
        }
    }

    fn written_access_key(&self) -> Option<aws::AccessKey> {
        let entry = self.entry;
        Some(aws::AccessKey {
            id: entry.aws_access_key_id.clone()?,
            secret: entry.aws_secret_access_key.clone()?,
            token: entry.aws_session_token.clone(),
            place: format!("aws_access_key_id in [providers.{}]", self.name),
        })
    }

    /// A profile that the configuration names comes before them, as for AWS's own tools.
    fn access_key_of_environment(&self) -> Option<aws::AccessKey> {
        let variable = |name| self.environment.get(name).filter(|_| self.entry.profile.is_none());
        Some(aws::AccessKey {
            id: variable("AWS_ACCESS_KEY_ID")?.trim().to_owned(),
            secret: Secret::new(variable("AWS_SECRET_ACCESS_KEY")?),
            token: variable("AWS_SESSION_TOKEN").map(Secret::new),
            place: "AWS_ACCESS_KEY_ID".to_owned(),
        })
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
