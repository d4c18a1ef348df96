//! Acts that need two people: one officer proposes, another approves the exact hash, and only then is it done.
//!
//! An [`Act`] is what is to be done, as data; the data of each kind lives with its use case. A [`Mandate`] holds one
//! act with the right to do it: that of a proposal that as many officers stand behind as the act takes ([`Quorum`]), or
//! that of an operator for what one officer may do alone, and for the rest as long as no officer is enrolled, to found
//! the house. What is hashed and signed is canonical JSON (RFC 8785). Every statement is signed with the officer's own
//! key, which never comes here, and is kept with its event, so that anyone can check later who decided what
//! ([`ProposalRecord::check`]). What takes one officer is done as it is proposed.

mod act;
mod content;
mod decide;
mod list;
mod mandate;
mod propose;
mod quorum;
mod record;
mod statement;

use serde::Serialize;

pub use act::{Act, Outcome};
pub use content::{Content, ContentError, LONGEST_TERM};
pub use decide::Verdict;
pub use list::{MAX_PAGE, ProposalList, Standing, UnknownStanding};
pub use mandate::{Agreement, Mandate};
pub use quorum::{NoQuorum, Quorum};
pub use record::{ProposalRecord, RecordError, RecordedStatement};
pub use statement::{Decision, SignedStatement, Statement, StatementError, Step, Target};

use crate::crypto::PublicKey;
use crate::hex;
use crate::id::ProposalId;
use crate::service::signed_text::digest;
use crate::store::{Proposal, ProposalState};

/// How a proposal stands after a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decided {
    /// Its identifier.
    pub id: ProposalId,
    /// SHA-256 of its content, in hexadecimal.
    pub hash: String,
    /// `open`, `carried-out`, `rejected` or `withdrawn`.
    pub state: &'static str,
}

impl Decided {
    /// How a proposal of this content stands when it is entered.
    pub fn by_proposing(content: &Content) -> Self {
        Self {
            id: content.id,
            hash: content.hash(),
            state: content.officers.state_when_proposed().as_str(),
        }
    }

    fn new(proposal: &Proposal, state: ProposalState) -> Self {
        Self {
            id: proposal.id,
            hash: hex::encode(&proposal.sha256),
            state: state.as_str(),
        }
    }
}

/// SHA-256 of a public key (SubjectPublicKeyInfo, DER): how statements name it.
pub fn key_digest(key: &PublicKey) -> [u8; 32] {
    digest(key.spki())
}
