//! What the chapter *Query* promises of a fit from a table of moments: it is the fit of the samples.

use fit::{FitError, Fitter, Mixture, Moments, Report};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use sampling::sample;

fn draw(truth: &[(f64, f64, f64)], n: usize) -> Vec<f64> {
    let truth = Mixture::new(truth.iter().copied()).unwrap();
    sample(&truth, n, &mut ChaCha8Rng::seed_from_u64(61)).unwrap()
}

fn table(data: &[f64], width: f64) -> Moments {
    Moments::of(data, width).unwrap()
}

/// The largest difference: weights and variances as a share, means in deviations.
fn difference(a: &Report, b: &Report) -> f64 {
    let pairs = a.mixture.components().iter().zip(b.mixture.components());
    let of = pairs.flat_map(|(a, b)| {
        let mean = (a.mean - b.mean) / b.variance.sqrt();
        [a.weight / b.weight - 1.0, mean, a.variance / b.variance - 1.0]
    });
    of.map(f64::abs).fold(0.0, f64::max)
}

/// Oracle: from a table, all that a report says is what it says from the samples: parameters, standard
/// errors, log-likelihood, criteria, and which K; near 0 and far from it, for large numbers and
/// for small ones.
#[test]
fn a_fit_from_a_table_is_the_fit_of_the_samples() {
    let base = draw(&[(0.3, 0.0, 1.0), (0.7, 5.0, 4.0)], 6000);
    let base: Vec<f64> = base.iter().map(|x| (x * 64.0).round() / 64.0).collect();
    for (by, scale) in [(0.0, 1.0), (1e12, 1.0), (-3e8, 1.0), (0.0, 2.0_f64.powi(100))] {
        let data: Vec<f64> = base.iter().map(|x| scale * (x + by)).collect();
        let fitter = Fitter::between(1..=3);
        let all = fitter.fit(&data).unwrap();
        let few = fitter.fit_moments(&table(&data, scale / 128.0)).unwrap();
        assert_eq!(few.samples, all.samples);
        assert_eq!(few.tried.len(), 3);
        for (few, all) in few.tried.iter().zip(&all.tried) {
            let [few, all] =
                [few, all].map(|row| row.outcome.as_ref().unwrap().log_likelihood);
            assert!((few - all).abs() < 1e-6, "{by}, {scale}: {few}, {all}");
        }
        let off = difference(&few, &all);
        assert!(off < 1e-9, "{by}, {scale}: {off:e}");
        for (a, b) in [
            (few.log_likelihood, all.log_likelihood),
            (few.bic, all.bic),
            (few.icl, all.icl),
        ] {
            assert!((a / b - 1.0).abs() < 1e-10, "{a}, {b}");
        }
        let errors =
            few.standard_errors.unwrap().into_iter().zip(all.standard_errors.unwrap());
        for (a, b) in errors {
            assert!((a.mean / b.mean - 1.0).abs() < 1e-5, "{a:?}, {b:?}");
            assert!((a.variance / b.variance - 1.0).abs() < 1e-5, "{a:?}, {b:?}");
        }
    }
}

/// Oracle: the same of three groups.
#[test]
fn three_components_from_a_table_are_those_of_the_samples() {
    let data = draw(&[(0.3, 0.0, 1.0), (0.5, 5.0, 2.0), (0.2, 12.0, 4.0)], 3000);
    let data: Vec<f64> = data.iter().map(|x| (x * 64.0).round() / 64.0).collect();
    for by in [0.0, 1e9] {
        let data: Vec<f64> = data.iter().map(|x| x + by).collect();
        let all = Fitter::new(3).fit(&data).unwrap();
        let few = Fitter::new(3).fit_moments(&table(&data, 1.0 / 128.0)).unwrap();
        let off = difference(&few, &all);
        assert!(off < 1e-9, "{by}: {off:e}");
        assert!((few.log_likelihood - all.log_likelihood).abs() < 1e-6);
    }
}

/// Oracle: exactly so many steps from a start are those on the samples, tied and with a prior too.
#[test]
fn steps_from_a_start_are_those_on_the_samples() {
    let data = draw(&[(0.3, 0.0, 1.0), (0.7, 5.0, 4.0)], 6000);
    let start = || Mixture::new([(0.5, 0.0, 1.0), (0.5, 1.0, 1.0)]).unwrap();
    for tied in [false, true] {
        let fitter = Fitter::new(2).start(start()).steps(100).tied(tied).trace(true);
        let [few, all] = [fitter.fit_moments(&table(&data, 0.125)), fitter.fit(&data)];
        let (few, all) = (few.unwrap(), all.unwrap());
        assert!(difference(&few, &all) < 1e-12);
        assert_eq!((few.trace.len(), few.steps), (101, 100));
    }
}

/// Law: where a component is too narrow for the bins, it is named with a width, and a table of that
/// width gives the fit of the samples.
#[test]
fn a_component_too_narrow_for_the_bins_is_named_with_the_width_to_ask_for() {
    let data = draw(&[(0.2, 1.0, 1e-4), (0.8, 0.0, 4.0)], 50_000);
    let all = Fitter::new(2).fit(&data).unwrap();
    let mut width = 1.0;
    let mut asked = vec![];
    let few = loop {
        match Fitter::new(2).fit_moments(&table(&data, width)) {
            Ok(report) => break report,
            Err(FitError::TooNarrow { component, deviation, width: was, wanted }) => {
                assert_eq!((was, wanted.log2().fract()), (width, 0.0));
                assert!(wanted < width && component < 2 && deviation < 8.0 * width);
                asked.push(wanted);
                width = wanted;
            }
            Err(other) => panic!("{other}"),
        }
    };
    assert!((1..6).contains(&asked.len()), "{asked:?}");
    assert!(difference(&few, &all) < 1e-8, "{:e}", difference(&few, &all));
}

/// Edge: rounded samples have spikes of one value; they are refused as from samples, and no finer table
/// is asked for.
#[test]
fn spikes_of_rounded_samples_are_no_reason_for_a_finer_table() {
    let data = draw(&[(0.3, 0.0, 1.0), (0.7, 5.0, 4.0)], 6000);
    let tenths: Vec<f64> = data.iter().map(|x| (x * 10.0).round() / 10.0).collect();
    for components in 1..=4 {
        let all = Fitter::new(components).fit(&tenths).unwrap();
        let few = Fitter::new(components).fit_moments(&table(&tenths, 1.0 / 64.0)).unwrap();
        let off = few.log_likelihood - all.log_likelihood;
        assert!(off.abs() < 1e-6, "K = {components}: {off:e}");
    }
}

/// Edge: one value, few samples, and a table that is too coarse for two components but not for one.
#[test]
fn tables_that_cannot_be_fitted_say_why() {
    let one = table(&[1.5; 100], 0.25);
    let constant = Fitter::new(2).fit_moments(&one).unwrap_err();
    assert!(constant.is_about_input(), "{constant}");
    assert!(Fitter::new(2).fit_moments(&table(&[], 0.25)).unwrap_err().is_about_input());
    let few = Fitter::new(3).fit_moments(&table(&[0.1, 1.2, 2.9], 0.25)).unwrap_err();
    assert!(matches!(few, FitError::FewSamples { .. }), "{few}");
    let data = draw(&[(0.3, 0.0, 1.0), (0.7, 5.0, 4.0)], 1000);
    let coarse = table(&data, 4.0);
    let single = Fitter::new(1).fit_moments(&coarse).unwrap();
    let all = Fitter::new(1).fit(&data).unwrap();
    assert!(difference(&single, &all) < 1e-12);
    let two = Fitter::new(2).fit_moments(&coarse).unwrap_err();
    assert!(matches!(two, FitError::TooNarrow { .. }), "{two}");
}
