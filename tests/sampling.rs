//! What the chapter *Sampling* claims.

mod common;
use common::{assert_close, integral, mean, random_mixtures, variance};
use notebook::{COUNTS, data, truth};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use sampling::{Component, Mixture, MixtureError, SampleError, sample, sample_counts};

fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(7)
}

fn component(weight: f64, mean: f64, variance: f64) -> Component {
    Component { weight, mean, variance }
}

/// The fourth moment of a mixture about its mean, for the standard error of a variance.
fn fourth_moment(mixture: &Mixture) -> f64 {
    let about = |c: &Component| {
        let d = c.mean - mixture.mean();
        c.weight * (3.0 * c.variance.powi(2) + 6.0 * c.variance * d.powi(2) + d.powi(4))
    };
    mixture.components().iter().map(about).sum()
}

/// By hand, eq:mixture-mean and eq:mixture-variance: 0.3 · 0 + 0.7 · 5, and
/// 0.3 (1 + 3.5²) + 0.7 (4 + 1.5²).
#[test]
fn the_notebooks_mixture_has_mean_3_5_and_variance_8_35() {
    assert_close(truth().mean(), 3.5, 1e-15);
    assert_close(truth().variance(), 8.35, 1e-14);
}

/// Law, eq:two-stages, eq:mixture-mean and eq:mixture-variance.
#[test]
fn samples_have_the_mean_and_variance_of_their_mixture() {
    let n = 20_000;
    for mixture in random_mixtures(20) {
        let data = sample(&mixture, n, &mut rng()).unwrap();
        let v = mixture.variance();
        assert_close(mean(&data), mixture.mean(), 5.0 * (v / n as f64).sqrt());
        let se = ((fourth_moment(&mixture) - v * v) / n as f64).sqrt();
        assert_close(variance(&data), v, 5.0 * se);
    }
}

/// Law, eq:mixture: the share of the samples in an interval is the area under the density there.
#[test]
fn samples_fall_where_the_density_is() {
    let n = 20_000;
    let data = sample(&truth(), n, &mut rng()).unwrap();
    for bin in -4..12 {
        let (a, b) = (f64::from(bin), f64::from(bin + 1));
        let p = integral(a, b, |x| density::mixture(x, &truth()));
        let share = data.iter().filter(|x| (a..b).contains(*x)).count() as f64 / n as f64;
        assert_close(share, p, 5.0 * (p * (1.0 - p) / n as f64).sqrt());
    }
}

/// Law, eq:location-scale: the same seed gives the same z.
#[test]
fn a_draw_is_a_standard_draw_moved_and_stretched() {
    let z = component(1.0, 0.0, 1.0).draw(&mut rng());
    for (mean, variance) in [(5.0, 4.0), (-3.0, 0.25), (1e6, 1e-6)] {
        assert_eq!(
            component(1.0, mean, variance).draw(&mut rng()),
            mean + variance.sqrt() * z
        );
    }
}

/// Law, eq:two-stages: the count of a component chosen at random is binomial,
/// √(10000 · 0.3 · 0.7) = 45.8.
#[test]
fn counts_drawn_at_random_scatter_by_45_8_and_fixed_counts_not_at_all() {
    let (mixture, mut rng) = (truth(), rng());
    let first = mixture.components()[0];
    let mut count =
        || (0..10_000).filter(|_| *mixture.choose(&mut rng) == first).count() as f64;
    let counts: Vec<f64> = (0..200).map(|_| count()).collect();
    assert_close(mean(&counts), 3000.0, 5.0 * 45.8 / 200f64.sqrt());
    assert_close(variance(&counts).sqrt(), 45.8, 5.0 * 45.8 / 400f64.sqrt());

    let apart =
        Mixture::new([component(0.3, -1e3, 1.0), component(0.7, 1e3, 1.0)]).unwrap();
    let data = sample_counts(&apart, &COUNTS, &mut rng).unwrap();
    assert_eq!(data.iter().filter(|x| **x < 0.0).count(), 3000);
}

#[test]
fn fixed_counts_ignore_the_weights_and_shuffle_the_order() {
    let apart =
        Mixture::new([component(1.0, -1e3, 1.0), component(0.0, 1e3, 1.0)]).unwrap();
    let data = sample_counts(&apart, &[500, 500], &mut rng()).unwrap();
    assert_eq!(data.iter().filter(|x| **x > 0.0).count(), 500);
    let early = data[..500].iter().filter(|x| **x > 0.0).count() as f64;
    assert_close(early, 250.0, 5.0 * (1000f64 / 16.0).sqrt());
}

#[test]
fn a_component_of_weight_zero_is_never_chosen() {
    let mixture =
        Mixture::new([component(1.0, 0.0, 1.0), component(0.0, 1e9, 1.0)]).unwrap();
    assert!(sample(&mixture, 10_000, &mut rng()).unwrap().iter().all(|x| *x < 1e3));
}

/// Oracle: printed once, the same on every machine since.
#[test]
fn the_same_seed_gives_the_same_samples_on_every_machine() {
    let first = [5.500783220, -3.455017271, 6.547637977, 9.509920100, 2.587957406];
    let data = data();
    assert_eq!(data.len(), 10_000);
    data.iter().zip(first).for_each(|(x, expected)| assert_close(*x, expected, 1e-9));
}

#[test]
fn sampling_refuses_what_it_cannot_draw() {
    assert_eq!(sample(&truth(), 0, &mut rng()), Err(SampleError::NoSamples));
    assert_eq!(sample_counts(&truth(), &[0, 0], &mut rng()), Err(SampleError::NoSamples));
    let error = sample_counts(&truth(), &[1, 2, 3], &mut rng()).unwrap_err();
    assert_eq!(error, SampleError::Counts { counts: 3, components: 2 });
    assert_eq!(
        error.to_string(),
        "3 counts were given for 2 components: each component needs one"
    );
}

#[test]
fn a_mixture_is_valid_or_is_not() {
    use MixtureError::*;
    let good = component(0.5, 0.0, 1.0);
    let with = |bad| Mixture::new([good, bad]).unwrap_err();
    assert_eq!(Mixture::new([] as [Component; 0]).unwrap_err(), NoComponents);
    assert_eq!(with(component(-0.5, 0.0, 1.0)), Weight { component: 1, weight: -0.5 });
    assert_eq!(with(component(1.5, 0.0, 1.0)), Weight { component: 1, weight: 1.5 });
    assert_eq!(with(component(0.4, 0.0, 1.0)), WeightSum { sum: 0.9 });
    assert_eq!(with(component(0.5, 0.0, 0.0)), Variance { component: 1, variance: 0.0 });
    assert_eq!(with(component(0.5, 0.0, -1.0)), Variance { component: 1, variance: -1.0 });
    let infinite = f64::INFINITY;
    assert_eq!(
        with(component(0.5, 0.0, infinite)),
        Variance { component: 1, variance: infinite }
    );
    assert_eq!(with(component(0.5, infinite, 1.0)), Mean { component: 1, mean: infinite });
    // NaN is equal to nothing, so the messages are compared.
    for (bad, message) in [
        (
            component(f64::NAN, 0.0, 1.0),
            "the weight of component 1 is NaN: a weight lies between 0 and 1",
        ),
        (
            component(0.5, f64::NAN, 1.0),
            "the mean of component 1 is NaN: a mean is a finite number",
        ),
        (
            component(0.5, 0.0, f64::NAN),
            "the variance of component 1 is NaN: a variance is positive and finite",
        ),
    ] {
        assert_eq!(with(bad).to_string(), message);
    }
    // Rounding is no error: ten tenths are a little less than one.
    assert!(Mixture::new([component(0.1, 0.0, 1.0); 10]).is_ok());
}
