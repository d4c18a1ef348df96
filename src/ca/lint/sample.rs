//! The certificate that fixtures of rules change: an organisation's under an issuing authority.

use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};

use super::Examined;
use crate::ca::{Profile, ProfileKind, Publication, Subject, key_identifier};
use crate::crypto::key::{Signer, SoftwareKey, Suite};
use crate::x509::build::{self, CertificateFields};
use crate::x509::{
    AuthorityKeyIdentifier, BasicConstraints, Certificate, Extension, Extensions, KeyUsage, Name, SerialNumber,
    Validity,
};

/// What turns the sample into a certificate that keeps a rule, and into one that breaks it.
pub(super) struct Fixtures {
    pub(super) good: fn(&mut Draft),
    pub(super) bad: fn(&mut Draft),
}

/// A certificate before it is written.
pub(super) struct Draft {
    pub(super) serial: SerialNumber,
    pub(super) issuer: Name,
    pub(super) subject: Name,
    pub(super) validity: Validity,
    pub(super) public_key_info: Vec<u8>,
    pub(super) extensions: Extensions,
    pub(super) profile: Profile,
    /// Hand the sample itself over as its issuer.
    pub(super) issued_by_end_entity: bool,
}

static KEY: LazyLock<SoftwareKey> = LazyLock::new(|| SoftwareKey::generate(Suite::International).unwrap());

pub(super) fn noon() -> DateTime<Utc> {
    "2026-05-28T12:00:00Z".parse().unwrap()
}

pub(super) fn present<T>(critical: bool, value: T) -> Option<Extension<T>> {
    Some(Extension { critical, value })
}

/// Writes the sample with a change, and looks at it.
pub(super) fn with<T>(change: fn(&mut Draft), look: impl FnOnce(&Examined<'_>) -> T) -> T {
    let issuer = written(&authority());
    let mut draft = organisation(&issuer);
    change(&mut draft);
    let certificate = written(&draft);
    let issuer = if draft.issued_by_end_entity {
        &certificate
    } else {
        &issuer
    };
    look(&Examined {
        certificate: &certificate,
        issuer: Some(issuer),
        profile: &draft.profile,
    })
}

fn written(draft: &Draft) -> Certificate {
    let fields = CertificateFields {
        serial: &draft.serial,
        algorithm: KEY.algorithm(),
        issuer: &draft.issuer,
        validity: draft.validity,
        subject: &draft.subject,
        public_key_info: &draft.public_key_info,
        extensions: &draft.extensions,
    };
    let signed_part = build::certificate(&fields).unwrap();
    let der = build::signed(&signed_part, KEY.algorithm(), &KEY.sign(&signed_part).unwrap());
    Certificate::from_der(&der).unwrap()
}

fn authority() -> Draft {
    let name = Subject::service("示例市", "签章 CA").unwrap().name().clone();
    Draft {
        serial: SerialNumber::from_random([1; 16]),
        issuer: name.clone(),
        subject: name,
        validity: Validity {
            not_before: noon(),
            not_after: noon() + TimeDelta::days(3650),
        },
        public_key_info: KEY.public_key().spki().to_vec(),
        extensions: Extensions {
            subject_key_identifier: present(false, key_identifier(KEY.public_key().spki())),
            key_usage: present(true, KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN),
            basic_constraints: present(
                true,
                BasicConstraints {
                    ca: true,
                    path_length: Some(0),
                },
            ),
            ..Default::default()
        },
        profile: Profile::standard(ProfileKind::Root).unwrap(),
        issued_by_end_entity: false,
    }
}

fn organisation(issuer: &Certificate) -> Draft {
    let subject = Subject::organisation("示例市市场监督管理局", "11350100M000100Y43").unwrap();
    let profile = Profile::standard(ProfileKind::OrganisationSigner).unwrap();
    let authority = AuthorityKeyIdentifier {
        key_identifier: issuer.key_identifier().map(<[u8]>::to_vec),
        ..Default::default()
    };
    let publication = Publication::under("http://pki.example.org", "seal");
    Draft {
        serial: SerialNumber::from_random([2; 16]),
        issuer: issuer.subject().clone(),
        subject: subject.name().clone(),
        validity: Validity {
            not_before: noon(),
            not_after: noon() + TimeDelta::days(365),
        },
        public_key_info: KEY.public_key().spki().to_vec(),
        extensions: Extensions {
            authority_key_identifier: present(false, authority),
            subject_key_identifier: present(false, key_identifier(KEY.public_key().spki())),
            key_usage: present(true, profile.key_usage),
            certificate_policies: present(false, profile.policies.clone()),
            crl_distribution_points: present(false, publication.distribution_points()),
            credit_code: present(false, "11350100M000100Y43".to_owned()),
            ..Default::default()
        },
        profile,
        issued_by_end_entity: false,
    }
}
