//! Where everything is, at every size.

use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::support::*;
use crate::run::LaneRecord;
use crate::tui::State;
use crate::tui::state::{Find, Focus};
use crate::tui::view::Cache;
use crate::tui::view::arrange::{Arrangement, arrange};
use crate::tui::view::layout::Screen;

/// The areas lie within the whole and share no cell.
fn are_apart(whole: Rect, areas: &[Rect]) -> bool {
    let inside = |area: &Rect| !area.is_empty() && whole.intersection(*area) == *area;
    let apart = |(at, area): (usize, &Rect)| areas[at + 1..].iter().all(|other| !area.intersects(*other));
    areas.iter().all(inside) && areas.iter().enumerate().all(apart)
}

fn holds(area: Rect, arranged: &Arrangement, lanes: usize, focused: usize) -> bool {
    let areas: Vec<Rect> = arranged.tabs.iter().chain(&arranged.areas).copied().collect();
    let all_shown = arranged.lanes == (0..lanes);
    are_apart(area, &areas)
        && arranged.lanes.contains(&focused)
        && arranged.lanes.len() == arranged.areas.len()
        && (all_shown || arranged.tabs.is_some())
}

#[test]
fn no_pane_leaves_the_screen_or_hides_another_at_any_size() {
    let mut state = workbench((60, 16), 0);
    let bars = [(false, Focus::Prompt), (true, Focus::Panes), (false, Focus::Models)];
    for (hidden, focus) in bars {
        (state.side_bar.hidden, state.focus) = (hidden, focus);
        for (width, height) in (60..=260).flat_map(|width| (16..=80).map(move |height| (width, height))) {
            let whole = Rect::new(0, 0, width, height);
            let screen = Screen::divide(whole, &state);
            let mut parts = vec![screen.top, screen.panes, screen.prompt, screen.footer];
            parts.extend(screen.side.filter(|_| !screen.side_is_over));
            assert!(are_apart(whole, &parts), "{width}×{height}: {screen:?}");
            for lanes in 1..=12 {
                for (focused, zoomed) in [(0, false), (lanes / 2, true), (lanes - 1, false)] {
                    let arranged = arrange(screen.panes, lanes, focused, zoomed);
                    let told = || format!("{lanes} lanes, {focused}, {width}×{height}: {arranged:?}");
                    assert!(holds(screen.panes, &arranged, lanes, focused), "{}", told());
                }
            }
        }
    }
}

fn twelve() -> Vec<LaneRecord> {
    let lane = |number: u64| {
        let name = format!("openai:gpt-{number}");
        let script = Script::of(&name).asks(0, &name).text(100 + number, "Some **words** of an answer.");
        if number == 5 { script.still_runs() } else { script.completes(900) }
    };
    (1..=12).map(lane).collect()
}

/// Twelve lanes, the ninth of which has the focus.
fn ninth(size: (u16, u16)) -> State {
    let mut state = workbench(size, 0);
    show(&mut state, "Where were the olympics held in 2012?", twelve());
    (state.focus, state.panes.focused) = (Focus::Panes, 8);
    state
}

#[test]
fn twelve_lanes_at_every_size() {
    for size in [(60, 16), (80, 24), (160, 45), (250, 70)] {
        expect(&format!("twelve_{}x{}", size.0, size.1), &fresh(&ninth(size)));
    }
}

#[test]
fn without_the_side_bar_the_panes_take_its_room() {
    let mut state = ninth((160, 45));
    state.side_bar.hidden = true;
    expect("no_side_bar_160x45", &fresh(&state));
    (state.side_bar.hidden, state.side_bar.width) = (false, Some(60));
    expect("wide_side_bar_160x45", &fresh(&state));
}

#[test]
fn a_click_on_a_title_finds_its_lane() {
    let mut cache = Cache::in_zone(jiff::tz::TimeZone::UTC);
    let buffer = frame(&ninth((80, 24)), &mut cache);
    assert!(cache.metrics.tabs.len() > 5);
    for (area, lane) in &cache.metrics.tabs {
        let shown: String = (area.x..area.right()).map(|x| buffer[(x, area.y)].symbol()).collect();
        assert_eq!(
            shown[shown.find(char::is_numeric).expect("a number")..].split(' ').next(),
            Some(&*(lane + 1).to_string())
        );
    }
}

/// Three answers, in which something is looked for.
fn finding(size: (u16, u16)) -> State {
    let mut state = workbench(size, 0);
    let answer = |name: &str, text: &str| Script::of(name).asks(0, name).text(100, text).completes(900);
    let lanes = vec![
        answer(
            "openai:gpt-4o",
            "**London** hosted the games. In London, too:\n\n| city | London |\n|---|---|\n| 東京 | 2020 |",
        ),
        answer("mistral:mistral-small-latest", "It was Lon\u{301}don, or LONDON.\n\n> london"),
        answer("ollama:llama3.2", "Paris."),
    ];
    show(&mut state, "Where were the olympics held in 2012?", lanes);
    state.focus = Focus::Panes;
    state.panes.find = Some(Find { query: "london".to_owned(), lane: None, typing: false, at: Some((0, 1)) });
    state
}

#[test]
fn what_is_found_is_marked_at_every_size() {
    for size in [(60, 16), (80, 24), (160, 45), (250, 70)] {
        let mut state = finding(size);
        let buffer = fresh(&state);
        snapshot(&format!("found_{}x{}", size.0, size.1), &format!("{}{}", symbols(&buffer), marked(&buffer)));
        state.panes.find = Some(Find { query: "lond".to_owned(), lane: Some(0), typing: true, at: None });
        state.panes.together = true;
        let last = symbols(&fresh(&state)).lines().last().map(str::to_owned).expect("a footer");
        assert!(last.starts_with(" find ❯ lond▌") && last.contains("3 found") && last.contains("⇅ together"), "{last}");
    }
}

/// Marks as letters: found `f`, the one that was gone to `F`.
fn marked(buffer: &ratatui::buffer::Buffer) -> String {
    let letter = |x, y| match buffer[(x, y)].modifier {
        modifier if modifier.contains(Modifier::REVERSED) => 'F',
        modifier if modifier.contains(Modifier::UNDERLINED) => 'f',
        _ => ' ',
    };
    let row = |y| (0..buffer.area.width).map(|x| letter(x, y)).collect::<String>();
    (0..buffer.area.height).map(|y| row(y).trim_end().to_owned() + "\n").collect()
}

#[test]
fn blocks_of_code_are_numbered_when_asked() {
    let text = "One:\n```rust\nfn one() {}\n```\nand\n```\nno language\n```\n- in a list\n  ~~~sh\n  ls\n  ~~~\n";
    for size in [(60, 16), (80, 24), (160, 45), (250, 70)] {
        let mut state = workbench(size, 0);
        let object = Script::of("openai:gpt-4o").asks(0, "openai:gpt-4o").text(100, text);
        show(&mut state, "Code?", vec![object.text(120, "{\"a\": 1}\n```py\n4\n```").completes(200)]);
        (state.focus, state.panes.block) = (Focus::Panes, Some(String::new()));
        expect(&format!("blocks_{}x{}", size.0, size.1), &fresh(&state));
    }
}
