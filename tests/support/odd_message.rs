//! SignedData of one signer, written field by field: the forms of other producers, which we read and never write.

use der::asn1::ObjectIdentifier;
use yinxin::asn1::oid;
use yinxin::asn1::write::{self, Writer, context, encode};
use yinxin::cms::Attribute;
use yinxin::cms::attribute::{content_type, message_digest};
use yinxin::crypto::{DigestAlgorithm, pair};
use yinxin::x509::Certificate;

use super::city::Holder;

/// The signed attributes of a message.
#[derive(Clone)]
pub(crate) enum Attributes {
    /// None: the signature is over the content.
    None,
    /// contentType, messageDigest and others, in the order of DER.
    InOrder(Vec<Attribute>),
    /// The same in the opposite order, signed as they stand.
    Reversed(Vec<Attribute>),
    /// The same, sent in the opposite order but signed in that of DER.
    SignedInOrder(Vec<Attribute>),
}

/// What travels in the message of what is signed.
#[derive(Clone, Copy)]
pub(crate) enum Carried {
    Nothing,
    /// Its digest by this algorithm.
    Digest(DigestAlgorithm),
    /// All of it.
    Copy,
    /// Something else.
    Other(&'static [u8]),
}

/// A message before it is signed. Begins as GB/T 35275 has it: SM3 with SM2, DER, detached, with attributes.
#[derive(Clone)]
pub(crate) struct OddMessage<'a> {
    pub(crate) signer: &'a Holder,
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) outer: ObjectIdentifier,
    pub(crate) inner: ObjectIdentifier,
    /// What contentType says; the inner type where it is left out.
    pub(crate) said: Option<ObjectIdentifier>,
    pub(crate) carried: Carried,
    /// How the digest is named, and what it is.
    pub(crate) digest: (ObjectIdentifier, DigestAlgorithm),
    /// How the signature algorithm is named, and its parameters.
    pub(crate) algorithm: (ObjectIdentifier, &'static [u8]),
    pub(crate) attributes: Attributes,
    /// Whether the signature is r‖s.
    pub(crate) is_raw: bool,
    /// Whether lengths are indefinite.
    pub(crate) is_ber: bool,
}

impl<'a> OddMessage<'a> {
    pub(crate) fn of(signer: &'a Holder, chain: &[Certificate]) -> Self {
        Self {
            signer,
            certificates: [&signer.certificate].into_iter().chain(chain).cloned().collect(),
            outer: oid::GM_SIGNED_DATA,
            inner: oid::GM_DATA,
            said: None,
            carried: Carried::Nothing,
            digest: (oid::SM3, DigestAlgorithm::Sm3),
            algorithm: (oid::SM2_WITH_SM3, &[]),
            attributes: Attributes::InOrder(Vec::new()),
            is_raw: false,
            is_ber: false,
        }
    }

    /// The message over these bytes.
    pub(crate) fn over(&self, bytes: &[u8]) -> Vec<u8> {
        let carried = match self.carried {
            Carried::Nothing => None,
            Carried::Digest(algorithm) => Some(algorithm.digest(bytes).as_ref().to_vec()),
            Carried::Copy => Some(bytes.to_vec()),
            Carried::Other(other) => Some(other.to_vec()),
        };
        let content = carried.as_deref().unwrap_or(bytes);
        let (sent, signed) = self.attribute_sets(content);
        let mut signature = self.signer.key.sign(signed.as_deref().unwrap_or(content)).unwrap();
        if self.is_raw {
            signature = pair::from_der(&signature, 32).unwrap();
        }
        let data = encode(|w| self.write_data(w, carried.as_deref(), sent, &signature));
        match self.is_ber {
            false => encode(|w| {
                w.sequence(|w| {
                    w.oid(self.outer);
                    w.constructed(context(0), |w| w.raw(&data));
                });
            }),
            true => {
                let outer = encode(|w| w.oid(self.outer));
                [&[0x30, 0x80], outer.as_slice(), &[0xa0, 0x80], &data, &[0; 4]].concat()
            }
        }
    }

    /// The attributes as they are sent, and as they are signed, both as SET OF.
    fn attribute_sets(&self, content: &[u8]) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
        let (others, is_sent_reversed, is_signed_reversed) = match &self.attributes {
            Attributes::None => return (None, None),
            Attributes::InOrder(others) => (others, false, false),
            Attributes::Reversed(others) => (others, true, true),
            Attributes::SignedInOrder(others) => (others, true, false),
        };
        let mut members = vec![
            content_type(self.said.unwrap_or(self.inner)).to_der(),
            message_digest(&self.digest.1.digest(content)).to_der(),
        ];
        members.extend(others.iter().map(Attribute::to_der));
        members.sort();
        let set = |is_reversed: bool| {
            let members: Vec<u8> = match is_reversed {
                true => members.iter().rev().flatten().copied().collect(),
                false => members.concat(),
            };
            encode(|w| w.constructed(write::SET, |w| w.raw(&members)))
        };
        (Some(set(is_sent_reversed)), Some(set(is_signed_reversed)))
    }

    fn write_data(&self, w: &mut Writer, carried: Option<&[u8]>, attributes: Option<Vec<u8>>, signature: &[u8]) {
        let digest = encode(|w| {
            w.sequence(|w| {
                w.oid(self.digest.0);
                w.raw(&[0x05, 0]);
            });
        });
        let certificate = &self.signer.certificate;
        w.sequence(|w| {
            w.unsigned(1);
            w.constructed(write::SET, |w| w.raw(&digest));
            w.sequence(|w| {
                w.oid(self.inner);
                if let Some(content) = carried {
                    w.constructed(context(0), |w| w.octet_string(content));
                }
            });
            let certificates: Vec<&[u8]> = self.certificates.iter().map(|certificate| certificate.der()).collect();
            w.set_of(context(0), &certificates);
            w.constructed(write::SET, |w| {
                w.sequence(|w| {
                    w.unsigned(1);
                    w.sequence(|w| {
                        w.raw(certificate.issuer().der());
                        w.primitive(write::INTEGER, certificate.serial().as_bytes());
                    });
                    w.raw(&digest);
                    if let Some(mut attributes) = attributes {
                        attributes[0] = context(0);
                        w.raw(&attributes);
                    }
                    w.sequence(|w| {
                        w.oid(self.algorithm.0);
                        w.raw(self.algorithm.1);
                    });
                    w.octet_string(signature);
                });
            });
        });
    }
}
