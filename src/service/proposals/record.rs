//! A proposal with all that was stated about it, as it is shown, and as anyone can check it without us.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::crypto::{KeyError, PublicKey};
use crate::hex;
use crate::id::{OfficerId, ProposalId};
use crate::problem::{Explain, Problem};
use crate::service::proposals::content::{Content, ContentError};
use crate::service::proposals::list::Standing;
use crate::service::proposals::propose::CLOCK_AHEAD;
use crate::service::proposals::statement::{Decision, SignedStatement, Statement, StatementError, Step};
use crate::service::proposals::{Quorum, key_digest};
use crate::service::signed_text::hash;

/// A proposal with all that was stated about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProposalRecord {
    /// Its identifier.
    pub id: ProposalId,
    /// How it stands.
    pub state: Standing,
    /// Name of the kind of act.
    pub act: String,
    /// SHA-256 of the content, in hexadecimal: what is approved.
    pub hash: String,
    /// What is proposed: the text that was hashed, canonical JSON (RFC 8785).
    pub content: String,
    /// From when on it can no longer be approved.
    pub expires: DateTime<Utc>,
    /// When it left the state `open`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<DateTime<Utc>>,
    /// What came of the act, or why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<serde_json::Value>,
    /// What officers stated, in the order in which it came.
    pub statements: Vec<RecordedStatement>,
}

/// What an officer stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordedStatement {
    /// What the officer did about the proposal.
    pub decision: Step,
    /// The officer.
    pub officer: OfficerId,
    /// The officer's name.
    pub name: String,
    /// The officer's organisation.
    pub organisation: String,
    /// The officer's public key: SubjectPublicKeyInfo, DER in base64.
    pub public_key: String,
    /// The text that was signed, canonical JSON (RFC 8785).
    pub statement: String,
    /// The signature over it, in base64.
    pub signature: String,
}

/// A record that does not prove what it says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The content is none, or not in canonical form.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// The hash is not that of the content.
    #[error("the hash of the record is not that of its content")]
    Hash,
    /// A key or signature is not base64.
    #[error("a key or signature of the record is not base64")]
    Encoding,
    /// A key is none of ours.
    #[error("a key of the record is not usable: {0}")]
    Key(#[from] KeyError),
    /// A statement is none, or its signature does not verify.
    #[error("the statement \"{decision}\": {source}")]
    Statement {
        /// Which one.
        decision: Step,
        /// What is wrong with it.
        source: StatementError,
    },
    /// A statement is about another proposal, hash, instance or decision than the record says.
    #[error("the statement \"{0}\" is about something else")]
    OtherTarget(Step),
    /// The state does not follow from the statements: one is missing, or the same person made two that take two people.
    #[error("the state \"{0}\" does not follow from the statements")]
    Unfounded(Standing),
    /// The approval was signed after the proposal expired.
    #[error("the approval was signed after the proposal expired")]
    Late,
    /// None of the named keys is that of a statement.
    #[error("key {0} is none of those that the auditor relies on")]
    StrangeKey(String),
}

impl Explain for RecordError {
    fn problems(&self) -> Vec<Problem> {
        vec![match self {
            Self::Content(error) => return error.problems(),
            Self::Hash => Problem::new("record-hash"),
            Self::Encoding => Problem::new("record-encoding"),
            Self::Key(error) => Problem::new("officer-key-unusable").param("reason", error),
            Self::Statement { decision, source } => Problem::new("record-statement")
                .param("decision", decision)
                .param("reason", source),
            Self::OtherTarget(decision) => Problem::new("record-other-target").param("decision", decision),
            Self::Unfounded(state) => Problem::new("record-unfounded").param("recorded", state),
            Self::Late => Problem::new("record-late"),
            Self::StrangeKey(key) => Problem::new("record-strange-key").param("key", key),
        }]
    }
}

impl ProposalRecord {
    /// Checks all that the record says by its signatures alone. `relied` are digests of officers' keys from elsewhere
    /// (the events of their enrolment); where there are none, the keys are those that the record itself shows.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn check(&self, relied: &[[u8; 32]]) -> Result<(), RecordError> {
        let content = Content::parse(&self.content)?;
        if hash(&self.content) != self.hash || content.id != self.id || content.act.name() != self.act {
            return Err(RecordError::Hash);
        }
        let statements = self
            .statements
            .iter()
            .map(|recorded| recorded.check(&content, &self.hash, relied))
            .collect::<Result<Vec<_>, _>>()?;
        let by = |step: Step| {
            let made = self.statements.iter().zip(&statements);
            let mut made = made.filter(|(recorded, _)| recorded.decision == step);
            made.next().map(|(_, statement)| statement)
        };
        let unfounded = || RecordError::Unfounded(self.state);
        let proposed = by(Step::Propose).ok_or_else(unfounded)?;
        // It came no earlier than a clock ahead of ours allows.
        let stated = content.act.stated_quorum(proposed.time - CLOCK_AHEAD);
        let takes_two = content.officers == Quorum::Two;
        let is_approved = || by(Step::Approve).is_some_and(|approved| approved.key != proposed.key);
        let founded = match self.state {
            Standing::Open | Standing::Expired => takes_two && statements.len() == 1,
            Standing::CarriedOut if takes_two => is_approved(),
            Standing::CarriedOut => statements.len() == 1 && stated != Some(Quorum::Two),
            Standing::Failed => takes_two && is_approved(),
            Standing::Rejected => by(Step::Reject).is_some_and(|rejected| rejected.key != proposed.key),
            Standing::Withdrawn => by(Step::Withdraw).is_some_and(|withdrawn| withdrawn.key == proposed.key),
        };
        if !founded || proposed.key != content.proposer {
            return Err(unfounded());
        }
        match by(Step::Approve).is_some_and(|approved| approved.time >= content.expires) {
            true => Err(RecordError::Late),
            false => Ok(()),
        }
    }
}

impl RecordedStatement {
    /// What is stated, where it is signed and about this content.
    fn check(&self, content: &Content, hash: &str, relied: &[[u8; 32]]) -> Result<Statement, RecordError> {
        let decode = |text: &str| STANDARD.decode(text).map_err(|_| RecordError::Encoding);
        let key = PublicKey::from_spki(&decode(&self.public_key)?)?;
        let digest = key_digest(&key);
        if !relied.is_empty() && !relied.contains(&digest) {
            return Err(RecordError::StrangeKey(hex::encode(&digest)));
        }
        let signed = SignedStatement {
            text: self.statement.clone(),
            signature: decode(&self.signature)?,
        };
        let statement = signed.verify(&key).map_err(|source| RecordError::Statement {
            decision: self.decision,
            source,
        })?;
        let fits = match &statement.decision {
            Decision::About(step, target) => {
                let is_meant = target.proposal == content.id && target.hash == hash;
                is_meant && *step == self.decision && statement.instance == content.instance
            }
            Decision::Read => false,
        };
        match fits {
            true => Ok(statement),
            false => Err(RecordError::OtherTarget(self.decision)),
        }
    }
}
