//! `TBSCertList` (RFC 5280 section 5.1.2).
//!
//! Entries come by the hundred thousand, so they are written straight into one buffer.

use chrono::{DateTime, Utc};
use der::Encode;

use super::{BuildError, extension, time};
use crate::asn1::{oid, write};
use crate::crypto::SignatureAlgorithm;
use crate::x509::{Extensions, Name, RevocationReason, RevokedEntry};

/// Octets that an entry takes: 20 of serial number, 15 of date, a reason, headers. Only a guess for the buffer.
const TYPICAL_ENTRY_BYTES: usize = 56;

/// Everything that a list says.
#[derive(Debug, Clone)]
pub struct CrlFields<'a> {
    /// How the issuer will sign.
    pub algorithm: SignatureAlgorithm,
    /// Who signs: the exact bytes of the subject of the issuer's certificate.
    pub issuer: &'a Name,
    /// When it was made.
    pub this_update: DateTime<Utc>,
    /// When the next one will have been made.
    pub next_update: DateTime<Utc>,
    /// What is revoked, in any order.
    pub entries: &'a [RevokedEntry],
    /// Extensions of the list.
    pub extensions: &'a Extensions,
}

/// Writes a `TBSCertList`, version 2.
///
/// # Errors
/// Which value cannot be written.
pub fn crl(fields: &CrlFields<'_>) -> Result<Vec<u8>, BuildError> {
    let head = [time(fields.this_update)?.to_der()?, time(fields.next_update)?.to_der()?].concat();
    let extensions = extension::extensions(fields.extensions)?.to_der()?;
    let mut writer = write::Writer::with_capacity(fields.entries.len() * TYPICAL_ENTRY_BYTES + 1024);
    let mut result = Ok(());
    writer.sequence(|w| {
        // Version v2 is written 1.
        w.unsigned(1);
        w.raw(&fields.algorithm.identifier_der());
        w.raw(fields.issuer.der());
        w.raw(&head);
        // RFC 5280 section 5.1.2.6: the list of revoked certificates is absent when there are none.
        if !fields.entries.is_empty() {
            w.sequence(|w| result = fields.entries.iter().try_for_each(|revoked| entry(w, revoked)));
        }
        w.constructed(write::context(0), |w| w.raw(&extensions));
    });
    result.map(|()| writer.into_bytes())
}

fn entry(writer: &mut write::Writer, entry: &RevokedEntry) -> Result<(), BuildError> {
    let revoked_at = time(entry.revoked_at)?.to_der()?;
    writer.sequence(|w| {
        w.primitive(write::INTEGER, entry.serial.as_bytes());
        w.raw(&revoked_at);
        // RFC 5280 section 5.3.1: the reason is absent rather than unspecified.
        let reason = (entry.reason != RevocationReason::Unspecified).then_some(entry.reason);
        if reason.is_some() || entry.invalidity_date.is_some() {
            w.sequence(|w| {
                if let Some(reason) = reason {
                    entry_extension(w, oid::CRL_REASONS, |w| {
                        w.primitive(write::ENUMERATED, &[reason.code()])
                    });
                }
                if let Some(date) = entry.invalidity_date {
                    entry_extension(w, oid::INVALIDITY_DATE, |w| w.generalized_time(date));
                }
            });
        }
    });
    Ok(())
}

fn entry_extension(
    writer: &mut write::Writer,
    oid: der::asn1::ObjectIdentifier,
    value: impl FnOnce(&mut write::Writer),
) {
    writer.sequence(|w| {
        w.oid(oid);
        w.constructed(write::OCTET_STRING, value);
    });
}
