//! What an officer proposes: the act, why, and until when it may be approved; written once, and never changed after.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::clock::rfc3339;
use crate::hex;
use crate::id::ProposalId;
use crate::problem::{Explain, Problem};
use crate::service::proposals::{Act, Quorum};
use crate::service::signed_text::{canonical, hash};

/// Names the kind of text, so that nothing else that is hashed passes for a proposal.
const CONTEXT: &str = "yinxin proposal v1";

/// Longest that a proposal may be open: a month, so that nobody approves what was meant for another year.
pub const LONGEST_TERM: TimeDelta = TimeDelta::days(31);

/// Characters of a reason at most.
const MAX_REASON_CHARS: usize = 2000;

/// Bytes of a proposal at most: an act carries a few certificates of a partner, some kilobytes each.
const MAX_BYTES: usize = 256 << 10;

/// A proposal as its proposer writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Content {
    context: String,
    /// Its identifier, chosen by the proposer.
    pub id: ProposalId,
    /// The instance that it is for.
    pub instance: String,
    /// SHA-256 of the proposer's public key, in hexadecimal.
    pub proposer: String,
    /// What is to be done.
    pub act: Act,
    /// How many officers it waits for, the proposer among them: as many as the act takes, or more.
    pub officers: Quorum,
    /// Why.
    pub reason: String,
    /// When it was written.
    pub proposed: DateTime<Utc>,
    /// From when on it can no longer be approved.
    pub expires: DateTime<Utc>,
}

/// A text that is no proposal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContentError {
    /// It is longer than a proposal may be.
    #[error("the proposal has {0} bytes, more than {MAX_BYTES}")]
    TooLong(usize),
    /// It is not JSON, or lacks a field, or names an act that is not known.
    #[error("the proposal is not readable: {0}")]
    Unreadable(String),
    /// It has another context, a field too many, or is not in canonical form (RFC 8785).
    #[error("the proposal is not in its canonical form")]
    NotCanonical,
    /// No reason is given.
    #[error("the proposal gives no reason")]
    NoReason,
    /// The reason is too long.
    #[error("the reason has {0} characters, more than {MAX_REASON_CHARS}")]
    LongReason(usize),
    /// It expires before it is written, or too late.
    #[error("the proposal expires at {0}, which is not within 31 days of its writing")]
    Term(DateTime<Utc>),
}

impl Explain for ContentError {
    fn problems(&self) -> Vec<Problem> {
        vec![match self {
            Self::TooLong(bytes) => Problem::new("proposal-too-long")
                .param("bytes", bytes)
                .param("limit", MAX_BYTES),
            Self::Unreadable(reason) => Problem::new("proposal-unreadable").param("reason", reason),
            Self::NotCanonical => Problem::new("proposal-not-canonical"),
            Self::NoReason => Problem::new("proposal-without-reason").field("reason"),
            Self::LongReason(chars) => Problem::new("proposal-reason-too-long")
                .field("reason")
                .param("chars", chars)
                .param("limit", MAX_REASON_CHARS),
            Self::Term(expires) => Problem::new("proposal-term")
                .field("expires")
                .param("value", rfc3339(*expires))
                .param("days", LONGEST_TERM.num_days()),
        }]
    }
}

impl Content {
    /// A new proposal by whoever holds the key with this digest, written at `now`: an act, and how many officers it
    /// waits for.
    pub fn new(
        instance: &str,
        proposer: &[u8; 32],
        (act, officers): (Act, Quorum),
        reason: &str,
        now: DateTime<Utc>,
        term: TimeDelta,
    ) -> Self {
        let now = now.trunc_subsecs(0);
        Self {
            context: CONTEXT.to_owned(),
            id: ProposalId::new(now),
            instance: instance.to_owned(),
            proposer: hex::encode(proposer),
            act,
            officers,
            reason: reason.trim().to_owned(),
            proposed: now,
            expires: now + term,
        }
    }

    /// Reads the canonical text of a proposal.
    ///
    /// # Errors
    /// Where it is none, or breaks a rule of its form.
    pub fn parse(text: &str) -> Result<Self, ContentError> {
        if text.len() > MAX_BYTES {
            return Err(ContentError::TooLong(text.len()));
        }
        let content: Self = serde_json::from_str(text).map_err(|error| ContentError::Unreadable(error.to_string()))?;
        // What no field took is missing here, so that nobody signs what nobody reads.
        if content.context != CONTEXT || content.canonical() != text {
            return Err(ContentError::NotCanonical);
        }
        let chars = content.reason.chars().count();
        if content.reason.trim().is_empty() {
            return Err(ContentError::NoReason);
        }
        if chars > MAX_REASON_CHARS {
            return Err(ContentError::LongReason(chars));
        }
        if content.expires <= content.proposed || content.expires > content.proposed + LONGEST_TERM {
            return Err(ContentError::Term(content.expires));
        }
        Ok(content)
    }

    /// Its canonical text (RFC 8785).
    pub fn canonical(&self) -> String {
        canonical(self)
    }

    /// SHA-256 of the canonical text, in hexadecimal: what is approved.
    pub fn hash(&self) -> String {
        hash(self.canonical())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ca::SubordinateTerms;
    use crate::crypto::key::KeyAlgorithm;
    use crate::service::certificate_authorities::NewCertificateAuthority;
    use crate::service::keys::NewKey;

    fn content(reason: &str, term: TimeDelta) -> Content {
        let act = Act::FoundCa(NewCertificateAuthority {
            name: "root-2".to_owned(),
            key: NewKey::Make(KeyAlgorithm::Sm2),
            parent: None,
            organisation: "云州市".to_owned(),
            common_name: "Root".to_owned(),
            terms: SubordinateTerms::default(),
        });
        let now = "2026-11-01T02:00:00.25Z".parse().unwrap();
        Content::new("instance", &[7; 32], (act, Quorum::Two), reason, now, term)
    }

    #[test]
    fn a_proposal_is_read_back_from_its_text_and_any_change_changes_its_hash() {
        let written = content("second root", TimeDelta::days(7));
        let text = written.canonical();
        assert_eq!(Content::parse(&text).unwrap(), written);
        let changed = text.replace("root-2", "root-3");
        assert_ne!(Content::parse(&changed).unwrap().hash(), written.hash());
    }

    #[test]
    fn blanks_other_contexts_and_fields_that_nobody_reads_are_refused() {
        let text = content("r", TimeDelta::days(7)).canonical();
        for changed in [
            format!(" {text}"),
            text.replace(CONTEXT, "yinxin proposal v2"),
            text.replace("\"reason\"", "\"reader\":\"x\",\"reason\""),
            text.replace("\"name\":\"root-2\"", "\"name\":\"root-1\",\"name\":\"root-2\""),
        ] {
            assert!(Content::parse(&changed).is_err(), "{changed}");
        }
    }

    #[test]
    fn reason_term_and_length_have_their_limits() {
        let refused = |content: Content| Content::parse(&content.canonical()).unwrap_err();
        assert_eq!(refused(content("  ", TimeDelta::days(7))), ContentError::NoReason);
        assert_eq!(
            refused(content(&"因".repeat(2001), TimeDelta::days(7))),
            ContentError::LongReason(2001)
        );
        assert!(matches!(
            refused(content("r", TimeDelta::days(32))),
            ContentError::Term(_)
        ));
        assert!(matches!(
            refused(content("r", TimeDelta::zero())),
            ContentError::Term(_)
        ));
        assert!(matches!(
            refused(content(&"r".repeat(MAX_BYTES), TimeDelta::days(7))),
            ContentError::TooLong(_)
        ));
    }
}
