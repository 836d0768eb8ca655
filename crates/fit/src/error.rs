//! Why there is no fit.

/// Why there is no fit.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
#[non_exhaustive]
pub enum FitError {
    #[error(transparent)]
    Em(#[from] em::EmError),
    #[error(transparent)]
    MStep(#[from] m_step::MStepError),
    #[error(transparent)]
    Grouped(#[from] grouped::GroupedError),
    #[error(transparent)]
    Mixture(#[from] sampling::MixtureError),
    #[error(transparent)]
    Uncertainty(#[from] uncertainty::UncertaintyError),
    #[error(transparent)]
    Start(#[from] start::StartError),
    #[error(transparent)]
    Converge(Box<rate::ConvergeError<FitError>>),
    #[error("the {name} is {value}: {domain}")]
    Setting { name: &'static str, value: String, domain: &'static str },
    #[error(
        "no fit with K = {components}: of {starts} starts each led to a spike, to a component that owns next to nothing, or to no answer; fewer components {} help",
        if *.prior { "may" } else { "or a prior may" }
    )]
    NoneAdmissible { components: usize, starts: usize, prior: bool },
    #[error(
        "there are {classes} classes with samples for {components} components: too few"
    )]
    TooFewClasses { classes: usize, components: usize },
    #[error(
        "there are {samples} samples for K = {components}: each component needs 2 at least"
    )]
    FewSamples { samples: f64, components: usize },
    #[error("there are {samples} samples and {weights} weights")]
    Weights { samples: usize, weights: usize },
    #[error("the weight of sample {sample} is {weight}: a weight is 0 or more, and finite")]
    Weight { sample: usize, weight: f64 },
    #[error("the weights sum to {sum:e}: they may sum to 1e300")]
    WeightSum { sum: f64 },
    /// A table of moments whose bins are too wide for what was found, and a width that is not.
    #[error(
        "component {component} is too narrow for bins of the width {width}: its deviation is {deviation:.2e} or less; ask for a table with the width {wanted}"
    )]
    TooNarrow { component: usize, deviation: f64, width: f64, wanted: f64 },
    #[error("no number of components from {least} to {most} has a fit")]
    NoFit { least: usize, most: usize },
}

impl FitError {
    /// Whether the samples or a setting are at fault, and no other call with them would help: there are
    /// none, they are not finite, all the same or too few for so many components or more, or a setting
    /// has no meaning.
    #[must_use]
    pub fn is_about_input(&self) -> bool {
        use e_step::EStepError;
        use start::StartError::{Constant, NoSamples, NotFinite, TooFew};
        matches!(
            self,
            Self::Start(Constant { .. } | NoSamples | NotFinite { .. } | TooFew { .. })
                | Self::Em(em::EmError::EStep(
                    EStepError::NoSamples | EStepError::NotFinite { .. }
                ))
                | Self::TooFewClasses { .. }
                | Self::FewSamples { .. }
                | Self::Weights { .. }
                | Self::Weight { .. }
                | Self::WeightSum { .. }
                | Self::Setting { .. }
        )
    }
}
