//! Certificates for unit tests: self-signed, of any algorithm, with the extensions that a test asks for.

use std::sync::Arc;

use chrono::{DateTime, TimeZone, Utc};
use der::asn1::ObjectIdentifier;

use super::build::SigningIdentity;
use crate::asn1::oid;
use crate::asn1::write::{self, Writer, context, encode};
use crate::crypto::key::{KeyAlgorithm, Signer, SoftwareKey, Suite};
use crate::x509::Certificate;

/// The present of the tests.
pub(crate) fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 5, 28, 8, 30, 15).unwrap()
}

/// A key of `algorithm` with a certificate on `name`, valid for the year of [`now`], for one extended purpose.
pub(crate) fn identity(
    algorithm: impl Into<KeyAlgorithm>,
    name: &str,
    purpose: Option<ObjectIdentifier>,
) -> SigningIdentity {
    let key = SoftwareKey::generate(algorithm).unwrap();
    let certificate = certificate(&key, name, purpose);
    SigningIdentity::new(Arc::new(key), certificate, &[]).unwrap()
}

/// The same of each suite, the international first, for whoever may not name keys.
pub(crate) fn identities(name: &str) -> [SigningIdentity; 2] {
    Suite::ALL.map(|suite| identity(suite, name, None))
}

/// A self-signed certificate of `key`.
pub(crate) fn certificate(key: &SoftwareKey, name: &str, purpose: Option<ObjectIdentifier>) -> Certificate {
    let tbs = encode(|w| w.sequence(|w| tbs(w, key, name, purpose)));
    let signature = key.sign(&tbs).unwrap();
    let der = encode(|w| {
        w.sequence(|w| {
            w.raw(&tbs);
            w.raw(&key.algorithm().identifier_der());
            w.bit_string(&signature);
        });
    });
    Certificate::from_der(&der).unwrap()
}

fn tbs(w: &mut Writer, key: &SoftwareKey, name: &str, purpose: Option<ObjectIdentifier>) {
    w.constructed(context(0), |w| w.unsigned(2));
    w.unsigned_bytes(&key.public_key().id()[..16]);
    w.raw(&key.algorithm().identifier_der());
    subject(w, name);
    w.sequence(|w| {
        w.primitive(0x17, b"260101000000Z");
        w.primitive(0x17, b"261231235959Z");
    });
    subject(w, name);
    w.raw(key.public_key().spki());
    w.constructed(context(3), |w| {
        w.sequence(|w| {
            // digitalSignature and nonRepudiation.
            extension(w, oid::KEY_USAGE, &[0x03, 0x02, 0x06, 0xc0]);
            if let Some(purpose) = purpose {
                extension(w, oid::EXT_KEY_USAGE, &encode(|w| w.sequence(|w| w.oid(purpose))));
            }
        });
    });
}

fn subject(w: &mut Writer, name: &str) {
    w.sequence(|w| {
        w.constructed(write::SET, |w| {
            w.sequence(|w| {
                w.oid(oid::COMMON_NAME);
                w.primitive(write::UTF8_STRING, name.as_bytes());
            });
        });
    });
}

fn extension(w: &mut Writer, kind: ObjectIdentifier, value: &[u8]) {
    w.sequence(|w| {
        w.oid(kind);
        w.boolean_true();
        w.octet_string(value);
    });
}
