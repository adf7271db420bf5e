//! `[providers.NAME]`.

use std::path::{Path, PathBuf};

use toml::de::DeValue;

use super::table::{Table, Where, filled, integer};
use crate::auth::{Address, Secret};
use crate::catalog::{self, InterfaceKind, closest};
use crate::config::{ApiKey, InterfaceChoice, ProviderEntry};

/// What each provider may have.
const KEYS: [&str; 14] = [
    "api_key",
    "base_url",
    "interface",
    "headers",
    "organization",
    "project",
    "connect_timeout",
    "first_byte_timeout",
    "idle_timeout",
    "timeout",
    "retries",
    "proxy",
    "ca_file",
    "concurrency",
];

/// Keys of providers that this version doesn't have yet: a file that holds them can be loaded.
const LATER: [&str; 11] = [
    "region",
    "profile",
    "project_id",
    "service_account_file",
    "service_account_info",
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "azure_endpoint",
    "api_version",
    "command",
];

/// Those of them that are secrets.
const SECRETS: [&str; 3] = ["aws_secret_access_key", "aws_session_token", "service_account_info"];

const KEY_FORMS: &str =
    "a string that is not empty, { env = \"VARIABLE\" } or { command = [\"program\", \"argument\"] }";

/// Reads a provider. `folder` is where the file is: relative paths start there.
pub fn provider(name: &str, table: &Table<'_>, folder: &Path) -> ProviderEntry {
    let place = &format!("in [providers.{name}]")[..];
    let known: Vec<_> = KEYS.into_iter().chain(LATER).collect();
    table.only(place, &known);
    warn_of_later_keys(table, place);
    let entry = ProviderEntry {
        interface: interface(table, place),
        api_key: api_key(table, place),
        base_url: base_url(table, place),
        headers: headers(table, place),
        organization: table.string(place, "organization"),
        project: table.string(place, "project"),
        connect_timeout: table.seconds(place, "connect_timeout"),
        first_byte_timeout: table.seconds(place, "first_byte_timeout"),
        idle_timeout: table.seconds(place, "idle_timeout"),
        timeout: table.seconds(place, "timeout"),
        retries: table.whole(place, "retries", "a whole number from 0"),
        proxy: table.hiding().string(place, "proxy").map(Address::new),
        ca_file: table.string(place, "ca_file").map(|path| under(folder, &path)),
        concurrency: table.read(place, "concurrency", "a whole number above 0", |value| {
            usize::try_from(integer(value)?).ok().filter(|lanes| *lanes > 0)
        }),
    };
    check_whole(name, table, place, &entry);
    entry
}

/// Whether the table holds a secret itself, for all who can read the file.
pub fn holds_secret(table: &Table<'_>) -> bool {
    let literal = |(_, value): (_, &toml::Spanned<DeValue<'_>>)| value.get_ref().as_str().is_some();
    table.get("api_key").is_some_and(literal) || SECRETS.iter().any(|key| table.get(key).is_some())
}

/// A path as written: `~/` is the home folder, a relative one starts where the file is.
pub fn under(folder: &Path, path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), dirs::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => folder.join(path),
    }
}

fn warn_of_later_keys(table: &Table<'_>, place: Where<'_>) {
    for key in LATER {
        if let Some((at, _)) = table.get(key) {
            table.source.warning(at, format!("{key} {place} is not used by this version yet"));
        }
    }
}

/// A provider that isn't built in must say how and where it is reached.
fn check_whole(name: &str, table: &Table<'_>, place: Where<'_>, entry: &ProviderEntry) {
    if catalog::provider(name).is_some() || matches!(entry.interface, Some(InterfaceChoice::Planned(_))) {
        return;
    }
    if catalog::is_planned(name) && entry.interface.is_none() {
        let what = format!("provider {name} is not built into this version yet");
        return table.source.warning(table.at, what);
    }
    let lacks = ["interface", "base_url"].into_iter().filter(|key| table.get(key).is_none()).collect::<Vec<_>>();
    if !lacks.is_empty() {
        let guess = closest(name, catalog::providers().iter().map(|row| row.name.as_str()));
        let guess = guess.map(|guess| format!(" (did you mean {guess:?}?)")).unwrap_or_default();
        let what = format!("{} lacking {place}: {name:?} is no built-in provider{guess}", lacks.join(" and "));
        table.source.problem(table.at, what);
    }
}

/// The interface by its name, or by that of a built-in provider that speaks it.
fn interface(table: &Table<'_>, place: Where<'_>) -> Option<InterfaceChoice> {
    let (_, value) = table.get("interface")?;
    let name = table.string(place, "interface")?;
    let named = InterfaceKind::NAMES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind);
    let of_provider = || catalog::provider(&name).map(|row| row.interface).filter(|kind| *kind != InterfaceKind::Test);
    if let Some(kind) = named.or_else(of_provider) {
        return Some(InterfaceChoice::Built(kind));
    }
    let at = value.span().start;
    if InterfaceKind::PLANNED.contains(&name.as_str()) || catalog::is_planned(&name) {
        table.source.warning(at, format!("interface {name:?} {place} is not built into this version yet"));
        return Some(InterfaceChoice::Planned(name));
    }
    let known = InterfaceKind::NAMES.map(|(known, _)| known);
    let remedy = closest(&name, known)
        .map_or_else(|| format!("; known are {}", known.join(", ")), |known| format!(", did you mean {known:?}?"));
    table.source.problem(at, format!("unknown interface {name:?} {place}{remedy}"));
    None
}

fn api_key(table: &Table<'_>, place: Where<'_>) -> Option<ApiKey> {
    let (_, value) = table.get("api_key")?;
    let at = value.span().start;
    if let Some(form) = value.get_ref().as_table() {
        if form.contains_key("keyring") {
            table
                .source
                .problem(at, format!("api_key {place}: keyring is not supported in this build, use env or command"));
            return None;
        }
        let form = Table { entries: form, at, ..*table };
        if !form.only(&format!("in api_key {place}"), &["env", "command"]) {
            return None;
        }
    }
    table.hiding().read(place, "api_key", KEY_FORMS, key_form)
}

fn key_form(value: &DeValue<'_>) -> Option<ApiKey> {
    if let Some(key) = filled(value) {
        return Some(ApiKey::Literal(Secret::new(&key)));
    }
    let form = value.as_table()?;
    match (form.get("env"), form.get("command")) {
        (Some(variable), None) => filled(variable.get_ref()).map(ApiKey::Variable),
        (None, Some(command)) => {
            let words: Vec<_> =
                command.get_ref().as_array()?.iter().map(|word| text(word.get_ref())).collect::<Option<_>>()?;
            words.first().is_some_and(|program| !program.is_empty()).then_some(ApiKey::Command(words))
        }
        _ => None,
    }
}

fn text(value: &DeValue<'_>) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn base_url(table: &Table<'_>, place: Where<'_>) -> Option<Address> {
    let is_address = |url: &str| {
        let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
        rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/')) && !url.contains(char::is_whitespace)
    };
    table.hiding().read(place, "base_url", "an address such as \"https://host/v1\"", |value| {
        filled(value).map(|url| url.trim().to_owned()).filter(|url| is_address(url)).map(Address::new)
    })
}

fn headers(table: &Table<'_>, place: Where<'_>) -> Vec<(String, Secret)> {
    let Some(headers) = table.table(place, "headers") else { return Vec::new() };
    let place = format!("in headers {place}");
    let one = |(name, value): (&toml::Spanned<std::borrow::Cow<'_, str>>, &toml::Spanned<DeValue<'_>>)| {
        let at = name.span().start;
        let name = name.get_ref().as_ref();
        let text = headers.hiding().read(&place, name, "a string", text)?;
        if !is_header_name(name) {
            headers.source.problem(at, format!("{name:?} {place} is no name of a header: letters, digits and - only"));
        } else if text.chars().any(|c| c.is_control() && c != '\t') {
            headers.source.problem(value.span().start, format!("{name} {place} holds a character that no header may"));
        }
        Some((name.to_owned(), Secret::new(&text)))
    };
    headers.entries.iter().filter_map(one).collect()
}

/// RFC 9110, 5.1: a token.
fn is_header_name(name: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_token)
}
