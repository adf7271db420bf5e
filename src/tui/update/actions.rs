//! What each action does, by where the user is.

use super::{
    TWICE, asking, browsing, complain, copying, filling, find, finding, focus, inform, picking, recalling, replaying,
    running, saving, schemas, scrolling, settings, shelving, side_bar, wire,
};
use crate::tui::keymap::Context;
use crate::tui::metrics::Metrics;
use crate::tui::state::{Focus, Notice, Overlay, Tone, text_area};
use crate::tui::{Action, Effect, State};

/// Carries an action out.
pub fn act(state: &mut State, metrics: &Metrics, context: Context, action: Action) -> Vec<Effect> {
    if state.overlay.is_some() && !is_possible_over(action, context) {
        return Vec::new();
    }
    match action {
        Action::Send => asking::send(state),
        Action::AskAgain => asking::ask_again(state),
        Action::SendAsItIs => filling::send_as_it_is(state),
        Action::NewLine => new_line(state),
        Action::EarlierPrompt => recalling::earlier(state),
        Action::LaterPrompt => recalling::later(state),
        Action::FindPrompt => finding::open_prompts(state),
        Action::EditOutside => edit_outside(state),
        Action::FocusNext => focus::step(state, 1),
        Action::FocusPrevious => focus::step(state, -1),
        Action::FocusPrompt => focus::to(state, Focus::Prompt),
        Action::NextPane => focus::neighbour(state, 1),
        Action::PreviousPane => focus::neighbour(state, -1),
        Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::Top | Action::Bottom => {
            scrolling::scroll(state, metrics, context, action)
        }
        Action::Zoom => zoom(state),
        Action::ScrollTogether => scrolling::together(state, metrics),
        Action::Find => find::begin(state, false),
        Action::FindAll => find::begin(state, true),
        Action::FindSwitch => find::switch(state),
        Action::NextMatch => find::step(state, metrics, 1),
        Action::PreviousMatch => find::step(state, metrics, -1),
        Action::ToggleThinking => toggle_thinking(state),
        Action::CopyAnswer => copying::answer(state),
        Action::CopyBlock => copying::number_blocks(state),
        Action::CopyRaw => copying::raw(state),
        Action::CopyTurn => copying::turn(state),
        Action::TogglePick => picking::toggle(state, context),
        Action::Accept => accept(state, metrics, context),
        Action::PickModels => picking::open(state),
        Action::PickSchema => schemas::open(state),
        Action::NextOutputMode => schemas::next_mode(state),
        Action::MoreOutputRetries => schemas::more_retries(state),
        Action::OpenSessions => browsing::browse(state),
        Action::RenameSession => shelving::rename(state),
        Action::DeleteSession => shelving::delete(state),
        Action::BringBack => shelving::bring_back(state),
        Action::ExportSession => shelving::export(state),
        Action::Fork => saving::fork(state),
        Action::AskTurn => asking::ask_turn(state),
        Action::EditSystem => edit_system(state),
        Action::EditSettings => settings::open(state, context),
        Action::NewSession => new_session(state),
        Action::CancelLane => running::cancel_lane(state),
        Action::Inspect => inspect(state),
        Action::ShowWire => wire::open(state),
        Action::ShiftRight => wire::shift(state, true),
        Action::ShiftLeft => wire::shift(state, false),
        Action::CopyCurl => wire::copy_curl(state),
        Action::CopyBody => wire::copy_body(state),
        Action::SkipWait => running::skip_wait(state),
        Action::Replay => replaying::start(state),
        Action::ToggleSideBar => side_bar::toggle(state),
        Action::WidenSideBar => side_bar::widen(state, true),
        Action::NarrowSideBar => side_bar::widen(state, false),
        Action::RestReplay => replaying::rest(state),
        Action::StepReplay => replaying::step(state),
        Action::Faster => replaying::change_speed(state, true),
        Action::Slower => replaying::change_speed(state, false),
        Action::AtOnce => replaying::at_once(state),
        Action::NextTurn => replaying::turn(state, true),
        Action::PreviousTurn => replaying::turn(state, false),
        Action::ToggleMouse => toggle_mouse(state),
        Action::FindCommand => finding::open_commands(state),
        Action::PickTheme => finding::open_themes(state),
        Action::NextTheme => finding::next_theme(state, metrics),
        Action::Help => open(state, Overlay::Help(0)),
        Action::Leave => leave(state, context),
        Action::CancelOrQuit => cancel_or_quit(state),
        Action::Quit => quit(state),
    }
}

/// What lies above takes the keys: nothing may open over it or put it away, so that nothing typed there is lost.
fn is_possible_over(action: Action, context: Context) -> bool {
    match action {
        Action::PickModels
        | Action::FindPrompt
        | Action::PickTheme
        | Action::PickSchema
        | Action::OpenSessions
        | Action::EditSystem
        | Action::NewSession
        | Action::ToggleSideBar
        | Action::FindAll
        | Action::WidenSideBar
        | Action::NarrowSideBar
        | Action::FocusNext
        | Action::FocusPrevious => false,
        Action::FindCommand => matches!(context, Context::Inspector | Context::Help),
        Action::Help => !context.is_typed_into(),
        Action::EditOutside => context == Context::System,
        _ => true,
    }
}

/// Whether what lies above stays while a command is done: it is one of its own, or one that may be done over it.
pub fn stays_open(state: &State, context: Context, action: Action) -> bool {
    let here = state.context();
    context == here || context == Context::Global && is_possible_over(action, here)
}

fn new_line(state: &mut State) -> Vec<Effect> {
    state.prompt.insert_newline();
    Vec::new()
}

fn zoom(state: &mut State) -> Vec<Effect> {
    state.panes.zoomed = !state.panes.zoomed;
    Vec::new()
}

fn toggle_thinking(state: &mut State) -> Vec<Effect> {
    let pane = state.panes.get_mut(state.panes.focused);
    pane.thinking_open = !pane.thinking_open;
    Vec::new()
}

fn open(state: &mut State, overlay: Overlay) -> Vec<Effect> {
    state.overlay = Some(overlay);
    Vec::new()
}

fn inspect(state: &mut State) -> Vec<Effect> {
    if state.conversation.shown_turn().is_none_or(|turn| turn.lanes.is_empty()) {
        return complain(state, "There is no answer to look into");
    }
    open(state, Overlay::Inspector(0))
}

fn accept(state: &mut State, metrics: &Metrics, context: Context) -> Vec<Effect> {
    match context {
        Context::Find => find::accept(state, metrics),
        Context::Blocks => copying::typed_block(state),
        Context::Picker => picking::accept(state),
        Context::Schemas => schemas::accept(state),
        Context::Settings => settings::accept(state),
        Context::Variables => filling::accept(state),
        Context::Finder => finding::accept(state, metrics),
        Context::Sessions => browsing::open_selected(state),
        Context::Rename => shelving::keep_title(state),
        Context::Export => shelving::export_selected(state),
        Context::System => keep_system(state),
        Context::History => focus::to(state, Focus::Panes),
        _ => Vec::new(),
    }
}

fn edit_system(state: &mut State) -> Vec<Effect> {
    let mut area = text_area("Instructions for every model, for example: Answer in one sentence.");
    area.insert_str(&state.system);
    open(state, Overlay::System(Box::new(area)))
}

fn keep_system(state: &mut State) -> Vec<Effect> {
    if let Some(Overlay::System(area)) = state.overlay.take() {
        let system = area.lines().join("\n").trim().to_owned();
        state.session.dirty |= system != state.system;
        state.system = system;
    }
    let told = if state.system.is_empty() { "No system prompt" } else { "The system prompt goes with the next prompt" };
    inform(state, told)
}

fn toggle_mouse(state: &mut State) -> Vec<Effect> {
    state.mouse = !state.mouse;
    let told = if state.mouse { "The mouse scrolls and focuses" } else { "The mouse selects text in the terminal" };
    inform(state, told);
    vec![Effect::CaptureMouse(state.mouse)]
}

/// The text goes to the user's own editor, and comes back as an event.
fn edit_outside(state: &mut State) -> Vec<Effect> {
    let text = match &state.overlay {
        Some(Overlay::System(area)) => area.lines().join("\n"),
        _ => state.prompt_text(),
    };
    vec![Effect::EditOutside(text)]
}

/// Keeps the models and their picks; what was said stays in its file.
fn new_session(state: &mut State) -> Vec<Effect> {
    if state.conversation.turns.is_empty() {
        return inform(state, "This session is new already");
    }
    if let Some(told) = saving::unsaved(state) {
        return complain(state, &told);
    }
    let mut effects = running::cancel_all(state);
    effects.extend(saving::now(state));
    saving::forget(state);
    inform(state, "A new session; the last one is in Ctrl-l");
    effects
}

/// Esc: closes what lies above, ends what runs, and steps back towards the prompt. Never quits.
fn leave(state: &mut State, context: Context) -> Vec<Effect> {
    if matches!(context, Context::Rename | Context::Export) {
        return shelving::leave(state);
    }
    if state.overlay.take().is_some() {
        state.overlay = state.beneath.take();
        return Vec::new();
    }
    match context {
        Context::Find | Context::Found => find::end(state),
        Context::Blocks => copying::leave_blocks(state),
        Context::Pane | Context::Replay if state.panes.zoomed => zoom(state),
        Context::Prompt if state.conversation.is_running() => running::cancel_all(state),
        Context::Prompt if state.conversation.shown_turn().is_some() => focus::to(state, Focus::Panes),
        _ => focus::to(state, Focus::Prompt),
    }
}

/// Ctrl-C: cancels what runs; twice within a second quits.
fn cancel_or_quit(state: &mut State) -> Vec<Effect> {
    if state.interrupted.is_some() {
        return quit(state);
    }
    state.interrupted = Some(state.clock);
    let effects = running::cancel_all(state);
    let told = if effects.is_empty() { "Ctrl-c again quits" } else { "Cancelled; Ctrl-c again quits" };
    state.notice = Some(Notice { text: told.to_owned(), tone: Tone::Error, until: state.clock + TWICE });
    effects
}

/// Ends the program; what was answered so far is saved first.
pub fn quit(state: &mut State) -> Vec<Effect> {
    let mut effects = running::cancel_all(state);
    effects.extend(saving::now(state));
    effects.push(Effect::Quit);
    effects
}
