//! What must hold for every answer and every size.

use proptest::prelude::*;
use ratatui::text::Line;

use super::support::*;
use crate::message::FinishReason;
use crate::tui::Theme;
use crate::tui::state::{
    Choice, Command, Filling, Find, Finder, Focus, Overlay, Picker, SchemaPicker, SessionBrowser, SettingsEditor,
    Wanted, WireView, text_area,
};
use crate::tui::view::Cache;
use crate::tui::view::markdown::{Growing, GrowingJson, Look, Markdown, Plain};
use crate::tui::view::text::line_width;

/// Pieces that Markdown, JSON and terminals trip over.
const PIECES: [&str; 56] = [
    "word ",
    "**",
    "*",
    "_",
    "`",
    "```",
    "```rust\n",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "- ",
    "1. ",
    "> ",
    "# ",
    "---\n",
    "[a](b)",
    "[",
    "\\",
    "~~",
    "日本語",
    "👩‍👩‍👧‍👦",
    "e\u{301}",
    "\u{301}",
    "שלום ",
    "\t",
    "\u{1b}[31m",
    "\u{7}",
    "{",
    "}",
    "[1,",
    "]",
    "\"key\":",
    "\"",
    ",",
    "  ",
    "averyveryverylongwordwithoutanyspace",
    "\u{200d}",
    "ﾊﾟ",
    "- [x] ",
    "| a | b |\n|:-:|--:|\n",
    "| wide 日本語 cell | **b** |\n",
    "|---|\n",
    "|",
    " | ",
    "\\|",
    "  - ",
    "    - ",
    "> - ",
    "> > ",
    "~~~json\n",
    "~~~\n",
    "/* ",
    "*/\n",
    "\"\"\"",
    "https://example.org/a_b?c=日 ",
];

fn pieces() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60)
}

fn all(rows: [&[Line<'static>]; 2]) -> Vec<Line<'static>> {
    rows.concat()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn what_grows_is_rendered_as_if_it_came_whole(pieces in pieces(), columns in 1_usize..60) {
        let theme = Theme::without_colour();
        let look = Look { theme: &theme, columns };
        let (mut markdown, mut plain, mut json) =
            (Growing::<Markdown>::default(), Growing::<Plain>::default(), GrowingJson::default());
        let mut text = String::new();
        for piece in pieces {
            text.push_str(piece);
            markdown.update(&text, look);
            plain.update(&text, look);
            json.update(&text, look);
            let (mut whole, mut whole_plain, mut whole_json) =
                (Growing::<Markdown>::default(), Growing::<Plain>::default(), GrowingJson::default());
            whole.update(&text, look);
            whole_plain.update(&text, look);
            whole_json.update(&text, look);
            prop_assert_eq!(all(markdown.rows()), all(whole.rows()));
            prop_assert_eq!(all(plain.rows()), all(whole_plain.rows()));
            prop_assert_eq!(all(json.rows()), all(whole_json.rows()));
        }
    }

    #[test]
    fn it_is_wherever_a_delta_ends(pieces in pieces(), columns in 1_usize..60) {
        let theme = Theme::without_colour();
        let look = Look { theme: &theme, columns };
        let text = pieces.concat();
        let mut growing = Growing::<Markdown>::default();
        for end in (1..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            growing.update(&text[..end], look);
        }
        let mut whole = Growing::<Markdown>::default();
        whole.update(&text, look);
        prop_assert_eq!(all(growing.rows()), all(whole.rows()));
    }

    #[test]
    fn no_row_is_wider_than_the_pane(pieces in pieces(), columns in 3_usize..60) {
        let theme = Theme::without_colour();
        let mut markdown = Growing::<Markdown>::default();
        markdown.update(&pieces.concat(), Look { theme: &theme, columns });
        for row in all(markdown.rows()) {
            prop_assert!(line_width(&row) <= columns, "{:?}", row);
        }
    }

    #[test]
    fn a_frame_from_the_cache_is_a_fresh_one_whatever_comes(
        pieces in pieces(), query in prop::sample::select(&["w", "word", "a b", "日本", "|", "Key"][..])
    ) {
        let mut state = workbench((64, 20), 0);
        let mut cache = Cache::in_zone(jiff::tz::TimeZone::UTC);
        show(&mut state, "Q", vec![Script::of("a:b").asks(0, "a:b").still_runs()]);
        state.focus = Focus::Panes;
        state.panes.find = Some(Find { query: query.to_owned(), ..Find::new(None) });
        state.panes.block = Some(String::new());
        let mut text = String::new();
        for piece in pieces.into_iter().take(24) {
            text.push_str(piece);
            let script = Script::of("a:b").asks(0, "a:b").thinks(50, &text).text(100, &text).calls(110, "t", &text);
            state.conversation.turns[0].lanes[0] = script.still_runs();
            let warm = frame(&state, &mut cache);
            let mut cold = Cache::in_zone(jiff::tz::TimeZone::UTC);
            prop_assert_eq!(warm, frame(&state, &mut cold));
            prop_assert_eq!(cache.metrics.matches(0), cold.metrics.matches(0));
        }
    }

    #[test]
    fn no_answer_breaks_a_border(pieces in pieces(), width in 40_u16..70) {
        let mut state = workbench((width, 24), 0);
        let lane = Script::of("日本:モデル").asks(0, "x:y").thinks(10, "t").text(20, &pieces.concat());
        let lane = lane.calls(30, "tool", &pieces.concat());
        show(&mut state, &pieces.concat(), vec![lane.still_runs()]);
        state.panes.get_mut(0).thinking_open = true;
        let buffer = fresh(&state);
        for y in 3..19 {
            for x in [0, width - 1] {
                prop_assert!(["│", "├", "┤"].contains(&buffer[(x, y)].symbol()), "{}", symbols(&buffer));
            }
        }
    }
}

#[test]
fn a_very_long_line_grows_as_if_it_came_whole() {
    let theme = Theme::without_colour();
    let look = Look { theme: &theme, columns: 40 };
    let text = "some **bold** words 日本 ".repeat(900);
    let mut growing = Growing::<Markdown>::default();
    for end in (0..=text.len()).step_by(97).filter(|end| text.is_char_boundary(*end)) {
        growing.update(&text[..end], look);
    }
    growing.update(&text, look);
    let mut whole = Growing::<Markdown>::default();
    whole.update(&text, look);
    assert_eq!(all(growing.rows()), all(whole.rows()));
}

#[test]
fn a_table_longer_than_what_is_held_back_keeps_its_columns() {
    let theme = Theme::without_colour();
    let look = Look { theme: &theme, columns: 40 };
    let rows: String = (1..=100).fold(String::new(), |rows, row| rows + &format!("| {row} | {} |\n", "x".repeat(row)));
    let text = format!("| n | text |\n|--:|---|\n{rows}");
    let mut growing = Growing::<Markdown>::default();
    for end in 1..=text.len() {
        growing.update(&text[..end], look);
    }
    let mut whole = Growing::<Markdown>::default();
    whole.update(&text, look);
    let rows = all(growing.rows());
    assert_eq!(rows, all(whole.rows()));
    assert!(rows.iter().all(|row| row.width() <= 40), "what is too wide is wrapped");
    let left = rows.iter().filter(|row| row.to_string().starts_with(" 9 │ xxxxxxxxx")).count();
    assert_eq!(left, 1, "numbers stand at the right");
}

#[test]
fn another_text_is_noticed() {
    let theme = Theme::without_colour();
    let look = Look { theme: &theme, columns: 40 };
    let mut growing = Growing::<Markdown>::default();
    growing.update("one\ntwo", look);
    growing.update("six\nseven", look);
    assert_eq!(all(growing.rows()).len(), 2);
    assert_eq!(all(growing.rows())[0].to_string(), "six");
}

#[test]
fn a_frame_from_the_cache_is_a_fresh_one() {
    let mut state = workbench((120, 30), 0);
    let mut cache = Cache::in_zone(jiff::tz::TimeZone::UTC);
    let text = "# Title\n\nsome text\n```py\nx = 1 # \"\"\"\n```\n- item\n  - in it\n\n| a | b |\n|--:|---|\n| 1 | two |\n\n> end";
    show(&mut state, "Q", vec![Script::of("a:b").asks(0, "a:b").still_runs()]);
    for end in 1..=text.len() {
        let script = Script::of("a:b").asks(0, "a:b").thinks(50, "hm").text(100, &text[..end]);
        let over = end == text.len();
        let lane = if over { script.finishes(200, FinishReason::Stop).completes(210) } else { script.still_runs() };
        state.conversation.turns[0].lanes[0] = lane;
        assert_eq!(frame(&state, &mut cache), fresh(&state), "after {end} bytes");
    }
}

#[test]
fn an_object_and_the_text_behind_it_are_drawn_as_they_grow() {
    let text = " { \"a\": [1, \"}\\\" 日本\"], \"b\": {} }\n\nAnd **that** is it: {x}";
    let mut state = workbench((80, 30), 0);
    let mut cache = Cache::in_zone(jiff::tz::TimeZone::UTC);
    show(&mut state, "Q", vec![Script::of("a:b").asks(0, "a:b").still_runs()]);
    for end in (1..=text.len()).filter(|end| text.is_char_boundary(*end)) {
        state.conversation.turns[0].lanes[0] = Script::of("a:b").asks(0, "a:b").text(100, &text[..end]).still_runs();
        assert_eq!(frame(&state, &mut cache), fresh(&state), "after {end} bytes");
    }
    let shown = symbols(&fresh(&state));
    assert!(shown.contains("   \"b\": {}") && shown.contains("And that is it: {x}"), "{shown}");
}

#[test]
fn no_size_panics() {
    let overlays: &[fn() -> Option<Overlay>] = &[
        || None,
        || Some(Overlay::Help(3)),
        || {
            Some(Overlay::Variables(Filling::new(
                "日本 {{größe}} {{b}} 語",
                &[("b".to_owned(), "日本\n\u{1b}x".repeat(90))],
            )?))
        },
        || {
            let choice = Choice { text: "日本 theme".to_owned(), also: "", command: Command::Theme(1) };
            Some(Overlay::Finder(Finder::new(Wanted::Theme, vec![choice; 40])))
        },
        || Some(Overlay::Inspector(2)),
        || Some(Overlay::Schemas(SchemaPicker { typed: "日本/x.json".to_owned(), files: None, cursor: 3 })),
        || Some(Overlay::Picker(Picker { query: "a:b".to_owned(), matches: vec![0, 99], cursor: 7 })),
        || Some(Overlay::Sessions(SessionBrowser::default())),
        || Some(Overlay::Settings(SettingsEditor::of("日本:a+seed=1+extra_body.x=日本"))),
        || Some(Overlay::System(Box::new(text_area("")))),
        || Some(Overlay::Wire(WireView { scroll: 3, shift: 20 })),
    ];
    let sizes = (1..=24).flat_map(|height| [1, 2, 3, 9, 39, 40, 41, 60, 79, 99, 100, 131].map(|width| (width, height)));
    for (at, size) in sizes.enumerate() {
        let mut state = workbench(size, at % 4);
        state.overlay = overlays[at % overlays.len()]();
        state.focus = [Focus::Prompt, Focus::Panes, Focus::Models, Focus::History][at % 4];
        fresh(&state);
        let lane = || Script::of("日本:モデル").asks(0, "x:y").thinks(1, "hm").text(9, "日本語 **text**\n```\ncode");
        show(&mut state, "Q 日本", (0..5).map(|_| lane().still_runs()).collect());
        state.panes.focused = at % 7;
        state.panes.zoomed = at % 3 == 0;
        fresh(&state);
    }
}

#[test]
fn a_stream_costs_what_is_new() {
    let theme = Theme::without_colour();
    let look = Look { theme: &theme, columns: 80 };
    let mut growing = Growing::<Markdown>::default();
    let mut text = String::new();
    let began = std::time::Instant::now();
    for number in 0..20_000 {
        text.push_str(if number % 10 == 9 { "word.\n" } else { "word " });
        growing.update(&text, look);
    }
    // Rendering all of it each time would take minutes.
    assert!(began.elapsed() < std::time::Duration::from_secs(20));
    assert_eq!(all(growing.rows()).len(), 2_000);
}
