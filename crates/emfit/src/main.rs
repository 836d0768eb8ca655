//! `emfit`: fits a mixture of normal distributions to a column of numbers.
//!
//! The work is done by the crate `fit`. What is here reads, asks it, and shows the answer.

mod answer;
mod args;
mod failure;
mod files;
mod interval;
mod json;
mod logs;
mod model;
mod numbers;
mod picture;
mod predict;
mod progress;
mod sql;
mod tables;
mod text;

use answer::{Answer, Timings, Told};
use args::{Args, Command, Fitting, Format, Start};
use clap::Parser;
use columns::{Data, Source, Table};
use failure::Failure;
use files::Files;
use fit::{Fitter, Mixture, Report, Step};
use model::Model;
use picture::Picture;
use progress::Progress;
use std::io::{Write, stderr, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) if error.use_stderr() => return usage(&error),
        Err(help) => {
            let _ = help.print();
            return ExitCode::SUCCESS;
        }
    };
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// Says something on standard error. Nobody may be there to read it.
fn say(message: &str) {
    let _ = writeln!(stderr(), "emfit: {}", columns::harmless(message));
}

/// What clap says of the arguments, on one line.
fn usage(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    let lines = text.lines().map(str::trim).take_while(|line| !line.is_empty());
    let line = lines.collect::<Vec<_>>().join(" ");
    Failure::Input(format!("{} (see emfit --help)", line.trim_start_matches("error: ")))
        .report()
}

fn run(args: &Args) -> Result<(), Failure> {
    match &args.command {
        Some(Command::Predict(args)) => return predict::predict(args),
        Some(Command::Sql(args)) => return sql::sql(args),
        Some(Command::Moments(args)) => {
            let inputs = args.files.iter().map(|file| (&**file, "a table to read"));
            let (inputs, place) = (inputs.collect(), tables::place(&args.files));
            let fitting = &args.fitting;
            return Job { fitting, inputs, place, log: false, weights: None }
                .run(|_| tables::read(&args.files));
        }
        None => {}
    }
    let unwritten = |error| Failure::writing("standard output", &error);
    if args.about(&mut stdout()).map_err(unwritten)? {
        return Ok(());
    }
    let file = args.file.as_deref().unwrap_or(Path::new("-"));
    let job = Job {
        fitting: &args.fitting,
        inputs: vec![(file, "the file to read")],
        place: columns::place(file),
        log: args.log,
        weights: args.weights.as_deref(),
    };
    job.run(|progress| {
        let table = columns::read(Source {
            file,
            reading: &args.reading.reading(),
            classes: args.classes,
            log: args.log,
            weights: args.weights.as_deref(),
            progress: &mut progress.of_reading(file),
            taker: None,
        });
        Ok(table?)
    })
}

/// A fit, from what is read to what is told of it.
struct Job<'a> {
    fitting: &'a Fitting,
    /// The files of the data, and what they are for.
    inputs: Vec<(&'a Path, &'static str)>,
    /// What they are called together.
    place: String,
    log: bool,
    weights: Option<&'a str>,
}

impl Job<'_> {
    fn run(
        self,
        read: impl FnOnce(&mut Progress) -> Result<Table, Failure>,
    ) -> Result<(), Failure> {
        let Self { fitting: args, inputs: data, place, log, weights } = self;
        if args.components.is_none() && args.start.is_none() {
            return Err(Failure::Input(NO_COMPONENTS.into()));
        }
        let mut files = Files::reading(inputs(data, args)?)?;
        let mut writing = |path: &Option<PathBuf>, what| {
            path.as_ref().map(|path| files.writing(path, what)).transpose()
        };
        let plot = writing(&args.plot, "the file for the plot")?;
        let memberships = writing(&args.memberships, "the file for the memberships")?;
        let start = args.start.as_ref().map(|start| begin(args, log, start)).transpose()?;
        let mut progress = Progress::new(args.quiet);
        let began = Instant::now();
        let table = read(&mut progress)?;
        progress.clear();
        let seconds = began.elapsed().as_secs_f64();
        notices(&place, &table, args.quiet);
        let began = Instant::now();
        let logs = log.then(|| logs::logarithms(&table)).transpose();
        let logs = logs.map_err(|problem| Failure::input(&place, problem))?;
        let data = logs.as_ref().map_or(&table.data, |(data, _)| data);
        let report = fit(args, start, data, table.weights.as_deref(), &mut progress);
        let mut report = report.map_err(|failure| failure.at(&place))?;
        progress.clear();
        if args.start.is_none() {
            by_mean(&mut report.trace);
        }
        if let Some((_, sum)) = &logs {
            report = report.of_x(-sum);
        }
        let weights = weights.map(columns::short);
        let timings = Timings { read: seconds, fit: began.elapsed().as_secs_f64() };
        let level = |level| (level, interval::intervals(&report, level));
        let answer = Answer {
            place,
            column: table.column.as_deref(),
            weights: weights.as_deref(),
            classes: match &table.data {
                Data::Classes(classes) => Some(classes.classes().len()),
                Data::Samples(_) | Data::Moments(_) => None,
            },
            table: match &table.data {
                Data::Moments(moments) => Some(Told::new(moments, &report.mixture)),
                Data::Samples(_) | Data::Classes(_) => None,
            },
            log: logs.as_ref().map(|(_, sum)| *sum),
            report: &report,
            intervals: args.interval.map(level),
            timings: Some(timings).filter(|_| args.timings),
        };
        let text = match args.format {
            Format::Text => text::text(&answer),
            Format::Json => json::json(&answer),
        };
        let shown = stdout().write_all(text.as_bytes());
        if let Some(target) = plot {
            let picture = Picture {
                name: table.column.as_deref().unwrap_or(""),
                data,
                weights: table.weights.as_deref(),
                log,
                mixture: &report.mixture,
            };
            let failed =
                |error| Failure::Fit(format!("{}: cannot draw: {error}", answer.place));
            let figure = picture.draw().map_err(failed)?.document();
            target.write_all(|out| out.write_all(figure.as_bytes()))?;
        }
        if let Some(target) = memberships {
            target.write_all(|out| match (&table.data, data) {
                (Data::Samples(data), Data::Samples(fitted)) => {
                    columns::memberships(out, data, fitted, &report.mixture)
                }
                (Data::Classes(classes), Data::Classes(fitted)) => {
                    columns::class_memberships(out, classes, fitted, &report.mixture)
                }
                (Data::Moments(moments), _) => {
                    columns::bin_memberships(out, moments, &report.mixture)
                }
                _ => Ok(()), // logarithms are of the same kind
            })?;
        }
        let unwritten = |error| Failure::writing("standard output", &error);
        shown.and_then(|()| stdout().flush()).map_err(unwritten)
    }
}

/// As clap says what is missing.
const NO_COMPONENTS: &str = "the following required arguments were not provided: \
    --components <K|A..B> (see emfit --help)";

/// What is read, and what for.
fn inputs<'a>(
    data: Vec<(&'a Path, &'static str)>,
    args: &'a Fitting,
) -> Result<Vec<(&'a Path, &'static str)>, Failure> {
    let from_stream = |(path, _): &&(&Path, &str)| path.as_os_str() == "-";
    let (mut inputs, streams) = (data.clone(), data.iter().filter(from_stream).count());
    let mut start_from_stream = false;
    if let Some(Start::File(start)) = &args.start {
        inputs.push((start, "the file of the start"));
        start_from_stream = start.as_os_str() == "-";
    }
    let problem = match (streams, start_from_stream) {
        (0 | 1, false) | (0, true) => return Ok(inputs),
        (_, true) => "both the data and the start: put one into a file",
        (_, false) => "it is given more than once",
    };
    Err(Failure::input("standard input", problem))
}

/// Where to start.
fn begin(args: &Fitting, logs: bool, start: &Start) -> Result<Mixture, Failure> {
    let mixture = match start {
        Start::Here(mixture) => mixture.clone(),
        Start::File(path) => {
            let Model { mixture, log } = model::read(path)?;
            if log != logs {
                let problem = match log {
                    true => "it is a fit with --log: say --log",
                    false => "it is a fit without --log: leave --log out",
                };
                return Err(Failure::input(columns::place(path), problem));
            }
            mixture
        }
    };
    let found = mixture.components().len();
    match &args.components {
        Some(k) if *k != (found..=found) => Err(Failure::Input(format!(
            "--start has {found} components, --components asks for {}",
            if k.start() == k.end() { k.start().to_string() } else { format!("{k:?}") }
        ))),
        _ => Ok(mixture),
    }
}

/// What was ignored.
fn notices(place: &str, table: &Table, quiet: bool) {
    let lines = |n: u64, what: &str| match n {
        _ if quiet => {}
        0 => {}
        1 => say(&format!("{place}: ignored 1 {what}")),
        n => say(&format!("{place}: ignored {n} {what}s")),
    };
    lines(table.blank, "blank line");
    lines(
        table.skipped,
        match &table.data {
            Data::Classes(_) => "invalid class",
            Data::Samples(_) | Data::Moments(_) => "invalid number",
        },
    );
    table.notes.iter().filter(|_| !quiet).for_each(|n| say(&format!("{place}: {n}")));
}

fn fit(
    args: &Fitting,
    start: Option<Mixture>,
    data: &Data,
    weights: Option<&[f64]>,
    progress: &mut Progress,
) -> Result<Report, Failure> {
    let mut fitter = Fitter::between(args.components.clone().unwrap_or(1..=1))
        .seed(args.seed)
        .restarts(args.restarts)
        .tolerance(args.tolerance)
        .tied(args.tied)
        .criterion(args.criterion.into())
        .trace(args.trace);
    if let Some(start) = start {
        fitter = fitter.start(start);
    }
    if let Some(steps) = args.steps {
        fitter = fitter.steps(steps);
    }
    if let Some(prior) = args.prior {
        fitter = fitter.prior(prior);
    }
    let show = &mut |done, all| progress.show(|| format!("fitting: start {done} of {all}"));
    Ok(match (data, weights) {
        (Data::Samples(data), None) => fitter.fit_with(data, show),
        (Data::Samples(data), Some(weights)) => {
            fitter.fit_weighted_with(data, weights, show)
        }
        (Data::Classes(classes), _) => fitter.fit_classes_with(classes, show),
        (Data::Moments(moments), _) => fitter.fit_moments_with(moments, show),
    }?)
}

/// Puts the components of each step in the order of the last.
fn by_mean(trace: &mut [Step]) {
    let Some(last) = trace.last() else { return };
    let means: Vec<f64> = last.mixture.components().iter().map(|c| c.mean).collect();
    let mut order: Vec<usize> = (0..means.len()).collect();
    order.sort_by(|a, b| means[*a].total_cmp(&means[*b]));
    for step in trace {
        let components = step.mixture.components();
        let components: Vec<_> = order.iter().map(|k| components[*k]).collect();
        step.mixture = Mixture::new(components).expect("the order makes no difference");
    }
}
