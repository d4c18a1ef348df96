//! What single building blocks of validation came to (ETSI EN 319 102-1 clause 5.2), each in its own right.
//!
//! The conclusion on a signature is one word for everything: a change of the document, or a signer who may not sign it,
//! is told there in place of what was found of the certificate. Here each block keeps its own word. Of the blocks, two
//! are told: whether the signature fits, and whether its certificate can be relied on.

use serde::Serialize;
use utoipa::ToSchema;

use super::judgement::Judgement;
use super::report::SubIndication;
use crate::problem::Problem;
use crate::trust::{self, Reason, Validation};

/// What one building block of validation came to by itself.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BlockReport {
    /// Its indication.
    pub indication: BlockIndication,
    /// Its sub-indication, where it is not PASSED.
    pub sub_indication: Option<SubIndication>,
    /// Why it is not PASSED, most fundamental first.
    pub reasons: Vec<Problem>,
}

/// Indication of a building block (ETSI EN 319 102-1 clause 5.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BlockIndication {
    /// All that it checks holds.
    Passed,
    /// What is at hand does not suffice for either.
    Indeterminate,
    /// Something that it checks does not hold.
    Failed,
}

impl BlockReport {
    /// That all holds.
    pub(super) fn passed() -> Self {
        Self {
            indication: BlockIndication::Passed,
            sub_indication: None,
            reasons: Vec::new(),
        }
    }

    /// That something does not.
    pub(super) fn failed(sub: SubIndication, reason: Problem) -> Self {
        Self {
            indication: BlockIndication::Failed,
            sub_indication: Some(sub),
            reasons: vec![reason],
        }
    }

    /// What ended the cryptographic verification (clause 5.2.7); `None` where it was ended by something else: a message
    /// that cannot be read, or whose certificate is missing.
    pub(super) fn of_cryptography(ended: &Judgement) -> Option<Self> {
        let indication = match ended.sub_indication? {
            SubIndication::HashFailure | SubIndication::SigCryptoFailure => BlockIndication::Failed,
            SubIndication::CryptoConstraintsFailureNoPoe => BlockIndication::Indeterminate,
            _ => return None,
        };
        Some(Self {
            indication,
            sub_indication: ended.sub_indication,
            reasons: ended.reasons.clone(),
        })
    }

    /// Both indications as the standard names them: `INDETERMINATE · REVOKED_NO_POE`.
    pub fn terms(&self) -> String {
        in_terms(self.indication, self.sub_indication)
    }

    /// Whether it is PASSED.
    pub fn is_passed(&self) -> bool {
        self.indication == BlockIndication::Passed
    }

    /// Whether a certificate of the path was revoked when it was used, as far as is proved; `None` where that was not
    /// answered.
    pub fn is_revoked(&self) -> Option<bool> {
        match self.sub_indication {
            None => Some(false),
            Some(SubIndication::Revoked | SubIndication::RevokedNoPoe | SubIndication::RevokedCaNoPoe) => Some(true),
            Some(_) => None,
        }
    }
}

/// X.509 certificate validation (clause 5.2.6), with what the past proves (clause 5.6.2.1).
impl From<&Validation> for BlockReport {
    fn from(validation: &Validation) -> Self {
        let indication = match validation.indication {
            trust::Indication::Passed => BlockIndication::Passed,
            trust::Indication::Indeterminate(_) => BlockIndication::Indeterminate,
            trust::Indication::Failed(_) => BlockIndication::Failed,
        };
        Self {
            indication,
            sub_indication: validation.indication.sub_indication().map(SubIndication::from),
            reasons: validation.reasons.iter().map(Reason::problem).collect(),
        }
    }
}

/// An indication and its sub-indication as the standard names them.
pub(super) fn in_terms(indication: impl Serialize, sub: Option<SubIndication>) -> String {
    let names = [serde_json::to_value(indication), serde_json::to_value(sub)];
    let names = names.iter().flatten().filter_map(|name| name.as_str());
    names.collect::<Vec<_>>().join(" · ")
}

/// The blocks of one signature or time stamp, as far as they were reached.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Blocks {
    pub(super) cryptography: Option<BlockReport>,
    pub(super) certificate: Option<BlockReport>,
}

impl Blocks {
    /// Those of what passed whole.
    pub(super) fn passed() -> Self {
        Self {
            cryptography: Some(BlockReport::passed()),
            certificate: Some(BlockReport::passed()),
        }
    }
}
