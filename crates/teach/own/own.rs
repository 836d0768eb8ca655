//! Whether `own/answer.toml` is a fit of `own/data.csv`. No key is needed: these are laws.

use e_step::e_step;
use m_step::m_step;
use sampling::Mixture;
use std::fs;
use std::path::Path;

fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../own").join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("own/{file}: {error}"))
}

fn data() -> Vec<f64> {
    read("data.csv").lines().skip(1).map(|line| line.parse().unwrap()).collect()
}

/// The numbers that follow a name in `answer.toml`.
fn numbers(name: &str) -> Vec<f64> {
    let text = read("answer.toml");
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name} =")));
    let line = line.unwrap_or_else(|| panic!("own/answer.toml has no {name}"));
    let parse = |number: &str| {
        number.trim().parse().unwrap_or_else(|_| panic!("{name}: {number:?} is no number"))
    };
    line.trim().trim_matches(['[', ']']).split(',').map(parse).collect()
}

fn answer() -> Mixture {
    let [w, m, v] = ["weights", "means", "variances"].map(numbers);
    let components = (0..2).map(|k| (w[k], m[k], v[k]));
    Mixture::new(components).unwrap_or_else(|error| panic!("own/answer.toml: {error}"))
}

/// Law of the M-step: a fit has the mean and the variance of the samples.
#[test]
fn the_fit_has_the_mean_and_the_variance_of_the_samples() {
    let (data, fit) = (data(), answer());
    let n = data.len() as f64;
    let mean = data.iter().sum::<f64>() / n;
    let variance = data.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
    let close = |ours: f64, theirs: f64| (ours - theirs).abs() <= 1e-3 * variance.sqrt();
    assert!(
        close(fit.mean(), mean),
        "the mixture has the mean {}, the samples {mean}",
        fit.mean()
    );
    assert!(
        (fit.variance() - variance).abs() <= 1e-3 * variance,
        "the mixture has the variance {}, the samples {variance}",
        fit.variance()
    );
}

/// The number beside the fit belongs to it.
#[test]
fn the_log_likelihood_is_that_of_the_fit() {
    let given = numbers("log_likelihood")[0];
    let is = em::log_likelihood(&data(), &answer());
    assert!((given - is).abs() <= 0.01, "it is {is}, and the answer says {given}");
}

/// Where EM has arrived, it stays.
#[test]
fn one_step_more_moves_nothing() {
    let (data, fit) = (data(), answer());
    let next = m_step(&data, &e_step(&data, &fit).unwrap()).unwrap();
    for (k, (before, after)) in fit.components().iter().zip(next.components()).enumerate() {
        let moved = (after.mean - before.mean).abs() / before.variance.sqrt();
        assert!(moved < 1e-4, "the mean of component {k} moves by {moved} deviations");
        let moved = (after.weight - before.weight).abs();
        assert!(moved < 1e-4, "the weight of component {k} moves by {moved}");
    }
    let [a, b] = fit.components() else { panic!("not two components") };
    assert!(
        (a.mean - b.mean).abs() > 1e-3,
        "the two components are one: that is a saddle, not a fit"
    );
}
