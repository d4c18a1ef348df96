//! The script: who is there, and what is done, in TOML.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::crypto::PublicKey;
use crate::crypto::key::KeyAlgorithm;
use crate::service::ceremony::CeremonyError;
use crate::service::signed_text::{canonical, hash, unbase64};
use crate::x509::{RevocationReason, SerialNumber};

/// Bytes of a script or of an input at most; a script of a page and a request are far below.
const MAX_BYTES: usize = 64 << 10;

/// Names the kind of text that is confirmed.
const AGENDA: &str = "yinxin ceremony agenda v1";

/// What is to be done, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Script {
    /// What the ceremony is for.
    pub name: String,
    /// Short name of the root, as in addresses; also the name of its key.
    pub ca: String,
    /// Address under which the root's certificate and lists will be published.
    pub public_url: String,
    /// The two people.
    #[serde(rename = "person")]
    pub people: Vec<Person>,
    /// The steps, in order.
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
}

/// A person who confirms and signs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Person {
    /// The person's name.
    pub name: String,
    /// The organisation that the person belongs to.
    pub organisation: String,
    /// The person's public key: SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7), DER in base64.
    pub public_key: String,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(
    tag = "do",
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields
)]
pub enum Step {
    /// Make the root's key and its certificate by the profile `root`.
    MakeRoot {
        /// Algorithm of the key.
        algorithm: KeyAlgorithm,
        /// The organisation that runs it.
        organisation: String,
        /// Its own name.
        common_name: String,
        /// File for the certificate, DER.
        out: String,
    },
    /// Open the root of an earlier ceremony.
    OpenRoot {
        /// File with its certificate, DER.
        certificate: String,
    },
    /// Issue the certificate of an authority for its request.
    Issue {
        /// File with the request (PKCS#10), DER.
        request: String,
        /// The profile of an authority.
        #[serde(default = "issuing")]
        profile: String,
        /// File for the certificate, DER.
        out: String,
    },
    /// Publish a revocation list.
    PublishCrl {
        /// Its number, above that of the one before.
        number: u64,
        /// Days until the next one is due.
        days: u16,
        /// What is revoked, all that was revoked earlier too.
        #[serde(default)]
        revoked: Vec<Revoked>,
        /// File for the list, DER.
        out: String,
    },
    /// Write all that was made so far into one file, PEM.
    Export {
        /// The file.
        out: String,
    },
}

/// A revoked certificate.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Revoked {
    /// Its serial number, in hexadecimal.
    pub serial: SerialNumber,
    /// Why, as RFC 5280 section 5.3.1 names it.
    pub reason: RevocationReason,
    /// Since when.
    pub since: toml::value::Datetime,
}

fn issuing() -> String {
    "issuing".to_owned()
}

impl Step {
    /// Its name: `make-root`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::MakeRoot { .. } => "make-root",
            Self::OpenRoot { .. } => "open-root",
            Self::Issue { .. } => "issue",
            Self::PublishCrl { .. } => "publish-crl",
            Self::Export { .. } => "export",
        }
    }

    /// The file that it reads.
    pub fn input(&self) -> Option<&str> {
        match self {
            Self::OpenRoot { certificate: file } | Self::Issue { request: file, .. } => Some(file),
            Self::MakeRoot { .. } | Self::PublishCrl { .. } | Self::Export { .. } => None,
        }
    }

    /// The file that it writes.
    pub fn output(&self) -> Option<&str> {
        match self {
            Self::OpenRoot { .. } => None,
            Self::MakeRoot { out, .. }
            | Self::Issue { out, .. }
            | Self::PublishCrl { out, .. }
            | Self::Export { out } => Some(out),
        }
    }
}

impl Person {
    /// The person's key.
    ///
    /// # Errors
    /// Where it is none.
    pub fn key(&self) -> Result<PublicKey, CeremonyError> {
        let spki = unbase64(&self.public_key).unwrap_or_default();
        PublicKey::from_spki(&spki).map_err(|source| CeremonyError::Key {
            name: self.name.clone(),
            source,
        })
    }
}

impl Script {
    /// Reads a script that names two different people with usable keys, and files of different names.
    ///
    /// # Errors
    /// Where it does not.
    pub fn parse(text: &str) -> Result<Self, CeremonyError> {
        if text.len() > MAX_BYTES {
            return Err(CeremonyError::Script(format!(
                "{} bytes, more than {MAX_BYTES}",
                text.len()
            )));
        }
        let script: Self = toml::from_str(text).map_err(|error| CeremonyError::Script(error.to_string()))?;
        let [first, second] = script.people.as_slice() else {
            return Err(CeremonyError::People(script.people.len()));
        };
        let same_key = first.key()? == second.key()?;
        if first.name.trim() == second.name.trim() || same_key {
            return Err(CeremonyError::SamePerson(second.name.clone()));
        }
        let mut outputs: Vec<_> = script.steps.iter().filter_map(Step::output).collect();
        outputs.sort_unstable();
        if let Some(twice) = outputs.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(CeremonyError::Script(format!("\"{}\" is written twice", twice[0])));
        }
        Ok(script)
    }
}

/// A script with the files that it reads: what is confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agenda {
    /// The script.
    pub script: Script,
    /// Its text.
    pub text: String,
    /// The files that it reads, by name.
    pub inputs: BTreeMap<String, Vec<u8>>,
}

#[derive(Serialize)]
struct Confirmed<'a> {
    context: &'static str,
    script: String,
    inputs: BTreeMap<&'a str, String>,
}

impl Agenda {
    /// Takes a script and its inputs, which `read` gives by name, and rehearses it.
    ///
    /// # Errors
    /// Where the script is none, an input cannot be read or is too long, or a step could not be done.
    pub fn new(text: &str, read: impl Fn(&str) -> Result<Vec<u8>, String>) -> Result<Self, CeremonyError> {
        let script = Script::parse(text)?;
        let mut inputs = BTreeMap::new();
        for file in script.steps.iter().filter_map(Step::input) {
            let refused = |reason| CeremonyError::Input {
                file: file.to_owned(),
                reason,
            };
            let bytes = read(file).map_err(refused)?;
            if bytes.len() > MAX_BYTES {
                return Err(refused(format!("{} bytes, more than {MAX_BYTES}", bytes.len())));
            }
            inputs.insert(file.to_owned(), bytes);
        }
        let agenda = Self {
            script,
            text: text.to_owned(),
            inputs,
        };
        agenda.rehearse()?;
        Ok(agenda)
    }

    /// SHA-256 over the hashes of the script and of every input, in hexadecimal: what both people confirm.
    pub fn hash(&self) -> String {
        let inputs = self.inputs.iter().map(|(file, bytes)| (file.as_str(), hash(bytes)));
        hash(canonical(&Confirmed {
            context: AGENDA,
            script: hash(&self.text),
            inputs: inputs.collect(),
        }))
    }
}
