//! Which credentials there are, and the token and the project they give.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use reqwest::Client;
use serde_json::Value;

use super::account::Account;
use super::exchange::{Token, exchange};
use super::library::Library;
use super::metadata::Metadata;
use super::user::User;
use super::{ServiceAccount, Settings};
use crate::wire::{ErrorKind, ModelError};

/// What tokens are asked for: all of the cloud that the account may use.
pub const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";

/// Credentials that were found.
pub struct Credentials {
    kind: Kind,
    /// Where they stand, for people.
    place: String,
    /// The project that their use is billed to, if they name one.
    pub quota_project: Option<String>,
}

enum Kind {
    Account(Account),
    User(User),
    Library(Library),
    Metadata(Metadata),
}

impl Credentials {
    /// Finds them: the account that was told, else what Google's own tools would use.
    ///
    /// # Errors
    /// There are none, or some that can't be used.
    pub fn find(settings: &Settings) -> Result<Self, ModelError> {
        let found = match (&settings.service_account, &settings.defaults.file, settings.defaults.gcloud_file()) {
            (Some(ServiceAccount::File(path)), ..) => {
                Self::account(&file(path, "service_account_file names")?, &shown(path))
            }
            (Some(ServiceAccount::Info(json)), ..) => {
                let place = format!("service_account_info in [providers.{}]", settings.provider);
                Self::account(&parsed(json.expose(), &place)?, &place)
            }
            (None, Some(path), _) => Self::any(&file(path, "GOOGLE_APPLICATION_CREDENTIALS names")?, &shown(path)),
            (None, None, Some(path)) if path.is_file() => {
                Self::any(&file(&path, "gcloud's credentials are in")?, &shown(&path))
            }
            (None, None, _) => Self::of_machine(settings),
        };
        let billed = settings.defaults.quota_project.clone();
        found.map(|found| Self { quota_project: billed.or(found.quota_project), ..found })
    }

    /// A service account and nothing else.
    fn account(json: &Value, place: &str) -> Result<Self, ModelError> {
        match json["type"].as_str() {
            Some("service_account") | None => Self::of(json, place, Kind::Account(Account::read(json, place)?)),
            Some(other) => Err(unusable(place, &format!("they are of the type {other:?}, not a service account's"))
                .with_hint("for these set GOOGLE_APPLICATION_CREDENTIALS instead of service_account_file")),
        }
    }

    /// Credentials of any type: <https://google.aip.dev/auth/4110>.
    fn any(json: &Value, place: &str) -> Result<Self, ModelError> {
        let kind = match field(json, "type", place)?.as_str() {
            "service_account" => Kind::Account(Account::read(json, place)?),
            "authorized_user" => Kind::User(User::read(json, place)?),
            "external_account" => Kind::Library(Library::external(json, place)?),
            "impersonated_service_account" => Kind::Library(Library::impersonated(json, place)?),
            other => {
                let types = "service_account, authorized_user, external_account, impersonated_service_account";
                return Err(unusable(place, &format!("their type {other:?} is none of {types}")));
            }
        };
        Self::of(json, place, kind)
    }

    #[allow(clippy::unnecessary_wraps)] // As all that find credentials.
    fn of(json: &Value, place: &str, kind: Kind) -> Result<Self, ModelError> {
        let quota_project = json["quota_project_id"].as_str().map(str::to_owned);
        Ok(Self { kind, place: place.to_owned(), quota_project })
    }

    fn of_machine(settings: &Settings) -> Result<Self, ModelError> {
        let defaults = &settings.defaults;
        if defaults.no_metadata {
            return Err(none(&settings.provider));
        }
        let kind = Kind::Metadata(Metadata::at(defaults.metadata_host.as_deref())?);
        Ok(Self { kind, place: "the metadata server".to_owned(), quota_project: None })
    }

    /// A new token.
    ///
    /// # Errors
    /// None was given; without any credentials: what to do.
    pub async fn token(&self, client: &Client, settings: &Settings) -> Result<Token, ModelError> {
        let place = &self.place;
        match &self.kind {
            Kind::Account(account) => {
                let form = account.form(Timestamp::now().as_second(), place)?;
                exchange(client, &account.token_uri, &form, &format!("the service account in {place}")).await
            }
            Kind::User(user) => exchange(client, &user.token_uri, &user.form(), &format!("the user in {place}")).await,
            Kind::Library(library) => library.token(place).await,
            Kind::Metadata(metadata) => metadata.token().await.map_err(|error| match error.kind {
                // Nobody is there: this is no machine of Google's.
                ErrorKind::Connect | ErrorKind::Timeout if settings.defaults.metadata_host.is_none() => {
                    none(&settings.provider)
                }
                _ => error,
            }),
        }
    }

    /// The project: the account's own, gcloud's, the one that is billed, or the machine's.
    pub async fn project(&self, settings: &Settings) -> Option<String> {
        match &self.kind {
            Kind::Account(Account { project: Some(project), .. }) => Some(project.clone()),
            Kind::Metadata(metadata) => metadata.project().await,
            _ => settings.defaults.gcloud_project().or_else(|| self.quota_project.clone()),
        }
    }

    /// Whether the project that was told may be used with these credentials.
    ///
    /// # Errors
    /// The configuration names another project than the service account's.
    pub fn check_project(&self, settings: &Settings) -> Result<(), ModelError> {
        let (Some(told), Kind::Account(Account { project: Some(own), .. })) = (&settings.project, &self.kind) else {
            return Ok(());
        };
        if !told.must_match || told.id == *own {
            return Ok(());
        }
        let message =
            format!("{} is {:?}, but the service account in {} is of {own:?}", told.place, told.id, self.place);
        Err(ModelError::new(ErrorKind::Config, message)
            .with_hint("leave project_id out, or name the account's project"))
    }
}

/// A field that is a text.
///
/// # Errors
/// It is missing, empty or no text.
pub fn field(credentials: &Value, name: &str, place: &str) -> Result<String, ModelError> {
    let text = credentials[name].as_str().filter(|text| !text.trim().is_empty());
    text.map(str::to_owned).ok_or_else(|| unusable(place, &format!("they lack the field {name:?}")))
}

/// Credentials that can't be used.
pub fn unusable(place: &str, why: &str) -> ModelError {
    ModelError::new(ErrorKind::Auth, format!("the Google credentials in {place} can't be used: {why}"))
}

/// No credentials at all.
fn none(provider: &str) -> ModelError {
    ModelError::new(ErrorKind::Auth, format!("no Google credentials for {provider}")).with_hint(format!(
        "run `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS, or service_account_file in \
         [providers.{provider}]"
    ))
}

fn file(path: &Path, named: &str) -> Result<Value, ModelError> {
    let text = fs::read_to_string(path).map_err(|error| {
        ModelError::new(ErrorKind::Auth, format!("{named} {}, which can't be read: {error}", path.display()))
    })?;
    parsed(&text, &shown(path))
}

fn parsed(text: &str, place: &str) -> Result<Value, ModelError> {
    let json: Option<Value> = serde_json::from_str(text).ok();
    json.filter(Value::is_object).ok_or_else(|| unusable(place, "they are no JSON object"))
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
