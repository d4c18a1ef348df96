//! The object model of ISO 32000-2, 7.3: null, boolean, integer, real, string, name, array, dictionary, stream,
//! reference.
//!
//! Values carry no place in the file, so two of them can be compared; the data of a stream that was read stay in the
//! file and are named by their range. A dictionary remembers which keys it was given twice, since 7.3.7 leaves their
//! meaning open and two readers may then see two documents.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::sameness::is_same_entry;

/// Any PDF object (ISO 32000-2, 7.3).
#[derive(Debug, Clone, PartialEq)]
pub enum Object {
    /// `null`; also what a reference to an undefined object means (7.3.10).
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// A number written with a decimal point.
    Real(Real),
    /// The bytes of a literal or hexadecimal string, decoded.
    String(Vec<u8>),
    /// A name, its `#xx` escapes decoded.
    Name(Name),
    /// An array.
    Array(Vec<Object>),
    /// A dictionary.
    Dictionary(Dictionary),
    /// A stream; only ever an indirect object (7.3.8.1).
    Stream(Stream),
    /// A reference to an indirect object.
    Reference(Reference),
}

impl Object {
    /// A name object from its text.
    pub fn name(text: &str) -> Self {
        Self::Name(Name::from(text))
    }

    /// A number as it is written shortest: an integer where it is one (7.3.3 allows it wherever a real may stand).
    pub fn number(value: f64) -> Self {
        match value.fract() == 0.0 && value.abs() < EXACT_INTEGERS {
            true => Self::Integer(value as i64),
            false => Self::Real(value.into()),
        }
    }

    /// The value, if it is a number of either kind; infinite where it was written with more digits than a double has
    /// room for.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => Some(*value as f64),
            Self::Real(real) => Some(real.value),
            _ => None,
        }
    }

    /// The integer, if it is one.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// The integer, if it is one that is not negative: an offset, a length or a count.
    pub fn as_unsigned(&self) -> Option<u64> {
        u64::try_from(self.as_integer()?).ok()
    }

    /// The bytes of the string, if it is one.
    pub fn as_string(&self) -> Option<&[u8]> {
        match self {
            Self::String(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The name, if it is one.
    pub fn as_name(&self) -> Option<&Name> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The elements, if it is an array.
    pub fn as_array(&self) -> Option<&[Object]> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The dictionary, if it is one; a stream answers with its own dictionary.
    pub fn as_dictionary(&self) -> Option<&Dictionary> {
        match self {
            Self::Dictionary(dictionary) => Some(dictionary),
            Self::Stream(stream) => Some(&stream.dictionary),
            _ => None,
        }
    }

    /// The stream, if it is one.
    pub fn as_stream(&self) -> Option<&Stream> {
        match self {
            Self::Stream(stream) => Some(stream),
            _ => None,
        }
    }

    /// The reference, if it is one.
    pub fn as_reference(&self) -> Option<Reference> {
        match self {
            Self::Reference(reference) => Some(*reference),
            _ => None,
        }
    }

    /// Bytes of memory that it takes, as near as that can be said.
    pub(super) fn held_bytes(&self) -> u64 {
        let below = match self {
            Self::Array(elements) => elements.iter().map(Self::held_bytes).sum(),
            Self::Dictionary(dictionary) => dictionary.held_below(),
            Self::Stream(stream) => stream.dictionary.held_below(),
            _ => 0,
        };
        below + self.own_bytes()
    }

    /// The same without what is inside it.
    pub(super) fn own_bytes(&self) -> u64 {
        let elsewhere = match self {
            Self::String(bytes) => bytes.len(),
            Self::Name(name) => name.0.len(),
            Self::Real(real) => real.digits.as_ref().map_or(0, |digits| digits.len()),
            Self::Dictionary(_) | Self::Stream(_) => Dictionary::SHARED_BYTES,
            _ => 0,
        };
        (size_of::<Self>() + elsewhere) as u64
    }

    /// The highest number of an object that it refers to; 0 without any.
    pub fn highest_reference(&self) -> u32 {
        let highest = |dictionary: &Dictionary| {
            let values = dictionary.iter().map(|(_, value)| value.highest_reference());
            values.max().unwrap_or(0)
        };
        match self {
            Self::Reference(reference) => reference.number,
            Self::Array(elements) => elements.iter().map(Self::highest_reference).max().unwrap_or(0),
            Self::Dictionary(dictionary) => highest(dictionary),
            Self::Stream(stream) => highest(&stream.dictionary),
            _ => 0,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// What kind of object it is, in a word.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "boolean",
            Self::Integer(_) => "integer",
            Self::Real(_) => "real",
            Self::String(_) => "string",
            Self::Name(_) => "name",
            Self::Array(_) => "array",
            Self::Dictionary(_) => "dictionary",
            Self::Stream(_) => "stream",
            Self::Reference(_) => "reference",
        }
    }
}

/// A real number (ISO 32000-2, 7.3.3), with its digits where a double does not hold them all: what is written again of
/// another's document says the number that was there.
#[derive(Debug, Clone)]
pub struct Real {
    value: f64,
    digits: Option<Box<str>>,
}

/// Integers up to here are doubles, each of its own: 2^53.
const EXACT_INTEGERS: f64 = 9_007_199_254_740_992.0;
/// Decimal digits that a double always holds.
const HELD_DIGITS: usize = 15;
/// Longest number whose own digits are kept, in bytes: as many as the largest whole double has, and more than any
/// writer gives.
const KEPT_BYTES: usize = 64;

impl Real {
    /// Reads signs, digits and a point.
    pub(super) fn read(text: &str) -> Option<Self> {
        let value = text.parse().ok()?;
        let is_held = text.len() <= HELD_DIGITS || text.len() > KEPT_BYTES;
        let digits = (!is_held).then(|| text.into());
        Some(Self { value, digits })
    }

    /// Its value.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Its own digits, where they are more than its value holds.
    pub(super) fn digits(&self) -> Option<&str> {
        self.digits.as_deref()
    }
}

impl From<f64> for Real {
    fn from(value: f64) -> Self {
        Self { value, digits: None }
    }
}

impl PartialEq for Real {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

/// A name without its solidus (ISO 32000-2, 7.3.5).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(pub Vec<u8>);

impl Name {
    /// Bytes of memory that it takes.
    pub(super) fn held_bytes(&self) -> u64 {
        (size_of::<Self>() + self.0.len()) as u64
    }

    /// The name as text; bytes that are no UTF-8 are replaced.
    pub fn to_text(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

impl Borrow<[u8]> for Name {
    fn borrow(&self) -> &[u8] {
        &self.0
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.0 == other.as_bytes()
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}", self.to_text())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}", self.to_text())
    }
}

/// The identity of an indirect object (ISO 32000-2, 7.3.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// Object number, from 1.
    pub number: u32,
    /// Generation number.
    pub generation: u16,
}

impl Reference {
    /// The object of that number in generation 0.
    pub fn new(number: u32) -> Self {
        Self { number, generation: 0 }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} R", self.number, self.generation)
    }
}

/// A dictionary (ISO 32000-2, 7.3.7). An entry whose value is null is the same as no entry.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    /// Shared by its copies until one of them is changed.
    shared: Arc<Entries>,
}

/// Most dictionaries are small, and there are many of them: a list takes a tenth of what a map does.
#[derive(Debug, Clone, Default, PartialEq)]
struct Entries {
    /// Sorted by key, each key once.
    sorted: Vec<(Name, Object)>,
    /// What stands under a key before its last value, by key and in the order of the file.
    duplicates: Vec<(Name, Object)>,
}

impl PartialEq for Dictionary {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared) || self.shared == other.shared
    }
}

impl Entries {
    fn place(&self, key: &[u8]) -> Result<usize, usize> {
        self.sorted.binary_search_by(|(name, _)| name.0.as_slice().cmp(key))
    }
}

impl Dictionary {
    /// Bytes of memory that what its copies share takes without entries: the list and two counts of the copies.
    const SHARED_BYTES: usize = size_of::<Entries>() + 2 * size_of::<usize>();

    /// A dictionary without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Entries as they stand in a file: of a key that is there more than once the last value holds, and it is kept in
    /// mind as a duplicate.
    pub(super) fn read(mut entries: Vec<(Name, Object)>) -> Self {
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut duplicates = Vec::new();
        entries.dedup_by(|later, kept| {
            let is_same = later.0 == kept.0;
            if is_same {
                std::mem::swap(&mut later.1, &mut kept.1);
                duplicates.push((kept.0.clone(), std::mem::replace(&mut later.1, Object::Null)));
            }
            is_same
        });
        entries.shrink_to_fit();
        let sorted = entries;
        Self {
            shared: Arc::new(Entries { sorted, duplicates }),
        }
    }

    /// Bytes of memory that it takes.
    pub(super) fn held_bytes(&self) -> u64 {
        size_of::<Object>() as u64 + Self::SHARED_BYTES as u64 + self.held_below()
    }

    fn held_below(&self) -> u64 {
        let entries = self.shared.sorted.iter().chain(&self.shared.duplicates);
        entries.map(|(key, value)| key.held_bytes() + value.held_bytes()).sum()
    }

    /// The value of a key; `None` when it is absent or null.
    pub fn get(&self, key: &str) -> Option<&Object> {
        self.value(key.as_bytes())
    }

    /// What stands under a key, null where it is that.
    pub(super) fn stated(&self, key: &str) -> Option<&Object> {
        let place = self.shared.place(key.as_bytes()).ok()?;
        Some(&self.shared.sorted[place].1)
    }

    /// The value of a key, to be changed in place.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Object> {
        let place = self.shared.place(key.as_bytes()).ok()?;
        Some(&mut Arc::make_mut(&mut self.shared).sorted[place].1)
    }

    fn value(&self, key: &[u8]) -> Option<&Object> {
        let place = self.shared.place(key).ok()?;
        Some(&self.shared.sorted[place].1).filter(|value| !value.is_null())
    }

    /// Keys under which two dictionaries say something else. By 7.3.7 null is the same as no entry; but to some readers
    /// it is zero, or keeps a parent's value away, so that an entry which is null is not the same here as none.
    pub fn differing<'a>(&'a self, other: &'a Self) -> Vec<&'a Name> {
        let stated = |dictionary: &'a Self, key: &Name| {
            let place = dictionary.shared.place(&key.0).ok()?;
            Some(&dictionary.shared.sorted[place].1)
        };
        let is_same = |key: &Name| match (stated(self, key), stated(other, key)) {
            (Some(own), Some(other)) => is_same_entry(key, own, other),
            (None, None) => true,
            _ => false,
        };
        let own = self.iter().map(|(key, _)| key);
        let new = other.iter().map(|(key, _)| key);
        let new = new.filter(|key| self.shared.place(&key.0).is_err());
        own.chain(new).filter(|key| !is_same(key)).collect()
    }

    /// Sets a key, in the manner of a builder; a later value replaces an earlier one.
    #[must_use]
    pub fn with(mut self, key: &str, value: Object) -> Self {
        self.set(key, value);
        self
    }

    /// Sets a key; a later value replaces an earlier one.
    pub fn set(&mut self, key: &str, value: Object) {
        let entries = Arc::make_mut(&mut self.shared);
        match entries.place(key.as_bytes()) {
            Ok(place) => entries.sorted[place].1 = value,
            Err(place) => entries.sorted.insert(place, (Name::from(key), value)),
        }
    }

    /// Removes a key and gives its value.
    pub fn remove(&mut self, key: &str) -> Option<Object> {
        let place = self.shared.place(key.as_bytes()).ok()?;
        Some(Arc::make_mut(&mut self.shared).sorted.remove(place).1)
    }

    /// What the file gave under a key before its last value, by key: of a key that it gave more than once.
    pub fn duplicates(&self) -> &[(Name, Object)] {
        &self.shared.duplicates
    }

    /// Entries in the order of their keys, null ones included.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Name, &Object)> {
        self.shared.sorted.iter().map(|(key, value)| (key, value))
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.shared.sorted.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.shared.sorted.is_empty()
    }

    /// Whether the entry `key` is the name `value`.
    pub fn is(&self, key: &str, value: &str) -> bool {
        self.get(key)
            .and_then(Object::as_name)
            .is_some_and(|name| name == value)
    }
}

/// A stream (ISO 32000-2, 7.3.8).
#[derive(Debug, Clone, PartialEq)]
pub struct Stream {
    /// Its dictionary, `Length` and `Filter` included as they were read.
    pub dictionary: Dictionary,
    /// Its data, still encoded by the filters that the dictionary names.
    pub data: StreamData,
}

/// Where the encoded data of a stream are.
#[derive(Debug, Clone, PartialEq)]
pub enum StreamData {
    /// In the file that it was read from, by byte range.
    InFile(Range<u64>),
    /// Here; what a producer sets.
    Held(Vec<u8>),
}

impl StreamData {
    /// How many bytes it has as it is encoded.
    pub(super) fn encoded_bytes(&self) -> u64 {
        match self {
            Self::InFile(range) => range.end.saturating_sub(range.start),
            Self::Held(data) => data.len() as u64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_null_entry_is_no_entry() {
        let dictionary = Dictionary::new().with("A", Object::Null).with("B", Object::Integer(1));
        assert_eq!(dictionary.get("A"), None);
        assert_eq!(dictionary.get("B"), Some(&Object::Integer(1)));
    }

    #[test]
    fn a_key_read_twice_is_remembered() {
        let entries = [("V", 1), ("A", 2), ("V", 3), ("V", 4)];
        let dictionary = Dictionary::read(
            entries
                .map(|(key, value)| (Name::from(key), Object::Integer(value)))
                .to_vec(),
        );
        assert_eq!(dictionary.get("V"), Some(&Object::Integer(4)));
        assert_eq!((dictionary.len(), dictionary.get("A")), (2, Some(&Object::Integer(2))));
        let replaced = [1, 3].map(|value| (Name::from("V"), Object::Integer(value)));
        assert_eq!(dictionary.duplicates(), replaced);
    }

    #[test]
    fn a_copy_is_not_changed_with_its_original() {
        let original = Dictionary::new()
            .with("B", Object::Integer(1))
            .with("A", Object::Integer(2));
        let mut changed = original.clone().with("B", Object::Integer(3));
        assert_eq!(changed.remove("A"), Some(Object::Integer(2)));
        let keys = |dictionary: &Dictionary| dictionary.iter().map(|(key, _)| key.to_text()).collect::<Vec<_>>();
        assert_eq!(
            (keys(&original), keys(&changed)),
            (vec!["A".into(), "B".into()], vec!["B".into()])
        );
        assert_eq!(original.differing(&changed), [&Name::from("A"), &Name::from("B")]);
    }

    #[test]
    fn a_small_value_takes_little_memory() {
        assert!(size_of::<Object>() <= 32, "{}", size_of::<Object>());
        let small = Dictionary::read(vec![(Name::from("A"), Object::Integer(0))]);
        assert!(Object::Dictionary(small).held_bytes() <= 200);
    }
}
