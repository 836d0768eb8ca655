//! Figures: their numbers, the links to them, and in the page a drawing and its caption.

use crate::page::{DIRECTIVE, Page, Place};
use crate::problem::{Fault, Problems};
use crate::weave::Loom;
use mdbook_markdown::pulldown_cmark::html::push_html;
use mdbook_markdown::pulldown_cmark::{Event, Tag};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};
use std::ops::Range;
use std::path::PathBuf;

/// A figure that a page shows.
struct Picture {
    /// `em/fits`.
    name: String,
    /// `5.1`: the chapter's number and a count; pages without a number have figures without one.
    number: Option<String>,
    page: PathBuf,
}

/// All the figures of the book, in order.
pub struct Pictures(Vec<Picture>);

impl Pictures {
    /// Numbers the figures of all pages.
    pub fn new(pages: &[Page], place: &Place, problems: &mut Problems) -> Self {
        let mut all: Vec<Picture> = Vec::new();
        for page in pages {
            let mut count = 0;
            for (event, range) in place.parse(&page.text) {
                if event != Event::Start(Tag::Paragraph) {
                    continue;
                }
                let paragraph = &page.text[range.clone()];
                let Some(figure) = DIRECTIVE.captures(paragraph).filter(|directive| {
                    &directive[1] == "figure" && directive.get_match().start() == 0
                }) else {
                    continue;
                };
                let name = own(&figure[2]).to_owned();
                if all.iter().any(|known| known.page == page.path && known.name == name) {
                    problems.add(
                        &page.file,
                        page.line(range.start),
                        Fault::TwiceShown(name),
                    );
                    continue;
                }
                count += 1;
                let number =
                    page.number.as_ref().map(|chapter| format!("{chapter}.{count}"));
                all.push(Picture { name, number, page: page.path.clone() });
            }
        }
        Self(all)
    }

    /// The number of a figure on a page.
    fn number(&self, name: &str, page: &Page) -> Option<&str> {
        let own = |picture: &&Picture| picture.page == page.path && picture.name == name;
        self.0.iter().find(own)?.number.as_deref()
    }

    /// `Figure 5.1`, a link from a page to the figure, best on the page itself.
    pub fn link(&self, name: &str, from: &Page) -> Option<String> {
        let named = || {
            self.0.iter().filter(|picture| picture.name == name && picture.number.is_some())
        };
        let own = named().find(|picture| picture.page == from.path);
        let picture = own.or_else(|| named().next())?;
        let to = from.link_to(&picture.page, &id(name));
        Some(format!("<a href=\"{to}\">Figure\u{a0}{}</a>", picture.number.as_ref()?))
    }
}

/// The name without the query behind it.
fn own(argument: &str) -> &str {
    argument.split('?').next().unwrap_or(argument).trim()
}

fn id(name: &str) -> String {
    format!("fig-{}", name.replace('/', "-"))
}

impl Loom<'_> {
    /// Puts a figure in place of a paragraph, whose caption starts at a byte of the text.
    pub fn figure(&mut self, name: &str, paragraph: Range<usize>, caption: usize) {
        if self.text[caption..paragraph.end].trim().is_empty() {
            return self.refuse(paragraph, Fault::NoCaption(name.to_owned()));
        }
        match (self.weaver.draw)(name) {
            None => self.refuse(paragraph, Fault::UnknownFigure(name.to_owned())),
            Some(Err(reason)) => {
                let (name, reason) = (name.to_owned(), reason.to_string());
                self.refuse(paragraph, Fault::Undrawable { name, reason });
            }
            Some(Ok(svg)) => {
                let (own, svg) = (own(name), one_line(&svg));
                let id = id(own);
                let number = match self.weaver.pictures.number(own, self.page) {
                    Some(n) => {
                        format!(
                            "<a class=\"figure-number\" href=\"#{id}\">Figure\u{a0}{n}.</a> "
                        )
                    }
                    None => String::new(),
                };
                let caption = self.caption(caption..paragraph.end);
                let html = format!(
                    "<figure id=\"{id}\">{svg}<figcaption>{number}{caption}</figcaption></figure>"
                );
                self.replace_paragraph(paragraph, "a figure", html);
            }
        }
    }

    /// A caption as HTML.
    fn caption(&mut self, range: Range<usize>) -> String {
        let span = self.start + range.start..self.start + range.end;
        let markdown = Loom::new(self.weaver, self.page, span, self.problems).weave();
        let mut html = String::new();
        push_html(
            &mut html,
            new_cmark_parser(markdown.trim(), &MarkdownOptions::default()),
        );
        one_line(html.trim().trim_start_matches("<p>").trim_end_matches("</p>"))
    }
}

/// A blank line would end an HTML block in Markdown.
fn one_line(html: &str) -> String {
    html.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}
