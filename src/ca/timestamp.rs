//! The time-stamping authority (RFC 3161, RFC 5816): its own key and chain, apart from those of seals and certificates.
//!
//! It stamps digests by SHA-256, SHA-384, SHA-512 and SM3 under one policy. Times have microseconds and a stated
//! accuracy; `ordering` is false, since several nodes stamp; serial numbers are random and so unique without a common
//! counter. The clock is the caller's, and so is the judgement whether it is sound.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use der::asn1::ObjectIdentifier;

use crate::asn1::oid;
use crate::cms::Form;
use crate::cms::build::{BuildError, Content, SigningIdentity};
use crate::cms::timestamp::{Accuracy, FailureInfo, Imprint, TimeStampRequest, TimeStampResponse, TstInfo};
use crate::crypto::key::Signer;
use crate::crypto::{DigestAlgorithm, RandomError};
use crate::x509::Certificate;

/// Longest request that is read, in bytes: imprint, policy and nonce take less than 200.
pub const MAX_REQUEST_BYTES: usize = 4096;

/// Digests that are stamped (ETSI TS 119 312 clause 5; GB/T 32905).
const ACCEPTED: [DigestAlgorithm; 4] = [
    DigestAlgorithm::Sha256,
    DigestAlgorithm::Sha384,
    DigestAlgorithm::Sha512,
    DigestAlgorithm::Sm3,
];

/// One authority.
#[derive(Clone)]
pub struct TimeStampAuthority {
    /// Signs with the certificate in the token.
    identity: SigningIdentity,
    /// Signs without it (certReq false).
    bare: SigningIdentity,
    policy: ObjectIdentifier,
    accuracy: Accuracy,
}

/// A serial number for one time stamp: 16 random bytes, positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StampSerial([u8; 16]);

/// Why an authority cannot be set up, or does not stamp.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeStampError {
    /// The certificate is not for time stamping alone, critically (RFC 3161 section 2.3).
    #[error("the certificate of {0} is not for time stamping alone")]
    Purpose(String),
    /// The certificate is not valid at that time.
    #[error("the time-stamping certificate is valid from {not_before} to {not_after}, not at {now}")]
    NotValid {
        /// The time to be stamped.
        now: DateTime<Utc>,
        /// First moment of the certificate.
        not_before: DateTime<Utc>,
        /// Last moment of the certificate.
        not_after: DateTime<Utc>,
    },
    /// The digest algorithm of the imprint is not accepted, or the digest has another length.
    #[error("digests by {0} are not stamped")]
    Imprint(ObjectIdentifier),
    /// The token cannot be made.
    #[error(transparent)]
    Build(#[from] BuildError),
}

impl StampSerial {
    /// A random one.
    ///
    /// # Errors
    /// When the operating system has no randomness.
    pub fn random() -> Result<Self, RandomError> {
        let mut bytes = [0; 16];
        crate::crypto::random(&mut bytes)?;
        // Positive and of full length: the first octet lies between 0x40 and 0x7f.
        bytes[0] = bytes[0] & 0x3f | 0x40;
        Ok(Self(bytes))
    }
}

impl TimeStampAuthority {
    /// Sets up an authority; its tokens carry its certificate and those of `chain`.
    ///
    /// # Errors
    /// When the certificate is of another key or not for time stamping alone.
    pub fn new(
        signer: Arc<dyn Signer>,
        certificate: Certificate,
        chain: &[Certificate],
        accuracy: Accuracy,
    ) -> Result<Self, TimeStampError> {
        let purposes = certificate.extensions().ext_key_usage.as_ref();
        if !purposes.is_some_and(|usage| usage.critical && usage.value == [oid::KP_TIME_STAMPING]) {
            let name = certificate.subject().common_name().unwrap_or_default();
            return Err(TimeStampError::Purpose(name.to_owned()));
        }
        let identity = SigningIdentity::new(signer, certificate, chain)?;
        let bare = identity.clone().without_certificates();
        Ok(Self {
            identity,
            bare,
            policy: oid::TSA_POLICY,
            accuracy,
        })
    }

    /// Its certificate.
    pub fn certificate(&self) -> &Certificate {
        self.identity.certificate()
    }

    /// Most bytes that [`Self::stamp`] makes for a digest by `algorithm`.
    pub fn max_token_len(&self, algorithm: DigestAlgorithm) -> usize {
        // A time with all its six decimals is the longest.
        let time = DateTime::from_timestamp_nanos(1_000);
        let content = self
            .info(Imprint::of(algorithm, b""), None, time, StampSerial([0x40; 16]))
            .to_der();
        self.identity
            .max_len(Form::Pkcs7, Content::Attached(oid::CT_TST_INFO, &content), &[], 0)
    }

    /// Stamps an imprint directly, without a request: the token, DER, with certificate.
    ///
    /// # Errors
    /// When the imprint's algorithm is not accepted, the certificate not valid, or the key does not sign.
    pub fn stamp(&self, imprint: Imprint, now: DateTime<Utc>, serial: StampSerial) -> Result<Vec<u8>, TimeStampError> {
        self.token(&self.identity, imprint, None, now, serial)
    }

    /// Answers a request. `now` is `None` while the clock is not known to be within the stated accuracy.
    ///
    /// Whatever is wrong is said in the answer, with its failure information (RFC 3161 section 2.4.2).
    pub fn respond(&self, request: &[u8], now: Option<DateTime<Utc>>, serial: StampSerial) -> TimeStampResponse {
        self.try_respond(request, now, serial).map_or_else(
            |(failure, text)| TimeStampResponse::refused(failure, text),
            TimeStampResponse::Granted,
        )
    }

    fn try_respond(
        &self,
        request: &[u8],
        now: Option<DateTime<Utc>>,
        serial: StampSerial,
    ) -> Result<Vec<u8>, (FailureInfo, String)> {
        if request.len() > MAX_REQUEST_BYTES {
            let text = format!("request of {} bytes, more than {MAX_REQUEST_BYTES}", request.len());
            return Err((FailureInfo::BadRequest, text));
        }
        let request =
            TimeStampRequest::parse(request).map_err(|error| (FailureInfo::BadDataFormat, error.to_string()))?;
        if request.has_extensions {
            return Err((FailureInfo::UnacceptedExtension, "no extension is supported".to_owned()));
        }
        if let Some(policy) = request.policy.filter(|policy| *policy != self.policy) {
            return Err((
                FailureInfo::UnacceptedPolicy,
                format!("policy {policy} is not supported"),
            ));
        }
        let now = now.ok_or_else(|| (FailureInfo::TimeNotAvailable, "the clock is not sound".to_owned()))?;
        let identity = if request.cert_req { &self.identity } else { &self.bare };
        self.token(identity, request.imprint, request.nonce, now, serial)
            .map_err(|error| {
                let failure = match error {
                    TimeStampError::Imprint(_) => FailureInfo::BadAlg,
                    _ => FailureInfo::SystemFailure,
                };
                (failure, error.to_string())
            })
    }

    fn token(
        &self,
        identity: &SigningIdentity,
        imprint: Imprint,
        nonce: Option<Vec<u8>>,
        now: DateTime<Utc>,
        serial: StampSerial,
    ) -> Result<Vec<u8>, TimeStampError> {
        if !imprint
            .known_algorithm()
            .is_some_and(|algorithm| ACCEPTED.contains(&algorithm))
        {
            return Err(TimeStampError::Imprint(imprint.algorithm));
        }
        let validity = self.certificate().validity();
        if !validity.contains(now) {
            let (not_before, not_after) = (validity.not_before, validity.not_after);
            return Err(TimeStampError::NotValid {
                now,
                not_before,
                not_after,
            });
        }
        let content = self.info(imprint, nonce, now, serial).to_der();
        let message = identity.sign(Form::Pkcs7, Content::Attached(oid::CT_TST_INFO, &content), &[])?;
        Ok(message.finish(&[]))
    }

    fn info(&self, imprint: Imprint, nonce: Option<Vec<u8>>, time: DateTime<Utc>, serial: StampSerial) -> TstInfo {
        TstInfo {
            policy: self.policy,
            imprint,
            serial: serial.0.to_vec(),
            time,
            accuracy: Some(self.accuracy),
            ordering: false,
            nonce,
            authority: None,
            critical_extension: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::cms::testing::{certificate, now};
    use crate::cms::timestamp::{Refusal, TimeStampToken};
    use crate::crypto::key::{KeyAlgorithm, SoftwareKey, Suite};

    const ACCURACY: Accuracy = Accuracy { micros: 500_000 };

    fn authority(algorithm: impl Into<KeyAlgorithm>) -> TimeStampAuthority {
        let key = SoftwareKey::generate(algorithm).unwrap();
        let certificate = certificate(&key, "tsa", Some(oid::KP_TIME_STAMPING));
        TimeStampAuthority::new(Arc::new(key), certificate, &[], ACCURACY).unwrap()
    }

    fn serial() -> StampSerial {
        StampSerial::random().unwrap()
    }

    fn failure(response: TimeStampResponse) -> Option<FailureInfo> {
        match response {
            TimeStampResponse::Granted(_) => None,
            TimeStampResponse::Refused(Refusal { failure, .. }) => failure,
        }
    }

    #[test]
    fn an_answer_repeats_imprint_and_nonce_and_verifies() {
        for algorithm in KeyAlgorithm::ALL {
            let authority = authority(algorithm);
            for algorithm in ACCEPTED {
                let request = TimeStampRequest::new(Imprint::of(algorithm, b"data"), Some([9; 8]));
                let TimeStampResponse::Granted(token) = authority.respond(&request.to_der(), Some(now()), serial())
                else {
                    panic!("refused");
                };
                let token = TimeStampToken::parse(&token).unwrap();
                let stamp = token.verify(authority.certificate(), b"data").unwrap();
                assert_eq!((stamp.info.nonce, stamp.info.accuracy), (request.nonce, Some(ACCURACY)));
                assert_eq!((stamp.info.time, stamp.signer.notes), (now(), vec![]));
            }
        }
    }

    #[test]
    fn a_certificate_is_in_the_token_only_when_asked_for() {
        let authority = authority(Suite::International);
        let mut request = TimeStampRequest::new(Imprint::of(DigestAlgorithm::Sha256, b""), None);
        for cert_req in [true, false] {
            request.cert_req = cert_req;
            let TimeStampResponse::Granted(token) = authority.respond(&request.to_der(), Some(now()), serial()) else {
                panic!("refused");
            };
            let token = TimeStampToken::parse(&token).unwrap();
            assert_eq!(token.signed_data.certificates.len(), usize::from(cert_req));
        }
    }

    #[test]
    fn each_refusal_says_why() {
        let authority = authority(Suite::International);
        let good = TimeStampRequest::new(Imprint::of(DigestAlgorithm::Sha256, b""), None);
        let answer = |request: &TimeStampRequest, now| failure(authority.respond(&request.to_der(), now, serial()));
        assert_eq!(answer(&good, Some(now())), None);
        let sha1 = TimeStampRequest {
            imprint: Imprint::of(DigestAlgorithm::Sha1, b""),
            ..good.clone()
        };
        assert_eq!(answer(&sha1, Some(now())), Some(FailureInfo::BadAlg));
        let policy = TimeStampRequest {
            policy: Some(oid::ANY_POLICY),
            ..good.clone()
        };
        assert_eq!(answer(&policy, Some(now())), Some(FailureInfo::UnacceptedPolicy));
        assert_eq!(answer(&good, None), Some(FailureInfo::TimeNotAvailable));
        assert_eq!(
            answer(&good, Some(now() + TimeDelta::days(400))),
            Some(FailureInfo::SystemFailure)
        );
        let mut extended = good.to_der();
        extended.extend([0xa0, 0x00]);
        extended[1] += 2;
        let answer = |bytes: &[u8]| failure(authority.respond(bytes, Some(now()), serial()));
        assert_eq!(answer(&extended), Some(FailureInfo::UnacceptedExtension));
        assert_eq!(answer(b"\x30\x00"), Some(FailureInfo::BadDataFormat));
        assert_eq!(answer(&[0; MAX_REQUEST_BYTES + 1]), Some(FailureInfo::BadRequest));
    }

    #[test]
    fn a_token_takes_at_most_what_is_foretold_and_hardly_less() {
        let micros = now() + TimeDelta::microseconds(123_457);
        for algorithm in KeyAlgorithm::ALL {
            let authority = authority(algorithm);
            let foretold = authority.max_token_len(DigestAlgorithm::Sha384);
            let lengths: Vec<usize> = (0..40)
                .map(|_| {
                    authority
                        .stamp(Imprint::of(DigestAlgorithm::Sha384, b""), micros, serial())
                        .unwrap()
                        .len()
                })
                .collect();
            assert!(
                lengths.iter().all(|length| *length <= foretold),
                "{lengths:?}, {foretold}"
            );
            assert!(lengths.contains(&foretold), "{lengths:?}, {foretold}");
        }
    }

    #[test]
    fn a_certificate_for_other_purposes_is_refused() {
        let key = SoftwareKey::generate(Suite::International).unwrap();
        let certificate = certificate(&key, "seal", Some(oid::KP_DOCUMENT_SIGNING));
        let refused = TimeStampAuthority::new(Arc::new(key), certificate, &[], ACCURACY);
        assert!(matches!(refused, Err(TimeStampError::Purpose(name)) if name == "seal"));
    }
}
