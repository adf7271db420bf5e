//! llmbench: a terminal workbench for comparing language models side by side, and what it is made of.
//!
//! # Three ideas, kept apart
//! - **Model**: what answers (`gpt-4o`). Named `PROVIDER:MODEL` everywhere, or by an alias of the configuration.
//! - **Interface**: the wire format that carries a request and its stream. One folder of [`wire`] each, sans I/O.
//! - **Provider**: who serves it and how to get in. A row of `catalog/providers.toml`; many can speak one interface.
//!
//! A **Profile** holds the facts about a model family that change a request: a row of `catalog/profiles/`.
//!
//! # Code map
//! One direction: each part uses only the parts before it, `cli` and `tui` never each other. `tests/architecture.rs`
//! holds this.
//!
//! | part | what it is | what it never does |
//! |---|---|---|
//! | [`text`] | untrusted text made safe to show, figures as people read them | I/O |
//! | [`message`] | prompts, parts, responses, usage, and the one fold from stream events to a response; serialises as PydanticAI's `ModelMessagesTypeAdapter` does | I/O, ask for the time |
//! | [`settings`] | what a user may ask of an answer, and `KEY=VALUE` | |
//! | [`catalog`] | providers, profiles, known models and prices, as data | network, disk, environment |
//! | [`wire`] | per interface: build a request, decode bytes into stream events; SSE framing; providers' lists of models; errors by kind | tokio, reqwest, clock, terminal |
//! | [`auth`] | where keys come from, and types that can't print keys and passwords | know an interface |
//! | [`config`] | the TOML file with positions, and what it makes of the catalog together with the environment | network |
//! | [`model`] | the trait [`model::Model`] and what implements it: HTTP, programs, functions, the offline test model, retries, fallback chains; the registry that makes models from names; what goes over the wire, kept for who watches; what is known of providers' models, and asking for it | print, draw |
//! | [`run`] | one prompt to N models at once: lanes, cancelling, the record of a lane as the fold of its events, figures, the contract's JSON | decide how it looks |
//! | [`session`] | the saved file: schema, atomic store with its list and search, deleting that can be taken back, replay as the same run events and its pace, the model that answers from it, what is asked again and whether the answer is the same, export, import | know the terminal |
//! | [`drill`] | server faults played on loopback at the members of a chain, and what the chain does | ask a provider, run a program, send a secret, print |
//! | [`cli`] | arguments, headless front ends, exit statuses | draw |
//! | [`tui`] | `update(&mut State, Event) -> Vec<Effect>` and `view(&State, &mut Cache, &mut Frame)`, both pure; one event loop; effects do the I/O and answer with events | hide I/O in widgets |
//!
//! # How an answer travels
//! ```text
//! bytes ─ wire::Decoder ─▶ StreamEvent ─ model::EventSink (stamped on arrival) ─▶ RunEvent ─ run::LaneRecord (the fold)
//!                                                                                   │
//!                                    session::replay makes the same RunEvents ──────┘
//! LaneRecord ─▶ tui::view │ run::LaneReport (JSON) │ session::SavedRun
//! ```
//! Streaming, not streaming and replayed answers pass through the same fold, so they can't diverge. Figures are derived
//! from the stamps of the arrivals and are never kept beside them.
//!
//! # Glossary
//! Model, Interface, Provider, Profile · Prompt, Part (text, thinking, tool call), Response, Usage, FinishReason ·
//! Attempt (one request), Trace (a run's attempts in order) · Lane (one model in a run) · Run (one prompt over N lanes) ·
//! Member (a model as a chain asks it) · Fault (what a server does wrong) · Scenario (a fault, and whom it befalls) ·
//! Turn (a prompt and its run) · Session (saved turns) · Pane (a lane on the screen) · Action (what the user wants) ·
//! Effect (I/O asked for).
//!
//! # Where untrusted text is made safe
//! Everything that a model, a provider or a file says passes [`text::sanitise`] where it reaches a terminal: in
//! `tui::view` for the screen, in `cli` for standard output and error when they are terminals. Pipes and files get the
//! exact bytes.

pub mod auth;
pub mod catalog;
pub mod cli;
pub mod config;
pub mod drill;
pub mod message;
pub mod model;
pub mod run;
pub mod session;
pub mod settings;
pub mod text;
pub mod tui;
pub mod wire;
