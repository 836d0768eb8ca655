//! LaTeX to MathML, such that it survives a pass through a Markdown parser.

use crate::page::Place;
use crate::problem::Fault;
use crate::settings::Settings;
use anyhow::{Context, Result, anyhow};
use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};
use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;

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
            .convert_with_local_state(latex, display)
            .map_err(|e| error(e.0.start, Fault::Mathematics(e.error_message())))?
            .mathml
            .replace('\n', " ");
        let has = |c: &char| self.font.as_ref().is_none_or(|font| font.contains(c));
        match mathml.chars().find(|c| !c.is_ascii() && !has(c)) {
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
}
