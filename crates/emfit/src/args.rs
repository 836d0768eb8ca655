//! What the command is told.

use crate::model;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use columns::Decimal;
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
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(disable_help_subcommand = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The file to read; - is standard input
    #[arg(required_unless_present_any = ["completions", "man"])]
    pub file: Option<PathBuf>,

    #[command(flatten)]
    pub fitting: Fitting,

    #[command(flatten)]
    pub reading: Reading,

    /// The column of weights, named as --column: a weight of 3 counts a sample three times, and the
    /// sum of the weights is the number of samples
    #[arg(long, value_name = "NAME|INDEX", conflicts_with = "classes")]
    pub weights: Option<String>,

    /// The data are classes: three columns lower,upper,count; a bound may be -inf or inf
    #[arg(long, conflicts_with = "column")]
    pub classes: bool,

    /// Fit the natural logarithms of the data, which are above 0: a mixture of lognormal
    /// distributions. Means and variances are those of ln x, the log-likelihood is that of x
    #[arg(long)]
    pub log: bool,

    /// Print the completions for a shell
    #[arg(long, value_name = "SHELL", exclusive = true)]
    pub completions: Option<Shell>,

    /// Print the man page
    #[arg(long, exclusive = true)]
    pub man: bool,
}

/// What is fitted, and what is told of it.
#[derive(Debug, clap::Args)]
pub(crate) struct Fitting {
    /// How many components: a number K, or a range A..B, both ends included, of which the best by
    /// --criterion is kept; A..=B and A-B are the same
    #[arg(short = 'k', long, value_name = "K|A..B", value_parser = components)]
    pub components: Option<RangeInclusive<usize>>,

    /// What chooses among several numbers of components; the smallest is best
    #[arg(long, default_value = "bic")]
    pub criterion: Criterion,

    /// Start here and nowhere else, or where the fit is that emfit has printed with --format json
    /// into FILE.json: by plain steps of EM, and Newton's where these lead to the same maximum. The
    /// order of the components stays
    #[arg(long, value_name = "W:MEAN:VARIANCE,...|FILE.json", value_parser = start)]
    #[arg(allow_hyphen_values = true)]
    pub start: Option<Start>,

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

    /// Where Newton's steps do not help, stop when no more than this is to come of the log-likelihood
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

    /// Draw the histogram, the fit, and what is between them
    #[arg(long, value_name = "FILE.svg")]
    pub plot: Option<PathBuf>,

    /// Write the memberships of each sample, in the order of the samples
    #[arg(long, value_name = "FILE.csv")]
    pub memberships: Option<PathBuf>,

    /// Add intervals that hold the truth with the probability LEVEL, such as 0.95, where there are
    /// many samples: on the scale of the logit for weights, of the logarithm for variances
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub interval: Option<f64>,

    /// A table for people, or JSON for programs
    #[arg(long, default_value = "text")]
    pub format: Format,

    /// Print the parameters and the log-likelihood of each step of the run that led to the fit, from
    /// its start on
    #[arg(long)]
    pub trace: bool,

    /// Print the seconds spent reading and fitting
    #[arg(long)]
    pub timings: bool,

    /// No progress and no notices on standard error, only errors
    #[arg(short, long)]
    pub quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Predict(Predict),
    Sql(Sql),
    Moments(Moments),
}

/// Fits samples of which only tables of moments are known: the answers to emfit sql.
///
/// Tables of parts, from several machines, days or files, are merged; of different widths, at the wider
/// one. Where a component is too narrow for their bins, the width to ask for is named.
#[derive(Debug, clap::Args)]
pub(crate) struct Moments {
    /// The tables, as CSV files with the names of the columns; - is standard input
    #[arg(value_name = "FILE.csv", required = true)]
    pub files: Vec<PathBuf>,

    #[command(flatten)]
    pub fitting: Fitting,
}

/// Prints the SQL query whose answer emfit moments fits.
///
/// It is for samples that are too many for one machine, or that lie in a database: any engine runs it
/// where they are, and a few hundred rows come back. The width of its bins is a power of two, at
/// most an eighth of the least deviation of a component; what is too fine is never wrong. Without a
/// width, the query that finds it is printed: --around takes what that one answers.
#[derive(Debug, clap::Args)]
pub(crate) struct Sql {
    /// The table, or what the engine reads as one, as read_parquet('samples/*.parquet')
    #[arg(long, value_parser = fragment)]
    pub table: String,

    /// The column, in the quotes of the engine if it needs some, or an expression such as ln(x)
    #[arg(long, value_parser = fragment)]
    pub column: String,

    /// The width of a bin, a power of two such as 0.125 or 2^-3
    #[arg(long, conflicts_with_all = ["around", "step"], value_parser = width)]
    pub width: Option<f64>,

    /// A width of a 256th of the deviation or less, by the mean and the deviation that the first query
    /// has answered
    #[arg(long, value_name = "MEAN,DEVIATION", value_parser = around, conflicts_with = "step")]
    #[arg(allow_hyphen_values = true)]
    pub around: Option<f64>,

    /// One step of EM over all rows in place of the moments, as the last word on a fit
    #[arg(long, value_name = "W:MEAN:VARIANCE,...|FILE.json", value_parser = start)]
    #[arg(allow_hyphen_values = true)]
    pub step: Option<Start>,
}

/// Labels, memberships and densities of other data under a fit.
///
/// Prints a CSV file: x, the component that is most probable, the memberships in all of them, the
/// density of x and its logarithm. It is written while it is read, in constant memory. A fit with
/// --log is one of x too: its density is that of x.
#[derive(Debug, clap::Args)]
pub(crate) struct Predict {
    /// What emfit has printed with --format json; - is standard input
    #[arg(value_name = "MODEL.json")]
    pub model: PathBuf,

    /// The file to read; - is standard input
    #[arg(required_unless_present = "grid")]
    pub file: Option<PathBuf>,

    #[command(flatten)]
    pub reading: Reading,

    /// In place of a file: N numbers from LOW to HIGH, evenly apart
    #[arg(long, value_name = "LOW:HIGH:N", value_parser = grid, conflicts_with = "file")]
    #[arg(allow_hyphen_values = true)]
    pub grid: Option<Grid>,

    /// Write into a file, whole or not at all
    #[arg(short, long, value_name = "FILE.csv")]
    pub output: Option<PathBuf>,

    /// No progress and no notices on standard error, only errors
    #[arg(short, long)]
    pub quiet: bool,
}

/// How samples are read.
#[derive(Debug, clap::Args)]
pub(crate) struct Reading {
    /// The column of a CSV file: its name, a beginning that no other name has, or its index from 0
    #[arg(short, long, value_name = "NAME|INDEX")]
    pub column: Option<String>,

    /// Whether the first line of a CSV file names the columns; without this, it does where its
    /// cell is not a number, and asks where that may be a name too
    #[arg(long, value_name = "yes|no", value_parser = yes_or_no())]
    pub header: Option<bool>,

    /// What a number of a CSV file has before its decimals; without this, a comma is decimal where
    /// it does not separate cells
    #[arg(long, value_name = "point|comma", value_parser = point_or_comma())]
    pub decimal: Option<Decimal>,

    /// Skip and count the cells that are not finite numbers, instead of stopping at the first
    #[arg(long)]
    pub skip_invalid: bool,
}

/// Where to start.
#[derive(Debug, Clone)]
pub(crate) enum Start {
    Here(Mixture),
    File(PathBuf),
}

/// So many numbers from one to another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grid {
    pub low: f64,
    pub high: f64,
    pub count: usize,
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

With --log, the log-likelihood is that of x: of ln x, less the sum of ln x.

Exit status: 0 fitted, 1 could not fit or write, 2 bad usage or bad input.

Examples:
  emfit old_faithful.csv --column waiting --components 2 --plot fit.svg
  emfit samples.npy --components 1..6 --format json
  emfit samples.npy --components 3 --format json > fit.json
  emfit predict fit.json more.npy > labels.csv
  emfit sql --table samples --column x --around 3.5,2.9
  emfit moments monday.csv tuesday.csv --components 2
  emfit - --start \"0.5:0:1,0.5:1:1\" --steps 100 --trace < samples.csv";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Criterion {
    Bic,
    Aic,
    Icl,
}

impl From<Criterion> for fit::Criterion {
    fn from(criterion: Criterion) -> Self {
        match criterion {
            Criterion::Bic => Self::Bic,
            Criterion::Aic => Self::Aic,
            Criterion::Icl => Self::Icl,
        }
    }
}

impl Reading {
    /// For the columns.
    pub fn reading(&self) -> columns::Reading {
        columns::Reading {
            column: self.column.clone(),
            header: self.header,
            decimal: self.decimal,
            skip_invalid: self.skip_invalid,
        }
    }
}

fn yes_or_no() -> impl TypedValueParser<Value = bool> {
    PossibleValuesParser::new(["yes", "no"]).map(|choice| choice == "yes")
}

fn point_or_comma() -> impl TypedValueParser<Value = Decimal> {
    PossibleValuesParser::new(["point", "comma"]).map(|mark| match &*mark {
        "point" => Decimal::Point,
        _ => Decimal::Comma,
    })
}

impl Args {
    /// Whether completions or the man page were asked for, and printed.
    pub fn about(&self, out: &mut impl Write) -> io::Result<bool> {
        let mut text = Vec::new();
        match self.completions {
            Some(shell) => {
                clap_complete::generate(shell, &mut Self::command(), "emfit", &mut text);
            }
            None if self.man => man(&mut text)?,
            None => return Ok(false),
        }
        out.write_all(&text).map(|()| true)
    }
}

/// The page of the command, with a section for each of its commands.
fn man(text: &mut Vec<u8>) -> io::Result<()> {
    let mut command = Args::command();
    command.build();
    clap_mangen::Man::new(command.clone()).render(text)?;
    for command in command.get_subcommands().cloned() {
        let name = command.get_name().to_uppercase();
        let (page, mut own) = (clap_mangen::Man::new(command), vec![]);
        page.render_synopsis_section(&mut own)?;
        page.render_description_section(&mut own)?;
        page.render_options_section(&mut own)?;
        let own = String::from_utf8_lossy(&own).replace("\n.SH ", "\n.SS ");
        let own =
            own.strip_prefix(".SH ").map_or(own.clone(), |rest| format!(".SS {rest}"));
        write!(text, ".SH {name}\n{own}")?;
    }
    Ok(())
}

fn one(k: usize) -> RangeInclusive<usize> {
    k..=k
}

fn components(text: &str) -> Result<RangeInclusive<usize>, String> {
    let number = |text: &str| {
        text.trim().parse().map_err(|_| "it is a number K or a range A..B".to_owned())
    };
    let ends = ["..=", "..", "-"].iter().find_map(|between| text.split_once(between));
    let range = match ends {
        Some((least, most)) => number(least)?..=number(most)?,
        None => one(number(text)?),
    };
    const MOST: usize = Fitter::MOST_COMPONENTS;
    match (*range.start(), *range.end()) {
        (0, _) => Err("a mixture has at least 1 component".into()),
        (_, most) if most > MOST => Err(format!("there are at most {MOST} components")),
        _ if range.is_empty() => Err("the range runs backwards".into()),
        _ => Ok(range),
    }
}

fn start(text: &str) -> Result<Start, String> {
    if text == "-" || text.to_ascii_lowercase().ends_with(".json") {
        return Ok(Start::File(text.into()));
    }
    let components: Result<Vec<_>, _> =
        text.split(',').enumerate().map(component).collect();
    model::normalised(components?).map(Start::Here).map_err(|error| error.to_string())
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

fn grid(text: &str) -> Result<Grid, String> {
    const FORM: &str = "it is LOW:HIGH:N, as -4:10:141";
    let parts: Vec<_> = text.split(':').map(str::trim).collect();
    let [low, high, count] = parts[..] else { return Err(FORM.into()) };
    match (low.parse::<f64>(), high.parse::<f64>(), count.parse::<usize>()) {
        (Ok(low), Ok(high), Ok(count)) if low.is_finite() && high.is_finite() => {
            match (low < high, count) {
                (true, 2..) => Ok(Grid { low, high, count }),
                (true, _) => Err("it has at least 2 numbers".into()),
                (false, _) => Err("LOW is below HIGH".into()),
            }
        }
        _ => Err(FORM.into()),
    }
}

/// A part of a query.
fn fragment(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("it is empty".into()),
        text if text.contains(';') || text.contains("--") => {
            Err("it would end the query: it has a ; or a -- in it".into())
        }
        text => Ok(text.into()),
    }
}

/// A power of two, as a number or as 2^k.
fn width(text: &str) -> Result<f64, String> {
    let power = text.trim().strip_prefix("2^").map(|power| power.parse().map(f64::exp2));
    let width = power.unwrap_or_else(|| text.trim().parse());
    let width = width.map_err(|_| "it is a number, as 0.125 or 2^-3".to_owned())?;
    query::Moments::of(&[], width).map(|table| table.width()).map_err(|e| e.to_string())
}

/// The width that suits a mean and a deviation.
fn around(text: &str) -> Result<f64, String> {
    let numbers: Vec<_> = text.split(',').map(|x| x.trim().parse::<f64>()).collect();
    let [Ok(mean), Ok(deviation)] = numbers[..] else {
        return Err("it is MEAN,DEVIATION, as 3.5,2.9".into());
    };
    let none = format!("the deviation {deviation} leaves bins no width: say --width");
    query::sql::width(mean, deviation).ok_or(none)
}

fn level(text: &str) -> Result<f64, String> {
    match text.trim().parse() {
        Ok(x) if x > 0.0 && x < 1.0 => Ok(x),
        _ => Err("it is a number between 0 and 1".into()),
    }
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.trim().parse() {
        Ok(0) | Err(_) => Err("it is a whole number, at least 1".into()),
        Ok(n) => Ok(n),
    }
}
