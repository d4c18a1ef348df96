//! What the security store has for single signatures (`VRI`): told of the signature whose key it is, and believed
//! neither more nor less than what the store has for all.

use yinxin::crypto::key::Suite;
use yinxin::pdf::{Dictionary, Limits, Object, PdfFile, SignatureField, Stream, StreamData, Update};
use yinxin::trust::{Anchor, Service, Snapshot};
use yinxin::verify::{self, Conclusion, Context, SignatureReport, SubIndication, ValidationInformation};
use yinxin::x509::{Crl, RevocationReason, RevokedEntry};

use super::levels::{stamped, token};
use crate::support::city::{City, Holder, now};

/// What a store tells of its signatures.
type Telling<'a> = dyn Fn(&SignatureField, &mut Adding<'_>) -> Object + 'a;

/// Puts streams into a revision.
struct Adding<'a>(&'a mut Update);

impl Adding<'_> {
    fn stream(&mut self, bytes: &[u8]) -> Object {
        let stream = Stream {
            dictionary: Dictionary::new(),
            data: StreamData::Held(bytes.to_vec()),
        };
        Object::Reference(self.0.add(&Object::Stream(stream)).unwrap())
    }

    fn lists(&mut self, lists: &[Crl]) -> Object {
        Object::Array(lists.iter().map(|list| self.stream(list.der())).collect())
    }
}

/// A signed document that the store of a later revision has these lists for, and tells this.
fn stored(document: &[u8], lists: &[Crl], telling: &Telling<'_>) -> Vec<u8> {
    let document = document.to_vec();
    let revision = {
        let file = PdfFile::open(&document, &Limits::UPLOAD).unwrap();
        let mut update = file.update().unwrap();
        let mut adding = Adding(&mut update);
        let lists = adding.lists(lists);
        let told = telling(&file.signatures().unwrap()[0], &mut adding);
        let mut store = Dictionary::new().with("CRLs", lists);
        if told != Object::Null {
            store.set("VRI", told);
        }
        let catalog = file.latest().catalog().unwrap().with("DSS", Object::Dictionary(store));
        let root = file.latest().revision().root().unwrap();
        update.put(root, &Object::Dictionary(catalog)).unwrap();
        update.finish(&[7; 16]).unwrap()
    };
    [document, revision].concat()
}

fn dictionary(key: &str, value: Object) -> Object {
    Object::Dictionary(Dictionary::new().with(key, value))
}

/// Judged by the roots alone: lists are to come from the file.
fn judged(city: &City, document: &[u8]) -> SignatureReport {
    let anchor = Anchor::new("root", city.root.clone(), &Service::ALL);
    let known = Snapshot::new(vec![anchor], Vec::new(), Vec::new());
    let mut report = verify::document(&document.to_vec(), None, &Context::new(&known, now())).report;
    report.signatures.remove(0)
}

fn signed() -> (City, Holder, Vec<u8>) {
    let city = City::new(Suite::International);
    let signer = city.organisation();
    let document = stamped(&city, &signer);
    (city, signer, document)
}

#[test]
fn an_entry_is_found_by_its_signature_under_each_key_that_programs_use() {
    let (city, _, document) = signed();
    let lists = city.lists(now(), &[]);
    let keys = PdfFile::open(&document, &Limits::UPLOAD).unwrap().signatures().unwrap()[0].validation_keys();
    assert_eq!(keys.len(), 4);
    for key in keys {
        let telling = |_: &SignatureField, adding: &mut Adding<'_>| {
            let entry = Dictionary::new()
                .with("CRL", adding.lists(&lists))
                .with("TU", Object::String(b"D:20260528163015+08'00'".to_vec()))
                .with("TS", adding.stream(&token(&city, b"whatever")));
            dictionary(&key, Object::Dictionary(entry))
        };
        let report = judged(&city, &stored(&document, &lists, &telling));
        let expected = ValidationInformation {
            certificates: 0,
            crls: 2,
            ocsp_responses: 0,
            made: Some(now()),
            stamped: Some(now()),
        };
        assert_eq!(report.validation_information, Some(expected), "{key}");
        assert_eq!(report.conclusion, Conclusion::Valid, "{key}: {report:?}");
    }
}

#[test]
fn an_entry_of_no_signature_is_told_of_none_and_its_lists_count_as_those_for_all() {
    let (city, _, document) = signed();
    let lists = city.lists(now(), &[]);
    let telling = |_: &SignatureField, adding: &mut Adding<'_>| {
        dictionary(&"0A".repeat(20), dictionary("CRL", adding.lists(&lists)))
    };
    let report = judged(&city, &stored(&document, &[], &telling));
    assert_eq!(report.validation_information, None);
    assert_eq!(
        (report.conclusion, report.level),
        (Conclusion::Valid, Some("PAdES-B-LT"))
    );
    let nothing = judged(&city, &stored(&document, &[], &|_, _| Object::Null));
    assert_eq!(nothing.sub_indication, Some(SubIndication::TryLater), "{nothing:?}");
}

#[test]
fn no_list_counts_more_or_less_for_standing_in_the_entry_of_its_signature() {
    let (city, signer, document) = signed();
    let revoked = RevokedEntry {
        serial: signer.certificate.serial().clone(),
        revoked_at: now() - chrono::TimeDelta::hours(2),
        reason: RevocationReason::KeyCompromise,
        invalidity_date: None,
    };
    let harmless = city.lists(now() - chrono::TimeDelta::days(1), &[]);
    let revoking = city.lists(now(), &[revoked]);
    for (for_all, of_it) in [(&revoking, &harmless), (&harmless, &revoking)] {
        let telling = |signature: &SignatureField, adding: &mut Adding<'_>| {
            let key = signature.validation_key().unwrap();
            dictionary(&key, dictionary("CRL", adding.lists(of_it)))
        };
        let report = judged(&city, &stored(&document, for_all, &telling));
        assert_eq!(report.sub_indication, Some(SubIndication::RevokedNoPoe), "{report:?}");
    }
    // Lists of the same names, of another.
    let other = City::new(Suite::International).lists(now(), &[]);
    let telling = |signature: &SignatureField, adding: &mut Adding<'_>| {
        let key = signature.validation_key().unwrap();
        dictionary(&key, dictionary("CRL", adding.lists(&other)))
    };
    let report = judged(&city, &stored(&document, &[], &telling));
    assert_eq!(report.sub_indication, Some(SubIndication::TryLater), "{report:?}");
}

#[test]
fn whatever_an_entry_holds_the_signature_itself_is_judged_as_without_it() {
    let (city, _, document) = signed();
    let lists = city.lists(now(), &[]);
    let plain = judged(&city, &stored(&document, &lists, &|_, _| Object::Null));
    assert_eq!((plain.conclusion, plain.level), (Conclusion::Valid, Some("PAdES-B-LT")));
    let own = |entry: fn(&mut Adding<'_>) -> Object| {
        move |signature: &SignatureField, adding: &mut Adding<'_>| {
            dictionary(&signature.validation_key().unwrap(), entry(adding))
        }
    };
    // What is no validation data, added later, is a change that nobody permitted; a time is a string, whatever it says.
    let (valid, changed) = (Conclusion::Valid, Conclusion::Changed);
    let tellings: [(&str, Conclusion, Box<Telling<'_>>); 8] = [
        ("no dictionary", changed, Box::new(|_, _| Object::Integer(7))),
        (
            "an entry that is none",
            changed,
            Box::new(own(|_| Object::Array(Vec::new()))),
        ),
        (
            "a list that is none",
            changed,
            Box::new(own(|_| dictionary("CRL", Object::Integer(1)))),
        ),
        (
            "a list that leads to nothing",
            changed,
            Box::new(own(|_| {
                dictionary("Cert", Object::Array(vec![Object::Null, Object::Integer(3)]))
            })),
        ),
        (
            "streams of anything",
            changed,
            Box::new(own(|adding| {
                let streams = (0..300_u16).map(|number| adding.stream(&number.to_be_bytes()));
                dictionary("OCSP", Object::Array(streams.collect()))
            })),
        ),
        (
            "a stamp that is none",
            changed,
            Box::new(own(|adding| dictionary("TS", adding.stream(b"now")))),
        ),
        (
            "a time that is none",
            valid,
            Box::new(own(|_| dictionary("TU", Object::String(b"D:soon".to_vec())))),
        ),
        (
            "ten thousand entries",
            changed,
            Box::new(|_, _| {
                let entries = (0..10_000).map(|number| (format!("{number:040X}"), dictionary("CRL", Object::Null)));
                Object::Dictionary(entries.fold(Dictionary::new(), |all, (key, entry)| all.with(&key, entry)))
            }),
        ),
    ];
    for (what, expected, telling) in tellings {
        let report = judged(&city, &stored(&document, &lists, &telling));
        assert_eq!(report.conclusion, expected, "{what}: {report:?}");
        assert_eq!(
            (report.indication, report.level, report.best_signature_time),
            (plain.indication, plain.level, plain.best_signature_time),
            "{what}: {report:?}"
        );
    }
}
