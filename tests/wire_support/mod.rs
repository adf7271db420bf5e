//! What the tests of the wire formats share: decoding bytes in any pieces, and the kit beside the repository.
#![allow(dead_code)]

use std::path::{Path, PathBuf};

use llmbench::catalog::{self, InterfaceKind};
use llmbench::message::{ModelResponse, ResponseBuilder, StreamEvent};
use llmbench::wire::{ModelError, interface};
use serde_json::Value;

/// Everything that a decoder said: the response as far as it came, its events, and the failure if it failed.
#[derive(Debug, PartialEq)]
pub struct Decoded {
    pub response: ModelResponse,
    pub events: Vec<StreamEvent>,
    pub error: Option<ModelError>,
}

/// Decodes a body that arrives in these pieces.
pub fn decode<'a>(kind: InterfaceKind, streaming: bool, pieces: impl IntoIterator<Item = &'a [u8]>) -> Decoded {
    let mut decoder = interface(kind).expect("a wire format").decoder(streaming);
    let mut events = Vec::new();
    let pushed = pieces.into_iter().try_for_each(|piece| decoder.push(piece, &mut events));
    let error = pushed.and_then(|()| decoder.finish(&mut events)).err();
    let mut builder = ResponseBuilder::default();
    for event in &events {
        builder.apply(event);
    }
    check_order(&events, error.is_none());
    Decoded { response: builder.into_response(), events, error }
}

/// Parts are numbered densely, deltas follow their start, and a complete answer has told its end.
fn check_order(events: &[StreamEvent], complete: bool) {
    let (mut begun, mut finished) = (0, false);
    for event in events {
        match event {
            StreamEvent::PartStart { index, .. } => {
                assert_eq!(*index, begun, "{events:#?}");
                begun += 1;
            }
            StreamEvent::PartDelta { index, .. } | StreamEvent::PartEnd { index } => {
                assert!(*index < begun, "{events:#?}");
            }
            StreamEvent::Finish { .. } => finished = true,
            StreamEvent::Start { .. } | StreamEvent::Usage { .. } => {}
        }
    }
    assert!(finished || !complete, "no end: {events:#?}");
}

/// The bytes cut at these offsets.
pub fn cut_at<'a>(bytes: &'a [u8], cuts: &[usize]) -> Vec<&'a [u8]> {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).chain([0, bytes.len()]).collect();
    cuts.sort_unstable();
    cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect()
}

/// The interface of a recording or request, by the name of its provider.
pub fn kind_of(provider: &str) -> InterfaceKind {
    catalog::provider(provider).unwrap_or_else(|| panic!("no provider {provider}")).interface
}

/// The provider that a recording's name begins with: `openai-responses-tools` is of `openai-responses`.
pub fn provider_of(name: &str) -> &str {
    let rows = catalog::providers().iter().map(|row| row.name.as_str());
    let found = rows.filter(|row| name.strip_prefix(row).is_some_and(|rest| rest.starts_with('-')));
    found.max_by_key(|row| row.len()).unwrap_or_else(|| panic!("{name} begins with no provider"))
}

/// The repository's own recordings.
pub fn own_data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/wire")
}

/// A folder of the kit beside the repository; `None`, and a word about it, when the kit isn't there.
pub fn kit(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/wire").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: ../shared/wire is not here");
    None
}

/// The JSON files of the folders in `root` that the interfaces here can read: (name of the provider, file, JSON).
pub fn documents(root: &Path) -> Vec<(String, String, Value)> {
    let mut found = Vec::new();
    // For work on one interface: `WIRE_ONLY=mistral cargo test --test wire_recordings`.
    let only = std::env::var("WIRE_ONLY").ok();
    for provider in catalog::providers().iter().map(|row| row.name.as_str()) {
        let folder = root.join(provider);
        let is_asked_for = only.as_deref().is_none_or(|only| only == provider);
        if !folder.is_dir() || !is_asked_for {
            continue;
        }
        let mut paths: Vec<PathBuf> =
            std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        for path in paths {
            let name = format!("{provider}/{}", path.file_stem().expect("a name").to_string_lossy());
            let text = std::fs::read_to_string(&path).expect("readable");
            found.push((provider.to_owned(), name, serde_json::from_str(&text).expect("JSON")));
        }
    }
    found
}
