//! The signature dictionary (ISO 32000-2 section 12.8.1, table 255; ETSI EN 319 142-1 section 6.3).

use chrono::{DateTime, Utc};

use crate::clock::beijing;
use crate::pdf::{Dictionary, Object};

/// What a signature dictionary says beside the signature. None of it proves anything.
#[derive(Debug, Clone)]
pub struct Claims<'a> {
    /// Who signs; where it is left out, viewers take it from the certificate.
    pub name: Option<&'a str>,
    /// Why.
    pub reason: &'a str,
    /// Where.
    pub location: Option<&'a str>,
    /// When, by the signer's clock.
    pub time: DateTime<Utc>,
}

impl Claims<'_> {
    /// The entries of a PAdES signature but `ByteRange` and `Contents`.
    pub(super) fn dictionary(&self) -> Dictionary {
        let time = beijing(self.time).format("D:%Y%m%d%H%M%S+08'00'").to_string();
        let dictionary = Dictionary::new()
            .with("Type", Object::name("Sig"))
            .with("Filter", Object::name("Adobe.PPKLite"))
            .with("SubFilter", Object::name("ETSI.CAdES.detached"))
            .with("M", Object::String(time.into_bytes()))
            .with("Reason", text(self.reason));
        let said = [("Name", self.name), ("Location", self.location)];
        said.into_iter()
            .fold(dictionary, |dictionary, (key, value)| match value {
                Some(value) => dictionary.with(key, text(value)),
                None => dictionary,
            })
    }
}

/// The reference that makes a signature a certification after which nothing may change: DocMDP with P = 1 (ISO 32000-2
/// section 12.8.2.2).
pub(super) fn no_changes() -> Object {
    let parameters = Dictionary::new()
        .with("Type", Object::name("TransformParams"))
        .with("P", Object::Integer(1))
        .with("V", Object::name("1.2"));
    let reference = Dictionary::new()
        .with("Type", Object::name("SigRef"))
        .with("TransformMethod", Object::name("DocMDP"))
        .with("TransformParams", Object::Dictionary(parameters));
    Object::Array(vec![Object::Dictionary(reference)])
}

/// A text string: ASCII as it is, anything else in UTF-16 with its mark (ISO 32000-2 section 7.9.2.2).
fn text(value: &str) -> Object {
    if value.is_ascii() {
        return Object::String(value.as_bytes().to_vec());
    }
    let units = [0xfeff].into_iter().chain(value.encode_utf16());
    Object::String(units.flat_map(u16::to_be_bytes).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_beijing_and_texts_of_any_script() {
        let claims = Claims {
            name: Some("局"),
            reason: "issue",
            location: None,
            time: "2026-05-28T20:30:15Z".parse().unwrap(),
        };
        let dictionary = claims.dictionary();
        assert_eq!(
            dictionary.get("M"),
            Some(&Object::String(b"D:20260529043015+08'00'".to_vec()))
        );
        assert_eq!(
            dictionary.get("Name"),
            Some(&Object::String(vec![0xfe, 0xff, 0x5c, 0x40]))
        );
        assert_eq!(dictionary.get("Reason"), Some(&Object::String(b"issue".to_vec())));
        assert_eq!(dictionary.get("Location"), None);
    }
}
