//! What the examples, the figures and the tests share: the notebook's own setting, and the numbers
//! that the notebook prints.
//!
//! The notebook is *EM on 1D Mixture Densities* by Thomas Breuel, UniKL. Its data were drawn
//! without a seed and are lost; ours are drawn the same way, with one.

use rand::{SeedableRng, rngs::ChaCha8Rng};
use sampling::{Mixture, sample_counts};

/// The seed of the samples that the book shows.
pub const SEED: u64 = 1;

/// How many samples the notebook draws from each component.
pub const COUNTS: [usize; 2] = [3000, 7000];

/// How many steps the notebook runs.
pub const STEPS: usize = 100;

/// The mixture that the samples come from: 0.3 N(0, 1) + 0.7 N(5, 4).
#[must_use]
// ANCHOR: setting
pub fn truth() -> Mixture {
    mixture([(0.3, 0.0, 1.0), (0.7, 5.0, 4.0)])
}

/// The mixture that the notebook starts from: ½ N(0, 1) + ½ N(1, 1).
#[must_use]
pub fn guess() -> Mixture {
    mixture([(0.5, 0.0, 1.0), (0.5, 1.0, 1.0)])
}

/// The samples of the whole book: 3000 and 7000 from the components of [`truth`], shuffled.
#[must_use]
pub fn data() -> Vec<f64> {
    sample_counts(&truth(), &COUNTS, &mut ChaCha8Rng::seed_from_u64(SEED))
        .expect("two counts for two components")
}
// ANCHOR_END: setting

fn mixture(components: [(f64, f64, f64); 2]) -> Mixture {
    Mixture::new(components).expect("the notebook's numbers make a mixture")
}

/// How far the estimates of weight, mean and variance wander when the setting is repeated with
/// fresh samples: one standard error each, component by component. The tests of the chapter *EM*
/// compute all six decimals by theory, and check them against repeated runs.
pub const STANDARD_ERRORS: [[f64; 3]; 2] =
    [[0.004901, 0.028047, 0.039900], [0.004901, 0.035825, 0.107812]];

/// The numbers that the original notebook prints.
pub mod printed {
    use sampling::Mixture;

    /// The memberships of the first five samples under the guess, one row a component.
    pub const MEMBERSHIPS: [[f64; 5]; 2] = [
        [0.01558392, 0.00131541, 0.04342912, 0.00378512, 0.07296195],
        [0.98441608, 0.99868459, 0.95657088, 0.99621488, 0.92703805],
    ];

    /// Weight, mean and variance of both components after the steps 0, 10, …, 90.
    pub const ROWS: [[(f64, f64, f64); 2]; 10] = [
        [(0.21702, -0.00689057, 1.89860517), (0.78298, 4.42414255, 5.89413266)],
        [(0.28830675, -0.09149176, 0.98637995), (0.71169325, 4.90224883, 4.16203697)],
        [(0.30129653, -0.03876513, 1.05305054), (0.69870347, 4.97235189, 3.94967901)],
        [(0.30435459, -0.02544894, 1.07067247), (0.69564541, 4.98855477, 3.90236296)],
        [(0.30507611, -0.02225813, 1.07494779), (0.69492389, 4.99235993, 3.89135167)],
        [(0.30524673, -0.02150089, 1.07596548), (0.69475327, 4.99325871, 3.88875649)],
        [(0.3052871, -0.02132156, 1.07620666), (0.6947129, 4.99347131, 3.88814292)],
        [(0.30529665, -0.02127911, 1.07626376), (0.69470335, 4.99352162, 3.88799774)],
        [(0.30529892, -0.02126907, 1.07627727), (0.69470108, 4.99353353, 3.88796339)],
        [(0.30529945, -0.02126669, 1.07628047), (0.69470055, 4.99353635, 3.88795526)],
    ];

    /// The final estimates, after all steps.
    pub const LAST: [(f64, f64, f64); 2] = [
        (0.30529957105536304, -0.021266154871759004, 1.0762811900455098),
        (0.6947004289446379, 4.993536981352825, 3.887953425070926),
    ];

    /// [`ROWS`] and [`LAST`] as mixtures.
    #[must_use]
    pub fn mixtures() -> Vec<Mixture> {
        ROWS.into_iter().chain([LAST]).map(super::mixture).collect()
    }
}
