//! The saved sessions, newest first, or those that were searched for.

mod export;
mod line;

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{first_visible, open, typed};
use crate::tui::Action;
use crate::tui::keymap::Context;
use crate::tui::metrics::Metrics;
use crate::tui::state::{BrowserMode, SessionBrowser};
use crate::tui::view::figures::grouped;
use crate::tui::view::scene::{Scene, row};
use crate::tui::view::text::{Indent, clean, clean_cut, cut, width, wrap};

/// Draws what is searched for, the list, and what can be brought back.
pub fn draw(scene: &mut Scene<'_>, metrics: &mut Metrics, area: Rect, browser: &SessionBrowser) {
    if let BrowserMode::Export(entry, cursor) = &browser.mode {
        return export::draw(scene, metrics, area, entry, *cursor);
    }
    let inner = open(scene, area, "Sessions", 110, 26);
    head(scene, browser, row(inner, 0));
    let foot = browser.aside.last().map(|_| 1);
    let list =
        Rect { y: inner.y + 2.min(inner.height), height: inner.height.saturating_sub(2 + foot.unwrap_or(0)), ..inner };
    rows(scene, metrics, browser, list);
    if foot.is_some() {
        let line = deleted(scene, browser, usize::from(inner.width));
        scene.line(Rect { y: inner.bottom().saturating_sub(1), height: inner.height.min(1), ..inner }, &line);
    }
}

/// What is typed: a search, or a title.
fn head(scene: &mut Scene<'_>, browser: &SessionBrowser, area: Rect) {
    if let BrowserMode::Rename(_, title) = &browser.mode {
        let what = Span::styled("Title  ", scene.theme.heading);
        let columns = (width(&what.content) as u16).min(area.width);
        scene.line(area, &Line::from(what));
        let place = Rect { x: area.x + columns, width: area.width - columns, ..area };
        return typed(scene, title, "what people call it", "", place);
    }
    let total = browser.listed().len();
    let count = match (browser.is_searching(), browser.query().is_empty()) {
        _ if browser.sessions.is_none() => String::new(),
        (true, _) => format!("{} searching", scene.spinner()),
        (false, true) if total == 1 => "1 session".to_owned(),
        (false, true) => format!("{} sessions", grouped(total as u64)),
        (false, false) => format!("{} of {}", grouped(browser.rows.len() as u64), grouped(total as u64)),
    };
    typed(scene, &browser.typed, "titles, prompts and answers", &count, area);
}

fn rows(scene: &mut Scene<'_>, metrics: &mut Metrics, browser: &SessionBrowser, list: Rect) {
    let visible = usize::from(list.height);
    (metrics.overlay_rows, metrics.overlay_lines) = (visible, browser.rows.len());
    match &browser.sessions {
        None => {
            let text = format!("{} reading the saved sessions …", scene.spinner());
            return scene.line(list, &Line::styled(text, scene.theme.dim));
        }
        Some(Err(error)) => return failure(scene, list, error),
        Some(Ok(sessions)) if browser.rows.is_empty() => {
            let text = match (sessions.is_empty(), browser.is_searching()) {
                (true, _) => "No saved sessions yet.",
                (false, true) => "",
                (false, false) => "Nothing is found.",
            };
            return scene.line(list, &Line::styled(text, scene.theme.dim));
        }
        Some(Ok(_)) => {}
    }
    let first = first_visible(browser.cursor, browser.rows.len(), visible);
    for (at, entry) in (first..browser.rows.len()).take(visible).filter_map(|at| Some((at, browser.row(at)?))) {
        let under_cursor = at == browser.cursor;
        let line = line::of(scene, browser, entry, usize::from(list.width), under_cursor);
        let line = if under_cursor { line.style(scene.theme.selection) } else { line };
        scene.line(row(list, at - first), &line);
    }
}

fn failure(scene: &mut Scene<'_>, area: Rect, error: &str) {
    let text = format!("✗ The saved sessions can't be read: {}", clean(error));
    let lines = wrap(&[(text, scene.theme.error)], &Indent::default(), area.width.into());
    lines.iter().take(area.height.into()).enumerate().for_each(|(at, line)| scene.line(row(area, at), line));
}

/// What was deleted last, and how it comes back.
fn deleted(scene: &Scene<'_>, browser: &SessionBrowser, columns: usize) -> Line<'static> {
    let key = scene.key(Context::Sessions, Action::BringBack);
    let count = browser.aside.len();
    let what = if count == 1 { "1 deleted".to_owned() } else { format!("{count} deleted") };
    let lead = cut(&format!("{what} · {key} brings back "), columns).into_owned();
    let title = browser.aside.last().map(line::title).unwrap_or_default();
    let title = clean_cut(&title, columns.saturating_sub(width(&lead)));
    Line::from_iter([Span::styled(lead, scene.theme.warning), Span::styled(title, scene.theme.text)])
}
