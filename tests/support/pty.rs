//! The workbench in a real pty, with a terminal in memory behind it. Waits for what the screen shows, never for time.

use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::program::{Home, LLMBENCH};

/// How long a screen may take to show what it must.
const PATIENCE: Duration = Duration::from_secs(20);

/// What has arrived from the program.
struct Received {
    terminal: vt100::Parser,
    raw: Vec<u8>,
    closed: bool,
}

/// The workbench on a screen.
pub struct Screen {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    received: Arc<(Mutex<Received>, Condvar)>,
}

impl Screen {
    /// Opens the program with these arguments on a screen of that size.
    pub fn open(home: &Home, columns: u16, rows: u16, arguments: &[&str]) -> Self {
        Self::open_with(home, columns, rows, arguments, &[])
    }

    /// The same with more environment variables.
    pub fn open_with(home: &Home, columns: u16, rows: u16, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pty");
        let mut command = CommandBuilder::new(LLMBENCH);
        command.args(arguments);
        command.env_clear();
        for (name, value) in home.environment() {
            command.env(name, value);
        }
        for (name, value) in variables {
            command.env(name, value);
        }
        command.cwd(home.path());
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let terminal = vt100::Parser::new(nonzero(rows), nonzero(columns), 0);
        let received = Arc::new((Mutex::new(Received { terminal, raw: Vec::new(), closed: false }), Condvar::new()));
        let reader = pair.master.try_clone_reader().expect("a reader");
        let inbox = Arc::clone(&received);
        std::thread::spawn(move || receive(reader, &inbox));
        let keyboard = pair.master.take_writer().expect("a writer");
        Self { child, master: pair.master, keyboard, received }
    }

    /// Types these bytes.
    pub fn send(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).expect("the program reads its keys");
        self.keyboard.flush().expect("the program reads its keys");
    }

    /// Gives the screen another size.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        self.received.0.lock().expect("no panic").terminal.screen_mut().set_size(nonzero(rows), nonzero(columns));
        self.master.resize(size).expect("a pty can be resized");
    }

    /// What the screen shows.
    pub fn text(&self) -> String {
        self.received.0.lock().expect("no panic").terminal.screen().contents()
    }

    /// Looks at the terminal in memory.
    pub fn with_terminal<T>(&self, look: impl FnOnce(&vt100::Screen) -> T) -> T {
        look(self.received.0.lock().expect("no panic").terminal.screen())
    }

    /// Every byte that the program has written.
    pub fn raw(&self) -> Vec<u8> {
        self.received.0.lock().expect("no panic").raw.clone()
    }

    /// Waits until the screen shows this text.
    #[track_caller]
    pub fn wait_for(&self, wanted: &str) {
        self.wait_for_within(PATIENCE, |text| text.contains(wanted));
    }

    /// Waits until the screen shows what is wanted.
    #[track_caller]
    pub fn wait_until(&self, wanted: impl Fn(&str) -> bool) {
        self.wait_for_within(PATIENCE, wanted);
    }

    /// Waits that long at most.
    #[track_caller]
    pub fn wait_for_within(&self, patience: Duration, wanted: impl Fn(&str) -> bool) {
        self.wait_for_look(patience, |terminal| wanted(&terminal.contents()));
    }

    /// Waits until that cell is on that ground.
    #[track_caller]
    pub fn wait_for_ground(&self, row: u16, column: u16, ground: vt100::Color) {
        self.wait_for_look(PATIENCE, |terminal| {
            terminal.cell(row, column).is_some_and(|cell| cell.bgcolor() == ground)
        });
    }

    #[track_caller]
    fn wait_for_look(&self, patience: Duration, wanted: impl Fn(&vt100::Screen) -> bool) {
        let end = Instant::now() + patience;
        let mut received = self.received.0.lock().expect("no panic");
        while !wanted(received.terminal.screen()) {
            let left = end.saturating_duration_since(Instant::now());
            let shown = received.terminal.screen().contents();
            assert!(!left.is_zero() && !received.closed, "the screen never showed it; it shows:\n{shown}");
            received = self.received.1.wait_timeout(received, left).expect("no panic").0;
        }
    }

    /// Sends the program a signal, by its name without SIG.
    pub fn signal(&self, name: &str) {
        let kill = format!("kill -s {name} {}", self.child.process_id().expect("it runs"));
        let sent = std::process::Command::new("sh").args(["-c", &kill]).status();
        assert!(sent.expect("a shell").success(), "{kill}");
    }

    /// Quits with Ctrl-C twice, and waits for the program's end; the exit code.
    pub fn quit(mut self) -> u32 {
        self.send("\x03\x03");
        self.wait_for_end()
    }

    /// Waits until the program has ended; the exit code.
    pub fn wait_for_end(&mut self) -> u32 {
        let end = Instant::now() + PATIENCE;
        let mut received = self.received.0.lock().expect("no panic");
        while !received.closed {
            let left = end.saturating_duration_since(Instant::now());
            let shown = received.terminal.screen().contents();
            assert!(!left.is_zero(), "the program did not end; the screen shows:\n{shown}");
            received = self.received.1.wait_timeout(received, left).expect("no panic").0;
        }
        drop(received);
        self.child.wait().expect("the program has ended").exit_code()
    }
}

fn nonzero(cells: u16) -> NonZero<u16> {
    NonZero::new(cells).expect("a size")
}

fn receive(mut reader: Box<dyn Read + Send>, inbox: &(Mutex<Received>, Condvar)) {
    let mut buffer = vec![0; 65_536];
    loop {
        // A pty whose program has ended gives an error or nothing; both mean the end.
        let count = reader.read(&mut buffer).unwrap_or(0);
        let mut received = inbox.0.lock().unwrap_or_else(PoisonError::into_inner);
        received.terminal.process(&buffer[..count]);
        received.raw.extend_from_slice(&buffer[..count]);
        received.closed = count == 0;
        inbox.1.notify_all();
        if count == 0 {
            return;
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Already ended, mostly.
        let _ = self.child.kill();
    }
}
