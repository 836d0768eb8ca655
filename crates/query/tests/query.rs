//! What the chapter *Query* claims.

use compression::{TRUSTED, difference};
use datasets::query::{Answers, answers};
use one_pass::{Samples, Sums};
use query::{Levels, Moments, QueryError, sql};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use rand_distr::{Cauchy, Distribution};
use sampling::{Mixture, sample};

fn draw(truth: &Mixture, n: usize, seed: u64) -> Vec<f64> {
    sample(truth, n, &mut ChaCha8Rng::seed_from_u64(seed)).unwrap()
}

fn rounded(data: &[f64], to: f64) -> Vec<f64> {
    data.iter().map(|x| (x * to).round() / to).collect()
}

/// Samples that are multiples of 1/128: with bins of a half and less, no sum is rounded.
fn on_a_grid(n: usize) -> Vec<f64> {
    rounded(&draw(&notebook::truth(), n, 51), 128.0)
}

fn mixture(components: &[(f64, f64, f64)]) -> Mixture {
    Mixture::new(components.iter().copied()).unwrap()
}

fn of(data: &[f64], width: f64) -> Moments {
    Moments::of(data, width).unwrap()
}

fn merged<'a>(tables: impl IntoIterator<Item = &'a Moments>) -> Moments {
    let mut tables = tables.into_iter();
    let mut all = tables.next().unwrap().clone();
    tables.for_each(|table| all.merge(table));
    all
}

/// Law, eq:table-merge: the tables of parts, whatever the parts and in whatever order, add up to the
/// table of the whole: to the last bit where no sum is rounded.
#[test]
fn tables_of_parts_add_up_to_the_table_of_the_whole() {
    let mut data = on_a_grid(20_000);
    (data[17], data[12_345]) = (f64::NAN, f64::INFINITY); // rows without a bin add up, too
    let whole = of(&data, 0.125);
    assert_eq!(whole.left_out(), 2.0);
    for part in [1, 7, 3000, 6667, 20_000] {
        let tables: Vec<Moments> = data.chunks(part).map(|part| of(part, 0.125)).collect();
        assert_eq!(merged(&tables), whole);
        assert_eq!(merged(tables.iter().rev()), whole);
    }
    let none = of(&[], 0.125);
    assert_eq!(merged([&none, &whole]), whole);
    assert_eq!(merged([&whole, &none]), whole);
}

/// Law, eq:table-coarser: two bins become one as if it had been counted that way: to the last bit where
/// no sum is rounded; and tables of different widths are merged as one of the wider.
#[test]
fn a_table_made_coarser_is_the_table_of_wider_bins() {
    let data = on_a_grid(20_000);
    let mut table = of(&data, 1.0 / 128.0);
    for power in -6..0 {
        table = table.coarser();
        assert_eq!(table, of(&data, 2.0_f64.powi(power)));
    }
    let (few, rest) = data.split_at(5000);
    for widths in [[0.0625, 0.5], [0.5, 0.0625]] {
        let tables = [of(few, widths[0]), of(rest, widths[1])];
        assert_eq!(merged(&tables), of(&data, 0.5));
    }
    // Where sums are rounded, no more is lost than rounding loses.
    let data = draw(&notebook::truth(), 20_000, 52);
    let coarser = (0..8).fold(of(&data, 1.0 / 512.0), |table, _| table.coarser());
    assert!(worst(&coarser, &of(&data, 0.5)) < 1e-13);
}

/// The largest difference of a moment, as a share of the samples of its bin.
fn worst(a: &Moments, b: &Moments) -> f64 {
    assert_eq!(a.bins().len(), b.bins().len());
    let mut worst = 0.0_f64;
    for ((bin, a), (same, b)) in a.bins().zip(b.bins()) {
        assert_eq!((bin, a[0]), (same, b[0]));
        worst = a.iter().zip(&b).map(|(x, y)| (x - y).abs() / a[0]).fold(worst, f64::max);
    }
    worst
}

/// Law: samples that have moved by whole bins have the same moments in other bins.
#[test]
fn a_table_is_moved_without_a_rounding() {
    let data = on_a_grid(5000);
    for by in [1e8, -1e12] {
        let far: Vec<f64> = data.iter().map(|x| x + by).collect();
        let (far, near) = (of(&far, 0.125), of(&data, 0.125));
        assert_eq!(far.lowered(8 * by as i64), near);
        assert_eq!(far.fullest(), near.fullest() + 8 * by as i64);
    }
    let halves: Vec<f64> = data.iter().map(|x| x / 1024.0).collect();
    assert_eq!(of(&data, 0.125).divided(1024.0), Ok(of(&halves, 0.125 / 1024.0)));
    assert!(of(&data, 0.125).divided(3.0).is_err());
    assert!(of(&data, 0.125).divided(1e300_f64.log2().floor().exp2()).is_ok());
    assert!(of(&data, 2.0_f64.powi(-1000)).divided(2.0_f64.powi(100)).is_err());
}

/// Edge, eq:bin-place: what is no sample is counted, and nothing else happens; edges belong to the bin above them.
#[test]
fn what_is_no_sample_is_left_out_and_counted() {
    let bad = [f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e17, -1e300];
    let good = [-0.0, 0.0, 1e-300, -1e-300, 5e-324, 0.125, -0.125, 2.5];
    let table = of(&[&bad[..], &good].concat(), 0.125);
    assert_eq!((table.left_out(), table.null(), table.samples()), (6.0, 0.0, 8.0));
    let counts: Vec<_> = table.bins().map(|(bin, moments)| (bin, moments[0])).collect();
    assert_eq!(counts, [(-1, 2.0), (0, 4.0), (1, 1.0), (20, 1.0)]);
    let inside = |(_, m): (i64, [f64; 8])| m.iter().all(|moment| moment.abs() <= m[0]);
    assert!(table.bins().all(inside));
    for width in [0.1, 3.0, 0.0, -0.5, f64::NAN, f64::INFINITY, 5e-324] {
        assert!(matches!(Moments::of(&good, width), Err(QueryError::Width { .. })));
        assert!(matches!(sql::moments("t", "c", width), Err(QueryError::Width { .. })));
    }
    let near = Moments::of(&good, 0.1).unwrap_err();
    assert!(near.to_string().ends_with("such as 6.25e-2"), "{near}");
}

/// Samples, and from where EM begins on them.
struct Problem {
    name: &'static str,
    data: Vec<f64>,
    start: Mixture,
    /// What was added to the samples.
    by: f64,
}

/// Everything that may go wrong with a sum: offsets, outliers, tails, ties, many components.
fn problems() -> Vec<Problem> {
    const N: usize = 40_000;
    let base = draw(&notebook::truth(), N, 53);
    let three = |variance: f64| {
        mixture(&[(0.4, 0.0, 1.0), (0.59, 5.0, 4.0), (0.01, 0.0, variance)])
    };
    let with = |more: &[f64]| [&base[..N - more.len()], more].concat();
    let far = |to: f64, by: f64| -> Vec<f64> {
        rounded(&base, to).iter().map(|x| x + by).collect()
    };
    let cauchy = Cauchy::new(0.0, 1.0).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(54);
    let tails: Vec<f64> = (0..N / 10).map(|_| cauchy.sample(&mut rng)).collect();
    let eight = |by: f64, deviation: &dyn Fn(i32) -> f64| {
        let component = |i: i32| (0.125, 4.0 * f64::from(i) + by, deviation(i).powi(2));
        mixture(&(0..8).map(component).collect::<Vec<_>>())
    };
    let truth = eight(0.0, &|i| 0.5 + 0.1 * f64::from(i));
    let tens: Vec<f64> = base.iter().map(|x| (10.0 * x).round()).collect();
    let problem = |name, data, start, by| Problem { name, data, start, by };
    vec![
        problem("the notebook's", base.clone(), notebook::guess(), 0.0),
        problem("1e8 added", far(1024.0, 1e8), notebook::guess(), 1e8),
        problem("1e12 taken away", far(64.0, -1e12), notebook::guess(), -1e12),
        problem("1e12 added", far(64.0, 1e12), notebook::guess(), 1e12),
        problem("outliers at 1e6", with(&[1e6, 1.001e6]), three(1e10), 0.0),
        problem("outliers at 1e12", with(&[1e12, 1.000_000_1e12]), three(1e22), 0.0),
        problem("Cauchy's tails", with(&tails), three(1e4), 0.0),
        problem("integers", tens, mixture(&[(0.5, 0.0, 100.0), (0.5, 10.0, 100.0)]), 0.0),
        problem("tenths", rounded(&base, 10.0), notebook::guess(), 0.0),
        problem("K = 8", draw(&truth, N, 55), eight(0.5, &|_| 1.0), 0.0),
    ]
}

const STEPS: usize = 100;

/// The mixtures of a hundred steps on all samples, measured from the offset.
fn full_run(problem: &Problem) -> Vec<Mixture> {
    let near: Vec<f64> = problem.data.iter().map(|x| x - problem.by).collect();
    let samples = Samples::new(&near).unwrap();
    let run = one_pass::em(&samples, problem.start.clone()).take(STEPS + 1);
    run.collect::<Result<_, _>>().unwrap()
}

/// The same from a table, which is moved back by the offset.
fn run_on(table: &Moments, by: f64, start: &Mixture) -> Vec<Mixture> {
    let levels = Levels::new(table.lowered((by / table.width()) as i64));
    let mut run = vec![start.clone()];
    for step in 0..STEPS {
        run.push(levels.step(&run[step]).unwrap().1);
    }
    assert!(levels.error(&run[STEPS]) < 1e-12, "{}", levels.error(&run[STEPS]));
    run
}

/// An eighth of the least deviation of a run, or the next power of two below it.
fn eighth(run: &[Mixture]) -> f64 {
    let variances = run.iter().flat_map(|m| m.components().iter().map(|c| c.variance));
    let wanted = variances.fold(f64::INFINITY, f64::min).sqrt() / 8.0;
    wanted.log2().floor().exp2()
}

/// Oracle: with bins an eighth of the least deviation wide, or less, every step from the table agrees
/// with that from all samples.
#[test]
fn fits_from_tables_agree_with_all_samples() {
    for problem in problems() {
        let full = full_run(&problem);
        let width = eighth(&full);
        for width in [width, width / 8.0] {
            let table = of(&problem.data, width);
            assert_eq!(table.samples(), problem.data.len() as f64);
            let run = run_on(&table, problem.by, &problem.start);
            let off = run.iter().zip(&full).map(|(a, b)| difference(a, b));
            let worst = off.fold(0.0, f64::max);
            assert!(worst < 1e-12, "{}, {width}: {worst:e}", problem.name);
        }
    }
}

/// Law, eq:table-merge: a table that is put together from 3 or 1000 parts gives the fit of one, to 13
/// digits.
#[test]
fn parts_of_any_number_give_one_fit() {
    for problem in problems() {
        let width = eighth(&full_run(&problem));
        let whole = run_on(&of(&problem.data, width), problem.by, &problem.start);
        for parts in [3, 1000] {
            let part = problem.data.len().div_ceil(parts);
            let tables: Vec<_> =
                problem.data.chunks(part).map(|part| of(part, width)).collect();
            let run = run_on(&merged(&tables), problem.by, &problem.start);
            let off = difference(&run[STEPS], &whole[STEPS]);
            assert!(off < 1e-13, "{}, {parts} parts: {off:e}", problem.name);
        }
    }
}

/// Law, eq:slope-error: where bins are too wide, the estimate says so: it is above the error of a step,
/// and infinite beyond half a deviation.
#[test]
fn the_error_of_a_table_is_told() {
    let data = draw(&notebook::truth(), 100_000, 56);
    let truth = notebook::truth(); // its least deviation is 1
    let (_, full) = one_pass::step(&Samples::new(&data).unwrap(), &truth).unwrap();
    for (width, between) in
        [(0.125, [0.0, 1e-13]), (0.25, [1e-13, 1e-11]), (0.5, [1e-11, 1e-8])]
    {
        let levels = Levels::new(of(&data, width));
        let off = difference(&levels.step(&truth).unwrap().1, &full);
        let error = levels.error(&truth);
        assert!((between[0]..between[1]).contains(&error), "{width}: {error:e}");
        assert!(off < error.max(5e-14), "{width}: {off:e}, {error:e}");
    }
    assert_eq!(Levels::new(of(&data, 1.0)).error(&truth), f64::INFINITY);
}

/// Law: the coarsest table that can be trusted is taken, and gives what the finest gives.
#[test]
fn coarser_levels_give_the_same_step() {
    let data = draw(&notebook::truth(), 30_000, 57);
    let table = of(&data, 1.0 / 512.0);
    let points = table.points();
    let levels = Levels::new(table);
    for start in [notebook::guess(), notebook::truth(), mixture(&[(1.0, 3.0, 9.0)])] {
        let [(l, few), (m, all)] =
            [levels.step(&start), points.step(&start)].map(Result::unwrap);
        assert!((l / m - 1.0).abs() < 1e-13);
        assert!(difference(&few, &all) < 1e-12);
        let ((same, sums), (other, all)) =
            (levels.pass(&start, TRUSTED).unwrap(), points.pass(&start).unwrap());
        assert_eq!(same, l);
        assert_eq!(other, m);
        for (a, b) in sums.iter().zip(&all) {
            assert!((a.count / b.count - 1.0).abs() < 1e-12);
        }
    }
}

/// Law: a pass that may be wrong by more is wrong by no more than that, takes coarser tables, and really
/// is another.
#[test]
fn a_pass_is_as_exact_as_it_is_asked_to_be() {
    let data = draw(&notebook::truth(), 30_000, 58);
    let table = of(&data, 1.0 / 512.0);
    let (exact, levels) = (table.points(), Levels::new(table));
    for start in [notebook::guess(), notebook::truth()] {
        let (l, all) = exact.pass(&start).unwrap();
        for (error, least) in [(1e-6, 1e-13), (1e-9, 0.0), (TRUSTED, 0.0)] {
            let (m, sums) = levels.pass(&start, error).unwrap();
            assert!((m - l).abs() <= error * 30_000.0);
            let off = |(a, b): (&Sums, &Sums)| (a.count / b.count - 1.0).abs();
            let off = sums.iter().zip(&all).map(off).fold(0.0, f64::max);
            assert!((least..=error.max(1e-12)).contains(&off), "{off} for {error}");
        }
    }
}

/// A table as a client of an engine writes it.
fn text(table: &Moments) -> String {
    let mut text = "width,bin,m0,filled,m1,m2,m3,m4,m5,m6,m7\n".to_owned();
    for (bin, m) in table.bins() {
        let moments: Vec<String> = m[1..].iter().map(f64::to_string).collect();
        text +=
            &format!("{},{bin},{},{},{}\n", table.width(), m[0], m[0], moments.join(","));
    }
    text
}

/// Law, eq:gauss-rule: 200 000 bins of one to eight different values, whose moments are off by 1e-14:
/// every row is taken, and the points lie in their bins, stand for exactly as many samples, and
/// give the sums of a smooth function.
#[test]
fn few_values_and_noise_lose_no_sample() {
    let mut rng = ChaCha8Rng::seed_from_u64(58);
    let smooth = |t: f64| (-0.5 * (0.3 + t / 8.0).powi(2)).exp() * (0.3 + t / 8.0);
    let mut worst = 0.0_f64;
    for _ in 0..20 {
        let mut rows = "width,bin,m0,filled,m1,m2,m3,m4,m5,m6,m7\n".to_owned();
        let (mut counts, mut sums) = (vec![], vec![]);
        for bin in 0..10_000 {
            let grid = [2.0_f64, 4.0, 5.0, 10.0, 20.0, 1e3, 1e16][rng.random_range(0..7)];
            let (mut m, mut sum) = ([0.0; 8], 0.0);
            for _ in 0..rng.random_range(1..=8) {
                let t = 2.0 * (rng.random_range(0.0..=1.0) * grid).round() / grid - 1.0;
                let times = 1e6_f64.powf(rng.random()).round();
                (0..8).for_each(|p| m[p] += times * t.powi(p as i32));
                sum += times * smooth(t);
            }
            rows += &format!("1,{},{},{}", 2 * bin, m[0], m[0]); // between them, empty ones
            for moment in &m[1..] {
                rows +=
                    &format!(",{}", moment + m[0] * 1e-14 * rng.random_range(-1.0..=1.0));
            }
            rows += "\n";
            counts.push(m[0]);
            sums.push(sum);
        }
        let table = Moments::read(&rows).unwrap();
        assert_eq!(table.bins().len(), counts.len());
        let (mut stand_for, mut found) = (vec![0.0; counts.len()], vec![0.0; counts.len()]);
        for (x, count) in table.points().points() {
            let bin = (x / 2.0) as usize;
            let t = 2.0 * (x - 2.0 * bin as f64) - 1.0;
            assert!(t.abs() <= 1.0 && count > 0.0);
            stand_for[bin] += count;
            found[bin] += count * smooth(t);
        }
        assert_eq!(stand_for, counts);
        let off = sums.iter().zip(&found).zip(&counts).map(|((a, b), n)| (a - b).abs() / n);
        worst = off.fold(worst, f64::max);
    }
    assert!(worst < 1e-11, "{worst:e}");
}

const HEAD: &str = "width,bin,m0,filled,m1,m2,m3,m4,m5,m6,m7";

/// Edge: what clients do to a table: capital letters, another order, quotes, NULL by many names or as 0,
/// whole numbers with a point, line ends of other systems, a mark at the beginning.
#[test]
fn a_table_is_read_as_any_client_writes_it() {
    let data = [0.1, 0.3, -2.0];
    let table = of(&data, 0.5);
    assert_eq!(Moments::read(&text(&table)).unwrap(), table);
    let others = text(&table).to_uppercase().replace('\n', "\r\n");
    assert_eq!(Moments::read(&format!("\u{feff}{others}")).unwrap(), table);
    let quoted = text(&table).replace(',', "\",\"").replace('\n', "\"\n\"");
    assert_eq!(
        Moments::read(&format!("\"{}", quoted.trim_end_matches('"'))).unwrap(),
        table
    );
    let floats = text(&table).replace(",0,", ",0.0,").replace(",-4,1,1,", ",-4.0,1.0,1,");
    assert_eq!(Moments::read(&floats).unwrap(), table);
    let turned: String = text(&table)
        .lines()
        .map(|line| line.split(',').rev().collect::<Vec<_>>().join(",") + "\n")
        .collect();
    assert_eq!(Moments::read(&turned).unwrap(), table);
    for null in ["", "NULL", "\\N", "None", "NaN", "<null>"] {
        for bin in [null, "0"] {
            let nulls = [null; 7].join(",");
            let row = format!("{}0.5,{bin},5,3,{nulls}\n", text(&table));
            let read = Moments::read(&row).unwrap();
            assert_eq!((read.left_out(), read.null(), read.samples()), (5.0, 2.0, 3.0));
        }
    }
    // Rows of one bin add up, and a bin without samples is none.
    let twice = format!("{}{}", text(&table), text(&table).split_once('\n').unwrap().1);
    assert_eq!(Moments::read(&twice).unwrap(), merged([&table, &table]));
    let empty = format!("{}0.5,7,0,0,0,0,0,0,0,0,0\n", text(&table));
    assert_eq!(Moments::read(&empty).unwrap(), table);
}

/// Edge: what is no table is refused in one line that names the place.
#[test]
fn what_is_no_table_is_refused_with_its_place() {
    let with = |row: &str| format!("{HEAD}\n1,0,2,2,0,1,0,1,0,1,0\n{row}\n");
    for (row, says) in [
        ("1,3,2,2,0,1,0", "line 3: there are 7 cells for 11 columns: is it cut off?"),
        ("1,3,-2,-2,0,1,0,1,0,1,0", "line 3: m0 is \"-2\": it is a count, 0 or more"),
        ("1,3,2,-2,0,1,0,1,0,1,0", "line 3: filled is \"-2\": it is a count, 0 or more"),
        ("1,3,2.5,2,0,1,0,1,0,1,0", "line 3: m0 is \"2.5\": it is no whole number"),
        ("1,3,2,1,0,1,0,1,0,1,0", "line 3: of 2 rows in the bin 1 are not NULL"),
        ("1,,2,3,,,,,,,", "line 3: of 2 rows in the bin 3 are not NULL"),
        ("1,x,2,2,0,1,0,1,0,1,0", "line 3: bin is \"x\": it is no finite number"),
        ("1,0.5,2,2,0,1,0,1,0,1,0", "line 3: bin is \"0.5\": it is no whole number"),
        ("1,1e16,2,2,0,1,0,1,0,1,0", "line 3: bin is \"1e16\": it is no whole number"),
        ("1,3,2,2,0,1,0,one,0,1,0", "line 3: m4 is \"one\": it is no finite number"),
        ("1,3,2,2,0,1,0,inf,0,1,0", "line 3: m4 is \"inf\": it is no finite number"),
        ("1,3,2,2,0,2.1,0,1,0,1,0", "line 3: no samples have the moments of the bin 3"),
        ("1,3,2,2,1,0.4,0,0.1,0,0.1,0", "line 3: no samples have the moments of the bin 3"),
        ("1,3,2,2,2,0,1,1,0,1,0", "line 3: no samples have the moments of the bin 3"),
        ("2,3,2,2,0,1,0,1,0,1,0", "line 3: the width is 2e0, above it is 1e0"),
    ] {
        let error = Moments::read(&with(row)).unwrap_err().to_string();
        assert!(error.starts_with(says), "{row}: {error}");
        assert_eq!(error.lines().count(), 1);
    }
    for (text, says) in [
        ("".to_owned(), "line 1: there is no column width: the columns are width,bin,m0"),
        (HEAD.to_owned(), "there are no rows"),
        (format!("{HEAD}\n"), "there are no rows"),
        ("x\n1\n".to_owned(), "line 1: there is no column width"),
        ("1,0,2,2,0,1,0,1,0,1,0\n".to_owned(), "line 1: there is no column width"),
        (HEAD.replace("filled,", ""), "line 1: there is no column filled"),
        (
            format!("{HEAD}\n1,,12,9,,,,,,,\n"),
            "there are no samples: 12 rows are left out, of which 3",
        ),
        (
            format!("{HEAD}\n0.1,0,2,2,0,1,0,1,0,1,0\n"),
            "line 2: width is \"0.1\": it is no power",
        ),
        (
            format!("{HEAD}\n-1,0,2,2,0,1,0,1,0,1,0\n"),
            "line 2: width is \"-1\": it is no power",
        ),
    ] {
        let error = Moments::read(&text).unwrap_err().to_string();
        assert!(error.starts_with(says), "{text:?}: {error}");
    }
}

/// By hand: the texts, in which every number has an exponent and negative ones have parentheses.
#[test]
fn the_texts_are_read_alike_everywhere() {
    let moments = sql::moments("s.samples", "ln(\"X\")", 0.125).unwrap();
    assert!(moments.starts_with("WITH a AS (SELECT ln(\"X\") AS x FROM s.samples),\n"));
    assert!(
        moments.contains("x BETWEEN -1.25e14 AND 1.25e14\n    THEN x * 8e0 END AS place")
    );
    assert!(moments.contains("SELECT 1.25e-1 AS width, bin, count(*) AS m0"));
    let wide = sql::moments("t", "c", 1024.0).unwrap();
    assert!(wide.contains("THEN x * 9.765625e-4 END AS place"));
    let widest = sql::moments("t", "c", 2.0_f64.powi(1000)).unwrap();
    assert!(widest.contains("AND 1.7976931348623157e308\n"), "{widest}");
    let step = sql::step("t", "c", &mixture(&[(0.5, -1.5, 4.0), (0.5, 100.0, 0.01)]));
    assert!(step.contains("x - (-1.5e0) AS u0, x - (1e2) AS u1"));
    for text in [moments, wide, step, sql::range("t", "c")] {
        assert!(!text.contains("--"), "{text}");
        let word = |c: char| !(c.is_alphanumeric() || c == '.' || c == '_');
        let numbers =
            text.split(word).filter(|w| w.starts_with(|c: char| c.is_ascii_digit()));
        let numbers: Vec<_> = numbers.collect();
        assert!(numbers.len() > 1 && numbers.iter().any(|number| number.contains('e')));
        // What is left of the minus in an exponent is a whole number by itself.
        let exponents = text.matches("e-").count();
        let plain = numbers.iter().filter(|number| !number.contains('e')).count();
        assert_eq!(plain, exponents, "{text}");
    }
    let one = sql::step("t", "c", &mixture(&[(1.0, 0.0, 1.0)]));
    assert!(one.contains("g0 AS most") && !one.contains("greatest"));
}

/// By hand: the width is a 256th of the deviation or less, and more only where the mean is so far from 0
/// that numbers are not much finer.
#[test]
fn the_width_follows_from_the_first_answer() {
    assert_eq!(sql::width(0.0, 256.0), Some(1.0));
    assert_eq!(sql::width(-5.0, 255.9), Some(0.5));
    assert_eq!(sql::width(1e300, 1.0).map(|w| 1e300 / w < 1e15), Some(true));
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY, 5e-324] {
        assert_eq!(sql::width(0.0, bad), None);
    }
}

/// Oracle: the recorded answers of every engine are those of the samples: counts to the last one, moments,
/// the sums of a step and the numbers of the first query to rounding; the fits agree in 12 digits.
#[test]
fn every_engine_gives_the_numbers_of_the_samples() {
    let data = notebook::data();
    let here = of(&data, 0.125);
    let samples = Samples::new(&data).unwrap();
    let (l, next) = one_pass::step(&samples, &notebook::guess()).unwrap();
    let fit = run_on(&here, 0.0, &notebook::guess());
    assert_eq!(answers().len(), 7);
    for Answers { engine, range, moments, step } in answers() {
        let table = Moments::read(moments).unwrap();
        assert!(worst(&table, &here) < 1e-12, "{engine}: {}", worst(&table, &here));
        assert_eq!((table.left_out(), table.null()), (0.0, 0.0));
        let run = run_on(&table, 0.0, &notebook::guess());
        assert!(difference(&run[STEPS], &fit[STEPS]) < 1e-12, "{engine}");
        let whole = samples.sums().component(data.len());
        let [low, high] = samples.range();
        let deviation = (whole.variance * 1e4 / (1e4 - 1.0)).sqrt();
        let expected = [1e4, 1e4, low, high, whole.mean, deviation];
        assert_close(engine, &numbers(range), &expected);
        let mut expected = vec![1e4, l];
        for (c, start) in next.components().iter().zip(notebook::guess().components()) {
            let (count, by) = (1e4 * c.weight, c.mean - start.mean);
            expected.extend([count, count * by, count * (c.variance + by * by)]);
        }
        assert_close(engine, &numbers(step), &expected);
    }
}

/// The numbers of the only row of an answer.
fn numbers(text: &str) -> Vec<f64> {
    let row = text.lines().nth(1).unwrap();
    row.split(',').map(|cell| cell.parse().unwrap()).collect()
}

fn assert_close(engine: &str, found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{engine}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            (found / expected - 1.0).abs() < 1e-12,
            "{engine}: {found}, not {expected}"
        );
    }
}
