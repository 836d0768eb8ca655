//! What the chapter *Rate* claims.

mod common;
use common::{assert_close, integral, mean, variance};
use e_step::{EStepError, e_step};
use em::{EmError, em, log_likelihood};
use m_step::m_step;
use notebook::{STANDARD_ERRORS, data, guess, printed, truth};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use rate::linear::{
    Matrix, NotPositiveDefinite, difference, eigenvalues, inverse, matrix, product,
    solution, transposed, whitening,
};
use rate::{
    ConvergeError, Ending, Information, Parameter, Stopped, converge, differences,
    remaining_gain,
};
use sampling::{Component, Mixture, MixtureError, sample, sample_counts};
use std::error::Error;
use std::sync::LazyLock;

/// Components side by side, a few deviations apart.
fn overlapping(components: usize, rng: &mut ChaCha8Rng) -> Mixture {
    let shares: Vec<f64> = (0..components).map(|_| rng.random_range(0.5..1.0)).collect();
    let mut mean = rng.random_range(-5.0..5.0);
    let component = |share| {
        mean += rng.random_range(2.0..4.0);
        let variance = rng.random_range(0.5..2.0);
        Component { weight: share / shares.iter().sum::<f64>(), mean, variance }
    };
    Mixture::new(shares.iter().map(component)).unwrap()
}

/// 200 random sets of samples, each with a limit of EM, chosen by rest and not by rate: within
/// 3000 steps from the truth, one changes no parameter by more than 1e-12.
static LIMITS: LazyLock<Vec<(Vec<f64>, Mixture)>> = LazyLock::new(|| {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let limit = |i: usize| {
        let truth = overlapping(1 + i % 3, &mut rng);
        let data = sample(&truth, 200, &mut rng).unwrap();
        let mut mixture = truth;
        for _ in 0..3000 {
            let next = m_step(&data, &e_step(&data, &mixture).ok()?).ok()?;
            let (from, to) = (parameters(&mixture), parameters(&next));
            if from.iter().zip(&to).all(|(a, b)| (a - b).abs() < 1e-12) {
                return Some((data, next));
            }
            mixture = next;
        }
        None
    };
    let limits: Vec<_> = (0..).filter_map(limit).take(200).collect();
    assert!(limits.iter().filter(|(_, m)| m.components().len() > 1).count() > 100);
    limits
});

/// Every sample counts once.
fn information(data: &[f64], mixture: &Mixture) -> Information {
    Information::new(data.iter().map(|&x| (x, 1.0)), mixture).unwrap()
}

fn step(data: &[f64], mixture: &Mixture) -> Mixture {
    m_step(data, &e_step(data, mixture).unwrap()).unwrap()
}

/// The values of the free parameters.
fn parameters(mixture: &Mixture) -> Vec<f64> {
    Parameter::of(mixture).into_iter().map(|p| p.value(mixture)).collect()
}

/// The mixture whose free parameters are further by `change`, all at once.
fn moved(mixture: &Mixture, change: &[f64]) -> Mixture {
    let mut components = mixture.components().to_vec();
    let last = components.len() - 1;
    for (parameter, by) in Parameter::of(mixture).into_iter().zip(change) {
        match parameter {
            Parameter::Weight(k) => {
                components[k].weight += by;
                components[last].weight -= by;
            }
            Parameter::Mean(k) => components[k].mean += by,
            Parameter::Variance(k) => components[k].variance += by,
        }
    }
    Mixture::new(components).unwrap()
}

/// How large a change of a free parameter is large, by what complete data would tell.
fn scales(information: &Information) -> Vec<f64> {
    (0..information.complete.len()).map(|p| information.complete[p][p].powf(-0.5)).collect()
}

/// A vector that is 0 but at one place.
fn unit(size: usize, place: usize, value: f64) -> Vec<f64> {
    (0..size).map(|p| if p == place { value } else { 0.0 }).collect()
}

/// ℓ's gain from one mixture to another.
fn gain(data: &[f64], from: &Mixture, to: &Mixture) -> f64 {
    log_likelihood(data, to) - log_likelihood(data, from)
}

/// EM until the gain still to come is at most the tolerance.
fn fit(data: &[f64], start: Mixture, tolerance: f64) -> Stopped {
    converge(em(data, start), |m| log_likelihood(data, m), tolerance, 100_000).unwrap()
}

/// The notebook's run and its rate.
fn notebook_run() -> (Vec<f64>, Vec<Mixture>, f64) {
    let data = data();
    let run: Vec<Mixture> = em(&data, guess()).take(301).map(Result::unwrap).collect();
    let rate = information(&data, &run[300]).rates()[0];
    (data, run, rate)
}

/// By hand, eq:scores, eq:missing-information and eq:complete-information: one sample at 0,
/// halfway between N(−1, 1) and N(1, 1). The scores are (2, 1, 0, 0, 0) and (−2, 0, −1, 0, 0).
#[test]
fn one_sample_by_hand() {
    let on = |mean| Component { weight: 0.5, mean, variance: 1.0 };
    let information = information(&[0.0], &Mixture::new([on(-1.0), on(1.0)]).unwrap());
    let half_difference = [2.0, 0.5, 0.5, 0.0, 0.0];
    for p in 0..5 {
        for q in 0..5 {
            assert_close(
                information.missing[p][q],
                half_difference[p] * half_difference[q],
                1e-15,
            );
            let complete = if p == q { [4.0, 0.5, 0.5, 0.25, 0.25][p] } else { 0.0 };
            assert_eq!(information.complete[p][q], complete);
        }
    }
}

/// Law, eq:error-map: near a limit, the error after a step is DM times the error before it. What
/// is left out is the square of an error of 1e-5.
#[test]
fn near_a_limit_a_step_multiplies_the_error_by_the_derivative() {
    let mut rng = ChaCha8Rng::seed_from_u64(12);
    for (data, limit) in LIMITS.iter() {
        let information = information(data, limit);
        let (scales, derivative) = (scales(&information), information.derivative());
        let size = 1e-5 * (data.len() as f64).sqrt();
        let error: Vec<f64> =
            scales.iter().map(|s| size * s * rng.random_range(-1.0..1.0)).collect();
        let after = parameters(&step(data, &moved(limit, &error)));
        for (p, end) in parameters(limit).into_iter().enumerate() {
            let predicted: f64 = derivative[p].iter().zip(&error).map(|(d, e)| d * e).sum();
            assert_close(after[p] - end, predicted, 1e-3 * size * scales[p]);
        }
    }
}

/// Law, eq:missing-information, eq:complete-information and eq:scores: complete less missing is
/// observed, the second derivatives of the log-likelihood, by central differences.
#[test]
fn complete_less_missing_information_is_observed() {
    for (data, limit) in LIMITS.iter() {
        let information = information(data, limit);
        let scales = scales(&information);
        let size = scales.len();
        let value = |p: usize, a: f64, q: usize, b: f64| {
            let pair = unit(size, p, 0.003 * a * scales[p]);
            let other = unit(size, q, 0.003 * b * scales[q]);
            let sum: Vec<f64> = pair.iter().zip(&other).map(|(x, y)| x + y).collect();
            log_likelihood(data, &moved(limit, &sum))
        };
        for p in 0..size {
            for q in 0..=p {
                let bend =
                    value(p, 1.0, q, 1.0) - value(p, 1.0, q, -1.0) - value(p, -1.0, q, 1.0)
                        + value(p, -1.0, q, -1.0);
                let observed = information.complete[p][q] - information.missing[p][q];
                assert_close(-bend / 3.6e-5, observed * scales[p] * scales[q], 2e-5);
            }
        }
    }
}

/// Law, eq:missing-fraction: the formula and the differences of a step agree to five digits and
/// more, in units of what each parameter is uncertain by.
// ANCHOR: two_ways
#[test]
fn the_formula_and_the_differences_give_the_same_derivative() {
    for (data, limit) in LIMITS.iter() {
        let information = information(data, limit);
        let (formula, scales) = (information.derivative(), scales(&information));
        let measured = differences(data, limit).unwrap();
        for p in 0..scales.len() {
            for q in 0..scales.len() {
                let unit = scales[p] / scales[q];
                assert_close(measured[p][q] / unit, formula[p][q] / unit, 1e-7);
            }
        }
    }
}
// ANCHOR_END: two_ways

/// Law, eq:fraction: fractions of information lie in [0, 1), and two of them are 0.
#[test]
fn rates_lie_between_zero_and_one_and_two_are_zero() {
    for (data, limit) in LIMITS.iter() {
        let rates = information(data, limit).rates();
        assert!(rates.iter().all(|rate| (-1e-12..1.0).contains(rate)), "{rates:?}");
        let [.., third, a, b] = &rates[..] else { continue };
        assert!(a.abs() < 1e-6 && b.abs() < 1e-6 && *third > 1e-6, "{rates:?}");
    }
}

/// Law, eq:forgotten: no small change of the parameters changes mean and second moment after the
/// step; and yet the two depend on the parameters.
#[test]
fn a_step_forgets_two_directions() {
    for (data, limit) in LIMITS.iter() {
        let measured = differences(data, limit).unwrap();
        let scales = scales(&information(data, limit));
        let size = scales.len();
        let moments = |m: &Mixture| [m.mean(), m.variance() + m.mean().powi(2)];
        let slope = |p: usize| {
            let by = |h: f64| moments(&moved(limit, &unit(size, p, h * scales[p])));
            let (up, down) = (by(1e-4), by(-1e-4));
            [0, 1].map(|m| (up[m] - down[m]) / 2e-4 / scales[p])
        };
        let slopes: Vec<_> = (0..size).map(slope).collect();
        for (q, scale) in scales.iter().enumerate() {
            for moment in [0, 1] {
                let slope = |p: usize| slopes[p][moment];
                let terms = (0..size).map(|p| slope(p) * measured[p][q] * scale);
                let largest: f64 = (0..size).map(|p| (slope(p) * scales[p]).abs()).sum();
                assert!(largest > 1e-3);
                assert_close(terms.sum(), 0.0, 1e-6 * largest);
            }
        }
    }
}

/// Law, eq:weight-step, eq:weight-rate and eq:missing-share: if only the weight is free, the slope of a
/// step by its formula is the one by differences, and the share of the information that is missing.
#[test]
fn with_one_parameter_the_rate_is_the_share_of_doubt_that_is_left() {
    let with = |w: f64| Mixture::new([(w, 0.0, 1.0), (1.0 - w, 5.0, 4.0)]).unwrap();
    let memberships =
        |data: &[f64], w: f64| e_step(data, &with(w)).unwrap().components()[0].clone();
    let step = |data: &[f64], w: f64| mean(&memberships(data, w));
    let mut rng = ChaCha8Rng::seed_from_u64(12);
    let fresh = |rng: &mut ChaCha8Rng| sample(&truth(), 200, rng).unwrap();
    let sets: Vec<_> = (0..20).map(|_| fresh(&mut rng)).chain([data()]).collect();
    let mut last = f64::NAN;
    for data in &sets {
        let limit = (0..200).fold(0.5, |w, _| step(data, w));
        assert_close(step(data, limit), limit, 1e-14);
        let doubt: Vec<f64> =
            memberships(data, limit).iter().map(|r| r * (1.0 - r)).collect();
        let slope = mean(&doubt) / (limit * (1.0 - limit));
        let h = 1e-5;
        let measured = (step(data, limit + h) - step(data, limit - h)) / (2.0 * h);
        assert_close(slope, measured, 1e-8);
        let n = data.len() as f64;
        let l = |by: f64| log_likelihood(data, &with(limit + by));
        let observed = (2.0 * l(0.0) - l(1e-3) - l(-1e-3)) / 1e-6;
        let complete = n / (limit * (1.0 - limit));
        assert_close(1.0 - observed / complete, slope, 1e-3);
        last = slope;
    }
    assert_close(last, 0.17104, 5e-6); // the notebook's samples
}

/// By hand, eq:exact-gain: near the end the gap has the share ρ/(1 + ρ) of what a step gains.
#[test]
fn the_gap_has_its_share_of_a_late_gain() {
    let (data, run, rate) = notebook_run();
    let memberships = |m: &Mixture| e_step(&data, m).unwrap();
    let (old, new) = (&run[40], &run[41]);
    let opened = bound::gap(&memberships(old), &memberships(new)).unwrap();
    assert_close(opened / gain(&data, old, new), rate / (1.0 + rate), 1e-3);
    assert_close(rate / (1.0 + rate), 0.46, 1e-3);
}

/// Regression, eq:missing-fraction, for 0.3 N(0, 1) + 0.7 N(5, 4); one entry by another quadrature.
#[test]
fn the_rates_at_the_truth() {
    let truth = truth();
    let dx = 0.01;
    let slices = (-2000..3000).map(|i| f64::from(i) * dx);
    let population = slices.map(|x| (x, density::mixture(x, &truth) * dx));
    let information = Information::new(population, &truth).unwrap();
    let expected = [0.85608, 0.39915, 0.06329, 0.0, 0.0];
    for (rate, expected) in information.rates().into_iter().zip(expected) {
        assert_close(rate, expected, 5e-6);
    }
    // One entry by another rule: what the means share is −∫ r_0 r_1 z_0 z_1 p.
    let [a, b] = truth.components() else { panic!("two components") };
    let z = |x: f64, c: &Component| (x - c.mean) / c.variance;
    let weighted =
        |x: f64, c: &Component| c.weight * density::normal(x, c.mean, c.variance);
    let shared = integral(-20.0, 30.0, |x| {
        let product = weighted(x, a) * weighted(x, b);
        if product == 0.0 {
            0.0
        } else {
            product / density::mixture(x, &truth) * z(x, a) * z(x, b)
        }
    });
    assert_close(information.missing[1][2], -shared, 1e-12);
}

/// Law, eq:observed-rate: on the notebook's samples, and wherever the largest rate is alone.
#[test]
fn the_observed_ratio_of_steps_meets_the_rate_to_three_digits() {
    let (_, run, rate) = notebook_run();
    let ratio = |run: &[Mixture], t: usize, p: usize| {
        let [a, b, c] = [t - 2, t - 1, t].map(|t| parameters(&run[t])[p]);
        (c - b) / (b - a)
    };
    for p in 0..5 {
        assert_close(ratio(&run, 60, p), rate, 5e-5);
        assert_close(ratio(&run, 40, p), rate, 5e-4);
    }
    let mut seen = 0;
    for (data, limit) in LIMITS.iter().filter(|(_, m)| m.components().len() > 1) {
        let rates = information(data, limit).rates();
        if rates[1] > 0.6 * rates[0] {
            continue;
        }
        // So far that the other directions are gone, and the steps are not yet rounding.
        let far = 3 + (1e-6f64.ln() / rates[0].ln()) as usize;
        let start = moved(limit, &unit(rates.len(), 0, 1e-3));
        let run: Vec<_> = em(data, start).take(far + 1).map(Result::unwrap).collect();
        assert_close(ratio(&run, far, 0), rates[0], 5e-4);
        seen += 1;
    }
    assert!(seen > 30, "{seen}");
}

/// The audit, eq:observed-rate: between rows ten apart the changes of the original shrink by the
/// tenth power of its rate.
// ANCHOR: audit
#[test]
fn the_printed_rows_settle_at_0_8658_an_iteration() {
    let rows = printed::mixtures().iter().map(parameters).collect::<Vec<_>>();
    let change = |row: usize, p: usize| rows[row + 1][p] - rows[row][p];
    for p in 0..5 {
        assert_close((change(6, p) / change(5, p)).powf(0.1), 0.8658, 1e-4);
    }
}
// ANCHOR_END: audit

/// The rate is a statistic too: ours, the original's and the truth's differ by chance.
#[test]
fn the_rates_of_fresh_samples_scatter_as_ours_and_the_originals() {
    let mut rng = ChaCha8Rng::seed_from_u64(14);
    let mut rate = || {
        let data = sample_counts(&truth(), &[3000, 7000], &mut rng).unwrap();
        let limit = em(&data, truth()).nth(60).unwrap().unwrap();
        information(&data, &limit).rates()[0]
    };
    let rates: Vec<f64> = (0..40).map(|_| rate()).collect();
    let spread = variance(&rates).sqrt();
    assert!((0.006..0.008).contains(&spread), "{spread}");
    for other in [0.85002, 0.8658] {
        assert_close(other, 0.85608, 2.0 * spread);
    }
}

/// Law, eq:missing-gain: near the limit what is missing shrinks by the rate squared.
#[test]
fn the_gap_shrinks_by_the_rate_squared() {
    let (data, run, rate) = notebook_run();
    let gap = |t: usize| gain(&data, &run[t], &run[300]);
    for t in 30..50 {
        assert_close(gap(t + 1) / gap(t), rate.powi(2), 1e-3);
    }
}

/// Law, eq:remaining, against a run of 10 000 steps.
#[test]
fn the_gain_still_to_come_is_what_ten_thousand_iterations_gain() {
    assert_close(remaining_gain(3.0, 0.5), 1.0, 1e-15);
    let mut rng = ChaCha8Rng::seed_from_u64(15);
    for _ in 0..5 {
        let truth = overlapping(2, &mut rng);
        let data = sample(&truth, 300, &mut rng).unwrap();
        let run: Vec<_> = em(&data, truth).take(10_001).map(Result::unwrap).collect();
        let rate = information(&data, &run[10_000]).rates()[0];
        let gap = |t: usize| gain(&data, &run[t], &run[10_000]);
        let small = (1..10_000).find(|t| gap(*t) < 1e-5).unwrap();
        let predicted = remaining_gain(gain(&data, &run[small - 1], &run[small]), rate);
        assert_close(gap(small), predicted, 0.05 * predicted);
    }
}

/// Law, eq:missing-gain and eq:remaining: whatever the direction of a small error, what is missing
/// after a step is at most what the largest eigenvalue says; up to the third powers of the error.
#[test]
fn the_largest_rate_bounds_what_is_still_to_come_in_every_direction() {
    let mut rng = ChaCha8Rng::seed_from_u64(17);
    let mut met = 0;
    for (data, limit) in LIMITS.iter().filter(|(_, m)| m.components().len() > 1) {
        let information = information(data, limit);
        let mut error = |s: &f64| 0.03 * s * rng.random_range(-1.0..1.0);
        let error: Vec<f64> = scales(&information).iter().map(&mut error).collect();
        let run: Vec<_> =
            em(data, moved(limit, &error)).take(31).map(Result::unwrap).collect();
        for t in [1, 10, 30] {
            let last_gain = gain(data, &run[t - 1], &run[t]);
            let bound = remaining_gain(last_gain, information.rates()[0]);
            let missing = gain(data, &run[t], limit);
            assert!(missing <= 1.05 * bound + 1e-10, "{missing} {bound}");
            met += usize::from(missing > 0.9 * bound && missing > 1e-8);
        }
    }
    assert!(met > 100, "{met}"); // a bound that is never met would prove little
}

/// What the page says of fast parts that hide slow ones: from disturbed limits, the gains of 130
/// runs promise a millionth. The information where a run stopped knows better, the information
/// where it started does not.
#[test]
fn where_the_gains_are_fooled_the_information_is_not() {
    let mut rng = ChaCha8Rng::seed_from_u64(16);
    let (mut fooled, mut worst, mut far) = (0, 0.0, 0);
    let limits: Vec<_> = LIMITS.iter().filter(|(_, m)| m.components().len() > 1).collect();
    for (data, limit) in &limits {
        let there = information(data, limit);
        let lack = |m: &Mixture| {
            (1.0 - information(data, m).rates()[0]) / (1.0 - there.rates()[0])
        };
        let mut error = |s: &f64| 0.3 * s * rng.random_range(-1.0..1.0);
        let start =
            moved(limit, &scales(&there).iter().map(&mut error).collect::<Vec<_>>());
        far += usize::from(!(0.5..2.0).contains(&lack(&start)));
        let Stopped { mixture, rate, remaining, .. } = fit(data, start, 1e-6);
        assert_close(lack(&mixture), 1.0, 0.02);
        let last_gain = remaining / remaining_gain(1.0, rate.unwrap());
        let bound = remaining_gain(last_gain, information(data, &mixture).rates()[0]);
        let missing = gain(data, &mixture, limit);
        assert!(missing <= 1.05 * bound, "{missing} {bound}");
        fooled += usize::from(missing > 1.25e-6);
        worst = missing.max(worst);
    }
    assert_eq!((limits.len(), fooled), (130, 7));
    assert_close(worst, 1.23e-5, 1e-7);
    assert!(far > 10, "{far}");
}

/// Edge, eq:fraction: two equal components with the moments of skewed samples rest, and that is a
/// saddle. The gains see nothing; the first rate is above 1.
#[test]
fn at_a_saddle_the_first_rate_is_above_one() {
    for (data, _) in LIMITS.iter() {
        let half = Component { weight: 0.5, mean: mean(data), variance: variance(data) };
        let stopped = fit(data, Mixture::new([half, half]).unwrap(), 1e-6);
        assert!(stopped.steps <= 4 && stopped.ending == Ending::Rounding, "{stopped:?}");
        assert!(information(data, &stopped.mixture).rates()[0] > 1.0);
    }
}

/// The promise, eq:remaining: from poor starts, what 10 000 more steps gain is at most a
/// quarter more than the tolerance.
// ANCHOR: promise
#[test]
fn the_stopping_rule_keeps_its_promise_from_poor_starts() {
    let mut rng = ChaCha8Rng::seed_from_u64(12);
    let mut kept = 0;
    for i in 0..80 {
        let [truth, start] = [0, 1].map(|_| overlapping(2 + i % 2, &mut rng));
        let data = sample(&truth, 100, &mut rng).unwrap();
        let value = |m: &Mixture| log_likelihood(&data, m);
        let Ok(fit) = converge(em(&data, start), value, 1e-6, 10_000) else { continue };
        assert_eq!(fit.ending, Ending::Converged);
        let later = em(&data, fit.mixture.clone()).nth(10_000).unwrap().unwrap();
        assert!(gain(&data, &fit.mixture, &later) <= 1.25e-6, "{fit:?}");
        kept += 1;
    }
    assert_eq!(kept, 69);
}
// ANCHOR_END: promise

/// What the page says of the rules that stop too early.
#[test]
fn a_small_mean_gain_stops_six_standard_errors_short() {
    let (data, run, _) = notebook_run();
    let mean_gain = |t: usize| gain(&data, &run[t - 1], &run[t]) / 1e4;
    let stopped = (1..300).find(|t| mean_gain(*t) < 1e-3).unwrap();
    assert_eq!(stopped, 6);
    assert_close(gain(&data, &run[6], &run[300]), 17.5, 0.1);
    let weight = |t: usize| parameters(&run[t])[0];
    assert_close((weight(300) - weight(6)) / STANDARD_ERRORS[0][0], 6.6, 0.1);
    // Twice the samples, each twice: the same limit, the same steps, twice the log-likelihood.
    let twice: Vec<f64> = data.iter().chain(&data).copied().collect();
    assert_close(gain(&twice, &run[6], &run[300]), 35.0, 0.2);
}

/// Edge: how a run may end without a fault.
#[test]
fn a_run_ends_converged_or_at_rounding_or_out_of_steps() {
    let data = data();
    let likelihood = |m: &Mixture| log_likelihood(&data, m);
    let early = converge(em(&data, guess()), likelihood, 1e-6, 5).unwrap();
    assert_eq!((early.steps, early.ending), (5, Ending::OutOfSteps));
    assert_eq!((early.rate, early.remaining), (None, f64::INFINITY));
    // A run that ends by itself.
    let short = converge(em(&data, guess()).take(31), likelihood, 1e-6, 1000).unwrap();
    assert_eq!((short.steps, short.ending), (30, Ending::OutOfSteps));
    assert_close(short.remaining, 8.7e-3, 1e-4);
    // No tolerance at all: until the steps gain nothing that can be told from rounding.
    let exact = fit(&data, guess(), 0.0);
    assert_eq!(exact.ending, Ending::Rounding);
    assert!((70..100).contains(&exact.steps) && exact.remaining < 1e-8, "{exact:?}");
    assert_close(exact.rate.unwrap(), 0.85002, 5e-3);
    // A start at the limit: there is no gain to measure, and the run says so.
    let again = fit(&data, exact.mixture, 1e-6);
    assert_eq!((again.ending, again.rate), (Ending::Rounding, None));
    assert!(again.steps <= 4);
    // One component is there after one step; three ratios later this is known.
    let one = Mixture::new([(1.0, 0.0, 1.0)]).unwrap();
    let one = fit(&data, one, 1e-6);
    assert_eq!((one.ending, one.steps), (Ending::Converged, 4));
}

/// Edge: ratios that mean nothing are not believed.
#[test]
fn growing_gains_falling_values_and_equal_gains_are_not_believed() {
    let mixtures = || (0..50).map(|_| Ok::<_, EmError>(guess()));
    let run = |value: &dyn Fn(f64) -> f64| {
        let step = std::cell::Cell::new(-1.0);
        let next = |_: &Mixture| {
            step.set(step.get() + 1.0);
            value(step.get())
        };
        converge(mixtures(), next, 1e-3, 40).unwrap()
    };
    // A plateau before a climb: gains that grow.
    assert_eq!(run(&|t| -100.0 + (1.5f64).powf(t - 20.0)).ending, Ending::OutOfSteps);
    // The log-likelihood falls faster and faster, or evenly.
    assert_eq!(run(&|t| -1.0 - t * t).ending, Ending::OutOfSteps);
    assert_eq!(run(&|t| -1.0 - t).ending, Ending::OutOfSteps);
    // It climbs evenly: the ratio is 1.
    assert_eq!(run(&|t| t - 100.0).remaining, f64::INFINITY);
    // It shrinks by 0.81 a step: 1e-3 are missing after 33 steps.
    let even = run(&|t| -100.0 - 0.81f64.powf(t));
    assert_eq!((even.ending, even.steps), (Ending::Converged, 33));
    assert_close(even.rate.unwrap(), 0.9, 1e-6);
    // What it cannot see: a slow part that is small beside a fast one.
    let hidden = |t: f64| 0.3f64.powf(t) + 0.1 * 0.9998f64.powf(t);
    let fooled = run(&|t| -100.0 - hidden(t));
    assert_eq!(fooled.ending, Ending::Converged);
    assert!(hidden(fooled.steps as f64) > 0.09);
    // At a rate of 1: what is missing falls as t⁻², and a third of it is not promised.
    let missing = |t: f64| (t + 1.0).powi(-2);
    let slow = run(&|t| -100.0 - missing(t));
    assert_eq!(slow.ending, Ending::Converged);
    assert_close(slow.remaining / missing(slow.steps as f64), 2.0 / 3.0, 0.03);
}

/// Any step will do: here the variances are about the old means, of the chapter *M-step*.
#[test]
fn another_step_function_may_be_followed() {
    let data = data();
    let old_means = |m: &Mixture| {
        let mut components = step(&data, m).components().to_vec();
        for (c, old) in components.iter_mut().zip(m.components()) {
            c.variance += (c.mean - old.mean).powi(2);
        }
        Mixture::new(components)
    };
    let run = std::iter::successors(Some(Ok(guess())), |m: &Result<Mixture, _>| {
        m.as_ref().ok().map(old_means)
    });
    let fit = converge(run, |m| log_likelihood(&data, m), 1e-6, 1000).unwrap();
    assert_eq!(fit.ending, Ending::Converged);
    assert_close(fit.mixture.components()[0].weight, 0.29813, 1e-5);
}

/// Bad input: the message has the value.
#[test]
fn what_cannot_be_followed_is_refused() {
    let data = [0.0, 1.0, 3.0];
    let run = |data: &[f64], tolerance, steps| {
        converge(em(data, guess()), |m| log_likelihood(data, m), tolerance, steps)
    };
    for bad in [-1e-6, f64::NAN, f64::INFINITY] {
        let message =
            format!("the tolerance is {bad}: a tolerance is 0 or more, and finite");
        assert_eq!(run(&data, bad, 10).unwrap_err().to_string(), message);
    }
    let error = run(&data, 1e-6, 0).unwrap_err();
    assert_eq!(error, ConvergeError::NoSteps);
    assert_eq!(error.to_string(), "0 steps were allowed: a run needs at least 1");
    let empty = std::iter::empty::<Result<Mixture, EmError>>();
    let error = converge(empty, |_| 0.0, 1e-6, 10).unwrap_err();
    assert_eq!(error.to_string(), "the run is empty: it has no start");
    let error = run(&[0.0, f64::NAN], 1e-6, 10).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the log-likelihood after step 0 is NaN: it must be finite"
    );
    let error = run(&[0.0, 50.0], 1e-6, 10).unwrap_err();
    assert!(matches!(error, ConvergeError::LogLikelihood { step: 0, .. }));
    // No samples have the log-likelihood 0, and no E-step.
    let inner = EmError::EStep(EStepError::NoSamples);
    let error = run(&[], 1e-6, 10).unwrap_err();
    assert_eq!(error, ConvergeError::Step { step: 1, error: inner });
    assert_eq!(error.to_string(), "step 1: E-step: there are no samples");
    assert!(error.source().is_none()); // nothing is left to say

    let none: [(f64, f64); 0] = [];
    assert_eq!(Information::new(none, &guess()), Err(EStepError::NoSamples));
    let infinite = EStepError::NotFinite { sample: 1, value: f64::INFINITY };
    assert_eq!(
        Information::new([(0.0, 1.0), (f64::INFINITY, 1.0)], &guess()),
        Err(infinite)
    );
    assert!(matches!(differences(&[0.0], &guess()), Err(EmError::MStep(_))));
}

/// Edge: a component without weight tells nothing; the answer is NaN, not a panic.
#[test]
fn a_weight_of_zero_has_no_rate() {
    let with = |weight, mean| Component { weight, mean, variance: 1.0 };
    let mixture = Mixture::new([with(0.0, 3.0), with(1.0, 0.0)]).unwrap();
    assert!(information(&[0.0, 1.0], &mixture).rates().iter().any(|rate| rate.is_nan()));
}

/// By hand: the order of the free parameters, and what they are called.
#[test]
fn the_free_parameters_are_weights_but_the_last_then_means_then_variances() {
    use Parameter::{Mean, Variance, Weight};
    let mixture = |k| overlapping(k, &mut ChaCha8Rng::seed_from_u64(18));
    assert_eq!(Parameter::of(&mixture(1)), [Mean(0), Variance(0)]);
    assert_eq!(
        Parameter::of(&mixture(2)),
        [Weight(0), Mean(0), Mean(1), Variance(0), Variance(1)]
    );
    let names: Vec<_> =
        [Weight(2), Mean(0), Variance(1)].iter().map(Parameter::to_string).collect();
    let expected = [
        "the weight of component 2",
        "the mean of component 0",
        "the variance of component 1",
    ];
    assert_eq!(names, expected);
    let mixture = Mixture::new([(0.3, -1.0, 4.0), (0.7, 2.0, 9.0)]).unwrap();
    assert_eq!(parameters(&mixture), [0.3, -1.0, 2.0, 4.0, 9.0]);
    let scales: Vec<_> =
        Parameter::of(&mixture).iter().map(|p| p.scale(&mixture)).collect();
    assert_eq!(scales, [0.3, 2.0, 3.0, 4.0, 9.0]);
}

/// Law: a free parameter that is moved takes no other along, and back it is where it was.
#[test]
fn a_free_parameter_moves_alone() {
    let mut rng = ChaCha8Rng::seed_from_u64(19);
    for i in 0..200 {
        let mixture = overlapping(1 + i % 4, &mut rng);
        for parameter in Parameter::of(&mixture) {
            let h = rng.random_range(-0.5..0.5) * parameter.scale(&mixture);
            let moved = parameter.moved(&mixture, h).unwrap();
            for other in Parameter::of(&mixture) {
                let by = if other == parameter { h } else { 0.0 };
                assert_close(other.value(&moved) - other.value(&mixture), by, 1e-14);
            }
            let back = parameter.moved(&moved, -h).unwrap();
            for (a, b) in parameters(&back).iter().zip(parameters(&mixture)) {
                assert_close(*a, b, 1e-14);
            }
        }
    }
}

/// Edge: the last weight is what the others leave, and of a component that is not there nothing moves.
#[test]
fn what_is_no_free_parameter_stays() {
    let mixture = Mixture::new([(0.25, -1.0, 4.0), (0.75, 2.0, 9.0)]).unwrap();
    assert_eq!(Parameter::Weight(1).moved(&mixture, 0.5).unwrap(), mixture);
    for none in [Parameter::Weight(2), Parameter::Mean(2), Parameter::Variance(2)] {
        assert!(none.value(&mixture).is_nan() && none.scale(&mixture).is_nan());
        assert_eq!(none.moved(&mixture, 0.5).unwrap(), mixture);
    }
    let refused = Parameter::Weight(0).moved(&mixture, -0.5);
    assert_eq!(refused, Err(MixtureError::Weight { component: 0, weight: -0.25 }));
}

/// 200 random positive definite matrices of one to eight rows: BᵀB and a little more.
fn positive_definite() -> Vec<Matrix> {
    let mut rng = ChaCha8Rng::seed_from_u64(20);
    let mut random = |i: usize| {
        let size = 1 + i % 8;
        let entries: Vec<f64> =
            (0..size * size).map(|_| rng.random_range(-1.0..1.0)).collect();
        let b = matrix(size, |i, j| entries[size * i + j]);
        let square = product(&transposed(&b), &b);
        matrix(size, |i, j| square[i][j] + if i == j { 0.1 } else { 0.0 })
    };
    (0..200).map(&mut random).collect()
}

fn assert_one(matrix: &[Vec<f64>], within: f64) {
    for (i, row) in matrix.iter().enumerate() {
        for (j, entry) in row.iter().enumerate() {
            assert_close(*entry, f64::from(i == j), within);
        }
    }
}

/// Law: W A Wᵀ = 1, and W has nothing above its diagonal.
#[test]
fn whitening_makes_one_of_a_matrix() {
    for a in positive_definite() {
        let white = whitening(&a);
        assert_one(&product(&product(&white, &a), &transposed(&white)), 1e-12);
        for (i, row) in white.iter().enumerate() {
            assert!(row[i] > 0.0 && row[i + 1..].iter().all(|entry| *entry == 0.0));
        }
    }
}

/// Law: A A⁻¹ = 1, A⁻¹ = Wᵀ W, and the inverse is as symmetric as the matrix.
#[test]
fn a_matrix_times_its_inverse_is_one() {
    for a in positive_definite() {
        let inverse = inverse(&a).unwrap();
        assert_one(&product(&a, &inverse), 1e-12);
        assert_eq!(inverse, transposed(&inverse));
        let white = whitening(&a);
        let from_white = product(&transposed(&white), &white);
        for entry in difference(&inverse, &from_white).as_slice().concat() {
            assert_close(entry, 0.0, 1e-12);
        }
    }
}

/// Law: A x = b.
#[test]
fn a_solution_solves() {
    let mut rng = ChaCha8Rng::seed_from_u64(21);
    for a in positive_definite() {
        let b: Vec<f64> = a.iter().map(|_| rng.random_range(-1.0..1.0)).collect();
        let x = solution(&a, &b);
        for (row, b) in a.iter().zip(b) {
            let sum: f64 = row.iter().zip(&x).map(|(a, x)| a * x).sum();
            assert_close(sum, b, 1e-12);
        }
    }
}

/// By hand: the matrix with 2 on the diagonal and −1 beside it is a string of beads, whose squared
/// frequencies are known, 2 − 2 cos (k π / (n + 1)).
#[test]
fn the_eigenvalues_of_a_string_of_beads() {
    for size in 1..=12 {
        let string = matrix(size, |i, j| match i.abs_diff(j) {
            0 => 2.0,
            1 => -1.0,
            _ => 0.0,
        });
        let values = eigenvalues(&string);
        assert_eq!(values.len(), size);
        for (k, value) in values.into_iter().rev().enumerate() {
            let angle = (k + 1) as f64 * std::f64::consts::PI / (size + 1) as f64;
            assert_close(value, 2.0 - 2.0 * angle.cos(), 1e-13);
        }
    }
}

/// Law: eigenvalues fall, sum to the trace, and their squares to that of A²; those of A⁻¹ are one over
/// those of A.
#[test]
fn eigenvalues_keep_the_trace_and_invert_with_the_matrix() {
    for a in positive_definite() {
        let values = eigenvalues(&a);
        assert!(values.is_sorted_by(|a, b| a >= b));
        let trace = |m: &Matrix| (0..m.len()).map(|i| m[i][i]).sum::<f64>();
        assert_close(values.iter().sum(), trace(&a), 1e-12);
        let squares = values.iter().map(|value| value * value).sum();
        assert_close(squares, trace(&product(&a, &a)), 1e-11);
        let inverted = eigenvalues(&inverse(&a).unwrap());
        for (value, one_over) in values.iter().rev().zip(inverted) {
            assert_close(value * one_over, 1.0, 1e-11);
        }
    }
}

/// Edge: what has no inverse says where, and a matrix that is none gives NaN, not a panic.
#[test]
fn what_is_no_positive_definite_matrix_has_no_inverse() {
    let error = inverse(&[vec![1.0, 1.0], vec![1.0, 1.0]]).unwrap_err();
    assert_eq!(error, NotPositiveDefinite { row: 1, pivot: 0.0 });
    let message = "the matrix is not positive definite: the pivot of row 1 is 0";
    assert_eq!(error.to_string(), message);
    // Up to a billionth of the largest.
    let nearly = |d: f64| inverse(&[vec![4.0, 0.0], vec![0.0, d]]);
    assert!(nearly(5e-9).is_ok() && nearly(3e-9).is_err());
    assert_eq!(inverse(&[vec![0.0]]).unwrap_err().row, 0);
    assert!(inverse(&[vec![f64::NAN]]).unwrap_err().pivot.is_nan());

    assert_eq!(inverse(&[]), Ok(vec![]));
    assert!(eigenvalues(&[]).is_empty() && solution(&[], &[]).is_empty());
    let [one, ragged] = [vec![vec![1.0]], vec![vec![1.0, 2.0], vec![3.0]]];
    assert!(inverse(&ragged).is_err());
    assert!(whitening(&ragged).concat().iter().any(|entry| entry.is_nan()));
    assert!(eigenvalues(&ragged).iter().all(|value| value.is_nan()));
    assert!(solution(&one, &[])[0].is_nan());
    let two = matrix(2, |_, _| 1.0);
    for (a, b) in [(&one, &two), (&two, &one), (&two, &ragged), (&ragged, &two)] {
        assert!(product(a, b).concat().iter().any(|entry| entry.is_nan()));
    }
    assert!(difference(&two, &one).concat().iter().any(|entry| entry.is_nan()));
}
