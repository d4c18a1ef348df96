//! The `Contents` of a signature (ISO 32000-2, 12.8.3.1): a hexadecimal string that holds a signature and zeros to fill
//! its room.

use thiserror::Error;

/// Why `Contents` holds no signature that could be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ContentsFault {
    /// There is none, or it is no string.
    #[error("Contents is missing or not a string")]
    Missing,
    /// It is empty or holds zeros alone: room that was never filled.
    #[error("Contents is empty")]
    Empty,
    /// It does not begin with one whole value of BER.
    #[error("Contents is not a value of DER or BER")]
    NotDer,
    /// What follows the value is not zeros alone.
    #[error("Contents has bytes other than zero after the signature")]
    Padding,
}

/// The signature in `Contents`, its padding taken off by the length that BER states.
pub(super) fn signature(contents: &[u8]) -> Result<&[u8], ContentsFault> {
    if contents.iter().all(|byte| *byte == 0) {
        return Err(ContentsFault::Empty);
    }
    let length = value_length(contents).ok_or(ContentsFault::NotDer)?;
    let (signature, padding) = contents.split_at_checked(length).ok_or(ContentsFault::NotDer)?;
    if padding.iter().any(|byte| *byte != 0) {
        Err(ContentsFault::Padding)
    } else {
        Ok(signature)
    }
}

/// Length of the value that begins here, header included. A value of indefinite length (X.690, 8.1.3.6) is passed
/// through to its own end-of-contents; values of definite length inside it are passed over whole.
fn value_length(bytes: &[u8]) -> Option<usize> {
    let mut position = 0_usize;
    let mut open = 0_usize;
    loop {
        let rest = bytes.get(position..)?;
        let (header, content) = header(rest)?;
        let end_of_contents = rest.starts_with(&[0, 0]);
        position = position.checked_add(header)?;
        match content {
            None => open += 1,
            Some(0) if end_of_contents && open > 0 => open -= 1,
            Some(length) => position = position.checked_add(length)?,
        }
        if open == 0 {
            return (position <= bytes.len()).then_some(position);
        }
    }
}

/// Length of the tag and length octets, and of the content; `None` for an indefinite one (X.690, 8.1.2 and 8.1.3).
fn header(bytes: &[u8]) -> Option<(usize, Option<usize>)> {
    let (tag, mut rest) = bytes.split_first()?;
    if tag & 0x1f == 0x1f {
        let more = rest.iter().take_while(|byte| **byte & 0x80 != 0).count();
        rest = rest.get(more + 1..)?;
    }
    let (first, rest) = rest.split_first()?;
    let before = bytes.len() - rest.len();
    match first {
        0x80 => (tag & 0x20 != 0).then_some((before, None)),
        0xff => None,
        short if short & 0x80 == 0 => Some((before, Some(usize::from(*short)))),
        long => {
            let octets = rest.get(..usize::from(long & 0x7f))?;
            let length = octets.iter().try_fold(0_usize, |length, octet| {
                length.checked_mul(256).map(|length| length | usize::from(*octet))
            })?;
            Some((before + octets.len(), Some(length)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn padding_is_taken_off_by_length() {
        assert_eq!(signature(&[0x30, 2, 5, 0, 0, 0]), Ok(&[0x30, 2, 5, 0][..]));
        assert_eq!(signature(&[0x30, 0x81, 1, 0, 0, 0]), Ok(&[0x30, 0x81, 1, 0][..]));
        assert_eq!(signature(&[0x30, 2, 5, 0, 0, 1]), Err(ContentsFault::Padding));
    }

    #[test]
    fn a_value_of_indefinite_length_ends_at_its_own_mark() {
        let value = [0x30, 0x80, 0x24, 0x80, 4, 2, 0, 0, 0, 0, 4, 0, 0, 0];
        let padded = [&value[..], &[0; 6]].concat();
        assert_eq!(signature(&padded), Ok(&value[..]));
    }

    #[test]
    fn what_holds_no_signature_is_told_apart() {
        assert_eq!(signature(&[]), Err(ContentsFault::Empty));
        assert_eq!(signature(&[0; 8]), Err(ContentsFault::Empty));
        assert_eq!(signature(&[0x30, 9, 1]), Err(ContentsFault::NotDer));
        assert_eq!(signature(&[0x30, 0x80, 4, 1]), Err(ContentsFault::NotDer));
        assert_eq!(
            signature(&[0x30, 0x88, 255, 255, 255, 255, 255, 255, 255, 255]),
            Err(ContentsFault::NotDer)
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = signature(&bytes);
        }
    }
}
