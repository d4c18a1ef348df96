//! Addresses of others, and which of them lie in networks of our own.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::Uri;
use axum::http::uri::Scheme;

use crate::service::fetch::FetchError;

/// Longest address, in characters: what a recognition list may say of one.
const MAX_CHARACTERS: usize = 500;

/// An http or https address with a host, and neither user nor password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    uri: Uri,
    is_tls: bool,
}

impl Address {
    /// Whether a text says that it is one, rather than the name of a file.
    pub fn is_meant(text: &str) -> bool {
        let begins = |scheme: &str| {
            text.get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        };
        begins("http://") || begins("https://")
    }

    /// Reads an address.
    ///
    /// # Errors
    /// Another scheme, no host, a user or password (RFC 3986 section 3.2.1), or too long.
    pub fn parse(text: &str) -> Result<Self, FetchError> {
        let refused = || FetchError::Address {
            address: text.chars().take(MAX_CHARACTERS).collect(),
        };
        if text.chars().count() > MAX_CHARACTERS {
            return Err(refused());
        }
        let uri: Uri = text.parse().map_err(|_| refused())?;
        let is_tls = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return Err(refused()),
        };
        let authority = uri.authority().ok_or_else(refused)?;
        if authority.host().is_empty() || authority.as_str().contains('@') {
            return Err(refused());
        }
        Ok(Self { uri, is_tls })
    }

    /// Whether it is spoken to by TLS.
    pub(super) fn is_tls(&self) -> bool {
        self.is_tls
    }

    /// Its host, without the brackets of IPv6.
    pub(super) fn host(&self) -> &str {
        let host = self.uri.host().unwrap_or_default();
        let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        inner.unwrap_or(host)
    }

    /// Its port.
    pub(super) fn port(&self) -> u16 {
        self.uri.port_u16().unwrap_or(if self.is_tls { 443 } else { 80 })
    }

    /// What the `Host` field says.
    pub(super) fn authority(&self) -> &str {
        self.uri.authority().map_or("", |authority| authority.as_str())
    }

    /// What is asked for.
    pub(super) fn path(&self) -> &str {
        self.uri.path_and_query().map_or("/", |path| path.as_str())
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.uri.fmt(f)
    }
}

/// Whether an address is for everybody: none of the special ones of RFC 6890 that lead into networks of our own or
/// nowhere, nor one of IPv6 that stands for such.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => is_public_four(four),
        IpAddr::V6(six) => is_public_six(six),
    }
}

fn is_public_four(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let protocols = (a, b, c) == (192, 0, 0);
    let benchmarks = a == 198 && (18..20).contains(&b);
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || a == 0
        || a >= 224
        || shared
        || protocols
        || benchmarks)
}

fn is_public_six(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let four = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_four(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        // IPv4 in disguise: mapped (RFC 4291), translated (RFC 6052), 6to4 (RFC 3056).
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            four(high, low)
        }
        // Documentation and Teredo.
        [0x2001, 0xdb8 | 0, ..] => false,
        // Global unicast is 2000::/3; everything else is local, multicast or not given out.
        [first, ..] => first >> 13 == 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_host_and_nobody() {
        let read = Address::parse("https://partner.example:8443/api/v1/trust-list?x=1").unwrap();
        assert!(read.is_tls());
        assert_eq!((read.host(), read.port()), ("partner.example", 8443));
        assert_eq!(read.authority(), "partner.example:8443");
        assert_eq!(read.path(), "/api/v1/trust-list?x=1");
        assert_eq!(Address::parse("http://[::1]/").unwrap().host(), "::1");
        assert_eq!(Address::parse("HTTP://partner.example").unwrap().port(), 80);
        let long = format!("http://partner.example/{}", "x".repeat(MAX_CHARACTERS));
        for text in [
            "ftp://partner.example/",
            "file:///etc/passwd",
            "/api/v1/trust-list",
            "http:///list",
            "https://user:secret@partner.example/",
            "https://user@partner.example/",
            "http://partner.example/ list",
            &long,
        ] {
            assert!(
                matches!(Address::parse(text), Err(FetchError::Address { .. })),
                "{text}"
            );
        }
        assert!(Address::is_meant("HTTPS://x") && !Address::is_meant("list.jws") && !Address::is_meant("名录"));
    }

    #[test]
    fn networks_of_our_own_are_told_apart_in_every_disguise() {
        for text in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "2001:0:1::1",
            "2001:db8::1",
            "fc00::1",
            "fe80::1",
            "ff02::1",
            "::7f00:1",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        for text in ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2400:3200::1", "::ffff:8.8.8.8"] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }
}
