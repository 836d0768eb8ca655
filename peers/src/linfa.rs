//! linfa's mixture of normals, made to take a given start and a given number of steps.

use crate::{Result, text};
use linfa::{DatasetBase, traits::Fit};
use linfa_clustering::{GaussianMixtureModel, GmmInitMethod};
use ndarray::Array2;
use ndarray_rand::rand::{Error, RngCore};
use notebook::guess;
use sampling::{Component, Mixture};
use std::{array, fs, rc::Rc, time::Instant};

pub const VERSION: &str = "0.8.1";

/// linfa takes no start; it draws memberships at random, a `u64` for each. This generator gives it
/// the memberships of the notebook's guess.
#[derive(Clone)]
struct Memberships {
    bits: Rc<Vec<u64>>,
    next: usize,
}

impl Memberships {
    fn new(data: &[f64]) -> Self {
        let start = guess();
        let components = start.components();
        let numerator = |x: f64, c: &Component| {
            c.weight * (-0.5 * (x - c.mean).powi(2) / c.variance).exp() / c.variance.sqrt()
        };
        let bits = data.iter().flat_map(|&x| {
            let owned: [f64; 2] = array::from_fn(|k| numerator(x, &components[k]));
            let total: f64 = owned.iter().sum();
            // A uniform number is the upper 52 bits.
            owned.map(|y| ((y / total * 2f64.powi(52)) as u64).min((1 << 52) - 1) << 12)
        });
        Self { bits: Rc::new(bits.collect()), next: 0 }
    }
}

impl RngCore for Memberships {
    fn next_u64(&mut self) -> u64 {
        self.next += 1;
        self.bits[self.next - 1]
    }
    fn next_u32(&mut self) -> u32 {
        unreachable!("a membership is drawn as a u64")
    }
    fn fill_bytes(&mut self, _: &mut [u8]) {
        unreachable!("a membership is drawn as a u64")
    }
    fn try_fill_bytes(&mut self, _: &mut [u8]) -> std::result::Result<(), Error> {
        unreachable!("a membership is drawn as a u64")
    }
}

/// An odd number of steps from the notebook's guess, and the seconds that they took.
///
/// linfa is an error where it has not converged, and a further run goes on where the last one
/// ended: with an infinite tolerance each run is two steps. One more comes first, from the memberships.
pub fn steps(data: &[f64], steps: usize) -> Result<(f64, Mixture)> {
    let dataset =
        DatasetBase::from(Array2::from_shape_vec((data.len(), 1), data.to_vec())?);
    let memberships = Memberships::new(data);
    let start = Instant::now();
    let model = GaussianMixtureModel::params_with_rng(2, memberships)
        .init_method(GmmInitMethod::Random)
        .reg_covariance(0.0)
        .tolerance(f64::INFINITY)
        .n_runs((steps as u64 - 1) / 2)
        .fit(&dataset)?;
    Ok((start.elapsed().as_secs_f64(), mixture(&model)?))
}

/// A fit with linfa's defaults; their seed is 42.
pub fn fits(file: &str, k: usize) -> Result<()> {
    let text_of_file = fs::read_to_string(file)?;
    let data: std::result::Result<Vec<f64>, _> =
        text_of_file.lines().skip(1).map(str::parse).collect();
    let data = data?;
    let dataset = DatasetBase::from(Array2::from_shape_vec((data.len(), 1), data)?);
    for _ in 0..5 {
        let start = Instant::now();
        let answer = GaussianMixtureModel::params(k).fit(&dataset);
        let seconds = start.elapsed().as_secs_f64();
        let fit = match answer {
            Ok(model) => text(&mixture(&model)?),
            Err(error) => format!("failed: {error}"),
        };
        println!("fits\tlinfa\t{VERSION}\t{file}\t{k}\t{seconds}\t{fit}");
    }
    Ok(())
}

fn mixture(model: &GaussianMixtureModel<f64>) -> Result<Mixture> {
    let component = |k: usize| Component {
        weight: model.weights()[k],
        mean: model.means()[[k, 0]],
        variance: model.covariances()[[k, 0, 0]],
    };
    let components: Vec<_> = (0..model.weights().len()).map(component).collect();
    Ok(Mixture::new(components)?)
}
