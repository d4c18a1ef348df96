//! Reads the signatures of a document: each filled signature field of its form, then the orphans.

use chrono::{DateTime, Utc};

use crate::pdf::error::PdfError;
use crate::pdf::file::PdfFile;
use crate::pdf::limits::{LimitReached, Limits};
use crate::pdf::object::{Dictionary, Object, Reference};
use crate::pdf::text::{decode_date, decode_text};
use crate::pdf::view::View;
use crate::pdf::xref::Entry;

use super::contents::{self, ContentsFault};
use super::coverage::{self, ByteRange, ByteRangeFault, SignatureCoverage};
use super::form::{self, FormField};
use super::orphan::{self, Orphan};

/// A signature of a document, as the latest revision shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct SignatureField {
    /// The field that it fills; `None` for an orphan, which no field of the form leads to.
    pub field: Option<FormField>,
    /// The object of the signature dictionary; `None` if it is written inside the field.
    pub object: Option<Reference>,
    /// The signature dictionary.
    pub dictionary: Dictionary,
    /// A signature or a document time stamp.
    pub kind: SignatureKind,
    /// What `ByteRange` says, if it is four integers that are not negative.
    pub byte_range: Option<ByteRange>,
    /// Every rule on `ByteRange` and on the place of `Contents` that is broken; empty for a sound signature.
    pub faults: Vec<ByteRangeFault>,
    /// The signature itself, DER or BER, without its padding.
    pub signature: Result<Vec<u8>, ContentsFault>,
    /// What it covers.
    pub coverage: SignatureCoverage,
    /// Number (from 1) of the revision that it signed: the one whose end its coverage has.
    pub revision: Option<usize>,
    /// The certification that it makes, if it is a certifying signature.
    pub certification: Option<Certification>,
    /// Whether the dictionary is still what it was when it was signed.
    pub history: DictionaryHistory,
}

/// What a signature dictionary is (ISO 32000-2, 12.8.1 and 12.8.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureKind {
    /// Somebody's signature or seal.
    Signature,
    /// A document time stamp.
    DocumentTimeStamp,
}

/// A certifying signature (ISO 32000-2, 12.8.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Certification {
    /// `P`: 1 no changes, 2 filling in forms and signing, 3 annotating too. As it is written, 2 where it is not, 1
    /// where it is no such number.
    pub permission: i64,
    /// Whether the catalogue's `Perms` names this signature, as it has to.
    pub named_by_catalog: bool,
}

/// What became of a signature dictionary after it was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DictionaryHistory {
    /// It is the same in its own revision and in the latest, and the same field has it.
    Same,
    /// A later revision has another dictionary in its place.
    Replaced,
    /// The revision that it covers does not have it in this field.
    NotInItsRevision,
    /// It covers no revision, so that there is nothing to compare with.
    Unknown,
}

impl SignatureField {
    /// The full name of its field, if it has one.
    pub fn name(&self) -> Option<&str> {
        self.field.as_ref().map(|field| field.name.as_str())
    }

    /// Whether another field has the very same signature: one dictionary, to which both refer.
    pub fn is_shared_with(&self, other: &Self) -> bool {
        let said = |field: &Self| {
            (
                field.object,
                field.coverage,
                field.revision,
                field.history,
                field.certification,
            )
        };
        self.object.is_some() && said(self) == said(other)
    }

    /// `SubFilter`: the encoding of the signature, such as `ETSI.CAdES.detached`.
    pub fn sub_filter(&self) -> Option<String> {
        self.dictionary
            .get("SubFilter")
            .and_then(Object::as_name)
            .map(|name| name.to_text())
    }

    /// `Filter`: the signature handler.
    pub fn filter(&self) -> Option<String> {
        self.dictionary
            .get("Filter")
            .and_then(Object::as_name)
            .map(|name| name.to_text())
    }

    /// The time that the signer states in `M`; nothing proves it.
    pub fn claimed_time(&self) -> Option<DateTime<Utc>> {
        self.dictionary
            .get("M")
            .and_then(Object::as_string)
            .and_then(decode_date)
    }

    /// The text of an entry such as `Reason`, `Location` or `Name`.
    pub fn text(&self, key: &str) -> Option<String> {
        self.dictionary.get(key).and_then(Object::as_string).map(decode_text)
    }

    /// The revision that it covers to its end, if it is sound.
    pub fn covered_revision(&self) -> Option<usize> {
        let is_whole = matches!(
            self.coverage,
            SignatureCoverage::WholeFile | SignatureCoverage::WholeRevision(_)
        );
        self.revision.filter(|_| is_whole && self.faults.is_empty())
    }

    /// Whether no field of the form leads to it.
    pub fn is_orphan(&self) -> bool {
        self.field.is_none()
    }
}

impl PdfFile<'_> {
    /// The signature fields of the form as it is now, filled or empty, in its order.
    pub fn signature_fields(&self) -> Result<Vec<FormField>, PdfError> {
        form::signature_fields(&self.latest())
    }

    /// The signatures: of each filled signature field in the order of the form, then those that no field leads to. A
    /// signature that two fields share is given for each of them. They are read once.
    pub fn signatures(&self) -> Result<&[SignatureField], PdfError> {
        if let Some(known) = self.signatures.get() {
            return Ok(known);
        }
        let read = self.read_signatures()?;
        Ok(self.signatures.get_or_init(|| read))
    }

    fn read_signatures(&self) -> Result<Vec<SignatureField>, PdfError> {
        let latest = self.latest();
        let mut signatures = Vec::new();
        let mut room = Taken::default();
        for field in self.signature_fields()? {
            let Some(value) = field.value.clone() else { continue };
            let Object::Dictionary(dictionary) = latest.resolve(&value)? else {
                return Err(PdfError::Type {
                    what: "the value of a signature field",
                    expected: "a dictionary",
                });
            };
            room.take(&self.reader.limits, &dictionary)?;
            signatures.push(read(&latest, value.as_reference(), dictionary, Some(field))?);
        }
        for orphan in orphan::search(self, &signatures)? {
            match orphan {
                Orphan::Listed { object, revision } => {
                    let view = self.at_revision(revision).unwrap_or(latest);
                    let Object::Dictionary(dictionary) = view.resolve(&Object::Reference(object))? else {
                        continue;
                    };
                    room.take(&self.reader.limits, &dictionary)?;
                    let signature = read(&view, Some(object), dictionary, None)?;
                    let is_in_place = place(&view, object) == place(&latest, object);
                    if is_in_place || orphan::was_filled(&signature) {
                        signatures.push(signature);
                    }
                }
                Orphan::Unlisted(byte_range) => {
                    room.take(&self.reader.limits, &Dictionary::new())?;
                    signatures.push(unlisted(byte_range));
                }
            }
        }
        Ok(signatures)
    }
}

/// What the signatures that were read take of their budgets.
#[derive(Default)]
struct Taken {
    signatures: usize,
    bytes: usize,
}

impl Taken {
    fn take(&mut self, limits: &Limits, dictionary: &Dictionary) -> Result<(), LimitReached> {
        let contents = dictionary.get("Contents").and_then(Object::as_string);
        self.signatures += 1;
        self.bytes = self.bytes.saturating_add(contents.map_or(0, <[u8]>::len));
        let reached = |unit, allowed: usize| {
            let allowed = allowed as u64;
            Err(LimitReached { unit, allowed })
        };
        if self.signatures > limits.signatures {
            reached("signatures", limits.signatures)
        } else if self.bytes > limits.signature_bytes {
            reached("bytes in all signatures", limits.signature_bytes)
        } else {
            Ok(())
        }
    }
}

/// Where an object is as of a view.
fn place(view: &View<'_, '_>, object: Reference) -> Option<Entry> {
    view.place(object.number).map(|(_, entry)| entry)
}

/// A signature that no revision leads to: nothing but its range is known of it.
fn unlisted(byte_range: ByteRange) -> SignatureField {
    SignatureField {
        field: None,
        object: None,
        dictionary: Dictionary::new(),
        kind: SignatureKind::Signature,
        byte_range: Some(byte_range),
        faults: vec![ByteRangeFault::Unlisted],
        signature: Err(ContentsFault::Missing),
        coverage: SignatureCoverage::Unclear,
        revision: None,
        certification: None,
        history: DictionaryHistory::Unknown,
    }
}

fn read(
    view: &View<'_, '_>,
    object: Option<Reference>,
    dictionary: Dictionary,
    field: Option<FormField>,
) -> Result<SignatureField, PdfError> {
    let file = view.file();
    let (byte_range, mut faults) = coverage::byte_range(&dictionary, file.length());
    let duplicates = dictionary.duplicates().iter();
    faults.extend(duplicates.map(|(key, _)| ByteRangeFault::DuplicateKey { key: key.to_text() }));
    if let Some(byte_range) = &byte_range {
        faults.extend(coverage::gap_faults(view, object, byte_range)?);
    }
    let coverage = match &byte_range {
        Some(byte_range) if faults.is_empty() => coverage::coverage(file, byte_range),
        _ => SignatureCoverage::Unclear,
    };
    let revision = match coverage {
        SignatureCoverage::WholeFile => Some(file.revisions().len()),
        SignatureCoverage::WholeRevision(number) => Some(number),
        SignatureCoverage::Partial { .. } | SignatureCoverage::Unclear => None,
    };
    let signature = match dictionary.get("Contents").and_then(Object::as_string) {
        Some(contents) => contents::signature(contents).map(<[u8]>::to_vec),
        None => Err(ContentsFault::Missing),
    };
    let history = history(view, object, &dictionary, field.as_ref(), revision)?;
    let certification = certification(view, object, &dictionary)?;
    let kind = kind(&dictionary);
    Ok(SignatureField {
        field,
        object,
        dictionary,
        kind,
        byte_range,
        faults,
        signature,
        coverage,
        revision,
        certification,
        history,
    })
}

/// A document time stamp has the sub-filter of one, and its type where it has any (12.8.5): what says one of both alone
/// is judged like anybody's signature.
pub(super) fn kind(dictionary: &Dictionary) -> SignatureKind {
    let is_typed = dictionary.get("Type").is_none() || dictionary.is("Type", "DocTimeStamp");
    if is_typed && dictionary.is("SubFilter", "ETSI.RFC3161") {
        SignatureKind::DocumentTimeStamp
    } else {
        SignatureKind::Signature
    }
}

/// Compares the dictionary, and the field that has it, with those of the signed revision; one that no field leads to
/// has to stand where it stood to this day.
fn history(
    view: &View<'_, '_>,
    object: Option<Reference>,
    dictionary: &Dictionary,
    field: Option<&FormField>,
    revision: Option<usize>,
) -> Result<DictionaryHistory, PdfError> {
    let Some(own) = revision.and_then(|number| view.file().at_revision(number)) else {
        return Ok(DictionaryHistory::Unknown);
    };
    if let Some(object) = object {
        if field.is_none() && place(&own, object) != place(&view.file().latest(), object) {
            return Ok(DictionaryHistory::Replaced);
        }
        let unmoved = place(&own, object) == place(view, object);
        match &own.object(object)?.value {
            Object::Null => return Ok(DictionaryHistory::NotInItsRevision),
            Object::Dictionary(before) if unmoved || before == dictionary => {}
            _ => return Ok(DictionaryHistory::Replaced),
        }
    }
    let Some(field) = field else {
        return Ok(DictionaryHistory::Same);
    };
    let Some(field_object) = field.object else {
        return Ok(DictionaryHistory::Same);
    };
    let before = own.object(field_object)?;
    let value = before.value.as_dictionary().and_then(|before| before.get("V"));
    if value == field.value.as_ref() {
        Ok(DictionaryHistory::Same)
    } else {
        Ok(DictionaryHistory::NotInItsRevision)
    }
}

/// What the references with the transform method DocMDP permit together (12.8.2.2.2, tables 256 and 257).
fn certification(
    view: &View<'_, '_>,
    object: Option<Reference>,
    dictionary: &Dictionary,
) -> Result<Option<Certification>, PdfError> {
    let mut permission: Option<i64> = None;
    for reference in transforms(view, dictionary, "DocMDP")? {
        let stated = match view.get(&reference, "TransformParams")? {
            Object::Dictionary(parameters) => permitted(view, &parameters)?.unwrap_or(2),
            _ => 2,
        };
        permission = Some(permission.map_or(stated, |known| known.min(stated)));
    }
    let Some(permission) = permission else { return Ok(None) };
    let permissions = view.get(&view.catalog()?, "Perms")?;
    let named = permissions
        .as_dictionary()
        .and_then(|named| named.get("DocMDP"))
        .and_then(Object::as_reference);
    Ok(Some(Certification {
        permission,
        named_by_catalog: object.is_some() && named == object,
    }))
}

/// The signature references of a signature (table 255) with that transform method, or with none that is a name: some
/// readers take it for one.
pub(crate) fn transforms(
    view: &View<'_, '_>,
    signature: &Dictionary,
    method: &str,
) -> Result<Vec<Dictionary>, PdfError> {
    let listed = match view.get(signature, "Reference")? {
        Object::Array(listed) => listed,
        Object::Dictionary(reference) => vec![Object::Dictionary(reference)],
        _ => Vec::new(),
    };
    let mut found = Vec::new();
    for reference in &listed {
        view.file().count_step()?;
        if let Object::Dictionary(reference) = view.resolve(reference)? {
            let named = view.get(&reference, "TransformMethod")?;
            if named.as_name().is_none_or(|named| named == method) {
                found.push(reference);
            }
        }
    }
    Ok(found)
}

/// `P` of DocMDP parameters (table 257) or of a lock (table 236), if it is there: what the standard does not define
/// permits nothing, which is 1.
pub(crate) fn permitted(view: &View<'_, '_>, holder: &Dictionary) -> Result<Option<i64>, PdfError> {
    Ok(match view.get(holder, "P")? {
        Object::Null => None,
        Object::Integer(permission @ 1..=3) => Some(permission),
        _ => Some(1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::{SectionKind, Update};
    use crate::pdf::signature::reserve;
    use crate::pdf::testing::{append, document, id, open};

    const SIGNATURE: [u8; 5] = [0x30, 3, 2, 1, 1];
    const CATALOG: &str = "<</Type/Catalog/AcroForm<</Fields[2 0 R]>>/Perms<</DocMDP 4 0 R>>>>";

    fn entries() -> Dictionary {
        let parameters = Dictionary::new().with("P", Object::Integer(1));
        let reference = Dictionary::new()
            .with("TransformMethod", Object::name("DocMDP"))
            .with("TransformParams", Object::Dictionary(parameters));
        Dictionary::new()
            .with("Type", Object::name("Sig"))
            .with("SubFilter", Object::name("ETSI.CAdES.detached"))
            .with("M", Object::String(b"D:20260102030405Z".to_vec()))
            .with("Reason", Object::String(b"\xfe\xff\x53\x70".to_vec()))
            .with("Reference", Object::Array(vec![Object::Dictionary(reference)]))
    }

    /// A document whose object 4 is a signature in the field "Office.Seal" (object 3, a child of object 2).
    fn signed(section: SectionKind) -> Vec<u8> {
        let (parent, child) = ("<</FT/Sig/T(Office)/Kids[3 0 R]>>", "<</T(Seal)/Parent 2 0 R/V 4 0 R>>");
        let mut bytes = document(section, &[CATALOG, parent, child]);
        let object = if section == SectionKind::Table { id(4) } else { id(5) };
        let mut update = open(&bytes).update().unwrap();
        if object != id(4) {
            let field = Dictionary::new()
                .with("T", Object::String(b"Seal".to_vec()))
                .with("V", Object::Reference(object));
            update.put(id(3), &Object::Dictionary(field)).unwrap();
        }
        bytes.extend(
            reserve(update, object, &entries(), 9, &[1; 16])
                .unwrap()
                .fill(&SIGNATURE)
                .unwrap(),
        );
        bytes
    }

    fn only(bytes: &Vec<u8>) -> SignatureField {
        let mut signatures = open(bytes).signatures().unwrap().to_vec();
        assert_eq!(signatures.len(), 1);
        signatures.remove(0)
    }

    #[test]
    fn what_was_reserved_and_filled_is_read_back() {
        for section in [SectionKind::Table, SectionKind::Stream] {
            let signature = only(&signed(section));
            assert_eq!(signature.name(), Some("Office.Seal"));
            assert_eq!(signature.faults, []);
            assert_eq!(signature.signature.as_deref(), Ok(&SIGNATURE[..]));
            assert_eq!(
                (signature.coverage, signature.revision),
                (SignatureCoverage::WholeFile, Some(2))
            );
            assert_eq!(signature.history, DictionaryHistory::Same);
            assert_eq!(signature.sub_filter().as_deref(), Some("ETSI.CAdES.detached"));
            assert_eq!(
                signature.claimed_time().map(|time| time.to_rfc3339()).as_deref(),
                Some("2026-01-02T03:04:05+00:00")
            );
            assert_eq!(signature.text("Reason").as_deref(), Some("印"));
            let named_by_catalog = section == SectionKind::Table;
            assert_eq!(
                signature.certification,
                Some(Certification {
                    permission: 1,
                    named_by_catalog
                })
            );
        }
    }

    #[test]
    fn what_the_standard_does_not_define_permits_nothing_and_of_several_the_strictest_holds() {
        let permission = |references: &str| {
            let signature = format!("<</Reference {references}>>");
            let bytes = document(SectionKind::Table, &["<</Type/Catalog>>", &signature]);
            let file = open(&bytes);
            let signature = file.latest().object(id(2)).unwrap();
            let made = certification(&file.latest(), None, signature.value.as_dictionary().unwrap());
            made.unwrap().map(|made| made.permission)
        };
        let one = |parameters: &str| permission(&format!("[<</TransformMethod/DocMDP/TransformParams{parameters}>>]"));
        assert_eq!(one("<</P 3>>"), Some(3));
        assert_eq!(one("<<>>"), Some(2));
        for odd in ["0", "4", "-1", "1.0", "3.0", "(3)", "/3", "[3]", "true"] {
            assert_eq!(one(&format!("<</P {odd}>>")), Some(1), "{odd}");
        }
        let with = |permission: u8| format!("<</TransformMethod/DocMDP/TransformParams<</P {permission}>>>>");
        assert_eq!(permission(&format!("[{}{}]", with(3), with(1))), Some(1));
        assert_eq!(permission(&with(3)), Some(3), "one that is in no list");
        assert_eq!(permission("[<</TransformMethod/FieldMDP>>]"), None);
        assert_eq!(
            permission("[<</TransformMethod(DocMDP)/TransformParams<</P 1>>>>]"),
            Some(1)
        );
    }

    #[test]
    fn a_field_without_value_is_empty() {
        let catalog = "<</AcroForm<</Fields[2 0 R]>>>>";
        let bytes = document(SectionKind::Table, &[catalog, "<</FT/Sig/T(Seal)/V 9 0 R>>"]);
        assert_eq!(open(&bytes).signatures(), Ok(&[][..]));
        let fields = open(&bytes).signature_fields().unwrap();
        assert_eq!((fields.len(), fields[0].value.is_none()), (1, true));
    }

    #[test]
    fn fields_that_hold_one_another_are_walked_once() {
        let catalog = "<</AcroForm<</Fields[2 0 R 2 0 R]>>>>";
        let bytes = document(
            SectionKind::Table,
            &[catalog, "<</FT/Sig/T(A)/Kids[3 0 R]>>", "<</T(B)/Kids[2 0 R]>>"],
        );
        let names: Vec<String> = open(&bytes)
            .signature_fields()
            .unwrap()
            .into_iter()
            .map(|field| field.name)
            .collect();
        assert_eq!(names, ["A.B"]);
    }

    #[test]
    fn the_budgets_of_the_form_are_reached() {
        let catalog = "<</AcroForm<</Fields[2 0 R]>>>>";
        let bytes = document(
            SectionKind::Table,
            &[catalog, "<</T(A)/Kids[3 0 R]>>", "<</FT/Sig/T(B)>>"],
        );
        let unit = |limits: Limits| match PdfFile::open(&bytes, &limits).unwrap().signatures() {
            Err(PdfError::Limit(LimitReached { unit, .. })) => unit,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            unit(Limits {
                tree_nodes: 1,
                ..Limits::UPLOAD
            }),
            "form fields"
        );
        assert_eq!(
            unit(Limits {
                tree_depth: 1,
                ..Limits::UPLOAD
            }),
            "levels of form fields"
        );
    }

    #[test]
    fn a_long_name_above_many_fields_reaches_the_budget_of_names() {
        let kids: String = (0..9).map(|number| format!("<</FT/Sig/T({number})>>")).collect();
        let form = format!("<</AcroForm<</Fields[<</T({})/Kids[{kids}]>>]>>>>", "n".repeat(100));
        let bytes = document(SectionKind::Table, &[&form]);
        let read = |field_name_bytes| {
            let limits = Limits {
                field_name_bytes,
                ..Limits::UPLOAD
            };
            let file = PdfFile::open(&bytes, &limits).unwrap();
            file.signature_fields().map(|fields| fields.len())
        };
        assert_eq!(read(2000), Ok(9));
        assert!(matches!(read(1900), Err(PdfError::Limit(reached)) if reached.unit.contains("names")));
    }

    #[test]
    fn the_budgets_of_signatures_are_reached() {
        let shared = "<</ByteRange[0 1 2 3]/Contents<30030201>>>";
        let catalog = "<</AcroForm<</Fields[<</FT/Sig/T(A)/V 2 0 R>><</FT/Sig/T(B)/V 2 0 R>>]>>>>";
        let bytes = document(SectionKind::Table, &[catalog, shared]);
        let read = |signatures, signature_bytes| {
            let limits = Limits {
                signatures,
                signature_bytes,
                ..Limits::UPLOAD
            };
            let file = PdfFile::open(&bytes, &limits).unwrap();
            match file.signatures() {
                Ok(signatures) => Ok(signatures.len()),
                Err(PdfError::Limit(reached)) => Err(reached.unit),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(read(2, 8), Ok(2));
        assert_eq!(read(1, 8), Err("signatures"));
        assert_eq!(read(2, 7), Err("bytes in all signatures"));
    }

    #[test]
    fn a_dictionary_replaced_later_is_named() {
        let bytes = signed(SectionKind::Table);
        let sound = only(&bytes);
        let other = sound
            .dictionary
            .clone()
            .with("Reason", Object::String(b"other".to_vec()));
        let replaced = append(bytes.clone(), |update| {
            update.put(id(4), &Object::Dictionary(other)).unwrap()
        });
        // Where Contents stands now is not what was left out.
        let signature = only(&replaced);
        assert!(matches!(
            signature.faults[..],
            [ByteRangeFault::ContentsNotPlain, ByteRangeFault::GapNotContents { .. }]
                | [ByteRangeFault::GapNotContents { .. }]
        ));
        assert_eq!(signature.coverage, SignatureCoverage::Unclear);
    }

    #[test]
    fn a_signature_moved_to_another_field_is_named() {
        let bytes = append(signed(SectionKind::Table), |update: &mut Update| {
            let field = Dictionary::new()
                .with("FT", Object::name("Sig"))
                .with("T", Object::String(b"New".to_vec()));
            update.put(id(3), &Object::Null).unwrap();
            update
                .put(id(2), &Object::Dictionary(field.with("V", Object::Reference(id(4)))))
                .unwrap();
        });
        let signature = only(&bytes);
        assert_eq!(signature.name(), Some("New"));
        assert_eq!(signature.history, DictionaryHistory::NotInItsRevision);
        assert_eq!(signature.coverage, SignatureCoverage::WholeRevision(2));
    }

    #[test]
    fn a_signature_that_no_field_leads_to_is_an_orphan() {
        let bytes = append(signed(SectionKind::Table), |update| {
            update
                .put(
                    id(1),
                    &Object::Dictionary(Dictionary::new().with("Type", Object::name("Catalog"))),
                )
                .unwrap();
        });
        let signature = only(&bytes);
        assert!(signature.is_orphan());
        assert_eq!((signature.object, signature.revision), (Some(id(4)), Some(2)));
    }

    #[test]
    fn a_signature_written_inside_its_field_has_no_place() {
        let catalog = "<</AcroForm<</Fields[2 0 R]>>>>";
        let field = "<</FT/Sig/T(A)/V<</ByteRange[0 1 2 3]/Contents<3000>>>>>";
        let signature = only(&document(SectionKind::Table, &[catalog, field]));
        assert_eq!(signature.faults, [ByteRangeFault::ContentsNotInFile]);
    }

    #[test]
    fn doubled_keys_and_other_forms_of_contents_are_faults() {
        let text = String::from_utf8(signed(SectionKind::Table)).unwrap();
        let faults = |text: String| only(&text.into_bytes()).faults;
        let doubled = faults(text.replace("/Reason ", "/Type   "));
        assert_eq!(doubled, [ByteRangeFault::DuplicateKey { key: "Type".into() }]);
        // The same signature for a reader of hexadecimal strings, but not the same file.
        let changed = faults(text.replace("<300302010100000000>", "<3003020101 0000000>"));
        assert_eq!(changed, [ByteRangeFault::ContentsNotPlain]);
    }
}
