//! TimeStampToken: SignedData over TSTInfo (RFC 3161 section 2.4.2, RFC 5816).

use super::{Imprint, TstInfo};
use crate::asn1::oid;
use crate::cms::verify::{Evidence, Profile, SignerFault, VerifiedSigner};
use crate::cms::{CmsError, SignedData};
use crate::crypto::PublicKey;

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
    UnknownImprint(der::asn1::ObjectIdentifier),
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
    pub fn certificate<'a>(&'a self, others: &'a [Vec<u8>]) -> Result<&'a [u8], SignerFault> {
        let signer = self.signed_data.only_signer()?;
        signer.choose_certificate(self.signed_data.certificates.iter().chain(others), Profile::Cades)
    }

    /// Judges the token against the authority's certificate and what should be stamped. Whether that certificate may
    /// stamp, and could at that time, is for `trust`.
    ///
    /// # Errors
    /// The first condition that fails.
    pub fn verify(&self, certificate: &[u8], key: &PublicKey, stamped: &[u8]) -> Result<VerifiedStamp, TimeStampFault> {
        let signer = self.signed_data.only_signer()?;
        let content = self.signed_data.content.as_deref().unwrap_or_default();
        let evidence = Evidence {
            certificate,
            key,
            content_type: self.signed_data.content_type,
            content_digest: signer.digest()?.digest(content),
        };
        let signer = signer.verify(&evidence, Profile::Cades)?;
        let imprint = &self.info.imprint;
        let algorithm = imprint
            .known_algorithm()
            .ok_or(TimeStampFault::UnknownImprint(imprint.algorithm))?;
        if !Imprint::of(algorithm, stamped).matches(imprint) {
            return Err(TimeStampFault::Imprint);
        }
        Ok(VerifiedStamp {
            signer,
            info: self.info.clone(),
        })
    }
}
