//! The chapters of the book, with a line each: what their crates say that they are about.

use crate::highlight::escape;
use crate::measure::minutes;
use crate::page::{Page, Place};
use std::fmt::Write;
use std::fs;

/// The line of a chapter: the description of its crate, with the apostrophes of the pages.
pub fn line(page: &Page, place: &Place) -> Option<String> {
    let manifest = format!("crates/{}/Cargo.toml", page.stem());
    let text = fs::read_to_string(place.workspace.join(manifest)).ok()?;
    let table: toml::Table = text.parse().ok()?;
    Some(table.get("package")?.get("description")?.as_str()?.replace('\'', "’"))
}

/// A list for each part of the book.
pub fn chapters(pages: &[Page], here: &Page, place: &Place) -> String {
    let mut html = String::from("<div class=\"parts\">");
    let numbered: Vec<&Page> = pages.iter().filter(|page| page.number.is_some()).collect();
    for part in numbered.chunk_by(|a, b| a.part == b.part) {
        html += "<section>";
        if let Some(title) = &part[0].part {
            let _ = write!(html, "<h3>{}</h3>", escape(title));
        }
        html += "<ul>";
        for page in part {
            let link = here.link_to(&page.path.with_extension("html"), "");
            let number = page.number.as_deref().unwrap_or_default();
            let line = line(page, place).unwrap_or_default();
            let minutes = minutes(&page.text, place);
            let _ = write!(
                html,
                "<li><a href=\"{}\"><b>{number}</b> {}</a> <span>{}</span> <small>{minutes} min</small></li>",
                link.trim_end_matches('#'),
                escape(&page.name),
                escape(&line).replace('\'', "’"),
            );
        }
        html += "</ul></section>";
    }
    html + "</div>"
}
