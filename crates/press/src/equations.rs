//! The labelled equations: their numbers, the links to them, their tests, and the appendix.

use crate::maths::Maths;
use crate::mentions::Mention;
use crate::page::{Page, Place};
use crate::problem::{Fault, Problems};
use math_core::MathDisplay;
use mdbook_markdown::pulldown_cmark::Event;
use regex::Regex;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A display formula that has a label and therefore a number.
pub struct Equation {
    /// `bayes` of `\label{eq:bayes}`.
    pub slug: String,
    /// `3.1`: the chapter's number and a count.
    pub number: String,
    latex: String,
    page: PathBuf,
    file: PathBuf,
    line: usize,
}

/// All the equations of the book, in order, and who speaks of them.
pub struct Equations {
    all: Vec<Equation>,
    mentions: Vec<Mention>,
    /// From here to the book that has them: nothing, or `../`.
    way: &'static str,
}

impl Equations {
    /// Numbers the labelled equations of all pages and compares them with the Rust.
    pub fn new(
        pages: &[Page],
        place: &Place,
        mentions: Vec<Mention>,
        problems: &mut Problems,
    ) -> Self {
        let mut equations = Self { all: Vec::new(), mentions, way: "" };
        for page in pages {
            let mut count = 0;
            for (event, range) in place.parse(&page.text) {
                if let Event::DisplayMath(latex) = event {
                    equations.number(page, &mut count, &latex, range.start, problems);
                }
            }
        }
        equations.compare(problems);
        equations
    }

    fn number(
        &mut self,
        page: &Page,
        count: &mut usize,
        latex: &str,
        start: usize,
        problems: &mut Problems,
    ) {
        let (bare, labels) = take_labels(latex);
        for (i, (at, label)) in labels.into_iter().enumerate() {
            let line = page.line(start + "$$".len() + at);
            let Some(slug) = slug(&label) else {
                problems.add(&page.file, line, Fault::LabelForm(label));
                continue;
            };
            if i > 0 {
                problems.add(&page.file, line, Fault::SecondLabel);
            } else if let Some(first) = self.get(slug) {
                let (slug, first) = (slug.to_owned(), first.file.clone());
                problems.add(&page.file, line, Fault::DuplicateLabel { slug, first });
            } else if let Some(chapter) = &page.number {
                *count += 1;
                self.all.push(Equation {
                    slug: slug.to_owned(),
                    number: format!("{chapter}.{count}"),
                    latex: bare.clone(),
                    page: page.path.clone(),
                    file: page.file.clone(),
                    line,
                });
            } else {
                problems.add(&page.file, line, Fault::UnnumberedPage(slug.to_owned()));
            }
        }
    }

    /// Every equation has a test; whatever the Rust names is an equation.
    fn compare(&self, problems: &mut Problems) {
        for equation in &self.all {
            if self.functions(equation, true).is_empty() {
                let fault = Fault::Untested(equation.slug.clone());
                problems.add(&equation.file, equation.line, fault);
            }
        }
        for mention in
            self.mentions.iter().filter(|mention| self.get(&mention.slug).is_none())
        {
            let fault = Fault::UnknownEquation(mention.slug.clone());
            problems.add(&mention.file, mention.line, fault);
        }
    }

    /// The same, spoken of in a book that lies in a folder of theirs.
    pub fn quoted(self) -> Self {
        Self { way: "../", ..self }
    }

    fn get(&self, slug: &str) -> Option<&Equation> {
        self.all.iter().find(|equation| equation.slug == slug)
    }

    /// The equation that a formula labels.
    pub fn labelled(&self, latex: &str) -> Option<&Equation> {
        let (_, labels) = take_labels(latex);
        self.get(slug(&labels.first()?.1)?)
    }

    /// `(3.1)`, a link from a page to the equation.
    ///
    /// HTML rather than Markdown, so that it works in a `<summary>` or a caption too.
    pub fn link(&self, slug: &str, from: &Page) -> Option<String> {
        self.get(slug).map(|equation| equation.link(from, self.way))
    }

    /// An equation of another book, with its number, which leads there.
    pub fn quote(&self, slug: &str, from: &Page, maths: &Maths) -> Option<String> {
        let equation = self.get(slug)?;
        let formula = maths.render(&equation.latex, MathDisplay::Block).unwrap_or_default();
        let link = equation.link(from, self.way);
        Some(framed(&formula, &equation.number, "", &link))
    }

    /// The tests that check an equation, or the functions that compute it, and their files.
    fn functions(&self, equation: &Equation, tests: bool) -> Vec<(&str, &Path)> {
        let mut functions: Vec<_> = self
            .mentions
            .iter()
            .filter(|mention| mention.slug == equation.slug)
            .filter_map(|mention| {
                Some((mention.function.as_ref()?, mention.file.as_path()))
            })
            .filter(|(function, _)| function.is_test == tests)
            .map(|(function, file)| (function.name.as_str(), file))
            .collect();
        functions.dedup(); // a doc comment may name an equation twice
        functions
    }

    /// The appendix: each equation with the functions that compute it and the tests that check it.
    pub fn appendix(
        &self,
        pages: &[Page],
        here: &Page,
        maths: &Maths,
        place: &Place,
    ) -> String {
        let mut markdown = String::new();
        for page in pages {
            let mut equations = self.all.iter().filter(|e| e.page == page.path).peekable();
            if let (Some(number), Some(_)) = (&page.number, equations.peek()) {
                let _ = write!(markdown, "## {number}. {}\n\n", page.name);
            }
            for equation in equations {
                let formula =
                    maths.render(&equation.latex, MathDisplay::Block).unwrap_or_default();
                let _ = write!(
                    markdown,
                    "<div class=\"equation\">{}<dl>{}{}</dl></div>\n\n",
                    framed(&formula, &equation.number, "", &equation.link(here, self.way)),
                    entry("Computed by", &self.functions(equation, false), place),
                    entry("Checked by", &self.functions(equation, true), place),
                );
            }
        }
        markdown
    }
}

impl Equation {
    fn id(&self) -> String {
        format!("eq-{}", self.slug)
    }

    fn link(&self, from: &Page, way: &str) -> String {
        let to = from.link_to(&self.page, &self.id());
        format!("<a href=\"{way}{to}\">({})</a>", self.number)
    }

    /// The formula on its page, with the number that links to itself.
    pub fn frame(&self, mathml: &str) -> String {
        let id = self.id();
        let link = format!("<a href=\"#{id}\">({})</a>", self.number);
        framed(mathml, &self.number, &format!(" id=\"{id}\""), &link)
    }
}

/// A formula that can be scrolled, by the keyboard too, and its number beside it.
fn framed(mathml: &str, number: &str, id: &str, link: &str) -> String {
    format!(
        "<div class=\"eq\"{id}><div class=\"eq-formula\" tabindex=\"0\" role=\"group\" \
         aria-label=\"Equation {number}\">{mathml}</div><span class=\"eq-number\">{link}</span></div>"
    )
}

/// A formula that has no label.
pub fn unnumbered(mathml: &str) -> String {
    format!(
        "<div class=\"eq\"><div class=\"eq-formula\" tabindex=\"0\" role=\"group\" \
         aria-label=\"Formula\">{mathml}</div></div>"
    )
}

/// A term and its definitions; nothing if there is none.
fn entry(term: &str, functions: &[(&str, &Path)], place: &Place) -> String {
    let line = |(name, file): &(&str, &Path)| {
        let file = place.source(file, None);
        format!("<dd><code>{name}</code> <small>{file}</small></dd>")
    };
    let lines: String = functions.iter().map(line).collect();
    if lines.is_empty() { lines } else { format!("<dt>{term}</dt>{lines}") }
}

/// The LaTeX with blanks in place of its labels, so that all else stays where it is, and the labels.
pub fn take_labels(latex: &str) -> (String, Vec<(usize, String)>) {
    static LABEL: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\\label\{([^}]*)\}").expect("a regex"));
    let labels = LABEL
        .captures_iter(latex)
        .map(|c| (c.get_match().start(), c[1].to_owned()))
        .collect();
    let bare = LABEL.replace_all(latex, |c: &regex::Captures| " ".repeat(c[0].len()));
    (bare.into_owned(), labels)
}

fn slug(label: &str) -> Option<&str> {
    let slug = label.strip_prefix("eq:").filter(|slug| !slug.is_empty())?;
    let small = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    slug.chars().all(small).then_some(slug)
}
