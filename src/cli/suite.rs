//! The suite that an argument or a cell of a data set names.

use crate::cli::output::CliError;
use crate::crypto::key::Suite;

/// The suite of that name.
pub(super) fn suite(name: &str) -> Result<Suite, CliError> {
    Suite::from_name(name).ok_or_else(|| CliError::value("suite", name, "is neither international nor national"))
}
