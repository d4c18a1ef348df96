//! Why a command did not do what it was asked, as problems that are told in the reader's language.

use std::fmt::Display;
use std::io;
use std::path::Path;

use crate::config::ConfigError;
use crate::keystore::KeystoreError;
use crate::problem::{Explain, Problem};
use crate::service::error::ServiceError;
use crate::store::StoreError;

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    /// A use case refused or failed.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The keys cannot be used.
    #[error(transparent)]
    Keystore(#[from] KeystoreError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file failed.
    #[error("{file}: {source}")]
    File {
        /// The file.
        file: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// The operating system gave no threads or no socket.
    #[error("{what}: {source}")]
    System {
        /// What was asked of it.
        what: String,
        /// What it said.
        source: io::Error,
    },
    /// It was told to stop before it was done.
    #[error("stopped with {left} file(s) to do")]
    Interrupted {
        /// How many files nothing was done with.
        left: usize,
    },
    /// An argument cannot be used, or what it names.
    #[error("the arguments cannot be used: {0:?}")]
    Argument(Vec<Problem>),
}

impl CliError {
    /// A file that failed.
    pub(super) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::File {
            file: path.display().to_string(),
            source,
        }
    }

    /// What is wrong with an argument, or with what it names.
    pub(super) fn wrong(argument: &str, problem: Problem) -> Self {
        Self::Argument(vec![problem.field(argument)])
    }

    /// An argument that is none of the values that it takes.
    pub(super) fn unknown<'a>(argument: &str, value: impl Display, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<_> = known.into_iter().collect();
        let problem = Problem::new("argument-unknown").param("value", value);
        Self::wrong(argument, problem.param("known", known.join(", ")))
    }

    /// An argument that is needed with the others and not given.
    pub(super) fn needed(argument: &str) -> Self {
        Self::wrong(argument, Problem::new("field-required"))
    }

    /// An argument, or a file that it names, that is not of its form, in the words of whoever read it.
    pub(super) fn unreadable(argument: &str, value: impl Display, reason: impl Display) -> Self {
        let problem = Problem::new("argument-unreadable").param("value", value);
        Self::wrong(argument, problem.param("reason", reason))
    }

    /// Something of the program's own that did not do what it must.
    pub(super) fn failed(error: impl Display) -> Self {
        Self::Service(ServiceError::internal(error))
    }

    /// Whether the command ran and was refused, rather than could not run.
    pub(super) fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Service(
                ServiceError::Refused(_)
                    | ServiceError::Conflict(_)
                    | ServiceError::NotFound { .. }
                    | ServiceError::Denied(_)
            )
        )
    }
}

impl Explain for CliError {
    fn problems(&self) -> Vec<Problem> {
        match self {
            // Whoever types commands runs the service, and may know what it hides from others.
            Self::Service(ServiceError::Unavailable(reason) | ServiceError::Internal(reason)) => vec![because(reason)],
            Self::Service(error) => error.problems(),
            Self::Config(error) => error.problems(),
            Self::Keystore(error) => error.problems(),
            Self::Store(error) => vec![of_store(error)],
            Self::File { file, source } => vec![Problem::of_file(file, source)],
            Self::System { what, source } => vec![because(format!("{what}: {source}"))],
            Self::Interrupted { left } => vec![Problem::new("interrupted").param("count", left)],
            Self::Argument(problems) => problems.clone(),
        }
    }
}

fn because(reason: impl Display) -> Problem {
    Problem::new("failed-because").param("reason", reason)
}

fn of_store(error: &StoreError) -> Problem {
    match error {
        StoreError::Location(location) => Problem::new("database-location").param("value", location),
        StoreError::Unavailable(reason) => Problem::new("database-unavailable").param("reason", reason),
        StoreError::Migration(reason) => Problem::new("database-migration").param("reason", reason),
        other => because(other),
    }
}
