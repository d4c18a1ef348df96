//! What a certificate is to be relied on for, and what it must say then.

use der::asn1::ObjectIdentifier;

use crate::asn1::oid;
use crate::x509::KeyUsage;

/// What an authority is recognised for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// Certificates that sign the codes on licences and the lists that go with them.
    Credentials,
    /// Certificates with which enterprises sign.
    EnterpriseSigning,
    /// Certificates of government bodies that seal licences, and of the makers of their seals.
    GovernmentSeals,
    /// Certificates of time-stamping authorities.
    TimeStamping,
}

impl Service {
    /// Every service.
    pub const ALL: [Self; 4] = [
        Self::Credentials,
        Self::EnterpriseSigning,
        Self::GovernmentSeals,
        Self::TimeStamping,
    ];

    /// Its stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::EnterpriseSigning => "enterprise-signing",
            Self::GovernmentSeals => "government-seals",
            Self::TimeStamping => "time-stamping",
        }
    }

    /// The service of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.name() == name)
    }
}

/// What the target is to be relied on for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// It signs payloads of codes, key sets or status lists.
    CredentialSigning,
    /// It signs documents for an enterprise.
    EnterpriseSigning,
    /// It seals licences for a government body.
    GovernmentSealing,
    /// It signs seal objects.
    SealMaking,
    /// It signs time stamps.
    TimeStamping,
}

/// How `extKeyUsage` must look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PurposeRule {
    /// May be absent; where present it has this purpose or anyExtendedKeyUsage (RFC 5280 section 4.2.1.12).
    Unrestricted(ObjectIdentifier),
    /// Present, with this purpose.
    Named(ObjectIdentifier),
    /// Present, critical, with this purpose alone (RFC 3161 section 2.3).
    AloneAndCritical(ObjectIdentifier),
}

impl Purpose {
    /// What the authority must be recognised for.
    pub fn service(self) -> Service {
        match self {
            Self::CredentialSigning => Service::Credentials,
            Self::EnterpriseSigning => Service::EnterpriseSigning,
            Self::GovernmentSealing | Self::SealMaking => Service::GovernmentSeals,
            Self::TimeStamping => Service::TimeStamping,
        }
    }

    /// Usages of which the target's key must have one. Any of them fits a signature; nonRepudiation alone is common in
    /// certificates for documents (ETSI EN 319 412-2 section 4.3.2).
    pub(super) fn key_usage(self) -> KeyUsage {
        KeyUsage::DIGITAL_SIGNATURE | KeyUsage::NON_REPUDIATION
    }

    pub(super) fn rule(self) -> PurposeRule {
        match self {
            Self::CredentialSigning => PurposeRule::Named(oid::KP_CREDENTIAL_SIGNING),
            Self::EnterpriseSigning | Self::GovernmentSealing => PurposeRule::Unrestricted(oid::KP_DOCUMENT_SIGNING),
            Self::SealMaking => PurposeRule::Named(oid::KP_SEAL_MAKING),
            Self::TimeStamping => PurposeRule::AloneAndCritical(oid::KP_TIME_STAMPING),
        }
    }
}

impl PurposeRule {
    /// The purpose that is asked for.
    pub(super) fn purpose(self) -> ObjectIdentifier {
        match self {
            Self::Unrestricted(purpose) | Self::Named(purpose) | Self::AloneAndCritical(purpose) => purpose,
        }
    }
}
