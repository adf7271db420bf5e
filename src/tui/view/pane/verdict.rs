//! Whether a structured output fits its schema, in a row or a few.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::model::Verdict;
use crate::tui::Action;
use crate::tui::keymap::Context;
use crate::tui::view::scene::Scene;
use crate::tui::view::text::{Indent, clean, clean_cut, cut, wrap};

/// Problems that are told.
const TOLD: usize = 3;

/// The verdict in rows: the first problem in full, a row for each of the next ones.
pub fn lines(scene: &Scene<'_>, verdict: &Verdict, columns: usize) -> Vec<Line<'static>> {
    let theme = scene.theme;
    let problems = match verdict {
        Verdict::Fits(_) => return sentence("✓ ", "fits the schema", theme.success, columns),
        Verdict::Wrong(problems) => problems,
    };
    let mut told = problems.iter().take(TOLD);
    let first = told.next().map_or("", String::as_str);
    let mut lines = sentence("✗ ", &format!("does not fit: {first}"), theme.error, columns);
    lines.extend(told.map(|problem| Line::styled(clean_cut(&format!("  • {problem}"), columns), theme.text)));
    if problems.len() > TOLD {
        let key = scene.key(Context::Pane, Action::Inspect);
        let told = if key.is_empty() { "  … and more".to_owned() } else { format!("  … {key} shows all") };
        lines.push(Line::styled(cut(&told, columns).into_owned(), theme.dim));
    }
    lines
}

fn sentence(lead: &'static str, text: &str, style: Style, columns: usize) -> Vec<Line<'static>> {
    let blank = " ".repeat(lead.chars().count());
    let indent = Indent { first: vec![Span::styled(lead, style)], rest: vec![Span::raw(blank)] };
    wrap(&[(clean(text).into_owned(), style)], &indent, columns)
}
