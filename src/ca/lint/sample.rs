//! The certificates that fixtures of rules change: one of each kind, all of which keep every rule.

use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};
use der::asn1::ObjectIdentifier;

use super::{Examined, Standing};
use crate::asn1::{oid, write};
use crate::ca::{Profile, ProfileKind, Publication, Subject, key_identifier};
use crate::crypto::SignatureAlgorithm;
use crate::crypto::key::{KeyAlgorithm, Signer, SoftwareKey};
use crate::x509::build::{self, CertificateFields};
use crate::x509::{
    AuthorityKeyIdentifier, BasicConstraints, Certificate, Extension, Extensions, GeneralName, KeyUsage, Name,
    NameConstraints, SerialNumber, UnknownExtension, Validity,
};

/// What turns a sample into a certificate that keeps a rule, and into one that breaks it and no other.
pub(super) struct Fixtures {
    pub(super) of: fn() -> Draft,
    pub(super) good: fn(&mut Draft),
    pub(super) bad: fn(&mut Draft),
}

impl Fixtures {
    pub(super) fn good(&self) -> Written {
        written((self.of)(), self.good)
    }

    pub(super) fn bad(&self) -> Written {
        written((self.of)(), self.bad)
    }
}

/// The sample keeps the rule as it is.
pub(super) fn as_it_is(_: &mut Draft) {}

/// A certificate before it is written.
pub(super) struct Draft {
    pub(super) serial: SerialNumber,
    pub(super) algorithm: SignatureAlgorithm,
    pub(super) issuer: Name,
    pub(super) subject: Name,
    pub(super) validity: Validity,
    pub(super) public_key_info: Vec<u8>,
    pub(super) extensions: Extensions,
    pub(super) issued_by: Option<Certificate>,
    /// Octets of the part to be signed that are replaced by as many others wherever they stand: for what no builder
    /// writes.
    pub(super) octets: Vec<(Vec<u8>, Vec<u8>)>,
    profile: Option<Profile>,
    is_partner: bool,
}

impl Draft {
    pub(super) fn profile_mut(&mut self) -> &mut Profile {
        self.profile.as_mut().unwrap()
    }
}

/// A certificate, written and read, with what the rules want to know.
pub(super) struct Written {
    certificate: Certificate,
    issuer: Option<Certificate>,
    profile: Option<Profile>,
    is_partner: bool,
}

impl Written {
    pub(super) fn examined(&self) -> Examined<'_> {
        let standing = match &self.profile {
            Some(profile) if self.is_partner => Standing::Partner(profile),
            Some(profile) => Standing::Own(profile),
            None => Standing::Foreign,
        };
        Examined {
            certificate: &self.certificate,
            issuer: self.issuer.as_ref(),
            standing,
        }
    }
}

/// Changes a draft and writes it, under a signature that nobody looks at.
pub(super) fn written(mut draft: Draft, change: fn(&mut Draft)) -> Written {
    change(&mut draft);
    if let Some(issuer) = &draft.issued_by
        && draft.issuer == *root().subject()
    {
        draft.issuer = issuer.subject().clone();
    }
    let fields = CertificateFields {
        serial: &draft.serial,
        algorithm: draft.algorithm,
        issuer: &draft.issuer,
        validity: draft.validity,
        subject: &draft.subject,
        public_key_info: &draft.public_key_info,
        extensions: &draft.extensions,
    };
    let signed_part = build::certificate(&fields).unwrap();
    let der = build::signed(&signed_part, draft.algorithm, &[0; 64]);
    let der = draft
        .octets
        .iter()
        .fold(der, |der, (from, to)| replaced(&der, from, to));
    Written {
        certificate: Certificate::from_der(&der).unwrap(),
        issuer: draft.issued_by,
        profile: draft.profile,
        is_partner: draft.is_partner,
    }
}

fn replaced(der: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places: Vec<_> = (0..der.len()).filter(|at| der[*at..].starts_with(from)).collect();
    assert!(!places.is_empty(), "{from:02x?} does not occur");
    let mut replaced = der.to_vec();
    for at in places {
        replaced[at..at + to.len()].copy_from_slice(to);
    }
    replaced
}

static P256: LazyLock<SoftwareKey> = LazyLock::new(|| SoftwareKey::generate(KeyAlgorithm::P256).unwrap());

static ROOT: LazyLock<Certificate> = LazyLock::new(|| root_with(None));

fn noon() -> DateTime<Utc> {
    "2026-05-28T12:00:00Z".parse().unwrap()
}

fn year() -> Validity {
    Validity {
        not_before: noon(),
        not_after: noon() + TimeDelta::days(365),
    }
}

pub(super) fn present<T>(critical: bool, value: T) -> Option<Extension<T>> {
    Some(Extension { critical, value })
}

/// A name of these attributes: type, identifier octet of the value, text.
pub(super) fn name(attributes: &[(ObjectIdentifier, u8, &str)]) -> Name {
    let der = write::encode(|w| {
        w.sequence(|w| {
            for (oid, tag, text) in attributes {
                w.constructed(write::SET, |w| {
                    w.sequence(|w| {
                        w.oid(*oid);
                        w.primitive(*tag, text.as_bytes());
                    });
                });
            }
        });
    });
    Name::from_der(&der).unwrap()
}

/// The name of the sample's organisation under another credit code.
pub(super) fn organisation_name(credit_code: &str) -> Name {
    let subject = Subject::organisation("示例市市场监督管理局", credit_code).unwrap();
    subject.name().clone()
}

/// An authority that certifies all the others.
pub(super) fn root() -> &'static Certificate {
    &ROOT
}

/// The same authority with a path length.
pub(super) fn root_with(path_length: Option<u32>) -> Certificate {
    let constraints = BasicConstraints { ca: true, path_length };
    let root = Draft {
        extensions: Extensions {
            basic_constraints: present(true, constraints),
            ..of_authority()
        },
        ..root_draft()
    };
    written(root, as_it_is).certificate
}

/// The same authority, for hosts of one domain only.
pub(super) fn root_for(domain: &str) -> Certificate {
    let constraints = NameConstraints {
        permitted: vec![GeneralName::Dns(domain.to_owned())],
        excluded: Vec::new(),
    };
    let root = Draft {
        extensions: Extensions {
            name_constraints: present(true, constraints),
            ..of_authority()
        },
        ..root_draft()
    };
    written(root, as_it_is).certificate
}

/// The certificate of a server, with the name and key of the root.
pub(super) fn server_certificate() -> Certificate {
    let server = Draft {
        extensions: Extensions {
            basic_constraints: None,
            key_usage: present(true, KeyUsage::DIGITAL_SIGNATURE),
            ..of_authority()
        },
        ..root_draft()
    };
    written(server, as_it_is).certificate
}

fn of_authority() -> Extensions {
    let constraints = BasicConstraints {
        ca: true,
        path_length: None,
    };
    Extensions {
        subject_key_identifier: present(false, key_identifier(P256.public_key().spki())),
        key_usage: present(true, KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN),
        basic_constraints: present(true, constraints),
        ..Default::default()
    }
}

fn root_draft() -> Draft {
    let name = Subject::service("示例市", "根 CA").unwrap().name().clone();
    Draft {
        serial: SerialNumber::from_random([1; 16]),
        algorithm: SignatureAlgorithm::EcdsaSha256,
        issuer: name.clone(),
        subject: name,
        validity: Validity {
            not_before: noon(),
            not_after: noon() + TimeDelta::days(3650),
        },
        public_key_info: P256.public_key().spki().to_vec(),
        extensions: of_authority(),
        issued_by: None,
        octets: Vec::new(),
        profile: None,
        is_partner: false,
    }
}

/// Whatever the root certifies.
fn certified(subject: Name, public_key_info: &[u8], extensions: Extensions) -> Draft {
    let authority = AuthorityKeyIdentifier {
        key_identifier: root().key_identifier().map(<[u8]>::to_vec),
        ..Default::default()
    };
    let publication = Publication::under("http://pki.example.org", "seal");
    Draft {
        serial: SerialNumber::from_random([2; 16]),
        issuer: root().subject().clone(),
        subject,
        validity: year(),
        public_key_info: public_key_info.to_vec(),
        extensions: Extensions {
            authority_key_identifier: present(false, authority),
            subject_key_identifier: present(false, key_identifier(public_key_info)),
            crl_distribution_points: present(false, publication.distribution_points()),
            ..extensions
        },
        issued_by: Some(root().clone()),
        ..root_draft()
    }
}

fn service(common_name: &str) -> Name {
    Subject::service("示例市", common_name).unwrap().name().clone()
}

fn signing() -> Extensions {
    Extensions {
        key_usage: present(true, KeyUsage::DIGITAL_SIGNATURE),
        ..Default::default()
    }
}

fn serving(purpose: ObjectIdentifier) -> Extensions {
    Extensions {
        ext_key_usage: present(false, vec![purpose]),
        ..signing()
    }
}

fn under_p256(common_name: &str, extensions: Extensions) -> Draft {
    certified(service(common_name), P256.public_key().spki(), extensions)
}

/// An organisation's certificate by somebody else.
pub(super) fn organisation() -> Draft {
    let name = organisation_name("11159900MB0000211R");
    certified(name, P256.public_key().spki(), signing())
}

/// One whose issuer's certificate is not at hand.
pub(super) fn orphan() -> Draft {
    Draft {
        issued_by: None,
        ..organisation()
    }
}

/// One of ours, by our profile.
pub(super) fn own() -> Draft {
    let profile = Profile::standard(ProfileKind::OrganisationSigner).unwrap();
    let extensions = Extensions {
        key_usage: present(true, profile.key_usage),
        certificate_policies: present(false, profile.policies.clone()),
        credit_code: present(false, "11159900MB0000211R".to_owned()),
        ..Default::default()
    };
    let name = organisation_name("11159900MB0000211R");
    Draft {
        profile: Some(profile),
        ..certified(name, P256.public_key().spki(), extensions)
    }
}

/// The certificate of one of our systems, which has no credit code.
pub(super) fn own_client() -> Draft {
    Draft {
        profile: Some(Profile::standard(ProfileKind::TlsClient).unwrap()),
        ..client()
    }
}

/// An authority under the root.
pub(super) fn authority() -> Draft {
    under_p256("签章 CA", of_authority())
}

/// An authority with a policy.
pub(super) fn mapper() -> Draft {
    let extensions = Extensions {
        certificate_policies: present(false, vec![oid::GOVERNMENT_SEAL_POLICY]),
        ..of_authority()
    };
    under_p256("签章 CA", extensions)
}

/// An authority of somebody else that we certify: no country, no common name, an identifier of its own.
pub(super) fn partner() -> Written {
    let profile = Profile::standard(ProfileKind::Cross).unwrap();
    let extensions = Extensions {
        policy_constraints: present(true, profile.policy_constraints),
        inhibit_any_policy: present(true, 0),
        ..of_authority()
    };
    let name = name(&[(oid::ORGANIZATION_NAME, write::UTF8_STRING, "邻市认证中心")]);
    let mut partner = certified(name, P256.public_key().spki(), extensions);
    partner.extensions.subject_key_identifier = present(false, vec![7; 32]);
    (partner.profile, partner.is_partner) = (Some(profile), true);
    written(partner, as_it_is)
}

/// A TLS server.
pub(super) fn server() -> Draft {
    let extensions = Extensions {
        subject_alt_name: present(false, vec![GeneralName::Dns("www.example.org".to_owned())]),
        ..serving(oid::KP_SERVER_AUTH)
    };
    let mut server = under_p256("网站", extensions);
    server.validity.not_after = server.validity.not_before + TimeDelta::days(199);
    server
}

/// A TLS client.
pub(super) fn client() -> Draft {
    under_p256("业务系统", serving(oid::KP_CLIENT_AUTH))
}

/// A signer of documents.
pub(super) fn document_signer() -> Draft {
    under_p256("签署人", serving(oid::KP_DOCUMENT_SIGNING))
}

/// A time-stamping authority.
pub(super) fn stamper() -> Draft {
    let extensions = Extensions {
        ext_key_usage: present(true, vec![oid::KP_TIME_STAMPING]),
        ..signing()
    };
    under_p256("时间戳", extensions)
}

/// A responder whose own status nobody asks for.
pub(super) fn responder() -> Draft {
    let no_check = UnknownExtension {
        oid: oid::OCSP_NOCHECK.to_string(),
        critical: false,
        value: vec![0x05, 0x00],
    };
    let extensions = Extensions {
        unknown: vec![no_check],
        ..serving(oid::KP_OCSP_SIGNING)
    };
    Draft {
        validity: Validity {
            not_before: noon(),
            not_after: noon() + TimeDelta::days(30),
        },
        ..under_p256("状态应答器", extensions)
    }
}

/// An Ed25519 key.
pub(super) fn edwards() -> Draft {
    let key = SoftwareKey::generate(KeyAlgorithm::Ed25519).unwrap();
    certified(service("签署人"), key.public_key().spki(), signing())
}

/// An RSA key that nobody holds: an odd modulus without small factors.
pub(super) fn rsa() -> Draft {
    let is_sound = |spki: &Vec<u8>| crate::crypto::PublicKey::from_spki(spki).unwrap().weakness().is_none();
    let spki = (1..u16::MAX).map(rsa_key).find(is_sound).unwrap();
    certified(service("签署人"), &spki, signing())
}

fn rsa_key(last: u16) -> Vec<u8> {
    let mut modulus = [0; 256];
    modulus[0] = 0x80;
    modulus[254..].copy_from_slice(&last.to_be_bytes());
    let key = write::encode(|w| {
        w.sequence(|w| {
            w.unsigned_bytes(&modulus);
            w.unsigned(65_537);
        });
    });
    write::encode(|w| {
        w.sequence(|w| {
            w.sequence(|w| {
                w.oid(oid::RSA_ENCRYPTION);
                w.primitive(write::NULL, &[]);
            });
            w.bit_string(&key);
        });
    })
}

/// An SM2 key, certified with SM2 and SM3.
pub(super) fn national() -> Draft {
    let key = SoftwareKey::generate(KeyAlgorithm::Sm2).unwrap();
    Draft {
        algorithm: SignatureAlgorithm::Sm2Sm3,
        ..certified(service("签署人"), key.public_key().spki(), signing())
    }
}

/// The same key under an algorithm identifier that is the curve itself.
pub(super) fn sm2_key_named_by_its_curve(spki: &[u8]) -> Vec<u8> {
    // An uncompressed point of two coordinates of 32 octets ends the encoding.
    let point = &spki[spki.len() - 65..];
    write::encode(|w| {
        w.sequence(|w| {
            w.sequence(|w| w.oid(oid::SM2_CURVE));
            w.bit_string(point);
        });
    })
}
