//! `[providers.NAME]`.

use std::path::{Path, PathBuf};

use toml::de::DeValue;

use super::table::{Table, Where, filled, integer};
use crate::auth::{Address, Secret, ServiceAccount};
use crate::catalog::{self, InterfaceKind, Provider, closest};
use crate::config::{ApiKey, HttpVersion, ProviderEntry};

/// What each provider may have.
const KEYS: [&str; 27] = [
    "api_key",
    "base_url",
    "interface",
    "headers",
    "organization",
    "project",
    "azure_endpoint",
    "azure_ad_token",
    "api_version",
    "region",
    "profile",
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "project_id",
    "service_account_file",
    "service_account_info",
    "command",
    "connect_timeout",
    "first_byte_timeout",
    "idle_timeout",
    "timeout",
    "retries",
    "proxy",
    "ca_file",
    "http_version",
    "concurrency",
];

/// Those of them that are secrets, besides keys that are written down.
const SECRETS: [&str; 3] = ["aws_secret_access_key", "aws_session_token", "service_account_info"];

/// The interfaces by their own names; a built-in provider's name stands for its way of speaking one.
const INTERFACES: [&str; 8] =
    ["openai", "openai-responses", "anthropic", "gemini", "mistral", "cohere", "bedrock", "command"];

const KEY_FORMS: &str =
    "a string that is not empty, { env = \"VARIABLE\" } or { command = [\"program\", \"argument\"] }";

/// Reads a provider. `folder` is where the file is: relative paths start there.
pub fn provider(name: &str, table: &Table<'_>, folder: &Path) -> ProviderEntry {
    let place = &format!("in [providers.{name}]")[..];
    table.only(place, &KEYS);
    let secret = |key| table.hiding().string(place, key).map(|text| Secret::new(&text));
    let entry = ProviderEntry {
        interface: interface(table, place),
        api_key: key(table, place, "api_key"),
        base_url: address(table, place, "base_url"),
        azure_endpoint: address(table, place, "azure_endpoint"),
        azure_ad_token: key(table, place, "azure_ad_token"),
        api_version: table.string(place, "api_version"),
        region: region(table, place),
        profile: table.string(place, "profile"),
        aws_access_key_id: table.string(place, "aws_access_key_id"),
        aws_secret_access_key: secret("aws_secret_access_key"),
        aws_session_token: secret("aws_session_token"),
        project_id: table.string(place, "project_id"),
        service_account: service_account(table, place, folder),
        command: command(table, place),
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
        http_version: table.read(place, "http_version", "\"1.1\" or \"2\"", |value| match value.as_str()? {
            "1.1" => Some(HttpVersion::Http1),
            "2" => Some(HttpVersion::Http2),
            _ => None,
        }),
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
    ["api_key", "azure_ad_token"].iter().any(|key| table.get(key).is_some_and(literal))
        || SECRETS.iter().any(|key| table.get(key).is_some())
}

/// A path as written: `~/` is the home folder, a relative one starts where the file is.
pub fn under(folder: &Path, path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), dirs::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => folder.join(path),
    }
}

/// A provider that isn't built in must say how and where it is reached.
fn check_whole(name: &str, table: &Table<'_>, place: Where<'_>, entry: &ProviderEntry) {
    check_pairs(table, place);
    let is_program = entry.interface.is_some_and(|row| row.interface == InterfaceKind::Command);
    if is_program && entry.command.is_none() && table.get("command").is_none() {
        return table.source.problem(table.at, format!("command lacking {place}: the program and its arguments"));
    }
    if catalog::provider(name).is_some() || is_program {
        return;
    }
    let needs_address = entry.interface.is_none_or(|row| row.sign_in.is_none());
    let has_address = ["base_url", "azure_endpoint"].iter().any(|key| table.get(key).is_some());
    let lacks_interface = table.get("interface").is_none().then_some("interface");
    let lacks_address = (needs_address && !has_address).then_some("base_url");
    let lacks: Vec<_> = lacks_interface.into_iter().chain(lacks_address).collect();
    if !lacks.is_empty() {
        let guess = closest(name, catalog::providers().iter().map(|row| row.name.as_str()));
        let guess = guess.map(|guess| format!(" (did you mean {guess:?}?)")).unwrap_or_default();
        let what = format!("{} lacking {place}: {name:?} is no built-in provider{guess}", lacks.join(" and "));
        table.source.problem(table.at, what);
    }
}

/// Keys of which one makes no sense without the other, or beside it.
fn check_pairs(table: &Table<'_>, place: Where<'_>) {
    for (one, other) in [("aws_access_key_id", "aws_secret_access_key"), ("aws_secret_access_key", "aws_access_key_id")]
    {
        if let (Some((at, _)), None) = (table.get(one), table.get(other)) {
            table.source.problem(at, format!("{one} {place} needs {other} beside it"));
        }
    }
    let exclusive = [
        ("service_account_file", "service_account_info"),
        ("base_url", "azure_endpoint"),
        ("api_key", "azure_ad_token"),
    ];
    for (one, other) in exclusive {
        if let (Some(_), Some((at, _))) = (table.get(one), table.get(other)) {
            table.source.problem(at, format!("{one} and {other} {place} exclude each other"));
        }
    }
}

/// The interface by its name, or by that of a built-in provider that speaks it.
fn interface(table: &Table<'_>, place: Where<'_>) -> Option<&'static Provider> {
    let (_, value) = table.get("interface")?;
    let name = table.string(place, "interface")?;
    let speaks = if name == "gemini" { "google-gla" } else { &name };
    let offline = [InterfaceKind::Test, InterfaceKind::Recorded];
    if let Some(row) = catalog::provider(speaks).filter(|row| !offline.contains(&row.interface)) {
        return Some(row);
    }
    let at = value.span().start;
    let remedy = closest(&name, INTERFACES)
        .map_or_else(|| format!("; known are {}", INTERFACES.join(", ")), |known| format!(", did you mean {known:?}?"));
    table.source.problem(at, format!("unknown interface {name:?} {place}{remedy}"));
    None
}

fn key(table: &Table<'_>, place: Where<'_>, name: &str) -> Option<ApiKey> {
    let (_, value) = table.get(name)?;
    let at = value.span().start;
    if let Some(form) = value.get_ref().as_table() {
        if form.contains_key("keyring") {
            table
                .source
                .problem(at, format!("{name} {place}: keyring is not supported in this build, use env or command"));
            return None;
        }
        let form = Table { entries: form, at, ..*table };
        if !form.only(&format!("in {name} {place}"), &["env", "command"]) {
            return None;
        }
    }
    table.hiding().read(place, name, KEY_FORMS, key_form)
}

fn region(table: &Table<'_>, place: Where<'_>) -> Option<String> {
    table.read(place, "region", "a region such as \"europe-west4\" or \"us-east-1\"", |value| {
        let is_region = |text: &String| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        filled(value).filter(is_region)
    })
}

fn service_account(table: &Table<'_>, place: Where<'_>, folder: &Path) -> Option<ServiceAccount> {
    if let Some(path) = table.string(place, "service_account_file") {
        return Some(ServiceAccount::File(under(folder, &path)));
    }
    let forms = "the object of the account's file, as a table or as JSON text";
    let info = table.hiding().read(place, "service_account_info", forms, |value| {
        let info = match value.as_str() {
            Some(text) => serde_json::from_str(text).ok()?,
            None => super::settings::json(value)?,
        };
        info.is_object().then(|| info.to_string())
    });
    info.map(|info| ServiceAccount::Info(Secret::new(&info)))
}

fn command(table: &Table<'_>, place: Where<'_>) -> Option<Vec<String>> {
    table.read(place, "command", "a list: the program and its arguments", |value| words(value))
}

/// A command: a program that has a name, and its arguments.
fn words(value: &DeValue<'_>) -> Option<Vec<String>> {
    let words: Vec<String> = value.as_array()?.iter().map(|word| text(word.get_ref())).collect::<Option<_>>()?;
    words.first().is_some_and(|program| !program.is_empty()).then_some(words)
}

fn key_form(value: &DeValue<'_>) -> Option<ApiKey> {
    if let Some(key) = filled(value) {
        return Some(ApiKey::Literal(Secret::new(&key)));
    }
    let form = value.as_table()?;
    match (form.get("env"), form.get("command")) {
        (Some(variable), None) => filled(variable.get_ref()).map(ApiKey::Variable),
        (None, Some(command)) => words(command.get_ref()).map(ApiKey::Command),
        _ => None,
    }
}

fn text(value: &DeValue<'_>) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn address(table: &Table<'_>, place: Where<'_>, name: &str) -> Option<Address> {
    let is_address = |url: &str| {
        let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
        rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/')) && !url.contains(char::is_whitespace)
    };
    table.hiding().read(place, name, "an address such as \"https://host/v1\"", |value| {
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
