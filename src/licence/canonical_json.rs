//! Canonical JSON (RFC 8785, JCS): one value, one text. What is signed and hashed is written so.

use std::fmt::Write;

use serde_json::{Number, Value};

/// Why a text is not canonical JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalJsonError {
    /// Not JSON, or nested deeper than 128.
    #[error("not JSON at line {line} column {column}")]
    Syntax {
        /// Line, counted from 1.
        line: usize,
        /// Column, counted from 1.
        column: usize,
    },
    /// JSON, but another text of the same value, or a name that comes twice (RFC 8785 section 3.2).
    #[error("JSON, but not in the canonical form of RFC 8785 from byte {at}")]
    NotCanonical {
        /// The first byte that differs from the canonical text.
        at: usize,
    },
}

/// The canonical text of `value`.
pub fn write(value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, value);
    text
}

/// Reads a text that must be canonical. A fraction that serde_json reads in its last bit wrong counts as not canonical;
/// what we write holds texts only.
pub fn parse(text: &[u8]) -> Result<Value, CanonicalJsonError> {
    let value: Value = serde_json::from_slice(text).map_err(|error| CanonicalJsonError::Syntax {
        line: error.line(),
        column: error.column(),
    })?;
    let canonical = write(&value);
    if canonical.as_bytes() == text {
        return Ok(value);
    }
    let same = canonical
        .bytes()
        .zip(text)
        .take_while(|(left, right)| left == *right)
        .count();
    Err(CanonicalJsonError::NotCanonical { at: same })
}

fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => write_number(out, number),
        Value::String(text) => write_string(out, text),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_value(out, item);
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            // RFC 8785 section 3.2.3: names in the order of their UTF-16 code units.
            sorted.sort_by(|(left, _), (right, _)| left.encode_utf16().cmp(right.encode_utf16()));
            out.push('{');
            for (at, (name, member)) in sorted.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_string(out, name);
                out.push(':');
                write_value(out, member);
            }
            out.push('}');
        }
    }
}

/// RFC 8785 section 3.2.2.2: only quotation mark, reverse solidus and controls are escaped.
fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{1f}' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// RFC 8785 section 3.2.2.3: every number is an IEEE 754 double, written as ECMAScript writes it (ECMA-262
/// Number::toString).
fn write_number(out: &mut String, number: &Number) {
    let value = number.as_f64().unwrap_or_default();
    if value == 0.0 {
        out.push('0');
        return;
    }
    // serde_json writes the same shortest digits as ECMAScript and lays them out differently.
    let shortest = Number::from_f64(value.abs())
        .map(|number| number.to_string())
        .unwrap_or_default();
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let padded = format!("{whole}{fraction}");
    let significant = padded.trim_start_matches('0');
    let digits = significant.trim_end_matches('0');
    let place = |text: &str| i32::try_from(text.len()).unwrap_or(i32::MAX);
    // The value is 0.digits times ten to the power of `point`.
    let point = exponent.parse::<i32>().unwrap_or_default() + place(whole) - (place(&padded) - place(significant));
    let count = place(digits);
    if value < 0.0 {
        out.push('-');
    }
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    let split = |at: i32| {
        digits
            .split_at_checked(usize::try_from(at).unwrap_or(0))
            .unwrap_or((digits, ""))
    };
    match point {
        1..=21 if point >= count => out.push_str(&format!("{digits}{}", zeros(point - count))),
        1..=21 => {
            let (whole, fraction) = split(point);
            out.push_str(&format!("{whole}.{fraction}"));
        }
        -5..=0 => out.push_str(&format!("0.{}{digits}", zeros(-point))),
        _ => {
            let (first, rest) = split(1);
            let dot = if rest.is_empty() { "" } else { "." };
            out.push_str(&format!("{first}{dot}{rest}e{:+}", point - 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(bits: u64) -> String {
        write(&Value::from(f64::from_bits(bits)))
    }

    #[test]
    fn numbers_of_rfc_8785_appendix_b() {
        let vectors = [
            (0x0000_0000_0000_0000, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5557, "333333333.33333343"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ];
        for (bits, text) in vectors {
            assert_eq!(number(bits), text);
        }
    }

    #[test]
    fn strings_and_order_of_rfc_8785_sections_3_2_2_and_3_2_3() {
        let value = serde_json::json!({"\u{20ac}": "Euro", "\r": "CR", "\u{fb33}": "Dalet", "1": "One", "\u{1f600}": "Smile", "\u{80}": "Control", "\u{f6}": "o"});
        let expected = "{\"\\r\":\"CR\",\"1\":\"One\",\"\u{80}\":\"Control\",\"\u{f6}\":\"o\",\"\u{20ac}\":\"Euro\",\"\u{1f600}\":\"Smile\",\"\u{fb33}\":\"Dalet\"}";
        assert_eq!(write(&value), expected);
        assert_eq!(
            write(&Value::from("\u{20ac}$\u{f}\nA'B\"\\\\\"/")),
            "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\""
        );
    }

    #[test]
    fn only_the_canonical_text_is_read() {
        assert!(parse("{\"a\":[null,true,1.5],\"b\":\"证\"}".as_bytes()).is_ok());
        let at = |text: &str| match parse(text.as_bytes()) {
            Err(CanonicalJsonError::NotCanonical { at }) => Some(at),
            _ => None,
        };
        assert_eq!(at(r#"{"b":1,"a":2}"#), Some(2));
        assert_eq!(at(r#"{"a": 1}"#), Some(5));
        assert_eq!(at(r#"{"a":1.0}"#), Some(6));
        assert_eq!(at(r#"{"a":"\u8bc1"}"#), Some(6));
        assert_eq!(at(r#"{"a":1,"a":1}"#), Some(6));
        assert_eq!(at("{} "), Some(2));
        assert_eq!(
            parse(b"{\"a\":"),
            Err(CanonicalJsonError::Syntax { line: 1, column: 5 })
        );
        assert!(parse(&[b'"', 0xff, b'"']).is_err());
    }

    #[test]
    fn endless_nesting_is_refused() {
        assert!(matches!(
            parse("[".repeat(100_000).as_bytes()),
            Err(CanonicalJsonError::Syntax { .. })
        ));
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "\\PC{0,8}|[\\x00-\\x1f\"\\\\]{0,4}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map("\\PC{0,4}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_number_is_the_same_double_when_read(value in any::<f64>().prop_filter("finite", |value| value.is_finite())) {
            prop_assert_eq!(write(&Value::from(value)).parse::<f64>(), Ok(value));
        }

        #[test]
        fn what_is_written_is_read_and_written_the_same(value in json()) {
            let text = write(&value);
            let read = parse(text.as_bytes());
            prop_assert!(read.is_ok(), "{read:?}");
            prop_assert_eq!(write(&read.unwrap()), text);
        }
    }
}
