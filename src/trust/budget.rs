//! Counted work: what one validation may cost, whatever certificates it is given. All of it together stays under a
//! fifth of a second on one core of a small server.

use crate::crypto::KeyKind;
use crate::x509::Name;

/// Signature checks, of certificates, lists and responses together. Paths in use need one for each certificate and one
/// for each list. One takes up to a sixth of a millisecond; slower ones count twice, those with long RSA keys and on
/// curves of more than 256 bits four times.
pub const MAX_SIGNATURE_CHECKS: u32 = 200;

/// Signature checks for one document together, those of its messages, time stamps and seals among them, each of which
/// counts once more for being looked at. A hundred signatures at level B-LTA take nine each, and twenty-seven with keys
/// of the slowest kinds: message, time stamp, document time stamp, certificate, response and responder. All together
/// take two thirds of a second.
pub const MAX_SIGNATURE_CHECKS_OF_DOCUMENT: u32 = 4_000;

/// Longest RSA modulus, in bits, with which a signature check is none of the slower ones, whatever its exponent.
const RSA_BITS_OF_A_CHECK: usize = 4096;

/// Octets that are digested for a second key and those after it, of lists, certificates and responses whose digest is
/// not the same for all keys (SM2, Ed25519): eight times the largest list that is read of a document. They take a tenth
/// of a second.
pub const MAX_OCTETS_AGAIN: u32 = 32 << 20;

/// The same for one document.
const MAX_OCTETS_AGAIN_OF_DOCUMENT: u32 = 2 * MAX_OCTETS_AGAIN;

/// Candidates for an issuer, a list, an answer or the signer of one, that are looked at by name, key identifier or
/// digest, before any signature. Twenty times the largest bag of intermediate certificates in the public suites (100),
/// for each of the ten levels that follow, and as much for lists and answers. Each is taken before it is looked at, and
/// what it is compared by is computed once for each certificate. One with a long name counts once more for each
/// [`OCTETS_OF_CANDIDATE`] of it.
pub const MAX_CANDIDATES: u32 = 40_000;

/// Octets of an encoded name that are looked at as quickly as a candidate. Names in use have one or two hundred.
pub const OCTETS_OF_CANDIDATE: usize = 64;

/// Complete paths that are judged in search of one that passes. Meshes in use have a handful; the largest of the public
/// suites has six.
pub const MAX_PATHS: u32 = 500;

/// Complete paths that are judged once more to say why none passes.
pub const MAX_PATHS_EXPLAINED: u32 = 16;

/// Names held against constraints, times constraints, names of distribution points held against one another, and those
/// in answers against certificates where no path is asked for. The
/// public suites for name constraints need some dozens where they pass, and eight millions where they are meant to
/// exhaust; 250,000 take some milliseconds.
pub const MAX_NAME_COMPARISONS: u32 = 250_000;

/// Policies and policy mappings, of all certificates on all paths that are judged. A certificate of an authority in a
/// bridge has some tens.
pub const MAX_POLICIES: u32 = 100_000;

/// Certificates on a path, target and anchor included. The longest path of the public suites has twelve.
pub const MAX_PATH_LENGTH: usize = 16;

/// Signers of lists and responses under signers of lists and responses: the certificate of one has a status of its own.
pub const MAX_SIGNER_DEPTH: usize = 3;

/// Failed attempts that are kept to be reported.
pub const MAX_ATTEMPTS_KEPT: usize = 16;

/// Validations at their limits that those for one document may cost together. A licence needs three, a contract of a
/// dozen parties some forty, each with a hundredth of its limits.
const VALIDATIONS_OF_DOCUMENT: u32 = 5;

/// What is left of the work that a validation may cost.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    signature_checks: Counter,
    octets_again: Counter,
    candidates: Counter,
    paths: Counter,
    name_comparisons: Counter,
    policies: Counter,
}

/// The work is used up: the search ends here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exhausted {
    /// `signature checks`, `octets digested again`, `candidates`, `paths`, `name comparisons` or `policies`.
    pub(super) what: &'static str,
    /// How many were allowed.
    pub(super) limit: u32,
}

/// Work of one kind.
#[derive(Debug, Clone)]
struct Counter {
    what: &'static str,
    limit: u32,
    used: u32,
}

impl Counter {
    fn new(what: &'static str, limit: u32) -> Self {
        Self { what, limit, used: 0 }
    }

    fn take(&mut self, count: usize) -> Result<(), Exhausted> {
        let used = u32::try_from(count).ok().and_then(|count| self.used.checked_add(count));
        match used.filter(|used| *used <= self.limit) {
            Some(used) => {
                self.used = used;
                Ok(())
            }
            None => Err(Exhausted {
                what: self.what,
                limit: self.limit,
            }),
        }
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            signature_checks: Counter::new("signature checks", MAX_SIGNATURE_CHECKS),
            octets_again: Counter::new("octets digested again", MAX_OCTETS_AGAIN),
            candidates: Counter::new("candidates", MAX_CANDIDATES),
            paths: Counter::new("paths", MAX_PATHS),
            name_comparisons: Counter::new("name comparisons", MAX_NAME_COMPARISONS),
            policies: Counter::new("policies", MAX_POLICIES),
        }
    }
}

impl Budget {
    /// That of all validations for one document together.
    pub(super) fn of_document() -> Self {
        let mut budget = Self::default();
        for counter in budget.counters() {
            counter.limit *= VALIDATIONS_OF_DOCUMENT;
        }
        budget.signature_checks.limit = MAX_SIGNATURE_CHECKS_OF_DOCUMENT;
        budget.octets_again.limit = MAX_OCTETS_AGAIN_OF_DOCUMENT;
        budget
    }

    /// That of one validation, as far as there is so much left.
    pub(super) fn portion(&self) -> Self {
        let (mut portion, mut left) = (Self::default(), self.clone());
        for (counter, left) in portion.counters().into_iter().zip(left.counters()) {
            counter.limit = counter.limit.min(left.limit - left.used);
        }
        portion
    }

    /// Counts what was used of a portion.
    pub(super) fn charge(&mut self, portion: &Self) {
        let mut portion = portion.clone();
        for (counter, portion) in self.counters().into_iter().zip(portion.counters()) {
            counter.used = counter.used.saturating_add(portion.used).min(counter.limit);
        }
    }

    fn counters(&mut self) -> [&mut Counter; 6] {
        [
            &mut self.signature_checks,
            &mut self.octets_again,
            &mut self.candidates,
            &mut self.paths,
            &mut self.name_comparisons,
            &mut self.policies,
        ]
    }

    /// Counts one signature check with a key of this kind.
    pub(super) fn signature_check(&mut self, kind: KeyKind) -> Result<(), Exhausted> {
        self.signature_checks.take(match kind {
            KeyKind::Rsa { bits } if bits > RSA_BITS_OF_A_CHECK => 4,
            KeyKind::BrainpoolP256 => 2,
            KeyKind::P384 | KeyKind::P521 | KeyKind::BrainpoolP384 => 4,
            _ => 1,
        })
    }

    /// Counts a message that is looked at.
    pub(super) fn message(&mut self) -> Result<(), Exhausted> {
        self.signature_checks.take(1)
    }

    /// Counts octets that were digested before for another key.
    pub(super) fn digested_again(&mut self, octets: usize) -> Result<(), Exhausted> {
        self.octets_again.take(octets)
    }

    /// Counts one candidate that is looked at by this name.
    pub(super) fn candidate(&mut self, name: &Name) -> Result<(), Exhausted> {
        self.candidates.take(1 + name.der().len() / OCTETS_OF_CANDIDATE)
    }

    /// Counts one complete path.
    pub(super) fn path(&mut self) -> Result<(), Exhausted> {
        self.paths.take(1)
    }

    /// Counts names held against constraints.
    pub(super) fn name_comparisons(&mut self, count: usize) -> Result<(), Exhausted> {
        self.name_comparisons.take(count)
    }

    /// Counts policies.
    pub(super) fn policies(&mut self, count: usize) -> Result<(), Exhausted> {
        self.policies.take(count)
    }

    /// Signature checks made so far.
    pub(super) fn signature_checks_used(&self) -> u32 {
        self.signature_checks.used
    }

    /// Candidates looked at so far.
    pub(super) fn candidates_used(&self) -> u32 {
        self.candidates.used
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_go_beyond_the_limit_is_not_counted_and_ends_the_work() {
        let mut budget = Budget::default();
        assert_eq!(budget.policies(MAX_POLICIES as usize), Ok(()));
        let exhausted = budget.policies(1).unwrap_err();
        assert_eq!((exhausted.what, exhausted.limit), ("policies", MAX_POLICIES));
        assert!(budget.name_comparisons(usize::MAX).is_err());
        assert_eq!(budget.name_comparisons(1), Ok(()));
    }

    #[test]
    fn validations_for_one_document_share_what_there_is() {
        let mut document = Budget::of_document();
        for _ in 0..VALIDATIONS_OF_DOCUMENT {
            let mut one = document.portion();
            assert_eq!(one.policies(MAX_POLICIES as usize), Ok(()), "each has a whole budget");
            document.charge(&one);
        }
        assert!(document.portion().policies(1).is_err(), "until there is no more");
        assert_eq!(document.portion().signature_check(KeyKind::P256), Ok(()));
    }
}
