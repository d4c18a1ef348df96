//! What follows a signed revision, and whether the signature permits it.
//!
//! Every update is gone through once: each object that it writes must have a part in a change that is known, and is
//! told in words. Known are validation data (ISO 32000-2, 12.8.4.3 and 12.8.5), further signatures, form filling, and
//! notes beside the content; all else is a change of content, even an object that nothing refers to. What of it a
//! signature permits is asked afterwards, by its own rules and those of the document: [`Rules`].
//!
//! An object may be replaced only by what is equal but for the entries that such a change sets, and only where it has
//! no other use in the document: a form field's appearance that is a page's content, too, is content.

mod accounted;
mod annotations;
mod appearances;
mod audit;
mod change;
mod description;
mod drawn_by_form;
mod entry_types;
mod form;
mod listed;
mod marks;
mod new_field;
mod owner;
mod parts;
mod plain;
mod reach;
mod references;
mod rules;
mod shown;
mod spans;
mod validation_data;
mod well_formed;
mod xmp;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::cover::covered_together;
use super::error::PdfError;
use super::file::PdfFile;
use super::signature::{SignatureCoverage, SignatureField};
use super::view::View;

pub use change::{Change, ChangeClass, ChangeKind, Part};
pub use reach::Reach;
pub use rules::{Locked, Rules};
pub use shown::{Hiding, Shown};

use audit::Audit;
use parts::{Parts, REVISIONS as PARTS_REVISIONS};
use references::References;
use xmp::Packets;

pub(super) use references::collect_references;

/// What follows a signed revision.
#[derive(Debug, Clone, PartialEq)]
pub enum ChangesAfter {
    /// Nothing: the signature covers the whole file.
    None,
    /// Updates that hold validation data alone.
    ValidationData(Vec<Change>),
    /// Updates whose changes the signature permits, validation data among them.
    Permitted(Vec<Change>),
    /// Updates that the signature does not permit.
    NotPermitted {
        /// The changes that it does not permit; at least one.
        refused: Vec<Change>,
        /// The changes beside them that it would permit.
        permitted: Vec<Change>,
    },
    /// Bytes that are no revision of the document.
    Unparsable {
        /// Where they begin, in bytes.
        from: u64,
        /// Why they cannot be read, where a reason is known.
        fault: Option<PdfError>,
    },
}

/// The changes of one update, and how far each reaches.
type Found = Rc<[(ChangeKind, Reach)]>;

/// What was found out about the updates of a file.
#[derive(Default)]
pub(super) struct Known {
    references: OnceCell<References>,
    updates: RefCell<BTreeMap<usize, Found>>,
    parts: RefCell<BTreeMap<usize, Parts>>,
    packets: Packets,
}

impl PdfFile<'_> {
    /// What follows the revision that a signature covers. An error is a budget used up or a source that failed: then
    /// nothing can be said.
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
            return Ok(ChangesAfter::NotPermitted {
                refused: vec![self.change(last, &kind, &Reach::anywhere())],
                permitted: Vec::new(),
            });
        }
        if let Some(parting) = self.revisions()[signed..].iter().find(|one| one.parting.is_some()) {
            let (offset, rule) = (parting.startxref, "readers take one of its entries in several ways");
            return Ok(ChangesAfter::Unparsable {
                from: parting.range.start,
                fault: Some(PdfError::Section { offset, rule }),
            });
        }
        match self.judged_updates(signature, signed) {
            Err(error @ (PdfError::Limit(_) | PdfError::Source(_))) => Err(error),
            Err(fault) => Ok(ChangesAfter::Unparsable {
                from: self.revisions()[signed - 1].range.end,
                fault: Some(fault),
            }),
            found => found,
        }
    }

    fn judged_updates(&self, signature: &SignatureField, signed: usize) -> Result<ChangesAfter, PdfError> {
        let rules = Rules::of(self, signature, signed)?;
        let mut later = Vec::new();
        for revision in signed + 1..=self.revisions().len() {
            for (kind, reach) in self.found_in(revision)?.iter() {
                self.count_step()?;
                self.count_told(kind.field_named().unwrap_or_default())?;
                later.push(self.change(revision, kind, reach));
            }
        }
        let shown = later.iter().filter_map(|change| change.kind.shown());
        let covered = covered_together(self, shown.map(|shown| shown.patches.as_slice()))?;
        for shown in later.iter_mut().filter_map(|change| change.kind.shown_mut()) {
            shown.lie_on(&covered);
        }
        let (permitted, refused): (Vec<_>, Vec<_>) = later.into_iter().partition(|change| rules.permit(&change.kind));
        let is_data = |change: &Change| change.kind.class() == ChangeClass::ValidationData;
        Ok(if !refused.is_empty() {
            ChangesAfter::NotPermitted { refused, permitted }
        } else if permitted.iter().all(is_data) {
            ChangesAfter::ValidationData(permitted)
        } else {
            ChangesAfter::Permitted(permitted)
        })
    }

    /// What one revision changes of the one before it.
    pub fn changes_of(&self, revision: usize) -> Result<Vec<ChangeKind>, PdfError> {
        let found = self.found_in(revision)?;
        Ok(found.iter().map(|(kind, _)| kind.clone()).collect())
    }

    fn found_in(&self, revision: usize) -> Result<Found, PdfError> {
        if let Some(known) = self.known.updates.borrow().get(&revision) {
            return Ok(Rc::clone(known));
        }
        let views = (
            revision.checked_sub(1).and_then(|before| self.at_revision(before)),
            self.at_revision(revision),
        );
        let (Some(before), Some(after)) = views else {
            return Ok(Rc::from([]));
        };
        let references = match self.known.references.get() {
            Some(known) => known,
            None => {
                let read = References::read(self)?;
                self.known.references.get_or_init(|| read)
            }
        };
        let found: Found = Audit::new(before, after, self.signatures()?, references).run()?.into();
        self.known.updates.borrow_mut().insert(revision, Rc::clone(&found));
        Ok(found)
    }

    /// The parts of the objects as of one revision; nothing of all but the first [`PARTS_REVISIONS`] that are asked
    /// for.
    fn parts(&self, view: &View<'_, '_>) -> Result<Parts, PdfError> {
        if let Some(known) = self.known.parts.borrow().get(&view.number()) {
            return Ok(known.clone());
        }
        if self.known.parts.borrow().len() >= PARTS_REVISIONS {
            return Ok(Parts::default());
        }
        let parts = Parts::read(view)?;
        self.known.parts.borrow_mut().insert(view.number(), parts.clone());
        Ok(parts)
    }

    fn change(&self, revision: usize, kind: &ChangeKind, reach: &Reach) -> Change {
        Change {
            revision,
            revisions: self.revisions().len(),
            kind: kind.clone(),
            reach: reach.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::write::encode;
    use crate::pdf::append::{SectionKind, Update};
    use crate::pdf::limits::Limits;
    use crate::pdf::object::{Dictionary, Object, Reference, Stream, StreamData};
    use crate::pdf::signature::reserve;
    use crate::pdf::testing::{append, document, id, numbered, open, revision, stream};
    use crate::pdf::xref::Entry;

    /// The least that has the form of a certificate: what stands for a signature, a certificate or a time stamp here.
    const DER: [u8; 8] = [0x30, 6, 0x30, 0, 0x30, 0, 3, 0];

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
        add_certificate(update, 8, &DER);
    }

    /// Puts a store into the catalogue whose one certificate is that object and has these bytes.
    fn add_certificate(update: &mut Update, number: u32, bytes: &[u8]) {
        update.put(id(number), &data(bytes)).unwrap();
        name_store(update, Dictionary::new().with("Certs", references(&[number])));
    }

    fn name_store(update: &mut Update, store: Dictionary) {
        let catalog = catalog().with("DSS", Object::Dictionary(store));
        update.put(id(1), &Object::Dictionary(catalog)).unwrap();
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
            ChangesAfter::NotPermitted { refused, .. } => refused.into_iter().map(|change| change.kind).collect(),
            other => panic!("{other:?}"),
        }
    }

    fn replaced(part: Part) -> ChangeKind {
        ChangeKind::Replaced { part }
    }

    #[test]
    fn nothing_after_the_signature_is_nothing() {
        assert_eq!(changes(&signed()), ChangesAfter::None);
    }

    /// What is permitted, with the class of all of it.
    fn permitted(bytes: &Vec<u8>) -> (&'static str, Vec<(usize, ChangeKind)>) {
        let (class, list) = match changes(bytes) {
            ChangesAfter::ValidationData(list) => ("validation data", list),
            ChangesAfter::Permitted(list) => ("permitted", list),
            other => panic!("{other:?}"),
        };
        let told = |change: Change| (change.revision, change.kind);
        (class, list.into_iter().map(told).collect())
    }

    fn time_stamp() -> ChangeKind {
        ChangeKind::TimeStamp { field: "Stamp".into() }
    }

    #[test]
    fn a_security_store_is_validation_data() {
        let bytes = append(signed(), add_store);
        let expected = vec![(3, ChangeKind::ValidationData)];
        assert_eq!(permitted(&bytes), ("validation data", expected));
    }

    #[test]
    fn a_catalogue_that_is_something_else_as_well_may_not_change() {
        let of = |entries: &str| {
            let page = format!("<</Type/Page/Parent 2 0 R/Contents 40 0 R/Annots[6 0 R]{entries}>>");
            append(signed_with_page(&page), add_store)
        };
        for harmless in ["", "/A<</TransformMethod/DocMDP/Data 1 0 R>>"] {
            assert_eq!(permitted(&of(harmless)).0, "validation data", "{harmless}");
        }
        for other in ["/A<</Data 1 0 R>>", "/Resources<</ExtGState 1 0 R>>"] {
            assert_eq!(
                kinds(&of(other)),
                [ChangeKind::CatalogEntry { key: "DSS".into() }],
                "{other}"
            );
        }
    }

    #[test]
    fn an_update_that_changes_nothing_is_no_validation_data() {
        let bytes = append(signed(), |update| {
            update.put(id(1), &Object::Dictionary(catalog())).unwrap();
        });
        assert_eq!(permitted(&bytes), ("permitted", vec![(3, ChangeKind::Repeated)]));
    }

    #[test]
    fn objects_that_a_larger_size_shows_are_told() {
        let hidden = "<</Type/Page/Parent 2 0 R/Contents 40 0 R/Annots[6 0 R]>>";
        let bytes = signed_with_page(hidden);
        let file = open(&bytes);
        let offset = file.latest().place(4).unwrap().1;
        let Entry::InFile { offset, .. } = offset else { panic!() };
        let previous = file.revisions()[1].startxref;
        let section = |bytes: &Vec<u8>, body: &str, size: u32, previous: u64| {
            let start = bytes.len();
            let trailer = format!("trailer\n<</Size {size}/Root 1 0 R/ID[<09><09>]/Prev {previous}>>\n");
            [
                bytes.clone(),
                format!("xref\n{body}{trailer}startxref\n{start}\n%%EOF\n").into_bytes(),
            ]
            .concat()
        };
        let entry = format!("40 1\n{offset:010} 00000 n \n");
        let small = section(&bytes, &entry, 8, previous);
        let start = open(&small).revisions()[2].startxref;
        let large = section(&small, "0 1\n0000000000 65535 f \n", 41, start);
        let found = open(&large).changes_of(4).unwrap();
        assert!(
            found.contains(&ChangeKind::TrailerEntry { key: "Size".into() }),
            "{found:?}"
        );
    }

    #[test]
    fn a_time_stamp_is_validation_data() {
        let bytes = add_time_stamp(signed(), 0);
        assert_eq!(permitted(&bytes), ("validation data", vec![(3, time_stamp())]));
        // One that shows is a further signature, as far as permission goes.
        let shown = ChangeKind::SignatureField {
            field: "Stamp".into(),
            visible: true,
            shown: None,
        };
        let bytes = add_time_stamp(signed(), 9);
        assert_eq!(permitted(&bytes), ("permitted", vec![(3, shown)]));
    }

    #[test]
    fn a_store_and_a_time_stamp_over_it_are_validation_data() {
        let bytes = append(signed(), |update| {
            update.put(id(10), &data(&DER)).unwrap();
            let entry = Object::Dictionary(Dictionary::new().with("Cert", references(&[10])));
            name_store(
                update,
                Dictionary::new().with("VRI", Object::Dictionary(Dictionary::new().with("AB", entry))),
            );
        });
        let bytes = add_time_stamp(bytes, 0);
        let expected = vec![(3, ChangeKind::ValidationData), (4, time_stamp())];
        assert_eq!(permitted(&bytes), ("validation data", expected));
    }

    #[test]
    fn a_store_that_carries_something_else_is_refused() {
        let bytes = append(signed(), |update| {
            add_store(update);
            update.add(&Object::Null).unwrap();
        });
        assert!(matches!(kinds(&bytes)[..], [ChangeKind::Added { .. }]));
        let bytes = append(signed(), |update| {
            add_certificate(update, 8, b"q Q");
        });
        assert_eq!(kinds(&bytes), [ChangeKind::StoreForm]);
        let bytes = append(signed(), |update| {
            name_store(update, Dictionary::new().with("JS", references(&[4])));
        });
        assert_eq!(kinds(&bytes), [ChangeKind::StoreForm]);
    }

    #[test]
    fn an_object_hidden_inside_another_is_told() {
        let hiding = |hidden: &[u8]| {
            let bytes = append(signed(), |update| {
                let certificate = encode(|w| {
                    w.sequence(|w| {
                        w.sequence(|_| ());
                        w.sequence(|_| ());
                        w.bit_string(hidden);
                    });
                });
                add_certificate(update, 8, &certificate);
            });
            match changes(&bytes) {
                ChangesAfter::ValidationData(_) => 0,
                ChangesAfter::NotPermitted { refused, .. } => {
                    let is_hidden = |change: &&Change| matches!(change.kind, ChangeKind::Hidden { .. });
                    refused.iter().filter(is_hidden).count()
                }
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(hiding(b"of a trailer maker, obj 4 0"), 0);
        assert_eq!(hiding(b"\n4 0 obj\n<<>>\nendobj"), 1);
        assert_eq!(hiding(b"\n4 %\n0 obj<<>>endobj trailer<</Root 1 0 R>>"), 2);
    }

    #[test]
    fn a_store_added_in_a_way_that_readers_take_differently_is_refused() {
        let bytes = append(signed(), add_store);
        let trailer = memchr::memmem::rfind(&bytes, b"trailer").unwrap();
        let (before, after) = bytes.split_at(trailer);
        let bytes = [before, b"99999999999 0\n", after].concat();
        assert!(matches!(kinds(&bytes)[..], [ChangeKind::Ambiguous { .. }]));
    }

    #[test]
    fn content_listed_as_a_certificate_is_still_replaced_content() {
        let bytes = append(signed(), |update| {
            add_certificate(update, 4, &DER);
        });
        assert_eq!(kinds(&bytes), [replaced(Part::PageContent(1))]);
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
        assert_eq!(kinds(&bytes), [replaced(Part::PageTree)]);
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
        assert!(kinds(&bytes).contains(&ChangeKind::FieldAdded { field: "Seal".into() }));
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
        let part = Part::PageContent(1);
        assert!(kinds(&freed).contains(&ChangeKind::Freed { part }));
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
    fn what_follows_a_carriage_return_leaves_the_revision_before_as_it_was() {
        let mut bytes = signed();
        *bytes.last_mut().unwrap() = b'\r';
        let bytes = append(bytes, add_store);
        let expected = vec![(3, ChangeKind::ValidationData)];
        assert_eq!(permitted(&bytes), ("validation data", expected));
    }

    /// After the signature a field is filled whose widget (object 7) is an object of its own; `fill` says what becomes
    /// of both.
    fn with_widget_apart(fill: impl FnOnce(&mut Dictionary, &mut Dictionary)) -> Vec<u8> {
        let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[6 0 R 7 0 R]>>";
        let bodies = [
            CATALOG,
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            page,
            &stream("", "BT ET"),
            "<</Fields[6 0 R 8 0 R]/SigFlags 3>>",
            "<</FT/Sig/T(Seal)/V 9 0 R/Type/Annot/Subtype/Widget/Rect[0 0 9 9]/P 3 0 R>>",
            "<</Type/Annot/Subtype/Widget/Parent 8 0 R/Rect[0 0 99 99]/P 3 0 R>>",
            "<</FT/Sig/T(Other)/Kids[7 0 R]>>",
        ];
        let bytes = sign(document(SectionKind::Table, &bodies), "Sig", |_| id(9));
        let read = |number| match &open(&bytes).latest().object(id(number)).unwrap().value {
            Object::Dictionary(dictionary) => dictionary.clone(),
            other => panic!("{other:?}"),
        };
        let (mut field, mut widget) = (read(8), read(7));
        fill(&mut field, &mut widget);
        sign(bytes.clone(), "Sig", |update| {
            update.put(id(8), &Object::Dictionary(field)).unwrap();
            update.put(id(7), &Object::Dictionary(widget)).unwrap();
            let bounds = Object::Array([0, 0, 9, 9].map(Object::Integer).to_vec());
            let Object::Stream(mut picture) = data(b"0 0 9 9 re f") else {
                panic!("no stream")
            };
            picture.dictionary.set("Subtype", Object::name("Form"));
            picture.dictionary.set("BBox", bounds);
            update.put(id(11), &Object::Stream(picture)).unwrap();
            id(10)
        })
    }

    fn draw(widget: &mut Dictionary) {
        let appearance = Dictionary::new().with("N", Object::Reference(id(11)));
        widget.set("AP", Object::Dictionary(appearance));
    }

    #[test]
    fn a_field_is_signed_in_a_widget_apart_from_it_which_changes_in_nothing_else() {
        let bytes = with_widget_apart(|field, widget| {
            field.set("V", Object::Reference(id(10)));
            draw(widget);
        });
        let (_, found) = permitted(&bytes);
        let is_signed =
            |kind: &ChangeKind| matches!(kind, ChangeKind::Signed { field, shown: Some(_) } if field == "Other");
        assert!(matches!(&found[..], [(3, kind)] if is_signed(kind)), "{found:?}");
        let moved = with_widget_apart(|field, widget| {
            field.set("V", Object::Reference(id(10)));
            widget.set("Rect", Object::Array([0, 0, 98, 98].map(Object::Integer).to_vec()));
        });
        let changed = |key: &str| ChangeKind::FieldEntry {
            field: "Other".into(),
            key: key.into(),
        };
        assert!(kinds(&moved).contains(&changed("Rect")), "{:?}", kinds(&moved));
        let unsigned = with_widget_apart(|_, widget| draw(widget));
        assert!(kinds(&unsigned).contains(&changed("AP")), "{:?}", kinds(&unsigned));
    }

    #[test]
    fn every_signature_is_read_about_once_however_many_follow() {
        const MANY: usize = 24;
        const ROOM: usize = 20_000;
        let form = "<</Fields[6 0 R]/SigFlags 3>>";
        let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>";
        let pages = "<</Type/Pages/Kids[3 0 R]/Count 1>>";
        let content = stream("", "BT ET");
        let fields = (0..MANY as u32).map(|place| 6 + place).collect::<Vec<_>>();
        let mut bytes = document(SectionKind::Table, &[CATALOG, pages, page, &content, form]);
        for (count, number) in fields.iter().enumerate() {
            let mut update = open(&bytes).update().unwrap();
            let signature = id(100 + number);
            let entries = Dictionary::new()
                .with("FT", Object::name("Sig"))
                .with("T", Object::String(format!("S{number}").into_bytes()))
                .with("V", Object::Reference(signature));
            update.put(id(*number), &Object::Dictionary(entries)).unwrap();
            let form = Dictionary::new()
                .with("Fields", references(&fields[..=count]))
                .with("SigFlags", Object::Integer(3));
            update.put(id(5), &Object::Dictionary(form)).unwrap();
            let entries = Dictionary::new().with("SubFilter", Object::name("ETSI.CAdES.detached"));
            let reserved = reserve(update, signature, &entries, ROOM, &[1; 16]).unwrap();
            bytes.extend(reserved.fill(&DER).unwrap());
        }
        // Each signature's string is two digits a byte; half of it again is room for all else.
        let limits = Limits {
            lexed_bytes: bytes.len() as u64 * 3 / 2,
            ..Limits::UPLOAD
        };
        let file = PdfFile::open(&bytes, &limits).unwrap();
        let signatures = file.signatures().unwrap();
        assert_eq!(signatures.len(), MANY);
        for signature in signatures {
            file.changes_after(signature).unwrap();
        }
    }

    #[test]
    fn long_names_in_changes_reach_the_budget_of_what_is_told() {
        let name = "n".repeat(1000);
        let field = |value: &str| format!("<</FT/Tx/T({name})/V({value})>>");
        let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]>>>>";
        let bodies = [catalog, "<</Type/Pages/Count 0/Kids[]>>", &field("0")];
        let mut bytes = document(SectionKind::Table, &bodies);
        for value in ["1", "2", "3"] {
            let section = open(&bytes).revisions().last().unwrap().startxref;
            let trailer = format!("/Root 1 0 R/Prev {section}");
            bytes = revision(bytes, SectionKind::Table, &[(3, &field(value))], 4, &trailer);
        }
        let limits = Limits {
            told_name_bytes: 2500,
            ..Limits::UPLOAD
        };
        let file = PdfFile::open(&bytes, &limits).unwrap();
        assert_eq!(
            file.changes_of(2),
            Ok(vec![ChangeKind::FieldFilled { field: name.clone() }])
        );
        assert!(file.changes_of(3).is_ok() && file.changes_of(3).is_ok(), "kept");
        let told = file.changes_of(4);
        assert!(
            matches!(told, Err(PdfError::Limit(reached)) if reached.unit == "bytes in names of what changes"),
            "{told:?}"
        );
    }

    #[test]
    fn parts_are_told_of_so_many_revisions_and_then_types_alone() {
        let mut bytes = signed();
        for place in 0..=PARTS_REVISIONS {
            let other = data(format!("{place} w").as_bytes());
            bytes = append(bytes, |update| update.put(id(4), &other).unwrap());
        }
        let file = open(&bytes);
        let told: Vec<_> = (3..=file.revisions().len())
            .map(|revision| file.changes_of(revision).unwrap()[0].clone())
            .collect();
        let (last, first) = told.split_last().unwrap();
        assert!(
            first.iter().all(|kind| *kind == replaced(Part::PageContent(1))),
            "{told:?}"
        );
        assert_eq!(*last, replaced(Part::Other("stream".into())));
    }
}
