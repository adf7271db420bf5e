//! A provider on loopback: answers each request with the next scripted bytes, and remembers what it was asked.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A provider on loopback. Ends with the test's process.
pub struct Server {
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers one request after the other with these answers; the last one again and again.
    pub fn start(answers: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let inbox = Arc::clone(&requests);
        std::thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let answer = &answers[number.min(answers.len() - 1)];
                serve(stream.expect("a connection"), answer, &inbox);
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

fn serve(mut stream: TcpStream, answer: &str, inbox: &Mutex<Vec<String>>) {
    let request = read_request(&mut stream);
    inbox.lock().expect("no panic").push(request);
    // A client that has gone away needs no answer.
    let _ = stream.write_all(answer.as_bytes());
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

/// A stream of OpenAI's chat completions that says these pieces and comes to its end.
pub fn openai_stream(pieces: &[&str]) -> String {
    let chunk = |delta: serde_json::Value, finish: Option<&str>| {
        let choice = serde_json::json!({ "index": 0, "delta": delta, "finish_reason": finish });
        let chunk = serde_json::json!({
            "id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "lab-1", "choices": [choice]
        });
        format!("data: {chunk}\n\n")
    };
    let mut body: String = pieces.iter().map(|piece| chunk(serde_json::json!({ "content": piece }), None)).collect();
    body.push_str(&chunk(serde_json::json!({}), Some("stop")));
    body.push_str("data: [DONE]\n\n");
    format!("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n{body}")
}
