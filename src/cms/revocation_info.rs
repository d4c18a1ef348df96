//! Revocation data of other kinds than lists in a message (RFC 5652 section 10.2.1, `OtherRevocationInfoFormat`):
//! responses about the status of certificates, whole (RFC 5940 section 2) or as the `BasicOCSPResponse` alone, which
//! older programs write (ETSI EN 319 122-1 section 5.4.2.2). What cannot be read here is left out and counted: nothing
//! but the format is looked at.

use der::Tag;

use crate::asn1::oid;
use crate::asn1::read::{Reader, context};
use crate::asn1::write::{self, encode};

/// Tag number of `other` in the CHOICE of `RevocationInfoChoice`.
const OTHER: u32 = 1;

/// The `OCSPResponse` in a member of `RevocationInfoChoices` that is no list; `None` for other formats.
pub(super) fn response(member: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader::new(member).ok()?;
    let mut fields = Reader::new(reader.contents(context(OTHER, true)).ok()?).ok()?;
    reader.finish().ok()?;
    let format = fields.oid().ok()?;
    let info = fields.raw_of(Tag::Sequence).ok()?;
    fields.finish().ok()?;
    match format {
        oid::RI_OCSP_RESPONSE => Some(info.to_vec()),
        oid::OCSP_BASIC => Some(whole(info)),
        _ => None,
    }
}

/// A successful `OCSPResponse` around a `BasicOCSPResponse` (RFC 6960 section 4.2.1).
fn whole(basic: &[u8]) -> Vec<u8> {
    encode(|w| {
        w.sequence(|w| {
            w.primitive(write::ENUMERATED, &[0]);
            w.constructed(write::context(0), |w| {
                w.sequence(|w| {
                    w.oid(oid::OCSP_BASIC);
                    w.octet_string(basic);
                });
            });
        });
    })
}

#[cfg(test)]
mod tests {
    use der::asn1::ObjectIdentifier;

    use super::*;

    fn member(format: ObjectIdentifier, info: &[u8]) -> Vec<u8> {
        encode(|w| {
            w.constructed(write::context(1), |w| {
                w.oid(format);
                w.raw(info);
            });
        })
    }

    #[test]
    fn a_response_is_read_whole_or_as_its_basic_part_and_nothing_else_is() {
        let basic = [0x30, 3, 2, 1, 7];
        let response_of_it = whole(&basic);
        assert_eq!(
            response(&member(oid::RI_OCSP_RESPONSE, &response_of_it)),
            Some(response_of_it.clone())
        );
        assert_eq!(response(&member(oid::OCSP_BASIC, &basic)), Some(response_of_it.clone()));
        assert_eq!(response(&member(oid::OCSP_NONCE, &basic)), None, "another format");
        assert_eq!(response(&member(oid::OCSP_BASIC, &[4, 0])), None, "no SEQUENCE");
        let mut long = member(oid::RI_OCSP_RESPONSE, &response_of_it);
        long.push(0);
        assert_eq!(response(&long), None, "data after the end");
        let mut other_choice = member(oid::OCSP_BASIC, &basic);
        other_choice[0] = write::context(0);
        assert_eq!(response(&other_choice), None);
    }
}
