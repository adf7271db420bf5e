//! What must hold for every decoder, whatever bytes come: it doesn't panic, and it says the same however the bytes are
//! cut. A target for each interface hands its bytes to [`check`].
//!
//! `cargo fuzz run openai -- -runs=10000000`; `fuzz/seed` fills the corpus from recordings. cargo-fuzz wants a nightly
//! compiler, or a stable one with `RUSTC_BOOTSTRAP=1`.

mod frames;

use llmbench::catalog::InterfaceKind;
use llmbench::message::{ResponseBuilder, StreamEvent};
use llmbench::wire::{Decoder, ModelError, command, interface};

/// The bytes that say how the others are read.
const HEAD: usize = 4;

/// Reads `data`: how it is cut, whether it is a stream, then the body.
///
/// # Panics
/// When a law is broken: that is what the fuzzer looks for.
pub fn check(kind: InterfaceKind, data: &[u8]) {
    let interface = interface(kind).expect("a wire format");
    let frame = if kind == InterfaceKind::Bedrock { frames::framed } else { <[u8]>::to_vec };
    check_with(data, |streaming| interface.decoder(streaming), frame);
}

/// The same for what programs of the user's write.
///
/// # Panics
/// When a law is broken.
pub fn check_command(data: &[u8]) {
    check_with(data, |_| command::decoder("mine:fuzz", None), <[u8]>::to_vec);
}

fn check_with(data: &[u8], decoder: impl Fn(bool) -> Box<dyn Decoder>, frame: fn(&[u8]) -> Vec<u8>) {
    let Some((head, body)) = data.split_first_chunk::<HEAD>() else { return };
    let streaming = head[0] & 1 == 0;
    let framed = streaming && head[0] & 2 == 0;
    let body = if framed { frame(body) } else { body.to_vec() };
    let whole = decode(decoder(streaming), &[&body]);
    assert_eq!(decode(decoder(streaming), &cut(&body, head)), whole, "another cut, another answer");
    check_events(&whole.0, whole.1.is_none());
}

fn decode(mut decoder: Box<dyn Decoder>, pieces: &[&[u8]]) -> (Vec<StreamEvent>, Option<ModelError>) {
    let mut events = Vec::new();
    let pushed = pieces.iter().try_for_each(|piece| decoder.push(piece, &mut events));
    let error = pushed.and_then(|()| decoder.finish(&mut events)).err();
    (events, error)
}

/// One cut anywhere, and the rest in pieces of one size.
fn cut<'a>(body: &'a [u8], head: &[u8; HEAD]) -> Vec<&'a [u8]> {
    let at = usize::from(u16::from_le_bytes([head[1], head[2]])) % (body.len() + 1);
    let (first, rest) = body.split_at(at);
    std::iter::once(first).chain(rest.chunks(usize::from(head[3]).max(1))).collect()
}

/// Parts are numbered densely, deltas follow their start, a complete answer has told its end; and all of it folds.
fn check_events(events: &[StreamEvent], complete: bool) {
    let (mut begun, mut finished) = (0, false);
    let mut builder = ResponseBuilder::default();
    for event in events {
        match event {
            StreamEvent::PartStart { index, .. } => {
                assert_eq!(*index, begun, "a part out of order");
                begun += 1;
            }
            StreamEvent::PartDelta { index, .. } | StreamEvent::PartEnd { index } => {
                assert!(*index < begun, "a delta before its part");
            }
            StreamEvent::Finish { .. } => finished = true,
            StreamEvent::Start { .. } | StreamEvent::Usage { .. } => {}
        }
        builder.apply(event);
    }
    assert!(finished || !complete, "complete without an end");
}
