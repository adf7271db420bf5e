//! What a response says of itself, told once and again only when it changes: vendors repeat it in every chunk.

use crate::message::StreamEvent;

/// The model and identifier told last.
#[derive(Debug, Default)]
pub struct Head {
    told: bool,
    model_name: Option<String>,
    provider_response_id: Option<String>,
}

impl Head {
    /// Takes in what a chunk says.
    pub fn tell(&mut self, model: Option<&str>, id: Option<&str>, out: &mut Vec<StreamEvent>) {
        let changed = replace(&mut self.model_name, model) | replace(&mut self.provider_response_id, id);
        if changed || !self.told {
            self.told = true;
            out.push(StreamEvent::Start {
                model_name: self.model_name.clone(),
                provider_response_id: self.provider_response_id.clone(),
            });
        }
    }
}

fn replace(mine: &mut Option<String>, theirs: Option<&str>) -> bool {
    let changed = theirs.is_some() && mine.as_deref() != theirs;
    if changed {
        *mine = theirs.map(str::to_owned);
    }
    changed
}
