//! Distinguished names: exact bytes for writing, a normal form for comparing, text for people (RFC 5280 section
//! 4.1.2.4).
//!
//! Comparison follows RFC 5280 section 7.1: attribute values of the directory string types compare without regard to
//! case, to their string type and to the amount of inner white space; the order of attributes inside one relative name
//! does not matter. Strings are prepared as RFC 4518 says: mapped, case folded, normalised (NFKC), and inner white
//! space counted once. Prohibited characters (section 2.4) are not searched for: they compare as what they are.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use der::asn1::ObjectIdentifier;
use unicode_normalization::UnicodeNormalization;
use x509_parser::asn1_rs::Tag;
use x509_parser::x509::{AttributeTypeAndValue, X509Name};

use super::ReadError;
use super::read::object_identifier;
use crate::asn1::oid;
use crate::crypto::DigestAlgorithm;
use crate::hex;

/// A distinguished name. Equality and hash are those of RFC 5280 section 7.1, not of the bytes. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Name {
    der: Arc<[u8]>,
    relative: Arc<[Vec<Attribute>]>,
    normal: Arc<[NormalRelativeName]>,
    /// SHA-256 of the normal form. Names are long where strangers want comparing to take long.
    id: [u8; 32],
}

/// One attribute of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Which attribute.
    pub oid: ObjectIdentifier,
    /// Its value.
    pub value: AttributeValue,
}

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AttributeValue {
    /// Of a string type that could be decoded.
    Text(String),
    /// Anything else: the identifier octet and the content octets.
    Other(u8, Vec<u8>),
}

/// A name as it compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NormalName(Vec<NormalRelativeName>);

/// Attributes of one relative name, sorted, texts folded.
type NormalRelativeName = Vec<(ObjectIdentifier, AttributeValue)>;

impl Name {
    /// The encoded `Name`, exactly as read or written.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whether it names nothing (an empty sequence).
    pub fn is_empty(&self) -> bool {
        self.relative.is_empty()
    }

    /// All attributes in the order of their encoding.
    pub fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.relative.iter().flatten()
    }

    /// The text of the last attribute of this type, which is the most specific one.
    pub fn text(&self, oid: &ObjectIdentifier) -> Option<&str> {
        self.attributes()
            .filter(|attribute| attribute.oid == *oid)
            .filter_map(Attribute::text)
            .last()
    }

    /// `commonName`.
    pub fn common_name(&self) -> Option<&str> {
        self.text(&oid::COMMON_NAME)
    }

    /// `organizationName`.
    pub fn organization(&self) -> Option<&str> {
        self.text(&oid::ORGANIZATION_NAME)
    }

    /// Whether this name lies in the subtree of `base`: its first relative names equal all of `base`'s
    /// (RFC 5280 section 4.2.1.10).
    pub fn is_within(&self, base: &Self) -> bool {
        self.normal.starts_with(&base.normal)
    }

    /// Whether both lie in the name space of one organisation: they are equal up to its name.
    pub fn is_of_same_organisation(&self, other: &Self) -> bool {
        self.organisation_space() == other.organisation_space()
    }

    fn organisation_space(&self) -> Option<&[NormalRelativeName]> {
        let names_one = |set: &Vec<Attribute>| set.iter().any(|one| one.oid == oid::ORGANIZATION_NAME);
        let end = self.relative.iter().position(names_one)?;
        self.normal.get(..=end)
    }

    /// The form in which names compare, with these attributes added as one more relative name where there are any: the
    /// whole of a name relative to this one (RFC 5280 section 4.2.1.13).
    pub fn normal_with(&self, relative: &[Attribute]) -> NormalName {
        let added = (!relative.is_empty()).then(|| normal_relative_name(relative));
        NormalName(self.normal.iter().cloned().chain(added).collect())
    }

    pub(super) fn from_parser(name: &X509Name<'_>) -> Result<Self, ReadError> {
        let relative = name
            .iter_rdn()
            .map(|set| set.iter().map(Attribute::from_parser).collect::<Result<Vec<_>, _>>())
            .collect::<Result<Vec<_>, _>>()?;
        let normal: Arc<[_]> = relative.iter().map(|set| normal_relative_name(set)).collect();
        let mut compared = Compared::default();
        normal.hash(&mut compared);
        Ok(Self {
            id: DigestAlgorithm::Sha256.digest(&compared.0).first_32(),
            der: name.as_raw().into(),
            relative: relative.into(),
            normal,
        })
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(&self.id);
    }
}

/// What the normal form hands to whoever hashes it, in which each value ends where none of its own octets could.
#[derive(Default)]
struct Compared(Vec<u8>);

impl Hasher for Compared {
    fn write(&mut self, octets: &[u8]) {
        self.0.extend_from_slice(octets);
    }

    /// Of no use: what was handed over is what counts.
    fn finish(&self) -> u64 {
        0
    }
}

/// RFC 4514: most specific first, special characters escaped.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, set) in self.relative.iter().rev().enumerate() {
            if position > 0 {
                f.write_str(",")?;
            }
            for (position, attribute) in set.iter().enumerate() {
                if position > 0 {
                    f.write_str("+")?;
                }
                attribute.fmt(f)?;
            }
        }
        Ok(())
    }
}

impl Attribute {
    /// The value as text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            AttributeValue::Text(text) => Some(text),
            AttributeValue::Other(..) => None,
        }
    }

    pub(super) fn from_parser(attribute: &AttributeTypeAndValue<'_>) -> Result<Self, ReadError> {
        let value = attribute.attr_value();
        let value = match decode_text(value.tag(), value.data) {
            Some(text) => AttributeValue::Text(text),
            None => AttributeValue::Other(identifier_octet(value), value.data.to_vec()),
        };
        Ok(Self {
            oid: object_identifier(attribute.attr_type())?,
            value,
        })
    }

    fn normal(&self) -> (ObjectIdentifier, AttributeValue) {
        let value = match &self.value {
            AttributeValue::Text(text) => AttributeValue::Text(fold(text)),
            other => other.clone(),
        };
        (self.oid, value)
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match SHORT_NAMES.iter().find(|(oid, _)| *oid == self.oid) {
            Some((_, short)) => f.write_str(short)?,
            None => self.oid.fmt(f)?,
        }
        f.write_str("=")?;
        match &self.value {
            AttributeValue::Text(text) => write_escaped(f, text),
            AttributeValue::Other(tag, content) => {
                write!(f, "#{tag:02x}")?;
                hex::write(f, content)
            }
        }
    }
}

/// Short names of RFC 4514 section 3, and those in common use for two more.
const SHORT_NAMES: [(ObjectIdentifier, &str); 8] = [
    (oid::COMMON_NAME, "CN"),
    (oid::LOCALITY_NAME, "L"),
    (oid::STATE_OR_PROVINCE_NAME, "ST"),
    (oid::ORGANIZATION_NAME, "O"),
    (oid::ORGANIZATIONAL_UNIT_NAME, "OU"),
    (oid::COUNTRY_NAME, "C"),
    (oid::SERIAL_NUMBER, "serialNumber"),
    (oid::ORGANIZATION_IDENTIFIER, "organizationIdentifier"),
];

fn normal_relative_name(set: &[Attribute]) -> NormalRelativeName {
    let mut normal: NormalRelativeName = set.iter().map(Attribute::normal).collect();
    normal.sort_unstable();
    normal
}

/// Prepared for comparison (RFC 4518 section 2), with white space at the ends dropped and inside counted once.
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return fold_case(text.split_ascii_whitespace());
    }
    let mapped: String = text
        .chars()
        .filter(|character| !maps_to_nothing(*character))
        .nfkc()
        .collect();
    // Folding may decompose what normalising composed, so both are done once more.
    let folded = fold_case(mapped.split_whitespace());
    folded.nfkc().collect()
}

fn fold_case<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut folded = String::new();
    for word in words {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    folded
}

/// Soft hyphens, joiners, variation selectors, and control characters that are no white space (RFC 4518 section 2.2).
fn maps_to_nothing(character: char) -> bool {
    let is_mark = matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{1806}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2063}' | '\u{206a}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fffc}'
    );
    is_mark || character.is_control() && !character.is_whitespace()
}

fn decode_text(tag: Tag, content: &[u8]) -> Option<String> {
    match tag {
        Tag::Utf8String | Tag::PrintableString | Tag::NumericString | Tag::Ia5String | Tag::VisibleString => {
            std::str::from_utf8(content).ok().map(str::to_owned)
        }
        // TeletexString in practice holds Latin-1 (RFC 5280 section 4.1.2.4 keeps it for old names only).
        Tag::T61String => Some(content.iter().map(|byte| char::from(*byte)).collect()),
        Tag::BmpString if content.len().is_multiple_of(2) => {
            let units = content
                .chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).collect::<Result<_, _>>().ok()
        }
        Tag::UniversalString if content.len().is_multiple_of(4) => content
            .chunks_exact(4)
            .map(|four| char::from_u32(u32::from_be_bytes(four.try_into().ok()?)))
            .collect(),
        _ => None,
    }
}

fn identifier_octet(value: &x509_parser::asn1_rs::Any<'_>) -> u8 {
    let class = value.class() as u8;
    let constructed = u8::from(value.header.constructed());
    class << 6 | constructed << 5 | u8::try_from(value.tag().0 & 0x1f).unwrap_or(0x1f)
}

fn write_escaped(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let mut written = 0;
    for (start, character) in text.char_indices() {
        let end = start + character.len_utf8();
        let special = matches!(character, '"' | '+' | ',' | ';' | '<' | '>' | '\\')
            || character == '#' && start == 0
            || character == ' ' && (start == 0 || end == text.len());
        if !special && !character.is_control() {
            continue;
        }
        f.write_str(&text[written..start])?;
        if special {
            f.write_str("\\")?;
            written = start;
        } else {
            text[start..end]
                .bytes()
                .try_for_each(|byte| write!(f, "\\{byte:02X}"))?;
            written = end;
        }
    }
    f.write_str(&text[written..])
}
