//! Finds a command, a theme or a prompt by a few letters.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{first_visible, highlighted, more_below, open, typed};
use crate::tui::Theme;
use crate::tui::metrics::Metrics;
use crate::tui::state::{Choice, Command, Finder, Wanted};
use crate::tui::view::scene::{Scene, row};
use crate::tui::view::text::{clean_cut, line_width, width};

/// Draws what was typed and what matches it.
pub fn draw(scene: &mut Scene<'_>, metrics: &mut Metrics, area: Rect, finder: &Finder) {
    let (title, what, size) = match finder.wanted {
        Wanted::Command => ("Commands", "what do you want to do?", (84, (area.height / 4 * 3).max(24))),
        Wanted::Theme => ("Themes", "type a few letters", (46, 20)),
        Wanted::Prompt => ("Prompts of this session", "type a few letters", (84, 20)),
    };
    let inner = open(scene, area, title, size.0, size.1);
    let count = format!("{} of {}", finder.matches.len(), finder.choices.len());
    typed(scene, &finder.typed, what, &count, row(inner, 0));
    let list = Rect { y: inner.y + 2.min(inner.height), height: inner.height.saturating_sub(2), ..inner };
    let visible = usize::from(list.height);
    let first = first_visible(finder.cursor, finder.matches.len(), visible);
    for at in first..finder.matches.len().min(first + visible) {
        let Some(choice) = finder.row(at) else { continue };
        let line = line(scene, choice, &finder.typed, at == finder.cursor, usize::from(inner.width));
        scene.line(row(list, at - first), &line);
    }
    if finder.matches.is_empty() {
        let text = clean_cut("Nothing matches.", usize::from(list.width));
        scene.line(list, &Line::styled(text, scene.theme.dim));
    }
    more_below(scene, inner, finder.matches.len().saturating_sub(first + visible));
    metrics.overlay_rows = visible;
    metrics.overlay_lines = finder.matches.len();
}

fn line(scene: &Scene<'_>, choice: &Choice, typed: &str, under_cursor: bool, columns: usize) -> Line<'static> {
    let tail = tail(scene, &choice.command);
    let taken = line_width(&tail);
    let text = clean_cut(&choice.text, columns.saturating_sub(taken + 4));
    let blank = columns.saturating_sub(width(&text) + taken + 3);
    let mut spans = vec![Span::styled(if under_cursor { "▸ " } else { "  " }, scene.theme.accent)];
    spans.extend(highlighted(scene, &text, typed));
    spans.push(Span::raw(" ".repeat(blank)));
    spans.extend(tail.spans);
    let line = Line::from(spans);
    if under_cursor { line.style(scene.theme.selection) } else { line }
}

/// What is told of a command at the end of its row: its key, what a theme looks like, where a prompt was asked.
fn tail(scene: &Scene<'_>, command: &Command) -> Line<'static> {
    match command {
        Command::Act(context, action) => Line::styled(scene.key(*context, *action), scene.theme.accent),
        Command::Theme(at) => scene.state.themes.get(*at).map_or_else(Line::default, |theme| {
            let mark = if *at == scene.state.theme { "in use " } else { "" };
            let mut spans = vec![Span::styled(mark, scene.theme.dim)];
            spans.extend(sample(theme));
            Line::from(spans)
        }),
        Command::Session(_) => Line::default(),
        Command::Template(_) => Line::styled("with variables", scene.theme.dim),
        Command::Prompt(turn) => Line::styled(format!("turn {}", turn + 1), scene.theme.dim),
    }
}

/// A few of the theme's inks on its own ground.
fn sample(theme: &Theme) -> Vec<Span<'static>> {
    let ground = theme.background.patch(theme.text);
    let inks = [theme.text, theme.accent, theme.success, theme.warning, theme.error, theme.heading];
    let dots = inks.map(|ink| Span::styled("●", ground.patch(ink)));
    [vec![Span::styled(" ", ground)], dots.to_vec(), vec![Span::styled(" ", ground)]].concat()
}
