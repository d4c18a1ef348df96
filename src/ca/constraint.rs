//! Name constraints from their text, as people write them in terms: `dns:example.org`, `email:example.org`,
//! `uri:.example.org`, `ip:192.0.2.0/24`, or a directory name with the most specific part first, as names are shown:
//! `O=某市,C=CN` (RFC 5280 section 4.2.1.10).

use core::net::IpAddr;

use der::asn1::ObjectIdentifier;

use crate::asn1::oid;
use crate::problem::{Explain, Problem};
use crate::trust::names::is_constraint;
use crate::x509::{GeneralName, Name, build};

/// A text that is no name constraint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("name constraint \"{text}\": {reason}")]
pub struct ConstraintError {
    /// Where it stands: `permitted` or `excluded`.
    pub field: &'static str,
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl Explain for ConstraintError {
    fn problems(&self) -> Vec<Problem> {
        vec![
            Problem::new("name-constraint-syntax")
                .field(self.field)
                .param("value", &self.text)
                .param("cause", self.reason),
        ]
    }
}

/// Reads the constraints of a field.
pub(super) fn read_all(field: &'static str, texts: &[String]) -> Result<Vec<GeneralName>, ConstraintError> {
    texts.iter().map(|text| read(field, text)).collect()
}

fn read(field: &'static str, text: &str) -> Result<GeneralName, ConstraintError> {
    let wrong = |reason| ConstraintError {
        field,
        text: text.to_owned(),
        reason,
    };
    let (form, rest) = text.split_once(':').unwrap_or(("", text));
    let name = match form {
        "dns" => GeneralName::Dns(rest.to_owned()),
        "email" => GeneralName::Rfc822(rest.to_owned()),
        "uri" => GeneralName::Uri(rest.to_owned()),
        "ip" => GeneralName::Ip(network(rest).ok_or(wrong("it is no address with the length of a prefix"))?),
        _ => GeneralName::Directory(directory(text).map_err(wrong)?),
    };
    match is_constraint(&name) {
        true => Ok(name),
        false => Err(wrong("it does not have the syntax of its form")),
    }
}

/// Address and mask from `192.0.2.0/24` or `2001:db8::/32`.
fn network(text: &str) -> Option<Vec<u8>> {
    let (address, prefix) = text.split_once('/')?;
    let prefix: usize = prefix.parse().ok()?;
    let octets = match address.parse().ok()? {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    };
    let bits = 8 * octets.len();
    let set = |place: usize| prefix.saturating_sub(8 * place).min(8);
    let mask = (0..octets.len()).map(|place| (0xff00_u16 >> set(place)) as u8);
    let mask: Vec<u8> = mask.collect();
    (prefix <= bits).then(|| [octets, mask].concat())
}

fn directory(text: &str) -> Result<Name, &'static str> {
    let mut attributes = Vec::new();
    for part in text.rsplit(',') {
        let (kind, value) = part.split_once('=').ok_or("a part has no \"=\"")?;
        let known = ATTRIBUTES
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(kind.trim()));
        let (_, oid) = known.ok_or("its parts are of other kinds than C, ST, L, O, OU and CN")?;
        attributes.push((*oid, value.trim()));
    }
    build::name(&attributes).map_err(|_| "a part is empty, too long, or has characters that it cannot hold")
}

const ATTRIBUTES: [(&str, ObjectIdentifier); 6] = [
    ("C", oid::COUNTRY_NAME),
    ("ST", oid::STATE_OR_PROVINCE_NAME),
    ("L", oid::LOCALITY_NAME),
    ("O", oid::ORGANIZATION_NAME),
    ("OU", oid::ORGANIZATIONAL_UNIT_NAME),
    ("CN", oid::COMMON_NAME),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        for (text, shown) in [
            ("dns:example.org", "DNS example.org"),
            ("email:.example.org", "e-mail .example.org"),
            ("uri:example.org", "URI example.org"),
            ("ip:192.0.2.128/25", "IP c0000280ffffff80"),
            (
                "ip:2001:db8::/33",
                &format!("IP 20010db8{}ffffffff80{}", "0".repeat(24), "0".repeat(22)),
            ),
            ("O=某市, C=CN", "directory O=某市,C=CN"),
        ] {
            assert_eq!(read("permitted", text).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn what_is_none_is_refused_with_its_reason() {
        for text in [
            "example.org",
            "X=1",
            "O=",
            "dns:.example.org",
            "email:@example.org",
            "uri:https://example.org",
            "ip:192.0.2.1",
            "ip:192.0.2.0/33",
            "ip:x/8",
        ] {
            let error = read_all("excluded", &[text.to_owned()]).unwrap_err();
            let problem = &error.problems()[0];
            assert_eq!(
                (problem.field.as_deref(), &*problem.params["value"]),
                (Some("excluded"), text)
            );
        }
    }
}
