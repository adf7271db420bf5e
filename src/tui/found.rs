//! Where the rows of an answer hold what is looked for. Goes on where it stopped as the answer grows.

use ratatui::text::Line;

/// A place in rows: the row, and the byte in its text.
pub type Place = (usize, usize);

/// What stands before a row that goes on: the bars of quotations, the marks of code and of lists.
const LEADS: [char; 6] = [' ', '↪', '▎', '│', '•', '▌'];

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle {
    letters: Vec<char>,
    /// Whether capitals count: they do as soon as one is typed.
    exact: bool,
}

/// A place that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Where it begins.
    pub start: Place,
    /// Where it ends.
    pub end: Place,
}

/// The hits in rows that grow at their end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    seen: usize,
    /// In order; none overlaps another.
    pub hits: Vec<Hit>,
}

impl Needle {
    /// What is looked for; `None` when that is nothing.
    #[must_use]
    pub fn of(query: &str) -> Option<Self> {
        let exact = query.chars().any(char::is_uppercase);
        let letters: Vec<char> =
            query.chars().map(|letter| if letter.is_whitespace() { ' ' } else { letter }).collect();
        (!query.trim().is_empty()).then_some(Self { letters, exact })
    }

    fn is(&self, wanted: char, letter: char) -> bool {
        if self.exact || letter.is_ascii() {
            return wanted == letter || !self.exact && wanted == letter.to_ascii_lowercase();
        }
        letter.to_lowercase().next() == Some(wanted)
    }

    /// Where it ends when it begins at the cursor. Rows that a text was wrapped into count as one.
    fn ends(&self, mut cursor: Cursor<'_>, columns: usize) -> Option<Place> {
        let mut before = None;
        for wanted in &self.letters {
            loop {
                let row = cursor.row;
                match cursor.next()? {
                    Step::Letter(letter) if self.is(*wanted, letter) => break,
                    Step::Letter(_) => return None,
                    Step::RowEnd => {
                        let left = cursor.rows[row].spans.iter().map(|span| span.content.len()).sum::<usize>();
                        let may_go_on =
                            before == Some(' ') || *wanted == ' ' || cursor.rows[row].width() + 1 >= columns;
                        if before.is_none() || left == 0 || !may_go_on {
                            return None;
                        }
                        cursor.skip_leads();
                        if *wanted == ' ' && before != Some(' ') {
                            break;
                        }
                    }
                }
            }
            before = Some(*wanted);
        }
        Some(cursor.place())
    }
}

impl Hits {
    /// Looks through the rows that are new. `columns` is how wide rows can be.
    pub fn update(&mut self, needle: &Needle, rows: &[Line<'static>], columns: usize) {
        if rows.len() < self.seen {
            *self = Self::default();
        }
        if rows.len() == self.seen {
            return;
        }
        // What began in the last rows may go on in the new ones. A hit has at most as many rows as letters.
        let from = self.seen.saturating_sub(needle.letters.len());
        self.hits.truncate(self.hits.partition_point(|hit| hit.start.0 < from));
        let end_of_last = self.hits.last().map_or((0, 0), |hit| hit.end);
        self.look(needle, Cursor::at(rows, end_of_last.max((from, 0))), columns);
        self.seen = rows.len();
    }

    fn look(&mut self, needle: &Needle, mut cursor: Cursor<'_>, columns: usize) {
        let first = needle.letters[0];
        loop {
            cursor.skip_to(first, needle.exact);
            let start = cursor.clone();
            match cursor.next() {
                None => return,
                Some(Step::Letter(letter)) if needle.is(first, letter) => {
                    if let Some(end) = needle.ends(start.clone(), columns) {
                        self.hits.push(Hit { start: start.place(), end });
                        cursor = Cursor::at(cursor.rows, end);
                    }
                }
                Some(_) => {}
            }
        }
    }

    /// The hits that have a part in these rows.
    pub fn within(&self, rows: std::ops::Range<usize>) -> impl Iterator<Item = (usize, &Hit)> {
        let from = self.hits.partition_point(|hit| hit.end.0 < rows.start);
        let hits = self.hits.iter().enumerate().skip(from);
        hits.take_while(move |(_, hit)| hit.start.0 < rows.end)
    }
}

enum Step {
    Letter(char),
    RowEnd,
}

/// Goes through the letters of rows.
#[derive(Clone)]
struct Cursor<'a> {
    rows: &'a [Line<'static>],
    row: usize,
    span: usize,
    /// In the span, and in the row.
    bytes: (usize, usize),
}

impl<'a> Cursor<'a> {
    fn at(rows: &'a [Line<'static>], place: Place) -> Self {
        let mut cursor = Self { rows, row: place.0, span: 0, bytes: (0, 0) };
        while cursor.row == place.0 && cursor.bytes.1 < place.1 && cursor.next().is_some() {}
        cursor
    }

    fn place(&self) -> Place {
        (self.row, self.bytes.1)
    }

    fn next(&mut self) -> Option<Step> {
        let line = self.rows.get(self.row)?;
        while let Some(span) = line.spans.get(self.span) {
            if let Some(letter) = span.content[self.bytes.0..].chars().next() {
                self.bytes = (self.bytes.0 + letter.len_utf8(), self.bytes.1 + letter.len_utf8());
                return Some(Step::Letter(letter));
            }
            (self.span, self.bytes.0) = (self.span + 1, 0);
        }
        *self = Self { rows: self.rows, row: self.row + 1, span: 0, bytes: (0, 0) };
        Some(Step::RowEnd)
    }

    /// Skips what can't be that letter, in the span where it stands.
    fn skip_to(&mut self, wanted: char, exact: bool) {
        let span = self.rows.get(self.row).and_then(|line| line.spans.get(self.span));
        let Some(rest) = span.map(|span| &span.content.as_bytes()[self.bytes.0..]).filter(|_| wanted.is_ascii()) else {
            return;
        };
        let (small, large) = (wanted as u8, wanted.to_ascii_uppercase() as u8);
        let found = if exact { memchr::memchr(small, rest) } else { memchr::memchr2(small, large, rest) };
        let skipped = found.unwrap_or(rest.len());
        self.bytes = (self.bytes.0 + skipped, self.bytes.1 + skipped);
    }

    fn skip_leads(&mut self) {
        loop {
            let mut ahead = self.clone();
            match ahead.next() {
                Some(Step::Letter(letter)) if LEADS.contains(&letter) => *self = ahead,
                _ => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[&str]) -> Vec<Line<'static>> {
        text.iter().map(|row| Line::from((*row).to_owned())).collect()
    }

    fn found(query: &str, text: &[&str], columns: usize) -> Vec<(Place, Place)> {
        let mut hits = Hits::default();
        hits.update(&Needle::of(query).expect("a query"), &rows(text), columns);
        hits.hits.iter().map(|hit| (hit.start, hit.end)).collect()
    }

    #[test]
    fn capitals_count_once_one_is_typed() {
        assert_eq!(found("the", &["The other"], 40), [((0, 0), (0, 3)), ((0, 5), (0, 8))]);
        assert_eq!(found("The", &["The other the"], 40), [((0, 0), (0, 3))]);
        assert_eq!(found("aa", &["aaaa a"], 40), [((0, 0), (0, 2)), ((0, 2), (0, 4))], "none overlaps another");
        assert_eq!(found("é", &["É e"], 40), [((0, 0), (0, 2))]);
        assert_eq!(Needle::of("  "), None);
    }

    #[test]
    fn what_was_wrapped_counts_as_one() {
        assert_eq!(found("new york", &["in New ", "York"], 12), [((0, 3), (1, 4))], "after the space");
        assert_eq!(found("new york", &["in New", "York"], 6), [((0, 3), (1, 4))], "which was dropped");
        assert_eq!(found("東京都", &["は東京", "都で"], 7), [((0, 3), (1, 3))], "between wide letters");
        assert_eq!(found("println", &[" prin", "↪tln"], 5), [((0, 1), (1, 6))], "within a word of code");
        assert_eq!(found("ab", &["a", "b"], 40), [], "rows that end early go on nowhere");
        assert_eq!(found("a b", &["a", "", "b"], 40), [], "paragraphs are apart");
    }

    #[test]
    fn rows_that_come_later_are_found_as_if_they_had_been_there() {
        let all = rows(&["a new ", "york a", "new york new ", "", "york new", "york"]);
        let needle = Needle::of("new york").expect("a query");
        let mut growing = Hits::default();
        for count in 0..=all.len() {
            growing.update(&needle, &all[..count], 8);
            let mut whole = Hits::default();
            whole.update(&needle, &all[..count], 8);
            assert_eq!(growing, whole, "{count}");
        }
        assert_eq!(growing.hits.len(), 3);
    }

    #[test]
    fn hits_within_rows() {
        let mut hits = Hits::default();
        hits.update(&Needle::of("ab").expect("a query"), &rows(&["ab", "x", "ab ab", "ab"]), 9);
        assert_eq!(hits.within(1..3).map(|(at, _)| at).collect::<Vec<_>>(), [1, 2]);
    }
}
