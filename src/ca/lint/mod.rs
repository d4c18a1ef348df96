//! Rules that certificates are held against: ours before their authority's key is used, and anybody's on demand.
//!
//! A rule has a name, the clause that it follows, a weight and the certificates that it is about, and one small
//! function that reads the parsed certificate. A broken rule of severity [`Severity::Error`] stops a certificate of
//! ours. Rules about what is ours to choose (names, length of serial numbers, addresses) say nothing about certificates
//! of others, so that a partner's authority is certified under the name it has. Texts for people are `rule-NAME` in
//! `templates/locales`. Left out: what reading refuses already (malformed values, duplicate extensions, trailing data).

mod rules;
#[cfg(test)]
mod sample;

use der::asn1::ObjectIdentifier;

use super::Profile;
use crate::crypto::KeyKind;
use crate::x509::Certificate;

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub struct Examined<'a> {
    /// The certificate, under any signature.
    pub certificate: &'a Certificate,
    /// Its issuer's certificate; `None` when it is self-signed, or the issuer's is not at hand.
    pub issuer: Option<&'a Certificate>,
    /// Whose it is.
    pub standing: Standing<'a>,
}

/// Whose certificate it is, which says what may be asked of it.
#[derive(Debug, Clone, Copy)]
pub enum Standing<'a> {
    /// Made here by this profile, for a subject that we name.
    Own(&'a Profile),
    /// Made here by this profile, for an authority of somebody else under the name and key identifier that it has.
    Partner(&'a Profile),
    /// Made by somebody else.
    Foreign,
}

impl<'a> Examined<'a> {
    /// The profile by which it was made, if it was made here.
    fn profile(&self) -> Option<&'a Profile> {
        match self.standing {
            Standing::Own(profile) | Standing::Partner(profile) => Some(profile),
            Standing::Foreign => None,
        }
    }

    /// `extKeyUsage`; none where it is absent.
    fn purposes(&self) -> &'a [ObjectIdentifier] {
        let purposes = self.certificate.extensions().ext_key_usage.as_ref();
        purposes.map_or(&[], |purposes| &purposes.value)
    }

    /// Whether `extKeyUsage` names that purpose.
    fn serves(&self, purpose: &ObjectIdentifier) -> bool {
        self.purposes().contains(purpose)
    }
}

/// How much a broken rule weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing: the standard allows it.
    Notice,
    /// Against what a standard recommends (SHOULD).
    Warning,
    /// Against what a standard demands (MUST): a certificate of ours is not issued.
    Error,
}

impl Severity {
    /// Its name: `notice`, `warning`, `error`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// The certificates that a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Any.
    Every,
    /// Those that say they are authorities'.
    Authorities,
    /// The others.
    EndEntities,
    /// Those whose issuer's certificate is at hand.
    Issued,
    /// Those made here.
    House,
    /// Those made here whose subject we name.
    HouseSubjects,
    /// Those of SM2 keys.
    National,
}

impl Scope {
    fn holds(self, examined: &Examined<'_>) -> bool {
        match self {
            Self::Every => true,
            Self::Authorities => examined.certificate.is_ca(),
            Self::EndEntities => !examined.certificate.is_ca(),
            Self::Issued => examined.issuer.is_some(),
            Self::House => !matches!(examined.standing, Standing::Foreign),
            Self::HouseSubjects => matches!(examined.standing, Standing::Own(_)),
            Self::National => examined
                .certificate
                .public_key()
                .is_ok_and(|key| key.kind() == KeyKind::Sm2),
        }
    }
}

/// One rule.
pub struct Rule {
    /// Its name: stable, lower case, hyphenated.
    pub name: &'static str,
    /// What a break means.
    pub severity: Severity,
    /// Where it is written.
    pub clause: &'static str,
    /// Which certificates it is about.
    pub scope: Scope,
    /// The value that breaks it, empty where none is to be quoted; `None` when it is kept.
    check: fn(&Examined<'_>) -> Option<String>,
    /// A certificate that keeps it, and one that breaks it and nothing else.
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
    /// The value that breaks it; empty where the rule's text quotes none.
    pub value: String,
}

/// All rules, family by family.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    rules::FAMILIES.iter().copied().flatten()
}

/// Holds a certificate against all rules that are about it; the heaviest findings come first.
pub fn run(examined: &Examined<'_>) -> Vec<Finding> {
    let finding = |rule: &'static Rule| {
        let value = rule.scope.holds(examined).then(|| (rule.check)(examined)).flatten()?;
        Some(Finding {
            rule: rule.name,
            clause: rule.clause,
            severity: rule.severity,
            value,
        })
    };
    let mut findings: Vec<_> = rules().filter_map(finding).collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(examined: &Examined<'_>) -> Vec<&'static str> {
        run(examined).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn every_rule_has_a_certificate_that_keeps_all_and_one_that_breaks_it_alone() {
        let faults: Vec<_> = rules().filter_map(fault).collect();
        assert!(faults.is_empty(), "{faults:#?}");
    }

    fn fault(rule: &Rule) -> Option<String> {
        let (good, bad) = (rule.fixtures.good(), rule.fixtures.bad());
        let (kept, found) = (broken(&good.examined()), broken(&bad.examined()));
        let is_about = rule.scope.holds(&good.examined());
        let is_right = is_about && kept.is_empty() && found == [rule.name];
        (!is_right).then(|| {
            format!(
                "{}: about the good one {is_about}, which breaks {kept:?}; the bad one {found:?}",
                rule.name
            )
        })
    }

    #[test]
    fn each_rule_has_a_name_of_its_own_and_a_clause() {
        let mut names: Vec<_> = rules().map(|rule| rule.name).collect();
        names.sort_unstable();
        assert!(names.is_sorted_by(|a, b| a < b), "a name stands twice: {names:?}");
        assert!(rules().all(|rule| !rule.clause.is_empty()));
    }

    #[test]
    fn an_authority_of_somebody_else_keeps_the_name_it_has() {
        let partner = sample::partner();
        assert_eq!(broken(&partner.examined()), [""; 0]);
    }

    #[test]
    fn the_heaviest_finding_comes_first() {
        let odd = sample::written(sample::organisation(), |draft| {
            draft.extensions.crl_distribution_points = None;
            draft.extensions.subject_key_identifier = None;
            draft.validity.not_after = draft.validity.not_before;
        });
        let findings = run(&odd.examined());
        let weights: Vec<_> = findings.iter().map(|finding| finding.severity).collect();
        assert_eq!(weights, [Severity::Error, Severity::Warning, Severity::Notice]);
    }
}
