//! LaTeX to MathML, such that it survives a pass through a Markdown parser.

use crate::page::Place;
use crate::problem::Fault;
use crate::settings::Settings;
use anyhow::{Context, Result, anyhow};
use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};
use regex::Regex;
use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

/// Turns formulas into MathML in the characters of the book's font.
pub struct Maths {
    converter: LatexToMathML,
    /// The characters that the font has; if nothing is known of it, it has them all.
    font: Option<HashSet<char>>,
}

/// Why a formula cannot be set, and where in its LaTeX.
pub struct MathsError {
    /// The byte of the LaTeX.
    pub at: usize,
    /// The reason.
    pub fault: Fault,
}

impl Maths {
    /// Mathematics with the macros and for the font of a book.
    pub fn new(place: &Place) -> Result<Self> {
        let Settings { macros, font, .. } = &place.settings;
        let macros: Vec<_> =
            macros.iter().map(|(name, tex)| (name.clone(), tex.clone())).collect();
        let names: Vec<_> = macros.iter().map(|(name, _)| name.clone()).collect();
        let converter = LatexToMathML::new(MathCoreConfig { macros, ..Default::default() })
            .map_err(|(error, i, _)| {
                let (name, why) = (&names[i], error.error_message());
                anyhow!("preprocessor.press.macros.{name} of book.toml: {why}")
            })?;
        let read = |file: &PathBuf| {
            let file = place.workspace.join(&place.src).join(file);
            fs::read_to_string(&file)
                .map(|characters| characters.chars().collect())
                .with_context(|| {
                    format!("preprocessor.press.font of book.toml: {}", file.display())
                })
        };
        Ok(Self { converter, font: font.as_ref().map(read).transpose()? })
    }

    /// One line of MathML that Markdown leaves as it is.
    pub fn render(&self, latex: &str, display: MathDisplay) -> Result<String, MathsError> {
        let error = |at, fault| MathsError { at, fault };
        let mathml = self
            .converter
            .convert_with_local_state(&level(latex), display)
            .map_err(|e| error(e.0.start, Fault::Mathematics(e.error_message())))?
            .mathml
            .replace('\n', " ");
        let has = |c: &char| self.font.as_ref().is_none_or(|font| font.contains(c));
        match mathml.chars().find(|c| !c.is_ascii() && !has(c)) {
            Some(stranger) => Err(error(0, Fault::Character(stranger))),
            None => Ok(protect(&lean(&mathml))),
        }
    }
}

/// The LaTeX without `\left` and `\right` where nothing between them is tall, since Chromium leaves the
/// room of the widest bracket around each that may grow; and with one ellipsis in place of three dots.
/// Every byte stays where it is.
fn level(latex: &str) -> String {
    static FENCE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\\(left|right)\b *(.)").expect("a regex"));
    static TALL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\\([tdc]?frac|[tdc]?binom|sum|prod|int|sqrt|begin|operatorname\*|(?:under|over)[a-z]+)(?:[^a-zA-Z]|$)")
            .expect("a regex")
    });
    let mut text = latex.replace(r"\dots", "\u{2026}  ").into_bytes();
    let mut open = Vec::new();
    for fence in FENCE.captures_iter(latex) {
        let place = fence.get(1).map_or(0..0, |name| name.start() - 1..name.end());
        let grows = !matches!(&fence[2], "(" | ")" | "[" | "]" | "\\"); // . and | need the word
        if &fence[1] == "left" {
            open.push((place, grows));
        } else if let Some((left, left_grows)) = open.pop() {
            let inside = &latex[left.end..place.start];
            if !grows && !left_grows && !TALL.is_match(inside) {
                text[left].fill(b' ');
                text[place].fill(b' ');
            }
        }
    }
    String::from_utf8(text).unwrap_or_else(|_| latex.to_owned())
}

/// Marks the letters that lean out of their width, where something may follow: in a row, and under an exponent.
/// An index stays where it is. Chromium leaves out what the font says of them; the style sheet puts it in.
fn lean(mathml: &str) -> String {
    static TAG: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("<(/?)([a-z]+)([^<>/]*)(/?)>").expect("a regex"));
    let mut marked = String::with_capacity(2 * mathml.len());
    let (mut open, mut done): (Vec<(&str, usize)>, usize) = (Vec::new(), 0);
    for tag in TAG.captures_iter(mathml) {
        let group = |i| tag.get(i).map_or("", |group| group.as_str());
        let [closing, name, attributes, closed] = [1, 2, 3, 4].map(group);
        if !closing.is_empty() {
            open.pop();
            continue;
        }
        let follows = match open.last_mut() {
            Some((parent, children)) => {
                *children += 1;
                match *parent {
                    "math" | "mrow" | "mtd" | "msqrt" | "mstyle" => true,
                    "msup" => *children == 1,
                    _ => false,
                }
            }
            None => false,
        };
        let end = tag.get(0).map_or(0, |tag| tag.end());
        if name == "mi" && attributes.is_empty() && follows {
            let class = match mathml[end..].split('<').next() {
                Some("F" | "P" | "T" | "V" | "W" | "Y") => " class=\"lean far\"",
                Some("H" | "I" | "J" | "K" | "M" | "N" | "S" | "U" | "Z" | "f" | "τ") => {
                    " class=\"lean\""
                }
                _ => "",
            };
            marked += &mathml[done..end - 1];
            marked += class;
            done = end - 1;
        }
        if closed.is_empty() {
            open.push((name, 0));
        }
    }
    marked + &mathml[done..]
}

/// Writes the punctuation between the tags as `&#N;`, since Markdown gives a meaning to most of it.
fn protect(mathml: &str) -> String {
    let mut protected = String::with_capacity(2 * mathml.len());
    let (mut in_tag, mut in_entity) = (false, false);
    for c in mathml.chars() {
        in_tag |= c == '<';
        in_entity |= c == '&';
        if c.is_ascii_punctuation() && !in_tag && !in_entity {
            protected += &format!("&#{};", u32::from(c));
        } else {
            protected.push(c);
        }
        in_tag &= c != '>';
        in_entity &= c != ';';
    }
    protected
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_grow_only_around_what_is_tall() {
        let same = |latex: &str| assert_eq!(level(latex), latex);
        same(r"\left( \frac{1}{2} \right)");
        same(r"\left. x \right|");
        same(r"\leftarrow x \rightarrow");
        assert_eq!(level(r"\left( x^2 \right)"), r"     ( x^2       )");
        assert_eq!(
            level(r"\left[ \sum_k \left( x \right) \right]"),
            r"\left[ \sum_k      ( x       ) \right]"
        );
        assert_eq!(level(r"\left\{ x \right\}"), r"     \{ x       \}");
        assert_eq!(level(r"1, \dots, n"), "1, \u{2026}  , n");
    }

    #[test]
    fn letters_that_lean_are_marked_where_something_may_follow() {
        assert_eq!(
            lean("<math><mi>P</mi><mo>(</mo><mi>x</mi><mo>)</mo></math>"),
            "<math><mi class=\"lean far\">P</mi><mo>(</mo><mi>x</mi><mo>)</mo></math>"
        );
        assert_eq!(
            lean("<math><msup><mi>f</mi><mi>f</mi></msup></math>"),
            "<math><msup><mi class=\"lean\">f</mi><mi>f</mi></msup></math>"
        );
        let same = |mathml: &str| assert_eq!(lean(mathml), mathml);
        same(
            "<math><msub><mi>N</mi><mi>k</mi></msub><mspace width=\"1em\" /><mi>x</mi></math>",
        );
        same("<math><mfrac><mi>f</mi><mi>P</mi></mfrac></math>");
        same("<math><mi mathvariant=\"normal\">P</mi><mi>sin</mi></math>");
    }

    #[test]
    fn punctuation_between_tags_is_protected_and_entities_are_kept() {
        assert_eq!(
            protect(r#"<mo a="*">*</mo><mo>&lt;</mo><mi>x_1</mi>"#),
            r#"<mo a="*">&#42;</mo><mo>&lt;</mo><mi>x&#95;1</mi>"#
        );
    }
}
