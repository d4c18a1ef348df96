//! Baseline levels of PAdES by what is really there, and what the security store has for one signature.

use yinxin::asn1::oid;
use yinxin::ca::timestamp::StampSerial;
use yinxin::cms::Attribute;
use yinxin::cms::Form;
use yinxin::cms::build::{Content, SigningIdentity};
use yinxin::cms::timestamp::Imprint;
use yinxin::crypto::DigestAlgorithm;
use yinxin::crypto::key::Suite;
use yinxin::pdf::{Dictionary, Limits, Object, PdfFile, Stream, StreamData};
use yinxin::verify::{Conclusion, ValidationInformation};
use yinxin::x509::Crl;

use super::judged;
use crate::support::city::{City, Holder, now};
use crate::support::filled_field::filled;

/// A document with a signature of the holder and its time stamp: level B-T.
fn stamped(city: &City, signer: &Holder) -> Vec<u8> {
    let chain = [city.issuing.clone(), city.root.clone()];
    let identity = SigningIdentity::new(signer.key.clone(), signer.certificate.clone(), &chain).unwrap();
    filled("ETSI.CAdES.detached", |bytes, _| {
        let digest = identity.digest().digest(bytes);
        let message = identity.sign(Form::Pkcs7, Content::Detached(&digest), &[]).unwrap();
        let token = token(city, message.signature());
        message.finish(&[Attribute::single(oid::SIGNATURE_TIME_STAMP_TOKEN, token)])
    })
}

fn token(city: &City, stamped: &[u8]) -> Vec<u8> {
    let imprint = Imprint::of(DigestAlgorithm::Sha256, stamped);
    let stamp = city
        .time_stamping()
        .stamp(imprint, now(), StampSerial::random().unwrap());
    stamp.unwrap()
}

/// The document with a security store of these lists, and with an entry for its signature where one is given.
fn stored(document: Vec<u8>, lists: &[Crl], of_signature: Option<Dictionary>) -> Vec<u8> {
    let revision = {
        let file = PdfFile::open(&document, &Limits::UPLOAD).unwrap();
        let mut update = file.update().unwrap();
        let mut stream = |bytes: &[u8]| {
            let stream = Stream {
                dictionary: Dictionary::new(),
                data: StreamData::Held(bytes.to_vec()),
            };
            Object::Reference(update.add(&Object::Stream(stream)).unwrap())
        };
        let crls: Vec<Object> = lists.iter().map(|list| stream(list.der())).collect();
        let mut store = Dictionary::new().with("CRLs", Object::Array(crls.clone()));
        if let Some(entry) = of_signature {
            let token = entry.get("TS").and_then(Object::as_string).map(&mut stream);
            let mut entry = entry.with("CRL", Object::Array(crls));
            if let Some(token) = token {
                entry.set("TS", token);
            }
            let key = &file.signatures().unwrap()[0];
            let contents = key
                .dictionary
                .get("Contents")
                .and_then(Object::as_string)
                .unwrap()
                .to_vec();
            let key = format!("{:?}", DigestAlgorithm::Sha1.digest(&contents)).to_uppercase();
            store.set(
                "VRI",
                Object::Dictionary(Dictionary::new().with(&key, Object::Dictionary(entry))),
            );
        }
        let catalog = file.latest().catalog().unwrap().with("DSS", Object::Dictionary(store));
        let root = file.latest().revision().root().unwrap();
        update.put(root, &Object::Dictionary(catalog)).unwrap();
        update.finish(&[7; 16]).unwrap()
    };
    [document, revision].concat()
}

#[test]
fn a_level_is_what_the_file_bears_out_and_not_what_lies_in_it() {
    let city = City::new(Suite::International);
    let signer = city.organisation();
    let document = stamped(&city, &signer);
    let level = |document: &[u8]| {
        let report = judged(&city, document.to_vec());
        assert_eq!(report.conclusion, Conclusion::Valid, "{report:?}");
        report.level.unwrap()
    };
    assert_eq!(level(&document), "PAdES-B-T");
    let lists = city.lists(now(), &[]);
    assert_eq!(level(&stored(document.clone(), &lists, None)), "PAdES-B-LT");
    // Only one of two authorities is told of.
    assert_eq!(level(&stored(document.clone(), &lists[..1], None)), "PAdES-B-T");
    assert_eq!(level(&stored(document, &lists[1..], None)), "PAdES-B-T");
}

#[test]
fn what_the_store_has_for_one_signature_is_found_by_its_contents_with_its_times() {
    let city = City::new(Suite::International);
    let signer = city.organisation();
    let document = stamped(&city, &signer);
    assert_eq!(judged(&city, document.clone()).validation_information, None);
    let entry = Dictionary::new()
        .with("TU", Object::String(b"D:20260528163015+08'00'".to_vec()))
        .with("TS", Object::String(token(&city, b"whatever")));
    let report = judged(&city, stored(document, &city.lists(now(), &[]), Some(entry)));
    let expected = ValidationInformation {
        certificates: 0,
        crls: 2,
        ocsp_responses: 0,
        made: Some(now()),
        stamped: Some(now()),
    };
    assert_eq!(report.validation_information, Some(expected));
}
