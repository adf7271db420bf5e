//! A model that is a program of the user's: `interface = "command"`. What is written and read is for [`wire::command`].

mod failure;
mod program;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use self::program::Program;
use super::{Connection, EventSink, LaneEvent, Model, Request, ResponseWriter, Slot};
use crate::catalog::profile;
use crate::config::Limits;
use crate::message::{ModelResponse, StreamEvent};
use crate::settings::Settings;
use crate::wire::{self, Decoder, ErrorKind, ModelError};

/// The most of an answer that is read: a program that writes without end must not fill the memory.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;
/// Output without any event may go on for this many idle limits.
const IDLE_LIMITS_WITHOUT_EVENT: u32 = 4;
/// How long a program may take to close its output once its answer has ended, and to end after that.
const GRACE: Duration = Duration::from_secs(1);

/// A model that is a program: started for each request, and killed with all that it started when the request is over.
///
/// The answer is whole when the program wrote `finish` and ended with exit status 0. The provider's limits hold: on
/// starting (`connect_timeout`), on the first byte, on silence. The program has llmbench's own environment and folder.
pub struct CommandModel {
    id: String,
    name: String,
    command: Vec<String>,
    connection: Arc<Connection>,
    settings: Settings,
}

impl CommandModel {
    /// The model `name` of the provider's program, shown as `id`. `settings` lie beneath those of a request.
    ///
    /// # Errors
    /// `ErrorKind::Config` when the provider has no program.
    pub fn new(id: &str, name: &str, connection: Arc<Connection>, settings: Settings) -> Result<Self, ModelError> {
        let provider = connection.provider();
        let Some(command) = provider.command.clone().filter(|words| !words.is_empty()) else {
            let error = ModelError::new(ErrorKind::Config, format!("provider {:?} has no program", provider.name));
            let hint = format!("set command = [\"program\", \"argument\"] in [providers.{}]", provider.name);
            return Err(error.with_hint(hint));
        };
        Ok(Self { id: id.to_owned(), name: name.to_owned(), command, connection, settings })
    }

    /// The limit on the whole answer when the request names none.
    #[must_use]
    pub fn limit(&self) -> Option<Duration> {
        self.settings.limit().or(self.connection.provider().limits.total)
    }

    /// The request as the program reads it: one line.
    fn line(&self, request: &Request) -> String {
        let provider = self.connection.provider();
        let settings = self.settings.overridden_by(&request.settings);
        let call = wire::Call {
            model: &self.name,
            messages: &request.messages,
            settings: &settings,
            output: request.output.as_deref(),
            stream: request.stream,
            profile: &profile(provider.dialect, provider.interface, &self.name),
        };
        format!("{}\n", wire::command::request(&call, self.output_mode(request), &request.prompt()))
    }

    async fn ask(&self, request: &Request, events: &EventSink) -> Result<ModelResponse, ModelError> {
        let provider = self.connection.provider();
        let mut program = Program::start(&self.command, &provider.name, provider.limits.connect).await?;
        program.write(self.line(request));
        let mode = request.output.as_ref().map(|_| self.output_mode(request));
        let mut reading = Reading {
            provider: &provider.name,
            limits: provider.limits,
            decoder: wire::command::decoder(&self.name, mode),
            writer: events.response(),
            events,
            is_finished: false,
        };
        let read = match reading.read(&mut program).await {
            Ok(ended) => program.end(ended, GRACE).await,
            Err(error) => Err(error),
        };
        match read {
            Ok(()) => Ok(reading.writer.into_response()),
            Err(error) => Err(program.told(error).await),
        }
    }
}

/// Reads one answer.
struct Reading<'a> {
    provider: &'a str,
    limits: Limits,
    decoder: Box<dyn Decoder>,
    writer: ResponseWriter<'a>,
    events: &'a EventSink,
    /// Whether the model has told that it stopped.
    is_finished: bool,
}

impl Reading<'_> {
    /// Reads until the program's output ends; inside is whether the answer had come to its end by then.
    async fn read(&mut self, program: &mut Program) -> Result<Result<(), ModelError>, ModelError> {
        let mut received = 0;
        let mut last_event = Instant::now();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = match timeout(self.patience(received), program.read(&mut buffer)).await {
                Ok(Ok(0)) => return Ok(self.decode(|decoder, out| decoder.finish(out)).await.map(|_| ())),
                Ok(Ok(count)) => count,
                Ok(Err(error)) => return Err(failure::broken(&error)),
                Err(_) if self.is_finished => return Ok(Ok(())),
                Err(_) => return Err(failure::too_slow(self.provider, received > 0, self.patience(received))),
            };
            if received == 0 {
                let (provider_name, provider_url) = (self.provider.to_owned(), String::new());
                self.events.send(LaneEvent::Headers { provider_name, provider_url }).await;
            }
            received += count;
            if received > MAX_ANSWER_BYTES {
                return Err(ModelError::new(ErrorKind::Protocol, "the answer is over 64 MiB and has not ended"));
            }
            if self.decode(|decoder, out| decoder.push(&buffer[..count], out)).await? {
                // Not the time of arrival: what a slow listener took is no silence of the program's.
                last_event = Instant::now();
            } else if last_event.elapsed() > self.limits.idle * IDLE_LIMITS_WITHOUT_EVENT {
                return Err(failure::too_slow(self.provider, true, last_event.elapsed()));
            }
        }
    }

    /// How long to wait for the next bytes.
    fn patience(&self, received: usize) -> Duration {
        match received {
            0 => self.limits.first_byte,
            _ if self.is_finished => self.limits.idle.min(GRACE),
            _ => self.limits.idle,
        }
    }

    /// Decodes and sends. Tells whether there was an event; those before an error are kept.
    async fn decode(
        &mut self,
        step: impl FnOnce(&mut dyn Decoder, &mut Vec<StreamEvent>) -> Result<(), ModelError>,
    ) -> Result<bool, ModelError> {
        let mut out = Vec::new();
        let result = step(self.decoder.as_mut(), &mut out);
        let any = !out.is_empty();
        self.is_finished |= out.iter().any(|event| matches!(event, StreamEvent::Finish { .. }));
        self.writer.send(out).await;
        result.map(|()| any)
    }
}

impl Model for CommandModel {
    fn id(&self) -> &str {
        &self.id
    }

    fn prepare(&self) -> BoxFuture<'_, Result<Slot, ModelError>> {
        Box::pin(async { Ok(self.connection.slot().await) })
    }

    /// Dropped when cancelled, which kills the program.
    fn request<'a>(
        &'a self,
        request: &'a Request,
        events: &'a EventSink,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<ModelResponse, ModelError>> {
        Box::pin(async move {
            tokio::select! {
                biased;
                () = cancel.cancelled() => Err(ModelError::cancelled()),
                result = self.ask(request, events) => result,
            }
        })
    }
}
