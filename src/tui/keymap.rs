//! The one table of keys. Help, footer, README and the configuration's `[keys]` come from it.

mod chord;
mod context;
mod table;
#[cfg(test)]
mod tests;

pub use chord::Chord;
pub use context::Context;

use self::table::TABLE;
use super::Action;
use crate::catalog::closest;
use crate::config::{ConfigError, Located};

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Where it holds.
    pub context: Context,
    /// What it does.
    pub action: Action,
    /// Its name in `[keys]`.
    pub name: &'static str,
    /// Its keys, the first one is shown.
    pub chords: Vec<Chord>,
    /// A word or two for the footer; empty for rows that are in the help only.
    pub label: &'static str,
    /// A sentence for the help.
    pub help: &'static str,
}

/// Keys and what they mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

impl Default for Keymap {
    fn default() -> Self {
        let row = |&(context, action, name, chords, label, help): &(_, _, _, &str, _, _)| Binding {
            context,
            action,
            name,
            chords: chords
                .split_whitespace()
                .map(|chord| Chord::parse(chord).expect("the table's own chords"))
                .collect(),
            label,
            help,
        };
        Self { bindings: TABLE.iter().map(row).collect() }
    }
}

impl Keymap {
    /// The table with the configuration's `[keys]` over it: action name → chords, separated by spaces.
    ///
    /// # Errors
    /// All by place: an action or a key that is none, or a key that means two things in one place.
    pub fn with_overrides(overrides: &[(Located<String>, Located<String>)]) -> Result<Self, ConfigError> {
        let mut keymap = Self::default();
        let put = |(name, chords): &_| keymap.put(name, chords).err();
        let mut problems: Vec<String> = overrides.iter().filter_map(put).collect();
        problems.extend(overrides.iter().filter_map(|(name, chords)| keymap.conflict(&name.value, chords)));
        ConfigError::of_problems(problems).map_or(Ok(keymap), Err)
    }

    fn put(&mut self, name: &Located<String>, chords: &Located<String>) -> Result<(), String> {
        let parsed: Result<Vec<_>, _> = chords.value.split_whitespace().map(Chord::parse).collect();
        let parsed = parsed.map_err(|what| chords.problem(format!("{} in [keys]: {what}", name.value)))?;
        let binding = self.bindings.iter_mut().find(|binding| binding.name == name.value);
        binding.ok_or_else(|| name.problem(unknown_action(&name.value)))?.chords = parsed;
        Ok(())
    }

    /// The sentence about a key of this action that means something else in the same place.
    fn conflict(&self, name: &str, chords: &Located<String>) -> Option<String> {
        let own = self.bindings.iter().find(|row| row.name == name)?;
        let mut others = self.rows(own.context).filter(|row| row.name != name);
        let (other, chord) =
            others.find_map(|row| Some((row, own.chords.iter().find(|key| row.chords.contains(key))?)))?;
        let what = format!("{name} in [keys]: {chord} is already the key of {}, which needs another one", other.name);
        Some(chords.problem(what))
    }

    /// What a key means there; what it means below that comes second, and what it means everywhere third.
    #[must_use]
    pub fn action(&self, context: Context, chord: Chord) -> Option<Action> {
        let of = |wanted| self.bindings.iter().find(|row| row.context == wanted && row.chords.contains(&chord));
        let types = chord.typed().is_some() && context.is_typed_into();
        let below = || context.below().and_then(of);
        of(context).or_else(below).or_else(|| of(Context::Global).filter(|_| !types)).map(|row| row.action)
    }

    /// The rows of a context, in the table's order.
    pub fn rows(&self, context: Context) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(move |row| row.context == context)
    }

    /// What the footer shows there: key and label, what matters most first.
    #[must_use]
    pub fn footer(&self, context: Context) -> Vec<(Chord, &'static str)> {
        let labelled = |row: &&Binding| !row.label.is_empty();
        let below = context.below().into_iter().flat_map(|below| self.rows(below));
        let global = self.rows(Context::Global).filter(|_| !context.rests_others());
        let rows = self.rows(context).chain(below).chain(global).filter(labelled);
        rows.filter_map(|row| Some((self.chord(context, row)?, row.label))).collect()
    }

    /// The first of a row's keys that means its action in that place.
    #[must_use]
    pub fn chord(&self, context: Context, row: &Binding) -> Option<Chord> {
        row.chords.iter().copied().find(|chord| self.action(context, *chord) == Some(row.action))
    }
}

fn unknown_action(name: &str) -> String {
    let known = closest(name, TABLE.iter().map(|row| row.2));
    let suggestion = known.map_or_else(String::new, |known| format!(", did you mean {known:?}?"));
    format!("unknown action {name:?} in [keys]{suggestion}")
}
