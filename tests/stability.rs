//! What the chapter *Stability* claims. What it promises for every finite input is tested with
//! extreme numbers in `crates/stability/tests`.

mod common;
use common::{assert_close, random_mixtures};
use e_step::{EStepError, Memberships};
use m_step::{MStepError, expected_log_likelihood};
use notebook::{data, guess};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use sampling::{Component, Mixture, sample};
use stability::{
    Cure, Prior, StabilityError, e_step, em, log_sum_exp, m_step, penalised_log_likelihood,
};

const FIVE: [f64; 5] = [0.0, 1.0, 2.0, 3.0, 10.0];

/// 200 small samples, each with a mixture that they are not from.
fn problems() -> Vec<(Vec<f64>, Mixture)> {
    let mut rng = ChaCha8Rng::seed_from_u64(30);
    let pairs = random_mixtures(400);
    let problem =
        |pair: &[Mixture]| (sample(&pair[0], 60, &mut rng).unwrap(), pair[1].clone());
    pairs.chunks(2).map(problem).collect()
}

/// 200 priors.
fn priors() -> Vec<Cure> {
    let mut rng = ChaCha8Rng::seed_from_u64(31);
    let mut prior = || {
        let strength = 10_f64.powf(rng.random_range(-2.0..2.0));
        let scale = 10_f64.powf(rng.random_range(-3.0..0.5));
        Cure::Prior(Prior::new(strength, scale, rng.random_range(1.0..4.0)).unwrap())
    };
    (0..200).map(|_| prior()).collect()
}

fn prior(strength: f64, scale: f64, concentration: f64) -> Cure {
    Cure::Prior(Prior::new(strength, scale, concentration).unwrap())
}

fn step(data: &[f64], start: &Mixture, cure: &Cure) -> Mixture {
    m_step(data, &e_step(data, start).unwrap(), cure).unwrap()
}

fn log_likelihood(data: &[f64], mixture: &Mixture) -> f64 {
    penalised_log_likelihood(data, mixture, &Cure::Refuse).unwrap()
}

/// The notebook's samples in whole eighths: adding up to 1e15 is exact.
fn eighths() -> Vec<f64> {
    data().iter().map(|x| (8.0 * x).round() / 8.0).collect()
}

fn shifted(data: &[f64], mixture: &Mixture, by: f64) -> (Vec<f64>, Mixture) {
    let components = mixture.components().iter();
    let moved = components.map(|c| Component { mean: c.mean + by, ..*c });
    (data.iter().map(|x| x + by).collect(), Mixture::new(moved).unwrap())
}

/// By hand, eq:ln-bayes and eq:guess-log-odds: the odds under the guess are e to the x − ½,
/// as far as there are numbers, and beyond them the membership is 0 and 1.
#[test]
fn far_samples_have_the_memberships_that_paper_gives() {
    for x in [-650.0, -40.0, 0.5, 3.0, 40.0, 100.0, 650.0] {
        let r = e_step(&[x], &guess()).unwrap();
        let [zero, one] = [0, 1].map(|k| r.components()[k][0]);
        assert_close(zero, 1.0 / (1.0 + f64::exp(x - 0.5)), 1e-12 * zero);
        assert_close(one, 1.0 / (1.0 + f64::exp(0.5 - x)), 1e-12 * one);
    }
    for x in [1e3, 1e9, 1e17, 1e200, 1e300, f64::MAX] {
        assert_eq!(e_step(&[x], &guess()).unwrap().components(), [[0.0], [1.0]], "{x}");
        assert_eq!(e_step(&[-x], &guess()).unwrap().components(), [[1.0], [0.0]], "{x}");
    }
}

/// Law, eq:shift, eq:ln-bayes, eq:residual-mean and eq:residual-deviation: the stable steps are the
/// steps of the first part, wherever those have an answer.
#[test]
fn the_stable_steps_agree_with_the_plain_ones() {
    let mut checked = 0;
    for (data, start) in problems() {
        let Ok(plain) = ::e_step::e_step(&data, &start) else { continue };
        let stable = e_step(&data, &start).unwrap();
        for (a, b) in plain.components().iter().zip(stable.components()) {
            a.iter().zip(b).for_each(|(a, b)| assert_close(*a, *b, 1e-12));
        }
        let Ok(a) = ::m_step::m_step(&data, &plain) else { continue };
        let b = m_step(&data, &plain, &Cure::Refuse).unwrap();
        for (a, b) in a.components().iter().zip(b.components()) {
            assert_close(a.weight, b.weight, 1e-15);
            assert_close(a.mean, b.mean, 1e-12);
            assert_close(a.variance, b.variance, 1e-12 * a.variance.max(1.0));
        }
        checked += 1;
    }
    assert!(checked >= 150, "{checked}");
}

/// Oracle, eq:factors and eq:difference: the plain difference of squares, where it has its digits.
#[test]
fn memberships_are_those_of_the_plain_logarithms() {
    let mut rng = ChaCha8Rng::seed_from_u64(32);
    for mixture in random_mixtures(400) {
        let (mixture, x) = (&mixture, rng.random_range(-60.0..60.0));
        let log = |c: &Component| c.weight.ln() + density::ln_normal(x, c.mean, c.variance);
        let logs: Vec<f64> = mixture.components().iter().map(log).collect();
        let largest = logs.iter().copied().fold(f64::MIN, f64::max);
        let total: f64 = logs.iter().map(|log| (log - largest).exp()).sum();
        for (row, log) in e_step(&[x], mixture).unwrap().components().iter().zip(&logs) {
            // The logarithms are rounded by 1e-16 of their size, up to 2e4 here.
            assert_close(row[0], (log - largest).exp() / total, 1e-11);
        }
    }
}

/// Law, eq:affine: move and stretch the samples and the start, and one whole step moves and stretches.
#[test]
fn a_step_moves_and_stretches_with_the_samples() {
    let mut rng = ChaCha8Rng::seed_from_u64(33);
    let dyadic = |x: f64| (1024.0 * x).round() / 1024.0;
    for (data, start) in problems() {
        let by = (10_f64.powf(rng.random_range(0.0..8.0))).round();
        let times = 2_f64.powi(rng.random_range(-400..=400))
            * if rng.random() { 1.0 } else { -1.0 };
        let components = start.components().iter();
        let round = |c: &Component| Component { mean: dyadic(c.mean), ..*c };
        let start = Mixture::new(components.map(round)).unwrap();
        let data: Vec<f64> = data.into_iter().map(dyadic).collect();
        let image = |c: &Component| Component {
            weight: c.weight,
            mean: times * (c.mean + by),
            variance: c.variance * times * times,
        };
        let moved: Vec<f64> = data.iter().map(|x| times * (x + by)).collect();
        let moved_start = Mixture::new(start.components().iter().map(image)).unwrap();
        for cure in [Cure::Floor(1e-3), prior(2.0, 0.1, 1.5)] {
            let (a, b) = (step(&data, &start, &cure), step(&moved, &moved_start, &cure));
            for (a, b) in a.components().iter().zip(b.components()) {
                assert_close(b.weight, a.weight, 1e-9 * a.weight);
                // A mean near `by` is itself rounded.
                let rounding = 2.0 * f64::EPSILON * by;
                assert_close(b.mean / times - by, a.mean, 1e-9 + rounding);
                assert_close(b.variance / times / times, a.variance, 1e-9 * a.variance);
            }
        }
    }
}

/// Law, eq:short-variance, eq:residual-mean and eq:residual-deviation: the table of the page, but for
/// the rounding of memberships.
#[test]
fn an_offset_leaves_the_stable_step_as_it_is() {
    let (near, start) = (eighths(), guess());
    let truth = step(&near, &start, &Cure::Refuse).components()[1];
    for added in [1e2, 1e4, 1e6, 1e8, 1e10, 1e12, 1e14] {
        let (far, start) = shifted(&near, &start, added);
        let stable = step(&far, &start, &Cure::Refuse).components()[1];
        assert_close(stable.variance, truth.variance, 1e-9 * truth.variance);
        assert_close(stable.mean - added, truth.mean, f64::EPSILON * added + 1e-12);
        let r = ::e_step::e_step(&far, &start).unwrap();
        let r = &r.components()[1];
        let plain = m_step::mean(&far, r);
        let centred = m_step::variance(&far, r, plain);
        let squares: Vec<f64> = far.iter().map(|x| x * x).collect();
        let short = m_step::mean(&squares, r) - plain.powi(2);
        if added >= 1e6 {
            assert!((short / truth.variance - 1.0).abs() > 1e-3, "{short}");
        }
        if added >= 1e8 {
            assert!((plain - stable.mean).abs() > f64::EPSILON * added);
        }
        if added >= 1e10 {
            assert!((centred / truth.variance - 1.0).abs() > 1e-9);
        }
    }
}

/// By hand, eq:residual-deviation: samples of any size have a deviation; where its square is no
/// number, the error says so.
#[test]
fn samples_of_any_size_have_a_variance_or_an_error_that_says_why_not() {
    let one = |n| Memberships::new(vec![vec![1.0; n]]).unwrap();
    for power in [-500, -100, 0, 100, 500] {
        let unit = 2_f64.powi(power);
        let data = [-unit, unit, 3.0 * unit];
        let c = m_step(&data, &one(3), &Cure::Refuse).unwrap().components()[0];
        assert_close(c.mean / unit, 1.0, 1e-15);
        assert_close(c.variance / unit / unit, 8.0 / 3.0, 1e-14);
    }
    let error = m_step(&[-1e200, 1e200], &one(2), &Cure::Refuse).unwrap_err();
    let message = "component 0 has a variance out of range, inf (deviation 1.000e200)";
    assert_eq!(error.to_string(), message);
    for data in [[0.0, 1e-200], [0.0, 1e-310], [-f64::MAX, f64::MAX], [1e300, -1e300]] {
        for cure in [Cure::Refuse, Cure::Floor(0.01), prior(1.0, 0.5, 1.0)] {
            let error = m_step(&data, &one(2), &cure).unwrap_err();
            assert!(matches!(error, StabilityError::Range { component: 0, .. }), "{error}");
        }
    }
}

/// Oracle, eq:log-sum-exp: the plain log-likelihood where no density underflows. By hand: one normal, far out.
#[test]
fn the_log_likelihood_is_the_plain_one_and_goes_on_where_that_ends() {
    for (data, mixture) in problems() {
        let plain = em::log_likelihood(&data, &mixture);
        if plain.is_finite() {
            assert_close(log_likelihood(&data, &mixture), plain, 1e-12 * plain.abs());
        }
    }
    let far = log_likelihood(&[40.0], &Mixture::new([(1.0, 0.0, 1.0)]).unwrap());
    assert_close(far, density::ln_normal(40.0, 0.0, 1.0), 1e-12);
    // A variance for which 2πσ² is no number.
    let wide = log_likelihood(&[0.0], &Mixture::new([(1.0, 0.0, 1e308)]).unwrap());
    assert_close(wide, -0.5 * (1e308_f64.ln() + std::f64::consts::TAU.ln()), 1e-12);
    assert_eq!(log_likelihood(&[1e300], &guess()), f64::NEG_INFINITY); // −1e600/2
}

/// Law, eq:unbounded: a tenth of the deviation on the lone point, ln 10 more.
#[test]
fn the_likelihood_has_no_maximum() {
    let narrowed = |power: i32| {
        let settled =
            Mixture::new([(0.8, 1.5, 1.25), (0.2, 10.0, 100_f64.powi(power))]).unwrap();
        log_likelihood(&FIVE, &settled)
    };
    for power in -150..=-3 {
        assert_close(narrowed(power) - narrowed(power + 1), 10_f64.ln(), 1e-12 * 400.0);
    }
    assert!(narrowed(-150) > 300.0);
}

/// The notebook's steps, and the stable ones without a cure, end on a component of one point.
#[test]
fn five_samples_collapse_from_a_start_on_the_outlier() {
    let start = Mixture::new([(0.5, 1.5, 0.5), (0.5, 10.0, 0.5)]).unwrap();
    let first = step(&FIVE, &start, &Cure::Refuse).components()[1];
    assert!(first.variance < 1e-18 && first.variance > 0.0, "{}", first.variance);
    let last = em(&FIVE, start.clone(), Cure::Refuse).take(9).last().unwrap();
    let error = MStepError::Collapsed { component: 1, mean: 10.0, variance: 0.0 };
    assert_eq!(last, Err(StabilityError::MStep(error)));
    assert_eq!(em(&FIVE, start, Cure::Refuse).take(9).count(), 3); // the start, a step, the error
}

/// By hand, eq:map-variance and eq:map-weight: component 1 owns the 10 alone.
#[test]
fn the_cures_by_hand() {
    let labels = vec![vec![1.0, 1.0, 1.0, 1.0, 0.0], vec![0.0, 0.0, 0.0, 0.0, 1.0]];
    let labels = Memberships::new(labels).unwrap();
    let cured = |cure| m_step(&FIVE, &labels, &cure).unwrap().components().to_vec();
    let floored = cured(Cure::Floor(0.01));
    assert_close(floored[1].variance, 0.1256, 1e-15); // the data's variance is 12.56
    assert_close(floored[0].variance, 1.25, 1e-15);
    let mapped = cured(prior(2.0, 0.1, 2.0));
    assert_close(mapped[1].variance, 2.0 * 1.256 / 3.0, 1e-15);
    assert_close(mapped[0].variance, (4.0 * 1.25 + 2.0 * 1.256) / 6.0, 1e-15);
    assert_close(mapped[1].weight, 2.0 / 7.0, 1e-15);
    assert_eq!(mapped[1].mean, 10.0);
}

/// By hand, eq:floor: the same points in metres and in kilometres, under an absolute floor of 1e-6.
#[test]
fn an_absolute_floor_means_something_else_in_other_units() {
    for (unit, spread) in [(1.0, 1e-6), (1e-3, 1.0)] {
        let data = FIVE.map(|x| unit * x);
        let floor = Cure::Floor(1e-6 / (12.56 * unit * unit));
        let start = Mixture::new([
            (0.5, 1.5 * unit, 0.5 * unit * unit),
            (0.5, 10.0 * unit, 0.5 * unit * unit),
        ])
        .unwrap();
        let fitted = em(&data, start, floor).nth(100).unwrap().unwrap().components()[1];
        assert_close(fitted.variance / unit / unit, spread, 1e-9 * spread);
    }
    assert_close((1e-6_f64 / 12.56).sqrt(), 0.0003, 0.00005);
}

/// A component out of reach of all samples: refused, or revived by a prior.
#[test]
fn a_component_that_owns_nothing_needs_a_prior() {
    let start = Mixture::new([(0.5, 1.5, 0.5), (0.5, -100.0, 0.5)]).unwrap();
    let r = e_step(&FIVE, &start).unwrap();
    let empty = MStepError::Empty { component: 1, effective_count: 0.0 };
    for cure in [Cure::Refuse, Cure::Floor(0.01)] {
        assert_eq!(m_step(&FIVE, &r, &cure), Err(StabilityError::MStep(empty)));
    }
    let revived = |concentration| {
        let fitted = m_step(&FIVE, &r, &prior(2.0, 0.1, concentration)).unwrap();
        let c = fitted.components()[1];
        assert_close(c.mean, 3.2, 1e-15);
        assert_close(c.variance, 1.256, 1e-15);
        c.weight
    };
    assert_eq!(revived(1.0), 0.0); // and so for ever
    assert_close(revived(2.0), 1.0 / 7.0, 1e-15);
}

/// Law, eq:penalised and eq:ln-prior: EM with a prior climbs the sum of both, at 200 starts. The bound
/// is rounding.
// ANCHOR: never_falls
#[test]
fn the_penalised_log_likelihood_never_falls() {
    let mut climbs = 0;
    for ((data, start), cure) in problems().into_iter().zip(priors()) {
        let value = |m: &Mixture| penalised_log_likelihood(&data, m, &cure).unwrap();
        let run = em(&data, start, cure).take(30).map(|m| value(&m.unwrap()));
        let run: Vec<f64> = run.collect();
        for pair in run.windows(2) {
            assert!(pair[1] >= pair[0] - 1e-12 * pair[0].abs(), "{pair:?}");
            climbs += usize::from(pair[1] > pair[0]);
        }
    }
    assert!(climbs > 3000, "{climbs}");
}
// ANCHOR_END: never_falls

/// Law, eq:floor: among the mixtures above the floor, EM with a floor climbs the likelihood itself.
#[test]
fn with_a_floor_the_log_likelihood_never_falls() {
    let mut checked = 0;
    for (data, start) in problems() {
        let run =
            em(&data, start, Cure::Floor(0.05)).skip(1).take(30).map_while(Result::ok);
        let run: Vec<f64> = run.map(|m| log_likelihood(&data, &m)).collect();
        for pair in run.windows(2) {
            assert!(pair[1] >= pair[0] - 1e-12 * pair[0].abs(), "{pair:?}");
            checked += 1;
        }
    }
    assert!(checked > 5000, "{checked}");
}

/// Law, eq:map-variance, eq:map-weight and eq:ln-prior: the slopes of Q + ln prior vanish at the
/// M-step with a prior, by central differences.
#[test]
fn the_derivatives_vanish_at_the_m_step_with_a_prior() {
    for ((data, start), cure) in problems().into_iter().zip(priors()) {
        let r = e_step(&data, &start).unwrap();
        let best = m_step(&data, &r, &cure).unwrap();
        let value = |mixture: &Mixture| {
            let penalised = penalised_log_likelihood(&data, mixture, &cure).unwrap();
            let ln_prior = penalised - log_likelihood(&data, mixture);
            expected_log_likelihood(&data, &r, mixture) + ln_prior
        };
        let moved = |k: usize, change: &dyn Fn(&mut Component)| {
            let mut components = best.components().to_vec();
            change(&mut components[k]);
            let sum: f64 = components.iter().map(|c| c.weight).sum();
            components.iter_mut().for_each(|c| c.weight /= sum);
            value(&Mixture::new(components).unwrap())
        };
        let size: f64 = log_likelihood(&data, &best).abs().max(value(&best).abs());
        for (k, c) in best.components().iter().enumerate() {
            let (sigma, h) = (c.variance.sqrt(), 1e-4);
            let slopes = [
                moved(k, &|c| c.mean += h * sigma) - moved(k, &|c| c.mean -= h * sigma),
                moved(k, &|c| c.variance *= f64::exp(h))
                    - moved(k, &|c| c.variance *= f64::exp(-h)),
                moved(k, &|c| c.weight *= f64::exp(h))
                    - moved(k, &|c| c.weight *= f64::exp(-h)),
            ];
            // Rounding is 1e-16 of the size of the sums; what third derivatives leave is h³.
            for slope in slopes {
                assert_close(slope / (2.0 * h), 0.0, 1e-8 * size);
            }
        }
    }
}

/// Law, eq:map-variance and eq:map-weight: a prior of no strength is none.
#[test]
fn with_a_vanishing_prior_the_m_step_is_the_plain_one() {
    let mut checked = 0;
    for (data, start) in problems() {
        let r = e_step(&data, &start).unwrap();
        let Ok(plain) = m_step(&data, &r, &Cure::Refuse) else { continue };
        // A component that owns next to nothing feels even the weakest prior.
        if plain.components().iter().any(|c| c.weight < 1e-3) {
            continue;
        }
        let nearly = m_step(&data, &r, &prior(1e-13, 0.1, 1.0)).unwrap();
        for (a, b) in plain.components().iter().zip(nearly.components()) {
            assert_eq!((a.weight, a.mean), (b.weight, b.mean));
            assert_close(a.variance, b.variance, 1e-11 * a.variance.max(1.0));
        }
        checked += 1;
    }
    assert!(checked > 100, "{checked}");
}

#[test]
fn the_loop_is_the_two_steps_in_turn() {
    let cure = prior(1.0, 0.2, 1.5);
    let mut by_hand = guess();
    let data = data();
    for mixture in em(&data, guess(), cure).take(5) {
        assert_eq!(mixture.unwrap(), by_hand);
        by_hand = step(&data, &by_hand, &cure);
    }
}

#[test]
fn impossible_cures_are_refused_with_the_value() {
    let half = Memberships::new(vec![vec![0.5; 5], vec![0.5; 5]]).unwrap();
    let too_large = 1e100_f64.next_up();
    for bad in [f64::NAN, f64::NEG_INFINITY, -1.0, -0.0, 0.0, too_large, f64::INFINITY] {
        let domain = "it lies above 0 and up to 1e100";
        let error = Prior::new(bad, 0.1, 1.0).unwrap_err().to_string();
        assert_eq!(error, format!("the strength of the prior is {bad}: {domain}"));
        let error = Prior::new(1.0, bad, 1.0).unwrap_err().to_string();
        assert_eq!(error, format!("the scale of the prior is {bad}: {domain}"));
    }
    for bad in [f64::NAN, -1.0, 0.0, 0.999, too_large, f64::INFINITY] {
        let domain = "it lies between 1 and 1e100";
        let error = Prior::new(1.0, 0.1, bad).unwrap_err().to_string();
        assert_eq!(error, format!("the concentration of the prior is {bad}: {domain}"));
    }
    for bad in [f64::NAN, -0.1, 0.0, 1.1, f64::INFINITY] {
        let domain = "a share of the data's variance lies above 0 and up to 1";
        let message = format!("the floor is {bad}: {domain}");
        let error = m_step(&FIVE, &half, &Cure::Floor(bad)).unwrap_err();
        assert_eq!(error.to_string(), message);
        let start = Mixture::new([(1.0, 0.0, 1.0)]).unwrap();
        let error = penalised_log_likelihood(&FIVE, &start, &Cure::Floor(bad)).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
    // The smallest and largest that there are.
    assert!(m_step(&FIVE, &half, &Cure::Floor(1.0)).is_ok());
    assert!(m_step(&FIVE, &half, &Cure::Floor(5e-324)).is_ok());
    assert!(m_step(&FIVE, &half, &prior(1e100, 1e100, 1e100)).is_ok());
    assert!(m_step(&FIVE, &half, &prior(5e-324, 5e-324, 1.0)).is_ok());
}

#[test]
fn samples_that_are_no_samples_are_named() {
    let start = guess();
    let cures = [Cure::Refuse, Cure::Floor(0.01), prior(1.0, 0.1, 2.0)];
    for cure in cures {
        let last = |data: &[f64]| {
            em(data, start.clone(), cure).take(9).last().unwrap().unwrap_err()
        };
        assert_eq!(last(&[]), StabilityError::EStep(EStepError::NoSamples));
        assert_eq!(
            last(&[1.0, f64::NAN]).to_string(),
            "E-step: sample 1 is NaN: a sample is a finite number"
        );
        let infinite = EStepError::NotFinite { sample: 0, value: f64::INFINITY };
        assert_eq!(last(&[f64::INFINITY]), StabilityError::EStep(infinite));
        assert_eq!(
            penalised_log_likelihood(&[], &start, &cure),
            Err(StabilityError::EStep(EStepError::NoSamples))
        );
        assert!(penalised_log_likelihood(&[f64::NAN], &start, &cure).is_err());

        let half = Memberships::new(vec![vec![0.5; 2], vec![0.5; 2]]).unwrap();
        let lengths = MStepError::Lengths { samples: 3, memberships: 2 };
        assert_eq!(m_step(&[0.0; 3], &half, &cure), Err(StabilityError::MStep(lengths)));
        let infinite = MStepError::NotFinite { sample: 1, value: f64::NEG_INFINITY };
        assert_eq!(
            m_step(&[0.0, f64::NEG_INFINITY], &half, &cure),
            Err(StabilityError::MStep(infinite))
        );
    }
}

#[test]
fn constant_samples_have_no_variance_to_measure_by() {
    let start = guess();
    // 0.1 is not a sum of its tenths: rounding must not pass for spread.
    for value in [0.0, 0.1, -3.0, 1e300, 5e-324, f64::MAX] {
        let data = [value; 10];
        for cure in [Cure::Floor(0.01), prior(1.0, 0.1, 2.0)] {
            let error = em(&data, start.clone(), cure).nth(1).unwrap().unwrap_err();
            assert_eq!(error, StabilityError::Constant { value });
        }
        assert!(em(&data, start.clone(), Cure::Refuse).nth(1).unwrap().is_err(), "{value}");
    }
    let error = em(&[0.1; 3], start, Cure::Floor(0.5)).nth(1).unwrap().unwrap_err();
    let message =
        "all samples are 0.1: without a variance there is nothing to measure a cure by";
    assert_eq!(error.to_string(), message);
}

/// Two samples for three components: a prior has an answer, the likelihood has none.
#[test]
fn fewer_samples_than_components_collapse_unless_a_prior_holds_them() {
    let start = Mixture::new([(0.3, 0.0, 1.0), (0.3, 0.5, 1.0), (0.4, 1.0, 1.0)]).unwrap();
    let last = |cure| em(&[0.0, 1.0], start.clone(), cure).take(500).last().unwrap();
    let error = last(Cure::Refuse).unwrap_err();
    assert!(
        matches!(error, StabilityError::MStep(MStepError::Collapsed { .. })),
        "{error}"
    );
    assert!(last(prior(1.0, 0.1, 1.1)).is_ok());
    // One sample has no variance at all.
    let one = em(&[7.0], start.clone(), prior(1.0, 0.1, 1.1)).nth(1).unwrap();
    assert_eq!(one, Err(StabilityError::Constant { value: 7.0 }));
}

/// By hand, eq:log-sum-exp.
#[test]
fn the_logarithm_of_one_and_two_and_three() {
    let terms = [1.0, 2.0, 3.0].map(f64::ln);
    assert_close(log_sum_exp(&terms), 6_f64.ln(), 1e-15);
    assert_eq!(log_sum_exp(&[-5.0]), -5.0);
}

/// Oracle, eq:log-sum-exp: the plain formula, where nothing over- or underflows. Law: a constant
/// added to every term comes out.
#[test]
fn log_sum_exp_is_the_logarithm_of_the_sum_of_the_exponentials() {
    let mut rng = ChaCha8Rng::seed_from_u64(12);
    for _ in 0..200 {
        let n = rng.random_range(1..=9);
        let terms: Vec<f64> = (0..n).map(|_| rng.random_range(-30.0..30.0)).collect();
        let naive = terms.iter().map(|a| a.exp()).sum::<f64>().ln();
        assert_close(log_sum_exp(&terms), naive, 1e-14 * naive.abs().max(1.0));
        let largest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let least = largest..=largest + f64::from(n).ln() + 1e-14;
        assert!(least.contains(&log_sum_exp(&terms)));
        for constant in [-800.0, 3.0, 800.0] {
            let moved: Vec<f64> = terms.iter().map(|a| a + constant).collect();
            assert_close(log_sum_exp(&moved), log_sum_exp(&terms) + constant, 5e-13);
        }
    }
}

/// Edge, eq:log-sum-exp.
#[test]
fn log_sum_exp_survives_every_extreme() {
    const INF: f64 = f64::INFINITY;
    assert_eq!(log_sum_exp(&[800.0, 800.0]), 800.0 + 2_f64.ln());
    assert_eq!(log_sum_exp(&[-800.0, -800.0]), -800.0 + 2_f64.ln());
    assert_eq!(log_sum_exp(&[1e308, -1e308]), 1e308);
    assert_eq!(log_sum_exp(&[-1e308, -1e308]), -1e308);
    assert_eq!(log_sum_exp(&[-INF, 3.0]), 3.0);
    assert_eq!(log_sum_exp(&[]), -INF);
    assert_eq!(log_sum_exp(&[-INF, -INF]), -INF);
    assert_eq!(log_sum_exp(&[INF, 0.0, -INF]), INF);
    assert_eq!(log_sum_exp(&[INF, INF]), INF);
    for other in [0.0, INF, -INF, f64::NAN] {
        assert!(log_sum_exp(&[f64::NAN, other]).is_nan());
        assert!(log_sum_exp(&[other, f64::NAN]).is_nan());
    }
}

/// Oracle, eq:log-sum-exp: the chapter *EM* adds the densities.
#[test]
fn both_ways_give_the_same_log_likelihood() {
    for (data, theta) in problems() {
        let wider = |c: &Component| Component { variance: c.variance + 1.0, ..*c };
        let theta = Mixture::new(theta.components().iter().map(wider)).unwrap();
        let plain = ::em::log_likelihood(&data, &theta);
        let by_logs = stability::log_likelihood(&data, &theta);
        assert_close(by_logs, plain, 1e-13 * plain.abs());
    }
}

/// By hand: at 40 under the guess, −39²/2 − ½ ln 2π − ln 2, and nothing from the component at 0.
#[test]
fn a_far_sample_has_a_finite_log_likelihood() {
    let by_hand = -39_f64.powi(2) / 2.0 - 0.5 * std::f64::consts::TAU.ln() - 2_f64.ln();
    assert_close(by_hand, -762.112, 5e-4);
    assert_close(stability::log_likelihood(&[40.0], &guess()), by_hand, 1e-12);
    assert_eq!(::em::log_likelihood(&[40.0], &guess()), f64::NEG_INFINITY);
    assert!(stability::log_likelihood(&[1e154], &guess()).is_finite());
}

#[test]
fn samples_that_are_no_numbers_and_no_samples() {
    assert_eq!(stability::log_likelihood(&[], &guess()), 0.0);
    assert!(stability::log_likelihood(&[0.0, f64::NAN], &guess()).is_nan());
    for far in [f64::INFINITY, f64::NEG_INFINITY, 1e200] {
        assert_eq!(stability::log_likelihood(&[0.0, far], &guess()), f64::NEG_INFINITY);
    }
}
