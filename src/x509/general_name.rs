//! General names: the forms under which RFC 5280 section 4.2.1.6 names anything.

use std::fmt;

use der::Tag;

use super::{Name, read};
use crate::asn1::oid;
use crate::asn1::read::{Reader, context};
use crate::hex;

/// `GeneralName`. Text is kept as found; its syntax is judged by who uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GeneralName {
    /// `rfc822Name`: an e-mail address.
    Rfc822(String),
    /// `dNSName`.
    Dns(String),
    /// `directoryName`.
    Directory(Name),
    /// `uniformResourceIdentifier`.
    Uri(String),
    /// `iPAddress`: 4 or 16 octets, twice as many with a mask in name constraints.
    Ip(Vec<u8>),
    /// `otherName`, `x400Address`, `ediPartyName` or `registeredID`, by its context tag number and content octets; also
    /// any of the forms above whose content could not be read.
    Other {
        /// Context-specific tag number, 0 to 8.
        tag: u8,
        /// Content octets.
        content: Vec<u8>,
    },
}

impl GeneralName {
    /// Reads one that stands by itself; `None` for what is none.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        read::alone(der)
    }

    /// The e-mail address of an `otherName` of the form SmtpUTF8Mailbox (RFC 9598 section 3): one whose local part is
    /// not ASCII. Empty, which is no address, where its value is not of that form.
    pub fn utf8_mailbox(&self) -> Option<&str> {
        let Self::Other { tag: 0, content } = self else {
            return None;
        };
        let mut other = Reader::new(content).ok()?;
        if other.oid().ok()? != oid::SMTP_UTF8_MAILBOX {
            return None;
        }
        let value = other.nested(context(0, true), |value| value.string(Tag::Utf8String));
        Some(
            value
                .and_then(|mailbox| other.finish().map(|()| mailbox))
                .unwrap_or_default(),
        )
    }
}

impl fmt::Display for GeneralName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rfc822(text) => write!(f, "e-mail {text}"),
            Self::Dns(text) => write!(f, "DNS {text}"),
            Self::Directory(name) => write!(f, "directory {name}"),
            Self::Uri(text) => write!(f, "URI {text}"),
            Self::Ip(octets) => {
                f.write_str("IP ")?;
                hex::write(f, octets)
            }
            Self::Other { tag, content } => {
                write!(f, "form {tag} ")?;
                hex::write(f, content)
            }
        }
    }
}
