//! Bodies of ours that authorities of others certify. A recognised authority vouches for the bodies of its own place: who signs
//! or seals under it in the name of one of ours is refused, with a licence inside the file or without.
//!
//! The regions of our bodies stand in the recognition list, and are asked wherever a file is judged. Codes and names of the bodies
//! themselves are known to the register alone, which asks through [`Report::refuse_bodies_of_ours`] too.

use super::report::{Conclusion, RecognitionReport, Report, SignatureKind, SignatureReport};
use crate::problem::Problem;

/// The code of the reason.
const REASON: &str = "own-body-certified-elsewhere";

/// A body as a signature under an authority of others names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedBody<'r> {
    /// Credit codes: that of the signer, that of the owner of its seal.
    pub codes: Vec<&'r str>,
    /// Names of the signer, all that its certificate calls it, and of its seal.
    pub names: Vec<&'r str>,
}

impl<'r> NamedBody<'r> {
    fn of(signature: &'r SignatureReport, recognition: &'r RecognitionReport) -> Self {
        let signer = signature.signer.as_ref();
        let seal = signature.seal.as_ref();
        let owner = seal.and_then(|seal| seal.owner.as_deref());
        let code = signer.and_then(|signer| signer.credit_code.as_deref());
        let shown = recognition.steps.first();
        let names = [
            signer.map(|signer| signer.name.as_str()),
            signer.map(|signer| signer.subject.as_str()),
            shown.map(|step| step.name.as_str()),
            shown.and_then(|step| step.organisation.as_deref()),
            seal.map(|seal| seal.name.as_str()),
        ];
        Self {
            codes: code.into_iter().chain(owner).collect(),
            names: names.into_iter().flatten().collect(),
        }
    }
}

impl Report {
    /// Refuses the file where one of its business signatures that did not fail rests on the recognition of others and names a body of
    /// which `is_ours` holds.
    pub fn refuse_bodies_of_ours(&mut self, is_ours: impl Fn(&NamedBody<'_>) -> bool) {
        if self.reasons.iter().any(|reason| reason.code == REASON) {
            return;
        }
        let refused = self.signatures.iter().find_map(|signature| {
            let may_count =
                signature.kind == SignatureKind::Signature && signature.conclusion <= Conclusion::Indeterminate;
            let elsewhere = signature.recognition.as_ref().filter(|found| may_count && !found.own)?;
            let body = NamedBody::of(signature, elsewhere);
            let name = body.names.first().copied().unwrap_or_default();
            is_ours(&body).then(|| {
                Problem::new(REASON)
                    .param("issuer", name)
                    .param("authority", &elsewhere.authority)
            })
        });
        if let Some(problem) = refused {
            self.reasons.insert(0, problem);
            self.conclusion = self.conclusion.max(Conclusion::Invalid);
        }
    }
}
