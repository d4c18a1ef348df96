//! Reads SignedData (RFC 5652 section 5; GB/T 35275) into an owned view, keeping every signed byte as received.

use der::Tag;
use der::asn1::ObjectIdentifier;

use super::{Attribute, CmsError, revocation_info};
use crate::asn1::read::{self, Reader, context};
use crate::asn1::{ber, oid};

/// Most bytes of one message. A PDF signature with revocation data of a long path stays under 1 MiB.
pub const MAX_MESSAGE_BYTES: usize = 4 << 20;
/// Highest context tag of a CertificateChoices, `other` (RFC 5652 section 10.2.2).
const MAX_CHOICE: u32 = 3;

/// Most certificates, and most revocation lists, in one message. Long cross-certified paths have about ten.
pub const MAX_CERTIFICATES: usize = 64;
/// Most SignerInfos in one message. PAdES has one (EN 319 142-1 section 6.2.1); others are only counted.
pub const MAX_SIGNERS: usize = 16;
/// Most attributes of one SignerInfo. CAdES defines fewer than 30.
pub const MAX_ATTRIBUTES: usize = 64;

/// Which standard's outer identifier a message carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// `1.2.156.10197.6.1.4.2.2` (GB/T 35275).
    Gm,
    /// `1.2.840.113549.1.7.2` (RFC 5652).
    Pkcs7,
}

/// An algorithm with its parameters, as received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlgorithmIdentifier {
    /// The algorithm.
    pub oid: ObjectIdentifier,
    /// The whole AlgorithmIdentifier, DER.
    pub der: Vec<u8>,
}

/// One SignedData.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedData {
    /// The outer identifier's standard.
    pub form: Form,
    /// Whether it came as BER that is not DER.
    pub is_ber: bool,
    /// CMSVersion.
    pub version: u32,
    /// Digest algorithms announced for the signers.
    pub digest_algorithms: Vec<AlgorithmIdentifier>,
    /// What kind of content is signed.
    pub content_type: ObjectIdentifier,
    /// The content octets (without their OCTET STRING header); `None` in a detached signature.
    pub content: Option<Vec<u8>>,
    /// X.509 certificates, DER, in the order of the message.
    pub certificates: Vec<Vec<u8>>,
    /// Certificate revocation lists, DER.
    pub crls: Vec<Vec<u8>>,
    /// Responses about the status of certificates (RFC 5940), each a whole `OCSPResponse` in DER.
    pub ocsp_responses: Vec<Vec<u8>>,
    /// How many certificates and revocation data of other kinds there are; they are left out.
    pub of_other_kinds: usize,
    /// The signers.
    pub signers: Vec<SignerInfo>,
}

/// How a SignerInfo names its certificate (RFC 5652 section 5.3). Only a hint: see [`super::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignerIdentifier {
    /// issuerAndSerialNumber.
    IssuerAndSerial {
        /// The issuer's Name, DER.
        issuer: Vec<u8>,
        /// Content octets of the serial number.
        serial: Vec<u8>,
    },
    /// subjectKeyIdentifier.
    KeyIdentifier(Vec<u8>),
}

/// Signed attributes, as received and taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedAttributes {
    /// The bytes that the signature covers: the received ones under the tag of SET OF (RFC 5652 section 5.4).
    pub signed: Vec<u8>,
    /// The attributes, in the order of the message.
    pub attributes: Vec<Attribute>,
}

/// One signer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignerInfo {
    /// CMSVersion.
    pub version: u32,
    /// How the certificate is named.
    pub identifier: SignerIdentifier,
    /// Algorithm of the message digest.
    pub digest_algorithm: AlgorithmIdentifier,
    /// Signed attributes, when there are any.
    pub signed_attributes: Option<SignedAttributes>,
    /// Algorithm of the signature.
    pub signature_algorithm: AlgorithmIdentifier,
    /// The signature value.
    pub signature: Vec<u8>,
    /// Unsigned attributes.
    pub unsigned_attributes: Vec<Attribute>,
}

impl SignedData {
    /// Reads a ContentInfo that holds SignedData. RFC 5652 section 2 lets a message be BER; what a signature covers in
    /// it is read as DER all the same (section 5.4).
    ///
    /// # Errors
    /// When it is not BER, of another content type, has data after its end, or exceeds a budget.
    pub fn parse(message: &[u8]) -> Result<Self, CmsError> {
        CmsError::budget("message in bytes", message.len(), MAX_MESSAGE_BYTES)?;
        Self::parse_definite(message).or_else(|error| match ber::to_definite(message) {
            Ok(definite) if definite != message => Ok(Self {
                is_ber: true,
                ..Self::parse_definite(&definite)?
            }),
            _ => Err(error),
        })
    }

    fn parse_definite(message: &[u8]) -> Result<Self, CmsError> {
        read::sequence(message, |r| {
            let form = match r.oid()? {
                oid::ID_SIGNED_DATA => Form::Pkcs7,
                oid::GM_SIGNED_DATA => Form::Gm,
                found => {
                    return Err(CmsError::ContentType {
                        found,
                        expected: "signedData",
                    });
                }
            };
            r.nested(context(0, true), |r| r.sequence(|r| signed_data(r, form)))
        })
        .map_err(|error: CmsError| error.named("SignedData"))
    }
}

impl SignerInfo {
    /// The signed attributes of one kind: none, one or, against the rules, several.
    pub fn signed(&self, kind: ObjectIdentifier) -> impl Iterator<Item = &Attribute> {
        self.signed_attributes
            .iter()
            .flat_map(|set| &set.attributes)
            .filter(move |attribute| attribute.kind == kind)
    }

    /// The unsigned attributes of one kind.
    pub fn unsigned(&self, kind: ObjectIdentifier) -> impl Iterator<Item = &Attribute> {
        self.unsigned_attributes
            .iter()
            .filter(move |attribute| attribute.kind == kind)
    }
}

/// Fields of SignedData (RFC 5652 section 5.1).
fn signed_data(r: &mut Reader<'_>, form: Form) -> Result<SignedData, CmsError> {
    let version = r.small_unsigned()?;
    let digest_algorithms = r.nested(Tag::Set, |r| list(r, "digest algorithms", MAX_SIGNERS, algorithm))?;
    let (content_type, content) = r.sequence(encapsulated)?;
    let (certificates, other_certificates) = optional_set(r, 0, "certificates", MAX_CERTIFICATES)?;
    let (crls, other_revocation_data) = optional_set(r, 1, "revocation lists", MAX_CERTIFICATES)?;
    let responses = other_revocation_data
        .iter()
        .filter_map(|der| revocation_info::response(der));
    let ocsp_responses: Vec<_> = responses.collect();
    let signers = r.nested(Tag::Set, |r| {
        list(r, "signers", MAX_SIGNERS, |r| r.sequence(signer_info))
    })?;
    Ok(SignedData {
        form,
        is_ber: false,
        version,
        digest_algorithms,
        content_type,
        content,
        certificates,
        crls,
        of_other_kinds: other_certificates.len() + other_revocation_data.len() - ocsp_responses.len(),
        ocsp_responses,
        signers,
    })
}

/// EncapsulatedContentInfo (RFC 5652 section 5.2).
fn encapsulated(r: &mut Reader<'_>) -> Result<(ObjectIdentifier, Option<Vec<u8>>), CmsError> {
    let content_type = r.oid()?;
    let content = match r.is_empty() {
        true => None,
        false => Some(r.nested(context(0, true), |r| r.octet_string().map(<[u8]>::to_vec))?),
    };
    Ok((content_type, content))
}

/// Members of a set of certificates or of revocation data: those of X.509, and those of other kinds.
type Members = (Vec<Vec<u8>>, Vec<Vec<u8>>);

/// CertificateSet or RevocationInfoChoices: members that are SEQUENCEs are X.509; those of other kinds have context
/// tags. There is nothing else (RFC 5652 sections 10.2.1 and 10.2.2).
fn optional_set(r: &mut Reader<'_>, number: u32, what: &'static str, limit: usize) -> Result<Members, CmsError> {
    if !r.next_is(context(number, true)) {
        return Ok(Members::default());
    }
    let members = r.nested(context(number, true), |r| {
        list(r, what, limit, |r| {
            let known = r.next_is(Tag::Sequence);
            if !known && !(0..=MAX_CHOICE).any(|choice| r.next_is(context(choice, true))) {
                return Err(CmsError::Value {
                    field: what,
                    found: "something of another type".to_owned(),
                    rule: "its members are SEQUENCEs or have context tags",
                });
            }
            Ok(r.raw().map(|der| (known, der.to_vec()))?)
        })
    })?;
    let (known, of_other_kinds): (Vec<_>, Vec<_>) = members.into_iter().partition(|(known, _)| *known);
    let ders = |members: Vec<(bool, Vec<u8>)>| members.into_iter().map(|(_, der)| der).collect();
    Ok((ders(known), ders(of_other_kinds)))
}

/// SignerInfo (RFC 5652 section 5.3).
fn signer_info(r: &mut Reader<'_>) -> Result<SignerInfo, CmsError> {
    let version = r.small_unsigned()?;
    let identifier = if r.next_is(context(0, false)) {
        SignerIdentifier::KeyIdentifier(r.contents(context(0, false))?.to_vec())
    } else {
        r.sequence::<_, CmsError>(|r| {
            let issuer = r.raw_of(Tag::Sequence)?.to_vec();
            Ok(SignerIdentifier::IssuerAndSerial {
                issuer,
                serial: r.integer_bytes()?.to_vec(),
            })
        })?
    };
    let digest_algorithm = algorithm(r)?;
    let signed_attributes = match r.next_is(context(0, true)) {
        false => None,
        true => {
            let mut signed = r.raw()?.to_vec();
            let attributes = Reader::new(&signed)?.nested(context(0, true), attributes)?;
            if let Some(tag) = signed.first_mut() {
                *tag = crate::asn1::write::SET;
            }
            Some(SignedAttributes { signed, attributes })
        }
    };
    let signature_algorithm = algorithm(r)?;
    let signature = r.octet_string()?.to_vec();
    let unsigned_attributes = match r.next_is(context(1, true)) {
        false => Vec::new(),
        true => r.nested(context(1, true), attributes)?,
    };
    Ok(SignerInfo {
        version,
        identifier,
        digest_algorithm,
        signed_attributes,
        signature_algorithm,
        signature,
        unsigned_attributes,
    })
}

/// Attributes (RFC 5652 section 5.3).
fn attributes(r: &mut Reader<'_>) -> Result<Vec<Attribute>, CmsError> {
    list(r, "attributes", MAX_ATTRIBUTES, |r| {
        r.sequence(|r| {
            let kind = r.oid()?;
            let values = r.nested(Tag::Set, |r| {
                list(r, "attribute values", MAX_ATTRIBUTES, |r| Ok(r.raw()?.to_vec()))
            })?;
            Ok(Attribute { kind, values })
        })
    })
}

/// AlgorithmIdentifier (RFC 5652 section 10.1).
pub(super) fn algorithm(r: &mut Reader<'_>) -> Result<AlgorithmIdentifier, CmsError> {
    let der = r.raw_of(Tag::Sequence)?;
    let oid = read::sequence::<_, der::Error>(der, |r| {
        let oid = r.oid()?;
        if !r.is_empty() {
            r.raw()?;
        }
        Ok(oid)
    })?;
    Ok(AlgorithmIdentifier { oid, der: der.to_vec() })
}

/// Reads members up to the end of the structure, within a budget.
fn list<T>(
    r: &mut Reader<'_>,
    what: &'static str,
    limit: usize,
    mut member: impl FnMut(&mut Reader<'_>) -> Result<T, CmsError>,
) -> Result<Vec<T>, CmsError> {
    let mut members = Vec::new();
    while !r.is_empty() {
        CmsError::budget(what, members.len() + 1, limit)?;
        members.push(member(r)?);
    }
    Ok(members)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::asn1::write::encode;
    use crate::cms::build::Content;
    use crate::cms::testing::identity;
    use crate::crypto::key::Suite;

    fn message() -> Vec<u8> {
        let identity = identity(Suite::International, "signer", None);
        let digest = identity.digest().digest(b"content");
        let stamp = Attribute::single(oid::SIGNATURE_TIME_STAMP_TOKEN, encode(|w| w.sequence(|_| {})));
        identity
            .sign(Form::Pkcs7, Content::Detached(&digest), &[])
            .unwrap()
            .finish(&[stamp])
    }

    #[test]
    fn a_message_of_indefinite_lengths_reads_as_the_same_in_der() {
        let der = message();
        let mut reader = Reader::new(&der).unwrap();
        let contents = reader.contents(Tag::Sequence).unwrap();
        let ber = [&[0x30, 0x80], contents, &[0, 0]].concat();
        let expected = SignedData {
            is_ber: true,
            ..SignedData::parse(&der).unwrap()
        };
        assert_eq!(SignedData::parse(&ber), Ok(expected));
        assert!(SignedData::parse(&[ber.as_slice(), &[0]].concat()).is_err());
    }

    #[test]
    fn another_content_type_is_named() {
        let bytes = encode(|w| {
            w.sequence(|w| {
                w.oid(oid::ID_DATA);
                w.constructed(crate::asn1::write::context(0), |w| w.octet_string(b""));
            });
        });
        let error = SignedData::parse(&bytes).unwrap_err();
        assert_eq!(
            error,
            CmsError::ContentType {
                found: oid::ID_DATA,
                expected: "signedData"
            }
        );
    }

    #[test]
    fn each_budget_is_reached() {
        assert!(matches!(
            SignedData::parse(&vec![0; MAX_MESSAGE_BYTES + 1]),
            Err(CmsError::TooMuch { .. })
        ));
        let good = SignedData::parse(&message()).unwrap();
        for (limit, many) in [
            (MAX_CERTIFICATES, remake(&good, MAX_CERTIFICATES + 1, 1, 1)),
            (MAX_SIGNERS, remake(&good, 1, MAX_SIGNERS + 1, 1)),
            (MAX_ATTRIBUTES, remake(&good, 1, 1, MAX_ATTRIBUTES + 1)),
        ] {
            match SignedData::parse(&many) {
                Err(CmsError::TooMuch { limit: reached, .. }) => assert_eq!(reached, limit),
                other => panic!("{other:?}"),
            }
        }
        assert!(SignedData::parse(&remake(&good, MAX_CERTIFICATES, MAX_SIGNERS, MAX_ATTRIBUTES)).is_ok());
    }

    /// A message that repeats its parts so many times.
    fn remake(message: &SignedData, certificates: usize, signers: usize, attributes: usize) -> Vec<u8> {
        use crate::asn1::write::{SET, context};
        let signer = &message.signers[0];
        let unsigned: Vec<_> = vec![signer.unsigned_attributes[0].to_der(); attributes];
        let signer = encode(|w| {
            w.sequence(|w| {
                w.unsigned(1);
                w.primitive(0x80, b"key");
                w.raw(&signer.digest_algorithm.der);
                w.raw(&signer.signature_algorithm.der);
                w.octet_string(&signer.signature);
                w.set_of(context(1), &unsigned);
            });
        });
        encode(|w| {
            w.sequence(|w| {
                w.oid(oid::ID_SIGNED_DATA);
                w.constructed(context(0), |w| {
                    w.sequence(|w| {
                        w.unsigned(1);
                        w.constructed(SET, |w| w.raw(&message.digest_algorithms[0].der));
                        w.sequence(|w| w.oid(oid::ID_DATA));
                        w.set_of(context(0), &vec![&message.certificates[0]; certificates]);
                        w.set_of(SET, &vec![signer; signers]);
                    });
                });
            });
        })
    }

    #[test]
    fn among_certificates_is_nothing_but_certificates_of_known_kinds() {
        let good = message();
        let certificate = SignedData::parse(&good).unwrap().certificates.remove(0);
        let at = good.windows(certificate.len()).position(|window| window == certificate);
        let with_tag = |tag| {
            let mut changed = good.clone();
            changed[at.unwrap()] = tag;
            SignedData::parse(&changed)
        };
        assert!(matches!(
            with_tag(0x31),
            Err(CmsError::Value {
                field: "certificates",
                ..
            })
        ));
        let other = with_tag(0xa1).unwrap();
        assert_eq!((other.certificates.len(), other.of_other_kinds), (0, 1));
    }

    #[test]
    fn a_message_cut_anywhere_is_refused() {
        let good = message();
        for length in 0..good.len() {
            assert!(SignedData::parse(&good[..length]).is_err());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_bytes_make_the_parser_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64), at in 0usize..600) {
            let _ = SignedData::parse(&bytes);
            let mut damaged = message();
            let at = at.min(damaged.len());
            damaged.splice(at..at, bytes);
            let _ = SignedData::parse(&damaged);
        }
    }
}
