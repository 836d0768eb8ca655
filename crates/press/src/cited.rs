//! Works that pages name and one page lists: the first mention on a page is a link to the entry.

use crate::page::Page;
use crate::text::regex;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// A name of a work and the entry for it.
struct Work {
    name: String,
    id: String,
    page: PathBuf,
}

/// All works, those with the longest names first.
pub struct Cited(Vec<Work>);

impl Cited {
    /// What the pages list: `<span id="wu-1983" data-cited="Wu|C. F. J. Wu"></span>` opens an entry.
    pub fn new(pages: &[Page]) -> Self {
        let entry = regex!(r#"<span id="([^"]+)" data-cited="([^"]+)">"#);
        let mut works = Vec::new();
        for page in pages {
            for found in entry.captures_iter(&page.text) {
                works.extend(found[2].split('|').map(|name| Work {
                    name: name.to_owned(),
                    id: found[1].to_owned(),
                    page: page.path.clone(),
                }));
            }
        }
        works.sort_by_key(|work| std::cmp::Reverse(work.name.len()));
        Self(works)
    }

    /// The places in a text that name a work for the first time, and the links that they become. `seen` are
    /// the entries that the page has led to already.
    pub fn links(
        &self,
        text: &str,
        from: &Page,
        seen: &mut HashSet<String>,
    ) -> Vec<(usize, usize, String)> {
        let mut links: Vec<(usize, usize, String)> = Vec::new();
        for work in self.0.iter().filter(|work| work.page != from.path) {
            let Some(at) = text.find(&work.name) else { continue };
            let end = at + work.name.len();
            let within =
                |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '-');
            let part_of_a_word = within(text[..at].chars().next_back())
                || within(text[end..].chars().next());
            let taken = links.iter().any(|(from, to, _)| at < *to && *from < end);
            if !part_of_a_word && !taken && seen.insert(work.id.clone()) {
                links.push((at, end, link(from, &work.page, &work.id, &work.name)));
            }
        }
        links
    }
}

fn link(from: &Page, to: &Path, id: &str, name: &str) -> String {
    format!("<a href=\"{}\">{name}</a>", from.link_to(to, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(path: &str, text: &str) -> Page {
        let (name, number, part) = (String::new(), None, None);
        Page { name, part, number, path: path.into(), file: path.into(), text: text.into() }
    }

    #[test]
    fn the_first_mention_of_a_work_is_a_link() {
        let list = page(
            "b.md",
            "<span id=\"wu-1983\" data-cited=\"Wu\"></span><span id=\"li\" data-cited=\"Li|Li and Wu\"></span>",
        );
        let (cited, mut seen) = (Cited::new(std::slice::from_ref(&list)), HashSet::new());
        let here = page("a.md", "");
        let mut links = |text: &str| cited.links(text, &here, &mut seen);
        assert_eq!(
            links("Wurst by Li and Wu"),
            [(9, 18, "<a href=\"b.md#li\">Li and Wu</a>".to_owned())]
        );
        assert_eq!(
            links("so Wu says"),
            [(3, 5, "<a href=\"b.md#wu-1983\">Wu</a>".to_owned())]
        );
        assert!(links("Wu and Li again").is_empty());
        assert!(cited.links("Wu", &list, &mut HashSet::new()).is_empty());
    }
}
