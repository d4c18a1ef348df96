//! Authorities, certificates and lists made for a test.

use chrono::{DateTime, TimeDelta, Utc};

use crate::asn1::oid;
use crate::crypto::key::{Signer, SoftwareKey, Suite};
use crate::trust::{Anchor, Service, Snapshot};
use crate::x509::build::{self, CertificateFields, CrlFields};
use crate::x509::{
    BasicConstraints, Certificate, Crl, Extension, Extensions, KeyUsage, Name, RevocationReason, RevokedEntry,
    SerialNumber, Validity,
};

pub(in crate::trust) fn noon() -> DateTime<Utc> {
    "2026-05-28T12:00:00Z".parse().unwrap()
}

pub(in crate::trust) fn days(count: i64) -> TimeDelta {
    TimeDelta::days(count)
}

pub(in crate::trust) fn present<T>(critical: bool, value: T) -> Option<Extension<T>> {
    Some(Extension { critical, value })
}

pub(in crate::trust) fn named(common_name: &str) -> Name {
    build::name(&[(oid::COUNTRY_NAME, "CN"), (oid::COMMON_NAME, common_name)]).unwrap()
}

/// A key with a certificate.
pub(in crate::trust) struct Party {
    pub(in crate::trust) certificate: Certificate,
    pub(in crate::trust) key: SoftwareKey,
}

impl Party {
    /// The same key once more.
    pub(in crate::trust) fn key_copy(&self) -> SoftwareKey {
        SoftwareKey::from_pkcs8(self.key.to_pkcs8()).unwrap()
    }
}

/// A certificate before it is signed.
pub(in crate::trust) struct Draft {
    pub(super) serial: SerialNumber,
    pub(super) issuer: Name,
    pub(in crate::trust) subject: Name,
    pub(in crate::trust) validity: Validity,
    pub(in crate::trust) key: SoftwareKey,
    pub(in crate::trust) extensions: Extensions,
    /// Another encoding of the key.
    pub(super) key_info: Option<Vec<u8>>,
}

impl Draft {
    fn new(common_name: &str, suite: Suite) -> Self {
        let mut serial = [7; 16];
        crate::crypto::random(&mut serial).unwrap();
        Self {
            serial: SerialNumber::from_random(serial),
            issuer: named(common_name),
            subject: named(common_name),
            validity: Validity {
                not_before: noon() - days(365),
                not_after: noon() + days(365),
            },
            key: SoftwareKey::generate(suite).unwrap(),
            extensions: Extensions::default(),
            key_info: None,
        }
    }

    /// An authority.
    pub(in crate::trust) fn authority(common_name: &str, suite: Suite) -> Self {
        let mut draft = Self::new(common_name, suite);
        draft.extensions.key_usage = present(true, KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN);
        draft.extensions.basic_constraints = present(
            true,
            BasicConstraints {
                ca: true,
                path_length: None,
            },
        );
        draft
    }

    /// An organisation that signs documents.
    pub(in crate::trust) fn signer(common_name: &str, suite: Suite) -> Self {
        let mut draft = Self::new(common_name, suite);
        draft.extensions.key_usage = present(true, KeyUsage::DIGITAL_SIGNATURE | KeyUsage::NON_REPUDIATION);
        draft.extensions.ext_key_usage = present(false, vec![oid::KP_DOCUMENT_SIGNING]);
        draft
    }

    pub(in crate::trust) fn change(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    pub(in crate::trust) fn self_signed(self) -> Party {
        let certificate = self.signed(&self.key);
        Party {
            certificate,
            key: self.key,
        }
    }

    pub(in crate::trust) fn issued_by(mut self, issuer: &Party) -> Party {
        self.issuer = issuer.certificate.subject().clone();
        let certificate = self.signed(&issuer.key);
        Party {
            certificate,
            key: self.key,
        }
    }

    fn signed(&self, by: &SoftwareKey) -> Certificate {
        let fields = CertificateFields {
            serial: &self.serial,
            algorithm: by.algorithm(),
            issuer: &self.issuer,
            validity: self.validity,
            subject: &self.subject,
            public_key_info: self.key_info.as_deref().unwrap_or(self.key.public_key().spki()),
            extensions: &self.extensions,
        };
        let signed_part = build::certificate(&fields).unwrap();
        let der = build::signed(&signed_part, by.algorithm(), &by.sign(&signed_part).unwrap());
        Certificate::from_der(&der).unwrap()
    }
}

/// A list of `issuer`, in force from `this_update` on for a week.
pub(in crate::trust) fn crl(issuer: &Party, this_update: DateTime<Utc>, entries: &[RevokedEntry]) -> Crl {
    crl_with(
        issuer,
        this_update,
        entries,
        Extensions {
            crl_number: present(false, vec![1]),
            ..Default::default()
        },
    )
}

pub(super) fn crl_with(
    issuer: &Party,
    this_update: DateTime<Utc>,
    entries: &[RevokedEntry],
    extensions: Extensions,
) -> Crl {
    let fields = CrlFields {
        algorithm: issuer.key.algorithm(),
        issuer: issuer.certificate.subject(),
        this_update,
        next_update: this_update + days(7),
        entries,
        extensions: &extensions,
    };
    let signed_part = build::crl(&fields).unwrap();
    let signature = issuer.key.sign(&signed_part).unwrap();
    Crl::from_der(&build::signed(&signed_part, issuer.key.algorithm(), &signature)).unwrap()
}

pub(super) fn revoked(party: &Party, at: DateTime<Utc>, reason: RevocationReason) -> RevokedEntry {
    let serial = party.certificate.serial().clone();
    RevokedEntry {
        serial,
        revoked_at: at,
        reason,
        invalidity_date: None,
    }
}

/// Root, issuing authority and signer, with fresh lists of both authorities.
pub(super) struct World {
    pub(super) root: Party,
    pub(super) issuing: Party,
    pub(super) signer: Party,
}

impl World {
    pub(super) fn new(suite: Suite) -> Self {
        Self::with(suite, |_| (), |_| ())
    }

    /// With a change to the issuing authority and to the signer before they are signed.
    pub(super) fn with(suite: Suite, issuing: impl FnOnce(&mut Draft), signer: impl FnOnce(&mut Draft)) -> Self {
        let root = Draft::authority("根", suite).self_signed();
        let issuing = Draft::authority("签发", suite).change(issuing).issued_by(&root);
        let signer = Draft::signer("机构", suite).change(signer).issued_by(&issuing);
        Self { root, issuing, signer }
    }

    pub(super) fn anchor(&self) -> Anchor {
        Anchor::new("示例市", self.root.certificate.clone(), &[Service::GovernmentSeals])
    }

    pub(super) fn lists(&self) -> Vec<Crl> {
        vec![
            crl(&self.root, noon() - days(1), &[]),
            crl(&self.issuing, noon() - days(1), &[]),
        ]
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        self.snapshot_with(self.lists())
    }

    pub(super) fn snapshot_with(&self, crls: Vec<Crl>) -> Snapshot {
        Snapshot::new(vec![self.anchor()], vec![self.issuing.certificate.clone()], crls)
    }
}
