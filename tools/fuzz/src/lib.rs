//! What is done with bytes of a stranger, one function a parser: read them, and where they can be read, ask of the
//! result whatever asking could bring down. None of it may panic, hang or take more memory than its budget; a few
//! equations hold.
//!
//! The targets in `bin/` call these under libFuzzer, and the tests of the project with every file of `fixtures/corpus`.

use std::hint::black_box;

use chrono::{DateTime, Utc};
use yinxin::ca::cross::CertificatePair;
use yinxin::cms::SignedData;
use yinxin::cms::timestamp::{TimeStampRequest, TimeStampResponse, TimeStampToken};
use yinxin::credential::cose::Sign1;
use yinxin::credential::{PrintedCode, SignedKeySet, SignedStatusList};
use yinxin::draw::svg;
use yinxin::i18n::{self, Language};
use yinxin::pdf::page_text::{self, PageTexts};
use yinxin::pdf::{BrokenTree, Limits, PdfError, PdfFile, Reference, View};
use yinxin::seal::{Seal, SesSignature};
use yinxin::trust::list::{RecognitionList, SignedList};
use yinxin::trust::{Anchor, Service, Snapshot};
use yinxin::verify::{self, Context, Report};
use yinxin::x509::{Certificate, CertificationRequest, Crl, OcspRequest, OcspResponse};

/// A parser, exercised.
pub type Target = fn(&[u8]);

/// Every target with the name of its folder in the corpus.
pub const TARGETS: [(&str, Target); 14] = [
    ("certificate", certificate),
    ("cms", cms),
    ("crl", crl),
    ("list", list),
    ("ocsp", ocsp),
    ("payload", payload),
    ("pdf", pdf),
    ("report", report),
    ("request", request),
    ("scanner", scanner),
    ("seal", seal),
    ("svg", svg_picture),
    ("time_stamp", time_stamp),
    ("verify", verify_trusting),
];

/// The budget of an upload, with so much text as a run under a fuzzer has time for.
const LITTLE_TEXT: Limits = Limits {
    glyphs: 100_000,
    text_bytes: 1 << 20,
    text_characters: 500_000,
    ..Limits::UPLOAD
};
/// What is looked for on pages.
const SEARCHED: &str = "盖章";

/// When documents are judged here, in seconds since 1970: the first day of 2026.
const JUDGED_AT: i64 = 1_767_225_600;

/// A certificate, and a pair of them.
pub fn certificate(bytes: &[u8]) {
    if let Ok(pair) = CertificatePair::from_der(bytes) {
        black_box(pair.to_der());
    }
    let Ok(certificate) = Certificate::from_der(bytes) else {
        return;
    };
    assert_eq!(certificate.der(), bytes);
    black_box((
        certificate.is_ca(),
        certificate.key_identifier(),
        certificate.credit_code(),
    ));
    black_box((certificate.subject().to_string(), certificate.issuer().to_string()));
    black_box((
        certificate.subject() == certificate.issuer(),
        certificate.is_self_issued(),
    ));
    black_box(format!("{:?}", certificate.extensions()));
    if let Ok(key) = certificate.public_key() {
        black_box(certificate.verify_signed_by(key).is_ok());
    }
}

/// A revocation list.
pub fn crl(bytes: &[u8]) {
    let Ok(crl) = Crl::from_der(bytes) else {
        return;
    };
    assert_eq!(crl.der(), bytes);
    assert_eq!(crl.entries().count(), crl.len());
    for entry in crl.entries() {
        let found = crl.entry(crl.issuer(), &entry.serial);
        black_box(found.map(|entry| (entry.reason, entry.invalidity_date)));
    }
    black_box((
        crl.number(),
        crl.this_update(),
        crl.next_update(),
        crl.unknown_critical(),
    ));
    black_box(format!("{:?}", crl.extensions()));
}

/// A status response, and a request for one.
pub fn ocsp(bytes: &[u8]) {
    if let Ok(request) = OcspRequest::from_der(bytes) {
        assert!(!request.ids.is_empty());
    }
    let Ok(response) = OcspResponse::from_der(bytes) else {
        return;
    };
    assert_eq!(response.der(), bytes);
    for certificate in response.certificates() {
        black_box(response.responder().names(certificate));
        for answer in response.answers() {
            black_box(answer.id.names(certificate, certificate));
        }
    }
    black_box((response.produced_at(), response.unknown_critical()));
}

/// A certification request, with its proof of possession.
pub fn request(bytes: &[u8]) {
    let Ok(request) = CertificationRequest::from_der(bytes) else {
        return;
    };
    assert_eq!(request.der(), bytes);
    black_box((request.subject().to_string(), format!("{:?}", request.extensions())));
    black_box(request.prove_possession().is_ok());
}

/// A signed message.
pub fn cms(bytes: &[u8]) {
    let Ok(message) = SignedData::parse(bytes) else {
        return;
    };
    black_box(format!("{message:?}"));
    if let Ok(token) = TimeStampToken::from_signed_data(message) {
        black_box(token.certificate(&[]).is_ok());
    }
}

/// A time stamp, a request for one, and the response that carries it.
pub fn time_stamp(bytes: &[u8]) {
    black_box(TimeStampRequest::parse(bytes).is_ok());
    if let Ok(response) = TimeStampResponse::parse(bytes) {
        black_box(response.to_der());
    }
    let Ok(token) = TimeStampToken::parse(bytes) else {
        return;
    };
    let carried = token.certificate(&[]).ok().map(Certificate::from_der);
    if let Some(Ok(certificate)) = carried {
        black_box(token.verify(&certificate, b"stamped").is_ok());
    }
}

/// A seal, and a signature with one (GB/T 38540).
pub fn seal(bytes: &[u8]) {
    if let Ok(seal) = Seal::parse(bytes) {
        assert_eq!(seal.der(), bytes);
        black_box(seal.check_validity(judged_at()).is_ok());
    }
    if let Ok(signature) = SesSignature::parse(bytes) {
        assert_eq!(signature.der(), bytes);
        black_box(signature.signed_bytes().len());
    }
}

/// A document, judged whole by somebody who relies on nobody.
pub fn pdf(bytes: &[u8]) {
    let snapshot = Snapshot::default();
    let context = Context::new(&snapshot, judged_at());
    black_box(verify::document(&bytes, None, &context));
}

/// The revisions of a document, whatever each lists, what its pages and forms say, and what the later ones change.
pub fn scanner(bytes: &[u8]) {
    let Ok(file) = PdfFile::open(&bytes, &LITTLE_TEXT) else {
        return;
    };
    let mut start = 0;
    for (number, revision) in (1..).zip(file.revisions()) {
        assert_eq!(revision.range.start, start);
        assert!(revision.startxref < revision.range.end && revision.marker_end <= revision.range.end);
        start = revision.range.end;
        black_box((file.overridden(number), file.changes_of(number).is_ok()));
        let Some(view) = file.at_revision(number) else { continue };
        look_at_text(&view);
        for (listed, entry) in revision.entries() {
            assert_eq!(view.place(listed), Some((number, entry)));
            if let Ok(object) = view.object(Reference::new(listed))
                && let Some(stream) = object.value.as_stream()
            {
                black_box(view.decoded(stream).is_ok());
            }
        }
    }
    assert_eq!(file.tail(), start..bytes.len() as u64);
    black_box(file.second_opinion().is_ok());
}

/// The text of each page and of each form field.
fn look_at_text(view: &View<'_, '_>) {
    let texts = PageTexts::new(view);
    let walked = view.walk_pages(BrokenTree::LeftOut, |node| {
        let glyphs = texts.glyphs(node.reference);
        black_box(glyphs.is_ok_and(|glyphs| page_text::find(&glyphs, SEARCHED).is_empty()));
        Ok::<_, PdfError>(())
    });
    black_box((walked.is_ok(), view.misleading_fields().is_ok()));
}

/// A document, judged by somebody who relies on whoever signed it.
pub fn verify_trusting(bytes: &[u8]) {
    black_box(judged_trusting(bytes));
}

/// What is said of such a document, for programs and in both languages.
pub fn report(bytes: &[u8]) {
    let report = judged_trusting(bytes);
    assert!(serde_json::to_vec(&report).is_ok());
    for language in [Language::Zh, Language::En] {
        let of_signatures = report.signatures.iter().flat_map(|signature| {
            let changes = signature.change_list.iter().map(|change| &change.problem);
            let problems = signature.reasons.iter().chain(&signature.notes);
            problems.chain(&signature.encoding_notes).chain(changes)
        });
        for problem in report.reasons.iter().chain(of_signatures) {
            assert!(!i18n::problem(language, problem).is_empty());
        }
        black_box(i18n::recognition(language, &report));
    }
}

/// The report on a document when every certificate in its signatures is that of an authority for everything.
fn judged_trusting(bytes: &[u8]) -> Report {
    let mut anchors = Vec::new();
    if let Ok(file) = PdfFile::open(&bytes, &Limits::UPLOAD)
        && let Ok(signatures) = file.signatures()
    {
        let messages = signatures.iter().filter_map(|field| field.signature.as_ref().ok());
        let messages = messages.filter_map(|der| SignedData::parse(der).ok());
        let certificates = messages.flat_map(|message| message.certificates);
        let read = certificates.filter_map(|der| Certificate::from_der(&der).ok());
        anchors.extend(read.map(|certificate| Anchor::new("signer", certificate, &Service::ALL)));
    }
    let snapshot = Snapshot::new(anchors, Vec::new(), Vec::new());
    let context = Context::new(&snapshot, judged_at());
    verify::document(&bytes, None, &context).with_own_dates()
}

/// A recognition list: signed, and its content alone.
pub fn list(bytes: &[u8]) {
    if let Ok(signed) = SignedList::parse(bytes) {
        let again = SignedList::parse(signed.to_compact().as_bytes());
        assert_eq!(again.ok().map(|list| list.digest()), Some(signed.digest()));
        if let Some(signer) = signed.signer(&[]) {
            black_box(signed.verify(signer).is_ok());
        }
    }
    let Ok(list) = RecognitionList::decode(bytes) else {
        return;
    };
    if list.check().is_ok()
        && let Ok(encoded) = list.encode()
    {
        assert_eq!(RecognitionList::decode(&encoded).ok(), Some(list));
    }
}

/// What a QR code carries, and the signed messages that it is judged by.
pub fn payload(bytes: &[u8]) {
    if let Ok(message) = Sign1::parse(bytes) {
        black_box(message.payload().len());
    }
    if let Ok(set) = SignedKeySet::parse(bytes) {
        black_box(set.certificates().len());
    }
    if let Ok(status) = SignedStatusList::parse(bytes) {
        black_box(status.key_id());
    }
    if let Some(code) = std::str::from_utf8(bytes)
        .ok()
        .and_then(|text| PrintedCode::parse(text).ok())
    {
        black_box(code.host());
    }
}

/// A picture.
pub fn svg_picture(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        black_box(svg::parse(text).is_ok());
    }
}

fn judged_at() -> DateTime<Utc> {
    DateTime::from_timestamp(JUDGED_AT, 0).unwrap_or_default()
}
