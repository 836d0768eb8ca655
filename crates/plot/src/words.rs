//! Numbers in words: for axes, labels and descriptions.

use sampling::Mixture;

/// A number with four significant digits, without idle zeros.
pub fn number(value: f64) -> String {
    let power = if value == 0.0 { 0 } else { value.abs().log10().floor() as i32 };
    if !(-4..7).contains(&power) {
        return typeset(&format!("{value:.3e}"));
    }
    let digits = format!("{value:.*}", (3 - power).max(0) as usize);
    if !digits.contains('.') {
        return typeset(&digits);
    }
    typeset(digits.trim_end_matches('0').trim_end_matches('.'))
}

/// A number with so many decimals.
pub fn decimals(value: f64, places: usize) -> String {
    typeset(&format!("{value:.places$}"))
}

/// A count, its digits in threes if they are more than four.
pub fn count(value: usize) -> String {
    let (thousands, rest) = (value / 1000, value % 1000);
    match thousands {
        0..10 => value.to_string(),
        10..1000 => format!("{thousands} {rest:03}"),
        _ => format!("{} {:03} {rest:03}", thousands / 1000, thousands % 1000),
    }
}

/// The label of a tick on an axis whose ticks are `step` apart.
pub fn tick(value: f64, step: f64) -> String {
    let power = step.log10().floor() as i32;
    let largest = if value == 0.0 { 0 } else { value.abs().log10().floor() as i32 };
    if value == 0.0 {
        "0".into()
    } else if (-5..12).contains(&largest) {
        typeset(&format!("{value:.*}", (-power).clamp(0, 17) as usize))
    } else {
        typeset(&format!("{value:.*e}", (largest - power).clamp(0, 17) as usize))
    }
}

/// The label of the tick at ten to the `power`.
pub fn power_of_ten(power: f64) -> String {
    let raised = |c: char| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        digit => {
            char::from_u32('⁰' as u32 + digit.to_digit(10).unwrap_or(0)).unwrap_or(digit)
        }
    };
    match power as i32 {
        0 => "1".into(),
        1 => "10".into(),
        power => format!("10{}", power.to_string().chars().map(raised).collect::<String>()),
    }
}

/// A mixture as a formula: 0.3 N(0, 1) + 0.7 N(5, 4).
pub fn formula(mixture: &Mixture) -> String {
    let terms = mixture.components().iter().map(|c| {
        format!("{} N({}, {})", number(c.weight), number(c.mean), number(c.variance))
    });
    terms.collect::<Vec<_>>().join(" + ")
}

/// The name of component `k` in a picture.
pub fn component(k: usize) -> String {
    format!("component {k}")
}

/// Writes −10 000 for -10000: a true minus sign, and narrow spaces in long numbers.
fn typeset(digits: &str) -> String {
    let whole = digits.trim_start_matches('-').split(['.', 'e']).next().unwrap_or("").len();
    let start = digits.len() - digits.trim_start_matches('-').len();
    let mut text = String::new();
    for (i, c) in digits.chars().enumerate() {
        let left = (start + whole).saturating_sub(i);
        if whole > 4 && i > start && left > 0 && left % 3 == 0 {
            text.push('\u{202F}');
        }
        text.push(if c == '-' { '\u{2212}' } else { c });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_four_digits_and_a_true_minus_sign() {
        assert_eq!(number(1.604_36), "1.604");
        assert_eq!(number(-0.5), "−0.5");
        assert_eq!(number(0.0), "0");
        assert_eq!(number(100.0), "100");
        assert_eq!(number(-23456.7), "−23\u{202F}457");
        assert_eq!(number(1e300), "1.000e300");
        assert_eq!(decimals(-23456.789, 2), "−23\u{202F}456.79");
    }

    #[test]
    fn ticks_show_the_digits_of_their_step() {
        assert_eq!(tick(0.1, 0.05), "0.10");
        assert_eq!(tick(-80_000.0, 20_000.0), "−80\u{202F}000");
        assert_eq!(tick(2.5e300, 5e299), "2.5e300");
        assert_eq!(tick(100_000_002.0, 2.0), "100\u{202F}000\u{202F}002");
        assert_eq!(power_of_ten(-12.0), "10⁻¹²");
    }
}
