//! PKITS and x509-limbo, case by case.

use std::fs;

use super::exceptions::assert_exactly;
use crate::support::suites::suite;
use crate::support::{limbo, pkits};

#[test]
fn pkits_verdicts_and_policies_are_the_expected_ones() {
    let Some(folder) = suite("pkits") else { return };
    let cases = pkits::run(&folder).expect("the suite is read");
    assert!(cases.len() >= 249, "{} cases", cases.len());
    let different: Vec<(&str, String)> = cases
        .iter()
        .filter(|case| !case.agrees())
        .map(|case| (case.id.as_str(), format!("{}; {case:?}", case.reason)))
        .collect();
    assert_exactly(include_str!("pkits_exceptions.txt"), &different);
}

#[test]
fn limbo_verdicts_are_the_expected_ones() {
    let Some(folder) = suite("limbo") else { return };
    let file = fs::read(folder.join("limbo.json")).expect("limbo.json");
    // After the last case was made, and before the first certificate of a case without a time of its own ends.
    let cases = limbo::run(&file, "2026-06-01T00:00:00Z".parse().expect("a time")).expect("the suite is read");
    assert!(cases.len() >= 500, "{} cases", cases.len());
    let different: Vec<(&str, String)> = cases
        .iter()
        .filter(|case| case.valid != case.expected)
        .map(|case| (case.id.as_str(), case.reason.clone()))
        .collect();
    assert_exactly(include_str!("limbo_exceptions.txt"), &different);
}
