//! What `book.toml` says to press.

use anyhow::{Context, Result};
use mdbook_preprocessor::config::Config;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The keys of `[preprocessor.press]` that mdBook itself reads.
const OF_MDBOOK: [&str; 5] = ["command", "before", "after", "optional", "renderers"];

/// The keys that a book does not take over from one that it quotes.
const OWN: [&str; 3] = ["chapters", "beside", "address"];

/// The table `[preprocessor.press]`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Settings {
    /// Patterns for the tested Rust, from the root of the workspace.
    pub code: Vec<String>,
    /// The most lines of a listing.
    pub longest_listing: Option<usize>,
    /// The most characters of a line of a listing.
    pub widest_listing: Option<usize>,
    /// The most characters of a line of an output.
    pub widest_output: Option<usize>,
    /// The file of all characters that the font for the mathematics has, from the folder of
    /// the pages.
    pub font: Option<PathBuf>,
    /// Where the site will stand, if that is known: `https://example.org/book/`.
    pub address: Option<String>,
    /// Other words for what a reader looks for: `sigma` finds what says `variance`.
    #[serde(default)]
    pub synonyms: BTreeMap<String, Vec<String>>,
    /// The book's own commands of LaTeX.
    #[serde(default)]
    pub macros: BTreeMap<String, String>,
    /// The rules for its chapters, if they are crates.
    pub chapters: Option<Rules>,
    /// The folder of the lessons, which have a quiz for each chapter, from the root of the workspace.
    pub lessons: Option<PathBuf>,
    /// Folders of the site that others put beside the pages: links into them are not followed.
    #[serde(default)]
    pub beside: Vec<PathBuf>,
    /// The folder of the book that this one teaches and quotes, from the root of the workspace.
    pub quotes: Option<PathBuf>,
}

/// The table `[preprocessor.press.chapters]`.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rules {
    /// The crates that are no chapters and that examples and tests of a chapter may use.
    #[serde(default)]
    pub helpers: Vec<String>,
    /// The most lines of code of a source file.
    pub lines_of_code: Option<usize>,
    /// The most public items of a crate.
    pub public_items: Option<usize>,
    /// The most words of prose of a page.
    pub words: Option<usize>,
    /// The most minutes of a page, which then says under its title how many it takes.
    pub minutes: Option<usize>,
    /// What is over its limit and may not grow: a source file, a crate's folder or a page, from
    /// the root of the workspace.
    #[serde(default)]
    pub ceilings: BTreeMap<PathBuf, usize>,
}

impl Settings {
    /// The settings of a book.
    pub fn of(config: &Config) -> Result<Self> {
        let table: Option<toml::Table> = config.get("preprocessor.press")?;
        let mut table = table.unwrap_or_default();
        OF_MDBOOK.iter().for_each(|key| drop(table.remove(*key)));
        table.try_into().context("[preprocessor.press] of book.toml")
    }

    /// The settings of a book that quotes another: all that is not its own is the other's.
    pub fn quoting(config: &Config, quoted: &Config) -> Result<Self> {
        let mut table: toml::Table = config.get("preprocessor.press")?.unwrap_or_default();
        let other: Option<toml::Table> = quoted.get("preprocessor.press")?;
        for (key, value) in
            other.into_iter().flatten().filter(|(key, _)| !OWN.contains(&key.as_str()))
        {
            table.entry(key).or_insert(value);
        }
        OF_MDBOOK.iter().for_each(|key| drop(table.remove(*key)));
        table.try_into().context("[preprocessor.press] of the book that quotes")
    }
}
