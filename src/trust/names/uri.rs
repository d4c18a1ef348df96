//! URIs, of which only the host is constrained (RFC 5280 section 4.2.1.10, RFC 3986 section 3.2).

use super::dns;

/// The host of a URI; `None` where it has no authority, or its host is an address and not a name: a certificate with such a
/// URI is refused where URIs are constrained.
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

/// Whether a constraint is a host, or a domain that begins with a period.
pub(super) fn is_constraint(base: &str) -> bool {
    base.is_empty() || dns::is_host(base.strip_prefix('.').unwrap_or(base))
}

/// Whether the host is the one, or one below the domain, that `base` names.
pub(super) fn is_within(host: &str, base: &str) -> bool {
    match base.strip_prefix('.') {
        Some(domain) => dns::is_below(host, domain),
        None => base.is_empty() || host.eq_ignore_ascii_case(base),
    }
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

    #[test]
    fn a_period_in_front_means_the_hosts_below_and_not_the_domain_itself() {
        assert!(is_within("a.b.example.com", ".example.com") && !is_within("example.com", ".example.com"));
        assert!(is_within("example.com", "example.com") && !is_within("a.example.com", "example.com"));
    }
}
