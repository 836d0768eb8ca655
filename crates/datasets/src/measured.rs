//! What others have measured.

use crate::table::{DataError, Line, Row, rows};
use sampling::Mixture;

/// An eruption of the geyser Old Faithful.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Eruption {
    /// How long it lasted, in minutes.
    pub duration: f64,
    /// How long it was to the next, in minutes.
    pub waiting: f64,
}

impl Row for Eruption {
    const NAME: &'static str = "old_faithful";
    const COLUMNS: &'static str = "eruption_minutes,waiting_minutes";
    const TEXT: &'static str = include_str!("../../../data/old_faithful.csv");

    fn read(line: &mut Line) -> Result<Self, DataError> {
        Ok(Self { duration: line.finite()?, waiting: line.finite()? })
    }
}

/// 272 eruptions of Old Faithful, in the order of their observation. `data/README.md` says what is
/// known of them.
///
/// ```
/// let first = datasets::eruptions()[0];
/// assert_eq!((first.duration, first.waiting), (3.6, 79.0));
/// ```
#[must_use]
pub fn eruptions() -> Vec<Eruption> {
    rows()
}

/// The waiting times from each of 272 eruptions of Old Faithful to the next, in minutes, in the
/// order of their observation.
///
/// R's `datasets::faithful`; `data/README.md` says what is known of them.
///
/// ```
/// assert_eq!(datasets::old_faithful()[..3], [79.0, 54.0, 74.0]);
/// ```
#[must_use]
pub fn old_faithful() -> Vec<f64> {
    eruptions().into_iter().map(|eruption| eruption.waiting).collect()
}

/// A galaxy in the region of the Corona Borealis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Galaxy {
    /// How fast it recedes, in km/s.
    pub velocity: f64,
}

impl Row for Galaxy {
    const NAME: &'static str = "galaxies";
    const COLUMNS: &'static str = "velocity_km_per_s";
    const TEXT: &'static str = include_str!("../../../data/galaxies.csv");

    fn read(line: &mut Line) -> Result<Self, DataError> {
        Ok(Self { velocity: line.finite()? })
    }
}

/// The velocities of 82 galaxies in the region of the Corona Borealis, in 1000 km/s, sorted.
///
/// From M. Postman, J. P. Huchra and M. J. Geller, *Probes of large-scale structure in the
/// Corona Borealis region*, The Astronomical Journal 92 (1986), as K. Roeder gave them in 1990.
///
/// ```
/// assert_eq!(datasets::galaxies()[..3], [9.172, 9.35, 9.483]);
/// ```
#[must_use]
pub fn galaxies() -> Vec<f64> {
    rows().into_iter().map(|galaxy: Galaxy| galaxy.velocity / 1000.0).collect()
}

/// A class of Pearson's crabs, by the ratio of forehead to body.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Class {
    /// The ratio above which it begins; −∞ for the first.
    pub lower: f64,
    /// The largest ratio in it; ∞ for the last.
    pub upper: f64,
    /// How many crabs are in it.
    pub count: usize,
}

impl Row for Class {
    const NAME: &'static str = "pearson_crabs";
    const COLUMNS: &'static str = "lower,upper,count";
    const TEXT: &'static str = include_str!("../../../data/pearson_crabs.csv");

    fn read(line: &mut Line) -> Result<Self, DataError> {
        Ok(Self { lower: line.number()?, upper: line.number()?, count: line.next()? })
    }
}

/// Pearson's crabs: 29 classes of the ratio of forehead to body, each as its lower and its upper
/// bound and how many of the 1000 crabs are in it. The first and the last class are open.
///
/// W. F. R. Weldon's measurements, from K. Pearson, *Contributions to the mathematical theory of
/// evolution*, Philosophical Transactions of the Royal Society of London A 185 (1894).
///
/// ```
/// assert_eq!(datasets::pearson()[1], (0.5835, 0.5875, 3.0));
/// assert_eq!(datasets::pearson().iter().map(|class| class.2).sum::<f64>(), 1000.0);
/// ```
#[must_use]
pub fn pearson() -> Vec<(f64, f64, f64)> {
    let class = |class: Class| (class.lower, class.upper, class.count as f64);
    rows().into_iter().map(class).collect()
}

/// The two mixtures whose first five moments are those of the crabs, each crab counted at the middle
/// of its class: what Pearson's method gives, recomputed to ten digits.
#[must_use]
pub fn pearson_roots() -> [Mixture; 2] {
    let root = |weight: f64, [a, b]: [f64; 2], [s, t]: [f64; 2]| {
        Mixture::new([(weight, a, s * s), (1.0 - weight, b, t * t)])
            .expect("Pearson's numbers make mixtures")
    };
    [
        root(0.4240588387, [0.6310920376, 0.6547124407], [0.01804655993, 0.01243766611]),
        root(0.5329750347, [0.6349879081, 0.6557750022], [0.01908101845, 0.01150904577]),
    ]
}
