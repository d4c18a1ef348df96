//! What a department sends when it wants a licence issued: everything as text, nothing checked yet but its shape.
//!
//! The JSON form is flat except for the fields of the face, so that a table with the same column names imports alike.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::licence::licence_type::LicenceType;
use crate::licence::rule::Rule;

/// An application for one licence (证照制发申请). A text that is left out is empty, and refused where one is needed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Application {
    /// Slug or type code of the licence type.
    #[serde(default)]
    pub licence_type: String,
    /// Name of the holder.
    #[serde(default)]
    pub holder_name: String,
    /// Category of the holder, `natural-person` and so on; what the holder's code says when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder_category: Option<String>,
    /// Three digits of GB/T 36903 annex A: 001 credit code, 111 identity number.
    #[serde(default)]
    pub holder_code_type: String,
    /// Code of the holder.
    #[serde(default)]
    pub holder_code: String,
    /// Number of the licence in the form of its kind.
    #[serde(default)]
    pub licence_number: String,
    /// Day of issue; today when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_date: Option<String>,
    /// First day; the day of issue when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_date: Option<String>,
    /// Last day; by the rule of the type when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiring_date: Option<String>,
    /// Values of the fields by name. Numbers are taken as their digits; a name that comes twice is refused.
    #[serde(default, deserialize_with = "values")]
    pub fields: BTreeMap<String, String>,
    /// The holder's photograph.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<Photo>,
    /// The issuer's serial in the identifier; the service gives one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
}

/// A photograph as it is sent: base64 text in JSON, bytes from a file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Photo {
    /// Base64 with padding (RFC 4648 section 4).
    Base64(String),
    /// The picture itself.
    #[serde(skip)]
    Bytes(Vec<u8>),
}

impl Photo {
    /// The picture: JPEG, within [`MAX_PHOTO_BYTES`].
    pub fn to_jpeg(&self) -> Result<Vec<u8>, Rule> {
        let bytes = match self {
            Self::Bytes(bytes) => bytes.clone(),
            Self::Base64(text) if text.len() / 4 * 3 > MAX_PHOTO_BYTES + 3 => {
                return Err(Rule::PhotoTooLarge {
                    max_bytes: MAX_PHOTO_BYTES,
                    bytes: text.len() / 4 * 3,
                });
            }
            Self::Base64(text) => BASE64_STANDARD.decode(text).map_err(|_| Rule::PhotoEncoding)?,
        };
        if bytes.len() > MAX_PHOTO_BYTES {
            return Err(Rule::PhotoTooLarge {
                max_bytes: MAX_PHOTO_BYTES,
                bytes: bytes.len(),
            });
        }
        // ITU-T T.81 B.1.1.3: SOI at the start with a marker after it, EOI at the end.
        if bytes.starts_with(&[0xff, 0xd8, 0xff]) && bytes.ends_with(&[0xff, 0xd9]) {
            Ok(bytes)
        } else {
            Err(Rule::PhotoFormat)
        }
    }
}

impl fmt::Debug for Photo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base64(text) => write!(f, "Photo({} characters)", text.len()),
            Self::Bytes(bytes) => write!(f, "Photo({} bytes)", bytes.len()),
        }
    }
}

impl Application {
    /// The application for the made-up licence of a type; the photograph, where the face has one, is given.
    pub fn example(licence_type: &LicenceType, photo: Option<Vec<u8>>) -> Self {
        let example = &licence_type.example;
        let value = |field: &crate::licence::field::FieldSpec| Some((field.name.clone(), field.example.clone()?));
        Self {
            licence_type: licence_type.slug.clone(),
            holder_name: example.holder.name.clone(),
            holder_category: Some(example.holder.category.name().to_owned()),
            holder_code_type: example.holder.code_type.code().to_owned(),
            holder_code: example.holder.code.clone(),
            licence_number: example.number.clone(),
            issued_date: None,
            effective_date: Some(example.effective_date.clone()),
            expiring_date: example.expiring_date.clone(),
            fields: licence_type.fields.iter().filter_map(value).collect(),
            photo: photo.filter(|_| licence_type.photo().is_some()).map(Photo::Bytes),
            serial: None,
        }
    }
}

/// Largest photograph, in bytes: with it a licence stays within the 40 KiB that storage plans with.
pub const MAX_PHOTO_BYTES: usize = 24 * 1024;

fn values<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    struct Values;

    impl<'de> Visitor<'de> for Values {
        type Value = BTreeMap<String, String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object whose values are texts or numbers")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut values = BTreeMap::new();
            while let Some((name, value)) = map.next_entry::<String, TextOrNumber>()? {
                let value = match value {
                    TextOrNumber::Text(text) => text,
                    TextOrNumber::Number(number) => number.to_string(),
                };
                if values.contains_key(&name) {
                    return Err(A::Error::custom(format_args!("the field \"{name}\" comes twice")));
                }
                values.insert(name, value);
            }
            Ok(values)
        }
    }

    deserializer.deserialize_map(Values)
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TextOrNumber {
    Text(String),
    Number(serde_json::Number),
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINIMAL: &str =
        r#"{"licenceType":"t","holderName":"n","holderCodeType":"001","holderCode":"c","licenceNumber":"1""#;

    fn read(rest: &str) -> Result<Application, String> {
        serde_json::from_str(&format!("{MINIMAL}{rest}}}")).map_err(|error| error.to_string())
    }

    #[test]
    fn numbers_are_taken_as_their_digits() {
        let application = read(r#","fields":{"beds":320,"area":"1.50"}"#).unwrap();
        assert_eq!(application.fields["beds"], "320");
        assert_eq!(application.fields["area"], "1.50");
    }

    #[test]
    fn unknown_keys_and_fields_that_come_twice_are_refused() {
        assert!(
            read(r#","colour":"red""#)
                .unwrap_err()
                .contains("unknown field `colour`")
        );
        assert!(
            read(r#","fields":{"a":"1","a":"2"}"#)
                .unwrap_err()
                .contains("the field \"a\" comes twice")
        );
        assert!(read(r#","fields":{"a":null}"#).is_err());
    }

    #[test]
    fn a_photograph_is_a_jpeg_of_bounded_size() {
        let jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 0xff, 0xd9];
        let encoded = BASE64_STANDARD.encode(jpeg);
        assert_eq!(Photo::Base64(encoded).to_jpeg(), Ok(jpeg.to_vec()));
        assert_eq!(Photo::Base64("%%".into()).to_jpeg(), Err(Rule::PhotoEncoding));
        assert_eq!(Photo::Bytes(b"\x89PNG".to_vec()).to_jpeg(), Err(Rule::PhotoFormat));
        let large = vec![0; MAX_PHOTO_BYTES + 1];
        let too_large = |photo: &Photo| matches!(photo.to_jpeg(), Err(Rule::PhotoTooLarge { .. }));
        assert!(too_large(&Photo::Base64(BASE64_STANDARD.encode(&large))) && too_large(&Photo::Bytes(large)));
    }

    #[test]
    fn its_debug_text_does_not_hold_the_picture() {
        assert_eq!(format!("{:?}", Photo::Bytes(vec![0; 9])), "Photo(9 bytes)");
    }

    #[test]
    fn what_is_written_is_read_back() {
        let application = read(r#","fields":{"a":"甲"},"photo":"/9j/","effectiveDate":"2026-03-05""#).unwrap();
        let text = serde_json::to_string(&application).unwrap();
        assert_eq!(serde_json::from_str::<Application>(&text).unwrap(), application);
    }
}
