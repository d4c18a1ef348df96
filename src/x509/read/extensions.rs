//! Extensions from the parser's view to [`Extensions`].

use x509_parser::extensions as parsed;
use x509_parser::extensions::{ParsedExtension, X509Extension};

use super::distribution::{distribution_points, issuing_distribution_point};
use super::{general_name, general_names, object_identifier};
use crate::asn1::{oid, read, walk};
use crate::x509::{
    AccessDescription, AuthorityKeyIdentifier, BasicConstraints, Extension, Extensions, KeyUsage, NameConstraints,
    PolicyConstraints, PolicyMapping, ReadError, SerialNumber, UnknownExtension,
};

/// Reads every extension of a certificate, list or request.
pub(in crate::x509) fn extensions(parsed: &[X509Extension<'_>]) -> Result<Extensions, ReadError> {
    let mut read = Extensions::default();
    for extension in parsed {
        add(&mut read, extension)?;
    }
    Ok(read)
}

fn add(to: &mut Extensions, from: &X509Extension<'_>) -> Result<(), ReadError> {
    let unreadable = || ReadError::Extension {
        oid: from.oid.to_id_string(),
    };
    let critical = from.critical;
    let place = Place { from };
    if from.oid.as_bytes() == oid::CRL_DISTRIBUTION_POINTS.as_bytes() {
        let points = distribution_points(from.value).ok_or_else(unreadable)?;
        return place.put(&mut to.crl_distribution_points, points);
    }
    if from.oid.as_bytes() == oid::ISSUING_DISTRIBUTION_POINT.as_bytes() {
        let point = issuing_distribution_point(from.value).ok_or_else(unreadable)?;
        return place.put(&mut to.issuing_distribution_point, point);
    }
    if from.oid.as_bytes() == oid::FRESHEST_CRL.as_bytes() {
        let points = distribution_points(from.value).ok_or_else(unreadable)?;
        return place.put(&mut to.freshest_crl, points);
    }
    match from.parsed_extension() {
        ParsedExtension::AuthorityKeyIdentifier(value) => {
            place.put(&mut to.authority_key_identifier, authority_key_identifier(value)?)
        }
        ParsedExtension::SubjectKeyIdentifier(value) => place.put(&mut to.subject_key_identifier, value.0.to_vec()),
        ParsedExtension::KeyUsage(value) => place.put(&mut to.key_usage, KeyUsage::from_bits(value.flags)),
        ParsedExtension::CertificatePolicies(value) => {
            let policies = value
                .iter()
                .map(|policy| object_identifier(&policy.policy_id))
                .collect::<Result<_, _>>()?;
            place.put(&mut to.certificate_policies, policies)
        }
        ParsedExtension::PolicyMappings(value) => {
            let mappings = value.mappings.iter().map(policy_mapping).collect::<Result<_, _>>()?;
            place.put(&mut to.policy_mappings, mappings)
        }
        ParsedExtension::SubjectAlternativeName(value) => {
            place.put(&mut to.subject_alt_name, general_names(&value.general_names)?)
        }
        ParsedExtension::BasicConstraints(value) => {
            let value = BasicConstraints {
                ca: value.ca,
                path_length: value.path_len_constraint,
            };
            place.put(&mut to.basic_constraints, value)
        }
        ParsedExtension::NameConstraints(value) if subtrees_are_bases(from.value) => {
            place.put(&mut to.name_constraints, name_constraints(value)?)
        }
        ParsedExtension::NameConstraints(_) => Err(unreadable()),
        ParsedExtension::PolicyConstraints(value) => {
            let value = PolicyConstraints {
                require_explicit_policy: value.require_explicit_policy,
                inhibit_policy_mapping: value.inhibit_policy_mapping,
            };
            place.put(&mut to.policy_constraints, value)
        }
        ParsedExtension::ExtendedKeyUsage(_) => place.put(&mut to.ext_key_usage, purposes(from.value)?),
        ParsedExtension::InhibitAnyPolicy(value) => place.put(&mut to.inhibit_any_policy, value.skip_certs),
        ParsedExtension::AuthorityInfoAccess(value) => {
            place.put(&mut to.authority_info_access, access_descriptions(&value.accessdescs)?)
        }
        ParsedExtension::SubjectInfoAccess(value) => {
            place.put(&mut to.subject_info_access, access_descriptions(&value.accessdescs)?)
        }
        ParsedExtension::CRLNumber(_) => place.put(&mut to.crl_number, integer(from.value).ok_or_else(unreadable)?),
        ParsedExtension::ParseError { .. } => Err(unreadable()),
        _ if from.oid.as_bytes() == oid::CREDIT_CODE.as_bytes() => {
            place.put(&mut to.credit_code, text(from.value).ok_or_else(unreadable)?)
        }
        _ if from.oid.as_bytes() == oid::LICENCE_TYPES.as_bytes() => {
            place.put(&mut to.licence_types, texts(from.value).ok_or_else(unreadable)?)
        }
        _ if from.oid.as_bytes() == oid::DELTA_CRL_INDICATOR.as_bytes() => {
            place.put(&mut to.delta_crl_indicator, integer(from.value).ok_or_else(unreadable)?)
        }
        _ => {
            let oid = from.oid.to_id_string();
            if to.unknown.iter().any(|other| other.oid == oid) {
                return Err(ReadError::DuplicateExtension { oid });
            }
            to.unknown.push(UnknownExtension {
                oid,
                critical,
                value: from.value.to_vec(),
            });
            Ok(())
        }
    }
}

/// The extension being read: puts its value where it belongs, once.
struct Place<'a> {
    from: &'a X509Extension<'a>,
}

impl Place<'_> {
    fn put<T>(&self, slot: &mut Option<Extension<T>>, value: T) -> Result<(), ReadError> {
        // The parser passes over what trails the value inside its OCTET STRING.
        walk::check(self.from.value).map_err(|_| ReadError::Extension {
            oid: self.from.oid.to_id_string(),
        })?;
        // RFC 5280 section 4.2: not more than one instance of an extension.
        match slot.replace(Extension {
            critical: self.from.critical,
            value,
        }) {
            None => Ok(()),
            Some(_) => Err(ReadError::DuplicateExtension {
                oid: self.from.oid.to_id_string(),
            }),
        }
    }
}

fn authority_key_identifier(value: &parsed::AuthorityKeyIdentifier<'_>) -> Result<AuthorityKeyIdentifier, ReadError> {
    Ok(AuthorityKeyIdentifier {
        key_identifier: value.key_identifier.as_ref().map(|identifier| identifier.0.to_vec()),
        issuer: general_names(value.authority_cert_issuer.as_deref().unwrap_or_default())?,
        serial: value.authority_cert_serial.map(SerialNumber::from_content),
    })
}

fn policy_mapping(mapping: &parsed::PolicyMapping<'_>) -> Result<PolicyMapping, ReadError> {
    Ok(PolicyMapping {
        issuer_domain: object_identifier(&mapping.issuer_domain_policy)?,
        subject_domain: object_identifier(&mapping.subject_domain_policy)?,
    })
}

/// Whether every `GeneralSubtree` is its base alone: minimum is zero and so absent in DER, and maximum is not used
/// (RFC 5280 section 4.2.1.10). The parser passes over both.
fn subtrees_are_bases(value: &[u8]) -> bool {
    let Ok(root) = walk::check(value) else { return false };
    walk::children(value, root)
        .flat_map(|subtrees| walk::children(value, subtrees))
        .all(|subtree| walk::children(value, subtree).count() == 1)
}

fn name_constraints(value: &parsed::NameConstraints<'_>) -> Result<NameConstraints, ReadError> {
    let bases = |subtrees: &Option<Vec<parsed::GeneralSubtree<'_>>>| {
        subtrees
            .iter()
            .flatten()
            .map(|subtree| general_name(&subtree.base))
            .collect::<Result<Vec<_>, _>>()
    };
    Ok(NameConstraints {
        permitted: bases(&value.permitted_subtrees)?,
        excluded: bases(&value.excluded_subtrees)?,
    })
}

/// `ExtKeyUsageSyntax`. The parser sorts known purposes into flags and loses their order, so it is read again.
/// A purpose with an arc over 32 bits is passed over: it cannot be one that anybody here asks for, and the list stays a
/// restriction.
fn purposes(value: &[u8]) -> Result<Vec<der::asn1::ObjectIdentifier>, ReadError> {
    let unreadable = |_| ReadError::Extension {
        oid: oid::EXT_KEY_USAGE.to_string(),
    };
    let root = walk::check(value).map_err(unreadable)?;
    let found = walk::children(value, root);
    Ok(found
        .filter_map(|purpose| der::asn1::ObjectIdentifier::from_bytes(purpose.value(value)).ok())
        .collect())
}

fn access_descriptions(descriptions: &[parsed::AccessDescription<'_>]) -> Result<Vec<AccessDescription>, ReadError> {
    descriptions.iter().map(access_description).collect()
}

fn access_description(description: &parsed::AccessDescription<'_>) -> Result<AccessDescription, ReadError> {
    Ok(AccessDescription {
        method: object_identifier(&description.access_method)?,
        location: general_name(&description.access_location)?,
    })
}

/// Content octets of an INTEGER that is the whole value.
fn integer(value: &[u8]) -> Option<Vec<u8>> {
    let mut reader = read::Reader::new(value).ok()?;
    let octets = reader.integer_bytes().ok()?.to_vec();
    reader.finish().ok()?;
    Some(octets)
}

/// GM/T 0015 gives the identity extensions as PrintableString; UTF8String occurs too.
fn text(value: &[u8]) -> Option<String> {
    let mut reader = read::Reader::new(value).ok()?;
    let tag = if reader.next_is(der::Tag::Utf8String) {
        der::Tag::Utf8String
    } else {
        der::Tag::PrintableString
    };
    let text = reader.string(tag).ok()?.to_owned();
    reader.finish().ok()?;
    Some(text)
}

/// A `SEQUENCE OF PrintableString`.
fn texts(value: &[u8]) -> Option<Vec<String>> {
    let mut reader = read::Reader::new(value).ok()?;
    let texts = reader.sequence(|sequence| {
        let mut texts = Vec::new();
        while !sequence.is_empty() {
            texts.push(sequence.string(der::Tag::PrintableString)?.to_owned());
        }
        Ok::<_, der::Error>(texts)
    });
    reader.finish().ok()?;
    texts.ok()
}
