//! `cargo book`: builds the book and says where it lies.

mod live;

use anyhow::{Context, Result};
use live::Script;
use mdbook_preprocessor::{Preprocessor, parse_input};
use press::{Browser, Press};
use std::io;
use std::path::Path;
use std::process::ExitCode;

const HELP: &str = "\
Builds the book and says where it lies.

Usage: cargo book [--open] [--static] [--pdf] [--teach]

  --open      show it in the browser
  --teach     the instructor's book and the slides too, in the folder teach beside the pages
  --static    leave all figures as they are printed: nothing is compiled for the reader's browser
  --pdf       print it as book.pdf, too, and a picture of each page to share; by Chromium, which
              CHROMIUM names if it has another name or place
  --help      show this

For mdBook (book.toml names it): press preprocess [supports RENDERER]";

/// How a book may be asked for.
const WAYS: [&str; 4] = ["--open", "--static", "--pdf", "--teach"];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["preprocess"] => preprocess(),
        ["preprocess", "supports", "html"] => Ok(()),
        ["preprocess", "supports", _] => return ExitCode::FAILURE,
        ["-h" | "--help"] => {
            println!("{HELP}");
            Ok(())
        }
        ref flags if flags.iter().all(|flag| WAYS.contains(flag)) => book(flags),
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

/// The press of this book: its figures are those of the crates `figures` and `figures_elsewhere`,
/// and, where a question mark follows the name, those of the crate `lab`. Without its script these
/// stand still.
fn of_this_book(script: Option<String>) -> Press {
    Press::new(move |name| match name.split_once('?') {
        Some((name, query)) => Some(live::figure(name, query, script.as_deref())),
        None => figures::book(name)
            .map(|drawn| Ok(drawn?.inline()))
            .or_else(|| figures_elsewhere::book(name).map(|drawn| Ok(drawn?.inline()))),
    })
}

fn book(flags: &[&str]) -> Result<()> {
    let [open, still, pdf, teach] = WAYS.map(|way| flags.contains(&way));
    // As it stands now, not when press was compiled: clones may share a target folder.
    let press =
        std::env::var("CARGO_MANIFEST_DIR").context("cargo book is run by cargo")?;
    let book = Path::new(&press).join("../../book").canonicalize()?;
    let script = if still { None } else { laboratory(&book.join("..")) };
    let name = script.as_ref().map(|script| script.name.clone());
    let mut index = press::build(&book, of_this_book(name.clone()))?;
    let site = index.with_file_name("");
    if let Some(script) = script {
        script.save(&site)?;
    }
    if pdf {
        match Browser::find() {
            Some(browser) => println!("{}", press::print(&index, &browser)?.display()),
            None => eprintln!(
                "there is no Chromium: no book.pdf and no pictures to share; CHROMIUM names one"
            ),
        }
    }
    println!("{}", index.display());
    if teach {
        let [page, slide] = ["../", "../../"]
            .map(|up| of_this_book(name.as_ref().map(|name| format!("{up}{name}"))));
        let lessons = book.with_file_name("teach");
        index = press::build_lessons(&book, &lessons, page, &slide, &site.join("teach"))?;
        println!("{}", index.display());
    }
    if open {
        opener::open_browser(index)?;
    }
    Ok(())
}

/// What lets a reader change figures; without it there is a book all the same, and a hint.
fn laboratory(workspace: &Path) -> Option<Script> {
    let built = live::build(workspace);
    let hint = "the figures stand still; `rustup target add wasm32-wasip1` lets readers change them";
    built.inspect_err(|error| eprintln!("{error:#}: {hint}")).ok()
}

/// Takes a book from mdBook and gives it back woven.
fn preprocess() -> Result<()> {
    let (context, book) = parse_input(io::stdin())?;
    Ok(serde_json::to_writer(io::stdout(), &of_this_book(None).run(&context, book)?)?)
}
