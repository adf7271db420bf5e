//! The metadata server of Google's own machines: <https://cloud.google.com/compute/docs/metadata/overview>. A token is
//! one GET away, so no crate is needed for it.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Response};

use super::exchange::{self, Token};
use crate::wire::{ErrorKind, ModelError};

/// Google's own server, by its number: its name is known to Google's machines alone, and asking for it may take long.
const HOST: &str = "169.254.169.254";
/// The header by which the server and who asks it know each other.
const FLAVOR: &str = "metadata-flavor";
/// It is on the machine itself: who doesn't answer by then is not there.
const CONNECT: Duration = Duration::from_secs(3);

/// A metadata server.
pub struct Metadata {
    host: String,
    client: Client,
}

impl Metadata {
    /// The server at this host, or Google's own. No proxy can reach it, so it has a client of its own.
    ///
    /// # Errors
    /// The client can't be made.
    pub fn at(host: Option<&str>) -> Result<Self, ModelError> {
        let client = Client::builder().no_proxy().redirect(Policy::none()).connect_timeout(CONNECT).build();
        let client = client.map_err(|error| exchange::unanswered("the metadata server", error))?;
        Ok(Self { host: host.unwrap_or(HOST).to_owned(), client })
    }

    /// A token of the machine's own account.
    ///
    /// # Errors
    /// Nobody is there, or no token was given.
    pub async fn token(&self) -> Result<Token, ModelError> {
        let answer = self.get("instance/service-accounts/default/token").await?;
        let (status, place) = (answer.status(), self.place());
        if !status.is_success() {
            let message = format!("{place} gave no token ({status})");
            return Err(ModelError::new(ErrorKind::Auth, message).with_hint("has this machine a service account?"));
        }
        exchange::granted(&exchange::text(answer, &place).await?).ok_or_else(|| exchange::no_token(&place, status))
    }

    /// The machine's project, where there is one.
    pub async fn project(&self) -> Option<String> {
        let answer = self.get("project/project-id").await.ok()?.error_for_status().ok()?;
        let project = answer.text().await.ok()?.trim().to_owned();
        (!project.is_empty()).then_some(project)
    }

    async fn get(&self, what: &str) -> Result<Response, ModelError> {
        let request = self.client.get(format!("http://{}/computeMetadata/v1/{what}", self.host));
        let sent = request.header(FLAVOR, "Google").timeout(exchange::PATIENCE).send().await;
        let answer = sent.map_err(|error| exchange::unanswered(&self.place(), error))?;
        // Other clouds have servers at the same number.
        if !answer.status().is_success() && answer.headers().get(FLAVOR).is_none_or(|flavor| flavor != "Google") {
            let message = format!("what answers at {} is no metadata server of Google's", self.host);
            return Err(ModelError::new(ErrorKind::Connect, message));
        }
        Ok(answer)
    }

    fn place(&self) -> String {
        format!("Google's metadata server ({})", self.host)
    }
}
