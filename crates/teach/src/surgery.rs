//! Finds the functions of the exercises in the source, and puts other bodies in.

use anyhow::{Context, Result, bail};
use proc_macro2::{LexError, TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use syn::spanned::Spanned;
use syn::{Block, ImplItem, Item, ReturnType, Signature, Type, TypeParamBound};

/// Where a function of an exercise stands: `stability::cure::Cure::variance` is the method `variance`
/// of `Cure` in the file `cure.rs` of the crate `stability`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, from the root of the workspace.
    pub file: PathBuf,
    /// The type, if it is a method.
    pub of: Option<String>,
    /// The function's own name.
    pub name: String,
}

impl Place {
    /// Of a path with double colons.
    pub fn new(path: &str) -> Result<Self> {
        let mut parts: Vec<&str> = path.split("::").collect();
        let name = parts.pop().unwrap_or_default().to_owned();
        let is_type = |part: &&str| part.starts_with(char::is_uppercase);
        let of = parts.last().copied().filter(|part| is_type(part)).map(str::to_owned);
        if of.is_some() {
            parts.pop();
        }
        let [package, modules @ ..] = &parts[..] else { bail!("{path} names no crate") };
        let mut file = Path::new("crates").join(package).join("src");
        match modules {
            [] => file.push("lib.rs"),
            modules => {
                file.extend(modules);
                file.set_extension("rs");
            }
        }
        Ok(Self { file, of, name })
    }
}

/// A function in a source file.
pub struct Function {
    /// The bytes of its body, braces included.
    pub body: Range<usize>,
    /// What it gives, if it says so in words other than `impl Trait`.
    pub gives: Option<String>,
    /// The bounds of `impl Trait`, if it gives that.
    pub bounds: Option<String>,
    /// Its signature, in tokens.
    pub signature: String,
}

/// The function in the text of its file.
pub fn find(text: &str, path: &Place) -> Result<Function> {
    let file = syn::parse_file(text).with_context(|| path.file.display().to_string())?;
    let free = file.items.iter().filter_map(|item| match item {
        Item::Fn(item) if path.of.is_none() => Some((&item.sig, &*item.block)),
        _ => None,
    });
    let methods = file.items.iter().filter_map(|item| match item {
        Item::Impl(item) if path.of.is_some() && type_name(&item.self_ty) == path.of => {
            Some(&item.items)
        }
        _ => None,
    });
    let methods = methods.flatten().filter_map(|item| match item {
        ImplItem::Fn(item) => Some((&item.sig, &item.block)),
        _ => None,
    });
    let found = free.chain(methods).find(|(signature, _)| signature.ident == path.name);
    let (signature, block) = found.with_context(|| {
        let of = path.of.as_ref().map(|of| format!("{of}::")).unwrap_or_default();
        format!("{} has no function {of}{}", path.file.display(), path.name)
    })?;
    Ok(function(text, signature, block))
}

/// The test of this name, in a file of tests.
pub fn find_test(text: &str, name: &str) -> Result<Function> {
    let file = syn::parse_file(text)?;
    let found = file.items.iter().find_map(|item| match item {
        Item::Fn(item) if item.sig.ident == name => Some((&item.sig, &*item.block)),
        _ => None,
    });
    let (signature, block) = found.with_context(|| format!("there is no test {name}"))?;
    Ok(function(text, signature, block))
}

fn function(text: &str, signature: &Signature, block: &Block) -> Function {
    let slice = |span: proc_macro2::Span| text[span.byte_range()].to_owned();
    let (mut gives, mut bounds) = (None, None);
    if let ReturnType::Type(_, given) = &signature.output {
        match &**given {
            Type::ImplTrait(of) => {
                let bound = |bound: &TypeParamBound| slice(bound.span());
                let all: Vec<_> = of.bounds.iter().map(bound).collect();
                bounds = Some(all.join(" + "));
            }
            given => gives = Some(slice(given.span())),
        }
    }
    let signature = tokens(signature);
    Function { body: block.span().byte_range(), gives, bounds, signature }
}

/// The tokens of a piece of Rust, however it is laid out.
fn tokens(rust: &impl ToTokens) -> String {
    rust.to_token_stream().to_string()
}

fn type_name(of: &Type) -> Option<String> {
    match of {
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

/// Puts texts in place of bytes.
pub fn replaced(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(range, _)| range.start);
    let (mut out, mut at) = (String::with_capacity(2 * text.len()), 0);
    for (range, new) in edits {
        out += &text[at..range.start];
        out += &new;
        at = range.end;
    }
    out + &text[at..]
}

/// The variable that says which body runs.
pub const CHOICE: &str = "TEACH_BODY";

/// A body that is one of several: the one whose key the variable [`CHOICE`] has, or else the original.
/// In the others `original()` is what the original gives.
pub fn switched(text: &str, function: &Function, bodies: &[(String, String)]) -> String {
    let original = &text[function.body.clone()];
    let boxed = |arm: String| match &function.bounds {
        Some(bounds) => {
            format!(
                "{{ let it = {arm}; ::std::boxed::Box::new(it) as ::std::boxed::Box<dyn {bounds} + '_> }}"
            )
        }
        None => arm,
    };
    let gives = function.gives.as_ref().map(|g| format!("-> {g} ")).unwrap_or_default();
    let (mut keys, mut arms) = (String::new(), String::new());
    for (i, (key, body)) in bodies.iter().enumerate() {
        let i = i + 1;
        keys += &format!("::std::result::Result::Ok({key:?}) => {i}usize, ");
        let arm = match body.contains("original()") {
            true => format!("{{ let mut original = || {gives}{original}; {body} }}"),
            false => format!("{{ {body} }}"),
        };
        arms += &format!("{i}usize => {}\n", boxed(arm));
    }
    format!(
        "{{ static CHOICE: ::std::sync::LazyLock<usize> = ::std::sync::LazyLock::new(|| \
         match ::std::env::var(\"{CHOICE}\").as_deref() {{ {keys}_ => 0usize }});\n\
         match *CHOICE {{\n{arms}_ => {}\n}} }}",
        boxed(original.to_owned())
    )
}

/// What of a student's file goes into ours.
#[derive(Debug, Default, Clone)]
pub struct Lifted {
    /// The body, with what it needs of new imports and items.
    pub body: String,
    /// What is worth telling the lecturer.
    pub remarks: BTreeSet<String>,
}

/// Macros that read files or variables while the compiler runs, or write machine code.
const REFUSED: [&str; 8] = [
    "include",
    "include_str",
    "include_bytes",
    "env",
    "option_env",
    "asm",
    "global_asm",
    "naked_asm",
];

/// Names that reach beyond the function: not forbidden, since the sandbox holds, but told.
const REMARKABLE: [(&str, &str); 10] = [
    ("fs", "files"),
    ("File", "files"),
    ("OpenOptions", "files"),
    ("net", "the network"),
    ("TcpStream", "the network"),
    ("UdpSocket", "the network"),
    ("process", "processes"),
    ("Command", "processes"),
    ("exit", "the end of the program"),
    ("abort", "the end of the program"),
];

/// Lifts a function out of a student's file: its body, and in front of it the imports and items that
/// our file does not have. All else of that file is left where it is.
///
/// # Errors
///
/// The file does not parse or lacks the function; it uses a macro that reads while it is compiled.
pub fn lift(student: &str, ours: &str, path: &Place) -> Result<Lifted, String> {
    let theirs = syn::parse_file(student).map_err(|error| {
        let place = error.span().start();
        format!("{error} ({}:{}:{})", path.file.display(), place.line, place.column + 1)
    })?;
    let mut lifted = Lifted::default();
    let function = find(student, path).map_err(|error| format!("{error:#}"))?;
    let own = syn::parse_file(ours).map_err(|error| error.to_string())?;
    let original = find(ours, path).map_err(|error| format!("{error:#}"))?;
    if function.signature != original.signature {
        lifted.remarks.insert(format!("{} has another signature", path.name));
    }
    let known: BTreeSet<String> = own.items.iter().map(tokens).collect();
    let names: BTreeSet<String> = own.items.iter().filter_map(name).collect();
    let mut front = String::new();
    for item in &theirs.items {
        let text = &student[item.span().byte_range()];
        let is_new = match item {
            Item::Use(_) => !known.contains(&tokens(item)),
            Item::Fn(_)
            | Item::Const(_)
            | Item::Static(_)
            | Item::Struct(_)
            | Item::Enum(_)
            | Item::Type(_) => name(item).is_some_and(|n| !names.contains(&n)),
            _ => false,
        };
        if is_new {
            front += text;
            front.push('\n');
        }
    }
    let body = &student[function.body.clone()];
    let all = format!("{front}{body}");
    let tokens = all.parse().map_err(|error: LexError| error.to_string())?;
    if let Some(name) = refused(tokens) {
        return Err(format!("{name}! is refused: it reads while the program is compiled"));
    }
    for word in words(&all) {
        for (_, what) in REMARKABLE.iter().filter(|(name, _)| *name == word) {
            lifted.remarks.insert(format!("{} speaks of {what}", path.name));
        }
    }
    lifted.body = all;
    Ok(lifted)
}

/// The words of a text that could be names.
pub fn words(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|w| !w.is_empty())
        .collect()
}

/// The first of these macros that is named, with or without its mark: it could get another name.
fn refused(stream: TokenStream) -> Option<String> {
    stream.into_iter().find_map(|token| match token {
        TokenTree::Ident(name) => {
            Some(name.to_string()).filter(|n| REFUSED.contains(&&**n))
        }
        TokenTree::Group(group) => refused(group.stream()),
        _ => None,
    })
}

/// The name of an item, if it has one.
fn name(item: &Item) -> Option<String> {
    let name = match item {
        Item::Fn(item) => &item.sig.ident,
        Item::Const(item) => &item.ident,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// The text of a file of tests without the items that use what is not there, directly or by way of
/// others; `absent` are crates.
pub fn without(text: &str, absent: &BTreeSet<String>) -> Result<String> {
    let file = syn::parse_file(text)?;
    let mut gone = BTreeSet::new();
    let mut dropped = vec![false; file.items.len()];
    loop {
        let before = dropped.clone();
        for (i, item) in file.items.iter().enumerate().filter(|(i, _)| !before[*i]) {
            let code = uncommented(&text[item.span().byte_range()]);
            let speaks = words(&code).into_iter().any(|word| gone.contains(word))
                || absent.iter().any(|package| enters(&code, package));
            if speaks {
                dropped[i] = true;
                match item {
                    Item::Use(item) => used(&item.tree, &mut gone),
                    item => gone.extend(name(item)),
                }
            }
        }
        if dropped == before {
            break;
        }
    }
    let edits = file.items.iter().zip(&dropped).filter(|(_, dropped)| **dropped);
    let edits = edits.map(|(item, _)| (item.span().byte_range(), String::new()));
    Ok(replaced(text, edits.collect()))
}

/// Rust without what follows two slashes.
pub fn uncommented(text: &str) -> String {
    let code = text.lines().map(|line| line.split("//").next().unwrap_or(""));
    code.collect::<Vec<_>>().join("\n")
}

/// Whether code has a path that begins with the crate.
pub fn enters(code: &str, package: &str) -> bool {
    code.match_indices(&format!("{package}::")).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let inside = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
        before.is_none_or(|c| !inside(c)) || code[..at].ends_with(" ::")
    })
}

/// The names that an import brings.
fn used(tree: &syn::UseTree, names: &mut BTreeSet<String>) {
    match tree {
        syn::UseTree::Path(path) => used(&path.tree, names),
        syn::UseTree::Name(name) if name.ident != "self" => {
            names.insert(name.ident.to_string());
        }
        syn::UseTree::Rename(rename) => {
            names.insert(rename.rename.to_string());
        }
        syn::UseTree::Group(group) => group.items.iter().for_each(|tree| used(tree, names)),
        _ => {}
    }
}
