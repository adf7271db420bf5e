//! The terminal: taken when the workbench begins, given back once on every way out.

use std::io::{self, BufWriter, Stdout};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture, KeyboardEnhancementFlags,
    PopKeyboardEnhancementFlags, PushKeyboardEnhancementFlags,
};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, execute, queue, style};
use ratatui::backend::CrosstermBackend;
use ratatui::{Frame, Terminal};

/// Room for a large frame, so that it reaches the terminal in one write.
const BUFFER: usize = 256 * 1024;

/// Whether the terminal is ours, so that it is given back once and no more.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal while it is ours. Dropping it gives it back.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
}

impl Screen {
    /// Takes the terminal.
    ///
    /// # Errors
    /// Standard output is no terminal, or it can't be put into raw mode.
    pub fn take(mouse: bool) -> io::Result<Self> {
        give_back_on_panic();
        let mut screen = Self { terminal: blank()? };
        screen.enter(mouse)?;
        Ok(screen)
    }

    /// Takes the terminal, again after it was left; the next frame is drawn whole.
    ///
    /// # Errors
    /// It can't be put into raw mode.
    pub fn enter(&mut self, mouse: bool) -> io::Result<()> {
        self.terminal = blank()?;
        enable_raw_mode()?;
        TAKEN.store(true, Ordering::SeqCst);
        let flags = KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES;
        let writer = self.writer();
        queue!(writer, EnterAlternateScreen, EnableBracketedPaste, PushKeyboardEnhancementFlags(flags))?;
        self.capture_mouse(mouse)
    }

    /// Gives the terminal back for a while, to another program.
    pub fn leave(&mut self) {
        // What a frame left in the buffer must not come after the alternate screen is left.
        let _ = io::Write::flush(self.writer());
        give_back();
    }

    /// Draws a frame: only the cells that changed are written, in one go.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        let writer = self.writer();
        queue!(writer, crossterm::terminal::BeginSynchronizedUpdate)?;
        self.terminal.draw(view)?;
        let writer = self.writer();
        execute!(writer, crossterm::terminal::EndSynchronizedUpdate)
    }

    /// Takes the mouse, or lets go of it.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn capture_mouse(&mut self, capture: bool) -> io::Result<()> {
        let writer = self.writer();
        if capture { execute!(writer, EnableMouseCapture) } else { execute!(writer, DisableMouseCapture) }
    }

    /// Puts a text on the clipboard of the terminal that shows us, wherever that runs (OSC 52).
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        let writer = self.writer();
        execute!(writer, CopyToClipboard::to_clipboard_from(text))
    }

    fn writer(&mut self) -> &mut CrosstermBackend<BufWriter<Stdout>> {
        self.terminal.backend_mut()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.leave();
    }
}

/// A terminal of which nothing is known to be drawn.
fn blank() -> io::Result<Terminal<CrosstermBackend<BufWriter<Stdout>>>> {
    Terminal::new(CrosstermBackend::new(BufWriter::with_capacity(BUFFER, io::stdout())))
}

/// Undoes every mode, before the alternate screen is left. Nothing can be done about a terminal that is gone.
fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let _ = execute!(
        io::stdout(),
        PopKeyboardEnhancementFlags,
        DisableMouseCapture,
        DisableBracketedPaste,
        style::ResetColor,
        cursor::Show,
        cursor::SetCursorStyle::DefaultUserShape,
        LeaveAlternateScreen
    );
    let _ = disable_raw_mode();
}

/// A panic of the event loop is printed on the user's own screen, not on one that vanishes. One of any other thread is
/// not the end: its lane tells of it, and the screen stays as it is.
fn give_back_on_panic() {
    let event_loop = std::thread::current().id();
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().id() == event_loop {
            give_back();
        }
        if !TAKEN.load(Ordering::SeqCst) {
            print(panic);
        }
    }));
}
