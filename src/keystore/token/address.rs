//! Where a key on a token is: the address by which it is recorded (RFC 7512, the attributes `token`, `object` and
//! `id`).

use std::fmt;
use std::str::FromStr;

use super::TokenError;

const SCHEME: &str = "pkcs11:";

/// The key with that label, and that `CKA_ID` where it is said, on the token with that label.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TokenAddress {
    /// Label of the token.
    pub token: String,
    /// `CKA_LABEL` of the key.
    pub label: String,
    /// `CKA_ID` of the key; tells keys of the same label apart.
    pub id: Option<Vec<u8>>,
}

impl fmt::Display for TokenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}token={}", escaped(self.token.as_bytes()))?;
        write!(f, ";object={}", escaped(self.label.as_bytes()))?;
        match &self.id {
            // Each octet of an id is written in hexadecimal (RFC 7512 section 2.3).
            Some(id) => {
                let octets: String = id.iter().map(|octet| format!("%{octet:02X}")).collect();
                write!(f, ";id={octets}")
            }
            None => Ok(()),
        }
    }
}

impl FromStr for TokenAddress {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Self, TokenError> {
        let refused = || TokenError::Address(text.to_owned());
        let (mut token, mut label, mut id) = (None, None, None);
        for attribute in text.strip_prefix(SCHEME).ok_or_else(refused)?.split(';') {
            let (name, value) = attribute.split_once('=').ok_or_else(refused)?;
            let value = unescaped(value).ok_or_else(refused)?;
            let place = match name {
                "token" => &mut token,
                "object" => &mut label,
                "id" => &mut id,
                _ => return Err(refused()),
            };
            // RFC 7512 section 2.3: an attribute stands once.
            if place.replace(value).is_some() {
                return Err(refused());
            }
        }
        let words = |octets: Option<Vec<u8>>| octets.and_then(|octets| String::from_utf8(octets).ok());
        Ok(Self {
            token: words(token).ok_or_else(refused)?,
            label: words(label).ok_or_else(refused)?,
            id,
        })
    }
}

/// Everything but unreserved characters (RFC 3986 section 2.3) as `%HH`.
fn escaped(octets: &[u8]) -> String {
    let one = |octet: &u8| match octet {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(*octet).to_string(),
        other => format!("%{other:02X}"),
    };
    octets.iter().map(one).collect()
}

fn unescaped(text: &str) -> Option<Vec<u8>> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first != b'%' {
            octets.push(*first);
            rest = after;
            continue;
        }
        let (digits, after) = after.split_at_checked(2)?;
        octets.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
        rest = after;
    }
    Some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_back_with_any_label() {
        for id in [None, Some(vec![0, 0x3b, 0xff])] {
            let address = TokenAddress {
                token: "市局 HSM;1".to_owned(),
                label: "root=100%".to_owned(),
                id,
            };
            assert_eq!(address.to_string().parse(), Ok(address));
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "pkcs11:",
            "pkcs11:token=a",
            "pkcs11:object=a",
            "pkcs11:token=a;object=b;object=c",
            "pkcs11:token=a;object=b;serial=1",
            "pkcs11:token=%a;object=b",
            "pkcs11:token=%ff;object=b",
            "file:token=a;object=b",
        ] {
            assert_eq!(
                text.parse::<TokenAddress>(),
                Err(TokenError::Address(text.to_owned())),
                "{text}"
            );
        }
    }
}
