//! What the terminal is, as far as it tells.

use std::io::{self, IsTerminal};

use crate::config::Environment;

/// The terminal and the clipboard, a line each.
pub fn lines(environment: &Environment) -> Vec<String> {
    let variable = |name: &str| format!("{name}={}", environment.get(name).unwrap_or("–"));
    let size = match crossterm::terminal::size() {
        Ok((columns, rows)) if io::stdout().is_terminal() => format!("{columns}×{rows}"),
        _ => "no terminal".to_owned(),
    };
    vec![
        String::new(),
        "Terminal".to_owned(),
        format!("  {size}, {}, {}, {}", variable("TERM"), variable("COLORTERM"), variable("NO_COLOR")),
        format!("  copying: {}", clipboard(environment)),
    ]
}

/// How copying will most likely go.
fn clipboard(environment: &Environment) -> &'static str {
    let is_set = |name| environment.get(name).is_some();
    if is_set("SSH_CONNECTION") || is_set("SSH_TTY") {
        "through the terminal (OSC 52), as this is an SSH session"
    } else if is_set("WAYLAND_DISPLAY") {
        "to the Wayland clipboard"
    } else if is_set("DISPLAY") {
        "to the X11 clipboard"
    } else if cfg!(any(target_os = "macos", windows)) {
        "to the system's clipboard"
    } else {
        "through the terminal (OSC 52), as there is no display"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ssh_session_copies_through_the_terminal() {
        let environment = Environment::from([("SSH_TTY", "/dev/pts/1"), ("DISPLAY", ":10")]);
        assert!(clipboard(&environment).starts_with("through the terminal (OSC 52), as this is an SSH"));
    }
}
