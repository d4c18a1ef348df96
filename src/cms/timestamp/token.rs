//! TimeStampToken: SignedData over TSTInfo (RFC 3161 section 2.4.2, RFC 5816).

use der::asn1::ObjectIdentifier;

use super::{Imprint, TstInfo};
use crate::asn1::oid;
use crate::cms::verify::{MayCheck, Profile, SignerFault, SignerNote, UNCOUNTED, VerifiedSigner};
use crate::cms::{CmsError, SignedData};
use crate::crypto::{Digest, DigestAlgorithm};
use crate::x509::{Certificate, GeneralName};

/// One token, read but not judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeStampToken {
    /// The message.
    pub signed_data: SignedData,
    /// What it stamps.
    pub info: TstInfo,
}

/// Why a token proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeStampFault {
    /// The authority's signature is not accepted.
    #[error("the time stamp: {0}")]
    Signer(#[from] SignerFault),
    /// It stamps something else.
    #[error("the time stamp is of something else")]
    Imprint,
    /// The digest of the imprint is not known, or has not the length of its algorithm.
    #[error("the time stamp's digest algorithm {0} is not supported")]
    UnknownImprint(ObjectIdentifier),
    /// It has an extension that whoever does not know it must not pass over.
    #[error("the time stamp has the critical extension {0}, which is not known here")]
    CriticalExtension(ObjectIdentifier),
}

/// A token whose signature and imprint fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedStamp {
    /// The authority's signature.
    pub signer: VerifiedSigner,
    /// What it stamped, and when.
    pub info: TstInfo,
}

impl TimeStampToken {
    /// Reads a token.
    ///
    /// # Errors
    /// When it is not SignedData over an attached TSTInfo.
    pub fn parse(der: &[u8]) -> Result<Self, CmsError> {
        Self::from_signed_data(SignedData::parse(der)?)
    }

    /// Takes a message that was already read: a document time stamp of a PDF.
    ///
    /// # Errors
    /// When its content is not an attached TSTInfo.
    pub fn from_signed_data(signed_data: SignedData) -> Result<Self, CmsError> {
        match &signed_data.content {
            Some(content) if signed_data.content_type == oid::CT_TST_INFO => {
                let info = TstInfo::parse(content)?;
                Ok(Self { signed_data, info })
            }
            _ => Err(CmsError::ContentType {
                found: signed_data.content_type,
                expected: "attached TSTInfo",
            }),
        }
    }

    /// The authority's certificate: among those of the token, or, where a client asked for none, among `others`.
    ///
    /// # Errors
    /// When there is not one signer, or it names no certificate that is there.
    pub fn certificate<'a>(&'a self, others: &[&'a [u8]]) -> Result<&'a [u8], SignerFault> {
        let signer = self.signed_data.only_signer()?;
        let own = self.signed_data.certificates.iter().map(Vec::as_slice);
        signer.choose_certificate(own.chain(others.iter().copied()), Profile::Cades)
    }

    /// The algorithm by which it digested what it stamps.
    ///
    /// # Errors
    /// [`TimeStampFault::UnknownImprint`].
    pub fn imprint_algorithm(&self) -> Result<DigestAlgorithm, TimeStampFault> {
        let imprint = &self.info.imprint;
        let unknown = TimeStampFault::UnknownImprint(imprint.algorithm);
        imprint.known_algorithm().ok_or(unknown)
    }

    /// Judges the token against the authority's certificate and what should be stamped. Whether that certificate may
    /// stamp, and could at that time, is for `trust`.
    ///
    /// # Errors
    /// The first condition that fails.
    pub fn verify(&self, certificate: &Certificate, stamped: &[u8]) -> Result<VerifiedStamp, TimeStampFault> {
        self.verify_digest(certificate, &self.imprint_algorithm()?.digest(stamped), UNCOUNTED)
    }

    /// The same with the digest of what should be stamped, by [`Self::imprint_algorithm`].
    ///
    /// # Errors
    /// The first condition that fails.
    pub fn verify_digest(
        &self,
        certificate: &Certificate,
        stamped: &Digest,
        may_check: MayCheck<'_>,
    ) -> Result<VerifiedStamp, TimeStampFault> {
        self.judge(
            certificate,
            &Imprint::new(self.imprint_algorithm()?, stamped),
            may_check,
        )
    }

    /// The same with the imprint that an authority was asked to stamp.
    ///
    /// # Errors
    /// The first condition that fails.
    pub fn verify_imprint(
        &self,
        certificate: &Certificate,
        stamped: &Imprint,
    ) -> Result<VerifiedStamp, TimeStampFault> {
        self.judge(certificate, stamped, UNCOUNTED)
    }

    fn judge(
        &self,
        certificate: &Certificate,
        stamped: &Imprint,
        may_check: MayCheck<'_>,
    ) -> Result<VerifiedStamp, TimeStampFault> {
        let signer = self.signed_data.only_signer()?;
        let content = self.signed_data.content.as_deref().unwrap_or_default();
        let content_digest = signer.digest()?.digest(content);
        let signer = self.signed_data.judging(certificate, Profile::Cades)?;
        let mut signer = signer.finish(content_digest, may_check)?;
        if !stamped.matches(&self.info.imprint) {
            return Err(TimeStampFault::Imprint);
        }
        if let Some(kind) = self.info.critical_extension {
            return Err(TimeStampFault::CriticalExtension(kind));
        }
        if !self.is_named_as(certificate) {
            signer.notes.push(SignerNote::TimeStampAuthority);
        }
        Ok(VerifiedStamp {
            signer,
            info: self.info.clone(),
        })
    }

    /// Whether the authority calls itself, if at all, by a subject name of its certificate (RFC 3161 section 2.4.2).
    /// Who it is, the certificate says alone.
    fn is_named_as(&self, certificate: &Certificate) -> bool {
        let Some(authority) = &self.info.authority else {
            return true;
        };
        let subject = GeneralName::Directory(certificate.subject().clone());
        let others = certificate.extensions().subject_alt_name.as_ref();
        GeneralName::from_der(authority)
            .is_some_and(|name| name == subject || others.is_some_and(|others| others.value.contains(&name)))
    }
}

#[cfg(test)]
mod tests {
    use der::Tag;

    use super::*;
    use crate::asn1::read::Reader;
    use crate::asn1::write;
    use crate::cms::Form;
    use crate::cms::build::{Content, SigningIdentity};
    use crate::cms::testing::{identity, now};
    use crate::crypto::key::{KeyAlgorithm, Suite};

    fn token(authority: &SigningIdentity, imprint: Imprint) -> Vec<u8> {
        token_with(authority, imprint, &[])
    }

    /// A token that says so much more at the end of its content.
    fn token_with(authority: &SigningIdentity, imprint: Imprint, more: &[u8]) -> Vec<u8> {
        let info = TstInfo {
            policy: oid::TSA_POLICY,
            imprint,
            serial: vec![1],
            time: now(),
            accuracy: None,
            ordering: false,
            nonce: None,
            authority: None,
            critical_extension: None,
        };
        let plain = info.to_der();
        let mut reader = Reader::new(&plain).unwrap();
        let fields = reader.contents(Tag::Sequence).unwrap();
        let content = write::encode(|w| {
            w.sequence(|w| {
                w.raw(fields);
                w.raw(more);
            });
        });
        authority
            .sign(Form::Pkcs7, Content::Attached(oid::CT_TST_INFO, &content), &[])
            .unwrap()
            .finish(&[])
    }

    #[test]
    fn a_token_is_good_for_what_it_stamps_alone() {
        for algorithm in KeyAlgorithm::ALL {
            let authority = identity(algorithm, "tsa", Some(oid::KP_TIME_STAMPING));
            let der = token(&authority, Imprint::of(authority.digest(), b"signature value"));
            let token = TimeStampToken::parse(&der).unwrap();
            assert_eq!(token.certificate(&[]).unwrap(), authority.certificate().der());
            assert_eq!(
                token
                    .verify(authority.certificate(), b"signature value")
                    .unwrap()
                    .info
                    .time,
                now()
            );
            let other = token.verify(authority.certificate(), b"another");
            assert_eq!(other, Err(TimeStampFault::Imprint));
        }
    }

    #[test]
    fn a_token_with_a_critical_extension_that_nobody_here_knows_is_refused() {
        let authority = identity(Suite::International, "tsa", Some(oid::KP_TIME_STAMPING));
        let verified = |is_critical: bool| {
            let extensions = write::encode(|w| {
                w.constructed(0xa1, |w| {
                    w.sequence(|w| {
                        w.oid(oid::TSA_POLICY);
                        if is_critical {
                            w.boolean_true();
                        }
                        w.octet_string(&[5, 0]);
                    });
                });
            });
            let der = token_with(&authority, Imprint::of(DigestAlgorithm::Sha256, b""), &extensions);
            let verified = TimeStampToken::parse(&der)
                .unwrap()
                .verify(authority.certificate(), b"");
            verified.map(drop).map_err(|fault| fault.to_string())
        };
        assert_eq!(verified(false), Ok(()));
        let refused = verified(true).unwrap_err();
        assert!(refused.contains("critical extension"), "{refused}");
    }

    #[test]
    fn a_token_whose_authority_calls_itself_by_another_name_than_its_certificate_has_a_note() {
        let [authority, other] = ["tsa", "other"].map(|name| {
            let purpose = Some(oid::KP_TIME_STAMPING);
            identity(Suite::International, name, purpose)
        });
        let notes = |name: &[u8]| {
            let named = write::encode(|w| w.constructed(0xa0, |w| w.constructed(0xa4, |w| w.raw(name))));
            let der = token_with(&authority, Imprint::of(DigestAlgorithm::Sha256, b""), &named);
            let token = TimeStampToken::parse(&der).unwrap();
            let notes = token.verify(authority.certificate(), b"").unwrap().signer.notes;
            notes.iter().map(|note| note.problem().code).collect::<Vec<_>>()
        };
        assert_eq!(notes(authority.certificate().subject().der()), Vec::<&str>::new());
        for name in [other.certificate().subject().der(), &[5, 0]] {
            assert_eq!(notes(name), ["note-time-stamp-authority"]);
        }
    }

    #[test]
    fn a_token_without_certificate_takes_it_from_elsewhere() {
        let authority = identity(Suite::International, "tsa", Some(oid::KP_TIME_STAMPING));
        let der = token(
            &authority.clone().without_certificates(),
            Imprint::of(DigestAlgorithm::Sha256, b""),
        );
        let token = TimeStampToken::parse(&der).unwrap();
        assert_eq!(token.certificate(&[]), Err(SignerFault::CertificateMissing));
        let elsewhere = [authority.certificate().der()];
        assert_eq!(token.certificate(&elsewhere).unwrap(), authority.certificate().der());
    }

    #[test]
    fn a_message_over_plain_data_is_no_token() {
        let authority = identity(Suite::International, "tsa", None);
        let digest = authority.digest().digest(b"");
        let der = authority
            .sign(Form::Pkcs7, Content::Detached(&digest), &[])
            .unwrap()
            .finish(&[]);
        assert!(matches!(TimeStampToken::parse(&der), Err(CmsError::ContentType { .. })));
    }
}
