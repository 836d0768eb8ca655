//! `emfit`: fits a mixture of normal distributions to a column of numbers.
//!
//! The work is done by the crate `fit`. What is here reads, asks it, and shows the answer.

mod args;
mod failure;
mod files;
mod json;
mod picture;
mod progress;
mod read;
mod shown;
mod text;

use args::{Args, Format};
use failure::Failure;
use files::Target;
use fit::{Fitter, Mixture, Report, Step};
use json::Timings;
use progress::Progress;
use read::{Data, Table};
use std::io::{Write, stderr, stdout};
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let args = match Args::read() {
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
    let _ = writeln!(stderr(), "emfit: {}", shown::harmless(message));
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
    let unwritten = |error| Failure::writing("standard output", &error);
    if args.about(&mut stdout()).map_err(unwritten)? {
        return Ok(());
    }
    let plot = target(args, args.plot.as_deref())?;
    let memberships = target(args, args.memberships.as_deref())?;
    if args.plot.is_some() && args.plot == args.memberships {
        return Err(Failure::input(
            args.plot.iter().map(|path| path.display()).next().expect("it is there"),
            "it is asked for both the plot and the memberships",
        ));
    }
    let mut progress = Progress::new(args.quiet);
    let began = Instant::now();
    let table = read::read(args, &mut progress)?;
    progress.clear();
    let read = began.elapsed().as_secs_f64();
    notices(args, &table);
    let began = Instant::now();
    let mut report = fit(args, &table.data, &mut progress)?;
    progress.clear();
    if args.start.is_none() {
        by_mean(&mut report.trace);
    }
    let timings = Timings { read, fit: began.elapsed().as_secs_f64() };
    let timings = Some(timings).filter(|_| args.timings);
    let shown = stdout().write_all(show(args, &table, &report, timings)?.as_bytes());
    if let Some(target) = plot {
        let figure = draw(args, &table, &report.mixture)?;
        target.write(|out| out.write_all(figure.as_bytes()))?;
    }
    if let Some(target) = memberships {
        target.write(|out| match &table.data {
            Data::Samples(data) => files::memberships(out, data, &report.mixture),
            Data::Classes(classes) => {
                files::class_memberships(out, classes, &report.mixture)
            }
        })?;
    }
    shown.and_then(|()| stdout().flush()).map_err(unwritten)
}

/// A file that can be written and is not the one to read.
fn target(args: &Args, path: Option<&std::path::Path>) -> Result<Option<Target>, Failure> {
    let Some(path) = path else { return Ok(None) };
    let target = Target::new(path)?;
    if args.file.as_deref().is_some_and(|file| target.is(file)) {
        return Err(Failure::input(path.display(), "it is the file to read"));
    }
    Ok(Some(target))
}

/// What was ignored.
fn notices(args: &Args, table: &Table) {
    let place = read::place(args);
    let lines = |n: u64, what: &str| match n {
        _ if args.quiet => {}
        0 => {}
        1 => say(&format!("{place}: ignored 1 {what}")),
        n => say(&format!("{place}: ignored {n} {what}s")),
    };
    lines(table.blank, "blank line");
    lines(table.skipped, if args.classes { "invalid class" } else { "invalid number" });
    table.notes.iter().filter(|_| !args.quiet).for_each(|n| say(&format!("{place}: {n}")));
}

fn fit(args: &Args, data: &Data, progress: &mut Progress) -> Result<Report, Failure> {
    let mut fitter = Fitter::between(args.components.clone().unwrap_or(1..=1))
        .seed(args.seed)
        .restarts(args.restarts)
        .tolerance(args.tolerance)
        .tied(args.tied)
        .trace(args.trace);
    if let Some(start) = &args.start {
        fitter = fitter.start(start.clone());
    }
    if let Some(steps) = args.steps {
        fitter = fitter.steps(steps);
    }
    if let Some(prior) = args.prior {
        fitter = fitter.prior(prior);
    }
    let show = &mut |done, all| progress.show(|| format!("fitting: start {done} of {all}"));
    let fitted = match data {
        Data::Samples(data) => fitter.fit_with(data, show),
        Data::Classes(classes) => fitter.fit_classes_with(classes, show),
    };
    fitted.map_err(|error| Failure::from(error).at(&read::place(args)))
}

fn show(
    args: &Args,
    table: &Table,
    report: &Report,
    timings: Option<Timings>,
) -> Result<String, Failure> {
    let text = match args.format {
        Format::Text => text::text(&title(args, table), report, timings)
            .map_err(|error| error.to_string()),
        Format::Json => json::json(report, timings).map_err(|error| error.to_string()),
    };
    text.map_err(Failure::Fit)
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

/// Where the data come from.
fn title(args: &Args, table: &Table) -> String {
    let place = read::place(args);
    match (&table.data, &table.column) {
        (Data::Classes(classes), _) => {
            format!("{place}, {} classes", classes.classes().len())
        }
        (_, Some(column)) => format!("{place}, column {column}"),
        (_, None) => place,
    }
}

fn draw(args: &Args, table: &Table, mixture: &Mixture) -> Result<String, Failure> {
    let name = table.column.as_deref().unwrap_or("");
    let figure = match &table.data {
        Data::Samples(data) => picture::samples(name, data, mixture),
        Data::Classes(classes) => picture::classes(classes, mixture),
    };
    let failed =
        |error| Failure::Fit(format!("{}: cannot draw: {error}", read::place(args)));
    Ok(figure.map_err(failed)?.document())
}
