//! Figures: a drawing in the page, and its caption.

use crate::problem::Fault;
use crate::weave::Loom;
use mdbook_markdown::pulldown_cmark::html::push_html;
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};
use std::ops::Range;

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
                let own = name.split('?').next().unwrap_or(name); // what follows is a query
                let (id, svg) = (own.replace('/', "-"), one_line(&svg));
                let caption = self.caption(caption..paragraph.end);
                let html = format!(
                    "<figure id=\"fig-{id}\">{svg}<figcaption>{caption}</figcaption></figure>"
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
    html.split_whitespace().collect::<Vec<_>>().join(" ")
}
