//! Certifies a licence: the signature is the only object of the revision that is appended to the finished face.

use chrono::{DateTime, Utc};

use super::dictionary::no_changes;
use super::steps::Plan;
use super::{Claims, Prepared, SealingKeys, SignError};
use crate::ca::timestamp::{StampSerial, TimeStampAuthority};
use crate::pdf::Reference;
use crate::pdf::append::{Known, Update};

/// A finished face: revision 1, whose signature field and `/Perms` already point at an object that is not there yet.
#[derive(Debug, Clone)]
pub struct UnsignedLicence {
    /// The bytes of revision 1.
    pub document: Vec<u8>,
    /// Its layout.
    pub known: Known,
    /// The object that the signature becomes.
    pub signature: Reference,
}

/// Reserves room for the certification of a licence, with `stamp_room` bytes for its time stamp.
///
/// # Errors
/// When a certificate or the seal may not be used at the claimed time.
pub fn prepare<'k>(
    licence: UnsignedLicence,
    keys: &'k SealingKeys,
    claims: &Claims<'_>,
    stamp_room: usize,
) -> Result<Prepared<'k>, SignError> {
    keys.check(claims.time)?;
    Prepared::new(Plan {
        update: Update::known(licence.known)?,
        base: licence.document,
        signature: licence.signature,
        entries: claims.dictionary().with("Reference", no_changes()),
        document: keys.document(),
        seal: Some(keys.seal()),
        time: claims.time,
        stamp_room,
    })
}

/// Certifies a licence whole, with our own time-stamping authority at `now`.
///
/// # Errors
/// When anything may not be used at the time, or a key does not sign.
pub fn certify(
    licence: UnsignedLicence,
    keys: &SealingKeys,
    claims: &Claims<'_>,
    authority: &TimeStampAuthority,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, SignError> {
    let algorithm = keys.document().digest();
    let signed = prepare(licence, keys, claims, authority.max_token_len(algorithm))?.sign()?;
    let token = authority.stamp(signed.imprint(algorithm), now, StampSerial::random()?)?;
    Ok(signed.stamp(token)?.into_bytes())
}
