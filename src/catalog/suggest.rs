//! "Did you mean …?"

/// The known name closest to what was typed, if one is close enough to be meant.
#[must_use]
pub fn closest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&typed, &name.to_lowercase()), name))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn a_slip_is_understood_and_a_stranger_is_not() {
        let known = ["openai", "anthropic", "ollama"];
        assert_eq!(closest("opnai", known), Some("openai"));
        assert_eq!(closest("Antropic", known), Some("anthropic"));
        assert_eq!(closest("zzz", known), None);
    }
}
