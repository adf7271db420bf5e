//! A hundred lanes over loopback at once, half of which fail in mixed ways: no text in a wrong lane, a cause of its own
//! for each failure, and no descriptor left open. Alone in its process, so that nobody else opens any.

#[path = "support/lanes.rs"]
mod lanes;
#[path = "support/server.rs"]
mod server;

use std::net::TcpListener;
use std::sync::Arc;

use lanes::{finish, start, text_of};
use llmbench::config::{Config, Environment};
use llmbench::model::{ErrorKind, Outcome, Overrides, Registry};
use llmbench::run::LaneRecord;
use server::{STREAM, Server, json, openai_chunk, openai_end};

const LANES: usize = 100;

/// How a lane ends: outcome, the kind of its error with its status and message, its text.
type Ending = (Outcome, Option<(ErrorKind, Option<u16>, String)>, String);

/// Words that no other lane says.
fn pieces(number: usize) -> Vec<String> {
    (0..40).map(|piece| format!("{number}.{piece} ")).collect()
}

fn chunks(pieces: &[String]) -> String {
    pieces.iter().map(|piece| openai_chunk(piece)).collect()
}

/// The name by which the lane of that number asks.
fn name(number: usize) -> String {
    let provider = match number % 20 {
        9 => "gone",
        11 => "silent",
        _ => "lab",
    };
    format!("{provider}:m{number}")
}

/// What the server answers to the lane of that number.
fn answer(number: usize) -> String {
    let pieces = pieces(number);
    match number % 20 {
        1 | 13 => json(429, &format!(r#"{{"error":{{"message":"lane {number} is too fast"}}}}"#)),
        3 | 15 => json(500, &format!(r#"{{"error":{{"message":"lane {number} found it broken"}}}}"#)),
        5 | 17 => STREAM.to_owned() + &chunks(&pieces[..=number % 7]),
        7 | 19 => format!("{STREAM}data: lane {number}\n\n"),
        _ => format!("{STREAM}{}{}", chunks(&pieces), openai_end()),
    }
}

/// How the lane of that number must end.
fn expected(number: usize, gone: &str) -> Ending {
    let refused = |status, message: String| {
        let told = format!("status_code: {status}, model_name: m{number}, {message}");
        (Outcome::Failed, Some((ErrorKind::Http, Some(status), told)), String::new())
    };
    let failed = |kind, message: String| (Outcome::Failed, Some((kind, None, message)), String::new());
    match number % 20 {
        1 | 13 => refused(429, format!("lane {number} is too fast")),
        3 | 15 => refused(500, format!("lane {number} found it broken")),
        5 | 17 => {
            let error = (
                ErrorKind::Truncated,
                None,
                "the stream ended before the model did (no finish_reason was seen)".to_owned(),
            );
            (Outcome::Interrupted, Some(error), pieces(number)[..=number % 7].concat())
        }
        7 | 19 => failed(ErrorKind::Protocol, "the answer is not JSON".to_owned()),
        9 => failed(ErrorKind::Connect, gone.to_owned()),
        11 => failed(ErrorKind::Timeout, "silent did not begin to answer within 300ms".to_owned()),
        _ => (Outcome::Completed, None, pieces(number).concat()),
    }
}

fn ending(lane: &LaneRecord) -> Ending {
    let error = lane.error.as_ref().map(|error| (error.kind, error.status, error.message.clone()));
    (lane.outcome(), error, text_of(lane))
}

fn registry(config: &str) -> Registry {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), config).expect("written");
    let config = Config::load(Some(file.path()), &Environment::default()).unwrap_or_else(|error| panic!("{error:?}"));
    Registry::new(config.into(), Arc::default(), Overrides { retries: Some(0), ..Overrides::default() })
}

async fn run(config: &str) -> Vec<LaneRecord> {
    let registry = registry(config);
    let models: Vec<_> = (0..LANES).map(|number| registry.model(&name(number)).expect("a model")).collect();
    finish(&mut start(&models, true)).await
}

/// The number behind `"model":"m`.
fn asked(request: &str) -> usize {
    let digits = request.split(r#""model":"m"#).nth(1).expect("a model").split('"').next().expect("its number");
    digits.parse().expect("a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_lanes_end_each_as_its_own_server_had_it_and_leave_no_descriptor() {
    let server = Server::answering(|request| answer(asked(request)));
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let gone = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let config = format!(
        "{}[providers.silent]\ninterface = 'openai'\nbase_url = 'http://{}'\nfirst_byte_timeout = 0.3\n\
         [providers.gone]\ninterface = 'openai'\nbase_url = 'http://{gone}'\n",
        server.config(),
        silent.local_addr().expect("an address"),
    );
    run(&config).await;
    let before = settled(0).await;
    let lanes = run(&config).await;
    let told: Vec<_> = lanes.iter().map(ending).collect();
    let refused = &told[9].1.as_ref().expect("nobody is there").2;
    assert!(refused.contains(&gone.to_string()), "{refused}");
    let expected: Vec<_> = (0..LANES).map(|number| expected(number, refused)).collect();
    let body = |number: usize| lanes[number].error.as_ref().and_then(|error| error.body.clone());
    assert_eq!([body(7), body(19)], ["lane 7", "lane 19"].map(|line| Some(line.into())));
    for (number, (told, expected)) in told.iter().zip(&expected).enumerate() {
        assert_eq!(told, expected, "lane {number}");
    }
    assert_eq!(told.iter().filter(|ending| ending.0 == Outcome::Completed).count(), LANES / 2);
    assert_eq!(settled(before).await, before, "descriptors");
}

/// How many descriptors are open, once there are no more than so many or a while has passed; 0 where nobody can say.
async fn settled(at_most: usize) -> usize {
    let count = || std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
    for _ in 0..100 {
        if count() <= at_most {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    count()
}
