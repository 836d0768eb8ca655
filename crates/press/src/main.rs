//! `cargo book`: builds the book and says where it lies.

use anyhow::{Context, Result};
use mdbook_preprocessor::{Preprocessor, parse_input};
use press::Press;
use std::io;
use std::path::Path;
use std::process::ExitCode;

const HELP: &str = "\
Builds the book and says where it lies.

Usage: cargo book [--open]

  --open    show it in the browser
  --help    show this

For mdBook (book.toml names it): press preprocess [supports RENDERER]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        [] => book(false),
        ["--open"] => book(true),
        ["preprocess"] => preprocess(),
        ["preprocess", "supports", "html"] => Ok(()),
        ["preprocess", "supports", _] => return ExitCode::FAILURE,
        ["-h" | "--help"] => {
            println!("{HELP}");
            Ok(())
        }
        _ => {
            eprintln!("error: no such arguments: {}\n\n{HELP}", arguments.join(" "));
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", format!("{error:#}").trim_end());
            ExitCode::FAILURE
        }
    }
}

/// The press of this book: its figures are those of the crate `figures`.
fn of_this_book() -> Press {
    Press::new(|name| figures::book(name).map(|drawn| Ok(drawn?.inline())))
}

fn book(open: bool) -> Result<()> {
    // As it stands now, not when press was compiled: clones may share a target folder.
    let press =
        std::env::var("CARGO_MANIFEST_DIR").context("cargo book is run by cargo")?;
    let book = Path::new(&press).join("../../book").canonicalize()?;
    let index = press::build(&book, of_this_book())?;
    println!("{}", index.display());
    if open {
        opener::open_browser(index)?;
    }
    Ok(())
}

/// Takes a book from mdBook and gives it back woven.
fn preprocess() -> Result<()> {
    let (context, book) = parse_input(io::stdin())?;
    Ok(serde_json::to_writer(io::stdout(), &of_this_book().run(&context, book)?)?)
}
