//! What the chapter *Plane* claims.

#[path = "../../../tests/common/mod.rs"]
mod common;

use bound::{entropy, gap};
use common::assert_close;
use datasets::{eruptions, old_faithful};
use e_step::Memberships;
use nalgebra::{DMatrix, Matrix2, Vector2};
use plane::{
    Component, Mixture, PlaneError, Shape, e_step, em, expected_log_likelihood, ln_normal,
    log_likelihood, m_step,
};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use stability::{Cure, Prior};
use std::f64::consts::TAU;

type Points = Vec<Vector2<f64>>;

fn faithful() -> Points {
    eruptions().iter().map(|e| Vector2::new(e.duration, e.waiting)).collect()
}

/// Near enough that every shape comes to its best fit.
fn start() -> Mixture {
    let ellipse = [0.5, 0.0, 60.0];
    Mixture::new([(0.5, [2.0, 50.0], ellipse), (0.5, [4.5, 85.0], ellipse)]).unwrap()
}

/// One to three components anywhere, their ellipses neither round nor flat.
fn random_mixture(rng: &mut ChaCha8Rng) -> Mixture {
    let shares: Vec<f64> =
        (0..rng.random_range(1..=3)).map(|_| rng.random_range(0.3..1.0)).collect();
    let total: f64 = shares.iter().sum();
    let mut component = |share: &f64| -> Component {
        let mut number = |low: f64, high: f64| rng.random_range(low..high);
        let (a, b) = (number(0.5, 3.0), number(0.5, 3.0));
        let both = number(-0.8, 0.8) * (a * b).sqrt();
        let mean = [number(-5.0, 5.0), number(-5.0, 5.0)];
        (share / total, mean, [a, both, b]).into()
    };
    Mixture::new(shares.iter().map(&mut component).collect::<Vec<_>>()).unwrap()
}

fn draw(mixture: &Mixture, n: usize, rng: &mut ChaCha8Rng) -> Points {
    let coordinate = &mixture.coordinates()[0];
    (0..n)
        .map(|_| {
            let own = coordinate.choose(rng);
            let k = coordinate.components().iter().position(|c| c == own).unwrap();
            mixture.components()[k].draw(rng)
        })
        .collect()
}

/// Mixtures, samples from another one, and any memberships that fit both in size.
fn problems(n: usize) -> Vec<(Mixture, Points, Memberships)> {
    let mut rng = ChaCha8Rng::seed_from_u64(21);
    let problem = |_| {
        let (source, theta) = (random_mixture(&mut rng), random_mixture(&mut rng));
        let data = draw(&source, 60, &mut rng);
        let mut table: Vec<Vec<f64>> = theta
            .components()
            .iter()
            .map(|_| (0..60).map(|_| rng.random_range(0.01..1.0)).collect())
            .collect();
        for i in 0..60 {
            let sum: f64 = table.iter().map(|row| row[i]).sum();
            table.iter_mut().for_each(|row| row[i] /= sum);
        }
        (theta, data, Memberships::new(table).unwrap())
    };
    (0..n).map(problem).collect()
}

/// The mean and the scatter of all samples.
fn whole(data: &[Vector2<f64>]) -> (Vector2<f64>, Matrix2<f64>) {
    let n = data.len() as f64;
    let mean = data.iter().sum::<Vector2<f64>>() / n;
    let outer = |x: &Vector2<f64>| (x - mean) * (x - mean).transpose();
    (mean, data.iter().map(outer).sum::<Matrix2<f64>>() / n)
}

/// By hand, eq:plane-normal: the formula with the inverse and the determinant of two rows.
#[test]
fn the_density_is_the_formula_with_inverse_and_determinant() {
    for (mixture, data, _) in problems(50) {
        for (c, x) in
            mixture.components().iter().flat_map(|c| data.iter().map(move |x| (c, x)))
        {
            let [a, b, d] = [(0, 0), (0, 1), (1, 1)].map(|at| c.covariance[at]);
            let (determinant, z) = (a * d - b * b, x - c.mean);
            let square =
                (d * z.x * z.x - 2.0 * b * z.x * z.y + a * z.y * z.y) / determinant;
            let formula = -0.5 * square - 0.5 * (TAU * TAU * determinant).ln();
            assert_close(
                ln_normal(x, &c.mean, &c.covariance),
                formula,
                1e-10 * (1.0 + square),
            );
        }
    }
}

/// Law, eq:plane-normal: it integrates to 1, and the integral over one coordinate is the density of
/// the other alone, eq:plane-marginal.
#[test]
fn the_density_has_the_volume_one_and_the_margins_of_the_first_part() {
    let mixture = Mixture::new([
        (0.3, [0.0, 1.0], [1.0, 0.9, 1.5]),
        (0.7, [3.0, -1.0], [2.0, -0.5, 0.5]),
    ]);
    let mixture = mixture.unwrap();
    let density = |x, y| log_likelihood(&[Vector2::new(x, y)], &mixture).exp();
    let across = |x| common::integral(-12.0, 14.0, |y| density(x, y));
    for x in [-1.0, 0.4, 2.5] {
        assert_close(across(x), density::mixture(x, &mixture.coordinates()[0]), 1e-12);
    }
    let coarse: f64 = (-60..90).map(|i| 0.2 * across(0.2 * f64::from(i) / 1.0)).sum();
    assert_close(coarse, 1.0, 1e-10);
}

/// Law, eq:plane-ellipse: points on the ellipse are so many deviations from the mean, and the ellipse
/// of radius r holds the share 1 − exp(−r²/2) of the samples. Random, within 4 standard errors.
#[test]
fn an_ellipse_holds_its_share_of_the_samples() {
    let own: Component = (1.0, [2.0, 70.0], [0.2, 1.5, 30.0]).into();
    let square = |x: &Vector2<f64>| {
        let z = x - own.mean;
        (z.transpose() * own.covariance.try_inverse().unwrap() * z)[0]
    };
    for radius in [0.5, 1.0, 2.0, 3.0] {
        let ellipse = own.ellipse(radius, 60);
        assert_eq!(ellipse.len(), 61);
        assert!((ellipse[0] - ellipse[60]).norm() < 1e-9);
        ellipse.iter().for_each(|x| assert_close(square(x), radius * radius, 1e-9));
    }
    let mut rng = ChaCha8Rng::seed_from_u64(22);
    let data: Points = (0..20_000).map(|_| own.draw(&mut rng)).collect();
    for radius in [0.5_f64, 1.0, 2.0, 3.0] {
        let inside =
            data.iter().filter(|x| square(x) < radius * radius).count() as f64 / 2e4;
        let share = 1.0 - (-radius * radius / 2.0).exp();
        assert_close(inside, share, 4.0 * (share * (1.0 - share) / 2e4).sqrt());
    }
}

/// Law, eq:plane-draw: the samples have the mean and the covariance of their component, within 4
/// standard errors.
#[test]
fn drawn_points_have_their_mean_and_covariance() {
    let own: Component = (1.0, [2.0, -1.0], [2.0, 1.2, 3.0]).into();
    let mut rng = ChaCha8Rng::seed_from_u64(23);
    let data: Points = (0..40_000).map(|_| own.draw(&mut rng)).collect();
    let ((mean, scatter), n) = (whole(&data), 4e4_f64);
    for j in 0..2 {
        let variance = own.covariance[(j, j)];
        assert_close(mean[j], own.mean[j], 4.0 * (variance / n).sqrt());
        for i in 0..2 {
            let both = own.covariance[(i, i)] * variance + own.covariance[(i, j)].powi(2);
            assert_close(scatter[(i, j)], own.covariance[(i, j)], 4.0 * (both / n).sqrt());
        }
    }
}

/// Law, eq:plane-bayes: rows sum to 1; a sample on a line where two circles are equally near is
/// divided evenly; and the memberships do not change with the units, eq:plane-affine.
#[test]
fn memberships_do_not_depend_on_the_units() {
    let turn = Matrix2::new(60.0, 3.0, 0.0, 0.2);
    let shift = Vector2::new(-7.0, 1000.0);
    for (mixture, data, _) in problems(50) {
        let moved: Points = data.iter().map(|x| turn * x + shift).collect();
        let moved_mixture = Mixture::new(mixture.components().iter().map(|c| Component {
            weight: c.weight,
            mean: turn * c.mean + shift,
            covariance: symmetric(&(turn * c.covariance * turn.transpose())),
        }));
        let moved_mixture = moved_mixture.unwrap();
        let (a, b) =
            (e_step(&data, &mixture).unwrap(), e_step(&moved, &moved_mixture).unwrap());
        let pairs = a.components().iter().flatten().zip(b.components().iter().flatten());
        pairs.for_each(|(a, b)| assert_close(*a, *b, 1e-9));
        let l = log_likelihood(&data, &mixture) - 60.0 * turn.determinant().ln();
        assert_close(log_likelihood(&moved, &moved_mixture), l, 1e-8 * l.abs());
        let free = |data, r| m_step(data, r, Shape::Free, &Cure::Refuse).unwrap();
        let (fit, moved_fit) = (free(&data, &a), free(&moved, &a));
        for (c, d) in fit.components().iter().zip(moved_fit.components()) {
            assert!((turn * c.mean + shift - d.mean).norm() < 1e-8);
            assert!((turn * c.covariance * turn.transpose() - d.covariance).norm() < 1e-7);
        }
    }
}

fn symmetric(matrix: &Matrix2<f64>) -> Matrix2<f64> {
    (matrix + matrix.transpose()) / 2.0
}

/// By hand, eq:plane-mean, eq:plane-scatter and each shape, eq:plane-covariance
/// and eq:plane-shapes: six points in two groups.
#[test]
fn six_points_by_hand() {
    let data = [[0.0, 0.0], [2.0, 2.0], [1.0, 4.0], [9.0, 0.0], [9.0, 3.0], [12.0, 0.0]];
    let data = data.map(Vector2::from);
    let row = |k: usize| (0..6).map(|i| f64::from(usize::from(i >= 3) == k)).collect();
    let groups = Memberships::new(vec![row(0), row(1)]).unwrap();
    let fit = |shape| m_step(&data, &groups, shape, &Cure::Refuse).unwrap();
    let entries = |c: &Component| [(0, 0), (0, 1), (1, 1)].map(|at| c.covariance[at]);
    // About (1, 2): (−1, −2), (1, 0), (0, 2). About (10, 1): (−1, −1), (−1, 2), (2, −1).
    let (a, b) = ([2.0 / 3.0, 2.0 / 3.0, 8.0 / 3.0], [2.0, -1.0, 2.0]);
    for (shape, expected) in [
        (Shape::Free, [a, b]),
        (Shape::Diagonal, [[a[0], 0.0, a[2]], [b[0], 0.0, b[2]]]),
        (Shape::Spherical, [[5.0 / 3.0, 0.0, 5.0 / 3.0], [2.0, 0.0, 2.0]]),
        (Shape::Tied, [[4.0 / 3.0, -1.0 / 6.0, 7.0 / 3.0]; 2]),
    ] {
        let fitted = fit(shape);
        for (c, (mean, covariance)) in fitted
            .components()
            .iter()
            .zip([[1.0, 2.0], [10.0, 1.0]].into_iter().zip(expected))
        {
            assert_eq!(c.weight, 0.5);
            assert!((c.mean - Vector2::from(mean)).norm() < 1e-14);
            entries(c).iter().zip(covariance).for_each(|(a, b)| assert_close(*a, b, 1e-14));
        }
    }
}

/// Law, eq:q again: of the mixtures of a shape, near and far, none has a larger Q than the M-step's.
#[test]
fn the_m_step_of_each_shape_is_the_maximum_of_q() {
    let mut rng = ChaCha8Rng::seed_from_u64(24);
    let mut tried = 0;
    for (_, data, q) in problems(60) {
        for shape in Shape::ALL {
            let best = m_step(&data, &q, shape, &Cure::Refuse).unwrap();
            let top = expected_log_likelihood(&data, &q, &best);
            for _ in 0..20 {
                let scale = 10_f64.powf(rng.random_range(-3.0..-0.3));
                let Some(other) = nearby(&best, shape, scale, &mut rng) else { continue };
                assert!(
                    expected_log_likelihood(&data, &q, &other) < top + 1e-9 * top.abs()
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 4000, "{tried}");
}

/// Another mixture of the same shape.
fn nearby(
    mixture: &Mixture,
    shape: Shape,
    scale: f64,
    rng: &mut ChaCha8Rng,
) -> Option<Mixture> {
    let mut change = || scale * rng.random_range(-1.0..1.0);
    let common = [change(), change(), change()];
    let mut components = mixture.components().to_vec();
    for c in &mut components {
        c.weight *= change().exp();
        c.mean += Vector2::new(change(), change());
        let [a, b, both] =
            if shape == Shape::Tied { common } else { [change(), change(), change()] };
        let factor = match shape {
            Shape::Spherical => Matrix2::identity() * a.exp(),
            Shape::Diagonal => Matrix2::new(a.exp(), 0.0, 0.0, b.exp()),
            _ => Matrix2::new(a.exp(), both, 0.0, b.exp()),
        };
        c.covariance = symmetric(&(factor * c.covariance * factor.transpose()));
    }
    let sum: f64 = components.iter().map(|c| c.weight).sum();
    components.iter_mut().for_each(|c| c.weight /= sum);
    Mixture::new(components).ok()
}

/// Law, eq:plane-moments: after an M-step the mixture has the mean of the samples, and their scatter
/// as far as its shape can hold it: all of it, its diagonal, or its trace.
// ANCHOR: moments
#[test]
fn a_fitted_mixture_has_the_moments_of_the_samples() {
    for (_, data, q) in problems(100) {
        let (mean, scatter) = whole(&data);
        for shape in Shape::ALL {
            let fit = m_step(&data, &q, shape, &Cure::Refuse).unwrap();
            let all = fit.components();
            let m: Vector2<f64> = all.iter().map(|c| c.mean * c.weight).sum();
            let around = |c: &Component| (c.mean - m) * (c.mean - m).transpose();
            let s: Matrix2<f64> =
                all.iter().map(|c| (c.covariance + around(c)) * c.weight).sum();
            assert!((m - mean).norm() < 1e-12);
            match shape {
                Shape::Free | Shape::Tied => assert!((s - scatter).norm() < 1e-12),
                Shape::Diagonal => assert!((s - scatter).diagonal().norm() < 1e-12),
                Shape::Spherical => assert_close(s.trace(), scatter.trace(), 1e-12),
            }
        }
    }
}
// ANCHOR_END: moments

/// Law, eq:identity and eq:lower-bound again: bound and gap make the log-likelihood.
// ANCHOR: identity
#[test]
fn bound_and_gap_make_the_log_likelihood_in_the_plane_too() {
    for (theta, data, q) in problems(200) {
        let l = log_likelihood(&data, &theta);
        let bound = expected_log_likelihood(&data, &q, &theta) + entropy(&q);
        let gap = gap(&q, &e_step(&data, &theta).unwrap()).unwrap();
        assert_close(bound + gap, l, 1e-11 * bound.abs());
    }
}
// ANCHOR_END: identity

/// Law, eq:ascent again: no step lowers the log-likelihood, whatever the shape; with a prior, the
/// log-likelihood plus the logarithm of the prior, eq:plane-prior; with a floor, eq:plane-floor,
/// nothing is flatter than it.
#[test]
fn every_step_climbs() {
    let cures =
        [Cure::Refuse, Cure::Floor(0.05), Cure::Prior(Prior::new(3.0, 0.1, 1.5).unwrap())];
    let mut steps = 0;
    for (theta, data, _) in problems(60) {
        for (shape, cure) in Shape::ALL.into_iter().flat_map(|s| cures.map(|c| (s, c))) {
            // The start has the shape too: one step with it.
            let mut before = f64::NEG_INFINITY;
            for now in em(&data, theta.clone(), shape, cure).skip(1).take(12) {
                let Ok(now) = now else { break };
                let value = log_likelihood(&data, &now) + ln_prior(&data, &now, &cure);
                assert!(value >= before - 1e-9 * value.abs(), "{shape:?} {cure:?}");
                if let Cure::Floor(share) = cure {
                    assert!(flattest(&data, &now, shape) >= share * (1.0 - 1e-9));
                }
                before = value;
                steps += 1;
            }
        }
    }
    assert!(steps > 8000, "{steps}");
}

/// The scatter of all samples as far as the shape holds it.
fn shaped(data: &[Vector2<f64>], shape: Shape) -> Matrix2<f64> {
    let scatter = whole(data).1;
    match shape {
        Shape::Spherical => Matrix2::identity() * scatter.trace() / 2.0,
        Shape::Diagonal => Matrix2::from_diagonal(&scatter.diagonal()),
        _ => scatter,
    }
}

/// ln p(θ) = (a − 1) Σ_k ln π_k − n₀/2 Σ_k (ln |Σ_k| + tr(Σ_k⁻¹ A₀)): a covariance that is shared counts
/// once for each component that has it.
fn ln_prior(data: &[Vector2<f64>], mixture: &Mixture, cure: &Cure) -> f64 {
    let Cure::Prior(prior) = cure else { return 0.0 };
    let psi = whole(data).1 * prior.scale();
    let one = |c: &Component| {
        let trace = (c.covariance.try_inverse().unwrap() * psi).trace();
        let spread = c.covariance.determinant().ln() + trace;
        (prior.concentration() - 1.0) * c.weight.ln() - 0.5 * prior.strength() * spread
    };
    mixture.components().iter().map(one).sum()
}

/// The least eigenvalue of a covariance where the shape of all samples is a circle of radius 1.
fn flattest(data: &[Vector2<f64>], mixture: &Mixture, shape: Shape) -> f64 {
    let inverse = shaped(data, shape).cholesky().unwrap().l().try_inverse().unwrap();
    let least = |c: &Component| {
        (inverse * c.covariance * inverse.transpose()).symmetric_eigenvalues().min()
    };
    mixture.components().iter().map(least).fold(f64::INFINITY, f64::min)
}

fn fitted(shape: Shape) -> Mixture {
    em(&faithful(), start(), shape, Cure::Refuse).nth(2000).unwrap().unwrap()
}

/// Oracle: mclust 6.0.0 on R's `faithful`, G = 2, tolerance 1e-14: log-likelihoods, parameters and BIC
/// of the four shapes. R's sign of the BIC is the other one.
#[test]
fn old_faithful_is_fitted_as_by_mclust() {
    let n = faithful().len() as f64;
    for (shape, letters, l, bic) in [
        (Shape::Spherical, "VII", -1709.52928218, -3458.299179),
        (Shape::Tied, "EEE", -1140.18675944, -2325.219935),
        (Shape::Diagonal, "VVI", -1147.80635254, -2346.064924),
        (Shape::Free, "VVV", -1130.26396018, -2322.191743),
    ] {
        let own = log_likelihood(&faithful(), &fitted(shape));
        assert_eq!(shape.letters(), letters);
        assert_close(own, l, 2e-8);
        assert_close(2.0 * own - shape.parameters(2) as f64 * n.ln(), bic, 1e-6);
    }
}

/// Oracle: of all models of mclust 6.0.0 with up to nine components, three tied ones have its best BIC,
/// here with its tolerance at 1e-14.
#[test]
fn three_tied_components_have_the_bic_of_mclust() {
    let ellipse = [0.1, 0.5, 30.0];
    let third = |mean| (1.0 / 3.0, mean, ellipse);
    let start = Mixture::new([[2.0, 54.0], [3.8, 76.0], [4.6, 82.0]].map(third)).unwrap();
    let fit = em(&faithful(), start, Shape::Tied, Cure::Refuse).nth(3000).unwrap().unwrap();
    let (l, d) = (log_likelihood(&faithful(), &fit), Shape::Tied.parameters(3));
    assert_close(-2.0 * l + d as f64 * 272_f64.ln(), 2314.295678, 1e-6);
}

/// Oracle: the parameters that mclust 6.0.0 prints, in all shapes.
#[test]
fn each_shape_has_the_parameters_of_mclust() {
    type Numbers = (f64, [f64; 2], [f64; 3]);
    let short_first: [(Shape, [Numbers; 2]); 4] = [
        (
            Shape::Free,
            [
                (
                    0.35587286,
                    [2.036388461, 54.478516440],
                    [0.06916767755, 0.4351676765, 33.6972824272],
                ),
                (
                    0.64412714,
                    [4.289661979, 79.968115241],
                    [0.1699684287, 0.9406092295, 36.0462103067],
                ),
            ],
        ),
        (
            Shape::Tied,
            [
                (
                    0.35924785,
                    [2.046195086, 54.596513840],
                    [0.132776600, 0.751517076, 35.170544712],
                ),
                (
                    0.64075215,
                    [4.296032247, 80.036217687],
                    [0.132776600, 0.751517076, 35.170544712],
                ),
            ],
        ),
        (
            Shape::Diagonal,
            [
                (
                    0.35651674,
                    [2.037915673, 54.492953755],
                    [0.07033675116, 0.0, 33.75584639],
                ),
                (0.64348326, [4.291070491, 79.985621554], [0.1681511189, 0.0, 35.77335113]),
            ],
        ),
        (
            Shape::Spherical,
            [
                (0.36705057, [2.097675685, 54.742893157], [17.35173168, 0.0, 17.35173168]),
                (0.63294943, [4.293913375, 80.264940880], [15.99883059, 0.0, 15.99883059]),
            ],
        ),
    ];
    for (shape, expected) in short_first {
        let mut own = fitted(shape).components().to_vec();
        own.sort_by(|a, b| a.mean.x.total_cmp(&b.mean.x));
        for (c, (weight, mean, covariance)) in own.iter().zip(expected) {
            assert_close(c.weight, weight, 2e-7);
            assert_close(c.mean.x, mean[0], 2e-6);
            assert_close(c.mean.y, mean[1], 2e-6);
            for (at, value) in [(0, 0), (0, 1), (1, 1)].into_iter().zip(covariance) {
                assert_close(c.covariance[at], value, 5e-6 * (1.0 + value));
            }
        }
    }
}

/// Law, eq:plane-marginal: one coordinate of the fit is a mixture of the first part. It is not the fit
/// of that coordinate alone, but near it.
#[test]
fn the_waiting_times_alone_have_nearly_the_fit_of_the_first_part() {
    let free = fitted(Shape::Free);
    let [_, waits] = free.coordinates();
    let alone = em::em(&old_faithful(), waits.clone()).nth(300).unwrap().unwrap();
    let mut pairs: Vec<_> = waits.components().iter().zip(alone.components()).collect();
    pairs.sort_by(|a, b| a.0.mean.total_cmp(&b.0.mean));
    assert_close(pairs[0].1.weight, 0.36089, 5e-6);
    assert_close(pairs[0].1.mean, 54.61486, 5e-5);
    for (a, b) in pairs {
        assert!((a.weight - b.weight).abs() < 0.006 && (a.mean - b.mean).abs() < 0.15);
    }
    let l = |mixture| em::log_likelihood(&old_faithful(), mixture);
    assert_close(l(&alone) - l(&waits), 0.07, 0.005);
}

/// All free parameters of two components: a weight, means, covariances.
fn numbers(mixture: &Mixture) -> Vec<f64> {
    let mut numbers = vec![mixture.components()[0].weight];
    for c in mixture.components() {
        numbers.extend(c.mean.iter());
        numbers.extend([(0, 0), (0, 1), (1, 1)].map(|at| c.covariance[at]));
    }
    numbers
}

fn mixture(numbers: &[f64]) -> Mixture {
    let own = |weight: f64, n: &[f64]| (weight, [n[0], n[1]], [n[2], n[3], n[4]]);
    let both = [own(numbers[0], &numbers[1..6]), own(1.0 - numbers[0], &numbers[6..11])];
    Mixture::new(both).unwrap()
}

/// The steps of the differences: a thousandth of how large a change is large.
fn scales(limit: &Mixture) -> Vec<f64> {
    let mut scales = vec![0.3];
    for c in limit.components() {
        let [x, y] = [c.covariance[(0, 0)], c.covariance[(1, 1)]];
        scales.extend([x.sqrt(), y.sqrt(), x, (x * y).sqrt(), y]);
    }
    scales
}

/// −∂²f by central differences, in units of the scales.
fn curvature(f: impl Fn(&[f64]) -> f64, at: &[f64], scales: &[f64]) -> DMatrix<f64> {
    let h = 1e-3;
    let moved = |p: usize, a: f64, q: usize, b: f64| {
        let mut x = at.to_vec();
        x[p] += a * h * scales[p];
        x[q] += b * h * scales[q];
        f(&x)
    };
    DMatrix::from_fn(at.len(), at.len(), |p, q| {
        let corners =
            moved(p, 1.0, q, 1.0) - moved(p, 1.0, q, -1.0) - moved(p, -1.0, q, 1.0)
                + moved(p, -1.0, q, -1.0);
        -corners / (4.0 * h * h)
    })
}

/// The theorem of the chapter Rate again, eq:missing-fraction and eq:forgotten: the slopes of a step
/// are the missing share of the information, one minus I_com⁻¹ I_obs; of its eleven eigenvalues five
/// are 0, for a step forgets the two means and three second moments of the samples; and the largest
/// is what the run settles at, eq:observed-rate.
#[test]
fn the_rate_is_the_missing_information_in_the_plane_too() {
    let data = faithful();
    let limit = fitted(Shape::Free);
    let (at, scales) = (numbers(&limit), scales(&limit));
    let step = |x: &[f64]| {
        let r = e_step(&data, &mixture(x)).unwrap();
        numbers(&m_step(&data, &r, Shape::Free, &Cure::Refuse).unwrap())
    };
    let h = 1e-5;
    let slopes = DMatrix::from_fn(11, 11, |p, q| {
        let (mut up, mut down) = (at.clone(), at.clone());
        up[q] += h * scales[q];
        down[q] -= h * scales[q];
        (step(&up)[p] - step(&down)[p]) / (2.0 * h * scales[p])
    });
    let r = e_step(&data, &limit).unwrap();
    let complete =
        curvature(|x| expected_log_likelihood(&data, &r, &mixture(x)), &at, &scales);
    let observed = curvature(|x| log_likelihood(&data, &mixture(x)), &at, &scales);
    let missing = DMatrix::identity(11, 11) - complete.try_inverse().unwrap() * observed;
    assert!((&slopes - &missing).norm() < 1e-3, "{}", (&slopes - &missing).norm());

    let mut rates: Vec<f64> = slopes.complex_eigenvalues().iter().map(|z| z.re).collect();
    rates.sort_by(|a, b| b.total_cmp(a));
    assert!(rates[6..].iter().all(|rate| rate.abs() < 1e-8), "{rates:?}");
    assert!(rates[5] > 1e-6 && rates[0] < 1.0, "{rates:?}");

    let run: Vec<_> = em(&data, start(), Shape::Free, Cure::Refuse)
        .take(25)
        .map(|item| numbers(&item.unwrap()))
        .collect();
    let moved = |t: usize| run[t + 1][2] - run[t][2];
    assert_close(moved(9) / moved(8), rates[0], 1e-3);
}

/// By hand: two samples make a line. The third of three components owns them alone.
#[test]
fn a_component_with_two_samples_collapses_on_their_line() {
    let mut data: Points = faithful()[..40].to_vec();
    data.extend([[20.0, 10.0], [21.0, 13.0]].map(Vector2::from));
    let last = |i: usize| f64::from(i >= 40);
    let table = [0, 1]
        .map(|k| (0..42).map(|i| if k == 1 { last(i) } else { 1.0 - last(i) }).collect());
    let labels = Memberships::new(table.to_vec()).unwrap();
    let error = m_step(&data, &labels, Shape::Free, &Cure::Refuse).unwrap_err();
    assert_eq!(error, PlaneError::Collapsed { component: 1, mean: [20.5, 11.5] });
    assert_eq!(
        error.to_string(),
        "component 1 has collapsed on (20.5000, 11.5000) or on a line through it"
    );
    // A diagonal ellipse has an area, and so has one that is shared.
    for shape in [Shape::Spherical, Shape::Diagonal, Shape::Tied] {
        assert!(m_step(&data, &labels, shape, &Cure::Refuse).is_ok());
    }
    let floored = m_step(&data, &labels, Shape::Free, &Cure::Floor(0.01)).unwrap();
    assert_close(flattest(&data, &floored, Shape::Free), 0.01, 1e-12);
    let prior = Cure::Prior(Prior::new(2.0, 0.1, 1.0).unwrap());
    let imagined = m_step(&data, &labels, Shape::Free, &prior).unwrap();
    let own = Matrix2::new(0.25, 0.75, 0.75, 2.25);
    let expected = (own * 2.0 + whole(&data).1 * 0.2) / 4.0;
    assert!((imagined.components()[1].covariance - expected).norm() < 1e-12);
}

/// Law, eq:plane-unbounded: as an ellipse flattens on the line through two samples, the
/// log-likelihood grows by ln 10 for each sample on it and each tenth of its width.
#[test]
fn on_a_line_the_likelihood_has_no_maximum() {
    let data = faithful();
    let along = (data[1] - data[0]).normalize();
    let across = Vector2::new(-along.y, along.x);
    let value = |width: f64| {
        let spread =
            400.0 * along * along.transpose() + width * width * across * across.transpose();
        let flat = Component {
            weight: 0.1,
            mean: 0.5 * (data[0] + data[1]),
            covariance: symmetric(&spread),
        };
        let all = whole(&data);
        let rest = Component { weight: 0.9, mean: all.0, covariance: all.1 };
        log_likelihood(&data, &Mixture::new([flat, rest]).unwrap())
    };
    for width in [1e-4, 3e-5, 1e-5] {
        assert_close(value(0.1 * width) - value(width), 2.0 * 10_f64.ln(), 0.05);
    }
}

/// Edges: far samples have memberships, and what has none is named.
#[test]
fn bad_input_is_named() {
    let good = start();
    let far = e_step(&[Vector2::new(1e9, -1e12)], &good).unwrap();
    assert_close(far.components().iter().map(|row| row[0]).sum(), 1.0, 1e-15);
    let message = |error: PlaneError| error.to_string();
    let at = |data: &[[f64; 2]]| data.iter().map(|x| Vector2::from(*x)).collect::<Points>();
    let refused = |data: &[[f64; 2]]| message(e_step(&at(data), &good).unwrap_err());
    assert_eq!(refused(&[]), "there are no samples");
    assert_eq!(
        refused(&[[0.0, 1.0], [2.0, f64::NAN]]),
        "sample 1 is [2.0, NaN]: both coordinates of a sample are finite numbers"
    );
    assert!(refused(&[[1e300, 0.0]]).starts_with("sample 0, [1e300, 0.0], is so far"));
    let new = |covariance| Mixture::new([(1.0, [0.0, 0.0], covariance)]).map_err(message);
    assert_eq!(
        new([1.0, 2.0, 1.0]).unwrap_err(),
        "the covariance of component 0 is [[1.0, 2.0], [2.0, 1.0]]: a covariance is symmetric and positive definite"
    );
    assert!(
        new([1.0, 0.0, -1.0])
            .unwrap_err()
            .starts_with("coordinate 1: the variance of component 0")
    );
    let weights = Mixture::new([(0.5, [0.0, 0.0], [1.0, 0.0, 1.0])]).map_err(message);
    assert_eq!(weights.unwrap_err(), "coordinate 0: the weights sum to 0.5, not to 1");
    assert!(Mixture::new(Vec::<Component>::new()).is_err());
    let tilted = Component {
        weight: 1.0,
        mean: Vector2::zeros(),
        covariance: Matrix2::new(1.0, 0.5, 0.0, 1.0),
    };
    assert!(
        Mixture::new([tilted])
            .map_err(message)
            .unwrap_err()
            .contains("[[1.0, 0.5], [0.0, 1.0]]")
    );

    let pair = at(&[[0.0, 0.0], [1.0, 3.0], [2.0, 1.0]]);
    let none = Memberships::new(vec![vec![1.0; 3], vec![0.0; 3]]).unwrap();
    let step = |data: &[Vector2<f64>], cure| m_step(data, &none, Shape::Free, &cure);
    assert_eq!(step(&pair, Cure::Refuse), Err(PlaneError::Empty { component: 1 }));
    assert_eq!(
        step(&pair[..2], Cure::Refuse),
        Err(PlaneError::Lengths { samples: 2, memberships: 3 })
    );
    let line = at(&[[0.0, 0.0], [1.0, 3.0], [2.0, 6.0]]);
    assert_eq!(step(&line, Cure::Floor(0.1)), Err(PlaneError::Line));
    assert!(
        message(step(&pair, Cure::Floor(2.0)).unwrap_err()).starts_with("the floor is 2")
    );
    // Squares that overflow are no collapse, and large ones that do not are no line.
    let one = Memberships::new(vec![vec![1.0; 3]]).unwrap();
    for cure in [Cure::Refuse, Cure::Floor(0.1)] {
        let wide = at(&[[0.0, 0.0], [1e200, 3e200], [2e200, 1e200]]);
        let error = message(m_step(&wide, &one, Shape::Free, &cure).unwrap_err());
        assert!(error.starts_with("coordinate 0: the variance of component 0"), "{error}");
        let large = at(&[[0.0, 0.0], [1e100, 3e100], [2e100, 1e100]]);
        assert!(m_step(&large, &one, Shape::Free, &cure).is_ok());
    }
    // With a prior, what owns nothing is imagined.
    let prior = Cure::Prior(Prior::new(2.0, 0.5, 2.0).unwrap());
    let imagined = step(&pair, prior).unwrap();
    let (mean, scatter) = whole(&pair);
    let c = imagined.components()[1];
    assert!(
        (c.mean - mean).norm() < 1e-15 && (c.covariance - scatter * 0.5).norm() < 1e-15
    );
    assert_close(c.weight, 1.0 / 5.0, 1e-15);
    assert!(ln_normal(&pair[0], &mean, &Matrix2::zeros()).is_nan());
}

/// Law: one component needs one step, and has the moments of the samples.
#[test]
fn one_component_is_the_mean_and_the_scatter() {
    let data = faithful();
    let one = Mixture::new([(1.0, [3.0, 60.0], [1.0, 0.0, 1.0])]).unwrap();
    let fit = em(&data, one, Shape::Free, Cure::Refuse).nth(1).unwrap().unwrap();
    let (mean, scatter) = whole(&data);
    assert!((fit.components()[0].mean - mean).norm() < 1e-12);
    assert!((fit.components()[0].covariance - scatter).norm() < 1e-10);
}
