//! One page: mathematics, listings, figures and references put in place of what the author wrote.

use crate::Draw;
use crate::citation;
use crate::cited::Cited;
use crate::contents;
use crate::equations::{self, Equations};
use crate::highlight;
use crate::lessons::{self, Lessons};
use crate::links::id_from_text;
use crate::listings::{Cut, Excerpt};
use crate::maths::{Maths, MathsError};
use crate::measure::minutes;
use crate::outputs::output;
use crate::page::{DIRECTIVE, Page, Place};
use crate::pictures::Pictures;
use crate::problem::{Fault, Problems};
use crate::text::regex;
use math_core::MathDisplay;
use mdbook_markdown::pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Tag, TagEnd};
use regex::{Captures, Regex};
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// A formula with more letters does not fit into a line of the narrowest screens.
const LONG_FORMULA: usize = 24;

/// What a page needs to know of the rest of the book.
pub struct Weaver<'a> {
    /// Where the book stands.
    pub place: &'a Place,
    /// All pages.
    pub pages: &'a [Page],
    /// All labelled equations.
    pub equations: &'a Equations,
    /// All figures.
    pub pictures: &'a Pictures,
    /// All works that pages may name.
    pub cited: &'a Cited,
    /// How formulas are set.
    pub maths: &'a Maths,
    /// How figures are drawn.
    pub draw: &'a Draw,
    /// What is taught of the pages, if something is.
    pub lessons: Option<&'a Lessons>,
}

impl Weaver<'_> {
    /// The pages with the numbered chapters: its own, or those of the book that it quotes.
    pub fn chapters(&self) -> &[Page] {
        self.lessons
            .map(|lessons| &*lessons.quoted)
            .filter(|all| !all.is_empty())
            .unwrap_or(self.pages)
    }

    /// The Markdown of a page that mdBook gets to see.
    pub fn weave(&self, page: &Page, problems: &mut Problems) -> String {
        Loom::new(self, page, self.place.shown(&page.text), problems).weave()
    }
}

/// A span of a page in the making.
pub struct Loom<'a> {
    pub weaver: &'a Weaver<'a>,
    pub page: &'a Page,
    /// The text of the span.
    pub text: &'a str,
    /// Where it starts in the page.
    pub start: usize,
    pub problems: &'a mut Problems,
    /// What is to stand in place of which bytes of the text.
    edits: Vec<(Range<usize>, String)>,
}

impl<'a> Loom<'a> {
    pub fn new(
        weaver: &'a Weaver<'a>,
        page: &'a Page,
        span: Range<usize>,
        problems: &'a mut Problems,
    ) -> Self {
        let (start, text) = (span.start, &page.text[span]);
        Self { weaver, page, text, start, problems, edits: Vec::new() }
    }

    /// The Markdown that comes out.
    pub fn weave(mut self) -> String {
        let mut paragraph = 0..0;
        let mut seen = HashSet::new();
        let mut quiet = 0; // in headings and links no name becomes a link
        let mut events = self.weaver.place.parse(self.text);
        while let Some((event, range)) = events.next() {
            match &event {
                Event::Start(Tag::Heading { .. } | Tag::Link { .. }) => quiet += 1,
                Event::End(TagEnd::Heading(_) | TagEnd::Link) => quiet -= 1,
                Event::Text(_) if quiet == 0 => self.citations(range.clone(), &mut seen),
                _ => {}
            }
            match event {
                Event::Start(Tag::Paragraph) => {
                    paragraph = range.clone();
                    if self.opens_with_directive(&range) {
                        events.find(|(event, _)| *event == Event::End(TagEnd::Paragraph));
                    }
                }
                Event::Start(Tag::Heading { level: HeadingLevel::H1, id, .. }) => {
                    self.title(range, id.is_some());
                }
                Event::InlineMath(latex) => self.inline(&latex, range, "$".len()),
                Event::DisplayMath(latex) => self.display(&latex, range, paragraph.clone()),
                Event::Text(_) => self.lone_dollar(range),
                Event::Html(html) => self.html(&html, range.start),
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                    let body = events
                        .by_ref()
                        .take_while(|(event, _)| matches!(event, Event::Text(_)))
                        .map(|(_, range)| range)
                        .reduce(|first, last| first.start..last.end)
                        .unwrap_or(range.start..range.start);
                    match info.split([' ', '\t', ',']).next() {
                        Some("rust") => self.listing(range, body),
                        Some("console") => self.console(range, body),
                        Some("text") if self.text[body.clone()].starts_with("$ ") => {
                            self.console(range, body);
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        self.directives();
        self.apply()
    }

    /// Notes a fault at a byte of the text.
    pub fn problem(&mut self, at: usize, fault: Fault) {
        self.problems.add(&self.page.file, self.page.line(self.start + at), fault);
    }

    /// Notes a fault and takes its cause out, so that nothing stumbles over it again.
    pub fn refuse(&mut self, range: Range<usize>, fault: Fault) {
        self.problem(range.start, fault);
        self.replace(range, String::new());
    }

    fn replace(&mut self, range: Range<usize>, text: String) {
        self.edits.push((range, text));
    }

    /// Puts HTML in place of a paragraph. It would swallow a next line that is not blank.
    pub fn replace_paragraph(
        &mut self,
        range: Range<usize>,
        what: &'static str,
        html: String,
    ) {
        let end = range.start + self.text[range.clone()].trim_end().len();
        let next = self.text[end..].lines().nth(1).unwrap_or("");
        if !next.trim_matches(|c: char| c == '>' || c.is_whitespace()).is_empty() {
            self.problem(range.start, Fault::NoBlankLine(what));
        }
        self.replace(range.start..end, html);
    }

    /// Writes the number of a chapter before its title, and under it how long it takes, if that is
    /// limited.
    fn title(&mut self, heading: Range<usize>, has_id: bool) {
        let Some(number) = &self.page.number else { return };
        let text = self.text[heading.clone()].trim_end();
        let end = heading.start + text.len();
        if let Some(title) = text.strip_prefix("# ") {
            let start = heading.start + "# ".len();
            let number = format!("<span class=\"chapter-number\">{number}</span> ");
            let id = format!(" {{#{}}}", id_from_text(title));
            self.replace(start..start, number);
            if !has_id {
                self.replace(end..end, id);
            }
        }
        let rules = self.weaver.place.settings.chapters.as_ref();
        if rules.is_some_and(|rules| rules.minutes.is_some()) {
            let minutes = minutes(&self.page.text, self.weaver.place);
            let part = self.page.part.as_ref();
            let part = part.map_or(String::new(), |part| format!("{part} · "));
            let text = format!("\n<p class=\"minutes\">{part}{minutes} minutes</p>\n\n");
            self.replace(heading.end..heading.end, text);
        }
    }

    fn inline(&mut self, latex: &str, range: Range<usize>, opening: usize) {
        match self.weaver.maths.render(latex, MathDisplay::Inline) {
            Ok(mathml) => {
                let text = self.text;
                let before = text[..range.start].ends_with('(');
                let after = text[range.end..]
                    .find(|c| !",.;:!?)\u{2019}'\"".contains(c))
                    .unwrap_or(text.len() - range.end);
                let whole = range.start - usize::from(before)..range.end + after;
                let letters = regex!("<[^>]*>").replace_all(&mathml, "").chars().count();
                let long = if letters > LONG_FORMULA { " long" } else { "" };
                if whole == range && long.is_empty() {
                    return self.replace(range, mathml);
                }
                // No line ends between a formula and the punctuation at it.
                let (open, close) =
                    (&text[whole.start..range.start], &text[range.end..whole.end]);
                let html =
                    format!("<span class=\"whole{long}\">{open}{mathml}{close}</span>");
                self.replace(whole, html);
            }
            Err(error) => self.maths_problem(range.start + opening, error),
        }
    }

    fn maths_problem(&mut self, at: usize, error: MathsError) {
        self.problem(at + error.at, error.fault);
    }

    fn display(&mut self, latex: &str, range: Range<usize>, paragraph: Range<usize>) {
        if self.text[paragraph.clone()].trim() != &self.text[range.clone()] {
            return self.problem(range.start, Fault::DisplayNotAlone);
        }
        let (bare, _) = equations::take_labels(latex);
        match self.weaver.maths.render(&bare, MathDisplay::Block) {
            Err(error) => self.maths_problem(range.start + "$$".len(), error),
            Ok(mathml) => {
                let html = match self.weaver.equations.labelled(latex) {
                    Some(equation) => equation.frame(&mathml),
                    None => equations::unnumbered(&mathml),
                };
                self.replace_paragraph(paragraph, "display mathematics", html);
            }
        }
    }

    fn citations(&mut self, range: Range<usize>, seen: &mut HashSet<String>) {
        let text = &self.text[range.clone()];
        for (from, to, link) in self.weaver.cited.links(text, self.page, seen) {
            self.replace(range.start + from..range.start + to, link);
        }
        // No line ends after the first letter of E-step, k-means and their like, nor within 1–38 and 1e-5.
        for word in regex!(r"\b(?:[A-Za-z]-[a-z]+|\d+(?:–|e-)\d+)").find_iter(text) {
            let place = range.start + word.start()..range.start + word.end();
            let before = &text[..word.start()];
            let in_directive = before.rfind("{{") > before.rfind("}}");
            if !in_directive
                && !self
                    .edits
                    .iter()
                    .any(|(edit, _)| edit.start < place.end && place.start < edit.end)
            {
                self.replace(
                    place,
                    format!("<span class=\"whole\">{}</span>", word.as_str()),
                );
            }
        }
    }

    /// A dollar sign in plain text: its formula has no end, or a brace in it has none.
    fn lone_dollar(&mut self, range: Range<usize>) {
        if let Some(at) = self.text[range.clone()].find('$') {
            let at = range.start + at;
            if !self.text[..at].ends_with('\\') {
                self.problem(at, Fault::LoneDollar);
            }
        }
    }

    /// Mathematics in raw HTML, such as a `<summary>`, which Markdown leaves alone.
    fn html(&mut self, html: &str, start: usize) {
        static INLINE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\$([^\s$]|[^\s$][^$\n]*[^\s$])\$").expect("a regex")
        });
        if let Some(at) = html.find("$$") {
            return self.problem(start + at, Fault::DisplayNotAlone);
        }
        for found in INLINE.captures_iter(html) {
            let range = found.get_match().range();
            self.inline(&found[1], start + range.start..start + range.end, "$".len());
        }
    }

    /// The directives that take the place of a whole paragraph.
    fn opens_with_directive(&mut self, range: &Range<usize>) -> bool {
        let paragraph = &self.text[range.clone()];
        let Some(directive) = DIRECTIVE.captures(paragraph) else { return false };
        let all = directive.get_match();
        match &directive[1] {
            "figure" if all.start() == 0 => {
                self.figure(directive[2].trim(), range.clone(), range.start + all.end());
            }
            "equations" if all.as_str() == paragraph.trim() => {
                let Weaver { equations, pages, maths, place, .. } = self.weaver;
                let appendix = equations.appendix(pages, self.page, maths, place);
                self.replace_paragraph(range.clone(), "the appendix", appendix);
            }
            "chapters" if all.as_str() == paragraph.trim() => {
                let list =
                    contents::chapters(self.weaver.pages, self.page, self.weaver.place);
                self.replace_paragraph(range.clone(), "the list of the chapters", list);
            }
            name if all.as_str() == paragraph.trim() && lessons::is_one(name) => {
                let argument = directive[2].trim();
                match lessons::quoted(self.weaver, self.page, name, argument, self.problems)
                {
                    Ok(text) => self.replace_paragraph(range.clone(), "a quotation", text),
                    Err(fault) => self.refuse(range.clone(), fault),
                }
            }
            _ => return false,
        }
        true
    }

    fn listing(&mut self, block: Range<usize>, body: Range<usize>) {
        let line = self.text[body.clone()].trim();
        let include = DIRECTIVE.captures(line).filter(|directive| {
            &directive[1] == "include" && directive.get_match().as_str() == line
        });
        let Some(include) = include else {
            return self.refuse(block, Fault::NotAnInclude);
        };
        let excerpt = Excerpt::new(&include[2], |path| self.page.resolve(path));
        match excerpt.listing(self.weaver.place) {
            Err(fault) => self.refuse(body, fault),
            Ok(Cut { lines, from, to }) => {
                let source = self.weaver.place.source(&excerpt.file, Some((from, to)));
                let code = highlight::in_one_line(&highlight::rust(&lines.join("\n")));
                let html = format!(
                    "<div class=\"listing\"><p class=\"listing-source\">{source}</p>\
                     <pre><code class=\"language-rust\">{code}</code></pre></div>"
                );
                self.replace_block(block, html);
            }
        }
    }

    /// Puts HTML in place of a fenced block, and an empty line after it: what follows is no part of it.
    fn replace_block(&mut self, block: Range<usize>, html: String) {
        let end = block.start + self.text[block.clone()].trim_end().len();
        let line = self.text[..block.start].rfind('\n').map_or(0, |newline| newline + 1);
        let margin: String = self.text[line..block.start]
            .chars()
            .map(|c| if c == '>' { c } else { ' ' }) // the indentation of a list, or a quotation
            .collect();
        self.replace(block.start..end, format!("{html}\n{margin}"));
    }

    fn console(&mut self, block: Range<usize>, body: Range<usize>) {
        let margin = self.text[..block.start].rfind('\n').map_or(0, |newline| newline + 1);
        let margin = block.start - margin; // of a list
        let lines = self.text[body.clone()].lines();
        let lines: Vec<_> = lines.map(|line| line.get(margin..).unwrap_or(line)).collect();
        let width = lines.iter().map(|line| line.trim_end().chars().count()).max();
        let (width, most) = (width.unwrap_or(0), self.weaver.place.settings.widest_output);
        if let Some(most) = most.filter(|most| width > *most) {
            self.problem(body.start, Fault::WideOutput { width, most });
        }
        let html = output(&lines.join("\n"));
        self.replace_block(block, html);
    }

    /// The directives that stand anywhere.
    fn directives(&mut self) {
        for directive in DIRECTIVE.captures_iter(self.text) {
            let range = directive.get_match().range();
            let done = |(edit, _): &(Range<usize>, String)| {
                edit.start <= range.start && range.end <= edit.end
            };
            if !directive[0].starts_with('\\') && !self.edits.iter().any(done) {
                self.directive(&directive, range);
            }
        }
    }

    fn directive(&mut self, directive: &Captures, range: Range<usize>) {
        let argument = directive[2].trim();
        let at = range.start;
        match &directive[1] {
            "eq" => match self.weaver.equations.link(argument, self.page) {
                Some(link) => self.replace(range, link),
                None => self.problem(at, Fault::UnknownEquation(argument.to_owned())),
            },
            "include" => {
                let excerpt = Excerpt::new(argument, |path| self.page.resolve(path));
                if let Err(fault) = excerpt.read(&self.weaver.place.workspace) {
                    self.problem(at, fault);
                }
            }
            "minutes" => match self.weaver.chapters().iter().find(|page| {
                page.number.is_some() && page.path.file_stem() == Some(argument.as_ref())
            }) {
                Some(page) => {
                    let minutes = minutes(&page.text, self.weaver.place);
                    self.replace(range, minutes.to_string());
                }
                None => self.problem(at, Fault::UnknownChapter(argument.to_owned())),
            },
            "fig" => match self.weaver.pictures.link(argument, self.page) {
                Some(link) => self.replace(range, link),
                None => self.problem(at, Fault::UnknownNumber(argument.to_owned())),
            },
            "bibtex" => match citation::bibtex(self.weaver.place) {
                Ok(bibtex) => self.replace(range, bibtex),
                Err(error) => self.problem(at, Fault::Citation(error.to_string())),
            },
            "title" => {}
            "figure" => self.problem(at, Fault::Misplaced("figure")),
            "equations" => self.problem(at, Fault::Misplaced("equations")),
            "chapters" => self.problem(at, Fault::Misplaced("chapters")),
            "quiz" => self.problem(at, Fault::Misplaced("quiz")),
            refused @ ("rustdoc_include" | "playground" | "playpen") => {
                self.problem(at, Fault::Refused(refused.to_owned()));
            }
            _ => self.problem(at, Fault::UnknownDirective(directive[0].to_owned())),
        }
    }

    fn apply(mut self) -> String {
        self.edits.sort_by_key(|(range, _)| range.start);
        let mut woven = String::with_capacity(2 * self.text.len());
        let mut done = 0;
        for (range, replacement) in &self.edits {
            woven += &self.text[done..range.start];
            woven += replacement;
            done = range.end;
        }
        woven + &self.text[done..]
    }
}
