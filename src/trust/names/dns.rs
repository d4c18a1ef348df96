//! Host names in the preferred name syntax (RFC 5280 section 4.2.1.6, RFC 1034 section 3.5 as modified by RFC 1123).

/// Longest label, in octets (RFC 1034 section 3.1).
const MAX_LABEL: usize = 63;

/// Longest name, in characters (RFC 1034 section 3.1: 255 octets with the length octets of the first label and of the
/// root).
const MAX_NAME: usize = 253;

/// Whether it is a host name: labels of letters, digits and inner hyphens, without a trailing dot.
pub(super) fn is_host(text: &str) -> bool {
    text.len() <= MAX_NAME && text.split('.').all(is_label)
}

/// Whether it is a host name, or one whose whole leftmost label is a wildcard (RFC 9525 section 6.3).
pub(super) fn is_presented(text: &str) -> bool {
    is_host(text.strip_prefix("*.").unwrap_or(text))
}

fn is_label(label: &str) -> bool {
    (1..=MAX_LABEL).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Whether `name` is `base` with zero or more labels added on the left (RFC 5280 section 4.2.1.10). The empty base
/// holds all.
pub(super) fn is_within(name: &str, base: &str) -> bool {
    base.is_empty() || name.eq_ignore_ascii_case(base) || is_below(name, base)
}

/// Whether `name` is `base` with at least one label added on the left.
pub(super) fn is_below(name: &str, base: &str) -> bool {
    let Some((front, end)) = name
        .len()
        .checked_sub(base.len())
        .and_then(|at| name.split_at_checked(at))
    else {
        return false;
    };
    front.len() > 1 && front.ends_with('.') && end.eq_ignore_ascii_case(base)
}

/// Whether a constraint on the host of an address has one of its forms: empty, a host, or a domain that begins with a
/// period (RFC 5280 section 4.2.1.10, e-mail addresses and URIs).
pub(super) fn is_host_constraint(base: &str) -> bool {
    base.is_empty() || is_host(base.strip_prefix('.').unwrap_or(base))
}

/// Whether the host of an address is the one, or one below the domain, that such a constraint names.
pub(super) fn is_host_within(host: &str, base: &str) -> bool {
    match base.strip_prefix('.') {
        Some(domain) => is_below(host, domain),
        None => base.is_empty() || host.eq_ignore_ascii_case(base),
    }
}

/// Whether every host that one such constraint names is named by the other.
pub(super) fn covers_hosts(outer: &str, inner: &str) -> bool {
    match (outer.strip_prefix('.'), inner.strip_prefix('.')) {
        _ if outer.is_empty() || inner.is_empty() => outer.is_empty(),
        (Some(outer), Some(inner)) => is_within(inner, outer),
        (None, Some(_)) => false,
        (_, None) => is_host_within(inner, outer),
    }
}

/// Whether some host that `name` stands for lies within `base`: a wildcard stands for any one label.
pub(super) fn overlaps(name: &str, base: &str) -> bool {
    is_within(name, base)
        || name
            .strip_prefix("*.")
            .zip(base.split_once('.'))
            .is_some_and(|(parent, (_, base_parent))| parent.eq_ignore_ascii_case(base_parent))
}

/// Whether `presented`, of a certificate, names `host`. A wildcard stands for exactly one label (RFC 9525 section 6.3).
pub(super) fn names_host(presented: &str, host: &str) -> bool {
    match presented.strip_prefix("*.") {
        Some(parent) => host
            .split_once('.')
            .is_some_and(|(_, host_parent)| host_parent.contains('.') && host_parent.eq_ignore_ascii_case(parent)),
        None => presented.eq_ignore_ascii_case(host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_have_labels_of_letters_digits_and_inner_hyphens() {
        for good in ["a", "example.com", "xn--fiq228c.cn", "8.8.8.8"] {
            assert!(is_host(good), "{good}");
        }
        let long = "a".repeat(64);
        for bad in [
            "",
            ".",
            ".a",
            "a.",
            "a..b",
            "foo_bar.com",
            "-a.b",
            "a-.b",
            "*.a",
            "a b",
            &long,
        ] {
            assert!(!is_host(bad), "{bad}");
        }
        assert!(is_presented("*.example.com") && !is_presented("f*.example.com") && !is_presented("*.*.com"));
    }

    #[test]
    fn a_subtree_holds_its_base_and_whatever_has_more_labels() {
        assert!(is_within("example.com", "EXAMPLE.com") && is_within("a.b.example.com", "example.com"));
        assert!(!is_within("notexample.com", "example.com") && !is_within("com", "example.com"));
        assert!(is_within("any.thing", ""));
        assert!(!is_below("example.com", "example.com") && is_below("a.example.com", "example.com"));
    }

    #[test]
    fn a_wildcard_overlaps_what_it_may_stand_for() {
        assert!(overlaps("*.example.com", "bad.example.com") && overlaps("*.example.com", "example.com"));
        assert!(!overlaps("*.example.com", "very.bad.example.com"));
    }

    #[test]
    fn a_wildcard_names_exactly_one_label() {
        assert!(names_host("*.example.com", "a.example.com") && names_host("Example.com", "example.COM"));
        assert!(!names_host("*.example.com", "example.com") && !names_host("*.example.com", "a.b.example.com"));
        assert!(
            !names_host("*.com", "example.com"),
            "a wildcard for every host of a top-level domain"
        );
    }

    #[test]
    fn a_period_in_front_means_the_hosts_below_and_not_the_domain_itself() {
        assert!(is_host_within("a.b.example.com", ".example.com") && !is_host_within("example.com", ".example.com"));
        assert!(is_host_within("example.com", "example.com") && !is_host_within("a.example.com", "example.com"));
    }
}
