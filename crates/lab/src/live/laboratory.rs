//! The page *Laboratory*: any samples, any start, every half-step.

use super::steps::{picture, said, stepping, walk};
use crate::LabError;
use crate::control::{Control, Slider};
use crate::data::{Data, KINDS, MOST, Source};
use crate::kept::Shelf;
use crate::reply::Reply;
use crate::request::{Request, written};
use crate::run::{CURES, MANY, Run, Steps};
use compression::Compressed;
use one_pass::Samples;
use plot::words::{count, decimals, number};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use sampling::Mixture;
use stability::Cure;
use uncertainty::{Uncertainty, UncertaintyError, observed_information};

/// Where a run may begin, by what a request calls it.
const STARTS: [(&str, &str); 4] = [
    ("guess", "the notebook’s guess"),
    ("quantiles", "quantiles"),
    ("spread", "k-means++"),
    ("random", "random samples"),
];

pub(crate) fn laboratory(shelf: &mut Shelf, request: &Request) -> Result<Reply, LabError> {
    let source = Source::new(request, "data=notebook")?;
    let from = From::new(request, &source)?;
    let mut controls = vec![samples(&source)];
    let data = match shelf.data.of(&mut shelf.own, request, "data=notebook") {
        Ok(data) => data,
        Err(error) => {
            return refused(
                request,
                format!("figure=lab&{}", source.kind()),
                controls,
                error,
            );
        }
    };
    let steps = Steps::new(request, data.samples.len())?;
    let data_state = data.source.state();
    let state = format!("figure=lab&{data_state}{}{}", from.state(), steps.state());
    controls.push(from.control());
    controls.push(cure(steps));
    let begun =
        shelf.start.get(&format!("{data_state}{}", from.state()), || from.start(data));
    let begun = match begun {
        Ok(begun) => begun.clone(),
        Err(error) => return refused(request, state, controls, error),
    };
    // What has brought the reader here is forgotten when the samples or the start are others.
    let fresh = format!("{}&at=0&top=20", written(&begun));
    let fresh = format!("start={fresh}");
    let asked = if from.new { &Request::new(&fresh) } else { request };
    let (run, place) = walk(data, &mut shelf.run, asked, begun.clone(), steps)?;
    run.reach(data, place.top / 2)?;
    let mixture = run.mixtures[place.step].clone();
    let figure = picture(data, run, &place, steps)?;
    let seen = (place.top / 2 + 1).min(run.values.len());
    let trace = figures::em::log_likelihood(&run.values[..seen], Some(place.step))?;
    controls.push(Control::group("Steps", stepping(run, &place)));
    let frame = &figure.frames()[0];
    controls.extend(Control::mixture("", &mixture, &frame.x, Some(frame)));
    controls.push(Control::group(
        "To keep",
        vec![
            Control::Save { label: "Save the figure", change: "as=figure" },
            Control::Save { label: "Save the run", change: "as=run" },
        ],
    ));
    let start = &run.mixtures[0];
    let by_hand =
        if *start == begun { String::new() } else { format!("&start={}", written(start)) };
    let state = format!("{state}{by_hand}&at={}&top={}", place.at(), place.top);
    let arrived = !place.half && run.arrival(place.step).is_some();
    let sure = if arrived { Some(errors(data, &mixture, steps)) } else { None };
    let mut say = format!("{}{}", said(run, &place), how(run, data, steps));
    if let Some(Err(reason)) = &sure {
        say += &format!(" There are no standard errors: {reason}.");
    }
    let table = table(&mixture, sure.and_then(Result::ok).as_deref());
    let csv = if request.get("as") == "run" { csv(run, place.step) } else { String::new() };
    let pictures = vec![figure, trace];
    let problem = String::new();
    Ok(Reply { state, pictures, controls, say, table, run: csv, problem, address: true })
}

/// No picture, and why. What leads back to one stays; numbers in place of others change nothing.
fn refused(
    request: &Request,
    state: String,
    controls: Vec<Control>,
    error: LabError,
) -> Result<Reply, LabError> {
    if request.is_changed("samples") {
        return Err(error);
    }
    let problem = error.to_string();
    Ok(Reply { state, controls, problem, address: true, ..Reply::default() })
}

/// The controls of the samples.
fn samples(source: &Source) -> Control {
    let mut controls = vec![Control::choice("data", "data", &KINDS, source.name())];
    match source {
        Source::Named(_) => {}
        Source::Drawn { truth, n, seed, .. } => {
            let most = 1 << 50; // a page counts a little farther
            let (n, seed) = (*n as u64, *seed);
            controls.extend([
                Control::Number {
                    name: "n",
                    label: "samples",
                    range: [1, MOST as u64],
                    value: n,
                },
                Control::Number {
                    name: "seed",
                    label: "seed",
                    range: [0, most],
                    value: seed,
                },
            ]);
            let parts = truth.components().len();
            controls.push(Slider::whole_by_one(
                "parts",
                "components of the truth",
                1..6,
                parts,
            ));
            let farthest = truth.components().iter().map(|c| c.mean).fold(0.0, f64::max);
            let range = -5.0..15.0_f64.max(5.0 * (farthest / 5.0 + 1.0).ceil());
            controls.extend(
                Control::mixture("truth.", truth, &range, None).into_iter().map(of_truth),
            );
        }
        Source::Own(text) => {
            // What is long came from a file, or stands there already.
            let short = !text.starts_with('#') && text.len() < 1 << 16;
            let value = if short { text.clone() } else { String::new() };
            controls.push(Control::Own { name: "samples", value });
        }
    }
    Control::group("Samples", controls)
}

/// A component of the truth is called so, since the mixture that is fitted has components too.
fn of_truth(control: Control) -> Control {
    match control {
        Control::Group { label, component, controls } => {
            let label = format!("{label} of the truth");
            Control::Group { label, component, controls }
        }
        control => control,
    }
}

/// Where a run begins.
struct From {
    kind: &'static str,
    k: usize,
    draw: u64,
    /// Whether the reader has just chosen it, or the samples.
    new: bool,
}

impl From {
    fn new(request: &Request, source: &Source) -> Result<Self, LabError> {
        let all = ["data", "n", "seed", "truth", "samples", "k", "from", "draw"];
        let new = all.iter().any(|name| request.is_changed(name))
            || ["truth.", "parts"].iter().any(|name| request.has_prefix(name));
        let other_data = request.is_changed("data");
        let guess = *source == Source::Named("notebook") && !other_data;
        let two = ["", "2"].contains(&request.get("k"));
        let default = if guess && two { "guess" } else { "quantiles" };
        let kind = match request.get("from") {
            "guess" if !guess || request.is_changed("k") => "quantiles",
            "" => default,
            _ => request.one_of("from", &STARTS.map(|start| start.0))?,
        };
        let k = if kind == "guess" { 2 } else { request.number("k", 2, 1..=6)? };
        Ok(Self { kind, k, draw: request.number("draw", 1, 0..=u64::MAX)?, new })
    }

    fn state(&self) -> String {
        let Self { kind, k, draw, .. } = self;
        format!("&from={kind}&k={k}&draw={draw}")
    }

    fn start(&self, data: &Data) -> Result<Mixture, LabError> {
        let (samples, rng) = (&data.samples, &mut ChaCha8Rng::seed_from_u64(self.draw));
        Ok(match self.kind {
            "guess" => notebook::guess(),
            "spread" => start::k_means_plus_plus(samples, self.k, rng)?,
            "random" => start::random(samples, self.k, rng)?,
            _ => start::quantiles(samples, self.k)?,
        })
    }

    fn control(&self) -> Control {
        let mut controls = vec![
            Slider::whole_by_one("k", "components", 1..6, self.k),
            Control::choice("from", "from", &STARTS, self.kind),
        ];
        if ["spread", "random"].contains(&self.kind) {
            let change = format!("draw={}", self.draw.wrapping_add(1));
            controls.push(Control::button("Another start", change));
        }
        Control::group("Start", controls)
    }
}

fn cure(steps: Steps) -> Control {
    let (kind, more) = match steps {
        Steps::Plain | Steps::Guarded | Steps::Labels => ("plain", None),
        Steps::Stable(Cure::Refuse) => ("refuse", None),
        Steps::Stable(Cure::Floor(floor)) => {
            let (label, range) = ("share of the variance", 1e-6..1.0);
            ("floor", Some(Slider::logarithmic("floor", label, range, floor)))
        }
        Steps::Stable(Cure::Prior(prior)) => {
            let range = 0.01..100.0;
            (
                "prior",
                Some(Slider::logarithmic("strength", "strength", range, prior.strength())),
            )
        }
    };
    let choice = Control::choice("cure", "arithmetic", &CURES, kind);
    Control::group(
        "Against far samples and collapse",
        [choice].into_iter().chain(more).collect(),
    )
}

/// How steps are taken on many samples.
fn how(run: &Run, data: &Data, steps: Steps) -> String {
    let n = count(data.samples.len());
    match (steps, run.bins) {
        (Steps::Guarded, Some(bins)) => {
            format!(" Steps are taken on points in {bins} bins that stand for {n} samples.")
        }
        (Steps::Guarded, None) => format!(" Each step is one pass over {n} samples."),
        _ => String::new(),
    }
}

/// The standard errors of an estimate, by the observed information.
fn errors(data: &Data, mixture: &Mixture, steps: Steps) -> Result<Vec<[f64; 3]>, String> {
    if let Steps::Stable(Cure::Prior(_)) = steps {
        return Err("with a prior it is the posterior that has a width".into());
    }
    let information = match data.samples.len() {
        ..MANY => observed_information(data.samples.iter().map(|x| (*x, 1.0)), mixture),
        _ => points(&data.samples)
            .map_err(|error| error.to_string())
            .map(|points| observed_information(points.points(), mixture))?,
    };
    let sure = |information: Vec<Vec<f64>>| -> Result<_, UncertaintyError> {
        Ok(Uncertainty::new(mixture, &information)?.standard_errors())
    };
    information.and_then(sure).map_err(|error| error.to_string())
}

fn points(data: &[f64]) -> Result<Compressed, compression::CompressionError> {
    let samples = Samples::new(data).map_err(em::EmError::from)?;
    Compressed::new(&samples, 1024, 4)
}

/// The mixture in numbers, with standard errors where there are some.
fn table(mixture: &Mixture, errors: Option<&[[f64; 3]]>) -> Vec<Vec<String>> {
    let heading = ["component", "weight", "mean", "variance"].map(str::to_owned).to_vec();
    let row = |(k, c): (usize, &sampling::Component)| {
        let numbers = [c.weight, c.mean, c.variance];
        let cell = |i: usize| match errors.map(|errors| errors[k][i]) {
            Some(error) if error > 0.0 => with_error(numbers[i], error),
            _ => number(numbers[i]),
        };
        [k.to_string()].into_iter().chain((0..3).map(cell)).collect()
    };
    [heading].into_iter().chain(mixture.components().iter().enumerate().map(row)).collect()
}

/// A number, and its error in two digits.
fn with_error(value: f64, error: f64) -> String {
    let places = (1.0 - error.log10().floor()).clamp(0.0, 12.0) as usize;
    format!("{} ± {}", decimals(value, places), decimals(error, places))
}

/// The run as CSV, a line a step and component, in 17 digits.
fn csv(run: &Run, last: usize) -> String {
    let mut text = "step,component,weight,mean,variance,log_likelihood\n".to_owned();
    for (step, (mixture, value)) in
        run.mixtures.iter().zip(&run.values).enumerate().take(last + 1)
    {
        for (k, c) in mixture.components().iter().enumerate() {
            text += &format!(
                "{step},{k},{:.16e},{:.16e},{:.16e},{value:.16e}\n",
                c.weight, c.mean, c.variance
            );
        }
    }
    text
}
