//! A request as a command that sends it again.

use super::SentRequest;
use crate::auth::MASK;

/// The command: a line for each option, `$VARIABLE` in the place of the key.
pub fn command(request: &SentRequest) -> String {
    let mut lines = vec![format!("curl -N -X {} {}", request.method, quoted(&request.url))];
    lines.extend(request.headers.iter().map(|(name, value)| header(name, value, &request.variable)));
    if !request.body.is_empty() {
        lines.push(format!("--data-raw {}", quoted(&request.body)));
    }
    lines.join(" \\\n  ")
}

fn header(name: &str, value: &str, variable: &str) -> String {
    let header = format!("{name}: {value}");
    if !value.contains(MASK) {
        return format!("-H {}", quoted(&header));
    }
    let parts: Vec<_> = header.split(MASK).map(in_double_quotes).collect();
    format!("-H \"{}\"", parts.join(&format!("${{{variable}}}")))
}

/// In single quotes nothing has a meaning but the quote itself (POSIX, 2.2.2).
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// In double quotes a few characters keep their meaning (POSIX, 2.2.3).
fn in_double_quotes(text: &str) -> String {
    let escaped = |letter: char| match letter {
        '$' | '`' | '"' | '\\' => vec!['\\', letter],
        letter => vec![letter],
    };
    text.chars().flat_map(escaped).collect()
}
