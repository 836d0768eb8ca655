//! LaTeX to MathML, such that it survives a pass through a Markdown parser.

use crate::problem::Fault;
use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};
use std::collections::HashSet;

/// The book's own commands.
const MACROS: [(&str, &str); 7] = [
    ("N", r"\mathcal{N}"),                 // the normal density
    ("E", r"\mathbb{E}"),                  // expectation
    ("diff", r"\mathrm{d}"),               // the d of an integral
    ("KL", r"\operatorname{KL}"),          // Kullback-Leibler divergence
    ("Var", r"\operatorname{Var}"),        // variance
    ("Cov", r"\operatorname{Cov}"),        // covariance
    ("argmax", r"\operatorname*{argmax}"), // where the maximum is
];

/// Turns formulas into MathML in the characters of the book's font.
pub struct Maths {
    converter: LatexToMathML,
    font: HashSet<char>,
}

/// Why a formula cannot be set, and where in its LaTeX.
pub struct MathsError {
    /// The byte of the LaTeX.
    pub at: usize,
    /// The reason.
    pub fault: Fault,
}

impl Maths {
    /// Mathematics for a font that has these characters.
    pub fn new(font: &str) -> Self {
        let macros = MACROS.map(|(name, tex)| (name.to_owned(), tex.to_owned())).to_vec();
        let converter = LatexToMathML::new(MathCoreConfig { macros, ..Default::default() })
            .expect("the macros are LaTeX");
        Self { converter, font: font.chars().collect() }
    }

    /// One line of MathML that Markdown leaves as it is.
    pub fn render(&self, latex: &str, display: MathDisplay) -> Result<String, MathsError> {
        let error = |at, fault| MathsError { at, fault };
        let mathml = self
            .converter
            .convert_with_local_state(latex, display)
            .map_err(|e| error(e.0.start, Fault::Mathematics(e.error_message())))?
            .mathml
            .replace('\n', " ");
        match mathml.chars().find(|c| !c.is_ascii() && !self.font.contains(c)) {
            Some(stranger) => Err(error(0, Fault::Character(stranger))),
            None => Ok(protect(&mathml)),
        }
    }
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
    fn punctuation_between_tags_is_protected_and_entities_are_kept() {
        assert_eq!(
            protect(r#"<mo a="*">*</mo><mo>&lt;</mo><mi>x_1</mi>"#),
            r#"<mo a="*">&#42;</mo><mo>&lt;</mo><mi>x&#95;1</mi>"#
        );
    }

    #[test]
    fn the_macros_of_the_book_are_known() {
        let font = include_str!("../../../book/src/fonts/book-math-characters.txt");
        let latex = r"\N \E \int \diff x \KL \Var \Cov \argmax_k";
        assert!(Maths::new(font).render(latex, MathDisplay::Block).is_ok());
    }
}
