//! A run of EM, as far as somebody has asked for it.

use crate::LabError;
use crate::data::Data;
use crate::request::Request;
use compression::Guarded;
use e_step::Memberships;
use one_pass::Samples;
use rate::{Ending, converge};
use sampling::Mixture;
use stability::{Cure, Prior, StabilityError, penalised_log_likelihood};
use std::cell::Cell;
use std::convert::Infallible;

/// The most half-steps from a start.
const MOST: usize = 20_000;

/// From so many samples on, steps are taken on points in their place.
pub(crate) const MANY: usize = 1 << 16;

/// How steps are taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Steps {
    /// By the formulas of part I.
    Plain,
    /// By the stable ones, with or without a cure.
    Stable(Cure),
    /// By one pass, or on points.
    Guarded,
    /// By labels in place of memberships.
    Labels,
}

/// The cures by what a request calls them.
pub(crate) const CURES: [(&str, &str); 4] = [
    ("plain", "as in part I"),
    ("refuse", "stable arithmetic"),
    ("floor", "a floor"),
    ("prior", "a prior"),
];

impl Steps {
    /// What the request says, for so many samples.
    pub fn new(request: &Request, samples: usize) -> Result<Self, LabError> {
        Ok(match request.one_of("cure", &CURES.map(|cure| cure.0))? {
            "refuse" => Self::Stable(Cure::Refuse),
            "floor" => {
                Self::Stable(Cure::Floor(request.number("floor", 0.01, 0.0..=1.0)?))
            }
            "prior" => {
                let strength = request.number("strength", 2.0, 0.0..=1e6)?;
                Self::Stable(Cure::Prior(Prior::new(strength, 0.1, 1.0)?))
            }
            _ if samples >= MANY => Self::Guarded,
            _ => Self::Plain,
        })
    }

    /// What a request says to get these.
    pub fn state(&self) -> String {
        match self {
            Self::Plain | Self::Guarded => String::new(),
            Self::Labels => "&by=labels".into(),
            Self::Stable(Cure::Refuse) => "&cure=refuse".into(),
            Self::Stable(Cure::Floor(floor)) => format!("&cure=floor&floor={floor}"),
            Self::Stable(Cure::Prior(prior)) => {
                format!("&cure=prior&strength={}", prior.strength())
            }
        }
    }

    /// The memberships of samples.
    pub fn memberships(
        &self,
        data: &[f64],
        mixture: &Mixture,
    ) -> Result<Memberships, LabError> {
        Ok(match self {
            Self::Plain => e_step::e_step(data, mixture).map_err(em::EmError::from)?,
            Self::Labels => k_means::labels(
                &stability::e_step(data, mixture).map_err(StabilityError::from)?,
            ),
            _ => stability::e_step(data, mixture).map_err(StabilityError::from)?,
        })
    }

    /// What the steps climb: the log-likelihood, the penalised one, or the bound by labels.
    pub fn climbed(&self, data: &[f64], mixture: &Mixture) -> Result<f64, LabError> {
        if *self == Self::Labels {
            let labels = self.memberships(data, mixture)?;
            let bound = bound::lower_bound(data, &labels, mixture);
            return Ok(bound.map_err(figures::FigureError::from)?);
        }
        if let Self::Stable(cure) = self {
            return Ok(penalised_log_likelihood(data, mixture, cure)?);
        }
        let value = em::log_likelihood(data, mixture);
        // Where the densities underflow, by their logarithms.
        Ok(if value.is_finite() { value } else { stability::log_likelihood(data, mixture) })
    }
}

/// Why a run goes no further.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct End {
    /// Whether an E-step is still possible.
    pub after_e_step: bool,
    /// The chapter's own words.
    pub reason: String,
}

/// The mixtures of a run and what they have climbed to, and why there is no next one.
pub(crate) struct Run {
    steps: Steps,
    pub mixtures: Vec<Mixture>,
    pub values: Vec<f64>,
    pub end: Option<End>,
    /// Bins of the points that the last step took, where it took points.
    pub bins: Option<usize>,
}

/// A place in a run.
pub(crate) struct Place {
    /// Whole steps from the start.
    pub step: usize,
    /// Whether an E-step has followed.
    pub half: bool,
    /// The farthest half-step that the reader has seen, or a few from the start.
    pub top: usize,
}

impl Place {
    pub fn at(&self) -> usize {
        2 * self.step + usize::from(self.half)
    }
}

impl Run {
    pub fn new(steps: Steps, start: Mixture) -> Self {
        Self { steps, mixtures: vec![start], values: vec![], end: None, bins: None }
    }

    /// What the values are called.
    pub fn climbs(&self) -> &'static str {
        match self.steps {
            Steps::Stable(Cure::Prior(_)) => "Log-likelihood with the prior",
            Steps::Labels => "Bound",
            _ => "Log-likelihood",
        }
    }

    /// Goes on to `step`, or as far as there is an answer, and says how far. Each of these mixtures
    /// has its value then.
    pub fn reach(&mut self, data: &Data, step: usize) -> Result<usize, LabError> {
        match self.steps {
            Steps::Guarded => self.guarded(data, step)?,
            _ => self.plain(&data.samples, step)?,
        }
        Ok(step.min(self.mixtures.len() - 1))
    }

    fn plain(&mut self, data: &[f64], step: usize) -> Result<(), LabError> {
        while self.values.len() <= step {
            let last = &self.mixtures[self.mixtures.len() - 1];
            if self.values.len() < self.mixtures.len() {
                let value = self.steps.climbed(data, &self.mixtures[self.values.len()])?;
                self.values.push(value);
            } else if self.end.is_some() {
                return Ok(());
            } else {
                match next(self.steps, data, last) {
                    Ok(mixture) => self.mixtures.push(mixture),
                    Err(end) => self.end = Some(end),
                }
            }
        }
        Ok(())
    }

    /// A step here gives the value of the mixture that it starts from.
    fn guarded(&mut self, data: &Data, step: usize) -> Result<(), LabError> {
        let samples = Samples::new(&data.samples).map_err(em::EmError::from)?;
        let mut guarded = Guarded::with(&samples, data.points.take());
        while self.values.len() <= step && self.end.is_none() {
            let last = &self.mixtures[self.mixtures.len() - 1];
            match guarded.step(last) {
                Ok((value, mixture)) => {
                    self.values.push(value);
                    self.mixtures.push(mixture);
                    self.bins = guarded.bins();
                }
                Err(error) => {
                    self.values.push(stability::log_likelihood(&data.samples, last));
                    let after_e_step = matches!(error, em::EmError::MStep(_));
                    self.end = Some(End { after_e_step, reason: error.to_string() });
                }
            }
        }
        data.points.set(guarded.into_points());
        Ok(())
    }

    /// The place that a request asks for by `at`, a number of half-steps or `end`, or the last one
    /// before it that there is. One more step is known, so that it is known whether there is one.
    pub fn place(&mut self, data: &Data, request: &Request) -> Result<Place, LabError> {
        let at = match request.get("at") {
            "end" => 2 * self.settle(data)?,
            _ => request.number("at", 0, 0..=MOST)?,
        };
        let (wanted, half) = (at / 2, at % 2 == 1);
        let reached = self.reach(data, wanted + 1)?;
        let step = wanted.min(self.mixtures.len() - 1);
        let last = reached <= step && self.end.is_some();
        let possible = |end: &End| end.after_e_step;
        let e_step = !last || self.end.as_ref().is_some_and(possible);
        let half = e_step && (half || step < wanted);
        let seen = request.number("top", 20, 20..=MOST)?;
        Ok(Place { step, half, top: seen.max(2 * step + usize::from(half)) })
    }

    /// Where the run arrives by the rule of the chapter *Rate*, if that is within these steps. A rule
    /// of one's own, as a small gain, would take the slow start beside a saddle for an arrival.
    pub fn arrival(&self, steps: usize) -> Option<usize> {
        let known = Cell::new(self.values[..=steps].iter().copied());
        let value = |_: &Mixture| {
            let mut values = known.take();
            let value = values.next().unwrap_or(f64::NAN);
            known.set(values);
            value
        };
        let run = self.mixtures[..=steps].iter().cloned().map(Ok::<_, Infallible>);
        let stopped = converge(run, value, 1e-6, steps.max(1)).ok()?;
        (stopped.ending != Ending::OutOfSteps).then_some(stopped.steps)
    }

    /// Goes on until it arrives, or as far as a reader can wait; says how far.
    pub fn settle(&mut self, data: &Data) -> Result<usize, LabError> {
        let mut steps = 32;
        loop {
            let reached = self.reach(data, steps)?;
            let points = self.bins.map_or(data.samples.len(), |bins| 4 * bins);
            let work = points * self.mixtures[0].components().len();
            let most = (20_000_000 / work.max(1)).clamp(32, MOST / 2);
            match self.arrival(reached) {
                Some(step) => return Ok(step),
                None if reached < steps || steps >= most => return Ok(reached),
                None => steps = (2 * steps).min(most),
            }
        }
    }
}

fn next(steps: Steps, data: &[f64], mixture: &Mixture) -> Result<Mixture, End> {
    let end = |after_e_step, reason| End { after_e_step, reason };
    let memberships =
        steps.memberships(data, mixture).map_err(|e| end(false, e.to_string()))?;
    let next = match steps {
        Steps::Stable(cure) => {
            stability::m_step(data, &memberships, &cure).map_err(|e| e.to_string())
        }
        _ => {
            m_step::m_step(data, &memberships).map_err(|e| em::EmError::from(e).to_string())
        }
    };
    next.map_err(|reason| end(true, reason))
}
