//! The texts of the queries: one SQL that every engine reads, without a function of our own.
//!
//! Numbers carry an exponent, so that every engine takes them for 64-bit ones, and negative ones
//! stand in parentheses, because `--` begins a comment. Table and column go into the text as they
//! are given: the column may be an expression, and a name with capital letters needs the quotes of
//! the engine.

use crate::QueryError;
use crate::moments::{FARTHEST, Moments, down_to_a_power_of_two};
use density::ln_normal;
use sampling::{Component, Mixture};

/// The first query, which finds the width: how many rows and numbers there are, from where to where,
/// their mean and their deviation. Numbers beyond ±10¹⁵⁰, whose squares might be none, are not counted.
#[must_use]
// ANCHOR: range
pub fn range(table: &str, column: &str) -> String {
    format!(
        "WITH a AS (SELECT {column} AS x FROM {table}),
  b AS (SELECT CASE WHEN x BETWEEN -1e150 AND 1e150 THEN x END AS y FROM a)
SELECT count(*) AS m0, count(y) AS numbers, min(y) AS low, max(y) AS high,
  avg(y) AS mean, stddev_samp(y) AS deviation
FROM b
"
    )
}
// ANCHOR_END: range

/// The width that suits the answer of the first query: a 256th of the deviation, rounded down to a power
/// of two, because what is too fine can be made coarser; but so wide that the mean is not
/// beyond 10¹⁴ bins. `None` if there is no such width, as for a deviation of 0.
///
/// ```
/// assert_eq!(query::sql::width(3.5, 2.9), Some(1.0 / 128.0));
/// assert_eq!(query::sql::width(1e12, 2.9), Some(1.0 / 64.0)); // 1e12 · 64 is below 1e14
/// assert_eq!(query::sql::width(3.5, 0.0), None);
/// ```
#[must_use]
pub fn width(mean: f64, deviation: f64) -> Option<f64> {
    let wanted = down_to_a_power_of_two(deviation / 256.0)?;
    let least = mean.abs() / 1e14;
    match wanted >= least {
        true => Some(wanted),
        false => down_to_a_power_of_two(2.0 * least),
    }
}

/// The pass over the data: the moments of all bins (eq:bin-moments), and in the row whose bin is NULL
/// how many rows are NULL, NaN, infinite, or beyond 10¹⁵ widths.
///
/// # Errors
///
/// A width that is no power of two.
// ANCHOR: sql
pub fn moments(table: &str, column: &str, width: f64) -> Result<String, QueryError> {
    Moments::new(width)?;
    let (scale, far) = (1.0 / width, (FARTHEST * width).min(f64::MAX));
    Ok(format!(
        "WITH a AS (SELECT {column} AS x FROM {table}),
  b AS (SELECT x, CASE WHEN x BETWEEN -{far:e} AND {far:e}
    THEN x * {scale:e} END AS place FROM a),
  c AS (SELECT x, place, CASE WHEN place IS NOT NULL
    THEN CAST(floor(place) AS BIGINT) END AS bin FROM b),
  d AS (SELECT x, bin, 2e0 * (place - bin) - 1e0 AS t FROM c),
  e AS (SELECT x, bin, t, t * t AS t2 FROM d)
SELECT {width:e} AS width, bin, count(*) AS m0, count(x) AS filled,
  sum(t) AS m1, sum(t2) AS m2, sum(t * t2) AS m3, sum(t2 * t2) AS m4,
  sum(t * t2 * t2) AS m5, sum(t2 * t2 * t2) AS m6, sum(t * t2 * t2 * t2) AS m7
FROM e GROUP BY bin ORDER BY bin
"
    ))
}
// ANCHOR_END: sql

/// One step of EM over all rows: their number, the log-likelihood of the mixture, and for each component k
/// the sums `n{k}`, `d{k}` and `s{k}` about its mean (eq:sums). For the last word on a fit; a hundred of
/// these are what the moments save.
///
/// Rows that are NULL, or no number between ±10¹⁵⁰, are not counted.
#[must_use]
pub fn step(table: &str, column: &str, mixture: &Mixture) -> String {
    let each = |text: &dyn Fn(usize, &Component) -> String, between: &str| {
        let all = mixture.components().iter().enumerate();
        all.map(|(k, c)| text(k, c)).collect::<Vec<_>>().join(between)
    };
    let names = |letter: &str| each(&|k, _| format!("{letter}{k}"), ", ");
    let away = each(&|k, c| format!("x - ({:e}) AS u{k}", c.mean), ", ");
    let height = |k: usize, c: &Component| {
        let height = c.weight.ln() + ln_normal(c.mean, c.mean, c.variance);
        format!("\n    ({height:e}) - {:e} * u{k} * u{k} AS g{k}", 0.5 / c.variance)
    };
    let heights = each(&height, ",");
    let greatest = match mixture.components().len() {
        1 => "g0".to_owned(),
        _ => format!("greatest({})", names("g")),
    };
    let [u, g, e] = ["u", "g", "e"].map(names);
    let numerators = each(&|k, _| format!("exp(g{k} - most) AS e{k}"), ", ");
    let total = e.replace(", ", " + ");
    let sum = |k: usize, _: &Component| {
        let r = format!("e{k} / total");
        format!(
            "\n  sum({r}) AS n{k}, sum({r} * u{k}) AS d{k}, sum({r} * u{k} * u{k}) AS s{k}"
        )
    };
    let sums = each(&sum, ",");
    format!(
        "WITH a AS (SELECT {column} AS x FROM {table}),
  b AS (SELECT {away} FROM a WHERE x BETWEEN -1e150 AND 1e150),
  c AS (SELECT {u},{heights} FROM b),
  f AS (SELECT {u}, {g}, {greatest} AS most FROM c),
  h AS (SELECT {u}, most, {numerators} FROM f),
  i AS (SELECT {u}, {e}, most, {total} AS total FROM h)
SELECT count(*) AS n, sum(most + ln(total)) AS l,{sums}
FROM i
"
    )
}
