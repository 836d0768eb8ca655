//! mdBook as a library, strict: whatever it warns of is an error.

use crate::finish::Site;
use crate::page::{Page, Place};
use crate::problem::Problems;
use crate::slides::{Looks, deck};
use crate::{Loaded, Press};
use anyhow::{Context, Result, bail};
use mdbook_driver::MDBook;
use mdbook_preprocessor::config::Config;
use std::fs;
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
    strictly(|| {
        let mut mdbook = MDBook::load(book)?;
        mdbook.with_preprocessor(press); // in place of the command of the same name
        mdbook.build()?;
        finish(&mdbook)
    })
}

/// Builds the lessons of a book: a book that quotes it, with its looks, and a folder of slides. `book` and
/// `lessons` are folders side by side; `press` draws for pages one folder below those of the book, and
/// `for_slides` for two.
///
/// # Errors
///
/// Those of [`build`].
pub fn build_lessons(
    book: &Path,
    lessons: &Path,
    press: Press,
    for_slides: &Press,
    into: &Path,
) -> Result<PathBuf> {
    let load = || -> Result<MDBook> {
        let mut config = Config::from_disk(lessons.join("book.toml"))?;
        let folder = lessons.file_name().context("the lessons have a folder")?;
        config.book.src = Path::new("..").join(folder).join(&config.book.src);
        config.build.build_dir = into.to_owned();
        MDBook::load_with_config(book, config)
    };
    strictly(|| {
        let mut mdbook = load()?;
        mdbook.with_preprocessor(press);
        mdbook.build()?;
        finish(&mdbook)?;
        copy(&book.join("src/fonts"), &into.join("fonts"))
    })?;
    decks(book, lessons, &load()?, for_slides, &into.join("slides"))?;
    Ok(into.join("index.html"))
}

/// The last pass over what mdBook has written; tells where the first page lies.
fn finish(mdbook: &MDBook) -> Result<PathBuf> {
    let folder = mdbook.build_dir_for("html");
    let place = Place::of(&mdbook.root, &mdbook.config)?;
    let title = mdbook.config.book.title.clone().unwrap_or_default();
    let pages = Page::all(&mdbook.book, &place);
    Site { folder: &folder, place: &place, pages: &pages, title }.finish()?;
    Ok(folder.join("index.html"))
}

/// Writes the slides of all pages that have some.
fn decks(
    book: &Path,
    lessons: &Path,
    mdbook: &MDBook,
    press: &Press,
    into: &Path,
) -> Result<()> {
    let read =
        |file: &Path| fs::read_to_string(file).with_context(|| file.display().to_string());
    let all = |files: &[(&Path, &str)]| -> Result<String> {
        files.iter().map(|(folder, file)| read(&folder.join("theme").join(file))).collect()
    };
    let looks = Looks {
        style: all(&[
            (book, "signs.css"),
            (book, "figures.css"),
            (book, "live.css"),
            (lessons, "deck.css"),
        ])?,
        script: all(&[(book, "live.js"), (lessons, "deck.js")])?,
    };
    let mut problems = Problems::default();
    let loaded = Loaded::of(&mdbook.root, &mdbook.config, &mdbook.book, &mut problems)?;
    let weaver = loaded.weaver(&*press.draw);
    fs::create_dir_all(into)?;
    for page in &loaded.pages {
        if let Some(deck) = deck(&weaver, page, &looks, &mut problems) {
            fs::write(into.join(page.path.with_extension("html")), deck)?;
        }
    }
    Ok(problems.into_result()?)
}

/// Copies the files of a folder.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}

/// Does something with mdBook, whose warnings are errors.
fn strictly<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(Level::WARN)
        .with_ansi(false)
        .without_time()
        .with_writer(move || writer.clone())
        .finish();
    let done = tracing::subscriber::with_default(subscriber, work)?;
    match log.text() {
        warnings if warnings.is_empty() => Ok(done),
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
