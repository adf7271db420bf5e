//! A failure in plain words: what happened, what to do, and what the provider itself said.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use serde_json::Value;

use crate::model::{ErrorKind, ModelError};
use crate::tui::view::scene::Scene;
use crate::tui::view::text::{Indent, clean, wrap};

/// Characters and rows of the provider's own words that are shown.
const OWN_WORDS: (usize, usize) = (800, 8);

/// Failures of a chain that are told one by one.
const CHAIN: usize = 6;

/// The failure in rows.
pub fn lines(scene: &Scene<'_>, error: Option<&ModelError>, columns: usize) -> Vec<Line<'static>> {
    let theme = scene.theme;
    let Some(error) = error else {
        return paragraph("✗ ", "It failed, and nothing was told of the cause.", theme.error, columns);
    };
    let mut lines = paragraph("✗ ", &headline(error), theme.error, columns);
    for cause in error.errors.iter().take(CHAIN) {
        lines.extend(paragraph("  • ", &headline(cause), theme.text, columns));
    }
    if let Some(hint) = &error.hint {
        lines.extend(paragraph("→ ", &clean(hint), theme.text, columns));
    }
    if let Some(words) = own_words(error) {
        lines.push(Line::default());
        let bar = Indent::bar(theme.border);
        let words = words.lines().filter(|line| !line.trim().is_empty());
        let rows = words.flat_map(|line| wrap(&[(clean(line).into_owned(), theme.dim)], &bar, columns));
        lines.extend(rows.take(OWN_WORDS.1));
    }
    lines
}

fn paragraph(lead: &'static str, text: &str, style: Style, columns: usize) -> Vec<Line<'static>> {
    let blank = " ".repeat(lead.chars().count());
    let indent = Indent { first: vec![Span::styled(lead, style)], rest: vec![Span::raw(blank)] };
    let near: String = text.chars().take(OWN_WORDS.0).collect();
    wrap(&[(near, style)], &indent, columns)
}

/// What happened, in one sentence.
#[must_use]
pub fn headline(error: &ModelError) -> String {
    let told = || {
        let text = clean(&error.message).into_owned();
        // A name is written as it is; a word begins the sentence.
        if text.split_whitespace().next().is_some_and(|word| word.contains([':', '_', '='])) {
            return text;
        }
        let mut letters = text.chars();
        letters.next().map_or(text.clone(), |first| first.to_uppercase().chain(letters).collect())
    };
    match (error.kind, error.status) {
        (ErrorKind::Http, Some(status)) => format!("{} (HTTP {status}).", of_status(status)),
        (ErrorKind::FallbackExhausted, _) => "No model of the chain answered:".to_owned(),
        (ErrorKind::ContentFilter, _) => "The provider withheld the answer.".to_owned(),
        _ => told(),
    }
}

const fn of_status(status: u16) -> &'static str {
    match status {
        400 | 422 => "The provider did not accept the request",
        401 => "The provider did not accept the key",
        402 => "The provider asks for payment first",
        403 => "The provider does not allow this",
        404 => "The provider knows no such model or address",
        408 | 504 => "The provider took too long",
        413 => "The request is too long for the provider",
        429 => "Too many requests, or no quota left",
        503 | 529 => "The provider is overloaded",
        500.. => "The provider has a problem of its own",
        _ => "The provider refused the request",
    }
}

/// What the provider said: its message where its body has one, else the body; for a status without a body the
/// message, which then holds it.
fn own_words(error: &ModelError) -> Option<String> {
    let words = match &error.body {
        Some(body) => spoken(body).map_or_else(|| body.to_string(), str::to_owned),
        None if error.kind == ErrorKind::Http => error.message.clone(),
        None => return None,
    };
    let near: String = words.chars().take(OWN_WORDS.0).collect();
    Some(near).filter(|words| !words.trim().is_empty())
}

/// The sentence in a provider's error body, wherever the usual places are.
fn spoken(body: &Value) -> Option<&str> {
    let within = ["/error/message", "/error", "/message", "/detail", "/0/error/message"];
    body.as_str().or_else(|| within.iter().find_map(|place| body.pointer(place)?.as_str()))
}
