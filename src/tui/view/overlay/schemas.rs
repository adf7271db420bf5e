//! Finds a JSON Schema by a few letters or by its path.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

use super::{first_visible, open, typed};
use crate::settings::OutputMode;
use crate::tui::Action;
use crate::tui::keymap::Context;
use crate::tui::metrics::Metrics;
use crate::tui::state::{SchemaFile, SchemaPicker, SchemaRow};
use crate::tui::view::scene::{Scene, row};
use crate::tui::view::text::{clean, clean_cut, cut, width};

/// Draws what was typed, what there is, and how it is asked for.
pub fn draw(scene: &mut Scene<'_>, metrics: &mut Metrics, area: Rect, picker: &SchemaPicker) {
    let inner = open(scene, area, "Answers that fit a schema", 84, 20);
    let columns = usize::from(inner.width);
    typed(scene, &picker.typed, "a few letters, or the path of a file", &count(scene, picker), row(inner, 0));
    let list = Rect { y: inner.y + 2.min(inner.height), height: inner.height.saturating_sub(5), ..inner };
    let (rows, visible) = (picker.rows(), usize::from(list.height));
    let first = first_visible(picker.cursor, rows.len(), visible);
    for (at, one) in rows.iter().enumerate().skip(first).take(visible) {
        let line = of_row(scene, picker, *one, columns);
        let line = if at == picker.cursor { line.style(scene.theme.selection) } else { line };
        scene.line(row(list, at - first), &line);
    }
    for (below, line) in [(2, way(scene, columns)), (1, again(scene, columns))] {
        scene.line(Rect { y: inner.bottom().saturating_sub(below), height: inner.height.min(1), ..inner }, &line);
    }
    metrics.overlay_rows = visible;
    metrics.overlay_lines = rows.len();
}

fn count(scene: &Scene<'_>, picker: &SchemaPicker) -> String {
    match &picker.files {
        None => format!("{} reading …", scene.spinner()),
        Some(files) if files.is_empty() => "no schema here".to_owned(),
        Some(files) if files.len() == 1 => "1 schema".to_owned(),
        Some(files) => format!("{} schemas", files.len()),
    }
}

fn of_row(scene: &Scene<'_>, picker: &SchemaPicker, one: SchemaRow, columns: usize) -> Line<'static> {
    let theme = scene.theme;
    let chosen = |chosen: bool| if chosen { (" ● ", theme.accent) } else { (" ○ ", theme.dim) };
    match one {
        SchemaRow::None => {
            let (mark, style) = chosen(scene.state.schema.is_none());
            let what = cut("  answers are free text", columns.saturating_sub(7)).into_owned();
            Line::from_iter([Span::styled(mark, style), Span::raw("none"), Span::styled(what, theme.dim)])
        }
        SchemaRow::File(at) => match picker.files.as_ref().and_then(|files| files.get(at)) {
            Some(file) => {
                let is_it = scene.state.schema.as_ref().is_some_and(|chosen| chosen.path == file.path);
                of_file(scene, file, chosen(is_it), columns)
            }
            None => Line::default(),
        },
        SchemaRow::Typed => {
            let path = clean_cut(picker.typed.trim(), columns.saturating_sub(10));
            let lead = Span::styled(" + ", theme.success);
            Line::from_iter([lead, Span::raw("read "), Span::styled(path, theme.accent)])
        }
    }
}

/// Name, what it is about, and where it is; or why it can't be used.
fn of_file(scene: &Scene<'_>, file: &SchemaFile, mark: (&'static str, Style), columns: usize) -> Line<'static> {
    let theme = scene.theme;
    let name = clean_cut(&file.name(), columns / 3);
    let left = columns.saturating_sub(width(&name) + 5);
    if let Err(reason) = &file.spec {
        // The folder would leave no room for the reason.
        let file_name = file.path.file_name().unwrap_or_default().to_string_lossy();
        let reason = reason.replace(&*file.path.to_string_lossy(), &file_name);
        let reason = clean_cut(&format!("  {reason}"), left);
        let lead = Span::styled(" ✗ ", theme.error);
        return Line::from_iter([lead, Span::raw(name), Span::styled(reason, theme.error)]);
    }
    let path = path_end(&file.path.to_string_lossy(), left / 2);
    let about = clean_cut(&format!("  {}", file.about()), left.saturating_sub(width(&path) + 1));
    let blank = " ".repeat(left.saturating_sub(width(&path) + width(&about)));
    Line::from_iter([
        Span::styled(mark.0, mark.1),
        Span::styled(name, theme.text),
        Span::styled(about, theme.dim),
        Span::styled(format!("{blank}{path}"), theme.dim),
    ])
}

/// A path, cut at its beginning: its end tells more.
fn path_end(path: &str, room: usize) -> String {
    let path = clean(path);
    let over = width(&path).saturating_sub(room);
    if over == 0 {
        return path.into_owned();
    }
    std::iter::once("…").chain(path.graphemes(true).skip(over + 1)).collect()
}

/// How the models are asked for it.
fn way(scene: &Scene<'_>, columns: usize) -> Line<'static> {
    let what = match scene.state.output_mode {
        None => "each model's own way",
        Some(OutputMode::Tool) => "tool: the model calls a tool with it",
        Some(OutputMode::Native) => "native: the provider holds the answer to it",
        Some(OutputMode::Prompted) => "prompted: it stands among the instructions",
    };
    fact(scene, "asked in", what, Action::NextOutputMode, columns)
}

/// What becomes of output that doesn't fit.
fn again(scene: &Scene<'_>, columns: usize) -> Line<'static> {
    let what = match scene.state.output_retries {
        0 => "told here, and not sent back".to_owned(),
        1 => "sent back once".to_owned(),
        times => format!("sent back up to {times} times"),
    };
    fact(scene, "if wrong", &what, Action::MoreOutputRetries, columns)
}

fn fact(scene: &Scene<'_>, name: &str, what: &str, action: Action, columns: usize) -> Line<'static> {
    let key = scene.key(Context::Schemas, action);
    let key = if key.is_empty() { key } else { format!(" ({key} changes it)") };
    let (theme, room) = (scene.theme, columns.saturating_sub(10));
    let what = cut(what, room).into_owned();
    let key = cut(&key, room.saturating_sub(width(&what))).into_owned();
    let lead = Span::styled(format!("{name}  "), theme.dim);
    Line::from_iter([lead, Span::styled(what, theme.text), Span::styled(key, theme.dim)])
}
