//! What a signer claims in signed attributes beside the content (ETSI EN 319 122-1 section 5.2): the policy under which
//! it signs, what it commits itself to, and revocation data that it signs along (ISO 32000-2 section 12.8.3.3.2).
//!
//! A claim proves nothing, and one that cannot be read is left out: the signature is no worse for it.

use der::Tag;
use der::asn1::ObjectIdentifier;

use super::SignerInfo;
use super::parse::algorithm;
use crate::asn1::oid;
use crate::asn1::read::{self, Reader, context};

/// Most lists or responses that are read of one attribute: as many as certificates of a message.
const MAX_VALUES: usize = super::MAX_CERTIFICATES;

/// The signature policy that a signer names (section 5.2.9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignaturePolicy {
    /// Its identifier; `None` where it is implied by the content (`SignaturePolicyImplied`).
    pub id: Option<ObjectIdentifier>,
    /// Digest algorithm and digest of the policy document.
    pub hash: Option<(ObjectIdentifier, Vec<u8>)>,
    /// Where it is published (`spuri`).
    pub address: Option<String>,
}

/// Revocation data inside a signature.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RevocationValues {
    /// Revocation lists, DER.
    pub crls: Vec<Vec<u8>>,
    /// Status responses, DER.
    pub responses: Vec<Vec<u8>>,
}

impl SignerInfo {
    /// The policy that it signs under, where it names one.
    pub fn signature_policy(&self) -> Option<SignaturePolicy> {
        let value = self.signed(oid::SIGNATURE_POLICY_ID).next()?.values.first()?;
        let mut reader = Reader::new(value).ok()?;
        if reader.next_is(Tag::Null) {
            return Some(SignaturePolicy {
                id: None,
                hash: None,
                address: None,
            });
        }
        reader.sequence(policy).ok()
    }

    /// What it commits itself to, in the order of its attributes: any number, of which the standard names six.
    pub fn commitments(&self) -> impl Iterator<Item = ObjectIdentifier> {
        let values = self
            .signed(oid::COMMITMENT_TYPE)
            .flat_map(|attribute| &attribute.values);
        values.filter_map(|value| {
            let contents = Reader::new(value).ok()?.contents(Tag::Sequence).ok()?;
            Reader::new(contents).ok()?.oid().ok()
        })
    }

    /// Lists and responses that it signed along (`adbe-revocationInfoArchival`).
    pub fn revocation_values(&self) -> RevocationValues {
        let mut found = RevocationValues::default();
        let values = self
            .signed(oid::ADOBE_REVOCATION_INFO)
            .flat_map(|attribute| &attribute.values);
        for value in values {
            // What was read before a fault is kept: each list stands for itself.
            let _: Result<(), der::Error> = read::sequence(value, |r| {
                members(r, 0, &mut found.crls)?;
                members(r, 1, &mut found.responses)?;
                if r.next_is(context(2, true)) {
                    r.raw()?;
                }
                Ok(())
            });
        }
        found
    }
}

/// SignaturePolicyId: identifier, hash, qualifiers.
fn policy(r: &mut Reader<'_>) -> der::Result<SignaturePolicy> {
    let id = r.oid()?;
    let mut hash = None;
    if r.next_is(Tag::Sequence) {
        hash = r
            .sequence(|r| {
                let digest = algorithm(r)?.oid;
                Ok::<_, super::CmsError>((digest, r.octet_string()?.to_vec()))
            })
            .ok();
    }
    let mut address = None;
    if r.next_is(Tag::Sequence) {
        r.sequence::<_, der::Error>(|r| {
            while !r.is_empty() {
                let qualifier = r.contents(Tag::Sequence)?;
                address = address.take().or_else(|| spuri(qualifier));
            }
            Ok(())
        })?;
    }
    Ok(SignaturePolicy {
        id: Some(id),
        hash,
        address,
    })
}

/// The address in a policy qualifier of that kind (`id-spq-ets-uri`).
fn spuri(qualifier: &[u8]) -> Option<String> {
    let mut r = Reader::new(qualifier).ok()?;
    (r.oid().ok()? == oid::SPQ_URI)
        .then(|| r.string(Tag::Ia5String).ok().map(str::to_owned))
        .flatten()
}

/// The members of a SEQUENCE OF under an explicit context tag, where it is there.
fn members(r: &mut Reader<'_>, number: u32, found: &mut Vec<Vec<u8>>) -> der::Result<()> {
    if !r.next_is(context(number, true)) {
        return Ok(());
    }
    r.nested(context(number, true), |r| {
        r.sequence(|r| {
            while !r.is_empty() {
                let member = r.raw()?;
                if found.len() < MAX_VALUES {
                    found.push(member.to_vec());
                }
            }
            Ok(())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::write::{self, encode};
    use crate::cms::build::Content;
    use crate::cms::testing::identity;
    use crate::cms::{Attribute, Form, SignedData};
    use crate::crypto::key::Suite;

    fn signer(attributes: &[Attribute]) -> SignerInfo {
        let identity = identity(Suite::International, "signer", None);
        let digest = identity.digest().digest(b"content");
        let extra: Vec<Vec<u8>> = attributes.iter().map(Attribute::to_der).collect();
        let message = identity.sign(Form::Pkcs7, Content::Detached(&digest), &extra).unwrap();
        SignedData::parse(&message.finish(&[])).unwrap().signers.remove(0)
    }

    #[test]
    fn a_policy_is_named_with_its_digest_and_address() {
        let value = encode(|w| {
            w.sequence(|w| {
                w.oid(oid::TSA_POLICY);
                w.sequence(|w| {
                    w.sequence(|w| w.oid(oid::SHA256));
                    w.octet_string(&[7; 32]);
                });
                w.sequence(|w| {
                    w.sequence(|w| {
                        w.oid(oid::SPQ_URI);
                        w.primitive(write::IA5_STRING, b"http://example.org/policy");
                    });
                });
            });
        });
        let named = signer(&[Attribute::single(oid::SIGNATURE_POLICY_ID, value)]).signature_policy();
        let expected = SignaturePolicy {
            id: Some(oid::TSA_POLICY),
            hash: Some((oid::SHA256, vec![7; 32])),
            address: Some("http://example.org/policy".to_owned()),
        };
        assert_eq!(named, Some(expected));
        let implied = signer(&[Attribute::single(oid::SIGNATURE_POLICY_ID, vec![0x05, 0])]);
        assert_eq!(implied.signature_policy().unwrap().id, None);
        let broken = signer(&[Attribute::single(oid::SIGNATURE_POLICY_ID, vec![0x02, 1, 5])]);
        assert_eq!(broken.signature_policy(), None);
    }

    #[test]
    fn each_commitment_is_named_however_many_there_are() {
        let commitment = |kind| encode(|w| w.sequence(|w| w.oid(kind)));
        let attribute = Attribute {
            kind: oid::COMMITMENT_TYPE,
            values: vec![
                commitment(oid::PROOF_OF_ORIGIN),
                vec![0x05, 0],
                commitment(oid::PROOF_OF_APPROVAL),
            ],
        };
        let named: Vec<_> = signer(&[attribute]).commitments().collect();
        assert_eq!(named, [oid::PROOF_OF_ORIGIN, oid::PROOF_OF_APPROVAL]);
        let many = Attribute {
            kind: oid::COMMITMENT_TYPE,
            values: vec![commitment(oid::PROOF_OF_ORIGIN); 40],
        };
        assert_eq!(signer(&[many]).commitments().count(), 40);
    }

    #[test]
    fn lists_and_responses_that_were_signed_along_are_found_within_the_budget() {
        let values = |count: usize| {
            encode(|w| {
                w.sequence(|w| {
                    for number in 0..2 {
                        w.constructed(write::context(number), |w| {
                            w.sequence(|w| (0..count).for_each(|_| w.sequence(|w| w.unsigned(number.into()))));
                        });
                    }
                });
            })
        };
        let of = |count| signer(&[Attribute::single(oid::ADOBE_REVOCATION_INFO, values(count))]).revocation_values();
        assert_eq!(of(1).crls, [vec![0x30, 3, 2, 1, 0]]);
        assert_eq!(of(1).responses, [vec![0x30, 3, 2, 1, 1]]);
        assert_eq!(of(MAX_VALUES + 1).responses.len(), MAX_VALUES);
    }
}
