//! Answers requests from standard input, a line each, as the laboratory in a page does.

use lab::Lab;
use std::io::{self, BufRead, Write};

fn main() -> io::Result<()> {
    let (mut lab, mut out) = (Lab::default(), io::stdout().lock());
    io::stdin().lock().lines().try_for_each(|line| writeln!(out, "{}", lab.reply(&line?)))
}
