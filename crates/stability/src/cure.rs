//! What keeps a component from collapse.

use crate::{StabilityError, arithmetic::moments};
use ::m_step::{MStepError, collapsed};
use sampling::{Component, Mixture};

/// What the M-step does about a component that owns a single point, or nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cure {
    /// An error that names the component.
    Refuse,
    /// No variance falls below this share of the data's variance (eq:floor).
    Floor(f64),
    /// Every component owns a few imaginary samples beside its own.
    Prior(Prior),
}

/// A conjugate prior for the variances and the weights (eq:ln-prior):
///
/// ```text
/// ln p(θ) = (a − 1) Σ_k ln π_k − n₀/2 Σ_k (ln σ_k² + s₀²/σ_k²) + constant
/// ```
///
/// Valid by construction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior {
    strength: f64,
    scale: f64,
    concentration: f64,
}

impl Prior {
    /// Inverse gamma with n₀ = `strength` and s₀² = `scale` times the data's variance, for every
    /// variance; Dirichlet with a = `concentration`, for the weights.
    ///
    /// # Errors
    ///
    /// A strength or a scale that is not above 0; a concentration below 1, which would reward
    /// weights of 0; any of them above 1e100. The error has the name and the value.
    ///
    /// ```
    /// use stability::Prior;
    /// assert!(Prior::new(2.0, 0.1, 1.5).is_ok());
    /// let message = "the concentration of the prior is 0.5: it lies between 1 and 1e100";
    /// assert_eq!(Prior::new(2.0, 0.1, 0.5).unwrap_err().to_string(), message);
    /// ```
    pub fn new(
        strength: f64,
        scale: f64,
        concentration: f64,
    ) -> Result<Self, StabilityError> {
        let (above_0, most) = (0_f64.next_up(), 1e100);
        let positive = "it lies above 0 and up to 1e100";
        let no_less = "it lies between 1 and 1e100";
        for (name, value, least, domain) in [
            ("strength of the prior", strength, above_0, positive),
            ("scale of the prior", scale, above_0, positive),
            ("concentration of the prior", concentration, 1.0, no_less),
        ] {
            if !(least..=most).contains(&value) {
                return Err(StabilityError::Setting { name, value, domain });
            }
        }
        Ok(Self { strength, scale, concentration })
    }

    /// n₀: the variance counts as much as this many samples.
    #[must_use]
    pub fn strength(&self) -> f64 {
        self.strength
    }

    /// s₀² as a share of the data's variance.
    #[must_use]
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// a: each weight counts a − 1 samples more.
    #[must_use]
    pub fn concentration(&self) -> f64 {
        self.concentration
    }
}

impl Cure {
    /// The floor φ, or the prior's s₀², as a share of the data's variance; 0 without either.
    ///
    /// # Errors
    ///
    /// A floor that is not above 0 and at most 1.
    pub fn share(&self) -> Result<f64, StabilityError> {
        match *self {
            Self::Refuse => Ok(0.0),
            Self::Floor(floor) if floor > 0.0 && floor <= 1.0 => Ok(floor),
            Self::Floor(value) => {
                let domain = "a share of the data's variance lies above 0 and up to 1";
                Err(StabilityError::Setting { name: "floor", value, domain })
            }
            Self::Prior(prior) => Ok(prior.scale),
        }
    }

    /// The floor φ s², or the prior's s₀²; 0 without either.
    pub(crate) fn least(&self, data: &[f64]) -> Result<f64, StabilityError> {
        let share = self.share()?;
        if matches!(self, Self::Refuse) {
            return Ok(0.0);
        }
        if data.iter().all(|x| *x == data[0]) {
            return Err(StabilityError::Constant { value: data[0] });
        }
        let (_, deviation) = moments(data, &vec![1.0; data.len()]);
        Ok(share * deviation.powi(2))
    }

    /// The variance that a component gets for what it owns (eq:floor, eq:map-variance).
    pub(crate) fn variance(
        &self,
        component: usize,
        effective_count: f64,
        mean: f64,
        deviation: f64,
        least: f64,
    ) -> Result<f64, MStepError> {
        // ANCHOR: variance
        let variance = deviation.powi(2);
        match self {
            Self::Prior(Prior { strength, .. }) => {
                let all = effective_count + strength;
                Ok(effective_count / all * variance + strength / all * least)
            }
            _ if effective_count < f64::MIN_POSITIVE => {
                Err(MStepError::Empty { component, effective_count })
            }
            Self::Floor(_) => Ok(variance.max(least)),
            Self::Refuse if collapsed(mean, deviation) => {
                Err(MStepError::Collapsed { component, mean, variance })
            }
            Self::Refuse => Ok(variance),
        }
        // ANCHOR_END: variance
    }

    /// The weight that a component gets for the `count` of the samples that it owns (eq:map-weight).
    ///
    /// ```
    /// let prior = stability::Cure::Prior(stability::Prior::new(2.0, 0.1, 2.0).unwrap());
    /// assert_eq!(prior.weight(3.0, 10, 2), 4.0 / 12.0); // one sample more for each component
    /// ```
    #[must_use]
    pub fn weight(&self, count: f64, samples: usize, components: usize) -> f64 {
        let more = if let Self::Prior(p) = self { p.concentration - 1.0 } else { 0.0 };
        (count + more) / (samples as f64 + components as f64 * more)
    }

    /// ln p(θ) up to a constant (eq:ln-prior); 0 without a prior.
    pub(crate) fn ln_prior(&self, mixture: &Mixture, least: f64) -> f64 {
        let Self::Prior(Prior { strength, concentration, .. }) = self else { return 0.0 };
        let more = concentration - 1.0;
        let penalty = |c: &Component| {
            let weight = if more > 0.0 { more * c.weight.ln() } else { 0.0 }; // 0 ln 0 is 0
            weight - 0.5 * (strength * c.variance.ln() + strength * least / c.variance)
        };
        mixture.components().iter().map(penalty).sum()
    }
}
