//! Documents sealed in the form of GB/T 35275, for readers that know SM2 in this form alone.

use std::fs;

use axum::http::StatusCode;
use serde_json::json;
use yinxin::asn1::oid;
use yinxin::cms::SignedData;
use yinxin::crypto::key::Suite;
use yinxin::hex;
use yinxin::pdf::signature::SignatureKind;
use yinxin::pdf::{Limits, PdfFile};
use yinxin::sign::SignatureForm;
use yinxin::verify::Conclusion;

use super::service::{order, seal, sealed};
use super::{Office, Wish, corpus};
use crate::support::TempFolder;
use crate::support::app::TestApp;
use crate::support::judges::{gmssl_accepts, run};

/// The message of the only business signature of a document, and the bytes that it covers.
fn message_and_bytes(document: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let file = PdfFile::open(&document, &Limits::UPLOAD).unwrap();
    let signatures = file.signatures().unwrap().iter();
    let business: Vec<_> = signatures.filter(|one| one.kind == SignatureKind::Signature).collect();
    let [signature] = business[..] else {
        panic!("{business:?}")
    };
    let range = signature.byte_range.as_ref().unwrap();
    let part = |range: &std::ops::Range<u64>| &document[range.start as usize..range.end as usize];
    let message = signature.signature.clone().unwrap();
    (message, [part(&range.first), part(&range.second)].concat())
}

#[test]
fn a_document_is_sealed_for_readers_of_gb_t_35275_at_each_level() {
    let app = TestApp::new(Suite::National);
    let folder = TempFolder::new("gm-form");
    for level in ["b-b", "b-t", "b-lt", "b-lta"] {
        let mut order = order(level);
        order["form"] = json!("gm");
        let (sealing, document) = sealed(&app, &order, &corpus::pages(1));
        assert_eq!(sealing["level"], format!("GM-{}", level.to_uppercase()));
        let report = app.wait(app.service.verify_document(document.clone(), None)).unwrap();
        assert_eq!(report.conclusion, Conclusion::Valid, "{level}: {report:?}");
        let [signature, ..] = report.signatures.as_slice() else {
            panic!("{report:?}")
        };
        assert_eq!(signature.form.as_deref(), Some("adbe.pkcs7.detached"));
        assert_eq!(signature.encoding_notes, [], "{level}");
        assert!(signature.seal.is_some(), "{level}");

        let (message, bytes) = message_and_bytes(&document);
        fs::write(folder.path().join("message.der"), &message).unwrap();
        fs::write(folder.path().join("bytes"), &bytes).unwrap();
        let types = run(
            folder.path(),
            "openssl",
            &["asn1parse", "-inform", "DER", "-in", "message.der"],
        )
        .said;
        // The types of GB/T 35275 outside, inside and in the attribute that repeats the inner one; none of PKCS#7.
        assert_eq!(types.matches(":1.2.156.10197.6.1.4.2.2").count(), 1, "{types}");
        assert!(types.matches(":1.2.156.10197.6.1.4.2.1").count() >= 2, "{types}");
        assert!(!types.contains(":pkcs7-data"), "{types}");
        let digest = run(folder.path(), "openssl", &["dgst", "-sm3", "-r", "bytes"]).said;

        let message = SignedData::parse(&message).unwrap();
        let attributes = message.signers[0].signed_attributes.as_ref().unwrap();
        let told = attributes
            .attributes
            .iter()
            .find(|one| one.kind == oid::MESSAGE_DIGEST)
            .unwrap();
        assert!(digest.starts_with(&hex::encode(&told.values[0][2..])), "{digest}");
        let signer =
            |certificate: &Vec<u8>| gmssl_accepts(certificate, &attributes.signed, &message.signers[0].signature);
        assert_eq!(message.certificates.iter().filter(|one| signer(one)).count(), 1);
    }
}

#[test]
fn a_form_is_refused_that_the_key_is_not_for_or_that_is_unknown() {
    let app = TestApp::new(Suite::International);
    for (form, code) in [("gm", "signature-form-of-other-keys"), ("ofd", "value-breaks-rule")] {
        let asked = json!({ "form": form });
        let refused = seal(&app, &app.token, &asked, &corpus::pages(1), None);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            (refused.code().as_str(), &refused.json()["fields"][0]["field"]),
            (code, &json!("form"))
        );
    }
}

#[test]
fn a_field_that_asks_for_the_form_is_signed_in_it_alone() {
    let office = Office::of(Suite::National);
    let demanding = corpus::form(true, "/SV<</Ff 2/SubFilter[/adbe.pkcs7.detached]>>");
    let in_form = |form| {
        let wish = Wish {
            form,
            field: Some("Clerk"),
            ..Wish::default()
        };
        office.seal(&demanding, &wish)
    };
    assert!(in_form(SignatureForm::Pades).is_err());
    let signed = in_form(SignatureForm::Gm).unwrap();
    let (message, _) = message_and_bytes(&signed);
    assert_eq!(SignedData::parse(&message).unwrap().form, yinxin::cms::Form::Gm);
}
