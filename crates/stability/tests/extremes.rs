//! For every finite input the steps return finite numbers, or an error that says why not.

use e_step::Memberships;
use m_step::MStepError;
use proptest::prelude::*;
use sampling::{Component, Mixture};
use stability::{
    Cure, Prior, StabilityError, e_step, em, m_step, penalised_log_likelihood,
};

/// Any finite number: all exponents, both signs, subnormals, the largest; and ordinary ones.
fn number() -> impl Strategy<Value = f64> {
    use proptest::num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
    let edges =
        prop::sample::select(vec![0.0, 5e-324, 1e-162, 1e8, 1e154, 1e300, 1e308, f64::MAX]);
    prop_oneof![
        4 => POSITIVE | NEGATIVE | NORMAL | SUBNORMAL | ZERO,
        1 => edges.clone(),
        1 => edges.prop_map(|x| -x),
        2 => -10.0..10.0,
    ]
}

fn positive() -> impl Strategy<Value = f64> {
    number().prop_map(|x| if x == 0.0 { 5e-324 } else { x.abs() })
}

/// Samples near one another, on a grid with ties, or anywhere.
fn samples() -> impl Strategy<Value = Vec<f64>> {
    let steps = prop::collection::vec(-5_i32..=5, 1..30);
    let clustered = (number(), positive(), steps).prop_map(|(centre, unit, steps)| {
        let x = steps.into_iter().map(|i| centre + f64::from(i) * unit);
        x.map(|x| x.clamp(-f64::MAX, f64::MAX)).collect()
    });
    prop_oneof![clustered, prop::collection::vec(number(), 1..30)]
}

/// Parts of a whole; some may be 0, or next to nothing.
fn shares(k: usize) -> impl Strategy<Value = Vec<f64>> {
    let part = prop_oneof![Just(0.0), 0.0..1.0, (-320.0..0.0).prop_map(|p| 10_f64.powf(p))];
    (prop::collection::vec(part, k), 0..k).prop_map(|(mut parts, whole)| {
        parts[whole] = 1.0;
        let sum: f64 = parts.iter().sum();
        parts.iter().map(|part| part / sum).collect()
    })
}

fn mixtures() -> impl Strategy<Value = Mixture> {
    let components = |k| {
        let rest = prop::collection::vec((number(), positive()), k);
        (shares(k), rest).prop_map(|(weights, rest)| {
            let both = weights.into_iter().zip(rest);
            let component =
                both.map(|(weight, (mean, variance))| Component { weight, mean, variance });
            Mixture::new(component).unwrap()
        })
    };
    (1_usize..=4).prop_flat_map(components)
}

fn cures() -> impl Strategy<Value = Cure> {
    let prior = (positive(), positive(), number()).prop_map(|(m, scale, a)| {
        Cure::Prior(
            Prior::new(m.min(1e100), scale.min(1e100), a.clamp(1.0, 1e100)).unwrap(),
        )
    });
    let floor = positive().prop_map(|share| Cure::Floor(share.min(1.0)));
    prop_oneof![Just(Cure::Refuse), floor, prior]
}

fn any_memberships(n: usize) -> impl Strategy<Value = Memberships> {
    let rows = (1_usize..=4).prop_flat_map(move |k| prop::collection::vec(shares(k), n));
    rows.prop_map(|rows| {
        let column = |k: usize| rows.iter().map(|row| row[k]).collect();
        Memberships::new((0..rows[0].len()).map(column).collect()).unwrap()
    })
}

/// A mixture inside the data, or an error of those that are documented.
fn check(
    data: &[f64],
    answer: Result<Mixture, StabilityError>,
) -> Result<(), TestCaseError> {
    use StabilityError::*;
    let size = data.iter().fold(0.0, |size, x| f64::max(size, x.abs()));
    match answer {
        Ok(mixture) => {
            for c in mixture.components() {
                prop_assert!(c.variance.is_normal() && c.variance > 0.0, "{:?}", c);
                prop_assert!(c.mean.is_finite(), "{:?}", c);
                prop_assert!(c.mean.abs() <= size * (1.0 + 1e-14) + 1e-300, "{:?}", c);
            }
        }
        Err(Range { variance, .. }) => prop_assert!(!variance.is_normal(), "{}", variance),
        Err(Constant { value }) => prop_assert!(data.iter().all(|x| *x == value)),
        Err(MStep(MStepError::Collapsed { .. } | MStepError::Empty { .. })) => {}
        Err(error) => prop_assert!(false, "{}", error),
    }
    Ok(())
}

/// As many as PROPTEST_CASES says, or ten thousand.
fn cases() -> u32 {
    let asked = std::env::var("PROPTEST_CASES").ok();
    asked.and_then(|cases| cases.parse().ok()).unwrap_or(10_000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..Default::default() })]

    /// eq:ln-bayes, eq:factors: never 0/0.
    #[test]
    fn every_sample_has_memberships_under_every_mixture(data in samples(), mixture in mixtures()) {
        let table = e_step(&data, &mixture).unwrap();
        for i in 0..data.len() {
            let sum: f64 = table.components().iter().map(|row| row[i]).sum();
            prop_assert!((sum - 1.0).abs() < 1e-12);
        }
    }

    /// eq:residual-mean, eq:residual-deviation, eq:map-variance, eq:map-weight.
    #[test]
    fn every_table_of_memberships_has_a_mixture_or_an_error(
        (data, table) in samples().prop_flat_map(|x| { let n = x.len(); (Just(x), any_memberships(n)) }),
        cure in cures(),
    ) {
        check(&data, m_step(&data, &table, &cure))?;
    }

    #[test]
    fn every_run_goes_on_or_ends_with_an_error(
        data in samples(), start in mixtures(), cure in cures(),
    ) {
        for answer in em(&data, start, cure).skip(1).take(5) {
            check(&data, answer)?;
        }
    }

    /// eq:penalised: a number, or −∞.
    #[test]
    fn the_penalised_log_likelihood_is_a_number(
        data in samples(), mixture in mixtures(), cure in cures(),
    ) {
        if let Ok(value) = penalised_log_likelihood(&data, &mixture, &cure) {
            prop_assert!(value < f64::INFINITY, "{}", value);
        }
    }

    /// eq:affine: stretching by a power of two is exact as long as nothing is subnormal.
    #[test]
    fn stretching_by_a_power_of_two_changes_no_membership(
        steps in prop::collection::vec(-20_i32..=20, 1..20),
        means in prop::collection::vec(-20_i32..=20, 2),
        power in -400_i32..=400,
    ) {
        let unit = 2_f64.powi(power);
        let mixture = |unit: f64| {
            let of = |mean: &i32| Component { weight: 0.5, mean: unit * f64::from(*mean), variance: 3.0 * unit * unit };
            Mixture::new(means.iter().map(of)).unwrap()
        };
        let data = |unit: f64| steps.iter().map(|i| unit * f64::from(*i)).collect::<Vec<_>>();
        let (a, b) = (e_step(&data(1.0), &mixture(1.0)).unwrap(), e_step(&data(unit), &mixture(unit)).unwrap());
        for (a, b) in a.components().concat().iter().zip(b.components().concat()) {
            prop_assert!((a - b).abs() < 1e-12, "{} {}", a, b);
        }
    }
}
