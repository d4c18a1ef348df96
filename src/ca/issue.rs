//! Issuing in order: prepare, read back, lint, let the caller record, sign once, verify.

use chrono::{DateTime, Utc};
use der::Decode;

use super::cross::Partner;
use super::lint::{self, Examined, Finding, Severity, Standing};
use super::{IssueError, NameForm, Profile, Publication, Subject};
use crate::asn1::oid;
use crate::crypto::key::Signer;
use crate::crypto::{DigestAlgorithm, KeyError, PublicKey, RandomError, SignatureAlgorithm, random};
use crate::x509::build::{self, CertificateFields};
use crate::x509::{
    AccessDescription, AuthorityKeyIdentifier, BasicConstraints, Certificate, CertificationRequest, Extension,
    Extensions, GeneralName, Name, SerialNumber, SignatureError, UnknownExtension, Validity,
};

/// A key that its holder is known to hold.
#[derive(Debug, Clone)]
pub struct SubjectKey(PublicKey);

impl SubjectKey {
    /// A key that we hold ourselves.
    pub fn of(signer: &dyn Signer) -> Self {
        Self(signer.public_key().clone())
    }

    /// The key of a certificate of ours, which was proved when that was issued.
    ///
    /// # Errors
    /// Where its key is not supported.
    pub fn certified_before(former: &Certificate) -> Result<Self, KeyError> {
        former.public_key().map(|key| Self(key.clone()))
    }

    /// The key of a request whose signature proves possession (RFC 2986 section 3).
    ///
    /// # Errors
    /// The signature does not match, or key or algorithm are not supported.
    pub fn from_request(request: &CertificationRequest) -> Result<Self, SignatureError> {
        request.prove_possession().map(Self)
    }

    /// The key of another authority, which was looked into when it was handed over.
    pub(super) fn of_partner(partner: &Partner) -> Self {
        Self(partner.key().clone())
    }
}

/// Who issues.
#[derive(Debug, Clone, Copy)]
pub enum Issuer<'a> {
    /// The subject itself: a root.
    Itself {
        /// How its key signs.
        algorithm: SignatureAlgorithm,
    },
    /// An authority.
    Authority {
        /// Its certificate.
        certificate: &'a Certificate,
        /// How its key signs.
        algorithm: SignatureAlgorithm,
        /// Where it publishes.
        publication: &'a Publication,
    },
}

impl Issuer<'_> {
    fn algorithm(&self) -> SignatureAlgorithm {
        match self {
            Self::Itself { algorithm } | Self::Authority { algorithm, .. } => *algorithm,
        }
    }
}

/// What is to be issued.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// What certificates of this kind say.
    pub profile: &'a Profile,
    /// Whom it is about.
    pub subject: &'a Subject,
    /// The subject's key.
    pub key: &'a SubjectKey,
    /// Who issues.
    pub issuer: Issuer<'a>,
    /// When it begins to be valid.
    pub not_before: DateTime<Utc>,
    /// Its serial number, from [`new_serial`].
    pub serial: SerialNumber,
}

/// A new serial number of 16 random octets: more say no more, and every licence carries ten of them.
///
/// # Errors
/// Where the random source fails.
pub fn new_serial() -> Result<SerialNumber, RandomError> {
    let mut octets = [0; 16];
    random(&mut octets)?;
    Ok(SerialNumber::from_random(octets))
}

/// `keyIdentifier`: the first 20 octets of SHA-256 over the key's BIT STRING (RFC 7093 section 2, method 1).
pub fn key_identifier(public_key_info: &[u8]) -> Vec<u8> {
    let bits = spki::SubjectPublicKeyInfoRef::from_der(public_key_info).ok();
    let bits = bits
        .as_ref()
        .map_or(public_key_info, |info| info.subject_public_key.raw_bytes());
    DigestAlgorithm::Sha256.digest(bits).as_ref()[..20].to_vec()
}

/// A certificate that is complete but for its signature. Record its serial number and hash, then redeem it once.
#[derive(Debug)]
pub struct Prepared {
    signed_part: Vec<u8>,
    algorithm: SignatureAlgorithm,
    issuer_key: PublicKey,
    /// The same certificate under [`PLACEHOLDER`].
    copy: Certificate,
    findings: Vec<Finding>,
}

/// What stands in place of the signature while a certificate is examined: it verifies under no key and no algorithm.
const PLACEHOLDER: [u8; 64] = [0; 64];

/// Makes the part to be signed and examines it.
///
/// # Errors
/// What the order lacks, or which rules the certificate would break.
pub fn prepare(order: &Order<'_>) -> Result<Prepared, IssueError> {
    prepare_amended(order, Standing::Own(order.profile), |_, _| ())
}

/// The same with extensions and validity that are not the profile's alone to say, for a subject of that standing.
pub(super) fn prepare_amended(
    order: &Order<'_>,
    standing: Standing<'_>,
    amend: impl FnOnce(&mut Extensions, &mut Validity),
) -> Result<Prepared, IssueError> {
    let profile = order.profile;
    let missing = profile.subject.iter().find(|part| !order.subject.has(**part));
    if let Some(part) = missing {
        return Err(IssueError::SubjectPart {
            profile: profile.name.clone(),
            part: part.name(),
        });
    }
    let allowed =
        |name: &&GeneralName| NameForm::of(name).is_some_and(|form| profile.alternative_names.contains(&form));
    if let Some(name) = order.subject.alternative_names().iter().find(|name| !allowed(name)) {
        return Err(IssueError::AlternativeName {
            profile: profile.name.clone(),
            name: name.to_string(),
        });
    }
    if profile.self_signed != matches!(order.issuer, Issuer::Itself { .. }) {
        return Err(IssueError::IssuerKind {
            profile: profile.name.clone(),
            self_signed: profile.self_signed,
        });
    }
    let (mut extensions, mut validity) = (extensions(order), validity(order)?);
    amend(&mut extensions, &mut validity);
    let (issuer, issuer_key) = issuer(order)?;
    let fields = CertificateFields {
        serial: &order.serial,
        algorithm: order.issuer.algorithm(),
        issuer,
        validity,
        subject: order.subject.name(),
        public_key_info: order.key.0.spki(),
        extensions: &extensions,
    };
    let signed_part = build::certificate(&fields)?;
    let copy = read_back(&signed_part, &fields)?;
    let findings = examine(&copy, order, standing)?;
    Ok(Prepared {
        signed_part,
        algorithm: fields.algorithm,
        issuer_key,
        copy,
        findings,
    })
}

impl Prepared {
    /// Its serial number.
    pub fn serial(&self) -> &SerialNumber {
        self.copy.serial()
    }

    /// SHA-256 of the part to be signed: identifies what was prepared, in the record that is made before signing.
    pub fn hash(&self) -> [u8; 32] {
        DigestAlgorithm::Sha256.digest(&self.signed_part).first_32()
    }

    /// When it will be valid.
    pub fn validity(&self) -> Validity {
        self.copy.validity()
    }

    /// Whom it is about.
    pub fn subject(&self) -> &Name {
        self.copy.subject()
    }

    /// The same certificate, complete with a signature that is nobody's.
    pub fn copy(&self) -> &Certificate {
        &self.copy
    }

    /// The rules that it breaks and that do not stop it: warnings and notices.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Signs it, once, and verifies the signature.
    ///
    /// # Errors
    /// The key is not the issuer's, does not sign, or its signature does not verify. The serial number stays used.
    pub fn issue(self, signer: &dyn Signer) -> Result<IssuedCertificate, IssueError> {
        if signer.public_key() != &self.issuer_key || signer.algorithm() != self.algorithm {
            return Err(IssueError::WrongKey);
        }
        let signature = signer.sign(&self.signed_part)?;
        let der = build::signed(&self.signed_part, self.algorithm, &signature);
        let certificate = Certificate::from_der(&der).map_err(IssueError::ReadBack)?;
        certificate
            .verify_signed_by(&self.issuer_key)
            .map_err(IssueError::OwnSignature)?;
        Ok(IssuedCertificate(certificate))
    }
}

/// A certificate that was issued here just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedCertificate(Certificate);

impl IssuedCertificate {
    /// The certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.0
    }

    /// The certificate, kept.
    pub fn into_certificate(self) -> Certificate {
        self.0
    }
}

fn issuer<'a>(order: &Order<'a>) -> Result<(&'a Name, PublicKey), IssueError> {
    match order.issuer {
        Issuer::Itself { .. } => Ok((order.subject.name(), order.key.0.clone())),
        Issuer::Authority { certificate, .. } => {
            let key = certificate
                .public_key()
                .map_err(|error| IssueError::IssuerKey(error.into()))?;
            Ok((certificate.subject(), key.clone()))
        }
    }
}

/// From the order's start for as long as the profile says, but not beyond the issuer's certificate.
fn validity(order: &Order<'_>) -> Result<Validity, IssueError> {
    let Issuer::Authority { certificate, .. } = order.issuer else {
        return Ok(Validity {
            not_before: order.not_before,
            not_after: order.not_before + order.profile.validity,
        });
    };
    let issuer = certificate.validity();
    if !issuer.contains(order.not_before) {
        let (not_before, issuer_not_after) = (order.not_before, issuer.not_after);
        return Err(IssueError::OutsideIssuerValidity {
            not_before,
            issuer_not_after,
        });
    }
    let not_after = (order.not_before + order.profile.validity).min(issuer.not_after);
    Ok(Validity {
        not_before: order.not_before,
        not_after,
    })
}

fn extensions(order: &Order<'_>) -> Extensions {
    let profile = order.profile;
    let constraints = BasicConstraints {
        ca: profile.certification_authority,
        path_length: profile.path_length,
    };
    let mut extensions = Extensions {
        subject_key_identifier: present(false, key_identifier(order.key.0.spki())),
        key_usage: present(true, profile.key_usage),
        // RFC 5280 section 4.2.1.9: an end entity's certificate does without.
        basic_constraints: profile.certification_authority.then(|| critical(constraints)),
        ext_key_usage: (!profile.purposes.is_empty()).then(|| Extension {
            critical: profile.purposes_critical,
            value: profile.purposes.clone(),
        }),
        certificate_policies: (!profile.policies.is_empty()).then(|| Extension {
            critical: false,
            value: profile.policies.clone(),
        }),
        policy_mappings: (!profile.policy_mappings.is_empty()).then(|| critical(profile.policy_mappings.clone())),
        policy_constraints: profile
            .constrains_policies()
            .then(|| critical(profile.policy_constraints)),
        inhibit_any_policy: profile.inhibit_any_policy.map(critical),
        name_constraints: profile
            .constrains_names()
            .then(|| critical(profile.name_constraints.clone())),
        // RFC 5280 section 4.2.1.6: not critical beside a distinguished name, which every subject has.
        subject_alt_name: listed(order.subject.alternative_names()),
        credit_code: order
            .subject
            .credit_code()
            .and_then(|code| present(false, code.to_owned())),
        subject_info_access: repository(order),
        licence_types: listed(order.subject.licence_types()),
        unknown: if profile.ocsp_no_check {
            vec![ocsp_no_check()]
        } else {
            Vec::new()
        },
        ..Extensions::default()
    };
    if let Issuer::Authority {
        certificate,
        publication,
        ..
    } = order.issuer
    {
        let key_identifier = match certificate.key_identifier() {
            Some(identifier) => identifier.to_vec(),
            None => key_identifier(certificate.public_key_info()),
        };
        let authority = AuthorityKeyIdentifier {
            key_identifier: Some(key_identifier),
            ..Default::default()
        };
        extensions.authority_key_identifier = present(false, authority);
        extensions.crl_distribution_points = present(false, publication.distribution_points());
        // The issuer of an end entity is on every path that we hand out; the address serves who finds an authority
        // alone.
        let issuer = profile.certification_authority.then(|| publication.issuer_access());
        let status = profile.status_address.then(|| publication.status_access());
        let access: Vec<_> = status.into_iter().chain(issuer).collect();
        extensions.authority_info_access = (!access.is_empty()).then_some(Extension {
            critical: false,
            value: access,
        });
    }
    extensions
}

/// Where the subject publishes the certificates of authorities: nowhere, where there are none below it.
fn repository(order: &Order<'_>) -> Option<Extension<Vec<AccessDescription>>> {
    let url = order.subject.repository()?;
    let access = AccessDescription {
        method: oid::AD_CA_REPOSITORY,
        location: GeneralName::Uri(url.to_owned()),
    };
    (order.profile.path_length != Some(0)).then(|| Extension {
        critical: false,
        value: vec![access],
    })
}

fn present<T>(critical: bool, value: T) -> Option<Extension<T>> {
    Some(Extension { critical, value })
}

/// An extension that is not critical, absent where it would list nothing.
fn listed<T: Clone>(values: &[T]) -> Option<Extension<Vec<T>>> {
    (!values.is_empty()).then(|| Extension {
        critical: false,
        value: values.to_vec(),
    })
}

/// `id-pkix-ocsp-nocheck`, whose value is NULL (RFC 6960 section 4.2.2.2.1).
fn ocsp_no_check() -> UnknownExtension {
    UnknownExtension {
        oid: oid::OCSP_NOCHECK.to_string(),
        critical: false,
        value: vec![0x05, 0x00],
    }
}

fn critical<T>(value: T) -> Extension<T> {
    Extension { critical: true, value }
}

/// Reads a copy with the other parser and compares it with what was meant.
fn read_back(signed_part: &[u8], fields: &CertificateFields<'_>) -> Result<Certificate, IssueError> {
    let der = build::signed(signed_part, fields.algorithm, &PLACEHOLDER);
    let copy = Certificate::from_der(&der).map_err(IssueError::ReadBack)?;
    let same = [
        ("serialNumber", copy.serial() == fields.serial),
        (
            "signature",
            copy.signature_algorithm() == fields.algorithm.identifier_der(),
        ),
        ("issuer", copy.issuer().der() == fields.issuer.der()),
        ("validity", seconds(copy.validity()) == seconds(fields.validity)),
        ("subject", copy.subject().der() == fields.subject.der()),
        ("subjectPublicKeyInfo", copy.public_key_info() == fields.public_key_info),
        ("extensions", copy.extensions() == fields.extensions),
    ];
    match same.into_iter().find(|(_, same)| !same) {
        None => Ok(copy),
        Some((part, _)) => Err(IssueError::Differs { part }),
    }
}

fn seconds(validity: Validity) -> (i64, i64) {
    (validity.not_before.timestamp(), validity.not_after.timestamp())
}

/// Holds the copy against the rules: what does not stop it is given back.
fn examine(copy: &Certificate, order: &Order<'_>, standing: Standing<'_>) -> Result<Vec<Finding>, IssueError> {
    let issuer = match order.issuer {
        Issuer::Itself { .. } => None,
        Issuer::Authority { certificate, .. } => Some(certificate),
    };
    let mut findings = lint::run(&Examined {
        certificate: copy,
        issuer,
        standing,
    });
    if findings.iter().all(|finding| finding.severity < Severity::Error) {
        return Ok(findings);
    }
    findings.retain(|finding| finding.severity == Severity::Error);
    Err(IssueError::Lint(findings))
}
