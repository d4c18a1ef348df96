//! From the parser's borrowed types to owned ones: the only place, with the readers of the three structures, that names
//! `x509-parser`.
//!
//! The parser skips what it does not expect at the end of a SEQUENCE, so each structure is first walked as DER
//! ([`Frame`]) and its parts counted; extension values are walked too.

mod distribution;
mod extensions;
mod frame;

use der::asn1::ObjectIdentifier;
use x509_parser::asn1_rs::Oid;
use x509_parser::error::X509Error;
use x509_parser::extensions::GeneralName as ParsedName;
use x509_parser::nom;
use x509_parser::prelude::FromDer;

pub(super) use extensions::extensions;
pub(super) use frame::{Frame, whole};

use super::{GeneralName, Name, ReadError};
use crate::asn1::{walk, write};

/// The program's form of an object identifier.
pub(super) fn object_identifier(oid: &Oid<'_>) -> Result<ObjectIdentifier, ReadError> {
    ObjectIdentifier::from_bytes(oid.as_bytes()).map_err(|_| ReadError::ObjectIdentifier {
        oid: oid.to_id_string(),
    })
}

/// The program's form of a general name.
pub(super) fn general_name(name: &ParsedName<'_>) -> Result<GeneralName, ReadError> {
    Ok(match name {
        ParsedName::RFC822Name(text) => GeneralName::Rfc822((*text).to_owned()),
        ParsedName::DNSName(text) => GeneralName::Dns((*text).to_owned()),
        ParsedName::DirectoryName(name) => GeneralName::Directory(Name::from_parser(name)?),
        ParsedName::URI(text) => GeneralName::Uri((*text).to_owned()),
        ParsedName::IPAddress(octets) => GeneralName::Ip(octets.to_vec()),
        ParsedName::OtherName(oid, value) => {
            let mut content = write::Writer::default();
            content.primitive(write::OBJECT_IDENTIFIER, oid.as_bytes());
            content.raw(value);
            GeneralName::Other {
                tag: 0,
                content: content.into_bytes(),
            }
        }
        ParsedName::X400Address(any) => GeneralName::Other {
            tag: 3,
            content: any.data.to_vec(),
        },
        ParsedName::EDIPartyName(any) => GeneralName::Other {
            tag: 5,
            content: any.data.to_vec(),
        },
        ParsedName::RegisteredID(oid) => GeneralName::Other {
            tag: 8,
            content: oid.as_bytes().to_vec(),
        },
        ParsedName::Invalid(tag, content) => GeneralName::Other {
            tag: u8::try_from(tag.0).unwrap_or(u8::MAX),
            content: content.to_vec(),
        },
    })
}

/// The program's form of general names.
pub(super) fn general_names(names: &[ParsedName<'_>]) -> Result<Vec<GeneralName>, ReadError> {
    names.iter().map(general_name).collect()
}

/// A general name that stands by itself.
pub(super) fn alone(der: &[u8]) -> Option<GeneralName> {
    walk::check(der).ok()?;
    let (_, name) = ParsedName::from_der(der).ok()?;
    general_name(&name).ok()
}

/// The directory name of a `certificateIssuer` extension (RFC 5280 section 5.3.3).
pub(super) fn certificate_issuer(value: &[u8]) -> Option<Name> {
    let root = walk::check(value).ok()?;
    walk::children(value, root).find_map(|element| {
        let (_, name) = ParsedName::from_der(element.bytes(value)).ok()?;
        match general_name(&name).ok()? {
            GeneralName::Directory(name) => Some(name),
            _ => None,
        }
    })
}

/// The part of a structure at which the parser stopped, in the standard's words.
pub(super) fn part(error: &nom::Err<X509Error>) -> &'static str {
    let (nom::Err::Error(error) | nom::Err::Failure(error)) = error else {
        return "it ends too early";
    };
    match error {
        X509Error::InvalidVersion => "version",
        X509Error::InvalidSerial => "serialNumber",
        X509Error::InvalidAlgorithmIdentifier => "algorithm",
        X509Error::InvalidX509Name => "name",
        X509Error::InvalidDate => "date",
        X509Error::InvalidSPKI => "subjectPublicKeyInfo",
        X509Error::InvalidExtensions | X509Error::DuplicateExtensions => "extensions",
        X509Error::InvalidAttributes => "attributes",
        X509Error::InvalidSignatureValue => "signatureValue",
        X509Error::InvalidIssuerUID | X509Error::InvalidSubjectUID => "uniqueIdentifier",
        _ => "an element is of another type than defined",
    }
}
