//! How long a chapter is: lines of code, public items, words of prose, minutes.

use crate::page::{DIRECTIVE, Place};
use mdbook_markdown::pulldown_cmark::{Event, Tag, TagEnd};
use proc_macro2::{Span, TokenStream, TokenTree};
use regex::Regex;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::LazyLock;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, File, Ident, Item, Meta, UseTree, Visibility};

/// The lines of a source file that hold code: neither comments nor documentation nor tests.
pub fn lines_of_code(text: &str) -> syn::Result<usize> {
    let mut lines = BTreeSet::new();
    tokens(syn::parse_str(text)?, &mut lines);
    let mut other = NoCode(BTreeSet::new());
    other.visit_file(&syn::parse_file(text)?);
    Ok(lines.difference(&other.0).count())
}

fn lines(span: Span) -> RangeInclusive<usize> {
    span.start().line..=span.end().line
}

/// The lines that a token stands on.
fn tokens(rust: TokenStream, found: &mut BTreeSet<usize>) {
    for token in rust {
        match token {
            TokenTree::Group(group) => {
                found.extend(lines(group.span_open()));
                tokens(group.stream(), found);
                found.extend(lines(group.span_close()));
            }
            token => found.extend(lines(token.span())),
        }
    }
}

/// The lines of doc comments, which are attributes to the parser, and of tests.
struct NoCode(BTreeSet<usize>);

impl<'ast> Visit<'ast> for NoCode {
    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if attribute.path().is_ident("doc") {
            self.0.extend(lines(attribute.span()));
        }
    }

    fn visit_item(&mut self, item: &'ast Item) {
        if is_test(item) {
            self.0.extend(lines(item.span()));
        }
        visit::visit_item(self, item);
    }
}

/// Whether an item is there for `cargo test` only.
fn is_test(item: &Item) -> bool {
    let attributes = match item {
        Item::Fn(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => return false,
    };
    attributes.iter().any(|attribute| {
        matches!(&attribute.meta, Meta::List(list)
            if list.path.is_ident("cfg") && list.tokens.to_string() == "test")
    })
}

/// The modules of a crate that stand in files of their own and are tests, from its `lib.rs`.
pub fn test_modules(lib: &File) -> Vec<String> {
    let file = |item: &Item| match item {
        Item::Mod(module) if module.content.is_none() && is_test(item) => {
            Some(module.ident.to_string())
        }
        _ => None,
    };
    lib.items.iter().filter_map(file).collect()
}

/// The names of its own that a crate gives away at its root; a public module is one.
pub fn public_items(lib: &File) -> usize {
    let is_module = |name: &Ident| {
        lib.items
            .iter()
            .any(|item| matches!(item, Item::Mod(module) if module.ident == *name))
    };
    let is_own = |tree: &UseTree| match tree {
        UseTree::Path(path) => {
            path.ident == "self" || path.ident == "crate" || is_module(&path.ident)
        }
        _ => false,
    };
    let count = |item: &Item| match item {
        Item::Const(item) => public(&item.vis).into(),
        Item::Enum(item) => public(&item.vis).into(),
        Item::Fn(item) => public(&item.vis).into(),
        Item::Mod(item) => public(&item.vis).into(),
        Item::Static(item) => public(&item.vis).into(),
        Item::Struct(item) => public(&item.vis).into(),
        Item::Trait(item) => public(&item.vis).into(),
        Item::Type(item) => public(&item.vis).into(),
        Item::Union(item) => public(&item.vis).into(),
        Item::Use(item) if public(&item.vis) && is_own(&item.tree) => names(&item.tree),
        _ => 0,
    };
    lib.items.iter().map(count).sum()
}

fn public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn names(tree: &UseTree) -> usize {
    match tree {
        UseTree::Path(path) => names(&path.tree),
        UseTree::Group(group) => group.items.iter().map(names).sum(),
        UseTree::Name(_) | UseTree::Rename(_) | UseTree::Glob(_) => 1,
    }
}

/// What opens a block that a reader may play with; `</div>`, alone in its line too, closes it.
const PLAY: &str = "<div class=\"play\">";

/// The words of a page that are read one after the other: a formula in a line is one; listings,
/// outputs, display formulas and tables have none, nor has a block *Play*, which is done.
pub fn words(markdown: &str, place: &Place) -> usize {
    static TAG: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("<!--(?s:.*?)-->|<[^>]*>").expect("a regex"));
    let (mut prose, mut html) = (String::new(), String::new());
    let mut silent = false;
    for (event, _) in place.parse(markdown) {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::Table(_)) => silent = true,
            Event::End(TagEnd::CodeBlock | TagEnd::Table) => silent = false,
            Event::Html(line) if line.trim() == PLAY => silent = true,
            Event::Html(line) if line.trim() == "</div>" => silent = false,
            _ if silent => {}
            Event::Text(text) | Event::Code(text) => prose += &text,
            Event::InlineMath(_) => prose.push('x'),
            Event::Html(line) | Event::InlineHtml(line) => html += &line,
            Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link) => {}
            Event::SoftBreak | Event::HardBreak | Event::End(_) => prose.push('\n'),
            _ => {}
        }
    }
    let text = format!("{prose}\n{}", TAG.replace_all(&html, ""));
    DIRECTIVE
        .replace_all(&text, "")
        .split_whitespace()
        .filter(|word| word.contains(char::is_alphanumeric))
        .count()
}

/// The minutes that a page takes whoever follows it: one for 200 words of prose, one for a block of
/// code or output, one and a half for a display formula.
pub fn minutes(markdown: &str, place: &Place) -> usize {
    let cost = |event| match event {
        Event::DisplayMath(_) => 1.5,
        Event::Start(Tag::CodeBlock(_)) => 1.0,
        _ => 0.0,
    };
    let looked_at: f64 = place.parse(markdown).map(|(event, _)| cost(event)).sum();
    (words(markdown, place) as f64 / 200.0 + looked_at).ceil() as usize
}
