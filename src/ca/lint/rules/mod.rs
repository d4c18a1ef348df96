//! The rules, a family a file.

mod addresses;
mod alternative_names;
mod constraints;
mod dates;
mod extensions;
mod form;
mod identifiers;
mod key_usage;
mod keys;
mod organisations;
mod policies;
mod profile;
mod purposes;
mod subject;

use std::collections::BTreeSet;
use std::fmt::Display;

#[cfg(test)]
use super::sample;
use super::{Examined, Rule, Scope, Severity};
use crate::x509::Extension;

/// The rules of each family.
pub(super) static FAMILIES: &[&[Rule]] = &[
    form::RULES,
    dates::RULES,
    identifiers::RULES,
    keys::RULES,
    key_usage::RULES,
    purposes::RULES,
    constraints::RULES,
    policies::RULES,
    subject::RULES,
    alternative_names::RULES,
    addresses::RULES,
    extensions::RULES,
    organisations::RULES,
    profile::RULES,
];

/// Nothing to quote, where a rule is broken.
fn broken(is_broken: bool) -> Option<String> {
    is_broken.then(String::new)
}

/// Where an extension has another criticality than it must have.
fn misflagged<T>(extension: &Option<Extension<T>>, critical: bool) -> Option<String> {
    broken(extension.as_ref().is_some_and(|found| found.critical != critical))
}

/// The first value that stands before already.
fn twice<T: Display>(values: &[T]) -> Option<String> {
    if values.len() < 2 {
        return None;
    }
    let mut seen = BTreeSet::new();
    values
        .iter()
        .map(ToString::to_string)
        .find(|value| !seen.insert(value.clone()))
}
