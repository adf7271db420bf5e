//! How fast streams are decoded: every recorded stream of an interface, in pieces as a socket brings them.
//!
//! The vendors' recordings stand beside the repository (`../shared/wire`); without them the repository's own are read,
//! which are too short to say much. `cargo bench --bench decode`; `cargo bench --bench decode -- openai` for one.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use base64::Engine;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use llmbench::catalog::{InterfaceKind, provider};
use llmbench::wire::interface;
use serde_json::Value;

/// What one read of a socket brings at most: TLS's largest record.
const PIECE: usize = 16 * 1024;

/// Providers whose streams are read, one for each format and for each way of speaking it.
const PROVIDERS: [&str; 9] =
    ["openai", "anthropic", "google-gla", "openai-responses", "groq", "openrouter", "mistral", "cohere", "bedrock"];

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// The recorded streams of a provider that are answers.
fn recorded(root: &Path, provider: &str) -> Vec<Vec<u8>> {
    let read = |path: &PathBuf| {
        let json: Value = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
        let is_answer = json["stream"] == true && json["expect"]["outcome"] == "completed";
        let body = json["response"]["body_b64"].as_str().filter(|_| is_answer)?;
        base64::engine::general_purpose::STANDARD.decode(body).ok()
    };
    files(&root.join("../shared/wire/recordings").join(provider)).iter().filter_map(read).collect()
}

/// The repository's own streams of a provider.
fn own(root: &Path, provider: &str) -> Vec<Vec<u8>> {
    let is_own = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(&format!("{provider}-")) && (name.ends_with(".sse") || name.ends_with(".eventstream"))
    };
    let paths = files(&root.join("tests/data/wire")).into_iter().filter(is_own);
    paths.filter_map(|path| std::fs::read(path).ok()).collect()
}

fn streams(provider: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let recorded = recorded(root, provider);
    if recorded.is_empty() { own(root, provider) } else { recorded }
}

/// The stream's events, a piece each, as they come when a model is slower than the network.
fn events(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = body;
    std::iter::from_fn(move || {
        let end = rest.windows(2).position(|pair| pair == b"\n\n").map_or(rest.len(), |at| at + 2);
        let (event, more) = rest.split_at(end);
        rest = more;
        Some(event).filter(|event| !event.is_empty())
    })
}

fn decode<'a>(kind: InterfaceKind, pieces: impl Iterator<Item = &'a [u8]>) -> usize {
    let mut decoder = interface(kind).expect("a wire format").decoder(true);
    let (mut out, mut events) = (Vec::new(), 0);
    for piece in pieces {
        let _ = decoder.push(piece, &mut out);
        events += black_box(&out).len();
        out.clear();
    }
    let _ = decoder.finish(&mut out);
    events + out.len()
}

fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decode");
    for name in PROVIDERS {
        let kind = provider(name).expect("a provider").interface;
        let streams = streams(name);
        let bytes: usize = streams.iter().map(Vec::len).sum();
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_with_input(BenchmarkId::from_parameter(name), &streams, |bencher, streams| {
            bencher.iter(|| streams.iter().map(|body| decode(kind, body.chunks(PIECE))).sum::<usize>());
        });
        let pieces: Vec<Vec<&[u8]>> = streams.iter().map(|body| events(body).collect()).collect();
        group.bench_with_input(BenchmarkId::new(name, "by event"), &pieces, |bencher, pieces| {
            bencher.iter(|| pieces.iter().map(|pieces| decode(kind, pieces.iter().copied())).sum::<usize>());
        });
    }
    group.finish();
}

criterion_group!(decoding, benches);
criterion_main!(decoding);
