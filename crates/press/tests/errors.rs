//! An error has its cause in its message or offers it as its source. With both, whoever prints an
//! error and its sources says everything twice.

use regex::Regex;
use std::path::Path;
use syn::visit::{Visit, visit_item_struct, visit_variant};
use syn::{Attribute, Fields, ItemStruct, Variant};

/// What thiserror derives, by the name of the variant or the struct.
#[derive(Default)]
struct Errors {
    seen: Vec<String>,
    twice: Vec<String>,
}

impl Errors {
    fn judge(&mut self, name: String, attributes: &[Attribute], fields: &Fields) {
        let message = attributes.iter().find(|a| a.path().is_ident("error"));
        let Some(list) = message.and_then(|m| m.meta.require_list().ok()) else { return };
        if says_source(&list.tokens.to_string(), fields) {
            self.twice.push(name.clone());
        }
        self.seen.push(name);
    }
}

/// Whether a message has the field in it that thiserror takes for the source: the one that is called
/// so, or has `#[source]` or `#[from]`.
fn says_source(message: &str, fields: &Fields) -> bool {
    fields.iter().enumerate().any(|(place, field)| {
        let marked =
            |a: &Attribute| a.path().is_ident("source") || a.path().is_ident("from");
        let name = field.ident.as_ref().map_or(place.to_string(), ToString::to_string);
        let said =
            Regex::new(&format!(r"\{{{name}[:}}]|\. *{name}\b|\b{name} *\.")).unwrap();
        (name == "source" || field.attrs.iter().any(marked)) && said.is_match(message)
    })
}

impl Visit<'_> for Errors {
    fn visit_variant(&mut self, variant: &Variant) {
        self.judge(variant.ident.to_string(), &variant.attrs, &variant.fields);
        visit_variant(self, variant);
    }

    fn visit_item_struct(&mut self, item: &ItemStruct) {
        self.judge(item.ident.to_string(), &item.attrs, &item.fields);
        visit_item_struct(self, item);
    }
}

fn errors(source: &str) -> Errors {
    let mut errors = Errors::default();
    errors.visit_file(&syn::parse_file(source).unwrap());
    errors
}

#[test]
fn no_error_of_the_workspace_says_its_cause_twice() {
    let crates = Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("..");
    let (mut seen, mut files) = (0, 0);
    for path in glob::glob(&crates.join("*/src/**/*.rs").to_string_lossy()).unwrap() {
        let path = path.unwrap();
        let Errors { seen: here, twice } = errors(&std::fs::read_to_string(&path).unwrap());
        assert!(twice.is_empty(), "{}: {twice:?}", path.display());
        (seen, files) = (seen + here.len(), files + 1);
    }
    assert!(files > 90 && seen > 100, "{seen} errors in {files} files");
}

/// By hand: what counts as twice.
#[test]
fn a_source_in_the_message_is_found() {
    let errors = errors(
        r#"
        enum Error {
            #[error("E-step: {0}")] Twice(#[from] Cause),
            #[error("step {step}: {source}")] TwiceByName { step: usize, source: Cause },
            #[error("{:?}", source.kind())] TwiceByCall { source: Cause },
            #[error("{}", .0.kind())] TwiceByPlace(#[source] Cause),
            #[error("E-step: {0}")] Said(Cause),
            #[error("step {step}: {error}")] SaidByName { step: usize, error: Cause },
            #[error("the E-step failed")] Offered(#[source] Cause),
            #[error(transparent)] Passed(#[from] Cause),
        }
        #[error("twice: {source}")] struct TwiceInAStruct { source: Cause }
        struct NoError { source: Cause }
    "#,
    );
    assert_eq!(errors.seen.len(), 9);
    let twice = ["Twice", "TwiceByName", "TwiceByCall", "TwiceByPlace", "TwiceInAStruct"];
    assert_eq!(errors.twice, twice);
}
