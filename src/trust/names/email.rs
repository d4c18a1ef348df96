//! E-mail addresses, `Local-part "@" Domain` (RFC 5280 sections 4.2.1.6 and 4.2.1.10), the local part beyond ASCII
//! where the name is a SmtpUTF8Mailbox (RFC 9598).

use super::dns;

/// Local part and host; `None` where it is no such address. A quoted local part that itself has an `@` is not read.
pub(super) fn parts(address: &str) -> Option<(&str, &str)> {
    let (local, host) = address.split_once('@')?;
    let printable = |byte: u8| byte.is_ascii_graphic();
    (!local.is_empty() && local.bytes().all(printable) && dns::is_host(host)).then_some((local, host))
}

/// As [`parts`], of a SmtpUTF8Mailbox: the local part is not ASCII, the domain has A-labels for whatever is not (RFC
/// 9598 section 3).
pub(super) fn utf8_parts(address: &str) -> Option<(&str, &str)> {
    let (local, host) = address.split_once('@')?;
    let printable = |char: char| !char.is_control() && !char.is_whitespace();
    (!local.is_ascii() && local.chars().all(printable) && dns::is_host(host)).then_some((local, host))
}

/// Whether a constraint has one of the three forms: a mailbox, a host, or a domain that begins with a period.
pub(super) fn is_constraint(base: &str) -> bool {
    if base.contains('@') {
        return parts(base).is_some();
    }
    dns::is_host_constraint(base)
}

/// Whether every mailbox that `inner` names is one that `outer` names.
pub(super) fn covers(outer: &str, inner: &str) -> bool {
    match parts(inner) {
        Some(mailbox) => is_within(mailbox, outer),
        None => !outer.contains('@') && dns::covers_hosts(outer, inner),
    }
}

/// Whether the mailbox `local@host` is the one, is on the host, or is on a host of the domain that `base` names. The
/// local part is compared exactly (RFC 5280 section 7.5).
pub(super) fn is_within((local, host): (&str, &str), base: &str) -> bool {
    if let Some((base_local, base_host)) = parts(base) {
        return local == base_local && host.eq_ignore_ascii_case(base_host);
    }
    dns::is_host_within(host, base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_of_constraint_hold_what_they_name() {
        let within = |address: &str, base: &str| is_within(parts(address).unwrap(), base);
        assert!(within("a@example.com", "a@EXAMPLE.com") && !within("A@example.com", "a@example.com"));
        assert!(within("a@example.com", "example.com") && !within("a@b.example.com", "example.com"));
        assert!(within("a@b.example.com", ".example.com") && !within("a@example.com", ".example.com"));
        assert!(!within("*@example.com", "**@example.com"));
    }

    #[test]
    fn a_mailbox_beyond_ascii_is_one_only_with_a_host_of_ascii() {
        assert_eq!(utf8_parts("张三@example.org"), Some(("张三", "example.org")));
        for address in ["zhang@example.org", "张三@例子.cn", "张 三@example.org", "张三", ""] {
            assert_eq!(utf8_parts(address), None, "{address}");
        }
        let within = |base: &str| is_within(utf8_parts("张三@mail.example.org").unwrap(), base);
        assert!(within(".example.org") && within("mail.example.org") && !within("example.org"));
    }

    #[test]
    fn addresses_with_two_signs_are_none() {
        assert_eq!(parts("a@b@example.com"), None);
        assert!(!is_constraint("a@b@example.com") && is_constraint(".example.com"));
    }
}
