//! What the command is told.

use clap::{CommandFactory, Parser, ValueEnum};
use clap_complete::Shell;
use fit::{Component, Fitter, Mixture, Prior};
use std::io::{self, Write};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::LazyLock;

/// Fits a mixture of normal distributions to a column of numbers.
///
/// FILE is a CSV file, a one-dimensional NumPy array (.npy) or a Parquet file; which of them, its
/// first bytes say. It may be packed by gzip.
/// The parameters are estimated by expectation maximisation from several starts, of which the
/// best admissible one is kept, and printed with their standard errors.
#[derive(Debug, Parser)]
#[command(name = "emfit", version, max_term_width = 100, after_help = AFTER)]
pub(crate) struct Args {
    /// The file to read; - is standard input
    #[arg(required_unless_present_any = ["completions", "man"])]
    pub file: Option<PathBuf>,

    /// How many components: a number K, or a range A..=B of which the smallest BIC is kept
    #[arg(short = 'k', long, value_name = "K|A..=B", value_parser = components)]
    #[arg(required_unless_present_any = ["start", "completions", "man"])]
    pub components: Option<RangeInclusive<usize>>,

    /// The column of a CSV file: its name, a beginning that no other name has, or its index from 0
    #[arg(short, long, value_name = "NAME|INDEX")]
    pub column: Option<String>,

    /// Whether the first line of a CSV file names the columns; without this, it does where its
    /// cell is not a number, and asks where that may be a name too
    #[arg(long, value_name = "yes|no")]
    pub header: Option<Choice>,

    /// What a number of a CSV file has before its decimals; without this, a comma is decimal where
    /// it does not separate cells
    #[arg(long, value_name = "point|comma")]
    pub decimal: Option<Decimal>,

    /// Skip and count the cells that are not finite numbers, instead of stopping at the first
    #[arg(long)]
    pub skip_invalid: bool,

    /// The data are classes: three columns lower,upper,count; a bound may be -inf or inf
    #[arg(long, conflicts_with = "column")]
    pub classes: bool,

    /// Start here and nowhere else; the order of the components stays
    #[arg(long, value_name = "W:MEAN:VARIANCE,...", value_parser = start)]
    #[arg(allow_hyphen_values = true)]
    pub start: Option<Mixture>,

    /// Take exactly N steps of plain EM from --start, and nothing else
    #[arg(long, value_name = "N", requires = "start", alias = "iterations")]
    pub steps: Option<usize>,

    /// The seed of the random starts
    #[arg(long, default_value_t = Fitter::SEED)]
    pub seed: u64,

    /// How many starts there are
    #[arg(long, value_name = "N", default_value_t = Fitter::RESTARTS)]
    #[arg(conflicts_with = "start", value_parser = at_least_one)]
    pub restarts: usize,

    /// Stop where no more than this is to come of the log-likelihood
    #[arg(long, default_value = TOLERANCE.as_str())]
    #[arg(conflicts_with = "steps", value_parser = not_negative)]
    pub tolerance: f64,

    /// A prior for the variances: each counts STRENGTH more samples, whose mean square is SCALE
    /// times the variance of the data; --prior alone is --prior=2:0.1
    #[arg(long, value_name = "STRENGTH:SCALE", value_parser = prior)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "2:0.1")]
    pub prior: Option<Prior>,

    /// One variance for all components
    #[arg(long)]
    pub tied: bool,

    /// Draw the histogram and the fit
    #[arg(long, value_name = "FILE.svg")]
    pub plot: Option<PathBuf>,

    /// Write the memberships of each sample, in the order of the samples
    #[arg(long, value_name = "FILE.csv")]
    pub memberships: Option<PathBuf>,

    /// A table for people, or JSON for programs
    #[arg(long, default_value = "text")]
    pub format: Format,

    /// Print the parameters and the log-likelihood of each step
    #[arg(long)]
    pub trace: bool,

    /// Print the seconds spent reading and fitting
    #[arg(long)]
    pub timings: bool,

    /// No progress and no notices on standard error, only errors
    #[arg(short, long)]
    pub quiet: bool,

    /// Print the completions for a shell
    #[arg(long, value_name = "SHELL", exclusive = true)]
    pub completions: Option<Shell>,

    /// Print the man page
    #[arg(long, exclusive = true)]
    pub man: bool,
}

/// As people write it.
static TOLERANCE: LazyLock<String> = LazyLock::new(|| format!("{:e}", Fitter::TOLERANCE));

const AFTER: &str = "\
Components and columns count from 0. Components are ordered by mean, except with --start.
A CSV file has commas, semicolons, tabs, | or spaces between its cells, and as many cells in each
line. Lines that begin with # are left out.

For n samples and k free parameters (weights, means, variances; weights sum to 1):
  AIC = -2 ln L + 2 k
  BIC = -2 ln L + k ln n
  ICL = BIC + 2 times the entropy of the memberships

Exit status: 0 fitted, 1 could not fit or write, 2 bad usage or bad input.

Examples:
  emfit old_faithful.csv --column waiting --components 2 --plot fit.svg
  emfit samples.npy --components 1..=6 --format json
  emfit - --start \"0.5:0:1,0.5:1:1\" --steps 100 --trace < samples.csv";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Choice {
    Yes,
    No,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Decimal {
    Point,
    Comma,
}

impl Args {
    /// The arguments, or what clap says of them: on one line, if it is an error.
    pub fn read() -> Result<Self, clap::Error> {
        let args = Self::try_parse()?;
        match (&args.start, &args.components) {
            (Some(start), Some(k)) if *k != one(start.components().len()) => {
                let message = format!(
                    "--start has {} components, --components asks for {}",
                    start.components().len(),
                    if k.start() == k.end() {
                        k.start().to_string()
                    } else {
                        format!("{k:?}")
                    }
                );
                Err(Self::command()
                    .error(clap::error::ErrorKind::ArgumentConflict, message))
            }
            _ => Ok(args),
        }
    }

    /// Whether completions or the man page were asked for, and printed.
    pub fn about(&self, out: &mut impl Write) -> io::Result<bool> {
        let mut text = Vec::new();
        match self.completions {
            Some(shell) => {
                clap_complete::generate(shell, &mut Self::command(), "emfit", &mut text);
            }
            None if self.man => clap_mangen::Man::new(Self::command()).render(&mut text)?,
            None => return Ok(false),
        }
        out.write_all(&text).map(|()| true)
    }
}

fn one(k: usize) -> RangeInclusive<usize> {
    k..=k
}

fn components(text: &str) -> Result<RangeInclusive<usize>, String> {
    let number = |text: &str| {
        text.trim().parse().map_err(|_| "it is a number K or a range A..=B".to_owned())
    };
    let range = match text.split_once("..=") {
        Some((least, most)) => number(least)?..=number(most)?,
        None => one(number(text)?),
    };
    match (*range.start(), range.is_empty()) {
        (0, _) => Err("a mixture has at least 1 component".into()),
        (_, true) => Err("the range runs backwards".into()),
        _ => Ok(range),
    }
}

fn start(text: &str) -> Result<Mixture, String> {
    let components: Result<Vec<_>, _> =
        text.split(',').enumerate().map(component).collect();
    Mixture::new(components?).map_err(|error| error.to_string())
}

fn component((k, text): (usize, &str)) -> Result<Component, String> {
    let numbers: Vec<f64> = text.split(':').map_while(|x| x.trim().parse().ok()).collect();
    match (&numbers[..], text.split(':').count()) {
        (&[weight, mean, variance], 3) => Ok(Component { weight, mean, variance }),
        _ => Err(format!("component {k} is {text:?}, not WEIGHT:MEAN:VARIANCE")),
    }
}

fn prior(text: &str) -> Result<Prior, String> {
    let (strength, scale) = text.split_once(':').ok_or("it is STRENGTH:SCALE, as 2:0.1")?;
    Prior::new(positive(strength)?, positive(scale)?, 1.0)
        .map_err(|error| error.to_string())
}

fn positive(text: &str) -> Result<f64, String> {
    match text.trim().parse() {
        Ok(x) if x > 0.0 && x < f64::INFINITY => Ok(x),
        _ => Err(format!("{text:?} is not a number above 0")),
    }
}

fn not_negative(text: &str) -> Result<f64, String> {
    match text.trim().parse() {
        Ok(x) if (0.0..f64::INFINITY).contains(&x) => Ok(x),
        _ => Err("it is a number, 0 or more, and finite".into()),
    }
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.trim().parse() {
        Ok(0) | Err(_) => Err("it is a whole number, at least 1".into()),
        Ok(n) => Ok(n),
    }
}
