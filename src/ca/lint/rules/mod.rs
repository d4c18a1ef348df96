//! The rules, one a file.

mod authority_key_identifier;
mod basic_constraints;
mod credit_code;
mod crl_distribution_points;
mod extension_criticality;
mod issuer_is_authority;
mod issuer_name;
mod key_strength;
mod key_usage;
mod profile_conformance;
mod serial_number;
mod subject_key_identifier;
mod subject_name;
mod time_stamping_purpose;
mod validity_order;
mod validity_within_issuer;

#[cfg(test)]
use super::sample;
use super::{Examined, Rule, Severity};

/// Every rule, by name.
pub(super) static ALL: &[&Rule] = &[
    &authority_key_identifier::RULE,
    &basic_constraints::RULE,
    &credit_code::RULE,
    &crl_distribution_points::RULE,
    &extension_criticality::RULE,
    &issuer_is_authority::RULE,
    &issuer_name::RULE,
    &key_strength::RULE,
    &key_usage::RULE,
    &profile_conformance::RULE,
    &serial_number::RULE,
    &subject_key_identifier::RULE,
    &subject_name::RULE,
    &time_stamping_purpose::RULE,
    &validity_order::RULE,
    &validity_within_issuer::RULE,
];
