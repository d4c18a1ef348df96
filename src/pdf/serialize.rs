//! Writes objects in one strict form: single spaces, names escaped where ISO 32000-2, 7.3.5 asks for it, strings
//! literal when they are printable ASCII and hexadecimal otherwise, `Length` set from the data.

use super::append::WriteError;
use super::object::{Dictionary, Name, Object, Real, Reference, StreamData};

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Appends `N G obj … endobj` with a line feed at its end.
pub(super) fn indirect(out: &mut Vec<u8>, reference: Reference, value: &Object) -> Result<(), WriteError> {
    begin_indirect(out, reference);
    object(out, value)?;
    out.extend_from_slice(b"\nendobj\n");
    Ok(())
}

/// Appends `N G obj` and a line feed.
pub(super) fn begin_indirect(out: &mut Vec<u8>, reference: Reference) {
    decimal(out, u64::from(reference.number));
    out.push(b' ');
    decimal(out, u64::from(reference.generation));
    out.extend_from_slice(b" obj\n");
}

/// Appends one object.
pub(super) fn object(out: &mut Vec<u8>, value: &Object) -> Result<(), WriteError> {
    match value {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(true) => out.extend_from_slice(b"true"),
        Object::Boolean(false) => out.extend_from_slice(b"false"),
        Object::Integer(number) => out.extend_from_slice(number.to_string().as_bytes()),
        Object::Real(number) => real(out, number)?,
        Object::String(bytes) => string(out, bytes),
        Object::Name(value) => name(out, value),
        Object::Array(elements) => {
            out.push(b'[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                object(out, element)?;
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => {
            out.extend_from_slice(b"<<");
            entries(out, dictionary)?;
            out.extend_from_slice(b">>");
        }
        Object::Stream(stream) => {
            let StreamData::Held(data) = &stream.data else {
                return Err(WriteError::StreamNotHeld);
            };
            let length = i64::try_from(data.len()).map_err(|_| WriteError::TooLarge { bytes: u64::MAX })?;
            let dictionary = stream.dictionary.clone().with("Length", Object::Integer(length));
            object(out, &Object::Dictionary(dictionary))?;
            out.extend_from_slice(b"\nstream\n");
            out.extend_from_slice(data);
            out.extend_from_slice(b"\nendstream");
        }
        Object::Reference(reference) => {
            decimal(out, u64::from(reference.number));
            out.push(b' ');
            decimal(out, u64::from(reference.generation));
            out.extend_from_slice(b" R");
        }
    }
    Ok(())
}

/// Appends the entries of a dictionary without its brackets. A dictionary with doubled keys has no one meaning and is
/// refused.
pub(super) fn entries(out: &mut Vec<u8>, dictionary: &Dictionary) -> Result<(), WriteError> {
    if let Some((key, _)) = dictionary.duplicates().first() {
        return Err(WriteError::DuplicateKey { key: key.to_text() });
    }
    for (key, value) in dictionary.iter() {
        name(out, key);
        out.push(b' ');
        object(out, value)?;
    }
    Ok(())
}

/// Appends bytes as lower-case hexadecimal digits.
pub(super) fn hexadecimal(out: &mut Vec<u8>, bytes: &[u8]) {
    out.reserve(bytes.len() * 2);
    for byte in bytes {
        out.push(HEX[usize::from(byte >> 4)]);
        out.push(HEX[usize::from(byte & 15)]);
    }
}

/// Appends a number that is not negative.
pub(super) fn decimal(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(number.to_string().as_bytes());
}

/// A real stays one: with a point, without which it would be an integer to whoever reads it.
fn real(out: &mut Vec<u8>, number: &Real) -> Result<(), WriteError> {
    let value = number.value();
    match number.digits() {
        Some(digits) => out.extend_from_slice(digits.as_bytes()),
        None if value.is_finite() => {
            out.extend_from_slice(value.to_string().as_bytes());
            if value.fract() == 0.0 {
                out.extend_from_slice(b".0");
            }
        }
        None => return Err(WriteError::NotFinite { value }),
    }
    Ok(())
}

fn string(out: &mut Vec<u8>, bytes: &[u8]) {
    if bytes.iter().all(|byte| (0x20..0x7f).contains(byte)) {
        out.push(b'(');
        for &byte in bytes {
            if matches!(byte, b'(' | b')' | b'\\') {
                out.push(b'\\');
            }
            out.push(byte);
        }
        out.push(b')');
    } else {
        out.push(b'<');
        hexadecimal(out, bytes);
        out.push(b'>');
    }
}

fn name(out: &mut Vec<u8>, name: &Name) {
    out.push(b'/');
    for &byte in &name.0 {
        let plain = byte.is_ascii_graphic() && !b"()<>[]{}/%#".contains(&byte);
        if plain {
            out.push(byte);
        } else {
            out.extend_from_slice(&[b'#', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::object::Stream;

    fn written(value: &Object) -> String {
        let mut out = Vec::new();
        object(&mut out, value).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn values_have_one_form() {
        assert_eq!(written(&Object::name("A B#")), "/A#20B#23");
        assert_eq!(written(&Object::String(b"a(b)\\".to_vec())), "(a\\(b\\)\\\\)");
        assert_eq!(written(&Object::String(vec![0xfe, 0xff, 0x4e])), "<feff4e>");
        assert_eq!(written(&Object::number(0.5)), "0.5");
        assert_eq!(written(&Object::number(5.0)), "5");
        let array = Object::Array(vec![
            Object::Integer(-1),
            Object::Null,
            Object::Reference(Reference::new(7)),
        ]);
        assert_eq!(
            written(&Object::Dictionary(Dictionary::new().with("K", array))),
            "<</K [-1 null 7 0 R]>>"
        );
    }

    #[test]
    fn a_real_that_was_read_keeps_its_kind_and_every_digit() {
        for number in ["0.0", "-0.5", "612.0", "841.8900000000000091", "0.00000000000000000001"] {
            assert_eq!(written(&Object::Real(Real::read(number).unwrap())), number);
        }
    }

    #[test]
    fn a_stream_says_its_own_length() {
        let dictionary = Dictionary::new().with("Length", Object::Integer(99));
        let stream = Stream {
            dictionary,
            data: StreamData::Held(b"abc".to_vec()),
        };
        assert_eq!(
            written(&Object::Stream(stream)),
            "<</Length 3>>\nstream\nabc\nendstream"
        );
    }

    #[test]
    fn what_has_no_form_is_refused() {
        let mut out = Vec::new();
        assert!(matches!(
            object(&mut out, &Object::number(f64::NAN)),
            Err(WriteError::NotFinite { .. })
        ));
        let stream = Stream {
            dictionary: Dictionary::new(),
            data: StreamData::InFile(0..1),
        };
        assert_eq!(
            object(&mut out, &Object::Stream(stream)),
            Err(WriteError::StreamNotHeld)
        );
    }
}
