//! Bodies of ours that others speak for. A recognised authority vouches for the bodies of its own place: who signs or
//! seals under it in the name of one of ours is refused, with a licence inside the file or without. So is who signs in
//! that name by a certificate that leads to nobody at all: anybody makes one with any name in it.
//!
//! The regions of our bodies stand in the recognition list, and are asked wherever a file is judged. Codes and names of
//! the bodies themselves are known to the register alone, which asks through [`Report::refuse_bodies_of_ours`] too.

use super::report::{Conclusion, Report, SignatureKind, SignatureReport};
use crate::problem::Problem;

/// How the reasons begin.
const REFUSED: &str = "own-body-certified-";
/// What is said of a certificate that leads to nobody, with the advice to recognise its issuer: none for a name of
/// ours.
const LEADS_NOWHERE: &str = "no-path";

/// First character of the codes of state organs and public institutions, which are entered by the office of
/// establishments (GB 32100 table 1).
pub const ORGANS: &str = "1";

/// A body as a signature names it that does not rest on us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedBody<'r> {
    /// Name of the recognised authority of others that certified it; `None` where its certificate leads to nobody.
    pub authority: Option<&'r str>,
    /// Credit codes: that of the signer, that of the owner of its seal.
    pub codes: Vec<&'r str>,
    /// Names of the signer, all that its certificate calls it, and of its seal.
    pub names: Vec<&'r str>,
}

impl<'r> NamedBody<'r> {
    /// Whom a business signature that did not fail names; `None` where it rests on us.
    fn of(signature: &'r SignatureReport) -> Option<Self> {
        let may_count = signature.kind == SignatureKind::Signature && signature.conclusion <= Conclusion::Indeterminate;
        let signer = signature.signer.as_ref().filter(|_| may_count);
        let recognition = signature.recognition.as_ref();
        let rests_on_us = match recognition {
            Some(recognition) => recognition.own,
            None => signer.is_none() || signature.is_signer_proven(),
        };
        if !may_count || rests_on_us {
            return None;
        }
        let seal = signature.seal.as_ref();
        let owner = seal.and_then(|seal| seal.owner.as_deref());
        let code = signer.and_then(|signer| signer.credit_code.as_deref());
        let shown = recognition.and_then(|found| found.steps.first());
        let names = [
            signer.map(|signer| signer.name.as_str()),
            signer.map(|signer| signer.subject.as_str()),
            shown.map(|step| step.name.as_str()),
            shown.and_then(|step| step.organisation.as_deref()),
            seal.map(|seal| seal.name.as_str()),
        ];
        Some(Self {
            authority: recognition.map(|found| found.authority.as_str()),
            codes: code.into_iter().chain(owner).collect(),
            names: names.into_iter().flatten().collect(),
        })
    }

    /// Whether one of its codes is of a region of which this holds. Where nobody vouches for it, of an organ:
    /// enterprises have certificates of many authorities that are not recognised here.
    pub fn is_of_region(&self, is_ours: impl Fn(&str) -> bool) -> bool {
        let counts = |code: &str| self.authority.is_some() || code.starts_with(ORGANS);
        self.codes.iter().any(|code| counts(code) && is_ours(code))
    }

    fn refusal(&self) -> Problem {
        let name = self.names.first().copied().unwrap_or_default();
        match self.authority {
            Some(authority) => Problem::new("own-body-certified-elsewhere")
                .param("issuer", name)
                .param("authority", authority),
            None => Problem::new("own-body-certified-by-nobody").param("issuer", name),
        }
    }
}

impl Report {
    /// Refuses the file, and each of its business signatures that did not fail, does not rest on us and names a body of
    /// which `is_ours` holds.
    pub fn refuse_bodies_of_ours(&mut self, is_ours: impl Fn(&NamedBody<'_>) -> bool) {
        let mut refusals: Vec<Problem> = Vec::new();
        for signature in &mut self.signatures {
            let body = NamedBody::of(signature).filter(|body| is_ours(body));
            let Some(refusal) = body.map(|body| body.refusal()) else {
                continue;
            };
            signature.conclusion = Conclusion::Invalid;
            signature.reasons.retain(|reason| reason.code != LEADS_NOWHERE);
            signature.reasons.insert(0, refusal.clone());
            if !self.reasons.contains(&refusal) && !refusals.contains(&refusal) {
                refusals.push(refusal);
            }
            self.conclusion = self.conclusion.max(Conclusion::Invalid);
        }
        if refusals.is_empty() {
            return;
        }
        self.reasons.retain(|reason| reason.code != LEADS_NOWHERE);
        // Behind those that were found before.
        let told = self
            .reasons
            .iter()
            .take_while(|reason| reason.code.starts_with(REFUSED));
        let told = told.count();
        self.reasons.splice(told..told, refusals);
        self.bound();
    }
}
