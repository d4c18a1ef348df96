//! The transcript: who was there, what was done with what, in a chain that nobody can change after.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::crypto::PublicKey;
use crate::crypto::key::Signer;
use crate::service::ceremony::CeremonyError;
use crate::service::signed_text::{base64, canonical, hash, unbase64};

/// Names the kind of text.
pub(super) const CONTEXT: &str = "yinxin ceremony transcript v1";

/// Names the text that a person signs before anything is done.
const CONFIRMATION: &str = "yinxin ceremony confirmation v1";

/// Names the text that the root and both people sign at the end.
const CLOSING: &str = "yinxin ceremony closing v1";

/// By whom the root's signature is.
pub(super) const ROOT: &str = "root";

/// A transcript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transcript {
    /// What was to be done.
    pub header: Header,
    /// What was done, each with the hash of what was before.
    pub entries: Vec<Entry>,
    /// The signatures of the root and of both people over the hash of the last entry.
    pub signatures: Vec<Closing>,
}

/// What was to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Always the same; names the form.
    pub context: String,
    /// The program with its version.
    pub program: String,
    /// The script, whole.
    pub script: String,
    /// The hash that was confirmed.
    pub agenda: String,
    /// When it began.
    pub started: DateTime<Utc>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// SHA-256 of the canonical text (RFC 8785) of the entry before; of the header for the first.
    pub previous: String,
    /// When.
    pub time: DateTime<Utc>,
    /// What happened.
    pub what: Happening,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Happening {
    /// A person confirmed the agenda.
    Confirmation {
        /// Who.
        name: String,
        /// The signature, in base64.
        signature: String,
    },
    /// A step was done.
    Step {
        /// Its name.
        step: String,
        /// What it read.
        inputs: Vec<Item>,
        /// What it made.
        outputs: Vec<Item>,
    },
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its name.
    pub file: String,
    /// SHA-256 of its content, in hexadecimal.
    pub sha256: String,
    /// Its content, in base64.
    pub content: String,
}

/// A signature under the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// `root`, or the name of a person.
    pub by: String,
    /// The signature, in base64.
    pub signature: String,
}

#[derive(Serialize)]
struct Signed<'a> {
    context: &'static str,
    hash: &'a str,
    time: Option<DateTime<Utc>>,
}

impl Item {
    pub(super) fn new(file: &str, content: &[u8]) -> Self {
        Self {
            file: file.to_owned(),
            sha256: hash(content),
            content: base64(content),
        }
    }

    /// Its content, where the hash is that of the content.
    pub(super) fn bytes(&self) -> Option<Vec<u8>> {
        unbase64(&self.content).filter(|content| hash(content) == self.sha256)
    }
}

impl Transcript {
    /// Begins.
    pub(super) fn begin(header: Header) -> Self {
        Self {
            header,
            entries: Vec::new(),
            signatures: Vec::new(),
        }
    }

    /// The hash that the entry of this number names as the one before.
    pub(super) fn hash_before(&self, number: usize) -> String {
        match number.checked_sub(1).and_then(|before| self.entries.get(before)) {
            Some(entry) => hash(canonical(entry)),
            None => hash(canonical(&self.header)),
        }
    }

    pub(super) fn append(&mut self, time: DateTime<Utc>, what: Happening) {
        let previous = self.hash_before(self.entries.len());
        self.entries.push(Entry { previous, time, what });
    }

    pub(super) fn close(&mut self, by: &str, key: &dyn Signer) -> Result<(), CeremonyError> {
        let text = closing_text(&self.hash_before(self.entries.len()));
        self.signatures.push(Closing {
            by: by.to_owned(),
            signature: sign(key, &text)?,
        });
        Ok(())
    }

    /// Its text, for a file.
    pub fn text(&self) -> String {
        canonical(self)
    }

    /// Reads what [`Self::text`] wrote; that it holds is for [`Self::check`].
    ///
    /// # Errors
    /// Where it is none.
    pub fn parse(text: &str) -> Result<Self, CeremonyError> {
        serde_json::from_str(text).map_err(|error| CeremonyError::Unreadable(error.to_string()))
    }
}

/// What a person signs before anything is done.
pub(super) fn confirmation_text(agenda: &str, time: DateTime<Utc>) -> String {
    canonical(&Signed {
        context: CONFIRMATION,
        hash: agenda,
        time: Some(time),
    })
}

/// What the root and both people sign at the end.
pub(super) fn closing_text(head: &str) -> String {
    canonical(&Signed {
        context: CLOSING,
        hash: head,
        time: None,
    })
}

/// A signature in base64.
pub(super) fn sign(key: &dyn Signer, text: &str) -> Result<String, CeremonyError> {
    let signature = key.sign(text.as_bytes());
    signature
        .map(|signature| base64(&signature))
        .map_err(|error| CeremonyError::Signing(error.to_string()))
}

/// Whether a signature in base64 is that of the key over the text.
pub(super) fn verifies(key: &PublicKey, text: &str, signature: &str) -> bool {
    unbase64(signature).is_some_and(|signature| {
        key.verify(key.kind().signature_algorithm(), text.as_bytes(), &signature)
            .is_ok()
    })
}
