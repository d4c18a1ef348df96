//! The name that whoever asks expects of the target (RFC 9525 section 6, RFC 5280 section 4.2.1.6).

use core::net::IpAddr;
use std::fmt;

use super::{dns, email};
use crate::asn1::oid;
use crate::x509::{Certificate, GeneralName};

/// A name that the target must have. Only `subjectAltName` counts, beside the e-mail address in old subjects: a common
/// name is not the name of a host (RFC 9525 section 2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpectedName {
    /// A host, by its name.
    Dns(String),
    /// An e-mail address.
    Email(String),
    /// A host, by its address.
    Ip(IpAddr),
}

impl ExpectedName {
    /// Whether the certificate has the name.
    pub(in crate::trust) fn is_name_of(&self, certificate: &Certificate) -> bool {
        let alternatives = certificate.extensions().subject_alt_name.as_ref();
        let mut names = alternatives.iter().flat_map(|names| &names.value);
        match self {
            Self::Dns(host) => {
                dns::is_host(host)
                    && names.any(|name| {
                        matches!(name, GeneralName::Dns(own) if dns::is_presented(own) && dns::names_host(own, host))
                    })
            }
            Self::Email(address) => {
                let same = |own: (&str, &str), wanted: (&str, &str)| {
                    own.0 == wanted.0 && own.1.eq_ignore_ascii_case(wanted.1)
                };
                if let Some(wanted) = email::utf8_parts(address) {
                    let mut mailboxes = names.filter_map(GeneralName::utf8_mailbox);
                    return mailboxes.any(|own| email::utf8_parts(own).is_some_and(|own| same(own, wanted)));
                }
                email::parts(address).is_some_and(|wanted| {
                    let same = |own: &str| email::parts(own).is_some_and(|own| same(own, wanted));
                    names.any(|name| matches!(name, GeneralName::Rfc822(own) if same(own)))
                        || certificate.subject().text(&oid::EMAIL_ADDRESS).is_some_and(same)
                })
            }
            Self::Ip(address) => {
                let octets = match address {
                    IpAddr::V4(address) => address.octets().to_vec(),
                    IpAddr::V6(address) => address.octets().to_vec(),
                };
                names.any(|name| matches!(name, GeneralName::Ip(own) if *own == octets))
            }
        }
    }
}

impl fmt::Display for ExpectedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(text) => write!(f, "DNS {text}"),
            Self::Email(text) => write!(f, "e-mail {text}"),
            Self::Ip(address) => write!(f, "IP {address}"),
        }
    }
}
