//! What is done with the sessions of the store, for the browser: each answers with one event.

use std::path::{Path, PathBuf};

use crate::session::{Entry, Export, Store, look_into};
use crate::tui::state::Library;

/// A store, or why there is none.
pub type Shelf = Result<Store, String>;

/// Every session, and what is set aside.
pub fn list(shelf: &Shelf) -> Result<Library, String> {
    let store = shelf.as_ref()?;
    let sessions = store.list().map_err(|error| error.to_string())?;
    Ok(Library { sessions, aside: store.aside().into_iter().map(look_into).collect() })
}

/// Gives a session another title; tells that.
pub fn rename(shelf: &Shelf, path: &Path, title: String) -> Result<String, String> {
    shelf.as_ref()?.rename(path, &title).map_err(|error| error.to_string())?;
    Ok(title)
}

/// Sets a session aside; tells where it was and where it is.
pub fn delete(shelf: &Shelf, path: PathBuf) -> Result<(PathBuf, Entry), String> {
    let aside = shelf.as_ref()?.set_aside(&path).map_err(|error| error.to_string())?;
    Ok((path, look_into(aside)))
}

/// Brings a session back.
pub fn bring_back(shelf: &Shelf, aside: &Path) -> Result<Entry, String> {
    shelf.as_ref()?.bring_back(aside).map(look_into).map_err(|error| error.to_string())
}

/// Exports a session into the folder the program was started in; tells where it is, and what is not in it.
pub fn export(shelf: &Shelf, path: &Path, export: &Export) -> Result<String, String> {
    let session = shelf.as_ref()?.load_file(path).map_err(|error| error.to_string())?;
    let dir = std::env::current_dir().map_err(|error| format!("the current folder can't be used: {error}"))?;
    let (file, notes) = export.write(&session, &dir).map_err(|error| error.to_string())?;
    let told = format!("Exported to {}", file.display());
    Ok(std::iter::once(told).chain(notes).collect::<Vec<_>>().join("; "))
}
