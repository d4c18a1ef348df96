//! The HTTP interface as its callers see it.

mod browser;
mod licences;
mod limits;
mod lists;
mod page;
mod rights;
mod verifications;
