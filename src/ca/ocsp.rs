//! Answers about the status of certificates (RFC 6960, RFC 9654; GB/T 20518 counterparts with SM2 and SM3): what is
//! said, and who says it. What is known of a certificate, and keeping answers, is the caller's.
//!
//! An authority delegates to a [`StatusResponder`]: a key of its own with a short-lived certificate that need not be
//! checked for revocation. One answer that is signed beforehand names its certificate in several ways at once (RFC 6960
//! section 4.2.2.3 lets responders add what was not asked), so that one signature serves every client of the
//! authority's suite: by SHA-1, SHA-256 and, about certificates with SM2, SM3. Elsewhere SM3 is left out, as answers
//! travel in documents whose readers do not know it. Left out: signed requests, `archiveCutoff`, `crlReferences`.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use crate::asn1::oid;
use crate::crypto::DigestAlgorithm;
use crate::crypto::key::{Signer, SigningError, Suite};
use crate::x509::build::{self, BuildError, OcspFields};
use crate::x509::{
    CertId, Certificate, KeyUsage, OcspAnswer, OcspRequest, OcspResponse, OcspStatus, ReadError, ResponderId,
    SerialNumber, SignatureError,
};

/// How long an answer may be relied on.
pub const ANSWER_LIFETIME: TimeDelta = TimeDelta::days(1);

/// The digests by which an answer that is signed beforehand names its certificate, the one of the national suite last:
/// what clients ask by.
const PRE_SIGNED_BY: [DigestAlgorithm; 3] = [DigestAlgorithm::Sha1, DigestAlgorithm::Sha256, DigestAlgorithm::Sm3];

/// Every digest by which a certificate may be asked about.
const ASKED_BY: [DigestAlgorithm; 5] = [
    DigestAlgorithm::Sha1,
    DigestAlgorithm::Sha256,
    DigestAlgorithm::Sha384,
    DigestAlgorithm::Sha512,
    DigestAlgorithm::Sm3,
];

/// `OCSPResponseStatus` of a request that gets no answer (RFC 6960 section 4.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OcspFailure {
    /// 1: the request does not conform to the syntax.
    MalformedRequest,
    /// 2: something inside does not work.
    InternalError,
    /// 3: trying again later may help.
    TryLater,
    /// 6: nothing can be said about a certificate of that issuer here (RFC 6960 section 2.3).
    Unauthorized,
}

impl OcspFailure {
    /// The response, DER.
    pub fn to_der(self) -> Vec<u8> {
        build::ocsp_failure(match self {
            Self::MalformedRequest => 1,
            Self::InternalError => 2,
            Self::TryLater => 3,
            Self::Unauthorized => 6,
        })
    }
}

/// Why a responder cannot be set up, or does not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OcspError {
    /// The certificate does not say, alone and with digitalSignature, that its key signs answers (RFC 6960 section
    /// 4.2.2.2).
    #[error("the certificate of {0} is not for signing status responses")]
    Purpose(String),
    /// The issuer did not sign the responder's certificate directly (RFC 6960 section 4.2.2.2).
    #[error("the certificate of {responder} was not issued by {issuer}: {cause}")]
    OtherIssuer {
        /// Whose certificate.
        responder: String,
        /// For whom it should answer.
        issuer: String,
        /// Why.
        cause: SignatureError,
    },
    /// The key is not the one in the certificate.
    #[error("the key offered is not that of the responder's certificate")]
    WrongKey,
    /// A value that cannot be written.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The key did not sign.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// What was written cannot be read, or its signature does not verify.
    #[error("the response cannot be read back: {0}")]
    ReadBack(ReadError),
    /// The signature just made does not verify.
    #[error("the signature just made does not verify: {0}")]
    OwnSignature(SignatureError),
}

/// What is known of a certificate: its serial number and status.
pub type KnownStatus = (SerialNumber, OcspStatus, Option<DateTime<Utc>>);

/// Who answers for one authority.
pub struct StatusResponder {
    signer: Arc<dyn Signer>,
    certificate: Certificate,
    id: ResponderId,
    /// Digests of the authority's name and key, by algorithm.
    issuer: Vec<(DigestAlgorithm, Vec<u8>, Vec<u8>)>,
}

/// An answer as it is given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedAnswer {
    /// `OCSPResponse`, DER.
    pub der: Vec<u8>,
    /// Since when it is known to be so.
    pub this_update: DateTime<Utc>,
    /// Until when it may be relied on.
    pub next_update: DateTime<Utc>,
}

impl StatusResponder {
    /// Sets up who answers for the authority of `issuer`.
    ///
    /// # Errors
    /// The certificate is not for this purpose, not of this key, or not issued by the authority itself.
    pub fn new(signer: Arc<dyn Signer>, certificate: Certificate, issuer: &Certificate) -> Result<Self, OcspError> {
        let name = |certificate: &Certificate| certificate.subject().to_string();
        let purposes = certificate.extensions().ext_key_usage.as_ref();
        if purposes.is_none_or(|usage| usage.value != [oid::KP_OCSP_SIGNING])
            || !certificate.allows(KeyUsage::DIGITAL_SIGNATURE)
        {
            return Err(OcspError::Purpose(name(&certificate)));
        }
        if certificate.public_key() != Ok(signer.public_key()) {
            return Err(OcspError::WrongKey);
        }
        let key = issuer.public_key().map_err(SignatureError::from);
        key.and_then(|key| certificate.verify_signed_by(key))
            .map_err(|cause| OcspError::OtherIssuer {
                responder: name(&certificate),
                issuer: name(issuer),
                cause,
            })?;
        let digests = |algorithm: DigestAlgorithm| {
            let digest = |bytes| algorithm.digest(bytes).as_ref().to_vec();
            (
                algorithm,
                digest(issuer.subject().der()),
                digest(issuer.public_key_bits()),
            )
        };
        // RFC 6960 section 4.2.1: byKey is the SHA-1 of the responder's key.
        let key_hash = DigestAlgorithm::Sha1.digest(certificate.public_key_bits());
        Ok(Self {
            signer,
            id: ResponderId::KeyHash(key_hash.as_ref().to_vec()),
            issuer: ASKED_BY.into_iter().map(digests).collect(),
            certificate,
        })
    }

    /// Its certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Whether a certificate of the authority is meant.
    pub fn answers_for(&self, id: &CertId) -> bool {
        self.issuer.iter().any(|(algorithm, name, key)| {
            id.algorithm == Some(*algorithm) && id.issuer_name_hash == *name && id.issuer_key_hash == *key
        })
    }

    /// Whether an answer that is signed beforehand serves who asks in this way.
    pub fn is_pre_signed(&self, id: &CertId) -> bool {
        id.algorithm
            .is_some_and(|algorithm| self.pre_signed_by().contains(&algorithm))
    }

    /// The digests by which it names certificates beforehand.
    fn pre_signed_by(&self) -> &'static [DigestAlgorithm] {
        let [international @ .., _] = &PRE_SIGNED_BY;
        match Suite::of(self.signer.public_key().kind()) {
            Suite::International => international,
            Suite::National => &PRE_SIGNED_BY,
        }
    }

    /// Signs what is known of one certificate, for whoever will ask without a nonce.
    ///
    /// # Errors
    /// The key does not sign.
    pub fn pre_sign(&self, known: &KnownStatus, now: DateTime<Utc>) -> Result<SignedAnswer, OcspError> {
        let named = self
            .issuer
            .iter()
            .filter(|(algorithm, ..)| self.pre_signed_by().contains(algorithm));
        let ids = named.map(|(algorithm, name, key)| CertId {
            algorithm: Some(*algorithm),
            issuer_name_hash: name.clone(),
            issuer_key_hash: key.clone(),
            serial: known.0.clone(),
        });
        let answers: Vec<_> = ids.map(|id| answer(id, known, now)).collect();
        self.sign(&answers, None, now)
    }

    /// Answers a request now; `known` is what is known of each of its certificates, in their order.
    ///
    /// # Errors
    /// The key does not sign.
    pub fn respond(
        &self,
        request: &OcspRequest,
        known: &[KnownStatus],
        now: DateTime<Utc>,
    ) -> Result<SignedAnswer, OcspError> {
        let answers: Vec<_> = request
            .ids
            .iter()
            .zip(known)
            .map(|(id, known)| answer(id.clone(), known, now))
            .collect();
        self.sign(&answers, request.nonce.as_deref(), now)
    }

    fn sign(
        &self,
        answers: &[OcspAnswer],
        nonce: Option<&[u8]>,
        now: DateTime<Utc>,
    ) -> Result<SignedAnswer, OcspError> {
        let this_update = now.trunc_subsecs(0);
        let data = build::ocsp_data(&OcspFields {
            responder: &self.id,
            produced_at: this_update,
            answers,
            nonce,
        })?;
        let algorithm = self.signer.algorithm();
        let signature = self.signer.sign(&data)?;
        // RFC 6960 section 4.2.2.2: the delegated responder's certificate travels with its answers.
        let der = build::ocsp_response(&data, algorithm, &signature, &[&self.certificate]);
        let read = OcspResponse::from_der(&der).map_err(OcspError::ReadBack)?;
        read.verify_signed_by(self.signer.public_key())
            .map_err(OcspError::OwnSignature)?;
        Ok(SignedAnswer {
            der,
            this_update,
            next_update: this_update + ANSWER_LIFETIME,
        })
    }
}

fn answer(id: CertId, known: &KnownStatus, now: DateTime<Utc>) -> OcspAnswer {
    let this_update = now.trunc_subsecs(0);
    OcspAnswer {
        id,
        status: known.1,
        this_update,
        next_update: Some(this_update + ANSWER_LIFETIME),
        invalidity_date: known.2,
    }
}
