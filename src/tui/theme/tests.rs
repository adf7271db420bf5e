use ratatui::style::{Color, Modifier, Style};

use super::*;

fn luminance(colour: Color) -> Option<f64> {
    let Color::Rgb(red, green, blue) = colour else { return None };
    let linear = |channel: u8| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    Some(0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue))
}

fn contrast(ink: Style, ground: Style) -> Option<f64> {
    let (a, b) = (luminance(ink.fg?)?, luminance(ground.bg?)?);
    Some((a.max(b) + 0.05) / (a.min(b) + 0.05))
}

#[test]
fn every_embedded_file_is_a_theme() {
    for text in EMBEDDED {
        Theme::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    }
    let names: Vec<_> = Theme::embedded().into_iter().map(|theme| theme.name).collect();
    assert_eq!(names, ["default", "light", "contrast", "terminal"]);
    assert_eq!(Theme::by_name("light").map(|theme| theme.name), Some("light".to_owned()));
    assert_eq!(Theme::by_name("none such"), None);
}

#[test]
fn a_missing_an_unknown_and_a_wrong_name_are_errors() {
    let text = EMBEDDED[0];
    let without = text.replace("accent = \"#7cc7ff\"\n", "");
    assert!(Theme::parse(&without).expect_err("missing").to_string().contains("accent"));
    assert!(
        Theme::parse(&format!("{text}\nshadow = \"#000000\"")).expect_err("unknown").to_string().contains("shadow")
    );
    let wrong = text.replace("#7cc7ff", "sky");
    assert!(Theme::parse(&wrong).expect_err("no colour").to_string().contains("accent = \"sky\""));
    assert!(Theme::parse(&text.replace("#7cc7ff", "12")).is_err());
}

#[test]
fn text_is_readable_on_every_ground() {
    for theme in Theme::embedded().iter().filter(|theme| theme.name != "terminal") {
        let least = if theme.name == "contrast" { 7.0 } else { 4.5 };
        let inks = [
            ("text", theme.text),
            ("dim", theme.dim),
            ("accent", theme.accent),
            ("border_focused", theme.border_focused),
            ("success", theme.success),
            ("warning", theme.warning),
            ("error", theme.error),
            ("thinking", theme.thinking),
            ("heading", theme.heading),
            ("link", theme.link),
            ("user", theme.user),
            ("code", theme.code),
        ];
        for (name, ink) in inks {
            for (place, ground) in
                [("background", theme.background), ("surface", theme.surface), ("code", theme.code_background)]
            {
                let ratio = contrast(ink, ground).expect("an RGB theme");
                assert!(ratio >= least, "{}: {name} on {place} is {ratio:.2}", theme.name);
            }
        }
        for (name, ink) in [("text", theme.text), ("dim", theme.dim), ("accent", theme.accent)] {
            let ratio = contrast(ink, theme.selection).expect("an RGB theme");
            let least = if name == "text" { least } else { 3.0 };
            assert!(ratio >= least, "{}: {name} on selection is {ratio:.2}", theme.name);
        }
    }
}

#[test]
fn the_terminal_theme_uses_sixteen_colours_and_no_colour_none() {
    let styles = |theme: &Theme| {
        [theme.background, theme.text, theme.dim, theme.accent, theme.error, theme.selection, theme.code, theme.user]
    };
    let terminal = Theme::by_name("terminal").expect("embedded");
    let rgb = |colour: Option<Color>| matches!(colour, Some(Color::Rgb(..) | Color::Indexed(_)));
    assert!(styles(&terminal).iter().all(|style| !rgb(style.fg) && !rgb(style.bg)));
    let plain = Theme::without_colour();
    assert!(styles(&plain).iter().all(|style| style.fg.is_none() && style.bg.is_none()));
    assert!(plain.selection.add_modifier.contains(Modifier::REVERSED));
}
