//! General names and distribution points, written (RFC 5280 sections 4.2.1.6 and 4.2.1.13).

use der::asn1::{Any, Ia5String, OctetString, SetOfVec};
use der::flagset::FlagSet;
use der::{Decode, Tag};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::ext::pkix::crl::dp::{
    DistributionPoint as WrittenPoint, IssuingDistributionPoint as WrittenIssuingPoint, ReasonFlags as WrittenReasons,
};
use x509_cert::ext::pkix::name::{DistributionPointName as WrittenPointName, GeneralName as WrittenName};
use x509_cert::name::RelativeDistinguishedName;

use super::BuildError;
use crate::x509::{
    Attribute, AttributeValue, DistributionPoint, DistributionPointName, GeneralName, IssuingDistributionPoint,
    ReasonFlags,
};

pub(super) fn general_names(names: &[GeneralName]) -> Result<Vec<WrittenName>, BuildError> {
    names.iter().map(general_name).collect()
}

pub(super) fn general_name(name: &GeneralName) -> Result<WrittenName, BuildError> {
    let ia5 = |text: &str| Ia5String::new(text).map_err(|_| BuildError::GeneralName);
    Ok(match name {
        GeneralName::Rfc822(text) => WrittenName::Rfc822Name(ia5(text)?),
        GeneralName::Dns(text) => WrittenName::DnsName(ia5(text)?),
        GeneralName::Directory(name) => WrittenName::DirectoryName(x509_cert::name::Name::from_der(name.der())?),
        GeneralName::Uri(text) => WrittenName::UniformResourceIdentifier(ia5(text)?),
        GeneralName::Ip(octets) => WrittenName::IpAddress(OctetString::new(octets.as_slice())?),
        GeneralName::Other { .. } => return Err(BuildError::GeneralName),
    })
}

pub(super) fn distribution_point(point: &DistributionPoint) -> Result<WrittenPoint, BuildError> {
    Ok(WrittenPoint {
        distribution_point: point.name.as_ref().map(point_name).transpose()?,
        reasons: point.reasons.map(reasons),
        crl_issuer: if point.crl_issuer.is_empty() {
            None
        } else {
            Some(general_names(&point.crl_issuer)?)
        },
    })
}

pub(super) fn issuing_distribution_point(point: &IssuingDistributionPoint) -> Result<WrittenIssuingPoint, BuildError> {
    Ok(WrittenIssuingPoint {
        distribution_point: point.name.as_ref().map(point_name).transpose()?,
        only_contains_user_certs: point.only_user_certificates,
        only_contains_ca_certs: point.only_ca_certificates,
        only_some_reasons: point.only_some_reasons.map(reasons),
        indirect_crl: point.indirect,
        only_contains_attribute_certs: point.only_attribute_certificates,
    })
}

fn point_name(name: &DistributionPointName) -> Result<WrittenPointName, BuildError> {
    match name {
        DistributionPointName::Full(names) => Ok(WrittenPointName::FullName(general_names(names)?)),
        DistributionPointName::RelativeToIssuer(attributes) => {
            let set = attributes.iter().map(attribute).collect::<Result<Vec<_>, _>>()?;
            let name = RelativeDistinguishedName::from(SetOfVec::try_from(set)?);
            Ok(WrittenPointName::NameRelativeToCRLIssuer(name))
        }
    }
}

fn attribute(attribute: &Attribute) -> Result<AttributeTypeAndValue, BuildError> {
    let value = match &attribute.value {
        AttributeValue::Text(text) => Any::new(Tag::Utf8String, text.as_bytes())?,
        AttributeValue::Other(..) => return Err(BuildError::GeneralName),
    };
    Ok(AttributeTypeAndValue {
        oid: attribute.oid,
        value,
    })
}

fn reasons(flags: ReasonFlags) -> WrittenReasons {
    FlagSet::new_truncated(flags.0)
}
