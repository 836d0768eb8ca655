//! Split and merge: where a fit that is stuck may have its components instead.

use crate::{Problem, Run};
use sampling::{Component, Mixture};
use std::f64::consts::FRAC_1_SQRT_2;

/// With more components than this there are no moves: they would cost too much.
const MOST: usize = 20;
/// So many pairs are merged, the cheapest first.
const PAIRS: usize = 15;
/// So many windows are tried on what a merger has left.
const WINDOWS: usize = 24;
/// So many moves are tried, those that promise most.
const MOVES: usize = 200;
/// A window has at least so many samples; a longer one has
const FEWEST: usize = 8;
/// so many times as many.
const LONGER: f64 = 1.3;
/// The samples of a window have at least this share of the variance of all, lest it be a spike.
const WIDE: f64 = 1e-3;

/// The component that has the weight, the mean and the variance of two together (eq:merged).
// ANCHOR: merged
fn merged(a: &Component, b: &Component) -> Component {
    let weight = a.weight + b.weight;
    let (p, q) = (a.weight / weight, b.weight / weight);
    Component {
        weight,
        mean: p * a.mean + q * b.mean,
        variance: p * a.variance + q * b.variance + p * q * (a.mean - b.mean).powi(2),
    }
}
// ANCHOR_END: merged

/// What it costs at most to merge two, for each sample (eq:merging-cost).
// ANCHOR: cost
fn cost(a: &Component, b: &Component) -> f64 {
    let spread = |c: &Component| 0.5 * c.weight * c.variance.ln();
    spread(&merged(a, b)) - spread(a) - spread(b)
}
// ANCHOR_END: cost

/// The share of a mixture below x.
fn share_below(x: f64, mixture: &Mixture) -> f64 {
    let one = |c: &Component| {
        c.weight * 0.5 * libm::erfc((c.mean - x) * FRAC_1_SQRT_2 / c.variance.sqrt())
    };
    mixture.components().iter().map(one).sum()
}

/// A [`Problem`] whose fits are split and merged: merge two components, give one to some samples that
/// have too little density, and run again.
///
/// Source: N. Ueda, R. Nakano, Z. Ghahramani and G. E. Hinton, *SMEM algorithm for mixture models*
/// (2000), with other criteria.
pub struct SplitAndMerge<'a, P> {
    problem: &'a P,
    /// Sorted, less their mean.
    samples: Vec<f64>,
    mean: f64,
    /// The sums of the samples before each, and of their squares.
    sums: Vec<[f64; 2]>,
    variance: f64,
}

/// Samples in a row that may get a component of their own, and what that promises (eq:window-gain).
struct Window {
    from: usize,
    to: usize,
    component: Component,
    gain: f64,
}

impl<'a, P: Problem> SplitAndMerge<'a, P> {
    /// The samples say where components are missing: all of them, or some that stand for all.
    pub fn new(problem: &'a P, samples: &[f64]) -> Self {
        let n = samples.len() as f64;
        let mean = samples.iter().sum::<f64>() / n;
        let mut samples: Vec<f64> = samples.iter().map(|x| x - mean).collect();
        samples.sort_unstable_by(f64::total_cmp);
        let mut sums = vec![[0.0; 2]];
        for x in &samples {
            let [first, second] = sums[sums.len() - 1];
            sums.push([first + x, second + x * x]);
        }
        let variance = sums[sums.len() - 1][1] / n;
        Self { problem, samples, mean, sums, variance }
    }

    /// Where a component more would help most: mixtures with one more, the last, and the
    /// log-likelihood that each promises (eq:window-gain). The one that promises most is first.
    ///
    /// ```
    /// # struct Unused;
    /// # impl search::Problem for Unused {
    /// #     const SAME: f64 = 0.0;
    /// #     fn short(&self, _: Mixture) -> search::Run { unreachable!() }
    /// #     fn long(&self, _: &Mixture) -> search::Run { unreachable!() }
    /// #     fn admits(&self, _: &Mixture) -> bool { true }
    /// # }
    /// use {sampling::Mixture, search::SplitAndMerge};
    /// let data: Vec<f64> = (0..40).map(|i| f64::from(if i < 30 { i } else { 60 + i })).collect();
    /// let one = Mixture::new([(1.0, 35.0, 1200.0)])?;
    /// let (_, two) = &SplitAndMerge::new(&Unused, &data).splits(&one)[0];
    /// assert!((10.0..20.0).contains(&two.components()[1].mean)); // the thirty, and not where 35 is
    /// # Ok::<(), sampling::MixtureError>(())
    /// ```
    pub fn splits(&self, mixture: &Mixture) -> Vec<(f64, Mixture)> {
        let ln_p =
            |x: &f64| density::mixture(*x + self.mean, mixture).max(f64::MIN_POSITIVE).ln();
        let now: f64 = self.samples.iter().map(ln_p).sum();
        let with = |window: Window| {
            let keep = 1.0 - window.component.weight;
            let rest = mixture.components().iter();
            let rest = rest.map(|c| Component { weight: keep * c.weight, ..*c });
            let more = Mixture::new(rest.chain([window.component])).ok()?;
            Some((now + window.gain, more))
        };
        self.apart(self.windows(mixture)).into_iter().filter_map(with).collect()
    }

    /// Windows of all lengths at all places.
    fn windows(&self, mixture: &Mixture) -> Vec<Window> {
        let n = self.samples.len();
        let below = |i: usize| match i {
            0 => 0.0,
            i if i == n => 1.0,
            i => share_below(
                0.5 * (self.samples[i - 1] + self.samples[i]) + self.mean,
                mixture,
            ),
        };
        let below: Vec<f64> = (0..=n).map(below).collect();
        let longer = |m: &usize| Some((LONGER * *m as f64).ceil() as usize);
        let lengths = std::iter::successors(Some(FEWEST), longer).take_while(|m| *m < n);
        let places = |m: usize| (0..=n - m).step_by((m / 8).max(1));
        let all = lengths.flat_map(|m| places(m).map(move |i| (i, i + m)));
        all.filter_map(|(from, to)| self.window(from, to, below[to] - below[from]))
            .collect()
    }

    /// The window, if it is wide enough, parts no two equal samples, and has more than its share.
    // ANCHOR: window
    fn window(&self, from: usize, to: usize, expected: f64) -> Option<Window> {
        let n = self.samples.len();
        let parts = |i: usize| i > 0 && i < n && self.samples[i - 1] == self.samples[i];
        let (n, m) = (n as f64, (to - from) as f64);
        let [mean, square] = [0, 1].map(|i| (self.sums[to][i] - self.sums[from][i]) / m);
        let (share, variance) = (m / n, square - mean * mean);
        let wide = variance >= WIDE * self.variance;
        if !wide || share <= expected || parts(from) || parts(to) {
            return None;
        }
        let outside = (1.0 - share) * ((1.0 - share) / (1.0 - expected)).ln();
        let gain = n * (share * (share / expected).ln() + outside);
        let weight = (share - expected) / (1.0 - expected);
        let component = Component { weight, mean: mean + self.mean, variance };
        Some(Window { from, to, component, gain })
    }
    // ANCHOR_END: window

    /// Those that promise most, no two of which share more than seven tenths of what both cover.
    fn apart(&self, mut windows: Vec<Window>) -> Vec<Window> {
        windows.sort_by(|a, b| b.gain.total_cmp(&a.gain));
        let mut apart: Vec<Window> = Vec::new();
        for window in windows {
            let shares = |other: &Window| {
                let (from, to) = (other.from.max(window.from), other.to.min(window.to));
                let all = other.to.max(window.to) - other.from.min(window.from);
                10 * to.saturating_sub(from) > 7 * all
            };
            if apart.len() < WINDOWS && !apart.iter().any(shares) {
                apart.push(window);
            }
        }
        apart
    }

    /// What is left when two components are merged, the pairs that cost least; the merged one is
    /// the last.
    fn merges(&self, mixture: &Mixture) -> Vec<Mixture> {
        let c = mixture.components();
        let pairs = (0..c.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
        let mut pairs: Vec<_> = pairs.collect();
        pairs.sort_by(|x, y| cost(&c[x.0], &c[x.1]).total_cmp(&cost(&c[y.0], &c[y.1])));
        let merge = |&(a, b): &(usize, usize)| {
            let others = (0..c.len()).filter(|i| *i != a && *i != b).map(|i| c[i]);
            Mixture::new(others.chain([merged(&c[a], &c[b])])).ok()
        };
        pairs.iter().take(PAIRS).filter_map(merge).collect()
    }

    /// Starts that grow from one component: the splits of what has grown to one less, each time from
    /// the highest admissible end of their short runs, or from the most promising start where there is no
    /// such end.
    // ANCHOR: grown
    pub fn grown(&self, components: usize) -> Vec<Mixture> {
        let whole = Mixture::new([(1.0, self.mean, self.variance)]);
        let mut starts: Vec<Mixture> = whole.into_iter().collect();
        for _ in 1..components.min(MOST + 1) {
            let ends =
                starts.iter().filter_map(|start| self.problem.short(start.clone()).end);
            let ends = ends.filter(|(end, _)| self.problem.admits(end));
            let highest = ends.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(end, _)| end);
            let Some(from) = highest.as_ref().or(starts.first()) else { break };
            starts = self.splits(from).into_iter().map(|(_, start)| start).collect();
        }
        starts
    }
    // ANCHOR_END: grown
}

impl<P: Problem> Problem for SplitAndMerge<'_, P> {
    const SAME: f64 = P::SAME;

    fn short(&self, start: Mixture) -> Run {
        self.problem.short(start)
    }

    fn long(&self, from: &Mixture) -> Run {
        self.problem.long(from)
    }

    fn admits(&self, mixture: &Mixture) -> bool {
        self.problem.admits(mixture)
    }

    fn holds(&self, end: &Mixture) -> bool {
        self.problem.holds(end)
    }

    fn last_resort(&self, components: usize) -> Option<(Mixture, Run)> {
        self.problem.last_resort(components)
    }

    // ANCHOR: moves
    fn moves(&self, from: &Mixture) -> Vec<Mixture> {
        if from.components().len() > MOST {
            return Vec::new();
        }
        let left = self.merges(from);
        let mut moves: Vec<_> = left.iter().flat_map(|left| self.splits(left)).collect();
        moves.sort_by(|a, b| b.0.total_cmp(&a.0));
        moves.into_iter().take(MOVES).map(|(_, start)| start).collect()
    }
    // ANCHOR_END: moves
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(weight: f64, mean: f64, variance: f64) -> Component {
        Component { weight, mean, variance }
    }

    /// Law, eq:merged: a mixture keeps its mean and its variance when two components are merged.
    #[test]
    fn a_merger_keeps_the_mean_and_the_variance_of_the_mixture() {
        let c = [(0.2, -3.0, 0.5), (0.5, 1.0, 4.0), (0.3, 7.0, 1.0)];
        let c = c.map(|(w, m, v)| component(w, m, v));
        let whole = Mixture::new(c).unwrap();
        for (a, b, other) in [(0, 1, 2), (1, 2, 0), (2, 0, 1)] {
            let less = Mixture::new([merged(&c[a], &c[b]), c[other]]).unwrap();
            assert!((less.mean() - whole.mean()).abs() < 1e-14);
            assert!((less.variance() - whole.variance()).abs() < 1e-13);
        }
    }

    /// Oracle, eq:merging-cost: what a merger costs a population by a numerical integral is no more than
    /// the bound, and nearly that where the rest is far away and the two do not overlap.
    #[test]
    fn a_merger_costs_no_more_than_the_bound() {
        for (apart, wider) in [(0.0, 4.0), (1.0, 1.0), (3.0, 2.0), (30.0, 1.0)] {
            let (a, b) = (component(0.3, 0.0, 1.0), component(0.2, apart, wider));
            let rest = component(0.5, -25.0, 1.0);
            let before = Mixture::new([a, b, rest]).unwrap();
            let after = Mixture::new([merged(&a, &b), rest]).unwrap();
            let loss = |x: f64| {
                let p = density::mixture(x, &before);
                if p > 1e-100 { p * (p / density::mixture(x, &after)).ln() } else { 0.0 }
            };
            let lost: f64 = (-4000..8000).map(|i| 0.01 * loss(0.01 * f64::from(i))).sum();
            let most = cost(&a, &b);
            assert!((-1e-9..=most + 1e-9).contains(&lost), "{lost} of {most}");
            if apart > 20.0 {
                // The bound would have the two told apart; in p they stand as one, by ln of their shares.
                let shares = 0.3 * 0.6_f64.ln() + 0.2 * 0.4_f64.ln();
                assert!((lost - most - shares).abs() < 1e-2, "{lost} of {most}");
            }
        }
    }

    struct Unused;

    impl Problem for Unused {
        const SAME: f64 = 0.0;

        fn short(&self, _: Mixture) -> Run {
            unreachable!()
        }

        fn long(&self, _: &Mixture) -> Run {
            unreachable!()
        }

        fn admits(&self, _: &Mixture) -> bool {
            true
        }
    }

    /// Law, eq:window-gain: what a window promises is what the samples gain if the density is scaled
    /// inside to the window's share and outside to the rest.
    #[test]
    fn a_window_promises_what_scaling_the_density_gains() {
        let data: Vec<f64> = (0..60).map(|i| f64::from(i * i) * 0.01).collect();
        let model = Mixture::new([(0.4, 3.0, 9.0), (0.6, 20.0, 100.0)]).unwrap();
        let problem = SplitAndMerge::new(&Unused, &data);
        let windows = problem.windows(&model);
        assert!(windows.len() > 50, "{}", windows.len());
        for window in windows {
            let cut = |i: usize| match i {
                0 => f64::NEG_INFINITY,
                60 => f64::INFINITY,
                i => 0.5 * (data[i - 1] + data[i]),
            };
            let (from, to) = (cut(window.from), cut(window.to));
            let inside = share_below(to, &model) - share_below(from, &model);
            let share = (window.to - window.from) as f64 / 60.0;
            let gain = |x: &f64| match (from..to).contains(x) {
                true => (share / inside).ln(),
                false => ((1.0 - share) / (1.0 - inside)).ln(),
            };
            let gained: f64 = data.iter().map(gain).sum();
            assert!((gained - window.gain).abs() < 1e-9 * (1.0 + gained), "{gained}");
            assert!(gained > 0.0 && share > inside);
        }
    }
}
