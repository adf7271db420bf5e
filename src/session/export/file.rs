//! An exported session in a file of its own, which never takes another one's place.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::Export;
use crate::session::{Session, SessionError};

/// Characters of a file's name that come from a title.
const LONGEST: usize = 40;
/// Names that are tried before a folder counts as full of them.
const TRIES: u32 = 1_000;

impl Export {
    /// Writes the session into a new file in that folder; tells the file, and what is not in it.
    ///
    /// # Errors
    /// There is nothing to export in that format, or the system refuses.
    pub fn write(&self, session: &Session, dir: &Path) -> Result<(PathBuf, Vec<String>), SessionError> {
        let exported = self.of(session)?;
        let mut number = 1;
        loop {
            let path = dir.join(self.file_name(session, number));
            let opened = OpenOptions::new().write(true).create_new(true).open(&path);
            match opened.and_then(|mut file| file.write_all(exported.text.as_bytes())) {
                Ok(()) => return Ok((path, exported.notes)),
                Err(error) if error.kind() == ErrorKind::AlreadyExists && number < TRIES => number += 1,
                Err(error) => return Err(SessionError::Unwritten { path, cause: error.to_string() }),
            }
        }
    }

    /// `title.html`, and `title-2.html` for the second.
    fn file_name(&self, session: &Session, number: u32) -> String {
        let lane = match self {
            Self::Pydantic { lane } => format!(".{}", plain(lane)),
            _ => String::new(),
        };
        let title = plain(&session.title);
        let title = if title.is_empty() { session.id.to_string() } else { title };
        let number = if number > 1 { format!("-{number}") } else { String::new() };
        format!("{title}{lane}{number}.{}", self.ending())
    }
}

/// Letters and digits, and a hyphen for whatever is between them: harmless as a name on every system.
fn plain(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-").to_lowercase();
    let name: String = name.chars().take(LONGEST).collect();
    name.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::settings::Settings;

    #[test]
    fn a_name_tells_the_title_and_leads_nowhere() {
        let name = |title: &str, export: Export, number| {
            let mut session = Session::new(Timestamp::UNIX_EPOCH, None, Settings::default());
            title.clone_into(&mut session.title);
            session.id = "019a0000-0000-7000-8000-000000000001".parse().expect("an ID");
            export.file_name(&session, number)
        };
        assert_eq!(name("Where were the Games?", Export::Html, 1), "where-were-the-games.html");
        assert_eq!(name("../../etc/passwd\0", Export::Csv, 2), "etc-passwd-2.csv");
        assert_eq!(name("日本語", Export::Markdown, 1), "日本語.md");
        assert_eq!(name("?!", Export::Json, 1), "019a0000-0000-7000-8000-000000000001.json");
        assert_eq!(name("a", Export::Pydantic { lane: "openai:gpt-4o".into() }, 1), "a.openai-gpt-4o.pydantic.json");
        assert_eq!(name(&"word ".repeat(20), Export::Html, 1).len(), "word-".len() * 8 - 1 + ".html".len());
    }

    #[test]
    fn a_second_file_stands_beside_the_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut session = Session::new(Timestamp::UNIX_EPOCH, None, Settings::default());
        session.begin_turn("Hi", Timestamp::UNIX_EPOCH);
        let write = || Export::Csv.write(&session, folder.path()).map(|(path, _)| path);
        assert_eq!(write(), Ok(folder.path().join("hi.csv")));
        assert_eq!(write(), Ok(folder.path().join("hi-2.csv")));
        let gone = folder.path().join("gone");
        let error = Export::Csv.write(&session, &gone).expect_err("no folder").to_string();
        assert!(error.ends_with("gone/hi.csv can't be written: No such file or directory (os error 2)"), "{error}");
    }
}
