//! The signature dictionary (ISO 32000-2 section 12.8.1, table 255; ETSI EN 319 142-1 section 6.3).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::SignatureForm;
use crate::clock::beijing;
use crate::pdf::text::encode_text;
use crate::pdf::{Dictionary, Object, Reference};

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
    /// The entries of a signature of this form but `ByteRange` and `Contents`.
    pub(super) fn dictionary(&self, form: SignatureForm) -> Dictionary {
        let time = beijing(self.time).format("D:%Y%m%d%H%M%S+08'00'").to_string();
        let dictionary = Dictionary::new()
            .with("Type", Object::name("Sig"))
            .with("Filter", Object::name("Adobe.PPKLite"))
            .with("SubFilter", Object::name(form.sub_filter()))
            .with("M", Object::String(time.into_bytes()))
            .with("Reason", Object::String(encode_text(self.reason)));
        let said = [("Name", self.name), ("Location", self.location)];
        said.into_iter()
            .fold(dictionary, |dictionary, (key, value)| match value {
                Some(value) => dictionary.with(key, Object::String(encode_text(value))),
                None => dictionary,
            })
    }
}

/// What may follow a certification (ISO 32000-2 table 257, `P`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Permission {
    /// Nothing (1).
    NoChanges = 1,
    /// Filling in forms and signing (2).
    Forms = 2,
    /// Annotating too (3).
    Annotations = 3,
}

impl Permission {
    /// The permission of that number.
    pub fn from_number(number: i64) -> Option<Self> {
        [Self::NoChanges, Self::Forms, Self::Annotations]
            .into_iter()
            .find(|permission| *permission as i64 == number)
    }
}

/// The reference that makes a signature a certification: DocMDP (ISO 32000-2 section 12.8.2.2).
pub(super) fn certification(permission: Permission) -> Object {
    let parameters = Dictionary::new()
        .with("Type", Object::name("TransformParams"))
        .with("P", Object::Integer(permission as i64))
        .with("V", Object::name("1.2"));
    signature_reference("DocMDP", parameters)
}

/// The reference by which a signature locks fields: FieldMDP (ISO 32000-2 section 12.8.2.4), with the `Action` and
/// `Fields` of the field's lock.
pub(super) fn field_lock(lock: &Dictionary, root: Reference) -> Object {
    let mut parameters = Dictionary::new()
        .with("Type", Object::name("TransformParams"))
        .with("V", Object::name("1.2"));
    for key in ["Action", "Fields"] {
        if let Some(value) = lock.get(key) {
            parameters.set(key, value.clone());
        }
    }
    match signature_reference("FieldMDP", parameters) {
        Object::Dictionary(reference) => Object::Dictionary(reference.with("Data", Object::Reference(root))),
        other => other,
    }
}

/// A signature reference dictionary (ISO 32000-2 table 256).
fn signature_reference(method: &str, parameters: Dictionary) -> Object {
    let reference = Dictionary::new()
        .with("Type", Object::name("SigRef"))
        .with("TransformMethod", Object::name(method))
        .with("TransformParams", Object::Dictionary(parameters));
    Object::Dictionary(reference)
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
        let dictionary = claims.dictionary(SignatureForm::Pades);
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
