//! Prompts with `{{variables}}`, whose values are asked for before they are sent.

/// A stretch of a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// As it is.
    Text(&'a str),
    /// A variable of that name.
    Variable(&'a str),
}

/// The prompt, piece by piece. A variable is a name in double braces, with or without spaces around it; braces that
/// hold anything else are text.
#[must_use]
pub fn pieces(prompt: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut begin, mut from) = (0, 0);
    while let Some(open) = prompt[from..].find("{{").map(|at| from + at) {
        let Some((name, end)) = variable(prompt, open) else {
            from = open + 1;
            continue;
        };
        pieces.extend(Some(Piece::Text(&prompt[begin..open])).filter(|_| begin < open));
        pieces.push(Piece::Variable(name));
        (begin, from) = (end, end);
    }
    pieces.extend(Some(Piece::Text(&prompt[begin..])).filter(|_| begin < prompt.len()));
    pieces
}

/// The name between the braces that open there, and where they end.
fn variable(prompt: &str, open: usize) -> Option<(&str, usize)> {
    let inside = prompt[open + 2..].trim_start_matches(' ');
    let is_of_name = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-';
    let (name, rest) = inside.split_at(inside.find(|letter| !is_of_name(letter)).unwrap_or(inside.len()));
    let rest = rest.trim_start_matches(' ').strip_prefix("}}")?;
    let is_name = name.starts_with(|first: char| first.is_alphabetic() || first == '_');
    is_name.then_some((name, prompt.len() - rest.len()))
}

/// The names of its variables, each once, in the order of their appearance.
#[must_use]
pub fn variables(prompt: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for piece in pieces(prompt) {
        match piece {
            Piece::Variable(name) if !names.contains(&name) => names.push(name),
            Piece::Variable(_) | Piece::Text(_) => {}
        }
    }
    names
}

/// The prompt with values in the places of its variables. Braces in a value are text.
#[must_use]
pub fn filled(prompt: &str, values: &[(String, String)]) -> String {
    let value = |name: &str| values.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value);
    let text = |piece: &Piece<'_>| match piece {
        Piece::Text(text) => (*text).to_owned(),
        Piece::Variable(name) => value(name).to_owned(),
    };
    pieces(prompt).iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_in_double_braces_are_variables_and_all_else_is_text() {
        let table: [(&str, &[&str]); 7] = [
            ("Where is {{city}}, {{ country }}, {{city}}?", &["city", "country"]),
            ("{{größe_2}}{{a-b}}", &["größe_2", "a-b"]),
            ("{{}} {{ }} {{1a}} {{a b}} {{a.b}} {a} {{a}", &[]),
            ("{{{x}}}", &["x"]),
            ("{{ {{y}}", &["y"]),
            ("{{a\n}}", &[]),
            ("", &[]),
        ];
        for (prompt, expected) in table {
            assert_eq!(variables(prompt), expected, "{prompt}");
        }
    }

    #[test]
    fn values_are_text() {
        let values = [("a".to_owned(), "{{b}}".to_owned()), ("b".to_owned(), "2".to_owned())];
        assert_eq!(filled("{{a}}+{{ b }}={{{b}}}", &values), "{{b}}+2={2}");
        assert_eq!(filled("{{unknown}}!", &values), "!");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_no_variable_stays_as_it_is(prompt in "(\\{\\{|\\}\\}|[{} a-cé]){0,12}") {
            let whole = |piece: Piece<'_>| match piece {
                Piece::Text(text) => text.to_owned(),
                Piece::Variable(name) => format!("{{{{{name}}}}}"),
            };
            let again: String = pieces(&prompt).into_iter().map(whole).collect();
            prop_assert_eq!(variables(&again), variables(&prompt));
            let bare = |text: &str| text.replace(' ', "");
            prop_assert_eq!(bare(&again), bare(&prompt));
        }
    }
}
