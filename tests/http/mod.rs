//! The HTTP interface as its callers see it.

mod browser;
mod certificate_acts;
mod certificate_quorum;
mod certificates;
mod licences;
mod limits;
mod lists;
mod ocsp;
mod operation;
mod page;
mod proposals;
mod rights;
mod time_stamps;
mod verifications;
