//! Extended key usage, and the responder whose own status nobody asks for.

use super::{Examined, Rule, Scope, Severity, broken, twice};
use chrono::TimeDelta;

#[cfg(test)]
use super::sample::{self, Fixtures, present};
use crate::asn1::oid;
use crate::x509::UnknownExtension;

/// The rules of this family.
pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "purposes-unique",
        severity: Severity::Warning,
        clause: "RFC 5280 section 4.2.1.12",
        scope: Scope::Every,
        check: |examined| twice(examined.purposes()),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::client,
            good: sample::as_it_is,
            bad: |draft| {
                draft.extensions.ext_key_usage = present(false, vec![oid::KP_CLIENT_AUTH, oid::KP_CLIENT_AUTH])
            },
        },
    },
    Rule {
        name: "purposes-not-empty",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.12",
        scope: Scope::Every,
        check: |examined| {
            broken(
                examined
                    .certificate
                    .extensions()
                    .ext_key_usage
                    .as_ref()?
                    .value
                    .is_empty(),
            )
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::client,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.ext_key_usage = present(false, Vec::new()),
        },
    },
    Rule {
        name: "any-purpose-criticality",
        severity: Severity::Warning,
        clause: "RFC 5280 section 4.2.1.12",
        scope: Scope::Every,
        check: |examined| {
            let found = examined.certificate.extensions().ext_key_usage.as_ref()?;
            broken(found.critical && found.value.contains(&oid::ANY_EXTENDED_KEY_USAGE))
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| draft.extensions.ext_key_usage = present(false, vec![oid::ANY_EXTENDED_KEY_USAGE]),
            bad: |draft| draft.extensions.ext_key_usage = present(true, vec![oid::ANY_EXTENDED_KEY_USAGE]),
        },
    },
    Rule {
        name: "any-purpose-alone",
        severity: Severity::Notice,
        clause: "RFC 5280 section 4.2.1.12",
        scope: Scope::Every,
        check: |examined| {
            let purposes = examined.purposes();
            broken(purposes.len() > 1 && purposes.contains(&oid::ANY_EXTENDED_KEY_USAGE))
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| draft.extensions.ext_key_usage = present(false, vec![oid::ANY_EXTENDED_KEY_USAGE]),
            bad: |draft| {
                draft.extensions.ext_key_usage = present(false, vec![oid::ANY_EXTENDED_KEY_USAGE, oid::KP_CLIENT_AUTH])
            },
        },
    },
    Rule {
        name: "purposes-of-authorities",
        severity: Severity::Notice,
        clause: "RFC 5280 section 4.2.1.12",
        scope: Scope::Authorities,
        check: |examined| broken(!examined.purposes().is_empty()),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::authority,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.ext_key_usage = present(false, vec![oid::KP_CLIENT_AUTH]),
        },
    },
    Rule {
        name: "time-stamping-alone",
        severity: Severity::Error,
        clause: "RFC 3161 section 2.3",
        scope: Scope::EndEntities,
        check: |examined| {
            let purposes = examined.certificate.extensions().ext_key_usage.as_ref()?;
            let stamps = purposes.value.contains(&oid::KP_TIME_STAMPING);
            broken(stamps && (purposes.value.len() > 1 || !purposes.critical))
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::stamper,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.ext_key_usage.as_mut().unwrap().critical = false,
        },
    },
    Rule {
        name: "responder-alone",
        severity: Severity::Notice,
        clause: "RFC 6960 section 4.2.2.2",
        scope: Scope::EndEntities,
        check: |examined| broken(examined.purposes().len() > 1 && examined.serves(&oid::KP_OCSP_SIGNING)),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::responder,
            good: sample::as_it_is,
            bad: |draft| {
                draft.extensions.ext_key_usage = present(false, vec![oid::KP_OCSP_SIGNING, oid::KP_CLIENT_AUTH])
            },
        },
    },
    Rule {
        name: "no-check-of-responders",
        severity: Severity::Warning,
        clause: "RFC 6960 section 4.2.2.2.1",
        scope: Scope::Every,
        check: |examined| broken(no_check(examined).is_some() && !examined.serves(&oid::KP_OCSP_SIGNING)),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::responder,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.ext_key_usage = present(false, vec![oid::KP_DOCUMENT_SIGNING]),
        },
    },
    Rule {
        name: "no-check-short-lived",
        severity: Severity::Warning,
        clause: "RFC 6960 section 4.2.2.2.1",
        scope: Scope::Every,
        check: |examined| {
            no_check(examined)?;
            let validity = examined.certificate.validity();
            let valid = validity.not_after - validity.not_before;
            (valid > TimeDelta::days(MOST_UNCHECKED_DAYS)).then(|| valid.num_days().to_string())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::responder,
            good: sample::as_it_is,
            bad: |draft| {
                draft.validity.not_after = draft.validity.not_before + TimeDelta::days(MOST_UNCHECKED_DAYS + 1)
            },
        },
    },
    Rule {
        name: "no-check-value",
        severity: Severity::Error,
        clause: "RFC 6960 section 4.2.2.2.1",
        scope: Scope::Every,
        check: |examined| broken(no_check(examined)?.value != [0x05, 0x00]),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::responder,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.unknown[0].value = vec![0x01, 0x01, 0xff],
        },
    },
];

/// Longest validity of a responder whose own revocation nobody looks for, in days.
const MOST_UNCHECKED_DAYS: i64 = 90;

/// `id-pkix-ocsp-nocheck`, where it stands.
fn no_check<'a>(examined: &Examined<'a>) -> Option<&'a UnknownExtension> {
    let unknown = &examined.certificate.extensions().unknown;
    if unknown.is_empty() {
        return None;
    }
    let no_check = oid::OCSP_NOCHECK.to_string();
    unknown.iter().find(|extension| extension.oid == no_check)
}
