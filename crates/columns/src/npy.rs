//! NumPy arrays of one dimension, or of several of which only one is longer than 1.
//!
//! The crate `npyz` reads the same. It is not used here because it takes one sample at a time,
//! far from the speed of memory, and brings a parser of Python's grammar that needs a C compiler.

use super::number::half;
use super::{All, Data, ReadError, Source, Table};
use std::io::{self, Read};

pub(super) const MAGIC: &[u8] = b"\x93NUMPY";

/// The longest header that is believed.
const LONGEST: usize = 1 << 20;
/// Samples that are read at a time.
const CHUNK: usize = 1 << 15;

/// The samples after the magic bytes.
pub(super) fn samples(mut input: All, source: Source) -> Result<Table, ReadError> {
    let failed = |error| source.error(format!("cannot read: {error}"));
    let text = header(&mut input).map_err(failed)?;
    let (descr, count) = parse(&text).map_err(|problem| source.error(problem))?;
    let array = Array { input, source, count };
    let big =
        descr.starts_with('>') || (descr.starts_with('=') && cfg!(target_endian = "big"));
    // Bytes are turned around where they are in the other order.
    macro_rules! of {
        ($number:ty) => {
            of!($number, |x: $number| x as f64)
        };
        ($number:ty, $float:expr) => {{
            let little: Append = |bytes, data| {
                append(bytes, data, |bytes| $float(<$number>::from_le_bytes(bytes)));
            };
            let big_first: Append = |bytes, data| {
                append(bytes, data, |bytes| $float(<$number>::from_be_bytes(bytes)));
            };
            array.read(size_of::<$number>(), if big { big_first } else { little })
        }};
    }
    match descr.trim_start_matches(['<', '>', '=', '|']) {
        "f8" => of!(f64),
        "f4" => of!(f32),
        "f2" => of!(u16, half),
        "i8" => of!(i64),
        "i4" => of!(i32),
        "i2" => of!(i16),
        "i1" => of!(i8),
        "u8" => of!(u64),
        "u4" => of!(u32),
        "u2" => of!(u16),
        "u1" => of!(u8),
        _ => Err(array.source.error(format!(
            "its numbers have the type {descr:?}: what is read is f8, f4, f2, and integers"
        ))),
    }
}

/// The dictionary that describes the array, of any version of the format.
fn header(input: &mut All) -> io::Result<String> {
    let mut version = [0; 2];
    input.read_exact(&mut version)?;
    let mut length = [0; 4];
    input.read_exact(&mut length[..if version[0] == 1 { 2 } else { 4 }])?;
    let length = u32::from_le_bytes(length) as usize;
    if length > LONGEST {
        return Err(io::Error::other("its header is longer than a header is"));
    }
    let mut text = vec![0; length];
    input.read_exact(&mut text)?;
    String::from_utf8(text).map_err(io::Error::other)
}

/// The type, and how many samples.
fn parse(header: &str) -> Result<(&str, usize), String> {
    let value = |key: &str| {
        let start = header.find(&format!("'{key}':"))? + key.len() + 3;
        Some(header[start..].trim_start())
    };
    let descr = value("descr").and_then(|v| v.strip_prefix('\'')?.split('\'').next());
    let descr = descr.ok_or("it is an array of records, not of numbers")?;
    let shape = value("shape").and_then(|v| v.strip_prefix('(')?.split(')').next());
    let shape = shape.ok_or("its header has no shape")?;
    let sides: Vec<_> = shape.split(',').map(str::trim).filter(|s| !s.is_empty()).collect();
    let sides: Result<Vec<usize>, _> = sides.iter().map(|side| side.parse()).collect();
    let sides = sides.map_err(|_| format!("its shape ({shape}) is not made of numbers"))?;
    let mut long = sides.iter().filter(|side| **side != 1);
    match (long.next(), long.next()) {
        (None, _) if !sides.is_empty() => Ok((descr, 1)),
        (Some(count), None) => Ok((descr, *count)),
        _ => Err(format!(
            "its shape is ({shape}): what is read has one dimension; save one column, as a[:, 0]"
        )),
    }
}

/// Puts the numbers that these bytes are behind the others.
type Append = fn(&[u8], &mut Vec<f64>);

fn append<const N: usize>(
    bytes: &[u8],
    data: &mut Vec<f64>,
    number: impl Fn([u8; N]) -> f64,
) {
    data.extend(bytes.as_chunks::<N>().0.iter().map(|bytes| number(*bytes)));
}

/// Reads as many bytes as there is room for, or all that are left.
fn fill(input: &mut All, bytes: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < bytes.len() {
        match input.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(more) => filled += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

struct Array<'a> {
    input: All,
    source: Source<'a>,
    count: usize,
}

impl Array<'_> {
    /// Reads numbers of so many bytes.
    fn read(mut self, size: usize, append: Append) -> Result<Table, ReadError> {
        let (mut data, mut skipped) = (Vec::new(), 0);
        let room = if self.source.taker.is_some() { CHUNK } else { self.count };
        data.try_reserve_exact(room).map_err(|error| self.source.error(error))?;
        let (mut bytes, mut done) = (vec![0; size * CHUNK], 0);
        let failed = |this: &Self, e| this.source.error(format!("cannot read: {e}"));
        while done < self.count {
            let chunk = &mut bytes[..size * CHUNK.min(self.count - done)];
            let got = fill(&mut self.input, chunk).map_err(|e| failed(&self, e))?;
            let new = data.len();
            append(&chunk[..got], &mut data);
            if got < chunk.len() {
                let (found, count) = (done + got / size, self.count);
                let problem = format!("it ends after {found} of {count} samples");
                return Err(self.source.error(problem));
            }
            let log = self.source.log;
            let is_sample = |x: &f64| x.is_finite() & (!log | (*x > 0.0));
            if !data[new..].iter().fold(true, |all, x| all & is_sample(x)) {
                skipped += self.no_samples(&mut data, new, done)?;
            }
            done += got / size;
            self.source.count(&mut data)?;
        }
        if fill(&mut self.input, &mut [0]).map_err(|e| failed(&self, e))? > 0 {
            let problem = format!("it goes on after its {} sample(s)", self.count);
            return Err(self.source.error(problem));
        }
        self.source.checked(Table::new(Data::Samples(data), skipped))
    }

    /// Takes what is no sample out of a chunk, or refuses the first.
    fn no_samples(
        &self,
        data: &mut Vec<f64>,
        new: usize,
        done: usize,
    ) -> Result<u64, ReadError> {
        let chunk = data.split_off(new);
        for (i, x) in chunk.iter().enumerate() {
            match self.source.check(*x) {
                Ok(()) => data.push(*x),
                Err(_) if self.source.reading.skip_invalid => {}
                Err(what) => {
                    let sample = done + i;
                    return Err(self.source.error(format!("sample {sample}: {x} {what}")));
                }
            }
        }
        Ok((new + chunk.len() - data.len()) as u64)
    }
}
