//! Each answer is read by the interface's own decoder: whole, or as the fault that it plays.

use super::*;
use crate::message::{FinishReason, ResponseBuilder, StreamEvent};
use crate::wire::{ErrorKind, ModelError, interface};

const HTTP: [InterfaceKind; 7] = [
    InterfaceKind::OpenAi,
    InterfaceKind::Responses,
    InterfaceKind::Anthropic,
    InterfaceKind::Gemini,
    InterfaceKind::Mistral,
    InterfaceKind::Cohere,
    InterfaceKind::Bedrock,
];

fn every(fault: Option<Fault>) -> impl Iterator<Item = Answer> {
    HTTP.into_iter().flat_map(move |interface| [true, false].map(|stream| Answer { interface, stream, fault }))
}

/// The events of an answer's body, and what is wrong with it.
fn decoded(answer: Answer) -> (Vec<StreamEvent>, Option<ModelError>) {
    let mut decoder = interface(answer.interface).expect("a wire format").decoder(answer.stream);
    let mut events = Vec::new();
    let result = decoder.push(&answer.body(), &mut events).and_then(|()| decoder.finish(&mut events));
    (events, result.err())
}

#[test]
fn a_healthy_answer_is_whole() {
    for answer in every(None) {
        let (events, error) = decoded(answer);
        let mut folded = ResponseBuilder::default();
        for event in &events {
            folded.apply(event);
        }
        let response = folded.into_response();
        let usage = (response.usage.input_tokens, response.usage.output_tokens);
        assert_eq!((response.text().as_str(), error), ("All is well.", None), "{answer:?}");
        assert_eq!((usage, response.finish_reason), ((Some(5), Some(3)), Some(FinishReason::Stop)), "{answer:?}");
    }
}

#[test]
fn each_fault_in_a_body_is_of_its_kind() {
    let table = [
        (Fault::CutBefore, ErrorKind::Truncated),
        (Fault::CutAfter, ErrorKind::Truncated),
        (Fault::Malformed, ErrorKind::Protocol),
    ];
    for (fault, kind) in table {
        for answer in every(Some(fault)) {
            let (events, error) = decoded(answer);
            let is_seen = events.iter().any(StreamEvent::is_visible);
            assert_eq!(error.map(|error| error.kind), Some(kind), "{answer:?}");
            assert_eq!(is_seen, fault == Fault::CutAfter && answer.stream, "{answer:?}");
        }
    }
}

#[test]
fn each_fault_has_its_head() {
    let head = |stream, fault| {
        let bytes = Answer { interface: InterfaceKind::OpenAi, stream, fault: Some(fault) }.bytes()?;
        let text = String::from_utf8(bytes).expect("text");
        Some(text.split_once("\r\n\r\n").expect("a head").0.to_owned())
    };
    for stream in [true, false] {
        let too_many = "HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\nretry-after: 5\r\n\
                        content-length: 93\r\nconnection: close";
        assert_eq!(head(stream, Fault::TooMany).as_deref(), Some(too_many));
        assert_eq!(head(stream, Fault::Timeout), None);
        assert!(head(stream, Fault::Broken).expect("a head").starts_with("HTTP/1.1 500 "));
        assert!(head(stream, Fault::Malformed).expect("a head").starts_with("HTTP/1.1 200 "));
    }
    let whole = Answer { interface: InterfaceKind::OpenAi, stream: false, fault: None }.body().len();
    let cut = head(false, Fault::CutBefore).expect("a head");
    assert!(cut.contains(&format!("content-length: {whole}\r\n")), "{cut}");
}
