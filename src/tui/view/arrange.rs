//! Arranges panes: columns while each is wide enough, else a grid, else a part of it, else one pane with tabs.

use std::ops::Range;

use ratatui::layout::Rect;

/// The least columns and rows of a pane that stands beside another.
const LEAST: (u16, u16) = (36, 9);

/// Where the panes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrangement {
    /// The row with the titles of all lanes, where not all panes are shown.
    pub tabs: Option<Rect>,
    /// The lanes that are shown.
    pub lanes: Range<usize>,
    /// Their areas.
    pub areas: Vec<Rect>,
}

/// Arranges so many lanes; the focused one is always shown.
#[must_use]
pub fn arrange(area: Rect, lanes: usize, focused: usize, zoomed: bool) -> Arrangement {
    let columns = usize::from(area.width / LEAST.0).max(1);
    let rows = usize::from(area.height / LEAST.1).max(1);
    if lanes <= columns * rows && (!zoomed || lanes == 1) {
        return Arrangement { tabs: None, lanes: 0..lanes, areas: grid(area, lanes, columns) };
    }
    let tabs = Rect { height: area.height.min(1), ..area };
    let area = Rect { y: area.y + tabs.height, height: area.height - tabs.height, ..area };
    let rows = usize::from(area.height / LEAST.1).max(1);
    let room = if zoomed { 1 } else { (columns * rows).min(lanes) };
    let first = (focused.min(lanes - 1) / room * room).min(lanes - room);
    Arrangement { tabs: Some(tabs), lanes: first..first + room, areas: grid(area, room, columns) }
}

/// As few rows as the columns allow, all about equally full.
fn grid(area: Rect, panes: usize, columns: usize) -> Vec<Rect> {
    let rows = panes.div_ceil(columns).max(1);
    let per_row = panes.div_ceil(rows);
    let bands = spread(area.y, area.height, rows);
    let areas = bands.into_iter().enumerate().flat_map(|(row, (y, height))| {
        let here = per_row.min(panes.saturating_sub(row * per_row));
        spread(area.x, area.width, here).into_iter().map(move |(x, width)| Rect { x, y, width, height })
    });
    areas.collect()
}

/// A length in equal parts, what remains goes to the first ones: starts and lengths.
fn spread(start: u16, length: u16, parts: usize) -> Vec<(u16, u16)> {
    let parts = parts as u16;
    let mut at = start;
    let part = |number| {
        let length = length / parts + u16::from(number < length % parts);
        at += length;
        (at - length, length)
    };
    (0..parts).map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arranged(width: u16, height: u16, lanes: usize, focused: usize) -> (Range<usize>, usize, bool) {
        let arrangement = arrange(Rect::new(0, 0, width, height), lanes, focused, false);
        let rows: std::collections::BTreeSet<_> = arrangement.areas.iter().map(|area| area.y).collect();
        assert_eq!(arrangement.areas.len(), arrangement.lanes.len());
        (arrangement.lanes, rows.len(), arrangement.tabs.is_some())
    }

    #[test]
    fn columns_then_grid_then_a_part_then_tabs() {
        assert_eq!(arranged(137, 40, 3, 0), (0..3, 1, false));
        assert_eq!(arranged(137, 40, 4, 0), (0..4, 2, false));
        assert_eq!(arranged(80, 19, 4, 0), (0..4, 2, false));
        assert_eq!(arranged(80, 19, 8, 5), (4..8, 2, true));
        assert_eq!(arranged(80, 12, 3, 2), (1..3, 1, true));
        assert_eq!(arranged(60, 11, 3, 1), (1..2, 1, true));
        assert_eq!(arranged(60, 11, 1, 0), (0..1, 1, false));
    }

    #[test]
    fn panes_fill_the_area_without_gaps() {
        for (lanes, width, height) in [(1, 80, 20), (3, 110, 30), (5, 131, 41), (8, 250, 60), (6, 75, 31)] {
            let areas = arrange(Rect::new(3, 1, width, height), lanes, 0, false).areas;
            let cells: u32 = areas.iter().map(|area| area.area()).sum();
            assert_eq!(cells, u32::from(width) * u32::from(height), "{lanes} in {width}×{height}: {areas:?}");
        }
    }

    #[test]
    fn zoom_shows_the_focused_pane_alone() {
        let arrangement = arrange(Rect::new(0, 0, 160, 40), 4, 2, true);
        assert_eq!((arrangement.lanes, arrangement.areas), (2..3, vec![Rect::new(0, 1, 160, 39)]));
    }
}
