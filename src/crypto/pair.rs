//! Signatures that are a pair of integers, as `r || s` of a fixed length, where `crypto` takes and gives DER: the form
//! of COSE (RFC 9053 section 2.1), of JOSE (RFC 7518 section 3.4) and, for SM2, of GB/T 32918.

use crate::asn1::{read, write};

/// `r || s` as the DER `SEQUENCE { r, s }`; `None` where it is not twice `scalar_len` bytes long.
pub fn to_der(signature: &[u8], scalar_len: usize) -> Option<Vec<u8>> {
    let (r, s) = (signature.len() == 2 * scalar_len).then(|| signature.split_at(scalar_len))?;
    Some(write::encode(|writer| {
        writer.sequence(|writer| {
            writer.unsigned_bytes(r);
            writer.unsigned_bytes(s);
        });
    }))
}

/// The DER of a signature that is `r || s`; `None` where it is DER already, or neither.
pub fn der_of_raw(signature: &[u8], scalar_len: usize) -> Option<Vec<u8>> {
    match from_der(signature, scalar_len) {
        Some(_) => None,
        None => to_der(signature, scalar_len),
    }
}

/// The DER `SEQUENCE { r, s }` as `r || s`; `None` where it is none, or an integer is longer than `scalar_len` bytes.
pub fn from_der(der: &[u8], scalar_len: usize) -> Option<Vec<u8>> {
    let pair: Result<_, der::Error> =
        read::sequence(der, |reader| Ok([reader.integer_bytes()?, reader.integer_bytes()?]));
    let mut signature = Vec::with_capacity(2 * scalar_len);
    for integer in pair.ok()? {
        let magnitude = integer.strip_prefix(&[0]).unwrap_or(integer);
        signature.resize(signature.len() + scalar_len.checked_sub(magnitude.len())?, 0);
        signature.extend_from_slice(magnitude);
    }
    Some(signature)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_scalars_are_padded_and_long_ones_refused() {
        let der = write::encode(|writer| writer.sequence(|writer| (1..=2).for_each(|value| writer.unsigned(value))));
        let pair = from_der(&der, 4).unwrap();
        assert_eq!(pair, [0, 0, 0, 1, 0, 0, 0, 2]);
        assert_eq!(to_der(&pair, 4), Some(der.clone()));
        assert_eq!(from_der(&der, 0), None);
        assert_eq!(to_der(&pair, 3), None);
    }

    #[test]
    fn short_and_long_integers_come_back_at_their_fixed_length() {
        for pair in [[0; 64], [0x7f; 64], [0xff; 64]] {
            let der = to_der(&pair, 32).unwrap();
            assert_eq!(from_der(&der, 32).unwrap(), pair);
            assert_eq!(from_der(&der, 16).is_some(), pair == [0; 64]);
        }
        assert_eq!(der_of_raw(&[1; 64], 32), to_der(&[1; 64], 32));
        assert_eq!(der_of_raw(&to_der(&[1; 64], 32).unwrap(), 32), None);
        assert_eq!(to_der(&[1; 63], 32), None);
        assert_eq!(from_der(&[0x30, 0], 32), None);
    }
}
