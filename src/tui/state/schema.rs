//! The structured output that is asked for, and the files to choose it from.

use std::path::PathBuf;
use std::sync::Arc;

use crate::settings::OutputSpec;

/// A file with a JSON Schema.
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaFile {
    /// The file.
    pub path: PathBuf,
    /// What it asks for, or why it can't be used.
    pub spec: Result<Arc<OutputSpec>, String>,
}

impl SchemaFile {
    /// What people call it: the file's name without its ending.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.file_stem().unwrap_or(self.path.as_os_str()).to_string_lossy().into_owned()
    }

    /// The schema's title, or else its description.
    #[must_use]
    pub fn about(&self) -> &str {
        self.spec.as_ref().ok().and_then(|spec| spec.title().or(spec.description())).unwrap_or_default()
    }
}

/// Finds a schema by a few letters, or by its path.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SchemaPicker {
    /// What was typed.
    pub typed: String,
    /// The files; `None` until they are read.
    pub files: Option<Vec<SchemaFile>>,
    /// The row under the cursor.
    pub cursor: usize,
}

/// A row of the picker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaRow {
    /// No schema: answers are free text.
    None,
    /// The file of that place.
    File(usize),
    /// What was typed, as a path.
    Typed,
}

impl SchemaPicker {
    /// The rows: none and every file; or the files that match what was typed, and that itself.
    #[must_use]
    pub fn rows(&self) -> Vec<SchemaRow> {
        let typed = self.typed.trim().to_lowercase();
        let has = |text: &str| text.to_lowercase().contains(&typed);
        let files = self.files.as_deref().unwrap_or_default().iter().enumerate();
        let files = files.filter(|(_, file)| has(&file.path.to_string_lossy()) || has(file.about()));
        let files = files.map(|(at, _)| SchemaRow::File(at));
        if typed.is_empty() {
            std::iter::once(SchemaRow::None).chain(files).collect()
        } else {
            files.chain([SchemaRow::Typed]).collect()
        }
    }

    /// The row under the cursor.
    #[must_use]
    pub fn selected(&self) -> Option<SchemaRow> {
        self.rows().get(self.cursor).copied()
    }
}
