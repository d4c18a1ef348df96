//! What an officer states about a proposal, signed with the officer's own key.
//!
//! A statement names its purpose, the instance, the key, the proposal and its exact hash, what is decided and when, as
//! canonical JSON (RFC 8785). So none can be used for another proposal, another decision, another instance or by
//! another key, and whoever has the public key can check it later without us. In HTTP it is a header field of its own
//! scheme: `Authorization: Officer STATEMENT.SIGNATURE`, both base64url.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};

use crate::crypto::PublicKey;
use crate::crypto::key::{Signer, SigningError};
use crate::hex;
use crate::id::ProposalId;
use crate::problem::{Explain, Problem};
use crate::service::proposals::key_digest;
use crate::service::signed_text::canonical;

/// Names the kind of text, so that a signature over anything else never passes for one over a statement.
const CONTEXT: &str = "yinxin officer statement v1";

/// Bytes of a statement at most: a reason of 2,000 characters, and the rest.
const MAX_BYTES: usize = 16 << 10;

/// What an officer does about a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// To propose it.
    Propose,
    /// To approve what another proposed.
    Approve,
    /// To reject what another proposed.
    Reject,
    /// To take back an own proposal.
    Withdraw,
}

impl Step {
    /// All.
    pub const ALL: [Self; 4] = [Self::Propose, Self::Approve, Self::Reject, Self::Withdraw];

    /// Its name: `approve`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Propose => "propose",
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Withdraw => "withdraw",
        }
    }

    /// The step of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What an officer decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub enum Decision {
    /// To see the proposals.
    Read,
    /// To do this about that proposal.
    About(Step, Target),
}

/// A decision as it is written: its name beside the fields of what it is about.
#[derive(Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "lowercase")]
enum Written {
    Read,
    Propose(Target),
    Approve(Target),
    Reject(Target),
    Withdraw(Target),
}

impl From<Written> for Decision {
    fn from(written: Written) -> Self {
        match written {
            Written::Read => Self::Read,
            Written::Propose(target) => Self::About(Step::Propose, target),
            Written::Approve(target) => Self::About(Step::Approve, target),
            Written::Reject(target) => Self::About(Step::Reject, target),
            Written::Withdraw(target) => Self::About(Step::Withdraw, target),
        }
    }
}

impl From<Decision> for Written {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Read => Self::Read,
            Decision::About(Step::Propose, target) => Self::Propose(target),
            Decision::About(Step::Approve, target) => Self::Approve(target),
            Decision::About(Step::Reject, target) => Self::Reject(target),
            Decision::About(Step::Withdraw, target) => Self::Withdraw(target),
        }
    }
}

/// The exact proposal that is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Which proposal.
    pub proposal: ProposalId,
    /// SHA-256 of its content, in hexadecimal.
    pub hash: String,
    /// Why; told where something is rejected or taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Decision {
    /// Its name: `approve`, or `read`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::About(step, _) => step.name(),
        }
    }
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    context: String,
    /// The instance that it is for.
    pub instance: String,
    /// SHA-256 of the officer's public key, in hexadecimal.
    pub key: String,
    /// When it was signed.
    pub time: DateTime<Utc>,
    /// What is decided.
    #[serde(flatten)]
    pub decision: Decision,
}

/// A statement that cannot be accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// It is not the text of a statement in canonical form.
    #[error("the statement is not readable")]
    Unreadable,
    /// The signature is not that of the key over this text.
    #[error("the signature is not that of the key over this statement")]
    Signature,
}

impl Explain for StatementError {
    fn problems(&self) -> Vec<Problem> {
        vec![match self {
            Self::Unreadable => Problem::new("statement-unreadable"),
            Self::Signature => Problem::new("statement-signature"),
        }]
    }
}

impl Statement {
    /// A decision of whoever holds the private half of `key`.
    pub fn new(instance: &str, key: &PublicKey, decision: Decision, now: DateTime<Utc>) -> Self {
        Self {
            context: CONTEXT.to_owned(),
            instance: instance.to_owned(),
            key: hex::encode(&key_digest(key)),
            time: now.trunc_subsecs(0),
            decision,
        }
    }

    /// The text that is signed: canonical JSON (RFC 8785).
    pub fn text(&self) -> String {
        canonical(self)
    }

    /// Reads the canonical text of a statement.
    ///
    /// # Errors
    /// [`StatementError::Unreadable`] where it is none.
    pub fn parse(text: &str) -> Result<Self, StatementError> {
        if text.len() > MAX_BYTES {
            return Err(StatementError::Unreadable);
        }
        let statement: Self = serde_json::from_str(text).map_err(|_| StatementError::Unreadable)?;
        match statement.context == CONTEXT && statement.text() == text {
            true => Ok(statement),
            false => Err(StatementError::Unreadable),
        }
    }
}

/// A statement with its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedStatement {
    /// The text that was signed.
    pub text: String,
    /// The signature.
    pub signature: Vec<u8>,
}

impl SignedStatement {
    /// Signs a decision.
    ///
    /// # Errors
    /// Where the key does not sign.
    pub fn sign(
        instance: &str,
        decision: Decision,
        now: DateTime<Utc>,
        key: &dyn Signer,
    ) -> Result<Self, SigningError> {
        let text = Statement::new(instance, key.public_key(), decision, now).text();
        let signature = key.sign(text.as_bytes())?;
        Ok(Self { text, signature })
    }

    /// What is stated, after the signature was checked: each kind of key signs in one way, so that no statement names
    /// its own.
    ///
    /// # Errors
    /// Where the text is no statement, or the signature is not that of the key.
    pub fn verify(&self, key: &PublicKey) -> Result<Statement, StatementError> {
        let statement = Statement::parse(&self.text)?;
        let verified = key.verify(key.kind().signature_algorithm(), self.text.as_bytes(), &self.signature);
        match verified.is_ok() && statement.key == hex::encode(&key_digest(key)) {
            true => Ok(statement),
            false => Err(StatementError::Signature),
        }
    }

    /// As the credentials of an `Authorization` field, behind `Officer `.
    pub fn to_credentials(&self) -> String {
        let [text, signature] = [self.text.as_bytes(), &self.signature].map(|part| URL_SAFE_NO_PAD.encode(part));
        format!("{text}.{signature}")
    }

    /// Reads what [`Self::to_credentials`] wrote.
    ///
    /// # Errors
    /// [`StatementError::Unreadable`] where it is no such text.
    pub fn from_credentials(credentials: &str) -> Result<Self, StatementError> {
        let (text, signature) = credentials.split_once('.').ok_or(StatementError::Unreadable)?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| StatementError::Unreadable);
        Ok(Self {
            text: String::from_utf8(decode(text)?).map_err(|_| StatementError::Unreadable)?,
            signature: decode(signature)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::key::{SoftwareKey, Suite};

    fn now() -> DateTime<Utc> {
        "2026-11-01T02:00:00Z".parse().unwrap()
    }

    fn target() -> Target {
        Target {
            proposal: ProposalId::new(now()),
            hash: "ab".repeat(32),
            reason: None,
        }
    }

    fn signed(key: &SoftwareKey) -> SignedStatement {
        SignedStatement::sign("instance", Decision::About(Step::Approve, target()), now(), key).unwrap()
    }

    #[test]
    fn a_statement_of_each_suite_verifies_and_travels_in_a_header_field() {
        for suite in Suite::ALL {
            let key = SoftwareKey::generate(suite).unwrap();
            let signed = signed(&key);
            let travelled = SignedStatement::from_credentials(&signed.to_credentials()).unwrap();
            let statement = travelled.verify(key.public_key()).unwrap();
            assert_eq!(statement.decision.name(), "approve");
            assert_eq!(statement.time, now());
        }
    }

    #[test]
    fn no_byte_of_a_statement_can_be_changed() {
        let key = SoftwareKey::generate(Suite::International).unwrap();
        let good = signed(&key);
        for at in 0..good.text.len() {
            let mut bytes = good.text.clone().into_bytes();
            bytes[at] ^= 1;
            let Ok(text) = String::from_utf8(bytes) else { continue };
            let changed = SignedStatement { text, ..good.clone() };
            assert!(changed.verify(key.public_key()).is_err(), "byte {at}");
        }
    }

    #[test]
    fn a_statement_verifies_with_no_other_key() {
        let [key, other] = [(); 2].map(|()| SoftwareKey::generate(Suite::International).unwrap());
        assert_eq!(signed(&key).verify(other.public_key()), Err(StatementError::Signature));
    }

    #[test]
    fn a_signature_over_another_kind_of_text_is_no_statement() {
        let key = SoftwareKey::generate(Suite::International).unwrap();
        let text = signed(&key).text.replace(CONTEXT, "something else");
        let signature = key.sign(text.as_bytes()).unwrap();
        let other = SignedStatement { text, signature };
        assert_eq!(other.verify(key.public_key()), Err(StatementError::Unreadable));
    }
}
