//! Excerpts of tested code, cut by `ANCHOR` comments as mdBook cuts them.

use crate::page::Place;
use crate::problem::Fault;
use glob::{MatchOptions, Pattern};
use regex::Regex;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The part of a file that `{{#include PATH:ANCHOR}}` names.
pub struct Excerpt {
    /// The file, from the root of the workspace.
    pub file: PathBuf,
    /// The anchor, if there is one. Line numbers are none.
    pub anchor: Option<String>,
}

impl Excerpt {
    /// Of the directive's argument, given what its path resolves to.
    pub fn new(argument: &str, resolve: impl FnOnce(&str) -> PathBuf) -> Self {
        let (path, part) = argument.trim().split_once(':').unwrap_or((argument.trim(), ""));
        let is_anchor =
            !part.is_empty() && !part.starts_with(|c: char| c.is_ascii_digit() || c == ':');
        Self { file: resolve(path), anchor: is_anchor.then(|| part.to_owned()) }
    }

    /// What stands between the anchors, or in the file if no anchor is asked for.
    pub fn read(&self, workspace: &Path) -> Result<Cut, Fault> {
        let Ok(text) = fs::read_to_string(workspace.join(&self.file)) else {
            return Err(Fault::NoFile(self.file.clone()));
        };
        match &self.anchor {
            None => Ok(Cut {
                lines: text.lines().map(str::to_owned).collect(),
                from: 1,
                to: text.lines().count(),
            }),
            Some(anchor) => cut(&text, anchor).ok_or_else(|| Fault::NoAnchor {
                file: self.file.clone(),
                anchor: anchor.clone(),
            }),
        }
    }

    /// A listing: lines of tested code, neither none nor many, moved to the left margin.
    pub fn listing(&self, place: &Place) -> Result<Cut, Fault> {
        let Some(anchor) = &self.anchor else { return Err(Fault::NotAnInclude) };
        if !self.is_tested(&place.settings.code) {
            return Err(Fault::Untestable(self.file.clone()));
        }
        let Cut { lines, from, to } = self.read(&place.workspace)?;
        let lines = dedent(&lines);
        let (file, anchor) = (self.file.clone(), anchor.clone());
        let width =
            lines.iter().map(|line| line.trim_end().chars().count()).max().unwrap_or(0);
        let most = |limit: Option<usize>| limit.unwrap_or(usize::MAX);
        let longest = most(place.settings.longest_listing);
        let widest = most(place.settings.widest_listing);
        if width == 0 {
            Err(Fault::EmptyExcerpt { file, anchor })
        } else if lines.len() > longest {
            Err(Fault::LongExcerpt { file, anchor, lines: lines.len(), most: longest })
        } else if width > widest {
            Err(Fault::WideExcerpt { file, anchor, width, most: widest })
        } else {
            Ok(Cut { lines, from, to })
        }
    }

    fn is_tested(&self, code: &[String]) -> bool {
        let mut options = MatchOptions::new();
        options.require_literal_separator = true;
        code.iter().any(|pattern| {
            Pattern::new(pattern).is_ok_and(|p| p.matches_path_with(&self.file, options))
        })
    }
}

/// Lines of a file.
#[derive(Debug, Default, PartialEq)]
pub struct Cut {
    /// Without those that hold anchors.
    pub lines: Vec<String>,
    /// Where they begin in the file, counted from 1.
    pub from: usize,
    /// Where they end.
    pub to: usize,
}

fn cut(text: &str, anchor: &str) -> Option<Cut> {
    static MARK: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"ANCHOR(_END)?:\s*([\w-]+)").expect("a regex"));
    let mut excerpt: Option<Cut> = None;
    for (i, line) in text.lines().enumerate() {
        match (MARK.captures(line), &mut excerpt) {
            (Some(mark), None) if mark.get(1).is_none() && &mark[2] == anchor => {
                excerpt = Some(Cut { from: i + 2, ..Cut::default() });
            }
            (Some(mark), Some(cut)) if mark.get(1).is_some() && &mark[2] == anchor => {
                cut.to = i;
                return excerpt;
            }
            (None, Some(cut)) => cut.lines.push(line.to_owned()),
            _ => {}
        }
    }
    None
}

fn dedent(lines: &[String]) -> Vec<String> {
    let margin = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    lines.iter().map(|line| line.get(margin..).unwrap_or("").to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_leaves_out_the_marks_of_others() {
        let text =
            "// ANCHOR: a\n1\n// ANCHOR: b\n2\n// ANCHOR_END: b\n3\n// ANCHOR_END: a\n4";
        let a = cut(text, "a").unwrap();
        assert_eq!(
            (a.lines, a.from, a.to),
            (["1", "2", "3"].map(str::to_owned).to_vec(), 2, 6)
        );
        let b = cut(text, "b").unwrap();
        assert_eq!((b.lines, b.from, b.to), (vec!["2".to_owned()], 4, 4));
        assert_eq!(cut(text, "c"), None);
        assert_eq!(cut("// ANCHOR: a\n1", "a"), None);
    }

    #[test]
    fn an_excerpt_of_an_impl_moves_to_the_margin() {
        let lines = ["    fn f() {", "", "        1", "    }"].map(str::to_owned);
        assert_eq!(dedent(&lines), ["fn f() {", "", "    1", "}"]);
    }
}
