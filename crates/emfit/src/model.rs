//! A mixture that stands in a file: the JSON that the command itself prints.

use crate::failure::Failure;
use crate::json::SCHEMA;
use columns::harmless;
use fit::{Component, Mixture, MixtureError};
use serde_json::Value;
use std::fs::File;
use std::io::{BufReader, Read, stdin};
use std::path::Path;

/// So far the sum of weights may be from 1: they are printed in seven digits.
const ROUNDED: f64 = 1e-6;

/// A fit.
#[derive(Debug)]
pub(crate) struct Model {
    pub mixture: Mixture,
    /// Whether it is one of logarithms.
    pub log: bool,
}

/// Reads a model; - is standard input.
///
/// # Errors
///
/// The file cannot be read, or is not what the command prints.
pub(crate) fn read(path: &Path) -> Result<Model, Failure> {
    let (place, input): (_, Box<dyn Read>) = match path.as_os_str() == "-" {
        true => ("standard input".into(), Box::new(stdin().lock())),
        false => {
            let place = harmless(&path.display().to_string());
            match File::open(path) {
                Ok(file) => (place, Box::new(file)),
                Err(e) => return Err(Failure::input(place, format!("cannot read: {e}"))),
            }
        }
    };
    let value: Value = serde_json::from_reader(BufReader::new(input)).map_err(|error| {
        let problem = if error.is_io() { "cannot read" } else { "it is no JSON" };
        Failure::input(&place, format!("{problem}: {error}"))
    })?;
    let mixture = mixture(&value).map_err(|problem| Failure::input(place, problem))?;
    Ok(Model { mixture, log: value["log"] == true })
}

fn mixture(value: &Value) -> Result<Mixture, String> {
    const WANTED: &str = "what is read is what emfit prints with --format json";
    if let Some(schema) = value["schema"].as_u64().filter(|schema| *schema > SCHEMA) {
        return Err(format!(
            "its schema is {schema}: this emfit knows {SCHEMA}, a newer one more"
        ));
    }
    let Some(rows) = value["components"].as_array() else {
        return Err(format!("it has no list \"components\": {WANTED}"));
    };
    let component = |(k, row): (usize, &Value)| {
        let number = |key: &str| {
            let missing = || format!("component {k} has no number \"{key}\": {WANTED}");
            row[key].as_f64().ok_or_else(missing)
        };
        let (weight, mean, variance) =
            (number("weight")?, number("mean")?, number("variance")?);
        Ok(Component { weight, mean, variance })
    };
    let components: Result<Vec<_>, String> =
        rows.iter().enumerate().map(component).collect();
    normalised(components?).map_err(|error| error.to_string())
}

/// A mixture whose weights may have been rounded.
pub(crate) fn normalised(mut components: Vec<Component>) -> Result<Mixture, MixtureError> {
    let sum: f64 = components.iter().map(|c| c.weight).sum();
    let whole = Mixture::new(components.iter().copied());
    if whole.is_err() && (sum - 1.0).abs() <= ROUNDED {
        components.iter_mut().for_each(|c| c.weight /= sum);
        return Mixture::new(components);
    }
    whole
}
