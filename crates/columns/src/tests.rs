//! What the reader does with files however they are written, and with weights.

use super::number::half;
use super::{Data, Decimal, Reading, Source, Table};
use flate2::{Compression, write::GzEncoder};
use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use std::io::Write;

/// The column of this name.
fn column(name: &str) -> Reading {
    Reading { column: Some(name.into()), ..Reading::default() }
}

/// Reads a file with this content.
fn read(content: &[u8], reading: &Reading, weights: Option<&str>) -> Result<Table, String> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(content).unwrap();
    let progress = &mut |_| {};
    let (classes, log, taker) = (false, false, None);
    let source =
        Source { file: file.path(), reading, classes, log, weights, progress, taker };
    super::read(source).map_err(|error| {
        let message = error.to_string();
        message.strip_prefix(file.path().to_str().unwrap()).unwrap().to_owned()
    })
}

fn samples(table: &Table) -> &[f64] {
    match &table.data {
        Data::Samples(samples) => samples,
        Data::Classes(_) | Data::Moments(_) => panic!("they are no samples"),
    }
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(vec![], Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn pick<T: Copy>(rng: &mut ChaCha8Rng, of: &[T]) -> T {
    *of.choose(rng).unwrap()
}

/// A table of numbers, and how one writes it.
struct Sheet {
    rows: Vec<Vec<f64>>,
    names: Option<Vec<String>>,
    separator: &'static str,
    decimal: &'static str,
    decimals: usize,
    thousands: &'static str,
    quoted: bool,
    end: &'static str,
}

impl Sheet {
    fn draw(rng: &mut ChaCha8Rng) -> Self {
        let width = rng.random_range(1..=4);
        let decimals = pick(rng, &[0, 0, 1, 2, 3, 3, 6]);
        let size = pick(rng, &[1.0, 10.0, 3000.0, 5e6]);
        let unit = 10_f64.powi(decimals);
        let number = |rng: &mut ChaCha8Rng| {
            let x: f64 = (rng.random::<f64>() * 2.0 - pick(rng, &[0.0, 0.0, 1.0])) * size;
            (x * unit).round() / unit
        };
        let rows = (0..rng.random_range(1..=12))
            .map(|_| (0..width).map(|_| number(rng)).collect())
            .collect();
        let kinds: [&dyn Fn(usize) -> String; 4] = [
            &|i| format!("v{i}"),
            &|i| format!("waiting time {i}"),
            &|i| (2019 + i).to_string(),
            &|_| "x".to_owned(),
        ];
        let kind = pick(rng, &kinds);
        let names = rng.random_bool(0.7).then(|| (0..width).map(kind).collect());
        let decimal = pick(rng, &[".", ".", ","]);
        let thousands =
            pick(rng, &["", "", "", if decimal == "." { "," } else { "." }, " ", "'"]);
        Self {
            rows,
            names,
            separator: pick(rng, &[",", ",", ", ", ";", "\t", "|", " ", "   "]),
            decimal,
            decimals: decimals as usize,
            thousands,
            quoted: rng.random_bool(0.2),
            end: pick(rng, &["\n", "\n", "\r\n", "\r"]),
        }
    }

    /// Whether no reader can know what was meant.
    fn is_deceptive(&self) -> bool {
        let point = if self.decimals == 0 { "" } else { self.decimal };
        let is_cut = |mark: &str| {
            !mark.is_empty() && !self.quoted && mark.trim() == self.separator.trim()
        };
        let lone = self.rows[0].len() == 1 && !self.quoted;
        let cuts = |mark: &str| is_cut(mark) || lone && (mark == "," || mark == " ");
        // Numbers that are cut give as many cells in each line: without a header, as many columns.
        let cut = self.names.is_none() && (cuts(point) || cuts(self.thousands));
        // Names of three words above numbers cut in three.
        let words = self.names.as_ref().is_some_and(|names| names[0].contains(' '));
        let cut = cut || words && self.thousands == " ";
        // 1.234 is 1234, and no decimal comma says so.
        let thousands = self.thousands == "." && (point != "," || self.decimals == 3);
        cut || thousands
    }

    /// Numeric names above whole numbers look like the first of them.
    fn has_numeric_names(&self) -> bool {
        self.names.as_ref().is_some_and(|names| names[0] == "2019")
    }

    fn number(&self, x: f64) -> String {
        let text = format!("{:.*}", self.decimals, x.abs());
        let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
        let mut grouped = String::new();
        for (i, digit) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i).is_multiple_of(3) {
                grouped += self.thousands;
            }
            grouped.push(digit);
        }
        let sign = if x < 0.0 { "-" } else { "" };
        let point = if rest.is_empty() { "" } else { self.decimal };
        format!("{sign}{grouped}{point}{rest}")
    }

    fn write(&self, rng: &mut ChaCha8Rng) -> String {
        let quote = |text: &str, quoted: bool| match quoted {
            true => format!("\"{text}\""),
            false => text.to_owned(),
        };
        let spaced = self.separator.starts_with(' ');
        let names = self.names.iter().map(|names| {
            let names: Vec<_> =
                names.iter().map(|n| quote(n, spaced || self.quoted)).collect();
            names.join(self.separator)
        });
        let numbers = self.rows.iter().map(|row| {
            let cells: Vec<_> =
                row.iter().map(|x| quote(&self.number(*x), self.quoted)).collect();
            cells.join(self.separator.trim_end_matches(if self.quoted && !spaced {
                " "
            } else {
                ""
            }))
        });
        let mut text = String::from(if rng.random_bool(0.1) { "\u{feff}" } else { "" });
        for line in names.chain(numbers) {
            if rng.random_bool(0.05) {
                text = text + pick(rng, &["", "# said by hand", " "]) + self.end;
            }
            text = text + &line + self.end;
        }
        text
    }
}

/// The law of the reader. A truth that is told, by --header or --decimal, does not change it.
#[test]
fn a_sheet_is_read_as_it_was_meant_or_refused_however_it_is_written() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let (mut right, mut refused, mut plain) = (0, 0, 0);
    for case in 0..6000 {
        let sheet = Sheet::draw(&mut rng);
        let column = rng.random_range(0..sheet.rows[0].len());
        let index = column.to_string();
        let mut args = Reading::default();
        if sheet.rows[0].len() > 1 || rng.random_bool(0.5) {
            args.column = Some(match &sheet.names {
                Some(names) if rng.random_bool(0.5) => names[column].clone(),
                _ => index,
            });
        }
        let told_header = rng.random_bool(0.3);
        if told_header {
            args.header = Some(sheet.names.is_some());
        }
        if sheet.decimals > 0 && rng.random_bool(0.3) {
            let comma = sheet.decimal == ",";
            args.decimal = Some(if comma { Decimal::Comma } else { Decimal::Point });
        }
        let shown = sheet.write(&mut rng);
        let packed = rng.random_bool(0.1);
        let text = if packed { gzip(shown.as_bytes()) } else { shown.clone().into_bytes() };
        if sheet.is_deceptive() || sheet.has_numeric_names() && !told_header {
            let _ = read(&text, &args, None); // it does not panic
            continue;
        }
        let meant: Vec<f64> = sheet.rows.iter().map(|row| row[column]).collect();
        match read(&text, &args, None) {
            Ok(table) if samples(&table) == meant => right += 1,
            Ok(table) => {
                let said = table.notes.iter().any(|note| note.contains("decimal commas"));
                assert!(said, "case {case}: {shown:?} {args:?}: {:?}", samples(&table));
            }
            Err(message) => {
                let easy = sheet.thousands.is_empty()
                    && sheet.decimal == "."
                    && sheet.names.as_ref().is_some_and(|names| names[0].starts_with('v'));
                assert!(!easy, "case {case}: {shown:?} {args:?}: {message}");
                refused += 1;
            }
        }
        plain += usize::from(sheet.thousands.is_empty() && sheet.decimal == ".");
    }
    assert!(right > 2500 && refused > 1000 && plain > 1500, "{right} {refused} {plain}");
}

#[test]
fn a_line_that_lost_or_gained_a_cell_is_refused_with_its_number() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    for _ in 0..500 {
        let (width, lines) = (rng.random_range(2..=5), rng.random_range(1..=200));
        let separator = pick(&mut rng, &[",", ";", "\t", "|", " "]);
        let wrong = rng.random_range(1..=lines);
        let lost = rng.random_bool(0.5);
        let mut text =
            (0..width).map(|i| format!("v{i}")).collect::<Vec<_>>().join(separator);
        for line in 1..=lines {
            let more = if line == wrong { if lost { -1 } else { 1 } } else { 0 };
            let cells = vec!["1"; (width + more) as usize];
            text = text + "\n" + &cells.join(separator);
        }
        let message = read(text.as_bytes(), &column("v0"), None).unwrap_err();
        assert!(
            message.starts_with(&format!(":{}: column ", wrong + 1)),
            "{message}\n{text}"
        );
    }
}

#[test]
fn a_decimal_comma_may_come_late() {
    let whole = "1\t1\n".repeat(100);
    let last = |cells: &[&str]| {
        let text = format!("x\ty\n{whole}{}\t1\n", cells.join("\t1\n"));
        let table = read(text.as_bytes(), &column("x"), None)?;
        Ok(samples(&table)[100..].to_vec())
    };
    let refused = |text: &str| Err(format!(":{text}"));
    assert_eq!(last(&["1,5", "1,234", "2"]), Ok(vec![1.5, 1.234, 2.0]));
    assert_eq!(last(&["1.5", "1.234"]), Ok(vec![1.5, 1.234]));
    assert_eq!(
        last(&["1,5", "1.5"]),
        refused(
            "103: column 0 (x): \"1.5\" is not a number; numbers have a decimal comma here; if \
             not, say --decimal point"
        )
    );
    assert_eq!(
        last(&["1.5", "1,5"]),
        refused(
            "103: column 0 (x): \"1,5\" is not a number; if its comma is decimal, say --decimal comma"
        )
    );
    assert_eq!(
        last(&["1,234"]),
        refused(
            "102: column 0 (x): \"1,234\" is not a number; if the comma separates thousands, take \
             it away; if it is decimal, say --decimal comma"
        )
    );
}

#[test]
fn gzip_changes_nothing_however_long_the_file_is() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for lines in [1, 100, 20_000, 200_000] {
        let meant: Vec<f64> = (0..lines).map(|_| rng.random()).collect();
        let text: String = meant.iter().map(|x| format!("{x}\n")).collect();
        let plain = read(text.as_bytes(), &Reading::default(), None).unwrap();
        assert_eq!(samples(&plain), meant);
        let (first, second) = text.as_bytes().split_at(text.len() / 3);
        let packed = [gzip(first), gzip(second)].concat();
        assert_eq!(samples(&read(&packed, &Reading::default(), None).unwrap()), meant);
        for cut in [packed.len() - 1, packed.len() - 5, packed.len() / 2, 11] {
            let message = read(&packed[..cut], &Reading::default(), None).unwrap_err();
            assert!(
                message.contains("cannot read: its gzip data are damaged"),
                "{message}"
            );
        }
    }
}

#[test]
fn floats_of_16_bits_grow_with_their_bits() {
    assert_eq!((half(0x3c00), half(0xc000), half(0x7bff)), (1.0, -2.0, 65504.0));
    assert_eq!((half(1), half(0x0400)), (2_f64.powi(-24), 2_f64.powi(-14)));
    assert!(half(0x8000) == 0.0 && half(0x8000).is_sign_negative());
    assert!((0..0x7c00).all(|bits| half(bits) < half(bits + 1)));
    assert!((0..0x7c00).all(|bits| half(bits | 0x8000) == -half(bits)));
    assert_eq!(half(0x7c00), f64::INFINITY);
    assert!((0x7c01..0x8000).all(|bits| half(bits).is_nan()));
}

#[test]
fn weights_come_from_a_second_column() {
    let text = b"x,w\n1,0\n2,2.5\n3,1\n";
    for (column, weights) in [("x", "w"), ("0", "1"), ("x", "1")] {
        let table = read(text, &self::column(column), Some(weights)).unwrap();
        assert_eq!(samples(&table), [1.0, 2.0, 3.0]);
        assert_eq!(table.weights.as_deref(), Some(&[0.0, 2.5, 1.0][..]));
    }
    let twice = read(text, &column("x"), Some("x")).unwrap();
    assert_eq!(twice.weights.as_deref(), Some(samples(&twice)));
    assert_eq!(read(text, &column("x"), None).unwrap().weights, None);
    let commas = read(b"x;w\n1,5;0,5\n2;1\n", &column("x"), Some("w")).unwrap();
    assert_eq!(samples(&commas), [1.5, 2.0]);
    assert_eq!(commas.weights, Some(vec![0.5, 1.0]));
}

#[test]
fn weights_that_are_none_are_refused_with_their_place() {
    let refused = |rows: &str, skip_invalid| {
        let args = Reading { skip_invalid, ..column("x") };
        read(format!("x,w\n1,1\n{rows}\n").as_bytes(), &args, Some("w")).unwrap_err()
    };
    for (rows, says) in [
        ("2,-1", ":3: column 1 (w): \"-1\" is no weight: weights are 0 or more"),
        ("2,inf", ":3: column 1 (w): \"inf\" is not a finite number"),
        ("2,tea", ":3: column 1 (w): \"tea\" is not a number"),
        (
            "2,",
            ":3: column 1 (w): \"\" is not a number; --skip-invalid leaves such cells out",
        ),
        ("tea,2", ":3: column 0 (x): \"tea\" is not a number"),
        ("2", ":3: column 1 (w): there is no such cell: the line has 1, line 1 has 2"),
    ] {
        assert_eq!(refused(rows, false), says);
    }
    // A weight below 0 is no missing one: the column holds something else.
    assert!(refused("2,-1", true).starts_with(":3: column 1 (w)"));
    let text = b"x,w\n1,1\n2,NA\nNA,3\n4,4\n";
    let table =
        read(text, &Reading { skip_invalid: true, ..column("x") }, Some("w")).unwrap();
    assert_eq!((samples(&table), table.skipped), (&[1.0, 4.0][..], 2));
    assert_eq!(table.weights, Some(vec![1.0, 4.0]));
    let nothing = |text: &[u8]| read(text, &column("x"), Some("w")).unwrap_err();
    assert_eq!(nothing(b"x,w\n1,0\n2,0\n"), ": the weights sum to 0");
    assert_eq!(nothing(b"x,w\n1,1e308\n2,1e308\n"), ": the weights sum to inf");
    assert!(nothing(b"x,y\n1,2\n").starts_with(":1: there is no column \"w\""));
    let array = b"\x93NUMPY\x01\x00\x00\x00";
    let message = read(array, &Reading::default(), Some("w")).unwrap_err();
    assert_eq!(message, ": an array has no column of weights: save both as CSV");
}
