//! The suite that an argument or a cell of a data set names.

use crate::cli::error::CliError;
use crate::crypto::key::Suite;

/// The suite of that name.
pub(super) fn suite(name: &str) -> Result<Suite, CliError> {
    Suite::from_name(name).ok_or_else(|| CliError::unknown("suite", name, Suite::ALL.map(Suite::name)))
}
