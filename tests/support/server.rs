//! A provider on loopback: answers each request with the next scripted bytes, and remembers what it was asked.
#![allow(dead_code)] // Each test uses its own part of it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A provider on loopback. Ends with the test's process.
pub struct Server {
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

/// A part of an answer. The connection is closed after the last one.
#[derive(Clone)]
pub enum Part {
    /// Bytes, sent at once.
    Bytes(String),
    /// Silence for so many milliseconds.
    Pause(u64),
}

impl Server {
    /// Answers one request after the other with these answers; the last one again and again.
    pub fn start(answers: Vec<String>) -> Self {
        Self::scripted(answers.into_iter().map(|answer| vec![Part::Bytes(answer)]).collect())
    }

    /// Likewise, with answers that come in parts.
    pub fn scripted(answers: Vec<Vec<Part>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let inbox = Arc::clone(&requests);
        std::thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let (stream, inbox) = (stream.expect("a connection"), Arc::clone(&inbox));
                let answer = answers[number.min(answers.len() - 1)].clone();
                std::thread::spawn(move || serve(stream, &answer, &inbox));
            }
        });
        Self { url, requests }
    }

    /// Answers each request with what `answer` makes of its head and body.
    pub fn answering<A: Into<Vec<u8>>>(answer: impl Fn(&str) -> A + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let (inbox, answer) = (Arc::clone(&requests), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, inbox, answer) =
                    (stream.expect("a connection"), Arc::clone(&inbox), Arc::clone(&answer));
                std::thread::spawn(move || {
                    let request = read_request(&mut stream);
                    inbox.lock().expect("no panic").push(request.clone());
                    // A client that has gone away needs no answer.
                    let _ = stream.write_all(&answer(&request).into());
                });
            }
        });
        Self { url, requests }
    }

    /// What was asked so far: head and body of each request.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no panic").clone()
    }

    /// A configuration with this server as the provider `lab`.
    pub fn config(&self) -> String {
        format!("[providers.lab]\ninterface = \"openai\"\nbase_url = \"{}/v1\"\napi_key = \"sk-lab\"\n", self.url)
    }
}

fn serve(mut stream: TcpStream, answer: &[Part], inbox: &Mutex<Vec<String>>) {
    let request = read_request(&mut stream);
    inbox.lock().expect("no panic").push(request);
    for part in answer {
        match part {
            // A client that has gone away needs no answer.
            Part::Bytes(bytes) => drop(stream.write_all(bytes.as_bytes())),
            Part::Pause(ms) => std::thread::sleep(Duration::from_millis(*ms)),
        }
    }
}

/// A request with its whole body.
fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).unwrap_or(0);
        bytes.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| body.len() >= content_length(head));
        if whole || count == 0 {
            return text;
        }
    }
}

fn content_length(head: &str) -> usize {
    let head = head.to_lowercase();
    let value = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    value.map_or(0, |value| value.trim().parse().expect("a number"))
}

/// An answer of that status with a JSON body.
pub fn json(status: u16, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// The head of an answer that streams.
pub const STREAM: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";

/// A stream of OpenAI's chat completions that says these pieces and comes to its end.
pub fn openai_stream(pieces: &[&str]) -> String {
    let said: String = pieces.iter().map(|piece| openai_chunk(piece)).collect();
    format!("{STREAM}{said}{}", openai_end())
}

/// One event of such a stream: a piece of text.
pub fn openai_chunk(piece: &str) -> String {
    event(&serde_json::json!({ "content": piece }), None)
}

/// The events that such a stream ends with.
pub fn openai_end() -> String {
    format!("{}data: [DONE]\n\n", event(&serde_json::json!({}), Some("stop")))
}

fn event(delta: &serde_json::Value, finish: Option<&str>) -> String {
    let choice = serde_json::json!({ "index": 0, "delta": delta, "finish_reason": finish });
    let chunk = serde_json::json!({
        "id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "lab-1", "choices": [choice]
    });
    format!("data: {chunk}\n\n")
}
