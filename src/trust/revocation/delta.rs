//! Delta lists: what changed since a complete one (RFC 5280 sections 5.2.4 and 6.3.3 (c) and (h)).

use std::cmp::Ordering;

use crate::x509::Crl;

/// Whether `delta` continues `complete`: same issuer, scope and key, and the numbers meet.
pub(super) fn continues(delta: &Crl, complete: &Crl) -> bool {
    let (Some(base), Some(number), Some(complete_number)) = (base(delta), delta.number(), complete.number()) else {
        return false;
    };
    let scope = |list: &Crl| {
        list.extensions()
            .issuing_distribution_point
            .as_ref()
            .map(|point| point.value.clone())
    };
    let key = |list: &Crl| {
        list.extensions()
            .authority_key_identifier
            .as_ref()
            .map(|key| key.value.clone())
    };
    delta.issuer() == complete.issuer()
        && scope(delta) == scope(complete)
        && key(delta) == key(complete)
        && compare(complete_number, base) != Ordering::Less
        && compare(complete_number, number) == Ordering::Less
}

/// `BaseCRLNumber`, of a delta list only.
pub(super) fn base(list: &Crl) -> Option<&[u8]> {
    list.extensions()
        .delta_crl_indicator
        .as_ref()
        .map(|base| base.value.as_slice())
}

/// Compares numbers of lists, content octets of INTEGERs that are not negative.
fn compare(one: &[u8], other: &[u8]) -> Ordering {
    let significant = |octets: &'_ [u8]| octets.iter().take_while(|octet| **octet == 0).count();
    let (one, other) = (&one[significant(one)..], &other[significant(other)..]);
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_by_value_and_not_by_length() {
        assert_eq!(compare(&[0, 0x80], &[0x80]), Ordering::Equal);
        assert_eq!(compare(&[1, 0], &[0, 0xff]), Ordering::Greater);
        assert_eq!(compare(&[], &[0]), Ordering::Equal);
    }
}
