//! The samples of the comparison, and this book's own times.
//!
//! `peers data FOLDER N…` writes N samples to `FOLDER/N.npy`, and the notebook's data to
//! `FOLDER/notebook.csv`. `peers speed PEER FILE.npy SHORT LONG REPEATS` times a peer, and
//! `peers fits linfa FILE.csv K` fits with it: the peers are `ours` and `linfa`. `peers best FOLDER
//! FITS.tsv` finds the best maxima of the data sets in a folder, with the fits of others to begin
//! with; `peers search FOLDER BEST.tsv` compares the defaults of `fit` with them.

#[cfg(feature = "linfa")]
mod linfa;
mod search;

use notebook::{guess, truth};
use one_pass::Samples;
use rand::{SeedableRng, rngs::ChaCha8Rng};
use sampling::{Component, Mixture};
use std::{error::Error, fs, path::Path, time::Instant};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Takes so many steps of EM: the seconds that they took, and where they lead.
type Steps = fn(&[f64], usize) -> Result<(f64, Mixture)>;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["data", folder, ref sizes @ ..] => data(Path::new(folder), sizes),
        ["speed", peer, file, short, long, repeats] => {
            let data = read_npy(file)?;
            let (short, long) = (short.parse()?, long.parse()?);
            for _ in 0..repeats.parse()? {
                speed(peer, &data, short, long)?;
            }
            Ok(())
        }
        #[cfg(feature = "linfa")]
        ["fits", "linfa", file, k] => linfa::fits(file, k.parse()?),
        ["best", folder, fits] => search::best(folder, fits),
        ["search", folder, best] => search::compare(folder, best),
        _ => Err("see the top of peers/src/main.rs".into()),
    }
}

fn data(folder: &Path, sizes: &[&str]) -> Result<()> {
    for n in sizes {
        let file = folder.join(format!("{n}.npy"));
        if !file.exists() {
            let rng = &mut ChaCha8Rng::seed_from_u64(1);
            write_npy(&file, &sampling::sample(&truth(), n.parse()?, rng)?)?;
        }
    }
    let lines: Vec<String> = notebook::data().iter().map(f64::to_string).collect();
    Ok(fs::write(folder.join("notebook.csv"), format!("x\n{}\n", lines.join("\n")))?)
}

/// The format of numpy: a magic word, the length of the header, the header, the numbers.
fn write_npy(file: &Path, data: &[f64]) -> Result<()> {
    let n = data.len();
    let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({n},)}}");
    let mut bytes = b"\x93NUMPY\x01\x00\x76\x00".to_vec();
    bytes.extend(format!("{header:117}\n").bytes());
    bytes.extend(data.iter().flat_map(|x| x.to_le_bytes()));
    Ok(fs::write(file, bytes)?)
}

/// What [`write_npy`] wrote.
fn read_npy(file: &str) -> Result<Vec<f64>> {
    let bytes = fs::read(file)?;
    let (numbers, _) = bytes[128..].as_chunks::<8>();
    Ok(numbers.iter().map(|number| f64::from_le_bytes(*number)).collect())
}

/// The numbers below the header of a file of one column.
fn samples_of(file: &Path) -> Result<Vec<f64>> {
    let text = fs::read_to_string(file)?;
    Ok(text.lines().skip(1).map(str::parse).collect::<std::result::Result<_, _>>()?)
}

fn speed(peer: &str, data: &[f64], short: usize, long: usize) -> Result<()> {
    let (version, steps): (_, Steps) = match peer {
        "ours" => (env!("CARGO_PKG_VERSION"), ours),
        #[cfg(feature = "linfa")]
        "linfa" => (linfa::VERSION, linfa::steps),
        _ => return Err(format!("no peer {peer} here").into()),
    };
    let (shorter, _) = steps(data, short)?;
    let (longer, mixture) = steps(data, long)?;
    let (n, more) = (data.len(), long - short);
    let mixture = text(&mixture);
    println!("speed\t{peer}\t{version}\t{n}\t{more}\t{shorter}\t{longer}\t{mixture}");
    Ok(())
}

/// So many steps of EM from the notebook's guess, and the seconds that they took.
fn ours(data: &[f64], steps: usize) -> Result<(f64, Mixture)> {
    let start = Instant::now();
    let samples = Samples::new(data)?;
    let mut mixture = guess();
    for _ in 0..steps {
        mixture = one_pass::step(&samples, &mixture)?.1;
    }
    Ok((start.elapsed().as_secs_f64(), mixture))
}

/// weight:mean:variance of every component.
fn text(mixture: &Mixture) -> String {
    let one = |c: &Component| format!("{:e}:{:e}:{:e}", c.weight, c.mean, c.variance);
    mixture.components().iter().map(one).collect::<Vec<_>>().join(",")
}
