//! One deck of slides for each lesson: a file that needs nothing but the book beside it.

use crate::lessons::section;
use crate::page::Page;
use crate::problem::{Fault, Problems};
use crate::weave::{Loom, Weaver};
use mdbook_markdown::pulldown_cmark::html::push_html;
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};
use std::ops::Range;

/// The most slides of a deck.
const MOST: usize = 12;

/// What a deck is put together from.
pub struct Looks {
    /// Style sheets.
    pub style: String,
    /// Scripts.
    pub script: String,
}

/// The deck of a lesson, if it has slides.
pub fn deck(
    weaver: &Weaver,
    page: &Page,
    looks: &Looks,
    problems: &mut Problems,
) -> Option<String> {
    let all = section(&page.text, "Slides")?;
    let spans = spans(&page.text, all);
    if spans.len() > MOST {
        let fault = Fault::ManySlides { count: spans.len(), most: MOST };
        problems.add(&page.file, page.line(spans[MOST].start), fault);
    }
    let slides: String =
        spans.into_iter().map(|span| slide(weaver, page, span, problems)).collect();
    let (title, Looks { style, script }) = (&page.name, looks);
    Some(format!(
        "<!DOCTYPE html>\n<html lang=\"en\" class=\"light\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}: slides</title>\n<style>\n{style}\n</style>\n</head>\n<body>\n<main>\n\
         {slides}</main>\n<script>\nvar path_to_root = \"\";\n{script}\n</script>\n</body>\n</html>\n"
    ))
}

/// The bytes of each slide.
fn spans(text: &str, all: Range<usize>) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut begin = all.start;
    for (at, mark) in text[all.clone()].match_indices("\n---\n") {
        spans.push(begin..all.start + at + 1);
        begin = all.start + at + mark.len();
    }
    spans.push(begin..all.end);
    spans
}

fn slide(
    weaver: &Weaver,
    page: &Page,
    span: Range<usize>,
    problems: &mut Problems,
) -> String {
    let text = &page.text[span.clone()];
    if !text.trim_start().starts_with("### ") {
        problems.add(&page.file, page.line(span.start), Fault::UntitledSlide);
    }
    let end = text.find("\nNote: ").map_or(span.end, |at| span.start + at + 1);
    let shown = html(&Loom::new(weaver, page, span.start..end, problems).weave());
    // What scrolls can be reached by keys.
    let shown = shown.replace("<pre>", "<pre tabindex=\"0\">");
    let note = Loom::new(weaver, page, end..span.end, problems).weave();
    let note = html(note.trim_start().trim_start_matches("Note: "));
    format!(
        "<section class=\"slide\">\n{shown}<div class=\"note\">{note}</div><p class=\"count\"></p>\n</section>\n"
    )
}

fn html(markdown: &str) -> String {
    let mut html = String::new();
    let mut options = MarkdownOptions::default();
    options.smart_punctuation = true;
    push_html(&mut html, new_cmark_parser(markdown.trim(), &options));
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slides_lie_between_rules() {
        let text = "# T\n## Slides\n\n### A\n\n---\n\n### B\n\nNote: x\n";
        let spans = spans(text, section(text, "Slides").unwrap());
        let texts: Vec<_> = spans.into_iter().map(|span| text[span].trim()).collect();
        assert_eq!(texts, ["### A", "### B\n\nNote: x"]);
    }
}
