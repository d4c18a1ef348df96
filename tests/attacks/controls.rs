//! What is permitted: these have to be accepted, or refusing everything would pass as well.

use std::sync::Arc;

use yinxin::crypto::key::Suite;
use yinxin::pdf::{Dictionary, Object, Reference, Stream, StreamData};
use yinxin::service::actor::Actor;
use yinxin::service::sealings::Level;
use yinxin::verify::{ChangesAfter, Conclusion, Permission};

use super::forge::{self, Kind};
use super::tool::Error;
use super::tool::target::Target;
use super::tool::updates::{add_to_page, annotation, appearance};
use super::{Office, upload};
use crate::support::app::{ISSUER, TestApp};

/// A signed upload with one honest update after it.
fn updated(signed: &[u8], write: impl FnOnce(&Target, &mut yinxin::pdf::Update) -> Result<(), Error>) -> Vec<u8> {
    let target = Target::read(signed).unwrap();
    target.updated(|update| write(&target, update)).unwrap()
}

/// Fills in a field as a reader does: value and appearance.
fn filled(signed: &[u8], field: u32) -> Vec<u8> {
    updated(signed, |_, update| {
        let picture = update.add(&appearance())?;
        let states = Dictionary::new().with("N", Object::Reference(picture));
        let (name, corners) = match field {
            6 => ("Amount", [50, 50, 200, 80]),
            _ => ("Note", [50, 90, 200, 120]),
        };
        let entries = Dictionary::new()
            .with("Type", Object::name("Annot"))
            .with("Subtype", Object::name("Widget"))
            .with("FT", Object::name("Tx"))
            .with("T", Object::String(name.as_bytes().to_vec()))
            .with("V", Object::String(b"900".to_vec()))
            .with("F", Object::Integer(4))
            .with("P", Object::Reference(Reference::new(3)))
            .with("Rect", Object::Array(corners.map(Object::Integer).to_vec()))
            .with("AP", Object::Dictionary(states));
        Ok(update.put(Reference::new(field), &Object::Dictionary(entries))?)
    })
}

#[test]
fn later_signatures_leave_the_ones_before_them_valid() {
    let office = Office::new();
    let mut document = upload();
    for count in 1..=4 {
        document = forge::sign(&document, &office.identity(), Kind::Approval);
        let report = office.judge(&document);
        assert_eq!(report.conclusion, Conclusion::Valid, "{report:?}");
        assert_eq!(report.signatures.len(), count);
    }
    let report = office.judge(&document);
    assert_eq!(report.signatures[0].changes_after, ChangesAfter::Permitted);
    assert_eq!(report.signatures[0].change_list.len(), 3, "{report:?}");
}

#[test]
fn a_later_signature_that_is_not_valid_takes_the_word_from_the_one_before() {
    let (office, stranger) = (Office::new(), Office::new());
    let signed = forge::sign(&upload(), &office.identity(), Kind::Approval);
    let report = office.judge(&forge::sign(&signed, &stranger.identity(), Kind::Approval));
    assert_eq!(report.conclusion, Conclusion::Indeterminate, "{report:?}");
    assert_eq!(report.signatures[0].conclusion, Conclusion::ValidWithPermittedChanges);
}

#[test]
fn filling_in_is_permitted_by_certification_and_lock_and_not_by_approval() {
    let office = Office::new();
    let permitted = Conclusion::ValidWithPermittedChanges;
    for (place, (kind, field, expected)) in [
        (Kind::Approval, 6, Conclusion::Changed),
        (Kind::Certification(1), 6, Conclusion::Changed),
        (Kind::Certification(2), 6, permitted),
        (Kind::Certification(2), 7, permitted),
        (Kind::Certification(3), 6, permitted),
        (Kind::Locking(None), 7, Conclusion::Changed),
        (Kind::Locking(Some("Note")), 7, permitted),
        (Kind::Locking(Some("Note")), 6, Conclusion::Changed),
    ]
    .into_iter()
    .enumerate()
    {
        let signed = forge::sign(&upload(), &office.identity(), kind);
        let report = office.judge(&filled(&signed, field));
        assert_eq!(report.conclusion, expected, "{place}: {report:?}");
        let told = &report.signatures[0].change_list[0];
        let name = if field == 6 { "Amount" } else { "Note" };
        assert_eq!(told.text, format!("revision 3 of 3 fills in the form field \"{name}\""));
        assert_eq!(told.permission == Permission::Permitted, expected == permitted);
    }
}

#[test]
fn a_note_is_permitted_where_the_certification_says_so() {
    let office = Office::new();
    for (permission, expected) in [
        (1, Conclusion::Changed),
        (2, Conclusion::Changed),
        (3, Conclusion::ValidWithPermittedChanges),
    ] {
        let signed = forge::sign(&upload(), &office.identity(), Kind::Certification(permission));
        let noted = updated(&signed, |target, update| {
            let text = Object::String(b"seen".to_vec());
            let note = annotation("Text", target.page).with("Contents", text);
            let note = update.add(&Object::Dictionary(note))?;
            add_to_page(update, target, note)
        });
        let report = office.judge(&noted);
        assert_eq!(report.conclusion, expected, "{permission}: {report:?}");
    }
}

#[test]
fn validation_data_behind_a_licence_are_told_for_none_are_due() {
    let app = TestApp::new(Suite::International);
    let licence = app.document(&app.issue(0));
    let noted = |bytes: Vec<u8>| {
        let report = app.wait(app.service.verify_document(bytes, None)).unwrap();
        assert_eq!(report.conclusion, Conclusion::Valid, "{report:?}");
        let notes = report.signatures[0].notes.iter();
        notes.filter(|note| note.code == "note-licence-extended").count()
    };
    let (issuer, document) = (ISSUER.parse().unwrap(), Arc::new(licence.clone()));
    let raised = app
        .service
        .extend_document(&Actor::Operator, (&issuer, Level::Lta), document, None);
    let extended = [licence.clone(), app.wait(raised).unwrap().appended].concat();
    assert_eq!([noted(licence), noted(extended)], [0, 1]);
}

#[test]
fn validation_data_and_time_stamps_leave_every_signature_valid() {
    let office = Office::new();
    for kind in [Kind::Approval, Kind::Certification(1), Kind::Locking(None)] {
        let signed = forge::sign(&upload(), &office.identity(), kind);
        let stored = updated(&signed, |target, update| {
            let certificate = super::tool::dictionary::stream(office.city.issuing.der());
            let certificates = Object::Array(vec![Object::Reference(update.add(&certificate)?)]);
            let store = Object::Dictionary(Dictionary::new().with("Certs", certificates));
            let catalog = target.catalog.clone().with("DSS", store);
            Ok(update.put(target.root, &Object::Dictionary(catalog))?)
        });
        let report = office.judge(&stored);
        assert_eq!(report.conclusion, Conclusion::Valid, "{report:?}");
        assert_eq!(report.signatures[0].changes_after, ChangesAfter::ValidationData);
        assert_eq!(
            report.signatures[0].change_list[0].text,
            "revision 3 of 3 adds validation data"
        );
    }
}

#[test]
fn metadata_that_name_a_later_program_are_permitted() {
    let office = Office::new();
    let signed = forge::sign(&upload(), &office.identity(), Kind::Approval);
    let described = updated(&signed, |target, update| {
        let packet = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' \
                      xmlns:pdf='http://ns.adobe.com/pdf/1.3/' pdf:Producer='other'/></rdf:RDF>";
        let dictionary = Dictionary::new()
            .with("Type", Object::name("Metadata"))
            .with("Subtype", Object::name("XML"));
        let data = StreamData::Held(packet.as_bytes().to_vec());
        let metadata = Object::Reference(update.add(&Object::Stream(Stream { dictionary, data }))?);
        let catalog = target.catalog.clone().with("Metadata", metadata);
        Ok(update.put(target.root, &Object::Dictionary(catalog))?)
    });
    let report = office.judge(&described);
    assert_eq!(report.conclusion, Conclusion::ValidWithPermittedChanges, "{report:?}");
}

#[test]
fn the_date_of_a_later_program_is_permitted() {
    let office = Office::new();
    let signed = forge::sign(&upload(), &office.identity(), Kind::Approval);
    let target = Target::read(&signed).unwrap();
    let next = target.next_number();
    let entries = "<</ModDate(D:20260102030405Z)/Producer(other)>>";
    let dated = target.appended(&[(next, entries)], &format!("{} /Info {next} 0 R", target.following()));
    let report = office.judge(&dated);
    assert_eq!(report.conclusion, Conclusion::ValidWithPermittedChanges, "{report:?}");
}
