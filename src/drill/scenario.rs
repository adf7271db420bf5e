//! Who fails when: the scenarios of a drill.

use serde::Serialize;

use super::Fault;
use super::stage::is_drilled;
use crate::model::Member;

/// Which members a fault is played at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// At the first that can be drilled; the others are healthy.
    First,
    /// At every one that can be drilled.
    Every,
}

/// One thing that goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// What is played.
    pub fault: Fault,
    /// Where.
    pub at: At,
    /// What the server of each member plays, in their order; `None`: it is healthy.
    pub faults: Vec<Option<Fault>>,
}

impl Scenario {
    /// The scenarios for these faults. Where only one member can be drilled, the first is every one: beside others it is
    /// told as the first, alone as every one.
    #[must_use]
    pub fn all(members: &[Member], faults: &[Fault]) -> Vec<Self> {
        let drilled: Vec<_> = members.iter().map(is_drilled).collect();
        let places: &[At] = match (drilled.len(), drilled.iter().filter(|drilled| **drilled).count()) {
            (_, 0) => &[],
            (1, _) => &[At::Every],
            (_, 1) => &[At::First],
            _ => &[At::First, At::Every],
        };
        let scenario = |fault: Fault, at| Self { fault, at, faults: placed(fault, at, &drilled) };
        faults.iter().flat_map(|fault| places.iter().map(move |at| scenario(*fault, *at))).collect()
    }

    /// Whether anybody could answer whole.
    #[must_use]
    pub fn has_healthy(&self) -> bool {
        self.faults.contains(&None)
    }
}

fn placed(fault: Fault, at: At, drilled: &[bool]) -> Vec<Option<Fault>> {
    let first = drilled.iter().position(|drilled| *drilled);
    let fails = |(number, drilled): (usize, &bool)| *drilled && (at == At::Every || Some(number) == first);
    drilled.iter().enumerate().map(|member| fails(member).then_some(fault)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Environment};
    use crate::settings::Settings;

    type Played = (At, Vec<Option<Fault>>);

    fn members(providers: &[&str]) -> Vec<Member> {
        let member = |name: &&str| {
            let provider = Config::default().provider(name, &Environment::default()).expect("built in");
            Member { id: (*name).to_owned(), model: "m".to_owned(), provider, settings: Settings::default() }
        };
        providers.iter().map(member).collect()
    }

    #[test]
    fn a_fault_is_played_where_it_can_be() {
        let fault = Fault::Timeout;
        let (bad, well) = (Some(fault), None);
        let table: [(&[&str], &[Played]); 5] = [
            (&["openai"], &[(At::Every, vec![bad])]),
            (&["openai", "groq"], &[(At::First, vec![bad, well]), (At::Every, vec![bad, bad])]),
            (&["test", "openai", "groq"], &[(At::First, vec![well, bad, well]), (At::Every, vec![well, bad, bad])]),
            (&["openai", "test"], &[(At::First, vec![bad, well])]),
            (&["test"], &[]),
        ];
        for (providers, expected) in table {
            let scenarios = Scenario::all(&members(providers), &[fault]);
            let told: Vec<_> = scenarios.into_iter().map(|scenario| (scenario.at, scenario.faults)).collect();
            assert_eq!(told, expected, "{providers:?}");
        }
    }
}
