//! What seals and signatures of all editions are read with: times and octets as producers write them, and the notes on
//! how.
//!
//! GM/T 0031-2014 has UTCTime where GB/T 38540 has GeneralizedTime, and BIT STRINGs that some producers write as OCTET
//! STRINGs; both are read wherever either is due.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use der::Tag;

use super::SealError;
use crate::asn1::oid;
use crate::asn1::read::Reader;
use crate::crypto::DigestAlgorithm;
use crate::problem::Problem;

/// Hours by which China's time is ahead of UTC.
const CHINA_HOURS: i64 = 8;

/// A departure from GB/T 38540 or GM/T 0031 that is told and decides nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SealNote {
    /// An octet string stands where a bit string is due.
    OctetString(&'static str),
    /// The seal's maker, or the signer, wrote the signature as r‖s.
    RawSignature(&'static str),
    /// The signature says another edition than the seal.
    Versions {
        /// What the signature says.
        signature: u32,
        /// What the seal's header says.
        seal: u32,
    },
    /// What is protected is stated in a way of the producer's own.
    Property(String),
    /// The time of signing cannot be read, and is compared with nothing.
    TimeUnread,
    /// The signer is listed by a digest alone that no signature may rest on.
    WeakList(DigestAlgorithm),
}

impl SealNote {
    /// The note as people read it.
    pub fn problem(&self) -> Problem {
        match self {
            Self::OctetString(field) => Problem::new("note-seal-octet-string").param("name", field),
            Self::RawSignature(field) => Problem::new("note-seal-raw-signature").param("name", field),
            Self::Versions { signature, seal } => Problem::new("note-seal-versions")
                .param("signature", signature)
                .param("seal", seal),
            Self::Property(property) => Problem::new("note-seal-property").param("property", property),
            Self::TimeUnread => Problem::new("note-seal-time-unread"),
            Self::WeakList(algorithm) => Problem::new("note-seal-weak-list").param("algorithm", algorithm.name()),
        }
    }
}

/// UTCTime or GeneralizedTime.
pub(super) fn time(r: &mut Reader<'_>) -> Result<DateTime<Utc>, SealError> {
    let tag = if r.next_is(Tag::UtcTime) {
        Tag::UtcTime
    } else {
        Tag::GeneralizedTime
    };
    let contents = r.contents(tag)?;
    parse_time(contents).ok_or_else(|| SealError::from(der::Error::from(tag.value_error())))
}

/// A time as it is met in seals: with or without century, fraction and separators; without `Z` it is that of China.
pub(super) fn parse_time(contents: &[u8]) -> Option<DateTime<Utc>> {
    let text = std::str::from_utf8(contents).ok()?;
    let (local, is_utc) = match text.strip_suffix('Z') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let whole = local.split('.').next()?;
    // Years of four digits, which are those that can be told apart and counted with.
    if !whole.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let plain = "%Y%m%d%H%M%S";
    let time = match whole.len() {
        // X.509's rule: years below 50 are of this century (RFC 5280 section 4.1.2.5.1).
        12 => {
            let century = if whole.get(..2)? < "50" { "20" } else { "19" };
            NaiveDateTime::parse_from_str(&format!("{century}{whole}"), plain).ok()?
        }
        14 => NaiveDateTime::parse_from_str(whole, plain).ok()?,
        19 => NaiveDateTime::parse_from_str(whole, "%Y-%m-%d %H:%M:%S").ok()?,
        _ => return None,
    };
    let ahead = TimeDelta::hours(if is_utc { 0 } else { CHINA_HOURS });
    Some(time.and_utc() - ahead)
}

/// BIT STRING of whole octets, or OCTET STRING, which is noted.
pub(super) fn octets<'a>(
    r: &mut Reader<'a>,
    field: &'static str,
    notes: &mut Vec<SealNote>,
) -> Result<&'a [u8], SealError> {
    if r.next_is(Tag::OctetString) {
        notes.push(SealNote::OctetString(field));
        return Ok(r.octet_string()?);
    }
    Ok(r.bit_string()?)
}

/// The algorithm of a signature, by any of the names of SM2 with SM3.
pub(super) fn algorithm(r: &mut Reader<'_>) -> Result<(), SealError> {
    match r.oid()? {
        oid::SM2_WITH_SM3 | oid::SM2_SIGN | oid::SM2_CURVE => Ok(()),
        other => Err(SealError::Algorithm(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_met() {
        let read = |text: &str| parse_time(text.as_bytes()).map(|time| time.to_rfc3339());
        for (text, expected) in [
            ("20221116112058Z", "2022-11-16T11:20:58+00:00"),
            ("20200723130907.763Z", "2020-07-23T13:09:07+00:00"),
            ("221116112058Z", "2022-11-16T11:20:58+00:00"),
            ("20221031141634", "2022-10-31T06:16:34+00:00"),
            ("2020-04-22 16:22:44", "2020-04-22T08:22:44+00:00"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
        let farthest = "-262143-01-01 00:00:00";
        for bad in [
            "",
            "2022",
            "20221316112058Z",
            "2022111611205xZ",
            "章",
            farthest,
            "-2026-01-01 00:00:0",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
