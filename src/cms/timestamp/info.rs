//! TSTInfo: what a time-stamping authority signs (RFC 3161 section 2.4.2).

use chrono::{DateTime, TimeDelta, Utc};
use der::Tag;
use der::asn1::ObjectIdentifier;

use super::{Imprint, bounded_integer, version_1};
use crate::asn1::read::{self, Reader, context};
use crate::asn1::write::{self, Writer, context_primitive};
use crate::cms::CmsError;

/// How far the stamped time may be from UTC, either way, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Accuracy {
    /// Microseconds.
    pub micros: u64,
}

/// The stamped information.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TstInfo {
    /// The authority's policy.
    pub policy: ObjectIdentifier,
    /// What was stamped.
    pub imprint: Imprint,
    /// Content octets of the serial number.
    pub serial: Vec<u8>,
    /// When, to the microsecond.
    pub time: DateTime<Utc>,
    /// How exactly; `None` when only the policy says.
    pub accuracy: Option<Accuracy>,
    /// Whether two stamps of this authority may be ordered by their times alone.
    pub ordering: bool,
    /// Content octets of the request's nonce.
    pub nonce: Option<Vec<u8>>,
    /// What the authority calls itself: a GeneralName, as it stands there.
    pub authority: Option<Vec<u8>>,
    /// An extension that nobody may pass over who does not know it; none is known here.
    pub critical_extension: Option<ObjectIdentifier>,
}

impl TstInfo {
    /// Reads the content of a token.
    ///
    /// # Errors
    /// When it is not a TSTInfo of version 1, or has data after its end.
    pub fn parse(der: &[u8]) -> Result<Self, CmsError> {
        read::sequence(der, |r| {
            version_1(r, "TSTInfo.version")?;
            let policy = r.oid()?;
            let imprint = Imprint::read(r)?;
            let serial = bounded_integer(r, "serial number in octets")?;
            let time = r.generalized_time()?;
            let accuracy = r
                .next_is(Tag::Sequence)
                .then(|| r.sequence(Accuracy::read))
                .transpose()?;
            let ordering = r.next_is(Tag::Boolean) && r.boolean()?;
            let nonce = r
                .next_is(Tag::Integer)
                .then(|| bounded_integer(r, "nonce in octets"))
                .transpose()?;
            let authority = r
                .next_is(context(0, true))
                .then(|| r.contents(context(0, true)).map(<[u8]>::to_vec))
                .transpose()?;
            let critical_extension = match r.next_is(context(1, true)) {
                true => r.nested(context(1, true), critical_extension)?,
                false => None,
            };
            Ok(Self {
                policy,
                imprint,
                serial,
                time,
                accuracy,
                ordering,
                nonce,
                authority,
                critical_extension,
            })
        })
        .map_err(|error: CmsError| error.named("TSTInfo"))
    }

    /// Its DER, without a name of the authority and without extensions: ours have none.
    pub fn to_der(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(160);
        w.sequence(|w| {
            w.unsigned(1);
            w.oid(self.policy);
            w.raw(self.imprint.der());
            w.primitive(write::INTEGER, &self.serial);
            w.generalized_time_micros(self.time);
            if let Some(accuracy) = self.accuracy {
                accuracy.write(w);
            }
            if self.ordering {
                w.boolean_true();
            }
            if let Some(nonce) = &self.nonce {
                w.primitive(write::INTEGER, nonce);
            }
        });
        w.into_bytes()
    }

    /// The latest moment that the stamp can mean: the stamped time and its accuracy.
    pub fn latest(&self) -> DateTime<Utc> {
        let micros = self
            .accuracy
            .map_or(0, |accuracy| i64::try_from(accuracy.micros).unwrap_or(i64::MAX));
        self.time
            .checked_add_signed(TimeDelta::microseconds(micros))
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

/// The first of the extensions that is critical (RFC 5280 section 4.1).
fn critical_extension(r: &mut Reader<'_>) -> Result<Option<ObjectIdentifier>, CmsError> {
    let mut first = None;
    while !r.is_empty() {
        let (kind, is_critical) = r.sequence(|r| {
            let kind = r.oid()?;
            let is_critical = r.next_is(Tag::Boolean) && r.boolean()?;
            r.octet_string()?;
            Ok::<_, der::Error>((kind, is_critical))
        })?;
        first = first.or(is_critical.then_some(kind));
    }
    Ok(first)
}

impl Accuracy {
    /// Seconds, then milliseconds and microseconds of 1 to 999, each optional (RFC 3161 section 2.4.2).
    fn read(r: &mut Reader<'_>) -> Result<Self, CmsError> {
        let seconds = if r.next_is(Tag::Integer) {
            u64::from(r.small_unsigned()?)
        } else {
            0
        };
        let millis = Self::read_thousandths(r, 0)?;
        let micros = Self::read_thousandths(r, 1)?;
        Ok(Self {
            micros: (seconds * 1000 + millis) * 1000 + micros,
        })
    }

    fn read_thousandths(r: &mut Reader<'_>, number: u32) -> Result<u64, CmsError> {
        if !r.next_is(context(number, false)) {
            return Ok(0);
        }
        let value = match *r.contents(context(number, false))? {
            [low] => u64::from(low),
            [high, low] => u64::from(u16::from_be_bytes([high, low])),
            _ => 0,
        };
        match value {
            1..=999 => Ok(value),
            _ => Err(CmsError::Value {
                field: "Accuracy",
                found: value.to_string(),
                rule: "millis and micros are 1 to 999 (RFC 3161)",
            }),
        }
    }

    fn write(self, w: &mut Writer) {
        w.sequence(|w| {
            let (seconds, millis, micros) = (self.micros / 1_000_000, self.micros / 1000 % 1000, self.micros % 1000);
            if seconds > 0 {
                w.unsigned(seconds);
            }
            for (number, value) in [(0, millis), (1, micros)] {
                let [.., high, low] = value.to_be_bytes();
                match (high, low) {
                    (0, 0) => {}
                    (0, low) if low < 0x80 => w.primitive(context_primitive(number), &[low]),
                    (high, low) => w.primitive(context_primitive(number), &[high, low]),
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::oid;
    use crate::crypto::DigestAlgorithm;

    fn info(accuracy: Option<u64>) -> TstInfo {
        TstInfo {
            policy: oid::TSA_POLICY,
            imprint: Imprint::of(DigestAlgorithm::Sha256, b"abc"),
            serial: vec![0x01, 0x80],
            time: DateTime::from_timestamp_micros(1_780_000_000_123_450).unwrap(),
            accuracy: accuracy.map(|micros| Accuracy { micros }),
            ordering: false,
            nonce: Some(vec![0x7f]),
            authority: None,
            critical_extension: None,
        }
    }

    #[test]
    fn every_accuracy_reads_back() {
        for micros in [1, 127, 128, 255, 256, 999, 1000, 500_000, 1_000_000, 61_999_999] {
            assert_eq!(TstInfo::parse(&info(Some(micros)).to_der()), Ok(info(Some(micros))));
        }
        assert_eq!(TstInfo::parse(&info(None).to_der()), Ok(info(None)));
    }

    #[test]
    fn the_latest_moment_counts_the_accuracy_in() {
        assert_eq!(info(Some(50)).latest(), info(None).time + TimeDelta::microseconds(50));
    }
}
