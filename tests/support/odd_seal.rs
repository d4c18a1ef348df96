//! Seals and signatures with them of every edition, written field by field: those of GM/T 0031, which we read and never
//! make.

use yinxin::asn1::oid;
use yinxin::asn1::write::{self, Writer, context, encode};
use yinxin::ca::ProfileKind;
use yinxin::crypto::{DigestAlgorithm, pair};

use super::city::{City, Holder, ORGANISATION, service};

/// Makes a time stamp over a signature value.
type Stamping = fn(&City, &[u8]) -> Vec<u8>;

/// How a signature with a seal is written.
#[derive(Clone)]
pub(crate) struct OddSeal {
    pub(crate) maker: Holder,
    /// Whom the seal lists.
    pub(crate) listed: Holder,
    pub(crate) signer: Holder,
    /// 1, 4 or 5.
    pub(crate) version: u32,
    /// What the signature says; the seal's version where it is left out.
    pub(crate) said: Option<u32>,
    /// Whether both signatures are r‖s.
    pub(crate) is_raw: bool,
    /// Whether octet strings stand for bit strings.
    pub(crate) has_octet_strings: bool,
    pub(crate) property: String,
    /// First and last moment of the seal.
    pub(crate) dates: [&'static [u8]; 2],
    /// A time stamp over the signature value.
    pub(crate) time_stamp: Option<Stamping>,
}

impl OddSeal {
    pub(crate) fn of(city: &City, version: u32) -> Self {
        let signer = city.organisation();
        Self {
            maker: city.issue(ProfileKind::SealMaker, &service("制章中心")),
            listed: signer.clone(),
            signer,
            version,
            said: None,
            is_raw: false,
            has_octet_strings: false,
            property: "/Doc_0".to_owned(),
            dates: [b"260101000000Z", b"270101000000Z"],
            time_stamp: None,
        }
    }

    /// The signature over these bytes.
    pub(crate) fn over(&self, city: &City, bytes: &[u8]) -> Vec<u8> {
        let seal = self.seal();
        let signed = encode(|w| w.sequence(|w| self.write_to_sign(w, &seal, bytes)));
        let signature = self.signature(&self.signer, &signed);
        encode(|w| {
            w.sequence(|w| {
                w.raw(&signed);
                if self.version > 1 {
                    w.octet_string(self.signer.certificate.der());
                    w.oid(oid::SM2_WITH_SM3);
                }
                self.bits(w, &signature);
                if let Some(stamp) = self.time_stamp {
                    w.constructed(context(0), |w| w.bit_string(&stamp(city, &signature)));
                }
            });
        })
    }

    fn write_to_sign(&self, w: &mut Writer, seal: &[u8], bytes: &[u8]) {
        w.unsigned(self.said.unwrap_or(self.version).into());
        w.raw(seal);
        match self.version {
            1 => self.bits(w, b"20260528083015Z"),
            _ => w.primitive(write::GENERALIZED_TIME, b"20260528083015Z"),
        }
        self.bits(w, DigestAlgorithm::Sm3.digest(bytes).as_ref());
        w.primitive(write::IA5_STRING, self.property.as_bytes());
        if self.version == 1 {
            w.octet_string(self.signer.certificate.der());
            w.oid(oid::SM2_WITH_SM3);
        }
    }

    fn seal(&self) -> Vec<u8> {
        let info = encode(|w| w.sequence(|w| self.write_info(w)));
        let maker = self.maker.certificate.der();
        let named = |w: &mut Writer| {
            w.octet_string(maker);
            w.oid(oid::SM2_WITH_SM3);
        };
        if self.version > 1 {
            let signature = self.signature(&self.maker, &info);
            return encode(|w| {
                w.sequence(|w| {
                    w.raw(&info);
                    named(w);
                    self.bits(w, &signature);
                    if self.version == 5 {
                        w.constructed(context(0), |w| w.bit_string(b"stamp of the maker"));
                    }
                });
            });
        }
        let signed = encode(|w| {
            w.sequence(|w| {
                w.raw(&info);
                named(w);
            });
        });
        let signature = self.signature(&self.maker, &signed);
        encode(|w| {
            w.sequence(|w| {
                w.raw(&info);
                w.sequence(|w| {
                    named(w);
                    self.bits(w, &signature);
                });
            });
        })
    }

    fn write_info(&self, w: &mut Writer) {
        w.sequence(|w| {
            w.primitive(write::IA5_STRING, b"ES");
            w.unsigned(self.version.into());
            w.primitive(write::IA5_STRING, b"vendor");
        });
        w.primitive(write::IA5_STRING, b"45010000000001");
        w.sequence(|w| {
            w.unsigned(1);
            w.primitive(write::UTF8_STRING, ORGANISATION.0.as_bytes());
            let [from, until] = self.dates;
            let times: [&[u8]; 3] = [b"260101000000Z", from, until];
            if self.version > 1 {
                w.unsigned(1);
            }
            w.sequence(|w| w.octet_string(self.listed.certificate.der()));
            for time in times {
                match self.version {
                    1 => w.primitive(0x17, time),
                    _ => w.primitive(write::GENERALIZED_TIME, &[b"20", time].concat()),
                }
            }
        });
        w.sequence(|w| {
            w.primitive(write::IA5_STRING, b"PNG");
            w.octet_string(b"picture");
            w.unsigned(42);
            w.unsigned(42);
        });
    }

    fn signature(&self, by: &Holder, signed: &[u8]) -> Vec<u8> {
        let signature = by.key.sign(signed).unwrap();
        match self.is_raw {
            true => pair::from_der(&signature, 32).unwrap(),
            false => signature,
        }
    }

    fn bits(&self, w: &mut Writer, octets: &[u8]) {
        match self.has_octet_strings {
            true => w.octet_string(octets),
            false => w.bit_string(octets),
        }
    }
}
