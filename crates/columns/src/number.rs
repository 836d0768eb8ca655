//! Numbers with a decimal point or a decimal comma, and those of 16 bits.

/// How a column writes its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    Point,
    Comma,
    /// Nothing has told yet. A comma that may separate thousands tells where it is `certain`, by
    /// the semicolons between the cells, that it does not.
    Unsure {
        certain: bool,
    },
    /// Some cells tell of a point, others of a comma, or of a comma where it separates cells:
    /// whole numbers only.
    Unclear,
}

impl Notation {
    /// How these cells write their numbers, with this between them.
    pub fn of<'a>(cells: impl Iterator<Item = &'a str> + Clone, separator: u8) -> Self {
        let certain = separator == b';';
        let point = |cell: &str| cell.contains('.') && parse(cell.as_bytes()).is_some();
        let comma = |cell: &str| {
            let number = with_comma(cell.as_bytes()).is_some();
            number && (certain || !thousands(cell.as_bytes()))
        };
        let points = separator == b',' || cells.clone().any(point);
        match (points, { cells }.any(comma)) {
            (true, true) => Self::Unclear,
            (true, false) => Self::Point,
            (false, true) => Self::Comma,
            (false, false) => Self::Unsure { certain },
        }
    }

    /// The number that a cell holds. The first that tells the point from the comma settles it for
    /// those after it.
    #[inline]
    pub fn number(&mut self, cell: &[u8]) -> Option<f64> {
        if *self == Self::Point { parse(cell) } else { self.marked_number(cell) }
    }

    fn marked_number(&mut self, cell: &[u8]) -> Option<f64> {
        let (point, comma) = (cell.contains(&b'.'), cell.contains(&b','));
        match *self {
            Self::Comma if comma => with_comma(cell),
            Self::Comma | Self::Unclear if point || comma => None,
            Self::Unsure { certain } if comma => {
                let number = with_comma(cell).filter(|_| certain || !thousands(cell))?;
                *self = Self::Comma;
                Some(number)
            }
            Self::Unsure { .. } if point => {
                let number = parse(cell)?;
                *self = Self::Point;
                Some(number)
            }
            _ => parse(cell),
        }
    }

    /// What helps where a cell is not a number.
    pub fn cure(self, cell: &str) -> &'static str {
        const THOUSANDS: &str = "; take the separators of thousands away";
        let has = |mark: char| cell.contains(mark);
        let one_comma = cell.matches(',').count() == 1 && !has('.');
        if is_missing(cell) {
            "; --skip-invalid leaves such cells out"
        } else if !is_numeral(cell) {
            ""
        } else if cell.contains([' ', '\'', '’', '_'])
            || cell.contains(|c| SPACES.contains(c))
        {
            THOUSANDS
        } else if self == Self::Unclear && (one_comma || !has(',')) {
            "; some cells have decimal commas: say --decimal comma, or --decimal point"
        } else if one_comma && thousands(cell.as_bytes()) {
            "; if the comma separates thousands, take it away; if it is decimal, say --decimal comma"
        } else if one_comma {
            "; if its comma is decimal, say --decimal comma"
        } else if has(',') {
            THOUSANDS
        } else if has('.') && self == Self::Comma {
            "; numbers have a decimal comma here; if not, say --decimal point"
        } else {
            ""
        }
    }
}

/// A number with a decimal point.
#[inline]
fn parse(cell: &[u8]) -> Option<f64> {
    std::str::from_utf8(cell).ok()?.parse().ok()
}

/// A number with one comma, which has digits behind it.
fn with_comma(cell: &[u8]) -> Option<f64> {
    let (whole, rest) = std::str::from_utf8(cell).ok()?.split_once(',')?;
    if whole.contains('.') || !rest.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    format!("{whole}.{rest}").parse().ok()
}

/// Whether the comma of a number with one may as well separate thousands: 1,234, but not 0,234.
fn thousands(cell: &[u8]) -> bool {
    let cell = cell.strip_prefix(b"-").or(cell.strip_prefix(b"+")).unwrap_or(cell);
    let Some(comma) = cell.iter().position(|byte| *byte == b',') else { return false };
    (1..=3).contains(&comma) && cell[0] != b'0' && cell.len() == comma + 4
}

/// What is written where a number is missing.
pub(super) fn is_missing(cell: &str) -> bool {
    const WORDS: &[&str] =
        &["", "-", ".", "?", "NA", "N/A", "#N/A", "NaN", "NULL", "None", "missing"];
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(cell))
}

/// Spaces that are not ASCII's, as word processors put them between thousands.
const SPACES: &str = "\u{a0}\u{2009}\u{202f}";

/// Whether it is made like a number, though it may be none that can be read.
pub(super) fn is_numeral(cell: &str) -> bool {
    let fits = |c: char| {
        c.is_ascii_digit() || "+-.,'_ eE%$€£<>~*()’−".contains(c) || SPACES.contains(c)
    };
    cell.contains(|c: char| c.is_ascii_digit()) && cell.chars().all(fits)
}

/// Whether it is written as a whole number.
pub(super) fn whole(cell: &str) -> Option<i64> {
    cell.parse().ok()
}

/// A float of 16 bits: a sign, 5 bits of exponent, 10 of fraction.
pub(super) fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    let size = match exponent {
        0 => fraction * 2_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * 2_f64.powi(exponent - 25),
    };
    if bits >> 15 == 0 { size } else { -size }
}
