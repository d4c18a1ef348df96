//! IP addresses and ranges as octets (RFC 5280 sections 4.2.1.6 and 4.2.1.10; the masks of RFC 4632).

/// Whether a constraint is an address and a mask of the same length whose set bits come first.
pub(super) fn is_constraint(base: &[u8]) -> bool {
    let mut ended = false;
    matches!(base.len(), 8 | 32)
        && base[base.len() / 2..].iter().all(|octet| {
            let fits = !ended && octet.leading_ones() == octet.count_ones() || *octet == 0;
            ended |= *octet != 0xff;
            fits
        })
}

/// Whether a name is an address of version 4 or 6.
pub(super) fn is_address(octets: &[u8]) -> bool {
    matches!(octets.len(), 4 | 16)
}

/// Whether the address lies in the range. An address of the other version does not.
pub(super) fn is_within(address: &[u8], base: &[u8]) -> bool {
    let (network, mask) = base.split_at(base.len() / 2);
    address.len() == network.len()
        && address
            .iter()
            .zip(network)
            .zip(mask)
            .all(|((address, network), mask)| address & mask == network & mask)
}

/// Whether one range holds the other.
pub(super) fn covers(outer: &[u8], inner: &[u8]) -> bool {
    let (network, mask) = inner.split_at(inner.len() / 2);
    let wider = outer[outer.len() / 2..]
        .iter()
        .zip(mask)
        .all(|(outer, inner)| outer & inner == *outer);
    wider && is_within(network, outer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_its_addresses_and_none_of_the_other_version() {
        let range = [192, 0, 2, 0, 255, 255, 254, 0];
        assert!(is_within(&[192, 0, 3, 7], &range) && !is_within(&[192, 0, 4, 7], &range));
        assert!(!is_within(&[0; 16], &[0; 8]));
    }

    #[test]
    fn a_mask_is_ones_and_then_zeros() {
        for (mask, good) in [
            ([0, 0, 0, 0], true),
            ([255, 255, 255, 255], true),
            ([255, 128, 0, 0], true),
            ([255, 0, 255, 0], false),
            ([255, 129, 0, 0], false),
            ([0, 255, 0, 0], false),
        ] {
            assert_eq!(is_constraint(&[[10, 0, 0, 0], mask].concat()), good, "{mask:?}");
        }
        assert!(!is_constraint(&[10, 0, 0, 1]), "no mask");
    }
}
