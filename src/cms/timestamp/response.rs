//! TimeStampResp (RFC 3161 section 2.4.2).

use der::Tag;

use crate::asn1::read::{self, Reader};
use crate::asn1::write::{self, encode};
use crate::cms::CmsError;

/// Why an authority does not stamp: PKIFailureInfo (RFC 3161 section 2.4.2), with the number of its bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureInfo {
    /// Unrecognised or unsupported digest algorithm.
    BadAlg = 0,
    /// The transaction is not permitted or supported.
    BadRequest = 2,
    /// The data have the wrong format.
    BadDataFormat = 5,
    /// The authority's time source is not available.
    TimeNotAvailable = 14,
    /// The requested policy is not supported.
    UnacceptedPolicy = 15,
    /// The requested extension is not supported.
    UnacceptedExtension = 16,
    /// The additional information asked for is not available.
    AddInfoNotAvailable = 17,
    /// A system failure.
    SystemFailure = 25,
}

/// An answer without a stamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// PKIStatus; 2 is rejection.
    pub status: u32,
    /// Why, where it is one of the known reasons.
    pub failure: Option<FailureInfo>,
    /// Why, for people.
    pub text: String,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeStampResponse {
    /// A token, DER. Status 0, granted, or 1, granted with modifications.
    Granted(Vec<u8>),
    /// None.
    Refused(Refusal),
}

/// PKIStatus rejection.
const REJECTION: u32 = 2;
/// Most texts of one answer.
const MAX_TEXTS: usize = 16;

impl FailureInfo {
    const ALL: [Self; 8] = [
        Self::BadAlg,
        Self::BadRequest,
        Self::BadDataFormat,
        Self::TimeNotAvailable,
        Self::UnacceptedPolicy,
        Self::UnacceptedExtension,
        Self::AddInfoNotAvailable,
        Self::SystemFailure,
    ];
}

impl TimeStampResponse {
    /// A refusal.
    pub fn refused(failure: FailureInfo, text: impl Into<String>) -> Self {
        Self::Refused(Refusal {
            status: REJECTION,
            failure: Some(failure),
            text: text.into(),
        })
    }

    /// Reads an answer. The token is not read: see [`super::TimeStampToken::parse`].
    ///
    /// # Errors
    /// When it is not a TimeStampResp, or says granted and has no token, or the reverse.
    pub fn parse(der: &[u8]) -> Result<Self, CmsError> {
        read::sequence(der, |r| {
            let refusal = r.sequence(status_info)?;
            let token = if r.is_empty() {
                None
            } else {
                Some(r.raw_of(Tag::Sequence)?.to_vec())
            };
            match (refusal.status, token) {
                (0 | 1, Some(token)) => Ok(Self::Granted(token)),
                (2.., None) => Ok(Self::Refused(refusal)),
                (status, _) => Err(CmsError::Value {
                    field: "TimeStampResp.status",
                    found: status.to_string(),
                    rule: "a token is there exactly when the status is 0 or 1 (RFC 3161)",
                }),
            }
        })
        .map_err(|error: CmsError| error.named("TimeStampResp"))
    }

    /// Its DER.
    pub fn to_der(&self) -> Vec<u8> {
        encode(|w| {
            w.sequence(|w| match self {
                Self::Granted(token) => {
                    w.sequence(|w| w.unsigned(0));
                    w.raw(token);
                }
                Self::Refused(refusal) => w.sequence(|w| {
                    w.unsigned(u64::from(refusal.status));
                    w.sequence(|w| w.primitive(write::UTF8_STRING, refusal.text.as_bytes()));
                    if let Some(failure) = refusal.failure {
                        w.primitive(write::BIT_STRING, &named_bit(failure as usize));
                    }
                }),
            });
        })
    }
}

/// PKIStatusInfo.
fn status_info(r: &mut Reader<'_>) -> Result<Refusal, CmsError> {
    let status = r.small_unsigned()?;
    let mut texts = Vec::new();
    if r.next_is(Tag::Sequence) {
        r.sequence(|r| {
            while !r.is_empty() {
                CmsError::budget("status texts", texts.len() + 1, MAX_TEXTS)?;
                texts.push(r.string(Tag::Utf8String)?.to_owned());
            }
            Ok::<_, CmsError>(())
        })?;
    }
    let bits = if r.is_empty() { &[] } else { r.contents(Tag::BitString)? };
    let failure = FailureInfo::ALL
        .into_iter()
        .find(|failure| has_bit(bits, *failure as usize));
    Ok(Refusal {
        status,
        failure,
        text: texts.join("; "),
    })
}

/// Contents of a BIT STRING with one named bit set and no zero bit after it (X.690 section 11.2.2).
fn named_bit(number: usize) -> Vec<u8> {
    let mut contents = vec![0; 2 + number / 8];
    contents[0] = 7 - (number % 8) as u8;
    contents[1 + number / 8] = 0x80 >> (number % 8);
    contents
}

/// Whether the contents of a BIT STRING have this bit set.
fn has_bit(contents: &[u8], number: usize) -> bool {
    contents
        .get(1 + number / 8)
        .is_some_and(|octet| octet & (0x80 >> (number % 8)) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_reads_back() {
        for failure in FailureInfo::ALL {
            let refused = TimeStampResponse::refused(failure, "no");
            assert_eq!(TimeStampResponse::parse(&refused.to_der()), Ok(refused));
        }
    }

    #[test]
    fn a_granted_answer_without_token_is_refused() {
        assert!(TimeStampResponse::parse(b"\x30\x05\x30\x03\x02\x01\x00").is_err());
    }
}
