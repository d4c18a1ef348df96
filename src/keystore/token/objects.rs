//! The objects that a key pair is on a token: made, found, and the public half read (PKCS#11 3.0 sections 4.7 to 4.9;
//! the mechanisms' own part, sections 2.1 and 2.3).

use cryptoki::error::Error;
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;
use cryptoki::types::Ulong;
use der::asn1::{ObjectIdentifier, OctetStringRef};
use der::{Decode, Encode};

use super::{TokenAddress, TokenError};
use crate::asn1::{oid, write};
use crate::crypto::PublicKey;

/// What a key that is made on a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKeyAlgorithm {
    /// ECDSA on P-256.
    P256,
    /// ECDSA on P-384.
    P384,
    /// RSA with a modulus of so many bits.
    Rsa {
        /// 2048, 3072 or 4096.
        bits: u32,
    },
}

impl TokenKeyAlgorithm {
    /// The names of all.
    pub const NAMES: [&str; 5] = ["p-256", "p-384", "rsa-2048", "rsa-3072", "rsa-4096"];

    /// The algorithm of that name: `p-256`, `rsa-3072`.
    ///
    /// # Errors
    /// Where keys of that algorithm are not made on tokens.
    pub fn from_name(name: &str) -> Result<Self, TokenError> {
        match name {
            "p-256" => Ok(Self::P256),
            "p-384" => Ok(Self::P384),
            "rsa-2048" => Ok(Self::Rsa { bits: 2048 }),
            "rsa-3072" => Ok(Self::Rsa { bits: 3072 }),
            "rsa-4096" => Ok(Self::Rsa { bits: 4096 }),
            other => Err(TokenError::Algorithm(other.to_owned())),
        }
    }
}

/// Makes a pair that stays on the token: the private half can be neither read nor taken out.
pub(super) fn generate(
    session: &Session,
    algorithm: TokenKeyAlgorithm,
    label: &str,
    id: &[u8],
) -> Result<ObjectHandle, Error> {
    let curve = |curve: ObjectIdentifier| {
        (
            Mechanism::EccKeyPairGen,
            vec![Attribute::EcParams(write::encode(|w| w.oid(curve)))],
        )
    };
    let (mechanism, parameters) = match algorithm {
        TokenKeyAlgorithm::P256 => curve(oid::SECP256R1),
        TokenKeyAlgorithm::P384 => curve(oid::SECP384R1),
        TokenKeyAlgorithm::Rsa { bits } => (
            Mechanism::RsaPkcsKeyPairGen,
            vec![
                Attribute::ModulusBits(Ulong::from(u64::from(bits))),
                Attribute::PublicExponent(vec![1, 0, 1]),
            ],
        ),
    };
    let named = [
        Attribute::Token(true),
        Attribute::Label(label.as_bytes().to_vec()),
        Attribute::Id(id.to_vec()),
    ];
    let public = [
        &named[..],
        &parameters,
        &[Attribute::Private(false), Attribute::Verify(true)],
    ]
    .concat();
    let private = [
        &named[..],
        &[
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Sign(true),
        ],
    ]
    .concat();
    let (_, handle) = session.generate_key_pair(&mechanism, &public, &private)?;
    Ok(handle)
}

/// The private keys of that label, and id where one is given.
pub(super) fn private_keys(session: &Session, address: &TokenAddress) -> Result<Vec<ObjectHandle>, Error> {
    session.find_objects(&template(ObjectClass::PRIVATE_KEY, address))
}

/// The attributes of the public half; an empty list where there is none.
pub(super) fn public_attributes(session: &Session, address: &TokenAddress) -> Result<Vec<Attribute>, Error> {
    let wanted = [
        AttributeType::KeyType,
        AttributeType::EcParams,
        AttributeType::EcPoint,
        AttributeType::Modulus,
        AttributeType::PublicExponent,
    ];
    match session
        .find_objects(&template(ObjectClass::PUBLIC_KEY, address))?
        .first()
    {
        Some(handle) => session.get_attributes(*handle, &wanted),
        None => Ok(Vec::new()),
    }
}

fn template(class: ObjectClass, address: &TokenAddress) -> Vec<Attribute> {
    let label = Attribute::Label(address.label.as_bytes().to_vec());
    let mut template = vec![Attribute::Class(class), Attribute::Token(true), label];
    template.extend(address.id.clone().map(Attribute::Id));
    template
}

/// The `SubjectPublicKeyInfo` that the attributes say (RFC 5480 section 2, RFC 8017 appendix A.1).
pub(super) fn public_key(address: &TokenAddress, attributes: &[Attribute]) -> Result<PublicKey, TokenError> {
    let refused = |reason: String| TokenError::PublicKey {
        label: address.label.clone(),
        reason,
    };
    let spki = match key_type(attributes) {
        None => return Err(refused("it is not on the token".to_owned())),
        Some(KeyType::EC) => ec_spki(attributes),
        Some(KeyType::RSA) => rsa_spki(attributes),
        Some(other) => return Err(refused(format!("its type is {other}"))),
    };
    let spki = spki.ok_or_else(|| refused("its attributes are not those of its type".to_owned()))?;
    let key = PublicKey::from_spki(&spki).map_err(|error| refused(error.to_string()))?;
    if key.kind().is_trusted() {
        Ok(key)
    } else {
        Err(refused(format!("{} is too short", key.kind())))
    }
}

fn key_type(attributes: &[Attribute]) -> Option<KeyType> {
    attributes.iter().find_map(|attribute| match attribute {
        Attribute::KeyType(found) => Some(*found),
        _ => None,
    })
}

fn ec_spki(attributes: &[Attribute]) -> Option<Vec<u8>> {
    let find = |choose: fn(&Attribute) -> Option<&Vec<u8>>| attributes.iter().find_map(choose);
    let curve = find(|attribute| match attribute {
        Attribute::EcParams(curve) => Some(curve),
        _ => None,
    })?;
    let point = find(|attribute| match attribute {
        Attribute::EcPoint(point) => Some(point),
        _ => None,
    })?;
    // The point stands in an OCTET STRING (section 2.3.3); some libraries leave it bare.
    let point = <&OctetStringRef>::from_der(point).map_or(point.as_slice(), OctetStringRef::as_bytes);
    Some(write::encode(|w| {
        w.sequence(|w| {
            w.sequence(|w| {
                w.oid(oid::ID_EC_PUBLIC_KEY);
                w.raw(curve);
            });
            w.bit_string(point);
        });
    }))
}

fn rsa_spki(attributes: &[Attribute]) -> Option<Vec<u8>> {
    let find = |choose: fn(&Attribute) -> Option<&Vec<u8>>| attributes.iter().find_map(choose);
    let modulus = find(|attribute| match attribute {
        Attribute::Modulus(modulus) => Some(modulus),
        _ => None,
    })?;
    let exponent = find(|attribute| match attribute {
        Attribute::PublicExponent(exponent) => Some(exponent),
        _ => None,
    })?;
    let key = write::encode(|w| {
        w.sequence(|w| {
            w.unsigned_bytes(modulus);
            w.unsigned_bytes(exponent);
        });
    });
    let null = der::asn1::Null.to_der().ok()?;
    Some(write::encode(|w| {
        w.sequence(|w| {
            w.sequence(|w| {
                w.oid(oid::RSA_ENCRYPTION);
                w.raw(&null);
            });
            w.bit_string(&key);
        });
    }))
}
