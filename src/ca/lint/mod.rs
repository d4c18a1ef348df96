//! Rules that every certificate is held against before its authority's key is used: one rule, one file, one clause.
//!
//! A rule reads a certificate through the parser's view, beside the issuer's certificate and the profile, and says what it
//! breaks. Rules with severity [`Severity::Error`] stop the certificate.

mod rules;
#[cfg(test)]
mod sample;

use super::Profile;
use crate::x509::Certificate;

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub struct Examined<'a> {
    /// The certificate, under any signature.
    pub certificate: &'a Certificate,
    /// Its issuer's certificate; `None` when it is self-signed.
    pub issuer: Option<&'a Certificate>,
    /// The profile by which it was made.
    pub profile: &'a Profile,
}

/// How much a broken rule weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth a note.
    Notice,
    /// The certificate must not be issued.
    Error,
}

/// One rule.
pub struct Rule {
    /// Its name: that of its file.
    pub name: &'static str,
    /// Where it is written.
    pub clause: &'static str,
    /// What a break means.
    pub severity: Severity,
    /// Says what is broken, in one clause; `None` when nothing is.
    check: fn(&Examined<'_>) -> Option<String>,
    /// Changes that turn the sample into one that keeps and one that breaks the rule.
    #[cfg(test)]
    fixtures: sample::Fixtures,
}

/// A rule that a certificate breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// Where it is written.
    pub clause: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// What is broken.
    pub message: String,
}

/// All rules, by name.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    rules::ALL.iter().copied()
}

/// Holds a certificate against all rules.
pub fn run(examined: &Examined<'_>) -> Vec<Finding> {
    let finding = |rule: &'static Rule| {
        let message = (rule.check)(examined)?;
        Some(Finding {
            rule: rule.name,
            clause: rule.clause,
            severity: rule.severity,
            message,
        })
    };
    rules().filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_passes_its_good_certificate_and_names_its_bad_one() {
        for rule in rules() {
            let breaks = |change| sample::with(change, |examined| (rule.check)(examined));
            assert_eq!(breaks(rule.fixtures.good), None, "{}", rule.name);
            assert!(
                breaks(rule.fixtures.bad).is_some_and(|message| !message.is_empty()),
                "{}",
                rule.name
            );
        }
    }

    #[test]
    fn rules_stand_in_alphabetical_order_and_once() {
        let names: Vec<_> = rules().map(|rule| rule.name).collect();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
    }

    #[test]
    fn the_sample_itself_breaks_no_rule() {
        sample::with(|_| (), |examined| assert_eq!(run(examined), []));
    }
}
