//! Requests and answers of a lane as they went over the wire, each line with its time. Only the rows that are shown are
//! made, whatever the length of the answer.

use std::time::Duration;

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

use super::{more_below, open};
use crate::model::HttpExchange;
use crate::run::Attempt;
use crate::tui::metrics::Metrics;
use crate::tui::state::WireView;
use crate::tui::view::figures::grouped;
use crate::tui::view::pane::Lane;
use crate::tui::view::scene::{Scene, row};
use crate::tui::view::text::{clean, clean_cut, cut, width};

/// Columns of the times.
const TIMES: usize = 11;

/// Draws the focused lane.
pub fn draw(scene: &mut Scene<'_>, metrics: &mut Metrics, area: Rect, view: WireView) {
    let state = scene.state;
    let Some(turn) = state.conversation.shown_turn().filter(|turn| !turn.lanes.is_empty()) else { return };
    let lane = Lane::of(state, turn, state.panes.focused.min(turn.lanes.len() - 1));
    let title = format!("Over the wire · {} {}", lane.number + 1, lane.name());
    let inner = open(scene, area, &title, area.width.saturating_sub(2), area.height);
    let sections = sections(&lane.record.attempts);
    let count: usize = sections.iter().map(Section::rows).sum();
    let visible = usize::from(inner.height);
    let top = view.scroll.min(count.saturating_sub(visible));
    if sections.is_empty() {
        let why = "Nothing went over HTTP here. Of saved and replayed answers it is not kept.";
        scene.line(inner, &Line::styled(cut(why, usize::from(inner.width)).into_owned(), scene.theme.dim));
    }
    for at in 0..visible.min(count - top) {
        let drawn = line(scene, &sections, top + at, view.shift, usize::from(inner.width));
        scene.line(row(inner, at), &drawn);
    }
    more_below(scene, inner, count.saturating_sub(top + visible));
    (metrics.overlay_rows, metrics.overlay_lines) = (visible, count);
}

/// One exchange: which attempt it belongs to, and since when times count.
struct Section<'a> {
    number: usize,
    exchange: &'a HttpExchange,
    is_over: bool,
    is_first: bool,
}

/// What a row tells.
enum Told {
    Nothing,
    /// What went out or came in, with its direction.
    Title(&'static str, String),
    Header(String, String),
    Sent(String),
    Came(Duration, String),
    Note(String),
}

fn sections(attempts: &[Attempt]) -> Vec<Section<'_>> {
    let numbered = attempts.iter().enumerate().flat_map(|(number, attempt)| {
        let is_over = attempt.ended.is_some();
        attempt.exchanges.iter().map(move |exchange| (number, exchange, is_over))
    });
    let section = |(at, (number, exchange, is_over))| Section { number, exchange, is_over, is_first: at == 0 };
    numbered.enumerate().map(section).collect()
}

fn line(scene: &Scene<'_>, sections: &[Section<'_>], mut number: usize, shift: usize, columns: usize) -> Line<'static> {
    for section in sections {
        if let Some(below) = number.checked_sub(section.rows()) {
            number = below;
        } else {
            return drawn(scene, section.row(number), shift, columns);
        }
    }
    Line::default()
}

impl Section<'_> {
    /// Parts, one below the other: a blank row, the request, its headers and its body, the answer, its headers and its
    /// body, and what is to say about that.
    fn parts(&self) -> [usize; 8] {
        let head = self.exchange.head.as_ref().map(|(_, head)| head);
        [
            usize::from(!self.is_first),
            1,
            self.exchange.request.headers.len(),
            self.exchange.request.lines.len(),
            1,
            head.map_or(0, |head| head.headers.len()),
            self.exchange.body.count(),
            usize::from(head.is_some()),
        ]
    }

    fn rows(&self) -> usize {
        self.parts().iter().sum()
    }

    fn row(&self, mut number: usize) -> Told {
        for (part, rows) in self.parts().into_iter().enumerate() {
            if number < rows {
                return self.told(part, number);
            }
            number -= rows;
        }
        Told::Nothing
    }

    fn told(&self, part: usize, number: usize) -> Told {
        let HttpExchange { request, sent, head, .. } = self.exchange;
        match (part, head) {
            (1, _) => {
                let what = format!("{} {} · attempt {} · {}", request.method, request.url, self.number + 1, ms(*sent));
                Told::Title("→ ", what)
            }
            (2, _) => header(&request.headers, number),
            (3, _) => Told::Sent(request.lines.get(number).cloned().unwrap_or_default()),
            (4, Some((at, head))) => {
                let since = ms(at.saturating_sub(*sent));
                Told::Title("← ", format!("{} {} · after {since}", head.version, head.status))
            }
            (4, None) if self.is_over => Told::Note("no answer came".to_owned()),
            (4, None) => Told::Note("… no answer yet".to_owned()),
            (5, Some((_, head))) => header(&head.headers, number),
            (6, _) => self
                .exchange
                .line(number)
                .map_or(Told::Nothing, |(at, text)| Told::Came(at.saturating_sub(*sent), text)),
            (7, _) => Told::Note(self.size()),
            _ => Told::Nothing,
        }
    }

    fn size(&self) -> String {
        let body = &self.exchange.body;
        let bytes = grouped(body.received() as u64);
        match (self.is_over, body.is_cut()) {
            (_, true) => format!("{bytes} bytes, of which the first 4 MiB are kept"),
            (true, false) => format!("{bytes} bytes"),
            (false, false) => format!("{bytes} bytes so far"),
        }
    }
}

fn header(headers: &[(String, String)], number: usize) -> Told {
    headers.get(number).map_or(Told::Nothing, |(name, value)| Told::Header(name.clone(), value.clone()))
}

fn ms(time: Duration) -> String {
    format!("{} ms", grouped(time.as_millis().try_into().unwrap_or(u64::MAX)))
}

fn drawn(scene: &Scene<'_>, told: Told, shift: usize, columns: usize) -> Line<'static> {
    let theme = scene.theme;
    match told {
        Told::Nothing => Line::default(),
        Told::Title(sign, text) => {
            let text = shifted(&text, shift, columns.saturating_sub(2));
            Line::from_iter([Span::styled(sign, theme.accent), Span::styled(text, theme.heading)])
        }
        Told::Header(name, value) => {
            let name = clean_cut(&format!("{name}: "), columns);
            let value = shifted(&value, shift, columns.saturating_sub(width(&name)));
            Line::from_iter([Span::styled(name, theme.dim), Span::styled(value, theme.text)])
        }
        Told::Sent(text) => Line::styled(shifted(&text, shift, columns), theme.code),
        Told::Came(at, text) => came(at, &text, shift, columns, [theme.dim, theme.text]),
        Told::Note(text) => Line::styled(clean_cut(&text, columns), theme.dim),
    }
}

fn came(at: Duration, text: &str, shift: usize, columns: usize, [dim, style]: [Style; 2]) -> Line<'static> {
    let time = cut(&format!("+{}", ms(at)), TIMES - 1).into_owned();
    let time = format!("{time:>width$} ", width = TIMES - 1);
    let text = shifted(text, shift, columns.saturating_sub(TIMES));
    Line::from_iter([Span::styled(time, dim), Span::styled(text, style)])
}

/// A row without its beginning, safe to show; a mark tells where something is left out. It moves as far as its end.
fn shifted(text: &str, shift: usize, room: usize) -> String {
    let near: String = text.chars().take(shift + room * 4).collect();
    let near = clean(&near);
    let over = width(&near).saturating_sub(room).min(shift);
    if over == 0 {
        return cut(&near, room).into_owned();
    }
    // The mark takes the place of a column more.
    let mut left = over + 1;
    let rest = near.graphemes(true).skip_while(|grapheme| {
        let is_out = left > 0;
        left = left.saturating_sub(width(grapheme));
        is_out
    });
    cut(&std::iter::once("…").chain(rest).collect::<String>(), room).into_owned()
}
