//! How the book wants to be cited: `CITATION.cff` at the root of the workspace says it, once.

use crate::highlight::escape;
use crate::page::Place;
use anyhow::{Context, Result};
use std::fs;

/// What `CITATION.cff` says.
pub struct Citation {
    pub title: String,
    pub author: String,
    pub version: String,
    /// When this version came out, `2026-11-30`.
    pub date: String,
    /// The names of its licences, as SPDX has them.
    pub licences: Vec<String>,
}

impl Citation {
    /// Reads the file; `None` if the workspace has none.
    pub fn of(place: &Place) -> Result<Option<Self>> {
        match fs::read_to_string(place.workspace.join("CITATION.cff")) {
            Ok(text) => Self::parse(&text).map(Some),
            Err(_) => Ok(None),
        }
    }

    /// The few keys that we need of this small YAML.
    fn parse(text: &str) -> Result<Self> {
        let plain = |value: &str| value.trim().trim_matches('"').to_owned();
        let value = |key: &str| {
            let mark = format!("{key}:");
            text.lines()
                .find_map(|line| line.trim_start_matches([' ', '-']).strip_prefix(&mark))
                .map(plain)
                .with_context(|| format!("there is no {key}"))
        };
        let list = |key: &str| -> Vec<String> {
            let mark = format!("{key}:");
            let after = text.lines().skip_while(|line| line.trim_end() != mark).skip(1);
            after.map_while(|line| line.strip_prefix("  - ")).map(plain).collect()
        };
        Ok(Self {
            title: value("title")?,
            author: value("name")?,
            version: value("version")?,
            date: value("date-released")?,
            licences: list("license"),
        })
    }
}

/// The book as an entry of BibTeX, on the page.
pub fn bibtex(place: &Place) -> Result<String> {
    let citation = Citation::of(place)?.context("the workspace has no such file")?;
    let Citation { title, author, version, date, .. } = &citation;
    let (year, month) = (date.get(..4).unwrap_or(date), date.get(5..7).unwrap_or_default());
    let address =
        place.settings.address.as_ref().or(place.html.git_repository_url.as_ref());
    let url = address.map_or(String::new(), |url| format!("\n  url     = {{{url}}},"));
    let entry = format!(
        "@misc{{em-step-by-step,\n  author  = {{{{{author}}}}},\n  title   = {{{title}}},\n  \
         year    = {{{year}}},\n  month   = {{{month}}},{url}\n  note    = {{Version {version}}}\n}}"
    );
    let entry = crate::highlight::in_one_line(&escape(&entry));
    Ok(format!("<pre class=\"bibtex\"><code>{entry}</code></pre>"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_are_read_wherever_they_stand() {
        let text = "title: \"A, B\"\nauthors:\n  - name: \"C\"\nversion: 1.2\ndate-released: 2026-11-30\nlicense:\n  - MIT\n  - Apache-2.0\nkeywords:\n  - x\n";
        let citation = Citation::parse(text).unwrap();
        assert_eq!((&*citation.title, &*citation.author), ("A, B", "C"));
        assert_eq!(citation.licences, ["MIT", "Apache-2.0"]);
        let error = Citation::parse("title: x\n").err().unwrap();
        assert_eq!(error.to_string(), "there is no name");
    }
}
