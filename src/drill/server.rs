//! The provider on loopback: plays for each member what its scenario says.
//!
//! A member's base URL ends with the number of its seat, so that the first segment of a request's path tells whose it is.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::answer::Answer;

/// The largest request that is read. The drill's own are far smaller, whatever settings go with them.
const MAX_REQUEST: usize = 1024 * 1024;

/// A server that answers until it is dropped.
pub struct Server {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Server {
    /// A server with these answers, a seat for each. Needs a tokio runtime.
    ///
    /// # Errors
    /// There is no free port on loopback.
    pub async fn start(answers: Vec<Answer>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        Ok(Self { address, accepting: tokio::spawn(accept(listener, answers.into())) })
    }

    /// The base URL of a seat.
    #[must_use]
    pub fn url(&self, seat: usize) -> String {
        format!("http://{}/{seat}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, answers: Arc<[Answer]>) {
    loop {
        // A connection that is gone before it could be accepted is its client's matter.
        if let Ok((stream, _)) = listener.accept().await {
            let answers = Arc::clone(&answers);
            // A client that has gone away needs no answer.
            tokio::spawn(async move { serve(stream, &answers).await.ok() });
        }
    }
}

async fn serve(mut stream: TcpStream, answers: &[Answer]) -> io::Result<()> {
    let request = read_request(&mut stream).await?;
    let answer = seat(&request).and_then(|seat| answers.get(seat));
    if let Some(answer) = answer {
        match answer.bytes() {
            Some(bytes) => stream.write_all(&bytes).await?,
            None => silence(&mut stream).await?,
        }
    }
    stream.shutdown().await
}

/// Until the client gives up.
async fn silence(stream: &mut TcpStream) -> io::Result<()> {
    while stream.read(&mut [0; 64]).await? > 0 {}
    Ok(())
}

/// A request with its whole body: one that is closed on while it still sends would see another failure than was meant.
async fn read_request(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut request = Vec::new();
    while !is_whole(&request) && request.len() < MAX_REQUEST {
        if stream.read_buf(&mut request).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(request)
}

fn is_whole(request: &[u8]) -> bool {
    let Some(end) = memchr::memmem::find(request, b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&request[..end]).to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
    request.len() - end - 4 >= length
}

/// The number that stands first in `POST /3/chat/completions HTTP/1.1`.
fn seat(request: &[u8]) -> Option<usize> {
    let line = std::str::from_utf8(request.split(|byte| *byte == b'\r').next()?).ok()?;
    line.split(' ').nth(1)?.split(['/', '?']).nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_segment_is_the_seat() {
        let table = [
            ("POST /3/chat/completions HTTP/1.1\r\n", Some(3)),
            ("POST /12?alt=sse HTTP/1.1\r\n", Some(12)),
            ("POST /v1/models HTTP/1.1\r\n", None),
            ("nonsense", None),
        ];
        for (request, expected) in table {
            assert_eq!(seat(request.as_bytes()), expected, "{request}");
        }
    }

    #[test]
    fn a_request_is_whole_with_its_body() {
        let head = "POST /0 HTTP/1.1\r\nContent-Length: 2\r\n\r\n";
        assert!(!is_whole(b"POST /0 HTTP/1.1\r\n"));
        assert!(!is_whole(format!("{head}{{").as_bytes()));
        assert!(is_whole(format!("{head}{{}}").as_bytes()));
        assert!(is_whole(b"GET /0 HTTP/1.1\r\n\r\n"));
    }
}
