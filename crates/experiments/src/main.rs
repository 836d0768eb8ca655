//! Remakes the recorded tables: `cargo record NAME`.

use anyhow::{Context, Result, bail, ensure};
use clap::builder::PossibleValuesParser;
use clap::{ArgGroup, Parser};
use experiments::{Desk, EXPERIMENTS, Experiment, Make, quick};
use indicatif::{ProgressBar, ProgressStyle};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the repository.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Remakes the recorded tables of data/
#[derive(Parser)]
#[command(bin_name = "cargo record")]
#[command(group(ArgGroup::new("what").required(true).args(["names", "list", "all_quick", "check"])))]
struct Args {
    /// The tables to remake
    #[arg(value_name = "NAME", value_parser = PossibleValuesParser::new(EXPERIMENTS.map(|e| e.name)))]
    names: Vec<String>,
    /// Say what there is, how long it takes and on what it depends
    #[arg(long)]
    list: bool,
    /// Remake what depends on nothing, as much of it as is done in a minute
    #[arg(long)]
    all_quick: bool,
    /// Remake the same in target/record, and fail if a digit differs from data/
    #[arg(long)]
    check: bool,
    /// Write into this folder, and not into data/
    #[arg(long, value_name = "FOLDER", conflicts_with = "check")]
    into: Option<PathBuf>,
    /// Time no more samples than this, for a quick look
    #[arg(long, value_name = "SAMPLES", requires = "into")]
    most: Option<usize>,
}

fn main() -> Result<()> {
    let args = Args::parse();
    if args.list {
        return match list() {
            // The reader has had enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            done => Ok(done?),
        };
    }
    let named = |e: &Experiment| args.names.iter().any(|name| name == e.name);
    let experiments = match args.all_quick || args.check {
        true => quick(),
        false => EXPERIMENTS.into_iter().filter(named).collect(),
    };
    for Experiment { name, make, .. } in experiments {
        match make {
            Make::Text(make) => {
                let text = make_here(name, make, args.most.unwrap_or(usize::MAX))?;
                match &args.into {
                    Some(folder) => save(folder, name, &text)?,
                    None if args.check => compare(name, &text)?,
                    None => save(&at("data"), name, &text)?,
                }
            }
            Make::Script(_) if args.into.is_some() => bail!("{name} goes to data/ only"),
            Make::Script(script) => call(script)?,
        }
    }
    Ok(())
}

/// A path from the root.
fn at(path: &str) -> PathBuf {
    Path::new(ROOT).join(path)
}

fn list() -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{:20}{:>8}  depends on", "table", "takes")?;
    for Experiment { name, seconds, depends, .. } in EXPERIMENTS {
        let takes = match seconds {
            ..120 => format!("{seconds} s"),
            _ => format!("{} min", seconds.div_ceil(60)),
        };
        writeln!(out, "{name:20}{takes:>8}  {}", depends.words())?;
    }
    Ok(())
}

/// The text of a table. Says on a terminal how far it is; elsewhere, nothing.
fn make_here(
    name: &'static str,
    make: fn(&Desk) -> Result<String>,
    most: usize,
) -> Result<String> {
    let style =
        ProgressStyle::with_template("{msg} {wide_bar} {pos} of {len}, {eta} to go")?;
    let bar = ProgressBar::new(0).with_style(style).with_message(name);
    let desk =
        Desk { parts: &|all| bar.set_length(all as u64), done: &|| bar.inc(1), most };
    let text = make(&desk).context(name);
    bar.finish_and_clear();
    text
}

fn save(folder: &Path, name: &str, text: &str) -> Result<()> {
    let path = folder.join(name).with_extension("csv");
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    fs::write(&path, text).with_context(|| path.display().to_string())?;
    println!("{}", path.strip_prefix(ROOT).unwrap_or(&path).display());
    Ok(())
}

/// Fails if a text is not the recorded one, to the last digit; then it is in target/record.
fn compare(name: &str, text: &str) -> Result<()> {
    let path = at("data").join(name).with_extension("csv");
    let recorded = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    if text == recorded {
        println!("data/{name}.csv is the same");
        return Ok(());
    }
    save(&at("target/record"), name, text)?;
    let same = text.lines().zip(recorded.lines()).take_while(|(a, b)| a == b).count();
    let [now, before] = [text, &recorded].map(|t| t.lines().nth(same).unwrap_or("nothing"));
    bail!(
        "data/{name}.csv, line {}: {before:?} is now {now:?}; see target/record",
        same + 1
    )
}

fn call(script: &str) -> Result<()> {
    let status = Command::new("bash").args(script.split(' ')).current_dir(ROOT).status();
    let status = status.with_context(|| format!("bash {script}"))?;
    ensure!(status.success(), "bash {script}: {status}");
    Ok(())
}
