//! What follows a signed revision.
//!
//! Nothing, or validation data alone: a document security store (ISO 32000-2, 12.8.4.3) and document time stamps (12.8.5).
//! Whatever else an update holds, even an object that nothing refers to, is told in words and not permitted here; which form
//! and annotation changes a certification permits is not judged.
//!
//! An update passes as validation data only if every byte of it is accounted for: each object has a role in the store or in a
//! time stamp's field, replaces nothing but the dictionaries that lead there, each of them equal in all other entries, and fills
//! no number that the signed document already referred to in vain.

mod accounted;
mod audit;
mod time_stamp;
mod validation_data;

use std::fmt;
use std::ops::Range;

use super::error::PdfError;
use super::file::PdfFile;
use super::object::Reference;
use super::signature::{SignatureCoverage, SignatureField};

/// What follows a signed revision.
#[derive(Debug, Clone, PartialEq)]
pub enum ChangesAfter {
    /// Nothing: the signature covers the whole file.
    None,
    /// Updates that hold validation data alone.
    ValidationData {
        /// Their numbers, from 1.
        revisions: Vec<usize>,
    },
    /// Updates that the certification permits, in words.
    Permitted(Vec<Change>),
    /// Updates that are not permitted, or were not judged to be; what they change, in words.
    NotPermitted(Vec<Change>),
    /// Bytes that are no revision of the document.
    Unparsable {
        /// Where they begin, in bytes.
        from: u64,
        /// Why they cannot be read, where a reason is known.
        fault: Option<PdfError>,
    },
}

/// One change of a later revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Number of the revision that makes it, from 1.
    pub revision: usize,
    /// What it does.
    pub kind: ChangeKind,
}

/// What a change does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeKind {
    /// Another object takes the place of one that was signed.
    Replaced {
        /// The object.
        object: Reference,
        /// What it is, by its type.
        what: String,
    },
    /// An object is added that is no validation data.
    Added {
        /// The object.
        object: Reference,
        /// What it is, by its type.
        what: String,
    },
    /// An object that was signed is taken away.
    Freed {
        /// Its number.
        number: u32,
    },
    /// An object is added whose number the signed document already refers to.
    ReferenceFilled {
        /// Its number.
        number: u32,
    },
    /// An entry of the document catalogue changes.
    CatalogEntry {
        /// Its key, without the solidus.
        key: String,
    },
    /// An entry of the trailer changes.
    TrailerEntry {
        /// Its key, without the solidus.
        key: String,
    },
    /// The form changes other than by a document time stamp.
    Form,
    /// The document security store holds what is no validation data.
    StoreForm,
    /// Validation data that were there before are gone from the store.
    StoreShrunk,
    /// Bytes that are part of no object.
    Bytes(Range<u64>),
    /// An object of the signed document that cannot be read, so that nothing can be said of what it refers to.
    Unreadable {
        /// The object.
        object: Reference,
    },
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "revision {} ", self.revision)?;
        match &self.kind {
            ChangeKind::Replaced { object, what } => write!(f, "replaces object {} ({what})", object.number),
            ChangeKind::Added { object, what } => write!(f, "adds object {} ({what})", object.number),
            ChangeKind::Freed { number } => write!(f, "removes object {number}"),
            ChangeKind::ReferenceFilled { number } => {
                write!(f, "adds object {number}, to which the signed document already refers")
            }
            ChangeKind::CatalogEntry { key } => write!(f, "changes /{key} of the document catalogue"),
            ChangeKind::TrailerEntry { key } => write!(f, "changes /{key} of the trailer"),
            ChangeKind::Form => f.write_str("changes the form"),
            ChangeKind::StoreForm => f.write_str("puts into the security store what is no validation data"),
            ChangeKind::StoreShrunk => f.write_str("removes validation data"),
            ChangeKind::Bytes(range) => write!(
                f,
                "has bytes {} to {} that are part of no object",
                range.start, range.end
            ),
            ChangeKind::Unreadable { object } => {
                write!(f, "follows a document whose object {} cannot be read", object.number)
            }
        }
    }
}

impl PdfFile<'_> {
    /// What follows the revision that a signature covers. An error is a budget used up or a source that failed: then nothing can
    /// be said.
    pub fn changes_after(&self, signature: &SignatureField) -> Result<ChangesAfter, PdfError> {
        let tail = self.tail();
        if !tail.is_empty() {
            return Ok(ChangesAfter::Unparsable {
                from: tail.start,
                fault: self.tail_fault().cloned(),
            });
        }
        let last = self.revisions().len();
        let (signed, end) = match (signature.coverage, &signature.byte_range) {
            (SignatureCoverage::WholeFile, _) => return Ok(ChangesAfter::None),
            (SignatureCoverage::WholeRevision(number), Some(byte_range)) => (number, byte_range.second.end),
            (SignatureCoverage::Partial { end }, _) => return Ok(ChangesAfter::Unparsable { from: end, fault: None }),
            _ => return Ok(ChangesAfter::Unparsable { from: 0, fault: None }),
        };
        if signed == last {
            let kind = ChangeKind::Bytes(end..self.length());
            return Ok(ChangesAfter::NotPermitted(vec![Change { revision: last, kind }]));
        }
        match audit::updates(self, signed) {
            Ok(changes) if changes.is_empty() => Ok(ChangesAfter::ValidationData {
                revisions: (signed + 1..=last).collect(),
            }),
            Ok(changes) => Ok(ChangesAfter::NotPermitted(changes)),
            Err(error @ (PdfError::Limit(_) | PdfError::Source(_))) => Err(error),
            Err(fault) => {
                let from = self.revisions()[signed - 1].range.end;
                Ok(ChangesAfter::Unparsable {
                    from,
                    fault: Some(fault),
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::{SectionKind, Update};
    use crate::pdf::object::{Dictionary, Object, Stream, StreamData};
    use crate::pdf::signature::reserve;
    use crate::pdf::testing::{append, document, id, numbered, open, revision, stream};

    /// A sequence of one small integer: what stands for a signature, a certificate or a time stamp here.
    const DER: [u8; 5] = [0x30, 3, 2, 1, 1];

    const CATALOG: &str = "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>";

    /// A document that object 7 signs in revision 2; object 6 is its field.
    fn signed() -> Vec<u8> {
        signed_with_page("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[6 0 R]>>")
    }

    fn signed_with_page(page: &str) -> Vec<u8> {
        let content = stream("", "BT ET");
        let field = "<</FT/Sig/T(Seal)/V 7 0 R/Type/Annot/Subtype/Widget/Rect[0 0 9 9]/P 3 0 R>>";
        let form = "<</Fields[6 0 R]/SigFlags 3>>";
        let pages = "<</Type/Pages/Kids[3 0 R]/Count 1>>";
        let bytes = document(SectionKind::Table, &[CATALOG, pages, page, &content, form, field]);
        sign(bytes, "Sig", |_| id(7))
    }

    /// Appends a signature dictionary; `prepare` writes what goes with it and says which object it becomes.
    fn sign(mut bytes: Vec<u8>, kind: &str, prepare: impl FnOnce(&mut Update) -> Reference) -> Vec<u8> {
        let mut update = open(&bytes).update().unwrap();
        let object = prepare(&mut update);
        let sub_filter = if kind == "Sig" {
            "ETSI.CAdES.detached"
        } else {
            "ETSI.RFC3161"
        };
        let entries = Dictionary::new()
            .with("Type", Object::name(kind))
            .with("SubFilter", Object::name(sub_filter));
        let reserved = reserve(update, object, &entries, 8, &[1; 16]).unwrap();
        bytes.extend(reserved.fill(&DER).unwrap());
        bytes
    }

    fn data(bytes: &[u8]) -> Object {
        Object::Stream(Stream {
            dictionary: Dictionary::new(),
            data: StreamData::Held(bytes.to_vec()),
        })
    }

    fn references(numbers: &[u32]) -> Object {
        Object::Array(numbers.iter().map(|number| Object::Reference(id(*number))).collect())
    }

    fn catalog() -> Dictionary {
        let pages = Dictionary::new()
            .with("Type", Object::name("Catalog"))
            .with("Pages", Object::Reference(id(2)));
        pages.with("AcroForm", Object::Reference(id(5)))
    }

    /// Puts a store of one certificate (object 8) into the catalogue.
    fn add_store(update: &mut Update) {
        update.put(id(8), &data(&DER)).unwrap();
        let store = Dictionary::new().with("Certs", references(&[8]));
        update
            .put(
                id(1),
                &Object::Dictionary(catalog().with("DSS", Object::Dictionary(store))),
            )
            .unwrap();
    }

    fn field(rectangle: i64) -> Dictionary {
        Dictionary::new()
            .with("FT", Object::name("Sig"))
            .with("T", Object::String(b"Stamp".to_vec()))
            .with("V", Object::Reference(id(9)))
            .with("P", Object::Reference(id(3)))
            .with(
                "Rect",
                Object::Array([0, 0, rectangle, rectangle].map(Object::Integer).to_vec()),
            )
    }

    /// Adds a time stamp (object 9) in a field (object 8) with that rectangle.
    fn add_time_stamp(bytes: Vec<u8>, rectangle: i64) -> Vec<u8> {
        sign(bytes, "DocTimeStamp", |update| {
            update.put(id(8), &Object::Dictionary(field(rectangle))).unwrap();
            let form = Dictionary::new()
                .with("Fields", references(&[6, 8]))
                .with("SigFlags", Object::Integer(3));
            update.put(id(5), &Object::Dictionary(form)).unwrap();
            let page = Dictionary::new()
                .with("Type", Object::name("Page"))
                .with("Parent", Object::Reference(id(2)))
                .with("Contents", Object::Reference(id(4)))
                .with("Annots", references(&[6, 8]));
            update.put(id(3), &Object::Dictionary(page)).unwrap();
            id(9)
        })
    }

    fn changes(bytes: &Vec<u8>) -> ChangesAfter {
        let file = open(bytes);
        let signatures = file.signatures().unwrap();
        assert_eq!(signatures[0].name(), Some("Seal"));
        file.changes_after(&signatures[0]).unwrap()
    }

    fn kinds(bytes: &Vec<u8>) -> Vec<ChangeKind> {
        match changes(bytes) {
            ChangesAfter::NotPermitted(changes) => changes.into_iter().map(|change| change.kind).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn nothing_after_the_signature_is_nothing() {
        assert_eq!(changes(&signed()), ChangesAfter::None);
    }

    #[test]
    fn a_security_store_is_validation_data() {
        let bytes = append(signed(), add_store);
        assert_eq!(changes(&bytes), ChangesAfter::ValidationData { revisions: vec![3] });
    }

    #[test]
    fn a_time_stamp_is_validation_data() {
        let bytes = add_time_stamp(signed(), 0);
        assert_eq!(changes(&bytes), ChangesAfter::ValidationData { revisions: vec![3] });
        assert_eq!(kinds(&add_time_stamp(signed(), 9))[0], ChangeKind::Form);
    }

    #[test]
    fn a_store_and_a_time_stamp_over_it_are_validation_data() {
        let bytes = append(signed(), |update| {
            update.put(id(10), &data(&DER)).unwrap();
            let entry = Object::Dictionary(Dictionary::new().with("Cert", references(&[10])));
            let store = Dictionary::new().with("VRI", Object::Dictionary(Dictionary::new().with("AB", entry)));
            update
                .put(
                    id(1),
                    &Object::Dictionary(catalog().with("DSS", Object::Dictionary(store))),
                )
                .unwrap();
        });
        let bytes = add_time_stamp(bytes, 0);
        assert_eq!(changes(&bytes), ChangesAfter::ValidationData { revisions: vec![3, 4] });
    }

    #[test]
    fn a_store_that_carries_something_else_is_refused() {
        let bytes = append(signed(), |update| {
            add_store(update);
            update.add(&Object::Null).unwrap();
        });
        assert!(matches!(kinds(&bytes)[..], [ChangeKind::Added { .. }]));
        let bytes = append(signed(), |update| {
            update.put(id(8), &data(b"q Q")).unwrap();
            let store = Dictionary::new().with("Certs", references(&[8]));
            update
                .put(
                    id(1),
                    &Object::Dictionary(catalog().with("DSS", Object::Dictionary(store))),
                )
                .unwrap();
        });
        assert_eq!(kinds(&bytes), [ChangeKind::StoreForm]);
        let bytes = append(signed(), |update| {
            let store = Dictionary::new().with("JS", references(&[4]));
            update
                .put(
                    id(1),
                    &Object::Dictionary(catalog().with("DSS", Object::Dictionary(store))),
                )
                .unwrap();
        });
        assert_eq!(kinds(&bytes), [ChangeKind::StoreForm]);
    }

    #[test]
    fn content_listed_as_a_certificate_is_still_replaced_content() {
        let bytes = append(signed(), |update| {
            update.put(id(4), &data(&DER)).unwrap();
            let store = Dictionary::new().with("Certs", references(&[4]));
            update
                .put(
                    id(1),
                    &Object::Dictionary(catalog().with("DSS", Object::Dictionary(store))),
                )
                .unwrap();
        });
        assert_eq!(
            kinds(&bytes),
            [ChangeKind::Replaced {
                object: id(4),
                what: "stream".into()
            }]
        );
    }

    #[test]
    fn a_reference_left_open_by_the_signed_document_is_not_filled() {
        let page = "<</Type/Page/Parent 2 0 R/Contents[4 0 R 8 0 R]/Annots[6 0 R]>>";
        let bytes = append(signed_with_page(page), add_store);
        assert_eq!(kinds(&bytes), [ChangeKind::ReferenceFilled { number: 8 }]);
    }

    #[test]
    fn another_page_tree_is_named() {
        let bytes = append(signed(), |update| {
            add_store(update);
            let pages = Dictionary::new()
                .with("Type", Object::name("Pages"))
                .with("Count", Object::Integer(0));
            update.put(id(2), &Object::Dictionary(pages)).unwrap();
        });
        assert_eq!(
            kinds(&bytes),
            [ChangeKind::Replaced {
                object: id(2),
                what: "dictionary Pages".into()
            }]
        );
        let bytes = append(signed(), |update| {
            let other = catalog().with("Pages", Object::Reference(id(9)));
            update.put(id(1), &Object::Dictionary(other)).unwrap();
        });
        assert_eq!(kinds(&bytes), [ChangeKind::CatalogEntry { key: "Pages".into() }]);
    }

    #[test]
    fn a_form_value_is_not_validation_data() {
        let bytes = append(signed(), |update| {
            let field = Dictionary::new()
                .with("FT", Object::name("Tx"))
                .with("T", Object::String(b"Seal".to_vec()));
            update
                .put(
                    id(5),
                    &Object::Dictionary(Dictionary::new().with("Fields", references(&[6, 8]))),
                )
                .unwrap();
            update.put(id(8), &Object::Dictionary(field)).unwrap();
        });
        assert_eq!(kinds(&bytes)[0], ChangeKind::Form);
    }

    #[test]
    fn taking_validation_data_away_is_named() {
        let bytes = append(append(signed(), add_store), |update| {
            update.put(id(1), &Object::Dictionary(catalog())).unwrap();
        });
        assert_eq!(kinds(&bytes), [ChangeKind::StoreShrunk]);
    }

    #[test]
    fn an_object_freed_is_named() {
        let bytes = signed();
        let previous = open(&bytes).revisions()[1].startxref;
        let mut freed = bytes.clone();
        let section = format!("xref\n4 1\n0000000000 00001 f \ntrailer\n<</Size 8/Root 1 0 R/Prev {previous}>>\n");
        freed.extend(format!("{section}startxref\n{}\n%%EOF\n", bytes.len()).as_bytes());
        assert!(kinds(&freed).contains(&ChangeKind::Freed { number: 4 }));
    }

    #[test]
    fn bytes_between_objects_are_named() {
        let bytes = signed();
        let first = open(&bytes).revisions()[1].clone();
        let id_entry = "/ID[<09><09>]";
        let trailer = format!("/Root 1 0 R/Prev {}{id_entry}", first.startxref);
        let hidden = [bytes.clone(), b"4 0 obj (new) endobj\n".to_vec()].concat();
        let bytes = revision(hidden, SectionKind::Table, &numbered(1, &[CATALOG]), 8, &trailer);
        assert!(
            kinds(&bytes)
                .iter()
                .any(|kind| matches!(kind, ChangeKind::Bytes(range) if range.start == first.range.end))
        );
    }

    #[test]
    fn a_changed_trailer_is_named() {
        let bytes = signed();
        let previous = open(&bytes).revisions()[1].startxref;
        let trailer = format!("/Root 1 0 R/Info 4 0 R/Prev {previous}");
        let bytes = revision(bytes, SectionKind::Table, &[], 8, &trailer);
        let kinds = kinds(&bytes);
        assert!(
            kinds.contains(&ChangeKind::TrailerEntry { key: "Info".into() }),
            "{kinds:?}"
        );
    }

    #[test]
    fn bytes_after_the_last_revision_cannot_be_parsed() {
        let bytes = [signed(), b"x".to_vec()].concat();
        let length = bytes.len() as u64;
        assert_eq!(
            changes(&bytes),
            ChangesAfter::Unparsable {
                from: length - 1,
                fault: None
            }
        );
    }

    #[test]
    fn one_line_end_more_than_was_signed_is_named() {
        let mut bytes = signed();
        // Signed up to the marker: as when the signer's last revision has no line end.
        let length = bytes.len();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let at = text.rfind("/ByteRange [0 ").unwrap();
        let numbers: Vec<u64> = text[at + 14..]
            .split(']')
            .next()
            .unwrap()
            .split(' ')
            .map(|n| n.parse().unwrap())
            .collect();
        let shorter = format!("{} {} {}]", numbers[0], numbers[1], numbers[2] - 1);
        bytes.splice(at + 14..at + 14 + shorter.len(), shorter.bytes());
        assert_eq!(bytes.len(), length);
        assert_eq!(kinds(&bytes), [ChangeKind::Bytes(length as u64 - 1..length as u64)]);
    }

    #[test]
    fn a_change_is_told_in_words() {
        let change = Change {
            revision: 3,
            kind: ChangeKind::Replaced {
                object: id(4),
                what: "stream".into(),
            },
        };
        assert_eq!(change.to_string(), "revision 3 replaces object 4 (stream)");
    }
}
