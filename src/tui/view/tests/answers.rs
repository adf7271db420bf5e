//! Answers of every kind.

use super::support::*;
use crate::message::FinishReason;
use crate::model::LaneEvent;
use crate::tui::State;
use crate::tui::state::Focus;

fn one_answer(size: (u16, u16), script: Script) -> State {
    let mut state = workbench(size, 0);
    let lane = script.used(2_000, 57, 1_280).finishes(2_000, FinishReason::Stop).completes(2_010);
    show(&mut state, "Say something", vec![lane]);
    state.focus = Focus::Panes;
    state
}

fn asked() -> Script {
    Script::of("openai:gpt-4o").asks(0, "openai:gpt-4o")
}

#[test]
fn markdown() {
    let text = "# A heading\nA paragraph with **bold**, *italic*, ~~struck~~, `code` and [a link](https://example.org), long enough to be wrapped.\n\n\n\n## Lists\n- one\n  - nested, and long enough that it has to go on in the next row, below its own text\n- [ ] to do\n- [x] done\n10. ten\n\n---\n> A quotation that is long enough to be wrapped keeps its bar in every row that it takes.\n\n```rust\nfn main() {\n\tprintln!(\"{}\", \"a line of code that is much too long for this pane and is wrapped\");\n}\n```\n| a | b |\n|---|---|\n| 1 | 2 |";
    expect("markdown_70x40", &fresh(&one_answer((70, 40), asked().text(300, text))));
}

#[test]
fn tables() {
    let text = "Prices, per million tokens:\n\n| Model | In | Out | Note |\n|:------|---:|:---:|---|\n| **gpt-4o** | $2.50 | $10.00 | `cached` input is half of it, see [prices](https://example.org/prices) |\n| 東京モデル | – | free | local \\| offline |\n| short |\n\nAnd then\n\na | b\n--|--\n1 | 2\nnot a row";
    expect("table_80x30", &fresh(&one_answer((80, 30), asked().text(300, text))));
    expect("table_40x30", &fresh(&one_answer((40, 30), asked().text(300, text))));
}

#[test]
fn code_in_colours() {
    let text = "```rust\n// says it\nfn main() {\n    println!(\"{}\", 42);\n}\n```\n~~~py\n\"\"\"doc\nstring\"\"\"\nreturn None\n~~~\n```nothing\nlet x\n```";
    let state = one_answer((50, 26), asked().text(300, text));
    let buffer = fresh(&state);
    snapshot("code_inks_50x26", &format!("{}{}", symbols(&buffer), inks(&buffer, state.theme())));
}

#[test]
fn lists_and_quotes_within_each_other() {
    let text = "1. one\n   goes on below its text, and is long enough for a second row of it here\n   - two\n     - three\n       - [x] four\n> - quoted item that is long enough to be wrapped within its quotation\n> > ## Twice\n> > deep\n\n***\nSee https://example.org/a_b_c. Done";
    expect("lists_50x28", &fresh(&one_answer((50, 28), asked().text(300, text))));
}

#[test]
fn wide_characters_combining_marks_and_controls() {
    let text = "東京は日本の首都です。二〇一二年のオリンピックはロンドンで開催されました。\n\n- 👩‍👩‍👧‍👦 family, 🏳️‍🌈 flag, 🇬🇧 country, ❤️ heart, 👍🏽 tone\n- e\u{301}te\u{301}, Z\u{335}a\u{334}l\u{336}g\u{337}o\u{338}, न\u{94d}दी\n- שלום עולם, مرحبا بالعالم\n- ﾊﾟﾋﾟ half width, tab\there, bell\u{7} and escape \u{1b}[31m\n\n```\n日本\tcode\n```";
    let state = one_answer((64, 26), asked().text(300, text));
    let buffer = fresh(&state);
    expect("wide_64x26", &buffer);
    let right = buffer.area.width - 1;
    let framed = (2..20).filter(|y| matches!(buffer[(right, *y)].symbol(), "┃" | "┨" | "┓"));
    assert_eq!(framed.count(), 18, "the frame is whole");
}

#[test]
fn settings_that_were_not_sent() {
    let omitted = LaneEvent::SettingsOmitted(vec!["temperature".to_owned(), "top_p".to_owned()]);
    for size in [(40, 12), (80, 24), (160, 45)] {
        let script = asked().at(10, &omitted).text(300, "It is noon.");
        let shown = symbols(&fresh(&one_answer(size, script)));
        assert!(shown.contains("⚠ not sent: temperature, top_p") && shown.contains("It is noon."), "{size:?}\n{shown}");
    }
}

#[test]
fn thinking_and_tool_calls() {
    let json = r#"{"city": "London", "years": [1908, 1948, 2012], "strict": true, "options": {}, "note": null, "nested": {"a": ["x", {"b": 1.5e3}]}}"#;
    let script = asked()
        .thinks(200, "First the city.\n\nThen the year, which the user has told already.")
        .text(300, "Let me look that up.")
        .calls(400, "find_games", json)
        .calls(500, "half_a_call", r#"{"query": "where we"#);
    let mut state = one_answer((60, 44), script);
    expect("tools_60x44", &fresh(&state));
    state.panes.get_mut(0).thinking_open = true;
    expect("tools_thinking_open_60x44", &fresh(&state));
}

#[test]
fn scrolled_up() {
    let text: String = (1..=60).fold(String::new(), |text, number| text + &format!("Line {number}\n"));
    let mut state = one_answer((60, 20), asked().text(300, &text));
    assert!(symbols(&fresh(&state)).contains("Line 60"));
    let pane = state.panes.get_mut(0);
    (pane.follow, pane.scroll) = (false, 10);
    let shown = symbols(&fresh(&state));
    assert!(shown.contains("Line 11 ") && !shown.contains("Line 10 ") && shown.contains("more lines"), "{shown}");
}
