//! The pages of the book as their authors wrote them.

use crate::settings::Settings;
use anyhow::{Context, Result};
use mdbook_markdown::pulldown_cmark::{Event, Options, Parser};
use mdbook_preprocessor::book::{Book, BookItem, Chapter};
use mdbook_preprocessor::config::{Config, HtmlConfig};
use regex::Regex;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

/// `{{#name argument}}`, unless a backslash escapes it.
pub static DIRECTIVE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\\?\{\{\s*#(\w*)\s*([^}]*)\}\}").expect("a regex"));

/// Where the book stands in the workspace, and how it is read.
pub struct Place {
    /// The root of the workspace: the folder that holds the book's.
    pub workspace: PathBuf,
    /// The folder of the pages, from the root of the workspace.
    pub src: PathBuf,
    /// mdBook's settings, which decide how Markdown is read.
    pub html: HtmlConfig,
    /// Press's settings.
    pub settings: Settings,
}

impl Place {
    /// The place of a book, given its folder and its `book.toml`.
    pub fn of(root: &Path, config: &Config) -> Result<Self> {
        let root = root.canonicalize()?;
        let workspace = root.parent().unwrap_or(&root).to_owned();
        let folder = Path::new(root.file_name().unwrap_or_default());
        let src = normalize(&folder.join(&config.book.src));
        let html = config.html_config().unwrap_or_default();
        let settings = match config.get::<PathBuf>("preprocessor.press.quotes")? {
            None => Settings::of(config)?,
            Some(quoted) => {
                let file = workspace.join(quoted).join("book.toml");
                Settings::quoting(config, &Config::from_disk(file)?)?
            }
        };
        Ok(Self { workspace, src, html, settings })
    }

    /// The folder of the book, or of the one that it quotes, whose looks it has.
    pub fn book(&self) -> PathBuf {
        let own = || Path::new(self.src.iter().next().unwrap_or_default());
        self.workspace.join(self.settings.quotes.as_deref().unwrap_or_else(own))
    }

    /// The name of a file of the workspace, and a link to these lines of it if the book's repository
    /// is known.
    pub fn source(&self, file: &Path, lines: Option<(usize, usize)>) -> String {
        let name = file.display();
        let at = lines.map_or(String::new(), |(first, last)| format!("#L{first}-L{last}"));
        match &self.html.git_repository_url {
            Some(url) => format!(
                "<a href=\"{}/blob/HEAD/{name}{at}\">{name}</a>",
                url.trim_end_matches('/')
            ),
            None => name.to_string(),
        }
    }

    /// The files that match a pattern; both are from the root of the workspace.
    pub fn files(&self, pattern: &str) -> Result<Vec<PathBuf>> {
        let root = glob::Pattern::escape(&self.workspace.to_string_lossy());
        glob::glob(&format!("{root}/{pattern}"))
            .with_context(|| format!("the pattern {pattern}"))?
            .map(|path| Ok(path?.strip_prefix(&self.workspace)?.to_owned()))
            .collect()
    }

    /// The bytes of a page that are shown: of a lesson neither what stands in front nor the slides.
    pub fn shown(&self, text: &str) -> Range<usize> {
        match self.settings.quotes.as_ref().and_then(|_| lessons::split(text)) {
            None => 0..text.len(),
            Some((_, body)) => {
                let begin = text.len() - body.len();
                begin..text.find("\n## Slides\n").unwrap_or(text.len())
            }
        }
    }

    /// The text of a page with mathematics in it, as mdBook would read the rest.
    pub fn parse<'a>(
        &self,
        text: &'a str,
    ) -> impl Iterator<Item = (Event<'a>, Range<usize>)> + use<'a> {
        let mut options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_HEADING_ATTRIBUTES
            | Options::ENABLE_MATH;
        options.set(Options::ENABLE_SMART_PUNCTUATION, self.html.smart_punctuation);
        options.set(Options::ENABLE_DEFINITION_LIST, self.html.definition_lists);
        options.set(Options::ENABLE_GFM, self.html.admonitions);
        Parser::new_ext(text, options).into_offset_iter()
    }
}

/// One page.
pub struct Page {
    /// The chapter's name in the summary.
    pub name: String,
    /// The part of the book that it stands in, if the summary names one before it.
    pub part: Option<String>,
    /// The chapter's number, such as `3` or `3.1`, if it has one.
    pub number: Option<String>,
    /// Where mdBook puts it: `e_step.md`, which becomes `e_step.html`.
    pub path: PathBuf,
    /// Its source, from the root of the workspace.
    pub file: PathBuf,
    /// Its Markdown.
    pub text: String,
}

impl Page {
    /// All the pages, in the order of the book.
    pub fn all(book: &Book, place: &Place) -> Vec<Self> {
        let page = |chapter: &Chapter, part: &Option<String>| Self {
            name: chapter.name.clone(),
            part: part.clone().filter(|_| chapter.number.is_some()),
            number: chapter
                .number
                .as_ref()
                .map(|n| n.to_string().trim_end_matches('.').to_owned()),
            path: chapter.path.clone().unwrap_or_default(),
            file: place.src.join(chapter.source_path.as_deref().unwrap_or(Path::new(""))),
            text: chapter.content.clone(),
        };
        let mut part = None;
        let mut pages = Vec::new();
        for item in book.iter() {
            match item {
                BookItem::PartTitle(title) => part = Some(title.clone()),
                BookItem::Chapter(chapter) if !chapter.is_draft_chapter() => {
                    pages.push(page(chapter, &part));
                }
                _ => {}
            }
        }
        pages
    }

    /// The name of its files, without an ending.
    pub fn stem(&self) -> &str {
        self.path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default()
    }

    /// The line of a byte of the text, counted from 1.
    pub fn line(&self, byte: usize) -> usize {
        1 + self.text.bytes().take(byte).filter(|&b| b == b'\n').count()
    }

    /// The way from this page to a place in another.
    pub fn link_to(&self, page: &Path, fragment: &str) -> String {
        let up = "../".repeat(self.path.components().count().saturating_sub(1));
        format!("{up}{}#{fragment}", page.display())
    }

    /// The file at a relative path, in the same terms as [`Page::file`].
    pub fn resolve(&self, path: &str) -> PathBuf {
        normalize(&self.file.parent().unwrap_or(Path::new("")).join(path))
    }
}

/// A path without `.` and, as far as there is something to leave, without `..`.
fn normalize(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if normal.file_name().is_some() => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}
