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

fn theme(name: &str) -> Theme {
    Theme::embedded().into_iter().find(|theme| theme.name == name).expect("embedded")
}

#[test]
fn every_embedded_file_is_a_theme() {
    let files: Vec<_> = EMBEDDED.iter().map(|(file, _)| file.trim_end_matches(".toml").to_owned()).collect();
    for (file, text) in EMBEDDED {
        Theme::parse(Path::new(file), text).unwrap_or_else(|error| panic!("{error} {:?}", error.more));
    }
    let names: Vec<_> = Theme::embedded().into_iter().map(|theme| theme.name).collect();
    assert_eq!(names, files);
}

#[test]
fn every_file_of_the_folder_is_embedded() {
    let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/themes")).expect("the folder");
    let mut files: Vec<_> =
        folder.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
    let mut embedded: Vec<_> = EMBEDDED.iter().map(|(file, _)| (*file).to_owned()).collect();
    files.sort();
    embedded.sort();
    assert_eq!(files, embedded);
}

/// WCAG 2.2: 4.5 to 1 for text (AAA, 7 to 1, where the theme's name promises contrast), 3 to 1 for frames and bars. Only
/// the theme that leaves the colours to the terminal can't promise anything.
#[test]
fn everything_is_readable_on_every_ground() {
    let mut faint = Vec::new();
    for theme in Theme::embedded().iter().filter(|theme| theme.name != "terminal") {
        let least = if theme.name.starts_with("contrast") { 7.0 } else { 4.5 };
        let grounds = [
            ("background", theme.background),
            ("surface", theme.surface),
            ("code_background", theme.code_background),
            ("selection", theme.selection),
        ];
        let texts = [
            ("text", theme.text),
            ("dim", theme.dim),
            ("accent", theme.accent),
            // The titles of focused frames are in it too.
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
        let texts = texts.iter().flat_map(|ink| grounds.map(|ground| (*ink, ground, least)));
        // No frame and no bar stands on a selected row.
        let frames = grounds[..3].iter().map(|ground| (("border", theme.border), *ground, 3.0));
        for ((ink, ink_style), (ground, ground_style), least) in texts.chain(frames) {
            let ratio = contrast(ink_style, ground_style).expect("an RGB theme");
            if ratio < least {
                faint.push(format!("{}: {ink} on {ground} is {ratio:.2}", theme.name));
            }
        }
    }
    assert_eq!(faint, Vec::<String>::new());
}

#[test]
fn the_terminal_theme_uses_sixteen_colours_and_no_colour_none() {
    let styles = |theme: &Theme| {
        [theme.background, theme.text, theme.dim, theme.accent, theme.error, theme.selection, theme.code, theme.user]
    };
    let terminal = theme("terminal");
    let rgb = |colour: Option<Color>| matches!(colour, Some(Color::Rgb(..) | Color::Indexed(_)));
    assert!(styles(&terminal).iter().all(|style| !rgb(style.fg) && !rgb(style.bg)));
    let plain = Theme::without_colour();
    assert!(styles(&plain).iter().all(|style| style.fg.is_none() && style.bg.is_none()));
    assert!(plain.selection.add_modifier.contains(Modifier::REVERSED));
}
