//! What a report rests on beside the file, so that anybody can judge the file again and come to the same report: the
//! program and its constraints, the recognition list, and by their digests all certificates, revocation lists, status
//! responses, time stamps and status lists of seals that were consulted (ETSI EN 319 102-1 clause 5.1.3: what a
//! validation report must make checkable).
//!
//! The times stand where they count: that of the validation in the report, the control time and the proven one with
//! each signature. Left out: the register's answer about a licence, which is of its moment.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use super::report::{rfc3339, rfc3339_option};
use crate::cms::timestamp::TimeStampToken;
use crate::crypto::DigestAlgorithm;
use crate::hex;
use crate::seal::status::SealStatusList;
use crate::trust::list::ListDigest;
use crate::trust::{RevocationSource, Snapshot, Validation};
use crate::x509::Certificate;

/// The program that judges, with its version: what it asks of a file beside the constraints follows from it.
const PROGRAM: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// What a report rests on beside the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Replay {
    /// The program that judged, with its version: `yinxin 0.1.0`.
    pub program: &'static str,
    /// Until when algorithms and keys may be relied on, for those that may no longer for ever (ETSI EN 319 102-1 clause
    /// 5.1.4.3).
    pub constraints: Vec<Constraint>,
    /// SHA-256, in lower-case hexadecimal, of the signed content of the recognition list whose number is
    /// `list_sequence`.
    #[serde(serialize_with = "list_digest")]
    #[schema(value_type = Option<String>)]
    pub list_sha256: Option<ListDigest>,
    /// What was consulted, each once, in the order of first use.
    pub material: Vec<Material>,
}

/// The end of an algorithm or a kind of keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Constraint {
    /// What it is: `SHA-1`, `RSA below 2048 bits`.
    pub name: String,
    /// The last moment at which it may be relied on.
    #[serde(with = "rfc3339")]
    pub until: DateTime<Utc>,
}

/// Something that was consulted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Material {
    /// What it is.
    pub kind: MaterialKind,
    /// SHA-256 of its DER, or of the JSON of a status list of seals, in lower-case hexadecimal.
    #[serde(serialize_with = "digest")]
    #[schema(value_type = String)]
    pub sha256: [u8; 32],
    /// The subject of a certificate; for a list or a response that of the certificate that it was asked about; the
    /// authority of a time stamp; the number of a status list of seals.
    pub name: String,
    /// When a list, response or time stamp was made.
    #[serde(with = "rfc3339_option")]
    pub made: Option<DateTime<Utc>>,
    /// When the next list or response is due.
    #[serde(with = "rfc3339_option")]
    pub next_update: Option<DateTime<Utc>>,
}

/// A kind of what is consulted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MaterialKind {
    /// A certificate on a path.
    Certificate,
    /// A revocation list.
    Crl,
    /// A status response.
    OcspResponse,
    /// A time stamp.
    TimeStamp,
    /// A status list of seals.
    SealStatusList,
}

impl MaterialKind {
    /// As it stands in the JSON form, and in the keys of texts: `ocsp-response`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Crl => "crl",
            Self::OcspResponse => "ocsp-response",
            Self::TimeStamp => "time-stamp",
            Self::SealStatusList => "seal-status-list",
        }
    }
}

impl Replay {
    /// What the judging of one file rests on.
    pub(super) fn of(snapshot: &Snapshot, consulted: &Consulted) -> Self {
        let ends = snapshot.algorithms().ends().iter();
        Self {
            program: PROGRAM,
            constraints: ends
                .map(|(primitive, until)| Constraint {
                    name: primitive.to_string(),
                    until: *until,
                })
                .collect(),
            list_sha256: snapshot.list_digest(),
            material: consulted.taken().clone(),
        }
    }
}

/// Remembers what is consulted while one file is judged.
#[derive(Debug, Default)]
pub(super) struct Consulted(Mutex<Vec<Material>>);

impl Consulted {
    /// The path of a certificate that was judged, and what was said of revocation along it.
    pub(super) fn validation(&self, validation: &Validation) {
        for certificate in &validation.path {
            self.certificate(certificate);
        }
        for evidence in &validation.revocation {
            let kind = match evidence.source {
                RevocationSource::List => MaterialKind::Crl,
                RevocationSource::Response => MaterialKind::OcspResponse,
            };
            let named = || evidence.subject.clone();
            self.add(
                kind,
                evidence.fingerprint,
                named,
                Some(evidence.as_of),
                evidence.next_update,
            );
        }
    }

    /// A time stamp that was asked, whatever it proved.
    pub(super) fn time_stamp(&self, der: &[u8], token: &TimeStampToken, authority: &Certificate) {
        let sha256 = DigestAlgorithm::Sha256.digest(der).first_32();
        let named = || authority.subject().to_string();
        self.add(MaterialKind::TimeStamp, sha256, named, Some(token.info.time), None);
    }

    /// A status list of seals.
    pub(super) fn seal_list(&self, list: &SealStatusList) {
        let sha256 = DigestAlgorithm::Sha256.digest(&list.to_json()).first_32();
        let (made, next) = (Some(list.issued), Some(list.next_update));
        self.add(
            MaterialKind::SealStatusList,
            sha256,
            || list.number.to_string(),
            made,
            next,
        );
    }

    fn certificate(&self, certificate: &Certificate) {
        let named = || certificate.subject().to_string();
        self.add(MaterialKind::Certificate, *certificate.fingerprint(), named, None, None);
    }

    /// Adds what is not there yet, and only then asks how it is named.
    fn add(
        &self,
        kind: MaterialKind,
        sha256: [u8; 32],
        named: impl FnOnce() -> String,
        made: Option<DateTime<Utc>>,
        next_update: Option<DateTime<Utc>>,
    ) {
        let mut taken = self.taken();
        if !taken.iter().any(|known| known.kind == kind && known.sha256 == sha256) {
            taken.push(Material {
                kind,
                sha256,
                name: named(),
                made,
                next_update,
            });
        }
    }

    fn taken(&self) -> MutexGuard<'_, Vec<Material>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn digest<S: Serializer>(digest: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&hex::encode(digest))
}

fn list_digest<S: Serializer>(digest: &Option<ListDigest>, serializer: S) -> Result<S::Ok, S::Error> {
    match digest {
        Some(digest) => serializer.collect_str(digest),
        None => serializer.serialize_none(),
    }
}
