//! Writing in the user's own editor: the text goes into a file that nobody else can read, and what was saved there
//! comes back. The file is removed on every way out.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use tokio::process::Command;

use crate::config::Environment;

/// The file's name: a text that people write to models is mostly Markdown.
const FILE: &str = "prompt.md";

/// An editor to write in, and the text it begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editing {
    command: String,
    text: String,
}

impl Editing {
    /// In the editor that `VISUAL` or `EDITOR` names.
    ///
    /// # Errors
    /// Neither does.
    pub fn new(text: String, environment: &Environment) -> Result<Self, String> {
        let editor = environment.first(["VISUAL", "EDITOR"]);
        let (_, command) = editor.ok_or("Set VISUAL or EDITOR to the command of an editor, for example EDITOR=nano")?;
        Ok(Self { command: command.to_owned(), text })
    }

    /// Runs the editor, which has the terminal meanwhile, and gives what was saved in it.
    ///
    /// # Errors
    /// The editor fails or leaves no text, in a sentence. What was sent there is then as it was.
    pub async fn run(self) -> Result<String, String> {
        let told = |what: String| format!("The editor {:?} {what}; nothing was changed", self.command);
        let written = private_file(&self.text);
        let folder = written.map_err(|error| told(format!("gets no file to write in: {error}")))?;
        let path = folder.path().join(FILE);
        let ended = command(&self.command, &path).kill_on_drop(true).status().await;
        let status = ended.map_err(|error| told(format!("can't be started: {error}")))?;
        if !status.success() {
            return Err(told(format!("failed ({status})")));
        }
        let text = std::fs::read_to_string(&path).map_err(|error| told(format!("left no text: {error}")))?;
        // The newline at the end is the editor's, and not the user's.
        Ok(text.replace("\r\n", "\n").trim_end_matches('\n').to_owned())
    }
}

/// A folder with the file, both for the user alone; it vanishes with the value.
fn private_file(text: &str) -> io::Result<tempfile::TempDir> {
    let folder = tempfile::Builder::new().prefix("llmbench-").tempdir()?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(folder.path().join(FILE))?.write_all(text.as_bytes())?;
    Ok(folder)
}

/// The editor's command may have arguments, and quotes: a shell reads it, as it does for other programs.
#[cfg(unix)]
fn command(editor: &str, file: &Path) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{editor} \"$@\"")).arg(editor).arg(file);
    command
}

#[cfg(not(unix))]
fn command(editor: &str, file: &Path) -> Command {
    let mut words = editor.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).arg(file);
    command
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    async fn edited(editor: &str) -> Result<String, String> {
        let environment = Environment::from([("EDITOR", editor)]);
        Editing::new("Where?\nWhen?".to_owned(), &environment).expect("an editor").run().await
    }

    #[tokio::test]
    async fn what_was_saved_comes_back_and_the_file_is_private_and_gone() {
        let seen = tempfile::NamedTempFile::new().expect("a file");
        let look = format!(
            "sh -c 'ls -l \"$1\" | cut -c1-10 > {0}; echo \"$1\" >> {0}; echo Why? >> \"$1\"' sh",
            seen.path().display()
        );
        assert_eq!(edited(&look).await, Ok("Where?\nWhen?Why?".to_owned()));
        let told = std::fs::read_to_string(seen.path()).expect("seen");
        let (mode, path) = told.trim_end().split_once('\n').expect("two lines");
        assert_eq!((mode, Path::new(path).exists()), ("-rw-------", false), "{path}");
    }

    #[tokio::test]
    async fn a_failing_editor_is_told() {
        let why = |what| Err(format!("The editor {what}; nothing was changed"));
        assert_eq!(edited("false").await, why("\"false\" failed (exit status: 1)"));
        assert_eq!(edited("rm -f").await, why("\"rm -f\" left no text: No such file or directory (os error 2)"));
        assert!(Editing::new(String::new(), &Environment::default()).expect_err("none").contains("EDITOR=nano"));
    }

    #[tokio::test]
    async fn visual_comes_before_editor() {
        let environment = Environment::from([("EDITOR", "false"), ("VISUAL", "true")]);
        let editing = Editing::new("as it was".to_owned(), &environment).expect("an editor");
        assert_eq!(editing.run().await, Ok("as it was".to_owned()));
    }
}
