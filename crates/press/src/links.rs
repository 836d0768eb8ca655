//! Every link leads to a page or a file of the book, and every fragment to an id.

use crate::page::{Page, Place};
use crate::problem::{Fault, Problems};
use mdbook_markdown::pulldown_cmark::{Event, Tag, TagEnd};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};
use regex::Regex;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The ids of each page.
pub type Ids = HashMap<PathBuf, HashSet<String>>;

/// The ids that mdBook gives to the parts of a page, and those that its HTML has already.
pub fn ids(markdown: &str, place: &Place) -> HashSet<String> {
    static ID: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"\sid=["']([^"']+)["']"#).expect("a regex"));
    let mut options = MarkdownOptions::default();
    options.smart_punctuation = place.html.smart_punctuation;
    options.definition_lists = place.html.definition_lists;
    options.admonitions = place.html.admonitions;

    let mut ids = HashSet::new();
    let mut made = HashSet::new(); // mdBook tells only those apart that it makes itself
    let mut heading = String::new();
    let mut explicit = None;
    for event in new_cmark_parser(markdown, &options) {
        match event {
            Event::Start(Tag::Heading { id, .. }) => {
                explicit = id;
                heading.clear();
            }
            Event::Start(Tag::DefinitionListTitle) => heading.clear(),
            Event::Text(text) | Event::Code(text) => heading += &text,
            Event::SoftBreak => heading.push('\n'),
            Event::End(TagEnd::Heading(_) | TagEnd::DefinitionListTitle) => {
                let id = explicit.take().map(String::from);
                ids.insert(
                    id.unwrap_or_else(|| unique(&id_from_text(&heading), &mut made)),
                );
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                ids.extend(ID.captures_iter(&html).map(|id| id[1].to_owned()));
            }
            _ => {}
        }
    }
    ids
}

/// As mdBook makes it.
pub fn id_from_text(text: &str) -> String {
    let letter = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' || c == '-' => Some(c),
        c if c.is_whitespace() => Some('-'),
        _ => None,
    };
    text.trim().to_lowercase().chars().filter_map(letter).collect()
}

/// As mdBook makes it: `id`, `id-1`, `id-2` ...
fn unique(id: &str, made: &mut HashSet<String>) -> String {
    let unique = std::iter::once(id.to_owned())
        .chain((1..).map(|n| format!("{id}-{n}")))
        .find(|id| !made.contains(id))
        .expect("there is always another number");
    made.insert(unique.clone());
    unique
}

/// Follows the links of a page.
pub fn check(page: &Page, place: &Place, ids: &Ids, problems: &mut Problems) {
    static LINK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?:^|\s)(?:href|src)=["']([^"']*)["']"#).expect("a regex")
    });
    let mut follow = |link: &str, at: usize| {
        if let Err(fault) = target(link, page, place, ids) {
            problems.add(&page.file, page.line(at), fault);
        }
    };
    for (event, range) in place.parse(&page.text) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                follow(&dest_url, range.start);
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                for link in LINK.captures_iter(&html) {
                    follow(&link[1], range.start + link.get_match().start());
                }
            }
            _ => {}
        }
    }
}

fn target(link: &str, page: &Page, place: &Place, ids: &Ids) -> Result<(), Fault> {
    if link.contains("://") || link.starts_with("mailto:") {
        return Ok(());
    }
    let (path, fragment) = link.split_once('#').map_or((link, None), |(p, f)| (p, Some(f)));
    if place.settings.quotes.is_some() && path.starts_with("../") {
        return Ok(()); // into the book that is quoted
    }
    let file =
        if path.is_empty() { place.src.join(&page.path) } else { page.resolve(path) };
    let broken = || Fault::BrokenLink(link.to_owned());
    let inside = file.strip_prefix(&place.src).map_err(|_| broken())?;
    if place.settings.beside.iter().any(|folder| inside.starts_with(folder)) {
        return Ok(());
    }
    match (page_at(inside, ids), fragment) {
        (Some((target, ids)), Some(fragment)) if !ids.contains(fragment) => {
            Err(Fault::BrokenFragment {
                link: link.to_owned(),
                page: place.src.join(target),
                fragment: fragment.to_owned(),
            })
        }
        (Some(_), _) => Ok(()),
        (None, _) if is_shipped(inside, place) => Ok(()),
        (None, _) => Err(broken()),
    }
}

/// The page that is `e_step.md` in the source and `e_step.html` on the site.
fn page_at<'a>(path: &Path, ids: &'a Ids) -> Option<(&'a PathBuf, &'a HashSet<String>)> {
    match path.extension()?.to_str()? {
        "md" => ids.get_key_value(path),
        "html" => ids.get_key_value(&path.with_extension("md")),
        _ => None,
    }
}

/// mdBook copies all files but Markdown.
fn is_shipped(path: &Path, place: &Place) -> bool {
    path.extension().is_some_and(|extension| extension != "md")
        && place.workspace.join(&place.src).join(path).is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_the_ids_that_mdbook_gives_them() {
        let place = Place {
            workspace: PathBuf::new(),
            src: PathBuf::new(),
            html: mdbook_preprocessor::config::HtmlConfig::default(),
            settings: crate::settings::Settings::default(),
        };
        let markdown = "# Don't *stop* -- `now`\n\n## Twice\n\n## Twice\n\n## Named {#own}\n\nx <b id='raw'>y</b>\n";
        let expected =
            ["dont-stop--now", "twice", "twice-1", "own", "raw"].map(str::to_owned);
        assert_eq!(ids(markdown, &place), HashSet::from(expected));
    }
}
