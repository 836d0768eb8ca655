//! Numbers as people read them, and columns of them.

/// The place of the first digit: 0 for 3.5, 2 for 350, -2 for 0.035.
fn place(number: f64) -> i32 {
    number.abs().log10().floor() as i32
}

/// A number, rounded at the place `last`, however large or small it is.
fn rounded(number: f64, last: i32) -> String {
    if number == 0.0 || !number.is_finite() {
        return number.abs().to_string();
    }
    let first = place(number);
    let last = last.max(first - 15); // sixteen digits are all that there are
    match first {
        _ if last <= 0 && ((-5..15).contains(&first) || first < last) => {
            format!("{number:.*}", -last as usize)
        }
        _ => format!("{number:.*e}", (first - last).max(0) as usize),
    }
}

/// The place of the last of so many digits. What stands before the point is shown to its end, up
/// to a thousand million.
fn last_of(number: f64, digits: i32) -> i32 {
    let last = place(number).saturating_sub(digits - 1);
    if place(number) < 9 { last.min(0) } else { last }
}

/// A number with so many digits.
pub(crate) fn significant(number: f64, digits: i32) -> String {
    rounded(number, last_of(number, digits))
}

/// An estimate: seven digits; more, if the second digit of its standard error is farther behind;
/// fewer, if the seventh digit is far behind that, or less than `doubt`, which is how far the
/// estimate itself may be off.
pub(crate) fn estimate(number: f64, error: Option<f64>, doubt: f64) -> String {
    let mut last = last_of(number, 7);
    if let Some(error) = error.filter(|error| *error > 0.0 && error.is_finite()) {
        last = last.clamp(place(error) - 6, (place(error) - 1).max(place(error) - 6));
    }
    if doubt > 0.0 {
        last = last.max(place(2.0 * doubt) + 1);
    }
    rounded(number, last)
}

/// A number down to the second digit of its standard error.
pub(crate) fn down_to(number: f64, error: f64) -> String {
    if error > 0.0 {
        let last = place(error) - 1;
        rounded(number, if place(number) < 15 { last.min(0) } else { last })
    } else {
        significant(number, 7)
    }
}

/// A log-likelihood or a criterion: four decimal places, of which a difference of 0.01 matters.
pub(crate) fn height(number: f64) -> String {
    if number.abs() < 1e10 { format!("{number:.4}") } else { format!("{number:.9e}") }
}

/// One line a row. Columns have at least these widths, and two spaces between them whatever stands
/// in them.
pub(crate) fn columns(rows: &[Vec<String>], least: &[usize]) -> Vec<String> {
    let mut widths = least.to_vec();
    widths.resize(rows.iter().map(Vec::len).fold(least.len(), usize::max), 0);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:>width$}"));
        cells.collect::<Vec<_>>().join("  ")
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_follow_the_standard_error() {
        for (number, error, shown) in [
            (0.360_886_1, 0.0312, "0.3608861"),
            (54.614_862, 0.7, "54.61486"),
            (178_514.04, 95_420.0, "178514.0"),
            (0.085_365_34, 0.0309, "0.08536534"),
            (1.7e9 + 0.123_456, 0.0298, "1700000000.123"),
            (1.7e9 + 0.123_456, 2.98, "1700000000.1"),
            (1.7e9 + 0.123_456, 298.0, "1.70000000e9"),
            (1.7e17, 298.0, "1.700000000000000e17"),
            (-1e15 - 0.5, 1e-9, "-1.000000000000000e15"),
            (1.234_567_8e-12, 0.03, "0.00000000"),
            (1.234_567_8e-12, 0.03e-12, "1.234568e-12"),
            (123_456_789.4, 5000.0, "123456789"),
            (0.0, 1.0, "0"),
        ] {
            assert_eq!(estimate(number, Some(error), 0.0), shown);
        }
        assert_eq!(estimate(54.614_862, None, 0.0), "54.61486");
        assert_eq!(estimate(1e300, Some(1e290), 0.0), "1.00000000000e300");
    }

    #[test]
    fn the_end_of_an_interval_has_the_digits_of_its_error() {
        for (number, error, shown) in [
            (0.046_123, 0.0309, "0.046"),
            (946_018.4, 97_226.0, "946018"),
            (8.002_646_9e23, 1.24e23, "8.0e23"),
            (-1.7e-9, 2.5e-10, "-1.70e-9"),
            (0.0, 1.0, "0"),
        ] {
            assert_eq!(down_to(number, error), shown);
        }
    }

    #[test]
    fn no_digit_is_shown_that_is_in_doubt() {
        for (doubt, shown) in
            [(4e-6, "54.61486"), (6e-6, "54.6149"), (6e-5, "54.615"), (6e-2, "55")]
        {
            assert_eq!(estimate(54.614_862, Some(0.7), doubt), shown, "{doubt}");
        }
        assert_eq!(estimate(178_514.04, Some(95_420.0), 30.0), "1.785e5");
        assert_eq!(estimate(1e-9, Some(1.0), 1e-5), "0.0000");
    }

    #[test]
    fn columns_never_touch() {
        let cells = |row: [&str; 3]| row.map(str::to_owned).to_vec();
        let rows = [cells(["k", "weight", "+-"]), cells(["10", "0.00009490000000", "-"])];
        assert_eq!(
            columns(&rows, &[2, 8, 4]),
            [" k            weight    +-", "10  0.00009490000000     -"]
        );
    }
}
