//! Why a ceremony is not held, or a transcript does not hold.

use crate::ca::{CrlError, IssueError, ProfileError};
use crate::crypto::KeyError;
use crate::keystore::KeystoreError;
use crate::problem::{Explain, Problem};
use crate::x509::build::BuildError;

/// A refusal of a ceremony or of a transcript.
#[derive(Debug, thiserror::Error)]
pub enum CeremonyError {
    /// The script cannot be read.
    #[error("the script cannot be read: {0}")]
    Script(String),
    /// A file that the script names cannot be used.
    #[error("file \"{file}\": {reason}")]
    Input {
        /// The file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The script does not name two people.
    #[error("the script names {0} people, not two")]
    People(usize),
    /// The two people are one: the same name or the same key.
    #[error("\"{0}\" is named twice, or two names have the same key")]
    SamePerson(String),
    /// A named person is not there with the key.
    #[error("\"{0}\" did not confirm")]
    Absent(String),
    /// What was confirmed is not this script with these inputs.
    #[error("the script and its inputs have the hash {found}, not {expected}")]
    OtherAgenda {
        /// What was confirmed.
        expected: String,
        /// What is there.
        found: String,
    },
    /// A public key is not usable.
    #[error("public key of \"{name}\": {source}")]
    Key {
        /// Whose.
        name: String,
        /// What is wrong with it.
        source: KeyError,
    },
    /// A step needs a root, or the root is there already.
    #[error("step {0}: one root is opened or made first, and once")]
    RootOrder(usize),
    /// The root's key or certificate are not of one another.
    #[error("the certificate of the root is not that of its key")]
    OtherRoot,
    /// The root's key cannot be made or opened.
    #[error(transparent)]
    Keystore(#[from] KeystoreError),
    /// A name cannot be written into a certificate.
    #[error("step {step}: {source}")]
    Subject {
        /// Which step.
        step: usize,
        /// What is wrong with it.
        source: BuildError,
    },
    /// A request is none, or does not prove possession of its key.
    #[error("step {step}: the request is not usable: {reason}")]
    Request {
        /// Which step.
        step: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// A profile is not known, or not one of an authority.
    #[error("step {step}: profile \"{profile}\" is none of an authority under a root")]
    Profile {
        /// Which step.
        step: usize,
        /// The profile.
        profile: String,
    },
    /// A delivered profile is damaged.
    #[error(transparent)]
    Profiles(#[from] ProfileError),
    /// A certificate was not issued.
    #[error(transparent)]
    Issue(#[from] IssueError),
    /// A revocation list was not made.
    #[error("step {step}: {source}")]
    Crl {
        /// Which step.
        step: usize,
        /// What is wrong with it.
        source: CrlError,
    },
    /// A revocation of the script is not one.
    #[error("step {step}: \"{value}\" is no time of a revocation")]
    Revocation {
        /// Which step.
        step: usize,
        /// The value.
        value: String,
    },
    /// A key did not sign, or the random source failed.
    #[error("a key did not sign: {0}")]
    Signing(String),
    /// The transcript is not one.
    #[error("the transcript cannot be read: {0}")]
    Unreadable(String),
    /// An entry does not follow from the one before: something was changed, left out or put in.
    #[error("entry {0} does not follow from the one before")]
    Chain(usize),
    /// The confirmation of a person is missing or does not verify.
    #[error("the confirmation of \"{0}\" is missing or does not verify")]
    Confirmation(String),
    /// The closing signature of somebody is missing or does not verify.
    #[error("the signature of \"{0}\" under the transcript is missing or does not verify")]
    Closing(String),
    /// An entry is not the one that the script asks for.
    #[error("entry {0} is not what the script asks for")]
    OtherStep(usize),
    /// An output or input is not what its entry says, or was not made by the root.
    #[error("entry {entry}: \"{file}\" is not what it should be")]
    Item {
        /// Which entry.
        entry: usize,
        /// Which file.
        file: String,
    },
}

impl Explain for CeremonyError {
    fn problems(&self) -> Vec<Problem> {
        vec![match self {
            Self::Script(reason) => Problem::new("ceremony-script").param("reason", reason),
            Self::Input { file, reason } => Problem::new("ceremony-input")
                .param("file", file)
                .param("reason", reason),
            Self::People(count) => Problem::new("ceremony-people").param("count", count),
            Self::SamePerson(name) => Problem::new("ceremony-same-person").param("name", name),
            Self::Absent(name) => Problem::new("ceremony-absent").param("name", name),
            Self::OtherAgenda { expected, found } => Problem::new("ceremony-other-agenda")
                .param("expected", expected)
                .param("found", found),
            Self::Key { name, source } => Problem::new("ceremony-key").param("name", name).param("reason", source),
            Self::RootOrder(step) => Problem::new("ceremony-root-order").param("step", step),
            Self::OtherRoot => Problem::new("ceremony-other-root"),
            Self::Keystore(error) => return error.problems(),
            Self::Issue(error) => return error.problems(),
            Self::Subject { step, source } => step_refused(*step, source),
            Self::Request { step, reason } => step_refused(*step, reason),
            Self::Profile { step, profile } => Problem::new("ceremony-profile")
                .param("step", step)
                .param("value", profile),
            Self::Profiles(error) => step_refused(0, error),
            Self::Crl { step, source } => step_refused(*step, source),
            Self::Revocation { step, value } => Problem::new("ceremony-revocation")
                .param("step", step)
                .param("value", value),
            Self::Signing(reason) => Problem::new("ceremony-signing").param("reason", reason),
            Self::Unreadable(reason) => Problem::new("transcript-unreadable").param("reason", reason),
            Self::Chain(entry) => Problem::new("transcript-chain").param("entry", entry),
            Self::Confirmation(name) => Problem::new("transcript-confirmation").param("name", name),
            Self::Closing(name) => Problem::new("transcript-closing").param("name", name),
            Self::OtherStep(entry) => Problem::new("transcript-other-step").param("entry", entry),
            Self::Item { entry, file } => Problem::new("transcript-item")
                .param("entry", entry)
                .param("file", file),
        }]
    }
}

fn step_refused(step: usize, reason: impl std::fmt::Display) -> Problem {
    Problem::new("ceremony-step")
        .param("step", step)
        .param("reason", reason)
}
