//! What the certificates of a path must satisfy beside their signatures, policies and revocation (RFC 5280 sections
//! 6.1.3 to 6.1.5).
//!
//! Two kinds of rule: what one certificate must be by itself, and what an authority asks of those below it. Neither
//! needs to know the anchor, so that a path is judged while it grows towards one.

use chrono::{DateTime, Utc};

use super::budget::{Budget, Exhausted};
use super::conformance::{self, Conformance, Role};
use super::purpose::PurposeRule;
use super::{AlgorithmPolicy, Anchor, Purpose, Query, Reason, Service, Snapshot, names};
use crate::asn1::oid;
use crate::crypto::SignatureAlgorithm;
use crate::licence::region::RegionCode;
use crate::x509::{Certificate, Extension, KeyUsage, NameConstraints};

/// What is wrong with the target by itself.
pub(super) fn target(certificate: &Certificate, query: &Query<'_>, policy: &AlgorithmPolicy) -> Vec<Reason> {
    let mut reasons = by_itself(certificate, Role::Target, query, policy);
    let usage = certificate.extensions().key_usage.as_ref().map(|usage| usage.value);
    if let Some((usage, wanted)) = usage.zip(query.purpose.key_usage())
        && !usage.intersects(wanted)
    {
        reasons.push(Reason::KeyUsage {
            subject: subject(certificate),
            usage: usage.to_string(),
        });
    }
    one_credit_code(certificate, &mut reasons);
    purpose(certificate, query.purpose.rule(), &mut reasons);
    if let Some(expected) = query.expected_name.filter(|expected| !expected.is_name_of(certificate)) {
        reasons.push(Reason::WrongName {
            subject: subject(certificate),
            expected: expected.to_string(),
        });
    }
    reasons
}

/// What is wrong with an authority between target and anchor by itself.
pub(super) fn authority(certificate: &Certificate, query: &Query<'_>, policy: &AlgorithmPolicy) -> Vec<Reason> {
    let mut reasons = by_itself(certificate, Role::Authority, query, policy);
    issues(certificate, &mut reasons);
    purpose(certificate, query.purpose.rule().of_authorities(), &mut reasons);
    reasons
}

/// What is wrong with an anchor for this question. It is trusted as it is (RFC 5280 section 6.1.1 (d)): its validity,
/// key and algorithms are not judged, unless conformance is asked for.
pub(super) fn anchor(anchor: &Anchor, query: &Query<'_>, policy: &AlgorithmPolicy) -> Vec<Reason> {
    let certificate = &anchor.certificate;
    let mut reasons = match query.conformance {
        Conformance::PathOnly => Vec::new(),
        Conformance::Profile => by_itself(certificate, Role::Anchor, query, policy),
    };
    match query.conformance {
        Conformance::PathOnly if !certificate.allows(KeyUsage::KEY_CERT_SIGN) => {
            reasons.push(Reason::MayNotSignCertificates {
                subject: subject(certificate),
            });
        }
        Conformance::PathOnly => {}
        Conformance::Profile => issues(certificate, &mut reasons),
    }
    if !anchor.is_recognised(query.purpose.service(), query.recognition_time()) {
        reasons.push(not_recognised(anchor, query));
    } else {
        reasons.extend(doubted(anchor, query));
    }
    reasons
}

/// Stands for a credit code that a certificate does not have.
const MISSING: &str = "-";

/// Whether the body that the target stands for lies in a region whose authorities the anchor may certify. Who seals
/// must say which body it is; others are asked where they say so: under an authority of ours only who makes seals or
/// signs codes, since enterprises of every place sign under it.
pub(super) fn region(anchor: &Anchor, query: &Query<'_>) -> Option<Reason> {
    let regions = &anchor.constraints.regions;
    let of_government = matches!(
        query.purpose.service(),
        Some(Service::GovernmentSeals | Service::Credentials)
    );
    // Who signs lists and responses is asked for no service, and stands for an authority.
    let asked = of_government || !anchor.is_own && query.purpose.service().is_some();
    let code = query.target.credit_code();
    if regions.is_empty() || !asked || code.is_none() && query.purpose != Purpose::GovernmentSealing {
        return None;
    }
    let code = code.unwrap_or(MISSING);
    let permitted = RegionCode::of_credit_code(code).is_some_and(|of_body| anchor.certifies_in(&of_body));
    (!permitted).then(|| Reason::BodyNotPermitted {
        subject: subject(query.target),
        code: code.to_owned(),
        authority: anchor.name.clone(),
    })
}

/// Whether the body that the target stands for lies in a region whose authorities are those of others who are
/// recognised, none of whom stands on the `path`: no cross-certificate of ours makes them another's.
pub(super) fn claimed(snapshot: &Snapshot, path: &[Certificate], query: &Query<'_>) -> Option<Reason> {
    query.purpose.service()?;
    let code = query.target.credit_code()?;
    let of_body = RegionCode::of_credit_code(code)?;
    let claims = |anchor: &&Anchor| {
        !anchor.is_own && anchor.is_recognised(None, query.recognition_time()) && anchor.certifies_in(&of_body)
    };
    let mut claimants = snapshot.anchors().iter().filter(claims);
    let first = claimants.clone().next()?;
    let stands_there = |anchor: &Anchor| path.iter().any(|one| one.is_of_same_authority(&anchor.certificate));
    (!claimants.any(stands_there)).then(|| Reason::BodyOfOthers {
        subject: subject(query.target),
        code: code.to_owned(),
        authority: first.name.clone(),
    })
}

/// That an anchor is none for what is asked.
pub(super) fn not_recognised(anchor: &Anchor, query: &Query<'_>) -> Reason {
    let (service, at) = (query.purpose.service(), query.recognition_time());
    Reason::NotRecognised {
        anchor: anchor.name.clone(),
        service: service.map_or("any service", Service::name),
        at,
        ended: anchor.ended_before(service, at),
        proven: query.recognised_at.or(query.proven_at).is_some(),
    }
}

/// That an anchor's word for the time in question is worth nothing, since it lost its recognition for what touches its
/// honesty: what asks for its status at a time that only it vouches for must be proved by others to be older than the
/// doubt.
pub(super) fn doubted(anchor: &Anchor, query: &Query<'_>) -> Option<Reason> {
    query.recognised_at?;
    let doubt = anchor.doubt(query.purpose.service()?, query.time)?;
    let is_older = query.proven_at.is_some_and(|proven| proven < doubt.since);
    (!is_older).then(|| Reason::Doubted {
        anchor: anchor.name.clone(),
        doubt,
    })
}

/// What an authority's certificate asks of the certificates below it, target first.
pub(super) fn below(
    authority: &Certificate,
    below: &[Certificate],
    budget: &mut Budget,
) -> Result<Vec<Reason>, Exhausted> {
    let extensions = authority.extensions();
    let limit = extensions
        .basic_constraints
        .as_ref()
        .and_then(|found| found.value.path_length);
    let constraints = extensions.name_constraints.as_ref().map(|found| &found.value);
    bounds(&|| subject(authority), limit, constraints, below, budget)
}

/// The same for the bounds that an anchor was given (RFC 5937 section 3).
pub(super) fn below_anchor(
    anchor: &Anchor,
    below: &[Certificate],
    budget: &mut Budget,
) -> Result<Vec<Reason>, Exhausted> {
    let given = &anchor.constraints;
    let name = || anchor.name.clone();
    bounds(&name, given.path_length, given.names.as_ref(), below, budget)
}

fn bounds(
    authority: &dyn Fn() -> String,
    path_length: Option<u32>,
    constraints: Option<&NameConstraints>,
    below: &[Certificate],
    budget: &mut Budget,
) -> Result<Vec<Reason>, Exhausted> {
    let mut reasons = Vec::new();
    // RFC 5280 section 6.1.4 (l) and (m): the target and self-issued certificates do not count.
    let authorities = below
        .iter()
        .skip(1)
        .filter(|certificate| !certificate.is_self_issued())
        .count();
    if let Some(limit) = path_length.filter(|limit| authorities > *limit as usize) {
        reasons.push(Reason::PathLength {
            subject: authority(),
            limit,
        });
    }
    if let Some(constraints) = constraints {
        for (depth, certificate) in below.iter().enumerate() {
            // RFC 5280 section 6.1.3 (b) and (c): self-issued certificates are bound only as targets.
            if depth == 0 || !certificate.is_self_issued() {
                reasons.extend(names::check(constraints, authority, certificate, budget)?);
            }
        }
    }
    Ok(reasons)
}

fn by_itself(certificate: &Certificate, role: Role, query: &Query<'_>, policy: &AlgorithmPolicy) -> Vec<Reason> {
    let mut reasons = Vec::new();
    critical_extensions(certificate, &mut reasons);
    if query.conformance == Conformance::Profile {
        conformance::check(certificate, role, &mut reasons);
    }
    algorithms(certificate, query.reference_time(), policy, &mut reasons);
    validity(certificate, query.reference_time(), &mut reasons);
    reasons
}

fn subject(certificate: &Certificate) -> String {
    certificate.subject().to_string()
}

/// RFC 5280 section 6.1.4 (k) and (n).
fn issues(certificate: &Certificate, reasons: &mut Vec<Reason>) {
    if !certificate.is_ca() || certificate.version() != 3 {
        reasons.push(Reason::NotAuthority {
            subject: subject(certificate),
        });
    }
    if !certificate.allows(KeyUsage::KEY_CERT_SIGN) {
        reasons.push(Reason::MayNotSignCertificates {
            subject: subject(certificate),
        });
    }
}

/// RFC 5280 section 4.2: a critical extension that is not recognised, or whose contents are not processed, refuses.
fn critical_extensions(certificate: &Certificate, reasons: &mut Vec<Reason>) {
    fn critical<T>(found: &Option<Extension<T>>) -> bool {
        found.as_ref().is_some_and(|extension| extension.critical)
    }
    let extensions = certificate.extensions();
    // Extensions of revocation lists mean nothing in a certificate.
    let misplaced = [
        (oid::DELTA_CRL_INDICATOR, critical(&extensions.delta_crl_indicator)),
        (
            oid::ISSUING_DISTRIBUTION_POINT,
            critical(&extensions.issuing_distribution_point),
        ),
        (oid::CRL_NUMBER, critical(&extensions.crl_number)),
        // These two are for information, and nothing here obeys them.
        (oid::FRESHEST_CRL, critical(&extensions.freshest_crl)),
        (oid::SUBJECT_INFO_ACCESS, critical(&extensions.subject_info_access)),
    ];
    let misplaced = misplaced
        .into_iter()
        .filter(|(_, critical)| *critical)
        .map(|(oid, _)| oid_text(&oid));
    let unknown = extensions.unknown_critical().map(str::to_owned);
    reasons.extend(misplaced.chain(unknown).map(|extension| Reason::CriticalExtension {
        subject: subject(certificate),
        extension,
    }));
}

fn oid_text(oid: &der::asn1::ObjectIdentifier) -> String {
    oid::name(oid).map_or_else(|| oid.to_string(), str::to_owned)
}

/// What a certificate rests on and may no longer: its signature and its key, each with its name and last moment.
pub(super) fn ended(certificate: &Certificate, policy: &AlgorithmPolicy) -> Vec<(String, DateTime<Utc>)> {
    let algorithm = SignatureAlgorithm::from_identifier(certificate.signature_algorithm()).ok();
    let signed = algorithm.and_then(|found| Some((found.name().to_owned(), policy.end_of_algorithm(found)?)));
    let key = certificate.public_key().ok().map(|key| key.kind());
    let keyed = key.and_then(|kind| Some((kind.to_string(), policy.end_of_key(kind)?)));
    signed.into_iter().chain(keyed).collect()
}

/// ETSI EN 319 102-1 section 5.2.8: algorithms and key lengths, at the proven time where there is one.
fn algorithms(certificate: &Certificate, at: DateTime<Utc>, policy: &AlgorithmPolicy, reasons: &mut Vec<Reason>) {
    for (algorithm, ended) in ended(certificate, policy) {
        if ended < at {
            reasons.push(Reason::WeakAlgorithm {
                subject: subject(certificate),
                algorithm,
                ended,
            });
        }
    }
    if let Err(error) = certificate.public_key() {
        reasons.push(Reason::Unsupported {
            subject: subject(certificate),
            cause: error.to_string(),
        });
    }
}

/// RFC 5280 section 6.1.3 (a) (2), at the proven time where there is one.
fn validity(certificate: &Certificate, at: DateTime<Utc>, reasons: &mut Vec<Reason>) {
    let validity = certificate.validity();
    if validity.begins_after(at) {
        let not_before = validity.not_before;
        reasons.push(Reason::NotYetValid {
            subject: subject(certificate),
            not_before,
            at,
        });
    } else if validity.ends_before(at) {
        reasons.push(Reason::Expired {
            subject: subject(certificate),
            not_after: validity.not_after,
            at,
        });
    }
}

/// One body has one code of capital letters and digits (GB 32100 section 4): with another beside it, or one that only
/// looks so, nobody can say whom the certificate is about.
fn one_credit_code(certificate: &Certificate, reasons: &mut Vec<Reason>) {
    let mut codes = certificate.credit_codes();
    let first = certificate.credit_code();
    let is_plain = |code: &str| code.bytes().all(|octet| octet.is_ascii_alphanumeric());
    if !codes.all(|code| Some(code) == first && is_plain(code)) {
        reasons.push(Reason::CreditCodes {
            subject: subject(certificate),
        });
    }
}

/// RFC 5280 section 4.2.1.12.
fn purpose(certificate: &Certificate, rule: PurposeRule, reasons: &mut Vec<Reason>) {
    let found = certificate.extensions().ext_key_usage.as_ref();
    let found = found.map(|found| (found.critical, found.value.as_slice()));
    if let Some(purpose) = rule.purpose().filter(|_| !rule.is_met_by(found)) {
        reasons.push(Reason::Purpose {
            subject: subject(certificate),
            purpose: oid_text(&purpose),
        });
    }
}
