//! Baseline levels of PAdES by what is really there.

use yinxin::asn1::oid;
use yinxin::ca::timestamp::StampSerial;
use yinxin::cms::Attribute;
use yinxin::cms::Form;
use yinxin::cms::build::{Content, SigningIdentity};
use yinxin::cms::timestamp::Imprint;
use yinxin::crypto::DigestAlgorithm;
use yinxin::crypto::key::Suite;
use yinxin::pdf::{Dictionary, Limits, Object, PdfFile, Stream, StreamData};
use yinxin::verify::Conclusion;
use yinxin::x509::Crl;

use super::judged;
use crate::support::city::{City, Holder, now};
use crate::support::filled_field::filled;

/// A document with a signature of the holder and its time stamp: level B-T.
pub(crate) fn stamped(city: &City, signer: &Holder) -> Vec<u8> {
    let chain = [city.issuing.clone(), city.root.clone()];
    let identity = SigningIdentity::new(signer.key.clone(), signer.certificate.clone(), &chain).unwrap();
    filled("ETSI.CAdES.detached", |bytes, _| {
        let digest = identity.digest().digest(bytes);
        let message = identity.sign(Form::Pkcs7, Content::Detached(&digest), &[]).unwrap();
        let token = token(city, message.signature());
        message.finish(&[Attribute::single(oid::SIGNATURE_TIME_STAMP_TOKEN, token)])
    })
}

pub(super) fn token(city: &City, stamped: &[u8]) -> Vec<u8> {
    let imprint = Imprint::of(DigestAlgorithm::Sha256, stamped);
    let stamp = city
        .time_stamping()
        .stamp(imprint, now(), StampSerial::random().unwrap());
    stamp.unwrap()
}

/// The document with a security store of these lists.
fn stored(document: Vec<u8>, lists: &[Crl]) -> Vec<u8> {
    let revision = {
        let file = PdfFile::open(&document, &Limits::UPLOAD).unwrap();
        let mut update = file.update().unwrap();
        let stream = |list: &Crl| {
            let stream = Stream {
                dictionary: Dictionary::new(),
                data: StreamData::Held(list.der().to_vec()),
            };
            Object::Reference(update.add(&Object::Stream(stream)).unwrap())
        };
        let crls = lists.iter().map(stream).collect();
        let store = Dictionary::new().with("CRLs", Object::Array(crls));
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
    assert_eq!(level(&stored(document.clone(), &lists)), "PAdES-B-LT");
    // Only one of two authorities is told of.
    assert_eq!(level(&stored(document.clone(), &lists[..1])), "PAdES-B-T");
    assert_eq!(level(&stored(document, &lists[1..])), "PAdES-B-T");
}
