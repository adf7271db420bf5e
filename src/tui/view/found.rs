//! What was found in an answer: kept beside its rows, and marked where they are drawn.

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;

use super::document::Document;
use super::scene::{Scene, row};
use super::text::width;
use crate::tui::found::{Hit, Hits, Needle};

/// What was found in one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    needle: Needle,
    version: u64,
    /// For each stretch of the document, the row that it begins at and what it holds.
    stretches: Vec<(usize, Hits)>,
}

impl Found {
    /// Nothing looked through yet.
    #[must_use]
    pub(super) fn new(needle: Needle) -> Self {
        Self { needle, version: 0, stretches: Vec::new() }
    }

    /// Whether it is this that was looked for.
    #[must_use]
    pub(super) fn is_of(&self, needle: &Needle) -> bool {
        self.needle == *needle
    }

    /// Takes the document as it is now. Rows that can't change are looked through once.
    pub(super) fn update(&mut self, document: &Document) {
        if self.version != document.version() {
            self.stretches.clear();
            self.version = document.version();
        }
        let mut count = 0;
        for (at, (first, rows, settled)) in document.stretches().enumerate() {
            if self.stretches.len() <= at {
                self.stretches.push((first, Hits::default()));
            }
            let (base, hits) = &mut self.stretches[at];
            *base = first;
            if !settled {
                *hits = Hits::default();
            }
            hits.update(&self.needle, rows, document.columns());
            count = at + 1;
        }
        self.stretches.truncate(count);
    }

    /// How often it is there.
    #[must_use]
    pub fn count(&self) -> usize {
        self.stretches.iter().map(|(_, hits)| hits.hits.len()).sum()
    }

    /// The row of the match of that number.
    #[must_use]
    pub fn row(&self, mut number: usize) -> Option<usize> {
        for (first, hits) in &self.stretches {
            match hits.hits.get(number) {
                Some(hit) => return Some(first + hit.start.0),
                None => number -= hits.hits.len(),
            }
        }
        None
    }

    /// How many there are above that row.
    #[must_use]
    pub fn before(&self, row: usize) -> usize {
        let above = |(first, hits): &(usize, Hits)| hits.hits.partition_point(|hit| first + hit.start.0 < row);
        self.stretches.iter().map(above).sum()
    }

    /// Marks what is in sight, from row `top` on; `current` is the number of the one that was gone to.
    pub(super) fn mark(
        &self,
        scene: &mut Scene<'_>,
        document: &Document,
        area: Rect,
        top: usize,
        current: Option<usize>,
    ) {
        let bottom = top + usize::from(area.height);
        let mut numbers = 0;
        for ((first, rows, _), (_, hits)) in document.stretches().zip(&self.stretches) {
            let visible = top.saturating_sub(first)..bottom.saturating_sub(first).min(rows.len());
            for (number, hit) in hits.within(visible.clone()) {
                let style = style(scene, current == Some(numbers + number));
                let seen = rows.iter().enumerate().take((hit.end.0 + 1).min(visible.end));
                for (at, line) in seen.skip(hit.start.0.max(visible.start)) {
                    let place = cells(line, hit, at, row(area, first + at - top));
                    scene.buffer.set_style(place, style);
                }
            }
            numbers += hits.hits.len();
        }
    }
}

fn style(scene: &Scene<'_>, current: bool) -> Style {
    if current {
        scene.theme.warning.add_modifier(Modifier::REVERSED | Modifier::BOLD)
    } else {
        scene.theme.selection.add_modifier(Modifier::UNDERLINED)
    }
}

/// The cells of a hit in one of its rows.
fn cells(line: &Line<'static>, hit: &Hit, at: usize, place: Rect) -> Rect {
    let text: String = line.spans.iter().map(|span| &*span.content).collect();
    let from = if at == hit.start.0 { hit.start.1 } else { text.len() - text.trim_start().len() };
    let to = if at == hit.end.0 { hit.end.1 } else { text.trim_end().len() };
    let cells = |bytes: usize| (width(text.get(..bytes).unwrap_or(&text)) as u16).min(place.width);
    let (from, to) = (cells(from), cells(to));
    Rect { x: place.x + from, width: to.saturating_sub(from), ..place }
}
