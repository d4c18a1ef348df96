//! A document time stamp over a whole document, with validation data beside it (ETSI EN 319 142-1 clause 5.5): what
//! somebody adds years later to keep a document provable.

use chrono::{DateTime, Utc};
use yinxin::ca::timestamp::{StampSerial, TimeStampAuthority};
use yinxin::cms::timestamp::Imprint;
use yinxin::crypto::DigestAlgorithm;
use yinxin::pdf::signature::reserve;
use yinxin::pdf::{Dictionary, Limits, Object, PdfFile, Stream, StreamData, Update};

/// Bytes reserved for the token.
const ROOM: usize = 4096;

/// What is added to the security store, each in DER.
#[derive(Default)]
pub(crate) struct Added<'a> {
    pub(crate) certificates: Vec<&'a [u8]>,
    pub(crate) crls: Vec<&'a [u8]>,
    pub(crate) responses: Vec<&'a [u8]>,
    /// Responses that stand for one signature only, under `VRI`.
    pub(crate) responses_of_one: Vec<&'a [u8]>,
}

/// Adds to the security store, and a stamp of `authority` over all of it.
pub(crate) fn archive(
    document: Vec<u8>,
    (authority, digest): (&TimeStampAuthority, DigestAlgorithm),
    time: DateTime<Utc>,
    added: &Added<'_>,
) -> Vec<u8> {
    let (update, signature) = {
        let file = PdfFile::open(&document, &Limits::UPLOAD).unwrap();
        let view = file.latest();
        let mut update = file.update().unwrap();
        let signature = update.allocate();
        let field = Dictionary::new()
            .with("Type", Object::name("Annot"))
            .with("Subtype", Object::name("Widget"))
            .with("FT", Object::name("Sig"))
            .with(
                "T",
                Object::String(format!("Archive{}", file.revisions().len()).into_bytes()),
            )
            .with("F", Object::Integer(132))
            .with("Rect", Object::Array(vec![Object::Integer(0); 4]))
            .with("V", Object::Reference(signature));
        let field = update.add(&Object::Dictionary(field)).unwrap();

        let mut catalog = view.catalog().unwrap();
        let Object::Dictionary(mut form) = view.get(&catalog, "AcroForm").unwrap() else {
            panic!("no form")
        };
        let Object::Array(mut fields) = view.get(&form, "Fields").unwrap() else {
            panic!("no fields")
        };
        fields.push(Object::Reference(field));
        form.set("Fields", Object::Array(fields));
        match catalog.get("AcroForm").and_then(Object::as_reference) {
            Some(reference) => update.put(reference, &Object::Dictionary(form)).unwrap(),
            None => catalog.set("AcroForm", Object::Dictionary(form)),
        }

        let mut store = match view.get(&catalog, "DSS").unwrap() {
            Object::Dictionary(store) => store,
            _ => Dictionary::new(),
        };
        for (key, ders) in [
            ("Certs", &added.certificates),
            ("CRLs", &added.crls),
            ("OCSPs", &added.responses),
        ] {
            let mut entries = match view.get(&store, key).unwrap() {
                Object::Array(entries) => entries,
                _ => Vec::new(),
            };
            entries.extend(ders.iter().map(|der| stream(&mut update, der)));
            store.set(key, Object::Array(entries));
        }
        if !added.responses_of_one.is_empty() {
            let responses = added.responses_of_one.iter();
            let responses = responses.map(|der| stream(&mut update, der)).collect();
            let entry = Dictionary::new().with("OCSP", Object::Array(responses));
            let by_signature = Dictionary::new().with(&"0A".repeat(20), Object::Dictionary(entry));
            store.set("VRI", Object::Dictionary(by_signature));
        }
        match catalog.get("DSS").and_then(Object::as_reference) {
            Some(reference) => update.put(reference, &Object::Dictionary(store)).unwrap(),
            None => catalog.set("DSS", Object::Dictionary(store)),
        }
        let root = view.revision().root().unwrap();
        update.put(root, &Object::Dictionary(catalog)).unwrap();
        (update, signature)
    };
    let entries = Dictionary::new()
        .with("Type", Object::name("DocTimeStamp"))
        .with("Filter", Object::name("Adobe.PPKLite"))
        .with("SubFilter", Object::name("ETSI.RFC3161"));
    let reserved = reserve(update, signature, &entries, ROOM, &[7; 16]).unwrap();
    let imprint = Imprint::of(
        digest,
        &[&[document.as_slice()], reserved.signed_bytes().as_slice()]
            .concat()
            .concat(),
    );
    let token = authority.stamp(imprint, time, StampSerial::random().unwrap()).unwrap();
    let revision = reserved.fill(&token).unwrap();
    [document, revision].concat()
}

fn stream(update: &mut Update, der: &[u8]) -> Object {
    let stream = Stream {
        dictionary: Dictionary::new(),
        data: StreamData::Held(der.to_vec()),
    };
    Object::Reference(update.add(&Object::Stream(stream)).unwrap())
}
