//! The characters of PDF (ISO 32000-2 section 7.2.3), and hexadecimal digits.

/// White-space characters (7.2.3, table 1).
pub(super) fn is_white(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

/// Neither white space nor a delimiter (7.2.3).
pub(super) fn is_regular(byte: u8) -> bool {
    REGULAR[usize::from(byte)]
}

/// Whether each byte is regular: every name and number of a file is gone through by it.
const REGULAR: [bool; 256] = {
    let mut regular = [true; 256];
    let others = b"\0\t\n\x0c\r ()<>[]{}/%";
    let mut place = 0;
    while place < others.len() {
        regular[others[place] as usize] = false;
        place += 1;
    }
    regular
};

/// The bytes of plain pairs of digits; `None` if there is anything else.
pub(super) fn hexadecimal_pairs(digits: &[u8]) -> Option<Vec<u8>> {
    let mut seen = 0;
    let pairs = digits.chunks_exact(2);
    let whole = pairs.remainder().is_empty();
    let bytes = pairs.map(|pair| {
        let (high, low) = (HEX_VALUES[usize::from(pair[0])], HEX_VALUES[usize::from(pair[1])]);
        seen |= high | low;
        high << 4 | low
    });
    let bytes = bytes.collect();
    (whole && seen < 16).then_some(bytes)
}

/// The value of a hexadecimal digit.
pub(super) fn hex_value(byte: u8) -> Option<u8> {
    Some(HEX_VALUES[usize::from(byte)]).filter(|value| *value != NO_DIGIT)
}

const NO_DIGIT: u8 = 0xff;

/// The value of each byte as a hexadecimal digit.
const HEX_VALUES: [u8; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        values[b"0123456789abcdef"[value] as usize] = value as u8;
        values[b"0123456789ABCDEF"[value] as usize] = value as u8;
        value += 1;
    }
    values
};
