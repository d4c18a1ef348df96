//! Counted work: what one validation may cost, whatever certificates it is given.

/// Signature checks, of certificates and lists together. Paths in use need one for each certificate and one for each list;
/// the number is that of the validator of the Rust TLS stack, which met the public pathological suites with it.
pub const MAX_SIGNATURE_CHECKS: u32 = 100;

/// Candidates for an issuer that are looked at by name and key identifier, before any signature. Ten times the largest
/// bag of intermediate certificates in the public suites (100), for each of the ten levels that follow.
pub const MAX_CANDIDATES: u32 = 10_000;

/// Certificates on a path, target and anchor included. The longest path of the public suites has twelve.
pub const MAX_PATH_LENGTH: usize = 16;

/// Failed attempts that are kept to be reported.
pub const MAX_ATTEMPTS_KEPT: usize = 16;

/// What is left of the work that a validation may cost.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    signature_checks: u32,
    candidates: u32,
}

/// The work is used up: the search ends here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exhausted {
    /// `signature checks` or `candidates`.
    pub(super) what: &'static str,
    /// How many were allowed.
    pub(super) limit: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            signature_checks: MAX_SIGNATURE_CHECKS,
            candidates: MAX_CANDIDATES,
        }
    }
}

impl Budget {
    /// Counts one signature check.
    pub(super) fn signature_check(&mut self) -> Result<(), Exhausted> {
        take(
            &mut self.signature_checks,
            Exhausted {
                what: "signature checks",
                limit: MAX_SIGNATURE_CHECKS,
            },
        )
    }

    /// Counts one candidate.
    pub(super) fn candidate(&mut self) -> Result<(), Exhausted> {
        take(
            &mut self.candidates,
            Exhausted {
                what: "candidates",
                limit: MAX_CANDIDATES,
            },
        )
    }

    /// Signature checks made so far.
    pub(super) fn signature_checks_used(&self) -> u32 {
        MAX_SIGNATURE_CHECKS - self.signature_checks
    }

    /// Candidates looked at so far.
    pub(super) fn candidates_used(&self) -> u32 {
        MAX_CANDIDATES - self.candidates
    }
}

fn take(left: &mut u32, exhausted: Exhausted) -> Result<(), Exhausted> {
    *left = left.checked_sub(1).ok_or(exhausted)?;
    Ok(())
}
