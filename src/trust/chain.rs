//! What a complete path must satisfy beside its signatures and revocation (RFC 5280 sections 6.1.3 to 6.1.5).

use chrono::{DateTime, Utc};
use der::asn1::ObjectIdentifier;

use super::purpose::PurposeRule;
use super::{Anchor, Query, Reason};
use crate::asn1::oid;
use crate::crypto::SignatureAlgorithm;
use crate::x509::{Certificate, Extension, KeyUsage};

/// Everything that is wrong with a path, target first and anchor last in `path`.
pub(super) fn check(path: &[Certificate], anchor: &Anchor, query: &Query<'_>) -> Vec<Reason> {
    let at = query.reference_time();
    let mut reasons = Vec::new();
    // The anchor is trusted as it is (RFC 5280 section 6.1.1 (d)); a target that is the anchor is judged as a target.
    let judged = if path.len() > 1 { &path[..path.len() - 1] } else { path };
    for (depth, certificate) in judged.iter().enumerate().rev() {
        if depth > 0 {
            authority(certificate, &mut reasons);
        }
        critical_extensions(certificate, &mut reasons);
        algorithms(certificate, &mut reasons);
        validity(certificate, at, &mut reasons);
        purpose(certificate, depth > 0, query, &mut reasons);
    }
    for (depth, certificate) in path.iter().enumerate().skip(1) {
        path_length(certificate, &path[1..depth], &mut reasons);
    }
    let service = query.purpose.service();
    if !anchor.is_recognised(service, at) {
        reasons.push(Reason::NotRecognised {
            anchor: anchor.name.clone(),
            service: service.name(),
            at,
        });
    }
    reasons
}

fn subject(certificate: &Certificate) -> String {
    certificate.subject().to_string()
}

/// RFC 5280 section 6.1.4 (k) and (n).
fn authority(certificate: &Certificate, reasons: &mut Vec<Reason>) {
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

/// RFC 5280 section 6.1.4 (l) and (m): self-issued certificates do not count.
fn path_length(certificate: &Certificate, below: &[Certificate], reasons: &mut Vec<Reason>) {
    let limit = certificate
        .extensions()
        .basic_constraints
        .as_ref()
        .and_then(|found| found.value.path_length);
    let authorities = below.iter().filter(|certificate| !certificate.is_self_issued()).count();
    if let Some(limit) = limit.filter(|limit| authorities > *limit as usize) {
        reasons.push(Reason::PathLength {
            subject: subject(certificate),
            limit,
        });
    }
}

/// RFC 5280 section 4.2: a critical extension that is not recognised, or whose contents are not processed, refuses.
fn critical_extensions(certificate: &Certificate, reasons: &mut Vec<Reason>) {
    fn critical<T>(found: &Option<Extension<T>>) -> bool {
        found.as_ref().is_some_and(|extension| extension.critical)
    }
    let extensions = certificate.extensions();
    let known = [
        (oid::NAME_CONSTRAINTS, critical(&extensions.name_constraints)),
        (oid::CERTIFICATE_POLICIES, critical(&extensions.certificate_policies)),
        (oid::POLICY_MAPPINGS, critical(&extensions.policy_mappings)),
        (oid::POLICY_CONSTRAINTS, critical(&extensions.policy_constraints)),
        (oid::INHIBIT_ANY_POLICY, critical(&extensions.inhibit_any_policy)),
        (oid::DELTA_CRL_INDICATOR, critical(&extensions.delta_crl_indicator)),
        (
            oid::ISSUING_DISTRIBUTION_POINT,
            critical(&extensions.issuing_distribution_point),
        ),
    ];
    let unprocessed = known
        .into_iter()
        .filter(|(_, critical)| *critical)
        .map(|(oid, _)| name(&oid));
    let unknown = extensions.unknown_critical().map(str::to_owned);
    reasons.extend(unprocessed.chain(unknown).map(|extension| Reason::CriticalExtension {
        subject: subject(certificate),
        extension,
    }));
}

fn name(oid: &ObjectIdentifier) -> String {
    oid::name(oid).map_or_else(|| oid.to_string(), str::to_owned)
}

/// ETSI EN 319 102-1 section 5.2.8: algorithms and key lengths.
fn algorithms(certificate: &Certificate, reasons: &mut Vec<Reason>) {
    let algorithm = SignatureAlgorithm::from_identifier(certificate.signature_algorithm());
    if let Some(algorithm) = algorithm.ok().filter(|algorithm| !algorithm.is_trusted()) {
        reasons.push(Reason::WeakAlgorithm {
            subject: subject(certificate),
            algorithm: algorithm.name().to_owned(),
        });
    }
    match certificate.public_key() {
        Ok(key) if !key.kind().is_trusted() => {
            let algorithm = format!("a key of kind {:?}", key.kind());
            reasons.push(Reason::WeakAlgorithm {
                subject: subject(certificate),
                algorithm,
            });
        }
        Ok(_) => {}
        Err(error) => reasons.push(Reason::Unsupported {
            subject: subject(certificate),
            cause: error.to_string(),
        }),
    }
}

/// RFC 5280 section 6.1.3 (a) (2), at the proven time where there is one.
fn validity(certificate: &Certificate, at: DateTime<Utc>, reasons: &mut Vec<Reason>) {
    let validity = certificate.validity();
    if at < validity.not_before {
        let not_before = validity.not_before;
        reasons.push(Reason::NotYetValid {
            subject: subject(certificate),
            not_before,
            at,
        });
    } else if at > validity.not_after {
        reasons.push(Reason::Expired {
            subject: subject(certificate),
            not_after: validity.not_after,
            at,
        });
    }
}

/// RFC 5280 sections 4.2.1.3 and 4.2.1.12. An authority with purposes hands on no others.
fn purpose(certificate: &Certificate, is_authority: bool, query: &Query<'_>, reasons: &mut Vec<Reason>) {
    let rule = query.purpose.rule();
    let usage = certificate.extensions().key_usage.as_ref().map(|usage| usage.value);
    if let Some(usage) = usage.filter(|usage| !is_authority && !usage.intersects(query.purpose.key_usage())) {
        reasons.push(Reason::KeyUsage {
            subject: subject(certificate),
            usage: usage.to_string(),
        });
    }
    let purposes = certificate.extensions().ext_key_usage.as_ref();
    let rule = if is_authority {
        PurposeRule::Unrestricted(rule.purpose())
    } else {
        rule
    };
    let fits = match (rule, purposes) {
        (PurposeRule::Unrestricted(_), None) => true,
        (_, None) => false,
        (PurposeRule::Unrestricted(wanted), Some(found)) => found
            .value
            .iter()
            .any(|purpose| *purpose == wanted || *purpose == oid::ANY_EXTENDED_KEY_USAGE),
        (PurposeRule::Named(wanted), Some(found)) => found.value.contains(&wanted),
        (PurposeRule::AloneAndCritical(wanted), Some(found)) => found.critical && found.value == [wanted],
    };
    if !fits {
        reasons.push(Reason::Purpose {
            subject: subject(certificate),
            purpose: name(&rule.purpose()),
        });
    }
}
