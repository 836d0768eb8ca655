//! Which functions compute an equation and which tests check it: their doc comments say so.

use crate::page::Place;
use crate::problem::{Fault, Problems};
use proc_macro2::{Span, TokenTree};
use regex::Regex;
use std::path::PathBuf;
use std::sync::LazyLock;
use syn::parse::{ParseStream, Parser};
use syn::visit::{self, Visit};
use syn::{
    Attribute, Expr, ExprLit, Ident, ImplItemFn, ItemFn, Lit, Macro, Meta, Token,
    TraitItemFn,
};

/// `eq:bayes` in a doc comment.
pub struct Mention {
    /// `bayes`.
    pub slug: String,
    /// The file, from the root of the workspace.
    pub file: PathBuf,
    /// The line in it.
    pub line: usize,
    /// The function that is documented, if it is one.
    pub function: Option<Function>,
}

/// A documented function.
#[derive(Clone)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Whether it is a test.
    pub is_test: bool,
}

/// Reads all the tested Rust of the workspace.
pub fn scan(place: &Place, problems: &mut Problems) -> anyhow::Result<Vec<Mention>> {
    let mut mentions = Vec::new();
    for pattern in &place.settings.code {
        for file in place.files(pattern)? {
            let text = std::fs::read_to_string(place.workspace.join(&file))?;
            let mut reader = Reader { file, function: None, mentions: &mut mentions };
            match syn::parse_file(&text) {
                Ok(rust) => reader.visit_file(&rust),
                Err(error) => {
                    let fault = Fault::Rust(error.to_string());
                    problems.add(&reader.file, error.span().start().line, fault);
                }
            }
        }
    }
    Ok(mentions)
}

struct Reader<'a> {
    file: PathBuf,
    function: Option<Function>,
    mentions: &'a mut Vec<Mention>,
}

impl Reader<'_> {
    /// Visits what belongs to a function: its doc comment speaks of the function.
    fn inside(
        &mut self,
        name: &Ident,
        attributes: &[Attribute],
        visit: impl FnOnce(&mut Self),
    ) {
        let is_test = attributes.iter().any(|attribute| attribute.path().is_ident("test"));
        let outer = self.function.replace(Function { name: name.to_string(), is_test });
        visit(self);
        self.function = outer;
    }

    fn doc(&mut self, text: &str, span: Span) {
        static SLUG: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"\beq:([a-z0-9-]+)").expect("a regex"));
        for found in SLUG.captures_iter(text) {
            self.mentions.push(Mention {
                slug: found[1].to_owned(),
                file: self.file.clone(),
                line: span.start().line,
                function: self.function.clone(),
            });
        }
    }

    /// The functions among the tokens of a macro, such as `proptest!`.
    fn tokens(&mut self, input: ParseStream) -> syn::Result<()> {
        while !input.is_empty() {
            Attribute::parse_inner(input)?;
            let attributes = Attribute::parse_outer(input)?;
            if input.peek(Token![fn]) {
                input.parse::<Token![fn]>()?;
                let name = input.parse()?;
                self.inside(&name, &attributes, |reader| {
                    attributes
                        .iter()
                        .for_each(|attribute| reader.visit_attribute(attribute));
                });
            } else if !input.is_empty() {
                input.parse::<TokenTree>()?;
            }
        }
        Ok(())
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if attribute.path().is_ident("doc")
            && let Meta::NameValue(doc) = &attribute.meta
            && let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &doc.value
        {
            self.doc(&text.value(), text.span());
        }
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.inside(&function.sig.ident, &function.attrs, |reader| {
            visit::visit_item_fn(reader, function);
        });
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.inside(&function.sig.ident, &function.attrs, |reader| {
            visit::visit_impl_item_fn(reader, function);
        });
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        self.inside(&function.sig.ident, &function.attrs, |reader| {
            visit::visit_trait_item_fn(reader, function);
        });
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        // What is no list of functions is of no interest, and no error.
        let _ = (|input: ParseStream| self.tokens(input)).parse2(call.tokens.clone());
    }
}
