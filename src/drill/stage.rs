//! Where a chain's members go while they are drilled: to loopback, with nothing of the user's secrets.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::Fault;
use crate::auth::{Address, Places};
use crate::catalog::InterfaceKind;
use crate::config::ResolvedProvider;
use crate::model::{Member, Model, ModelError, Registry};

/// The longest wait for a server that plays silence, which never says anything however long one waits.
const PATIENCE: Duration = Duration::from_millis(500);
/// What stands in an address for a region or a project that nobody told.
const SOMEWHERE: &str = "drill";
/// What answers in the place of a member that is asked over no network: at once, and never with a fault.
const STAND_IN: &str = "stand-in,ttft=0,rate=0,text=All is well.";

/// The members of the model of that name, in the order in which they are asked. Nothing is connected or run.
///
/// # Errors
/// As [`Registry::model`], but for missing keys.
pub fn members(registry: &Registry, name: &str) -> Result<Vec<Member>, ModelError> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let inbox = Arc::clone(&seen);
    let noting = registry.redirected(move |member| {
        inbox.lock().unwrap_or_else(PoisonError::into_inner).push(member.clone());
        stand_in(member)
    });
    noting.model(name)?;
    Ok(std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner)))
}

/// The model of that name with its members at these base URLs, each with what its server plays.
///
/// # Errors
/// As [`members`].
pub fn model(
    registry: &Registry,
    name: &str,
    places: Vec<(String, Option<Fault>)>,
) -> Result<Arc<dyn Model>, ModelError> {
    let next = AtomicUsize::new(0);
    let staged = registry.redirected(move |member| match places.get(next.fetch_add(1, Ordering::Relaxed)) {
        Some((url, fault)) if is_drilled(&member) => at(member, url, *fault),
        _ => stand_in(member),
    });
    staged.model(name)
}

/// Whether a member can be drilled: only what is asked over HTTP has a server that can fail.
pub fn is_drilled(member: &Member) -> bool {
    member.provider.interface.is_http()
}

/// How long the user's own limits let the member be silent, before the first byte of its answer.
pub fn patience(member: &Member) -> Duration {
    let first_byte = member.provider.limits.first_byte;
    member.limit().map_or(first_byte, |limit| limit.min(first_byte))
}

/// The member at that base URL: without key, login, headers of the user's own, proxy and certificates.
fn at(member: Member, url: &str, fault: Option<Fault>) -> Member {
    let Places { region, project } = member.provider.places;
    let somewhere = |place: Option<String>| place.or_else(|| Some(SOMEWHERE.to_owned()));
    let provider = ResolvedProvider {
        base_url: Address::new(url),
        base_url_source: "the drill".to_owned(),
        places: Places { region: somewhere(region), project: somewhere(project) },
        key: None,
        sign_in: None,
        missing_key: None,
        headers: Vec::new(),
        proxy: None,
        direct: true,
        ca_file: None,
        http_version: None,
        ..member.provider
    };
    let member = Member { provider, ..member };
    if fault == Some(Fault::Timeout) { impatient(member) } else { member }
}

/// The same member, for whose silence nobody waits long. Of its limits the one that would pass first still does.
fn impatient(mut member: Member) -> Member {
    let short = patience(&member).min(PATIENCE);
    match member.limit() {
        Some(limit) if limit <= member.provider.limits.first_byte => {
            member.settings.timeout = Some(short.as_secs_f64());
        }
        _ => member.provider.limits.first_byte = short,
    }
    member
}

fn stand_in(mut member: Member) -> Member {
    member.provider.interface = InterfaceKind::Test;
    Member { model: STAND_IN.to_owned(), ..member }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Environment};
    use crate::settings::Settings;

    fn member(total: Option<f64>, first_byte: u64) -> Member {
        let environment = Environment::from([("OPENAI_API_KEY", "sk-secret"), ("OPENAI_ORG_ID", "org")]);
        let mut provider = Config::default().provider("openai", &environment).expect("built in");
        provider.limits.first_byte = Duration::from_secs(first_byte);
        let settings = Settings { timeout: total, ..Settings::default() };
        Member { id: "a".to_owned(), model: "m".to_owned(), provider, settings }
    }

    #[test]
    fn nothing_secret_goes_to_the_drill() {
        let provider = at(member(None, 600), "http://127.0.0.1:1/0", None).provider;
        let told = (provider.base_url.expose(), provider.key, provider.sign_in, provider.headers, provider.direct);
        assert_eq!(told, ("http://127.0.0.1:1/0", None, None, Vec::new(), true));
    }

    #[test]
    fn the_limit_that_passes_first_still_does() {
        let table = [
            (None, 600, Some(Fault::Timeout), (None, 500)),
            (Some(30.0), 600, Some(Fault::Timeout), (Some(0.5), 600_000)),
            (Some(900.0), 600, Some(Fault::Timeout), (Some(900.0), 500)),
            (Some(0.2), 600, Some(Fault::Timeout), (Some(0.2), 600_000)),
            (None, 600, Some(Fault::Broken), (None, 600_000)),
            (Some(30.0), 600, None, (Some(30.0), 600_000)),
        ];
        for (total, first_byte, fault, expected) in table {
            let drilled = at(member(total, first_byte), "http://127.0.0.1:1/0", fault);
            let limits = (drilled.settings.timeout, drilled.provider.limits.first_byte.as_millis());
            assert_eq!(limits, expected, "{total:?}, {first_byte}, {fault:?}");
        }
    }
}
