//! Writes samples of the notebook's mixture into a .npy file, for engines/run: so many, or
//! `notebook`, the ten thousand of the book.
//!
//! samples N|notebook FILE.npy

use notebook::{SEED, data, truth};
use rand::{SeedableRng, rngs::ChaCha8Rng};
use sampling::sample;
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};

/// Samples that are in memory together.
const PART: usize = 1 << 20;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, path] = &arguments[..] else {
        return Err("samples N|notebook FILE.npy".into());
    };
    let notebook = what == "notebook";
    let rows = if notebook { data().len() } else { what.parse::<f64>()? as usize };
    let mut out = BufWriter::new(File::create(path)?);
    let header =
        format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({rows},), }}");
    out.write_all(b"\x93NUMPY\x01\x00\x76\x00")?; // version 1, 118 bytes of header
    writeln!(out, "{header:117}")?;
    let (truth, mut rng) = (truth(), ChaCha8Rng::seed_from_u64(SEED));
    for first in (0..rows).step_by(PART) {
        let part = match notebook {
            true => data(),
            false => sample(&truth, PART.min(rows - first), &mut rng)?,
        };
        for x in part {
            out.write_all(&x.to_le_bytes())?;
        }
    }
    Ok(out.flush()?)
}
