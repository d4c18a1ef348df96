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
    /// Anything: neither key usage nor purposes are asked about (RFC 5280 section 6 alone).
    Any,
    /// It signs payloads of codes, key sets or status lists.
    CredentialSigning,
    /// It signs documents for an enterprise.
    EnterpriseSigning,
    /// What this extended key usage stands for: TLS servers and clients, and whatever else is no service of ours.
    ExtendedKeyUsage(ObjectIdentifier),
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
    /// Not asked about.
    Any,
    /// May be absent; where present it has this purpose or anyExtendedKeyUsage (RFC 5280 section 4.2.1.12).
    Unrestricted(ObjectIdentifier),
    /// Present, with this purpose.
    Named(ObjectIdentifier),
    /// Present, critical, with this purpose alone (RFC 3161 section 2.3).
    AloneAndCritical(ObjectIdentifier),
}

impl Purpose {
    /// What the authority must be recognised for; anything at all where it is no service of ours.
    pub fn service(self) -> Option<Service> {
        match self {
            Self::Any | Self::ExtendedKeyUsage(_) => None,
            Self::CredentialSigning => Some(Service::Credentials),
            Self::EnterpriseSigning => Some(Service::EnterpriseSigning),
            Self::GovernmentSealing | Self::SealMaking => Some(Service::GovernmentSeals),
            Self::TimeStamping => Some(Service::TimeStamping),
        }
    }

    /// Usages of which the target's key must have one. Any of them fits a signature; nonRepudiation alone is common in
    /// certificates for documents (ETSI EN 319 412-2 section 4.3.2). `None` where the purpose is no signature.
    pub(super) fn key_usage(self) -> Option<KeyUsage> {
        match self {
            Self::Any | Self::ExtendedKeyUsage(_) => None,
            _ => Some(KeyUsage::DIGITAL_SIGNATURE | KeyUsage::NON_REPUDIATION),
        }
    }

    pub(super) fn rule(self) -> PurposeRule {
        match self {
            Self::Any => PurposeRule::Any,
            Self::ExtendedKeyUsage(purpose) => PurposeRule::Unrestricted(purpose),
            Self::CredentialSigning => PurposeRule::Named(oid::KP_CREDENTIAL_SIGNING),
            Self::EnterpriseSigning | Self::GovernmentSealing => PurposeRule::Unrestricted(oid::KP_DOCUMENT_SIGNING),
            Self::SealMaking => PurposeRule::Named(oid::KP_SEAL_MAKING),
            Self::TimeStamping => PurposeRule::AloneAndCritical(oid::KP_TIME_STAMPING),
        }
    }
}

impl PurposeRule {
    /// The purpose that is asked for.
    pub(super) fn purpose(self) -> Option<ObjectIdentifier> {
        match self {
            Self::Any => None,
            Self::Unrestricted(purpose) | Self::Named(purpose) | Self::AloneAndCritical(purpose) => Some(purpose),
        }
    }

    /// The rule for the authorities above a target: one with purposes hands on no others.
    pub(super) fn of_authorities(self) -> Self {
        self.purpose().map_or(Self::Any, Self::Unrestricted)
    }

    /// Whether `extKeyUsage`, with its critical flag, fits.
    pub(super) fn is_met_by(self, found: Option<(bool, &[ObjectIdentifier])>) -> bool {
        match (self, found) {
            (Self::Any, _) | (Self::Unrestricted(_), None) => true,
            (_, None) => false,
            (Self::Unrestricted(wanted), Some((_, purposes))) => {
                purposes.contains(&wanted) || purposes.contains(&oid::ANY_EXTENDED_KEY_USAGE)
            }
            (Self::Named(wanted), Some((_, purposes))) => purposes.contains(&wanted),
            (Self::AloneAndCritical(wanted), Some((critical, purposes))) => critical && purposes == [wanted],
        }
    }
}
