//! mdBook as a library, strict: whatever it warns of is an error.

use crate::Press;
use crate::finish::Site;
use crate::page::{Page, Place};
use anyhow::{Result, bail};
use mdbook_driver::MDBook;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tracing::Level;

/// Builds the book in a folder where its `book.toml` says, or where the variable of the
/// environment `MDBOOK_BUILD__BUILD_DIR` does, and tells where its first page lies.
///
/// # Errors
///
/// Every problem of the pages, or every warning of mdBook; mdBook's own errors.
pub fn build(book: &Path, press: Press) -> Result<PathBuf> {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(Level::WARN)
        .with_ansi(false)
        .without_time()
        .with_writer(move || writer.clone())
        .finish();
    let index = tracing::subscriber::with_default(subscriber, || {
        let mut mdbook = MDBook::load(book)?;
        mdbook.with_preprocessor(press); // in place of the command of the same name
        mdbook.build()?;
        let folder = mdbook.build_dir_for("html");
        let place = Place::of(&mdbook.root, &mdbook.config)?;
        let title = mdbook.config.book.title.clone().unwrap_or_default();
        let pages = Page::all(&mdbook.book, &place);
        Site { folder: &folder, place: &place, pages: &pages, title }.finish()?;
        anyhow::Ok(folder.join("index.html"))
    })?;
    match log.text() {
        warnings if warnings.is_empty() => Ok(index),
        warnings => bail!("mdBook warns:\n{warnings}"),
    }
}

/// What mdBook has logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("no writer panics")).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no writer panics").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
