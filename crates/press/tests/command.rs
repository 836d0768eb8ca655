//! The command line.

use std::process::{Command, Output};

fn press(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_press")).args(arguments).output().unwrap()
}

#[test]
fn help_is_there() {
    let output = press(&["--help"]);
    assert!(output.status.success());
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .contains("Usage: cargo book [--open] [--static] [--pdf] [--teach]")
    );
}

#[test]
fn an_unknown_argument_is_named() {
    let output = press(&["--opne"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr).unwrap().contains("no such arguments: --opne")
    );
}

#[test]
fn html_is_supported_and_nothing_else() {
    assert!(press(&["preprocess", "supports", "html"]).status.success());
    assert_eq!(press(&["preprocess", "supports", "epub"]).status.code(), Some(1));
}

#[test]
fn a_failure_is_told_and_has_exit_code_1() {
    let output = press(&["preprocess"]); // without a book on standard input
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8(output.stderr).unwrap().contains("Unable to parse the input")
    );
}
