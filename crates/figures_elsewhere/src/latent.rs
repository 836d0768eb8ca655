//! The pictures of the chapter *Latent*.

use crate::FigureError;
use ::latent::{ANIMALS, Coins, DAYS, Deaths, LatentError, Model, SETS, em};
use plot::words::{decimals, number};
use plot::{Axis, Figure, Panel, PlotError, Point, Role};

pub(crate) const UNSEEN: &str = "latent/unseen";
pub(crate) const RATES: &str = "latent/rates";

/// Where EM on the deaths begins: two means, near the mean of all days and to both sides of it.
#[must_use]
pub fn start_of_deaths() -> Vec<(f64, f64)> {
    vec![(0.3, 1.0), (0.7, 2.5)]
}

/// The parameters after so many steps.
///
/// # Errors
///
/// A step without an answer.
pub fn after<M: Model>(
    model: &M,
    start: M::Parameters,
    steps: usize,
) -> Result<M::Parameters, M::Error> {
    em(model, start).take(steps + 1).last().expect("a run has a start")
}

/// What is seen in three models, divided as the E-step at the limit divides it between what is not:
/// the sets of the coins, the first class of the animals, the days.
pub(crate) fn unseen() -> Result<Figure, FigureError> {
    let (coins, deaths) = (Coins(&SETS), Deaths(&DAYS));
    let of_coins = coins.e_step(&after(&coins, [0.6, 0.5], 60)?)?;
    let hidden = ANIMALS.e_step(&after(&ANIMALS, 0.5, 60)?)?;
    let of_days = deaths.e_step(&after(&deaths, start_of_deaths(), 6000)?)?;
    let shares = |row: &[f64], whole: &[u32]| -> Vec<f64> {
        row.iter().zip(whole).map(|(r, whole)| r * f64::from(*whole)).collect()
    };
    let heads = SETS.map(|[heads, _]| heads);
    let (coin, days) = (&of_coins.components()[0], &of_days.components()[0]);
    let rows: [(_, _, _, &[u32], Vec<f64>, _); 3] = [
        (
            "heads in five sets of ten tosses",
            "set",
            "heads",
            &heads,
            shares(coin, &heads),
            ["coin 0", "coin 1"],
        ),
        (
            "197 animals in four classes",
            "class",
            "animals",
            &ANIMALS.0,
            vec![hidden, 0.0, 0.0, 34.0],
            ["θ/4", "the rest"],
        ),
        (
            "days with so many notices of deaths",
            "notices",
            "days",
            &DAYS,
            shares(days, &DAYS),
            ["component 0", "component 1"],
        ),
    ];
    let figure = Figure::draw(UNSEEN, (3, 1), 1500, |areas| {
        for (area, (title, across, up, whole, of_first, names)) in areas.iter().zip(&rows) {
            let most = whole.iter().copied().max().map_or(1.0, f64::from);
            let x = Axis::new(across, -0.6..whole.len() as f64 - 0.4, whole.len());
            let y = Axis::new(up, 0.0..1.7 * most, 3);
            let mut panel = Panel::new(area, &x, &y, title)?;
            divided(&mut panel, whole, of_first, names)?;
        }
        Ok(())
    })?;
    Ok(figure.described(
        "What was seen, and what was not",
        format!(
            "Three panels of bars, each bar divided between two unseen causes by the E-step at the \
             limit. Heads in five sets of tosses: coin 0 owns {} of the sets. Animals in four \
             classes: {} of the first 125 are hidden. Days with 0 to 9 deaths: component 0 owns \
             {} of the days without any, {} of those with 9.",
            coin.iter().map(|r| decimals(*r, 3)).collect::<Vec<_>>().join(", "),
            number(hidden),
            decimals(days[0], 3),
            decimals(days[9], 3),
        ),
    ))
}

/// Bars whose lower parts belong to the first of two.
fn divided(
    panel: &mut Panel,
    whole: &[u32],
    of_first: &[f64],
    names: &[&str; 2],
) -> Result<(), PlotError> {
    let box_of = |i: usize, from: f64, to: f64| -> Vec<Point> {
        let (left, right) = (i as f64 - 0.4, i as f64 + 0.4);
        vec![(left, from), (left, to), (right, to), (right, from)]
    };
    for (i, (whole, first)) in whole.iter().zip(of_first).enumerate() {
        let whole = f64::from(*whole);
        for inside in 0..=8 {
            panel.avoid(&box_of(i, 0.0, whole * f64::from(inside) / 8.0));
        }
        panel.fill(Role::Component(0), box_of(i, 0.0, *first))?;
        panel.fill(Role::Component(1), box_of(i, *first, whole))?;
    }
    for (k, name) in names.iter().enumerate() {
        let own =
            |i: usize| if k == 0 { of_first[i] } else { f64::from(whole[i]) - of_first[i] };
        let most = (0..whole.len()).max_by(|i, j| own(*i).total_cmp(&own(*j)));
        let tops: Vec<Point> =
            most.map(|i| (i as f64, f64::from(whole[i]))).into_iter().collect();
        panel.label(name, Role::Component(k), &tops, &[])?;
    }
    Ok(())
}

/// How far one parameter of each of three models is from its limit after every step.
pub(crate) fn rates() -> Result<Figure, FigureError> {
    const STEPS: usize = 40;
    let (coins, deaths) = (Coins(&SETS), Deaths(&DAYS));
    let curves = [
        ("linkage", distances(&ANIMALS, 0.5, STEPS, |theta| *theta)?),
        ("coins", distances(&coins, [0.6, 0.5], STEPS, |chances| chances[0])?),
        ("deaths", distances(&deaths, start_of_deaths(), STEPS, |parts| parts[0].0)?),
    ];
    let x = Axis::level("step", &(0.0..STEPS as f64), 4);
    let y = Axis::logarithmic("distance from the limit", -13.5..0.5, 6);
    let figure = Figure::draw(RATES, (1, 1), 3000, |areas| {
        let mut panel = Panel::new(&areas[0], &x, &y, "")?;
        for (k, (_, curve)) in curves.iter().enumerate() {
            panel.line(Role::Component(k), curve)?;
        }
        for (k, (name, curve)) in curves.iter().enumerate() {
            let others = (0..3).filter(|j| *j != k).map(|j| curves[j].1.as_slice());
            panel.label(
                name,
                Role::Component(k),
                &curve[4..],
                &others.collect::<Vec<_>>(),
            )?;
        }
        Ok(())
    })?;
    let told = curves.iter().map(|(name, curve)| {
        let [a, b] = [5, 10].map(|t| curve[t].1);
        format!("{name} by the factor {} a step", number(10_f64.powf((b - a) / 5.0)))
    });
    Ok(figure.described(
        "Three models, three rates",
        format!(
            "By powers of ten, how far one parameter is from its limit after 0 to {STEPS} steps. \
             The lines fall evenly, from step 5 to 10: {}.",
            told.collect::<Vec<_>>().join(", ")
        ),
    ))
}

/// As far as the rounding of the limit lets them be known.
fn distances<M: Model<Parameters: Clone, Error = LatentError>>(
    model: &M,
    start: M::Parameters,
    steps: usize,
    parameter: impl Fn(&M::Parameters) -> f64,
) -> Result<Vec<Point>, LatentError> {
    let limit = parameter(&after(model, start.clone(), 10_000)?);
    let run: Vec<_> = em(model, start).take(steps + 1).collect::<Result<_, _>>()?;
    let far = run.iter().map(|theta| (parameter(theta) - limit).abs().log10()).enumerate();
    Ok(far.map(|(t, y)| (t as f64, y)).take_while(|(_, y)| *y > -13.0).collect())
}
