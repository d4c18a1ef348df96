//! Departures from the standards that are told and decide nothing.

use der::asn1::ObjectIdentifier;

use crate::asn1::oid;
use crate::problem::Problem;

/// A departure that is reported but does not break the signature. Messages of ours have none: every byte of theirs that
/// no signature covers is pinned by one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignerNote {
    /// The certificate is identified by SHA-1 (RFC 2634).
    CertificateIdV1,
    /// The certificate is not identified in a signed attribute.
    NoCertificateId,
    /// The signer's certificate is not in the message, but elsewhere.
    CertificateElsewhere,
    /// The message or its content is named once in the way of PKCS#7 and once in that of GB/T 35275.
    MixedContentTypes,
    /// The version of the message or of the signer is not the one that its contents ask for (RFC 5652 sections 5.1,
    /// 5.3).
    Version,
    /// The digest algorithm is not announced at the head of the message, or others are (RFC 5652 section 5.1).
    AnnouncedDigests,
    /// Issuer and serial number, or the key identifier, are not those of the certificate that the signed digest names.
    Identifier,
    /// An unsigned attribute is there that is not a signature time stamp.
    UnsignedAttribute(ObjectIdentifier),
    /// An unsigned attribute for archives of another kind of signature (ETSI EN 319 122-1 section 5.5), which PAdES
    /// keeps in the security store instead.
    ArchiveAttribute(ObjectIdentifier),
    /// The message is BER and not DER.
    Ber,
    /// Nothing but the content is signed: there are no signed attributes.
    NoSignedAttributes,
    /// The signed attributes are not in the order of DER (X.690 section 11.6).
    AttributeOrder,
    /// The content, or its digest, travels in the message.
    AttachedContent,
    /// The signature is r‖s and not a SEQUENCE of both (GB/T 35275 asks for the latter).
    RawSignature,
    /// The digest is named as a keyed one (HMAC with SM3, `1.2.156.10197.1.401.2`), which it is not.
    KeyedDigestName,
    /// The time of signing stands in the message too, which PAdES keeps in the dictionary (ETSI EN 319 142-1 section
    /// 6.3).
    SigningTime,
    /// The time-stamping authority calls itself by none of the names of its certificate (RFC 3161 section 2.4.2).
    TimeStampAuthority,
}

impl SignerNote {
    /// The note as people read it.
    pub fn problem(&self) -> Problem {
        match self {
            Self::CertificateIdV1 => Problem::new("note-certificate-id-v1"),
            Self::NoCertificateId => Problem::new("note-no-certificate-id"),
            Self::CertificateElsewhere => Problem::new("note-certificate-elsewhere"),
            Self::MixedContentTypes => Problem::new("note-mixed-content-types"),
            Self::Version => Problem::new("note-version"),
            Self::AnnouncedDigests => Problem::new("note-announced-digests"),
            Self::Identifier => Problem::new("note-identifier"),
            Self::UnsignedAttribute(kind) => {
                Problem::new("note-unsigned-attribute").param("attribute", oid::describe(kind))
            }
            Self::ArchiveAttribute(kind) => {
                Problem::new("note-archive-attribute").param("attribute", oid::describe(kind))
            }
            Self::Ber => Problem::new("note-ber"),
            Self::NoSignedAttributes => Problem::new("note-no-signed-attributes"),
            Self::AttributeOrder => Problem::new("note-attribute-order"),
            Self::AttachedContent => Problem::new("note-attached-content"),
            Self::RawSignature => Problem::new("note-raw-signature"),
            Self::KeyedDigestName => Problem::new("note-keyed-digest-name"),
            Self::SigningTime => Problem::new("note-signing-time"),
            Self::TimeStampAuthority => Problem::new("note-time-stamp-authority"),
        }
    }
}

/// Unsigned attributes of CAdES for archives (ETSI EN 319 122-1 sections 5.4 and 5.5, appendix A.1).
const ARCHIVE_ATTRIBUTES: [ObjectIdentifier; 8] = [
    oid::ARCHIVE_TIME_STAMP_V2,
    oid::ARCHIVE_TIME_STAMP_V3,
    oid::CERTIFICATE_REFS,
    oid::CERTIFICATE_VALUES,
    oid::CERT_CRL_TIME_STAMP,
    oid::ESC_TIME_STAMP,
    oid::REVOCATION_REFS,
    oid::REVOCATION_VALUES,
];

/// The note on an unsigned attribute; `None` for a signature time stamp.
pub(super) fn of_unsigned(kind: ObjectIdentifier) -> Option<SignerNote> {
    match kind {
        oid::SIGNATURE_TIME_STAMP_TOKEN => None,
        kind if ARCHIVE_ATTRIBUTES.contains(&kind) => Some(SignerNote::ArchiveAttribute(kind)),
        kind => Some(SignerNote::UnsignedAttribute(kind)),
    }
}
