//! What a fit says of other data.

use crate::args::{Grid, Predict};
use crate::failure::Failure;
use crate::files::Files;
use crate::model::{self, Model};
use crate::progress::Progress;
use columns::{Data, Source, Taker};
use std::io::{BufWriter, Write, stdout};
use std::ops::ControlFlow;

/// Samples that are answered together.
const CHUNK: usize = 4096;

pub(crate) fn predict(args: &Predict) -> Result<(), Failure> {
    let file = args.file.as_deref();
    let streams = [Some(args.model.as_path()), file];
    if streams.iter().flatten().filter(|path| path.as_os_str() == "-").count() == 2 {
        let problem = "both the model and the data: put one into a file";
        return Err(Failure::input("standard input", problem));
    }
    let inputs = [(&*args.model, "the model")].into_iter();
    let mut files =
        Files::reading(inputs.chain(file.map(|file| (file, "the file to read"))))?;
    let output = args.output.as_deref();
    let output = output.map(|path| files.writing(path, "the answer")).transpose()?;
    let model = model::read(&args.model)?;
    match output {
        Some(target) => target.write(|out| answer(args, &model, out)),
        None => {
            let mut out = BufWriter::new(stdout().lock());
            answer(args, &model, &mut out)?;
            out.flush().map_err(|error| Failure::writing("standard output", &error))
        }
    }
}

/// The whole file, a chunk at a time.
fn answer(args: &Predict, model: &Model, out: &mut dyn Write) -> Result<(), Failure> {
    let place = match &args.output {
        Some(path) => path.display().to_string(),
        None => "standard output".into(),
    };
    let mut write = |text: &str| {
        out.write_all(text.as_bytes()).map_err(|error| Failure::writing(&place, &error))
    };
    let mut header = Some(header(model)); // nothing is written where nothing can be read
    let mut take = |data: &[f64]| {
        header.take().map_or(Ok(()), |header| write(&header))?;
        data.chunks(CHUNK).try_for_each(|data| {
            write(&columns::predictions(data, model.log, &model.mixture)?)
        })
    };
    match (&args.grid, &args.file) {
        (Some(grid), _) => on_grid(grid, model, take),
        (None, None) => Ok(()), // the arguments do not allow it
        (None, Some(file)) => {
            let mut progress = Progress::new(args.quiet);
            let mut taken = Ok(());
            let mut take_or_stop = |data: &[f64]| match take(data) {
                Ok(()) => ControlFlow::Continue(()),
                Err(failure) => {
                    taken = Err(failure);
                    ControlFlow::Break(())
                }
            };
            let table = columns::read(Source {
                file,
                reading: &args.reading.reading(),
                classes: false,
                log: model.log,
                weights: None,
                progress: &mut progress.of_reading(file),
                taker: Some(Taker { take: &mut take_or_stop, taken: 0 }),
            });
            taken?;
            let table = table?;
            progress.clear();
            if let Data::Samples(rest) = &table.data {
                take(rest)?;
            }
            crate::notices(&columns::place(file), &table, args.quiet);
            Ok(())
        }
    }
}

fn on_grid(
    grid: &Grid,
    model: &Model,
    mut take: impl FnMut(&[f64]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let &Grid { low, high, count } = grid;
    if model.log && low <= 0.0 {
        let problem = format!("it begins at {low}: with a fit of --log, it is above 0");
        return Err(Failure::input("--grid", problem));
    }
    let share = |i: usize| i as f64 / (count - 1) as f64;
    let at = |i: usize| (1.0 - share(i)) * low + share(i) * high;
    for first in (0..count).step_by(CHUNK) {
        let chunk: Vec<f64> = (first..count.min(first + CHUNK)).map(at).collect();
        take(&chunk)?;
    }
    Ok(())
}

fn header(model: &Model) -> String {
    let components = 0..model.mixture.components().len();
    let names: String = components.map(|k| format!("component_{k},")).collect();
    format!("x,label,{names}density,log_density\n")
}
