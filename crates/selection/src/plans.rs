//! The plans by which the book compares numbers of components.

use crate::Plan;
use search::Search;

/// How the galaxies are fitted.
///
/// ```
/// assert_eq!(selection::plan().starts, 60);
/// ```
#[must_use]
// ANCHOR: plan
pub fn plan() -> Plan {
    let search = Search { short: 20, finalists: 3, tolerance: 1e-4, ..Search::default() };
    Plan { starts: 60, seed: 1, search: Search { least_count: 2.0, ..search } }
}
// ANCHOR_END: plan

/// The same with fewer starts and shorter runs, for the bootstrap.
#[must_use]
pub fn short_plan() -> Plan {
    let search = Search { finalists: 1, tolerance: 1e-2, ..plan().search };
    Plan { starts: 30, search, ..plan() }
}
