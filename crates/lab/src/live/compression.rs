//! *Compression*: how narrow a component the bins can bear.

use crate::LabError;
use crate::control::Slider;
use crate::kept::Shelf;
use crate::reply::Reply;
use crate::request::Request;
use compression::{Compressed, difference};
use datasets::compression::{Difference, differences};
use one_pass::Samples;
use plot::words::number;
use sampling::Mixture;

/// The difference after ten steps from the guess, by bins and points, for samples of the notebook's
/// mixture with another deviation of component 0. With its own the picture shows the record.
pub(crate) fn error(shelf: &mut Shelf, request: &Request) -> Result<Reply, LabError> {
    let deviation: f64 = request.number("deviation", 1.0, 0.01..=3.0)?;
    let rows = match deviation {
        1.0 => differences(),
        _ => {
            let truth = format!("0.3,0,{};0.7,5,4", deviation.powi(2));
            let drawn = format!("data=drawn&truth={truth}&n=50000&seed=1");
            let data = shelf.data.of(&mut shelf.own, &Request::new(&drawn), &drawn)?;
            rows(&data.samples)?
        }
    };
    let figure = figures::compression::error(&rows)?;
    let at = |points, bins| {
        let row = rows.iter().find(|row| (row.points, row.bins) == (points, bins));
        row.map_or("?".into(), |row| number(row.difference))
    };
    let say = format!(
        "Component 0 with the deviation {}: with 256 bins of three points a parameter is wrong by {}, \
         with 64 bins by {}.",
        number(deviation),
        at(3, 256),
        at(3, 64),
    );
    let range = 0.02..2.0;
    let controls = vec![Slider::logarithmic(
        "deviation",
        "deviation of component 0",
        range,
        deviation,
    )];
    let state = format!("figure=compression/error&deviation={deviation}");
    Ok(Reply { state, pictures: vec![figure], controls, say, ..Reply::default() })
}

fn rows(data: &[f64]) -> Result<Vec<Difference>, compression::CompressionError> {
    let samples = Samples::new(data).map_err(em::EmError::from)?;
    let tenth = |mut run: Box<dyn Iterator<Item = Result<Mixture, em::EmError>> + '_>| {
        run.nth(10).unwrap_or(Ok(notebook::guess()))
    };
    let full = tenth(Box::new(one_pass::em(&samples, notebook::guess())))?;
    let mut rows = Vec::new();
    for (points, power) in (1..=4).flat_map(|points| (4..=10).map(move |p| (points, p))) {
        let bins = 1 << power;
        let few = Compressed::new(&samples, bins, points)?;
        let few = tenth(Box::new(few.em(notebook::guess())))?;
        rows.push(Difference { points, bins, difference: difference(&few, &full) });
    }
    Ok(rows)
}
