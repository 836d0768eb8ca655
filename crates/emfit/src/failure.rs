//! What went wrong, and the exit status that says so.

use std::fmt::Display;
use std::io;
use std::process::ExitCode;

#[derive(Debug)]
pub(crate) enum Failure {
    /// Bad usage or bad input.
    Input(String),
    /// No fit, or no way to write it.
    Fit(String),
    /// Nobody reads on: no failure of ours.
    Closed,
}

impl Failure {
    /// Bad usage or bad input, at a place.
    pub fn input(place: impl Display, problem: impl Display) -> Self {
        Self::Input(format!("{place}: {problem}"))
    }

    /// The same, at a place.
    pub fn at(self, place: &str) -> Self {
        match self {
            Self::Input(problem) => Self::Input(format!("{place}: {problem}")),
            Self::Fit(problem) => Self::Fit(format!("{place}: {problem}")),
            Self::Closed => Self::Closed,
        }
    }

    /// Something could not be written.
    pub fn writing(place: impl Display, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Fit(format!("{place}: cannot write: {error}")),
        }
    }

    /// Says it on one line.
    pub fn report(self) -> ExitCode {
        let (code, message) = match self {
            Self::Input(message) => (2, message),
            Self::Fit(message) => (1, message),
            Self::Closed => return ExitCode::SUCCESS,
        };
        crate::say(&message);
        code.into()
    }
}

impl From<columns::ReadError> for Failure {
    fn from(error: columns::ReadError) -> Self {
        Self::Input(error.to_string())
    }
}

impl From<fit::FitError> for Failure {
    fn from(error: fit::FitError) -> Self {
        let kind = if error.is_about_input() { Self::Input } else { Self::Fit };
        kind(error.to_string())
    }
}
