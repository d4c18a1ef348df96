//! Distinguished names, written: one attribute in each relative name (RFC 5280 section 4.1.2.4).

use der::asn1::{ObjectIdentifier, PrintableStringRef};
use x509_parser::prelude::FromDer;
use x509_parser::x509::X509Name;

use super::BuildError;
use crate::asn1::{oid, walk, write};
use crate::x509::{Name, ReadError};

/// Writes a name from its attributes, the most general first. Country and serial number are PrintableString, everything
/// else is UTF8String (RFC 5280 appendix A.1, GB/T 20518).
///
/// # Errors
/// Which attribute is empty, too long, or has characters that it cannot hold.
pub fn name(attributes: &[(ObjectIdentifier, &str)]) -> Result<Name, BuildError> {
    attributes.iter().try_for_each(|(oid, value)| check(*oid, value))?;
    let der = write::encode(|w| {
        w.sequence(|w| {
            for (oid, value) in attributes {
                let tag = if is_printable(*oid) {
                    write::PRINTABLE_STRING
                } else {
                    write::UTF8_STRING
                };
                w.constructed(write::SET, |w| {
                    w.sequence(|w| {
                        w.oid(*oid);
                        w.primitive(tag, value.as_bytes());
                    });
                });
            }
        });
    });
    Ok(Name::from_der(&der)?)
}

/// Most characters that an attribute may have (RFC 5280 appendix A.1).
pub fn upper_bound(oid: &ObjectIdentifier) -> usize {
    match *oid {
        oid::COUNTRY_NAME => 2,
        oid::LOCALITY_NAME | oid::STATE_OR_PROVINCE_NAME => 128,
        // X.520 leaves organizationIdentifier unbounded; the common bound serves.
        _ => 64,
    }
}

fn is_printable(oid: ObjectIdentifier) -> bool {
    oid == oid::COUNTRY_NAME || oid == oid::SERIAL_NUMBER
}

fn check(oid: ObjectIdentifier, value: &str) -> Result<(), BuildError> {
    let characters = value.chars().count();
    let upper_bound = upper_bound(&oid);
    if characters == 0 || characters > upper_bound {
        return Err(BuildError::AttributeLength {
            oid,
            characters,
            upper_bound,
        });
    }
    let country = oid != oid::COUNTRY_NAME || characters == 2 && value.bytes().all(|byte| byte.is_ascii_uppercase());
    let printable = !is_printable(oid) || PrintableStringRef::new(value).is_ok();
    if !country || !printable || value.chars().any(char::is_control) {
        return Err(BuildError::AttributeCharacters {
            oid,
            value: value.to_owned(),
        });
    }
    Ok(())
}

impl Name {
    /// Reads an encoded `Name`, which must be the whole of `der`.
    ///
    /// # Errors
    /// What is malformed.
    pub fn from_der(der: &[u8]) -> Result<Self, ReadError> {
        walk::check(der).map_err(|cause| ReadError::Malformed { what: "name", cause })?;
        let structure = |_| ReadError::Structure {
            what: "name",
            part: "an element is of another type than defined",
        };
        let (_, parsed) = X509Name::from_der(der).map_err(structure)?;
        Self::from_parser(&parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_name_reads_as_it_was_meant() {
        let name = name(&[
            (oid::COUNTRY_NAME, "CN"),
            (oid::ORGANIZATION_NAME, "示例市行政审批局"),
            (oid::COMMON_NAME, "签发 CA, 一"),
        ])
        .unwrap();
        assert_eq!(name.to_string(), "CN=签发 CA\\, 一,O=示例市行政审批局,C=CN");
        assert_eq!(name.organization(), Some("示例市行政审批局"));
    }

    #[test]
    fn an_attribute_over_its_bound_is_refused_with_both_numbers() {
        let long = "长".repeat(65);
        assert_eq!(
            name(&[(oid::COMMON_NAME, &long)]).unwrap_err(),
            BuildError::AttributeLength {
                oid: oid::COMMON_NAME,
                characters: 65,
                upper_bound: 64
            }
        );
    }

    #[test]
    fn a_country_is_two_capital_letters() {
        for wrong in ["cn", "中国", "C1"] {
            assert!(name(&[(oid::COUNTRY_NAME, wrong)]).is_err(), "{wrong}");
        }
    }
}
