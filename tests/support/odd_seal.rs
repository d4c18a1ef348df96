//! Seals and signatures with them of every edition, written field by field: those of GM/T 0031, which we read and never
//! make.

use chrono::{DateTime, Utc};
use der::asn1::ObjectIdentifier;
use yinxin::asn1::oid;
use yinxin::asn1::write::{self, Writer, context, encode};
use yinxin::ca::ProfileKind;
use yinxin::ca::timestamp::StampSerial;
use yinxin::cms::timestamp::Imprint;
use yinxin::crypto::{DigestAlgorithm, pair};

use super::city::{City, Holder, ORGANISATION, now, service};

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
    /// When the signer says that it signed.
    pub(crate) used: &'static [u8],
    /// The name of a digest algorithm, by which the seal lists its signer in the place of the certificate.
    pub(crate) listed_by: Option<(&'static str, DigestAlgorithm)>,
    /// Extensions of the seal: which, whether it is critical, and its value.
    pub(crate) extensions: Vec<OddExtension>,
    /// The same of the signature.
    pub(crate) signed_extensions: Vec<OddExtension>,
    /// A time stamp over the signature value.
    pub(crate) time_stamp: Option<Stamping>,
    /// A time stamp of the maker's over its own signature value.
    pub(crate) maker_stamp: Option<Stamping>,
}

/// Which it is, whether it is critical, and its value.
pub(crate) type OddExtension = (ObjectIdentifier, bool, Vec<u8>);

/// A time stamp of the city's authority over a signature value.
pub(crate) fn stamped(city: &City, signature: &[u8], time: DateTime<Utc>) -> Vec<u8> {
    let imprint = Imprint::of(DigestAlgorithm::Sm3, signature);
    let stamp = city
        .time_stamping()
        .stamp(imprint, time, StampSerial::random().unwrap());
    stamp.unwrap()
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
            used: b"20260528083015Z",
            listed_by: None,
            extensions: Vec::new(),
            signed_extensions: Vec::new(),
            time_stamp: None,
            maker_stamp: (version == 5).then_some(|city, signature| stamped(city, signature, now())),
        }
    }

    /// The signature over these bytes.
    pub(crate) fn over(&self, city: &City, bytes: &[u8]) -> Vec<u8> {
        let seal = self.seal(city);
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
            1 => self.bits(w, self.used),
            _ => w.primitive(write::GENERALIZED_TIME, self.used),
        }
        self.bits(w, DigestAlgorithm::Sm3.digest(bytes).as_ref());
        w.primitive(write::IA5_STRING, self.property.as_bytes());
        if self.version == 1 {
            w.octet_string(self.signer.certificate.der());
            w.oid(oid::SM2_WITH_SM3);
        }
        if !self.signed_extensions.is_empty() {
            w.constructed(context(0), |w| write_extensions(w, &self.signed_extensions));
        }
    }

    fn seal(&self, city: &City) -> Vec<u8> {
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
                    if let Some(stamp) = self.maker_stamp {
                        w.constructed(context(0), |w| w.bit_string(&stamp(city, &signature)));
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
            let listed = self.listed.certificate.der();
            if self.version > 1 {
                w.unsigned(if self.listed_by.is_some() { 2 } else { 1 });
            }
            w.sequence(|w| match self.listed_by {
                None => w.octet_string(listed),
                Some((name, algorithm)) => w.sequence(|w| {
                    w.primitive(write::PRINTABLE_STRING, name.as_bytes());
                    w.octet_string(algorithm.digest(listed).as_ref());
                }),
            });
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
        if !self.extensions.is_empty() {
            write_extensions(w, &self.extensions);
        }
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

/// `ExtensionDatas` (GB/T 38540).
fn write_extensions(w: &mut Writer, extensions: &[OddExtension]) {
    w.sequence(|w| {
        for (id, critical, value) in extensions {
            w.sequence(|w| {
                w.oid(*id);
                w.primitive(write::BOOLEAN, &[if *critical { 0xff } else { 0 }]);
                w.octet_string(value);
            });
        }
    });
}
