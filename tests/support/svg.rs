//! A terminal's screen as SVG. Every run of cells is placed by its column, so that wide characters shift nothing.

use std::fmt::Write;

use vt100::{Cell, Color, Screen};

const CELL: (f64, f64) = (8.0, 17.0);
const FOREGROUND: &str = "#d8dee9";
const BACKGROUND: &str = "#14161b";
/// The sixteen ANSI colours.
const ANSI: [&str; 16] = [
    "#1d1f21", "#cc6666", "#b5bd68", "#f0c674", "#81a2be", "#b294bb", "#8abeb7", "#c5c8c6", "#666666", "#d54e53",
    "#b9ca4a", "#e7c547", "#7aa6da", "#c397d8", "#70c0b1", "#eaeaea",
];

/// The screen as an SVG document.
pub fn draw(screen: &Screen) -> String {
    let (rows, columns) = screen.size();
    let (rows, columns) = (rows.get(), columns.get());
    let (width, height) = (f64::from(columns) * CELL.0, f64::from(rows) * CELL.1);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" font-size=\"13.3\" shape-rendering=\"crispEdges\" \
         font-family=\"'DejaVu Sans Mono',Menlo,Consolas,monospace\" xml:space=\"preserve\">\
         <rect width=\"100%\" height=\"100%\" fill=\"{BACKGROUND}\"/>\n"
    );
    for row in 0..rows {
        let cells: Vec<_> = (0..columns).filter_map(|column| Some((column, screen.cell(row, column)?))).collect();
        for run in cells.chunk_by(|(_, a), (_, b)| Look::of(a) == Look::of(b)) {
            draw_run(&mut svg, run, row);
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// How a cell looks, its text aside.
#[derive(PartialEq)]
struct Look {
    foreground: String,
    background: String,
    attributes: String,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        let (mut foreground, mut background) = (colour(cell.fgcolor(), FOREGROUND), colour(cell.bgcolor(), BACKGROUND));
        if cell.inverse() {
            std::mem::swap(&mut foreground, &mut background);
        }
        let attributes = [
            (cell.bold(), " font-weight=\"bold\""),
            (cell.italic(), " font-style=\"italic\""),
            (cell.dim(), " opacity=\"0.65\""),
            (cell.underline(), " text-decoration=\"underline\""),
        ];
        let attributes = attributes.into_iter().filter_map(|(is_set, attribute)| is_set.then_some(attribute)).collect();
        Self { foreground, background, attributes }
    }
}

/// Cells of one look side by side: a rectangle behind them, and each character at its own place.
fn draw_run(svg: &mut String, run: &[(u16, &Cell)], row: u16) {
    let Some((first, cell)) = run.first() else { return };
    let look = Look::of(cell);
    let (x, y) = (f64::from(*first) * CELL.0, f64::from(row) * CELL.1);
    if look.background != BACKGROUND {
        let (width, height) = (run.len() as f64 * CELL.0, CELL.1);
        let _ = writeln!(
            svg,
            "<rect x=\"{x:.0}\" y=\"{y:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" fill=\"{}\"/>",
            look.background
        );
    }
    let shown = run.iter().filter(|(_, cell)| !cell.contents().trim().is_empty() && !cell.is_wide_continuation());
    let (mut places, mut text) = (String::new(), String::new());
    for (column, cell) in shown {
        let _ = write!(places, "{:.0} ", f64::from(*column) * CELL.0);
        text.push_str(&cell.contents().replace('&', "&amp;").replace('<', "&lt;"));
    }
    if !text.is_empty() {
        let baseline = y + CELL.1 * 0.76;
        let Look { foreground, attributes, .. } = look;
        let places = places.trim_end();
        let _ =
            writeln!(svg, "<text x=\"{places}\" y=\"{baseline:.1}\" fill=\"{foreground}\"{attributes}>{text}</text>");
    }
}

fn colour(colour: Color, default: &str) -> String {
    match colour {
        Color::Default => default.to_owned(),
        Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
        Color::Idx(index @ 0..16) => ANSI[usize::from(index)].to_owned(),
        Color::Idx(index @ 16..232) => {
            let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
            let cube = index - 16;
            format!("#{:02x}{:02x}{:02x}", level(cube / 36), level(cube / 6 % 6), level(cube % 6))
        }
        Color::Idx(index) => {
            let grey = 8 + 10 * (index - 232);
            format!("#{grey:02x}{grey:02x}{grey:02x}")
        }
    }
}
