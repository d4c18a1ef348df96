//! Text strings (ISO 32000-2, 7.9.2.2) and dates (7.9.4).

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// What the bytes 0x18 to 0x1f of PDFDocEncoding stand for (Annex D.3).
const LOW: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
/// What the bytes 0x80 to 0xa0 of PDFDocEncoding stand for.
const HIGH: [char; 33] = [
    '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚', '™', 'ﬁ', 'ﬂ', 'Ł', 'Œ',
    'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{fffd}', '€',
];

/// The text of a text string: UTF-16BE or UTF-8 by its mark, PDFDocEncoding otherwise. What is no text is replaced.
pub fn decode_text(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, units @ ..] => {
            let units = units
                .chunks(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair.get(1).copied().unwrap_or(0)]));
            char::decode_utf16(units)
                .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect()
        }
        [0xef, 0xbb, 0xbf, text @ ..] => String::from_utf8_lossy(text).into_owned(),
        _ => bytes.iter().map(|byte| pdf_doc_char(*byte)).collect(),
    }
}

/// A text string: as it is when it is ASCII, UTF-16BE otherwise.
pub fn encode_text(text: &str) -> Vec<u8> {
    if text.is_ascii() {
        return text.as_bytes().to_vec();
    }
    let units = text.encode_utf16().flat_map(u16::to_be_bytes);
    [0xfe, 0xff].into_iter().chain(units).collect()
}

/// A date. Parts that are left out have their least value; without an offset it is taken as universal time.
pub fn decode_date(bytes: &[u8]) -> Option<DateTime<Utc>> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.is_ascii())?;
    let text = text.strip_prefix("D:").unwrap_or(text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, zone) = text.split_at(digits);
    let part = |from: usize, width: usize, default: u32| match digits.get(from..from + width) {
        Some(part) => part.parse().ok(),
        None => (digits.len() <= from).then_some(default),
    };
    if !matches!(digits.len(), 4 | 6 | 8 | 10 | 12 | 14) {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(part(0, 4, 0)?.try_into().ok()?, part(4, 2, 1)?, part(6, 2, 1)?)?;
    let local = date.and_hms_opt(part(8, 2, 0)?, part(10, 2, 0)?, part(12, 2, 0)?)?;
    Some((local.checked_sub_signed(offset(zone)?)?).and_utc())
}

/// `Z`, or a sign, `HH` and `'mm` with or without the closing apostrophe of older versions.
fn offset(zone: &str) -> Option<TimeDelta> {
    let Some(sign) = zone.chars().next() else {
        return Some(TimeDelta::zero());
    };
    let rest = zone[1..].trim_end_matches('\'').replace('\'', "");
    let (hours, minutes) = match rest.len() {
        0 if sign == 'Z' => (0, 0),
        2 => (rest.parse().ok()?, 0),
        4 => (rest.get(..2)?.parse().ok()?, rest.get(2..)?.parse().ok()?),
        _ => return None,
    };
    let offset = TimeDelta::minutes(hours * 60 + minutes);
    match sign {
        '+' => Some(offset),
        '-' => Some(-offset),
        'Z' if offset.is_zero() => Some(offset),
        _ => None,
    }
}

fn pdf_doc_char(byte: u8) -> char {
    match byte {
        0x18..=0x1f => LOW[usize::from(byte - 0x18)],
        0x80..=0xa0 => HIGH[usize::from(byte - 0x80)],
        0x7f | 0xad => char::REPLACEMENT_CHARACTER,
        other => char::from(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_is_read_in_each_encoding() {
        assert_eq!(decode_text(&encode_text("印章1")), "印章1");
        assert_eq!(decode_text(b"\xef\xbb\xbf\xe5\x8d\xb0"), "印");
        assert_eq!(decode_text(b"a\x80\xe9\x1a"), "a•éˆ");
        assert_eq!(encode_text("plain"), b"plain");
    }

    #[test]
    fn dates_are_read_with_their_offset() {
        let text = |bytes: &[u8]| decode_date(bytes).map(|time| time.to_rfc3339());
        assert_eq!(
            text(b"D:20260102030405+08'00'").as_deref(),
            Some("2026-01-01T19:04:05+00:00")
        );
        assert_eq!(
            text(b"D:20260102030405-0130").as_deref(),
            Some("2026-01-02T04:34:05+00:00")
        );
        assert_eq!(text(b"D:2026").as_deref(), Some("2026-01-01T00:00:00+00:00"));
        assert_eq!(
            text(b"20260102030405Z00'00'").as_deref(),
            Some("2026-01-02T03:04:05+00:00")
        );
        for wrong in [
            &b"D:202"[..],
            b"D:20261301",
            b"D:20260102030405+",
            b"D:20260102030405Z01",
            b"",
            b"D:\xff",
        ] {
            assert_eq!(text(wrong), None, "{wrong:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_date_is_survived(text in "(D:)?[0-9]{0,15}[-+Z]?[0-9']{0,7}") {
            let _ = decode_date(text.as_bytes());
        }
    }
}
