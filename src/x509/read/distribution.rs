//! Distribution points of certificates and of lists (RFC 5280 sections 4.2.1.13 and 5.2.5), read here: the parser
//! passes over names that are relative to an issuer, and over whatever it does not expect behind a name.

use x509_parser::extensions::GeneralName as ParsedName;
use x509_parser::prelude::FromDer;
use x509_parser::x509::AttributeTypeAndValue;

use super::general_name;
use crate::asn1::walk::{self, Element};
use crate::asn1::write::{SEQUENCE, context, context_primitive};
use crate::x509::{
    Attribute, DistributionPoint, DistributionPointName, GeneralName, IssuingDistributionPoint, ReasonFlags,
};

/// `CRLDistributionPoints`; `None` where it is no such value.
pub(super) fn distribution_points(value: &[u8]) -> Option<Vec<DistributionPoint>> {
    let root = walk::check(value).ok().filter(|root| root.tag == SEQUENCE)?;
    let points: Vec<_> = walk::children(value, root)
        .map(|point| distribution_point(value, point))
        .collect::<Option<_>>()?;
    (!points.is_empty()).then_some(points)
}

/// `IssuingDistributionPoint`; `None` where it is no such value.
pub(super) fn issuing_distribution_point(value: &[u8]) -> Option<IssuingDistributionPoint> {
    let root = walk::check(value).ok().filter(|root| root.tag == SEQUENCE)?;
    let mut point = IssuingDistributionPoint::default();
    for field in fields(value, root)? {
        let content = field.value(value);
        match field.tag {
            NAME => point.name = Some(point_name(value, field)?),
            ONLY_USERS => point.only_user_certificates = boolean(content)?,
            ONLY_AUTHORITIES => point.only_ca_certificates = boolean(content)?,
            ONLY_SOME_REASONS => point.only_some_reasons = Some(reasons(content)?),
            INDIRECT => point.indirect = boolean(content)?,
            ONLY_ATTRIBUTES => point.only_attribute_certificates = boolean(content)?,
            _ => return None,
        }
    }
    Some(point)
}

const NAME: u8 = context(0);
const REASONS: u8 = context_primitive(1);
const CRL_ISSUER: u8 = context(2);
const ONLY_USERS: u8 = context_primitive(1);
const ONLY_AUTHORITIES: u8 = context_primitive(2);
const ONLY_SOME_REASONS: u8 = context_primitive(3);
const INDIRECT: u8 = context_primitive(4);
const ONLY_ATTRIBUTES: u8 = context_primitive(5);

fn distribution_point(value: &[u8], element: Element) -> Option<DistributionPoint> {
    if element.tag != SEQUENCE {
        return None;
    }
    let mut point = DistributionPoint {
        name: None,
        reasons: None,
        crl_issuer: Vec::new(),
    };
    for field in fields(value, element)? {
        match field.tag {
            NAME => point.name = Some(point_name(value, field)?),
            REASONS => point.reasons = Some(reasons(field.value(value))?),
            CRL_ISSUER => point.crl_issuer = general_names(value, field)?,
            _ => return None,
        }
    }
    Some(point)
}

/// The fields of a SEQUENCE of optional ones: each once, in the order of their tag numbers.
fn fields(value: &[u8], element: Element) -> Option<Vec<Element>> {
    let fields: Vec<Element> = walk::children(value, element).collect();
    let number = |field: &Element| field.tag & 0x1f;
    fields
        .is_sorted_by(|one, next| number(one) < number(next))
        .then_some(fields)
}

/// `DistributionPointName`, a CHOICE and so inside of an explicit tag.
fn point_name(value: &[u8], field: Element) -> Option<DistributionPointName> {
    let mut choices = walk::children(value, field);
    let (choice, None) = (choices.next()?, choices.next()) else {
        return None;
    };
    match choice.tag {
        tag if tag == context(0) => Some(DistributionPointName::Full(general_names(value, choice)?)),
        tag if tag == context(1) => {
            let attributes = walk::children(value, choice).map(|attribute| {
                let (_, attribute) = AttributeTypeAndValue::from_der(attribute.bytes(value)).ok()?;
                Attribute::from_parser(&attribute).ok()
            });
            let attributes: Vec<Attribute> = attributes.collect::<Option<_>>()?;
            (!attributes.is_empty()).then_some(DistributionPointName::RelativeToIssuer(attributes))
        }
        _ => None,
    }
}

/// `GeneralNames` under an implicit tag: at least one.
fn general_names(value: &[u8], field: Element) -> Option<Vec<GeneralName>> {
    let names = walk::children(value, field).map(|name| {
        let (_, name) = ParsedName::from_der(name.bytes(value)).ok()?;
        general_name(&name).ok()
    });
    let names: Vec<GeneralName> = names.collect::<Option<_>>()?;
    (!names.is_empty()).then_some(names)
}

fn boolean(content: &[u8]) -> Option<bool> {
    match content {
        [0] => Some(false),
        [0xff] => Some(true),
        _ => None,
    }
}

/// `ReasonFlags`: the named bits of a BIT STRING, the first one highest.
fn reasons(content: &[u8]) -> Option<ReasonFlags> {
    let (unused, octets) = content.split_first()?;
    if *unused > 7 || octets.is_empty() && *unused > 0 {
        return None;
    }
    let octet = |at: usize| octets.get(at).map_or(0, |octet| u16::from(octet.reverse_bits()));
    Some(ReasonFlags(octet(0) | octet(1) << 8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::write;

    fn relative() -> Vec<u8> {
        // DistributionPoint { [0] { [1] { SEQUENCE { commonName, "a" } } } }
        let attribute = b"\x30\x08\x06\x03\x55\x04\x03\x0c\x01a";
        let point = write::encode(|w| {
            w.sequence(|w| {
                w.constructed(context(0), |w| w.constructed(context(1), |w| w.raw(attribute)));
            });
        });
        write::encode(|w| w.sequence(|w| w.raw(&point)))
    }

    #[test]
    fn a_name_relative_to_the_issuer_is_read() {
        let points = distribution_points(&relative()).unwrap();
        let Some(DistributionPointName::RelativeToIssuer(attributes)) = &points[0].name else {
            panic!("{points:?}");
        };
        assert_eq!(attributes[0].text(), Some("a"));
    }

    #[test]
    fn fields_that_are_unknown_twice_or_out_of_order_are_refused() {
        let point = |fields: &[&[u8]]| write::encode(|w| w.sequence(|w| fields.iter().for_each(|field| w.raw(field))));
        let (users, indirect): (&[u8], &[u8]) = (b"\x81\x01\xff", b"\x84\x01\xff");
        assert!(issuing_distribution_point(&point(&[users, indirect])).is_some());
        for bad in [
            &[indirect, users][..],
            &[users, users],
            &[b"\x86\x01\xff"],
            &[b"\x81\x01\x01"],
            &[b"\xa0\x00"],
        ] {
            assert_eq!(issuing_distribution_point(&point(bad)), None, "{bad:02x?}");
        }
    }

    #[test]
    fn reasons_are_numbered_from_the_highest_bit() {
        assert_eq!(reasons(&[5, 0x60]), Some(ReasonFlags(0b110)));
        assert_eq!(reasons(&[7, 0, 0x80]), Some(ReasonFlags(1 << 8)));
    }
}
