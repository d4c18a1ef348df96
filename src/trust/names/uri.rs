//! URIs, of which only the host is constrained (RFC 5280 section 4.2.1.10, RFC 3986 section 3.2).

use super::dns;

/// The host of a URI; `None` where it has no authority, or its host is an address and not a name: a certificate with
/// such a URI is refused where URIs are constrained.
pub(super) fn host(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    let is_address = host
        .rsplit('.')
        .next()
        .is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    (dns::is_host(host) && !is_address).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_what_stands_between_user_and_port() {
        assert_eq!(host("https://user:x@Example.com:443/a@b?c"), Some("Example.com"));
        assert_eq!(host("http://example.com"), Some("example.com"));
        for none in [
            "mailto:a@example.com",
            "urn:a:b",
            "http://192.0.2.1/",
            "http://[::1]/",
            "http:///a",
        ] {
            assert_eq!(host(none), None, "{none}");
        }
    }
}
