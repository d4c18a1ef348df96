//! What was signed before stays as it was signed: by whoever signs later, and by whoever raises a level.

use std::fs;

use axum::http::StatusCode;
use serde_json::{Value, json};
use yinxin::asn1::oid;
use yinxin::cms::Form;
use yinxin::cms::build::{Content, SigningIdentity};
use yinxin::crypto::DigestAlgorithm;
use yinxin::crypto::key::Suite;
use yinxin::pdf::{Dictionary, Limits, Object, PdfFile, Reference};
use yinxin::problem::Explain;
use yinxin::trust::Snapshot;
use yinxin::verify::{self, ChangesAfter, Context};

use super::judged::all_pass;
use super::{Office, Wish, at, corpus, service};
use crate::attacks::beyond_budget;
use crate::support::TempFolder;
use crate::support::app::TestApp;
use crate::support::city::{City, now};
use crate::support::filled_field::filled;
use crate::support::odd_message::OddMessage;

/// The codes of the warnings in the answer to a sealing.
fn warned(sealing: &Value) -> Vec<&str> {
    let warnings = sealing["warnings"].as_array().into_iter().flatten();
    warnings.map(|warning| warning["code"].as_str().unwrap()).collect()
}

/// What was changed after each signature, as we judge it.
fn changes(document: &[u8]) -> Vec<ChangesAfter> {
    let snapshot = Snapshot::default();
    let report = verify::document(&document, None, &Context::new(&snapshot, now())).report;
    report
        .signatures
        .iter()
        .map(|signature| signature.changes_after)
        .collect()
}

/// The document with that text in place of another of the same length.
fn replaced(document: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = memchr::memmem::find(document, from.as_bytes()).unwrap();
    let mut document = document.to_vec();
    document[at..at + to.len()].copy_from_slice(to.as_bytes());
    document
}

/// The document with its pages (object 3) turned over, in a further revision.
fn turned_over(document: &[u8]) -> Vec<u8> {
    let file = PdfFile::open(&document, &Limits::UPLOAD).unwrap();
    let mut update = file.update().unwrap();
    let pages = Reference::new(3);
    let value = file.latest().object(pages).unwrap().value.clone();
    let Object::Dictionary(entries) = value else {
        panic!("{value:?}")
    };
    let entries: Dictionary = entries.with("Rotate", Object::Integer(180));
    update.put(pages, &Object::Dictionary(entries)).unwrap();
    [document, &update.finish(&[7; 16]).unwrap()].concat()
}

#[test]
fn numbers_stay_what_they_were_where_others_sign_after() {
    let office = Office::new();
    let folder = TempFolder::new("kept-reals");
    let in_place = |y| Wish {
        places: at(100.0, y),
        ..Wish::default()
    };
    let in_field = |field| Wish {
        field: Some(field),
        ..Wish::default()
    };
    let boxes = corpus::page("1.7", "/MediaBox[0.0 0.0 595.2799999999999727 842.0]", &[]);
    let mut files = Vec::new();
    for (document, orders) in [
        (boxes, [in_place(60.0), in_place(120.0)]),
        (corpus::form_of_reals(), [in_field("First"), in_field("Second")]),
    ] {
        let sealed = orders
            .iter()
            .fold(document, |document, order| office.seal(&document, order).unwrap());
        assert_eq!(changes(&sealed), [ChangesAfter::Permitted, ChangesAfter::None]);
        let file = format!("{}.pdf", files.len());
        fs::write(folder.path().join(&file), sealed).unwrap();
        files.push(file);
    }
    for verdict in office.pyhanko(folder.path(), "bb", &files) {
        assert!(all_pass(&verdict, 2), "{verdict}");
    }
}

#[test]
fn what_a_document_refers_to_in_vain_stays_missing() {
    // pyHanko does not judge such a document: it fails on the reference.
    let office = Office::new();
    let mut document = String::from_utf8(corpus::page("1.7", "/MediaBox[0 0 595 842]/PieceInfo 9 0 R", &[])).unwrap();
    document = document.replace("/Root 1 0 R>>", "/Root 1 0 R/AdditionalStreams[6 0 R 7 0 R]>>");
    let sealed = [60.0, 120.0].iter().fold(document.into_bytes(), |document, y| {
        let wish = Wish {
            places: at(100.0, *y),
            ..Wish::default()
        };
        office.seal(&document, &wish).unwrap()
    });
    assert_eq!(changes(&sealed), [ChangesAfter::Permitted, ChangesAfter::None]);
    let file = PdfFile::open(&sealed, &Limits::UPLOAD).unwrap();
    for missing in [6, 7, 9] {
        let object = file.latest().object(Reference::new(missing)).unwrap();
        assert!(object.value.is_null(), "{object:?}");
    }
}

#[test]
fn a_seal_that_would_break_an_earlier_signature_is_refused_before_a_key_is_used() {
    let office = Office::new();
    let placed = |y| Wish {
        places: at(100.0, y),
        ..Wish::default()
    };
    let codes = |document: &[u8], wish: &Wish<'_>| -> Vec<&str> {
        let refused = office.seal(document, wish).unwrap_err();
        refused.problems().iter().map(|problem| problem.code).collect()
    };
    // The list of the page's annotations is something else, too: it stays as it is.
    let shared = corpus::page("1.7", "/MediaBox[0 0 595 842]/Annots 6 0 R/Mine 6 0 R", &["[]"]);
    let signed = office.seal(&shared, &placed(60.0)).unwrap();
    let again = office.seal(&signed, &placed(120.0)).unwrap();
    assert_eq!(changes(&again), [ChangesAfter::Permitted, ChangesAfter::None]);
    // A page that does not say that it is one, so that nobody can say what a change of it does.
    let unnamed = replaced(&shared, "/Type/Page/Parent", "/Typo/Page/Parent");
    let signed = office.seal(&unnamed, &placed(60.0)).unwrap();
    let refused = codes(&signed, &placed(120.0));
    assert!(
        matches!(refused[..], ["signature-would-break", change] if change.starts_with("change-")),
        "{refused:?}"
    );
    let apart = corpus::form_apart();
    let signed = office.seal(&apart, &placed(230.0)).unwrap();
    let office_field = Wish {
        field: Some("office"),
        ..Wish::default()
    };
    assert_eq!(codes(&signed, &office_field), ["signature-field-apart"]);
    let first = office.seal(&apart, &office_field).unwrap();
    assert_eq!(changes(&office.seal(&first, &placed(230.0)).unwrap()).len(), 2);
}

#[test]
fn what_was_altered_after_it_was_signed_is_neither_sealed_nor_raised() {
    let app = TestApp::new(Suite::International);
    let (_, signed) = service::sealed(&app, &service::order("b-t"), &corpus::pages(1));
    let altered = replaced(&signed, "Application", "Applicetion");
    let forged = turned_over(&signed);
    // Of neither are the bytes compared: the range is not sound, the message is not read.
    let shifted = replaced(&altered, "/ByteRange [0 ", "/ByteRange [1 ");
    let unread = replaced(&altered, "<3082", "<0582");
    let unknown_after = beyond_budget(&signed);
    // Nobody trusts this office here.
    let unknown = Office::new().seal(&corpus::pages(1), &Wish::default()).unwrap();
    for order in [service::order("b-b"), json!({ "extend": true, "level": "b-lta" })] {
        for (document, code) in [
            (&altered, "earlier-signature-altered"),
            (&forged, "earlier-signature-changed"),
            (&shifted, "earlier-signature-fails"),
            (&unread, "earlier-signature-fails"),
            (&unknown_after, "earlier-signature-unknown"),
        ] {
            let answer = service::seal(&app, &app.token, &order, document, None);
            assert_eq!(answer.code(), code, "{}", answer.text());
            assert!(answer.text().contains("Signature1"), "{}", answer.text());
            let is_of_budget = answer.text().contains("pdf-too-complex");
            assert_eq!(is_of_budget, code == "earlier-signature-unknown", "{}", answer.text());
        }
    }
    let (_, sealed) = service::sealed(&app, &service::order("b-b"), &unknown);
    assert!(sealed.starts_with(&unknown));
    let stamped = service::seal(
        &app,
        &app.token,
        &json!({ "extend": true, "level": "b-t" }),
        &sealed,
        None,
    );
    assert_eq!(stamped.status, StatusCode::CREATED, "{}", stamped.text());
}

#[test]
fn a_signature_of_an_odd_form_is_sealed_after_where_it_fits_its_bytes() {
    let app = TestApp::new(Suite::International);
    let city = City::new(Suite::International);
    let (signer, chain) = (city.organisation(), [city.issuing.clone()]);
    // PAdES asks for a name of the certificate among what is signed: not all that sign under its name give one.
    let odd = filled("ETSI.CAdES.detached", |bytes, _| {
        let mut message = OddMessage::of(&signer, &chain);
        message.digest = (oid::SHA256, DigestAlgorithm::Sha256);
        message.algorithm = (oid::ECDSA_WITH_SHA256, &[]);
        (message.outer, message.inner) = (oid::ID_SIGNED_DATA, oid::ID_DATA);
        message.over(bytes)
    });
    // Or carries along what it should have left outside.
    let identity = SigningIdentity::new(signer.key.clone(), signer.certificate.clone(), &chain).unwrap();
    let attached = filled("ETSI.CAdES.detached", |bytes, _| {
        let message = identity.sign(Form::Pkcs7, Content::Attached(oid::ID_DATA, bytes), &[]);
        message.unwrap().finish(&[])
    });
    for odd in [&odd, &attached] {
        let (sealing, sealed) = service::sealed(&app, &service::order("b-b"), odd);
        assert!(sealed.starts_with(odd));
        assert_eq!(warned(&sealing)[0], "earlier-signature-invalid");
        assert!(warned(&sealing)[1].starts_with("signature-"), "{sealing}");
        // It stays invalid, however long it lasts.
        for document in [odd, &sealed] {
            for level in ["b-t", "b-lta"] {
                let raised = json!({ "extend": true, "level": level });
                let answer = service::seal(&app, &app.token, &raised, document, None);
                assert_eq!(answer.code(), "earlier-signature-fails", "{}", answer.text());
                assert!(answer.text().contains("Signature1"), "{}", answer.text());
            }
        }
    }
    let altered = replaced(&odd, "9 9 80 80 re", "9 9 90 90 re");
    let answer = service::seal(&app, &app.token, &service::order("b-b"), &altered, None);
    assert_eq!(answer.code(), "earlier-signature-altered", "{}", answer.text());
}

#[test]
fn a_time_stamp_that_proves_nothing_here_is_no_reason_to_add_none() {
    let app = TestApp::new(Suite::International);
    let (_, stamped) = service::sealed(&app, &service::order("b-t"), &corpus::pages(1));
    // The last octet of the message is that of the stamp's own signature.
    let mut broken = stamped.clone();
    let end = {
        let file = PdfFile::open(&stamped, &Limits::UPLOAD).unwrap();
        let range = file.signatures().unwrap()[0].byte_range.clone().unwrap();
        usize::try_from(range.second.start).unwrap() - 1
    };
    let last = stamped[..end].iter().rposition(|digit| *digit != b'0').unwrap();
    broken[last] = if stamped[last] == b'1' { b'2' } else { b'1' };
    // A stamp by whom nobody here relies on.
    let city = City::new(Suite::International);
    let foreign = crate::forms::stamped(&city, &city.organisation());
    let proven = |document: &[u8]| {
        let report = app.wait(app.service.verify_document(document.to_vec(), None)).unwrap();
        let first = &report.signatures[0];
        let stamps = first
            .reasons
            .iter()
            .filter(|reason| reason.code.starts_with("time-stamp-"));
        let is_told = first.time_is_proven && first.conclusion == verify::Conclusion::Valid;
        assert!(
            !is_told || stamps.count() == 0,
            "a reason against a time that is proved: {first:?}"
        );
        (first.time_is_proven, first.level)
    };
    assert_eq!(proven(&stamped), (true, Some("PAdES-B-T")));
    let raised = |level: &str, document: &[u8]| {
        assert_eq!(proven(document), (false, Some("PAdES-B-B")));
        let (sealing, raised) = service::sealed(&app, &json!({ "extend": true, "level": level }), document);
        assert_eq!(warned(&sealing)[0], "earlier-stamp-not-relied-on", "{sealing}");
        assert!(warned(&sealing)[1].starts_with("time-stamp-"), "{sealing}");
        proven(&raised)
    };
    for (level, expected) in [("b-t", "PAdES-B-T"), ("b-lt", "PAdES-B-LTA"), ("b-lta", "PAdES-B-LTA")] {
        assert_eq!(raised(level, &broken), (true, Some(expected)), "{level}");
    }
    assert_eq!(raised("b-t", &foreign), (true, Some("PAdES-B-T")));
}
