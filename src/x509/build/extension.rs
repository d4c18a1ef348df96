//! Extensions, written from the same owned values that reading gives (RFC 5280 sections 4.2 and 5.2).

use der::Encode;
use der::asn1::{ObjectIdentifier, OctetString, PrintableStringRef, UintRef};
use der::flagset::FlagSet;
use x509_cert::ext::Extension as Written;
use x509_cert::ext::pkix::constraints::name::GeneralSubtree;
use x509_cert::ext::pkix::{
    AccessDescription as WrittenAccess, AuthorityKeyIdentifier as WrittenAuthority, BasicConstraints as WrittenBasic,
    KeyUsage as WrittenKeyUsage, NameConstraints as WrittenNameConstraints, PolicyConstraints as WrittenPolicy,
    PolicyMapping as WrittenMapping, PolicyMappings as WrittenMappings, certpolicy::PolicyInformation,
};
use x509_cert::serial_number::SerialNumber as WrittenSerial;

use super::BuildError;
use super::general_name::{distribution_point, general_name, general_names, issuing_distribution_point};
use crate::asn1::oid;
use crate::x509::{
    AccessDescription, AuthorityKeyIdentifier, BasicConstraints, DistributionPoint, Extension, Extensions, GeneralName,
    KeyUsage, NameConstraints, PolicyMapping,
};

/// Every extension that is present, in a fixed order.
pub(super) fn extensions(from: &Extensions) -> Result<Vec<Written>, BuildError> {
    let mut list = List(Vec::new());
    list.add(
        oid::AUTHORITY_KEY_IDENTIFIER,
        &from.authority_key_identifier,
        authority_key_identifier,
    )?;
    list.add(oid::SUBJECT_KEY_IDENTIFIER, &from.subject_key_identifier, |octets| {
        octet_string(octets)?.der()
    })?;
    list.add(oid::KEY_USAGE, &from.key_usage, key_usage)?;
    list.add(oid::CERTIFICATE_POLICIES, &from.certificate_policies, |policies| {
        certificate_policies(policies).der()
    })?;
    list.add(oid::POLICY_MAPPINGS, &from.policy_mappings, |mappings| {
        policy_mappings(mappings).der()
    })?;
    list.add(oid::SUBJECT_ALT_NAME, &from.subject_alt_name, |names| {
        general_names(names)?.der()
    })?;
    list.add(oid::BASIC_CONSTRAINTS, &from.basic_constraints, basic_constraints)?;
    list.add(oid::NAME_CONSTRAINTS, &from.name_constraints, name_constraints)?;
    list.add(oid::POLICY_CONSTRAINTS, &from.policy_constraints, |value| {
        let inhibit_policy_mapping = value.inhibit_policy_mapping;
        WrittenPolicy {
            require_explicit_policy: value.require_explicit_policy,
            inhibit_policy_mapping,
        }
        .der()
    })?;
    list.add(oid::EXT_KEY_USAGE, &from.ext_key_usage, Der::der)?;
    list.add(oid::CRL_DISTRIBUTION_POINTS, &from.crl_distribution_points, |points| {
        distribution_points(points)
    })?;
    list.add(oid::INHIBIT_ANY_POLICY, &from.inhibit_any_policy, Der::der)?;
    list.add(oid::FRESHEST_CRL, &from.freshest_crl, |points| {
        distribution_points(points)
    })?;
    list.add(oid::AUTHORITY_INFO_ACCESS, &from.authority_info_access, |access| {
        access_descriptions(access)
    })?;
    list.add(oid::SUBJECT_INFO_ACCESS, &from.subject_info_access, |access| {
        access_descriptions(access)
    })?;
    list.add(oid::CREDIT_CODE, &from.credit_code, |code| {
        PrintableStringRef::new(code)?.der()
    })?;
    list.add(oid::LICENCE_TYPES, &from.licence_types, |types| {
        let types: Result<Vec<_>, _> = types.iter().map(PrintableStringRef::new).collect();
        types?.der()
    })?;
    list.add(oid::CRL_NUMBER, &from.crl_number, |number| UintRef::new(number)?.der())?;
    list.add(oid::DELTA_CRL_INDICATOR, &from.delta_crl_indicator, |number| {
        UintRef::new(number)?.der()
    })?;
    list.add(
        oid::ISSUING_DISTRIBUTION_POINT,
        &from.issuing_distribution_point,
        |point| issuing_distribution_point(point)?.der(),
    )?;
    for unknown in &from.unknown {
        let extn_id = ObjectIdentifier::new(&unknown.oid).map_err(der::Error::from)?;
        list.0.push(Written {
            extn_id,
            critical: unknown.critical,
            extn_value: octet_string(&unknown.value)?,
        });
    }
    Ok(list.0)
}

struct List(Vec<Written>);

impl List {
    fn add<T>(
        &mut self,
        oid: ObjectIdentifier,
        from: &Option<Extension<T>>,
        encode: impl FnOnce(&T) -> Result<Vec<u8>, BuildError>,
    ) -> Result<(), BuildError> {
        if let Some(extension) = from {
            let extn_value = octet_string(&encode(&extension.value)?)?;
            self.0.push(Written {
                extn_id: oid,
                critical: extension.critical,
                extn_value,
            });
        }
        Ok(())
    }
}

/// Encoding with this module's error.
trait Der: Encode {
    fn der(&self) -> Result<Vec<u8>, BuildError> {
        Ok(self.to_der()?)
    }
}

impl<T: Encode> Der for T {}

fn octet_string(octets: &[u8]) -> Result<OctetString, BuildError> {
    Ok(OctetString::new(octets)?)
}

fn distribution_points(points: &[DistributionPoint]) -> Result<Vec<u8>, BuildError> {
    points
        .iter()
        .map(distribution_point)
        .collect::<Result<Vec<_>, _>>()?
        .der()
}

fn access_descriptions(descriptions: &[AccessDescription]) -> Result<Vec<u8>, BuildError> {
    let written = |from: &AccessDescription| -> Result<WrittenAccess, BuildError> {
        let access_location = general_name(&from.location)?;
        Ok(WrittenAccess {
            access_method: from.method,
            access_location,
        })
    };
    descriptions.iter().map(written).collect::<Result<Vec<_>, _>>()?.der()
}

fn authority_key_identifier(from: &AuthorityKeyIdentifier) -> Result<Vec<u8>, BuildError> {
    let serial = from
        .serial
        .as_ref()
        .map(|serial| WrittenSerial::new(serial.as_bytes()))
        .transpose()?;
    WrittenAuthority {
        key_identifier: from.key_identifier.as_deref().map(octet_string).transpose()?,
        authority_cert_issuer: if from.issuer.is_empty() {
            None
        } else {
            Some(general_names(&from.issuer)?)
        },
        authority_cert_serial_number: serial,
    }
    .der()
}

fn key_usage(from: &KeyUsage) -> Result<Vec<u8>, BuildError> {
    WrittenKeyUsage(FlagSet::new_truncated(from.bits())).der()
}

fn certificate_policies(policies: &[ObjectIdentifier]) -> Vec<PolicyInformation> {
    policies
        .iter()
        .map(|policy| PolicyInformation {
            policy_identifier: *policy,
            policy_qualifiers: None,
        })
        .collect()
}

fn policy_mappings(mappings: &[PolicyMapping]) -> WrittenMappings {
    let written = mappings.iter().map(|mapping| WrittenMapping {
        issuer_domain_policy: mapping.issuer_domain,
        subject_domain_policy: mapping.subject_domain,
    });
    WrittenMappings(written.collect())
}

fn basic_constraints(from: &BasicConstraints) -> Result<Vec<u8>, BuildError> {
    let path_length = |length: u32| u8::try_from(length).map_err(|_| BuildError::PathLength(length));
    WrittenBasic {
        ca: from.ca,
        path_len_constraint: from.path_length.map(path_length).transpose()?,
    }
    .der()
}

fn name_constraints(from: &NameConstraints) -> Result<Vec<u8>, BuildError> {
    let subtrees = |bases: &[GeneralName]| -> Result<Option<Vec<GeneralSubtree>>, BuildError> {
        let subtree = |base| {
            Ok(GeneralSubtree {
                base: general_name(base)?,
                minimum: 0,
                maximum: None,
            })
        };
        let list = bases.iter().map(subtree).collect::<Result<Vec<_>, BuildError>>()?;
        Ok(if list.is_empty() { None } else { Some(list) })
    };
    WrittenNameConstraints {
        permitted_subtrees: subtrees(&from.permitted)?,
        excluded_subtrees: subtrees(&from.excluded)?,
    }
    .der()
}
