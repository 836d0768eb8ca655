//! What a fitter may be told.

use crate::{FitError, Fitter};

impl Fitter {
    /// Whether the settings have a meaning.
    pub(crate) fn check(&self) -> Result<(), FitError> {
        let setting =
            |name, value: String, domain| Err(FitError::Setting { name, value, domain });
        let (least, most) = (*self.components.start(), *self.components.end());
        match self {
            _ if least == 0 => {
                setting("number of components", "0".into(), "it is at least 1")
            }
            _ if most > Self::MOST_COMPONENTS => {
                setting("number of components", most.to_string(), "it is at most 1000")
            }
            _ if least > most => setting(
                "range of components",
                format!("{least}..={most}"),
                "it runs upwards",
            ),
            _ if self.restarts == 0 => {
                setting("number of starts", "0".into(), "it is at least 1")
            }
            _ if !(self.tolerance >= 0.0 && self.tolerance.is_finite()) => setting(
                "tolerance",
                self.tolerance.to_string(),
                "it is 0 or more, and finite",
            ),
            Self { prior: Some(p), .. } if p.concentration() != 1.0 => setting(
                "concentration of the prior",
                p.concentration().to_string(),
                "it is 1, no prior for the weights",
            ),
            Self { steps: Some(_), start: None, .. } => {
                setting("number of steps", "given".into(), "it needs a start")
            }
            _ => Ok(()),
        }
    }
}
