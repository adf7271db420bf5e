//! One session in the list.

use std::borrow::Cow;

use ratatui::text::{Line, Span};

use crate::session::{Entry, Summary};
use crate::tui::state::{Excerpt, SessionBrowser};
use crate::tui::view::figures::ago;
use crate::tui::view::scene::Scene;
use crate::tui::view::text::{clean_cut, width};

/// Columns of the age and of the number of turns.
const AGE: usize = 13;
const TURNS: usize = 10;
/// Columns from which on there is room for the models.
const ROOMY: usize = 50;

/// A session, or why it can't be read.
pub fn of(
    scene: &Scene<'_>,
    browser: &SessionBrowser,
    entry: &Entry,
    columns: usize,
    under_cursor: bool,
) -> Line<'static> {
    let mark = Span::styled(if under_cursor { "▸ " } else { "  " }, scene.theme.accent);
    let room = columns.saturating_sub(AGE + 2);
    let mut spans = vec![mark];
    match &entry.summary {
        Ok(session) => {
            let found = browser.found.as_ref().filter(|_| !browser.query().is_empty());
            let excerpt = found.and_then(|found| found.excerpts.get(&entry.path));
            spans.extend(summary(scene, session, excerpt, room));
        }
        Err(error) => {
            let told = clean_cut(&format!("✗ {error}"), room.saturating_sub(1));
            spans.push(Span::styled(filled(&told, room), scene.theme.error));
        }
    }
    spans.push(Span::styled(format!("{:>AGE$}", ago(entry.updated_at, scene.state.now)), scene.theme.dim));
    Line::from_iter(spans)
}

/// What people call it; of one that can't be read its file.
pub fn title(entry: &Entry) -> Cow<'_, str> {
    match &entry.summary {
        Ok(summary) if summary.title.trim().is_empty() => Cow::Borrowed("untitled"),
        Ok(summary) => Cow::Borrowed(summary.title.trim()),
        Err(_) => Cow::Borrowed(&entry.id),
    }
}

/// Title, models and turns; of what was found the title and where it stands.
fn summary(scene: &Scene<'_>, session: &Summary, excerpt: Option<&Excerpt>, room: usize) -> Vec<Span<'static>> {
    let title = if session.title.trim().is_empty() { "untitled" } else { session.title.trim() };
    let column = |text: &str, columns: usize| filled(&clean_cut(text, columns.saturating_sub(2)), columns);
    if let Some(Some((who, text))) = excerpt {
        let for_title = room / 3;
        let said = format!("{}: {text}", who.as_deref().map_or("asked", model_alone));
        return vec![
            Span::styled(column(title, for_title), scene.theme.text),
            Span::styled(column(&said, room - for_title), scene.theme.accent),
        ];
    }
    let turns = if session.turns == 1 { "1 turn".to_owned() } else { format!("{} turns", session.turns) };
    let room = room.saturating_sub(TURNS);
    let for_models = if room >= ROOMY { room / 2 } else { 0 };
    vec![
        Span::styled(column(title, room - for_models), scene.theme.text),
        Span::styled(column(&session.models.join(", "), for_models), scene.theme.dim),
        Span::styled(format!("{turns:>TURNS$}"), scene.theme.dim),
    ]
}

/// A model's name without its provider, where there is little room.
fn model_alone(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, model)| model)
}

fn filled(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}
