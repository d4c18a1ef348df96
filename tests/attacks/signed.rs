//! Signed documents whose message can be made anew by hand: an upload, and a licence of ours, whose message has its
//! seal and its time stamp. Where nothing is done to it the message is accepted on both, so that what is done to it is
//! what decides.

use std::rc::Rc;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use yinxin::asn1::oid;
use yinxin::ca::timestamp::{StampSerial, TimeStampAuthority};
use yinxin::clock::Clock;
use yinxin::cms::timestamp::{Accuracy, Imprint, TimeStampToken};
use yinxin::cms::{Attribute, SignedData, SignerInfo};
use yinxin::crypto::DigestAlgorithm;
use yinxin::crypto::key::{Signer, SoftwareKey};
use yinxin::pdf::signature::reserve;
use yinxin::pdf::{Limits, PdfFile};
use yinxin::seal::signature::byte_range_property;
use yinxin::seal::{SealHolder, SesSignature};
use yinxin::verify::{self, Conclusion, Context, Report, SubIndication};
use yinxin::x509::Certificate;

use super::forge::{self, Kind, Message, Stamping};
use super::{Office, upload};
use crate::support::app::{ISSUER, TestApp};
use crate::support::city::Holder;

/// Room for a message in bytes, which may be longer than the genuine one.
const ROOM: usize = 64_000;

/// What is said of the worst signature: the conclusion, why by the words of the standard, and the first reason with
/// what it names as the cause.
pub(super) type Verdict = (Conclusion, Option<SubIndication>, String);

pub(super) fn verdict(report: &Report) -> Verdict {
    let main = report.main_signature().unwrap();
    let reason = main.reasons.first().map(|reason| match reason.params.get("reason") {
        Some(cause) => format!("{}: {cause}", reason.code),
        None => reason.code.to_owned(),
    });
    (report.conclusion, main.sub_indication, reason.unwrap_or_default())
}

/// That nothing is wrong.
pub(super) fn valid() -> Verdict {
    (Conclusion::Valid, None, String::new())
}

/// A signed document, its signer with the key, and the certificates above it.
pub(super) struct Signed<'a> {
    /// With a message by hand to which nothing is done.
    pub(super) document: Vec<u8>,
    pub(super) signer: Holder,
    pub(super) above: Vec<Certificate>,
    /// The signed attribute with the seal, where there is one.
    seal: Option<Vec<u8>>,
    /// Stamps the message, where that is due.
    pub(super) stamping: Option<Stamping>,
    pub(super) judge: Box<dyn Fn(Vec<u8>) -> Report + 'a>,
}

impl Signed<'_> {
    pub(super) fn message(&self, alter: impl FnOnce(&mut Message<'_>)) -> Report {
        self.message_by(&self.signer, DigestAlgorithm::Sha256, &self.above, alter)
    }

    /// Judges the document with a message of another making in the place of the genuine one.
    pub(super) fn message_by(
        &self,
        signer: &Holder,
        algorithm: DigestAlgorithm,
        above: &[Certificate],
        alter: impl FnOnce(&mut Message<'_>),
    ) -> Report {
        (self.judge)(self.document_by(signer, algorithm, above, alter))
    }

    fn document_by(
        &self,
        signer: &Holder,
        algorithm: DigestAlgorithm,
        above: &[Certificate],
        alter: impl FnOnce(&mut Message<'_>),
    ) -> Vec<u8> {
        let digest = forge::digest_of(&self.document, algorithm);
        let mut message = Message::of(signer, &digest);
        message.digest = algorithm;
        message.covered = forge::covered(&self.document);
        message.attributes.extend(self.seal.clone());
        message.stamping = self.stamping.clone();
        above
            .iter()
            .for_each(|above| message.carried.extend_from_slice(above.der()));
        alter(&mut message);
        forge::with_message(&self.document, &message.der())
    }

    /// With the message by hand.
    fn completed(mut self) -> Self {
        self.document = self.document_by(&self.signer, DigestAlgorithm::Sha256, &self.above, |_| {});
        self
    }
}

pub(super) fn on_an_upload(office: &Office) -> Signed<'_> {
    let signed = Signed {
        document: forge::sign(&upload(), &office.identity(), Kind::Approval),
        signer: office.signer.clone(),
        above: vec![office.city.issuing.clone()],
        seal: None,
        stamping: None,
        judge: Box::new(|bytes| office.judge(&bytes)),
    };
    signed.completed()
}

/// The licence is signed by the department of the service, whose keys lie in its keystore.
pub(super) fn on_a_licence(app: &TestApp) -> Signed<'_> {
    let issued = app.document(&app.issue(0));
    let message = SignedData::parse(&forge::message_of(&issued)).unwrap();
    let genuine = message.only_signer().unwrap();
    let keys = app.keys();
    let key = |name: &str| keys.key(name).unwrap();
    let department = ISSUER.to_lowercase();
    let (signer, above) = holder(&message, key(&format!("org-{department}-document")));

    let document = with_room(&issued);
    let sealed = SesSignature::parse(genuine.single(oid::SES_SIGNATURE, "SES_Signature").unwrap()).unwrap();
    let certificate = Certificate::from_der(&sealed.signer_certificate).unwrap();
    let holder_of_seal = SealHolder::new(key(&format!("org-{department}-seal")), certificate, sealed.seal).unwrap();
    let digest = forge::digest_of(&document, DigestAlgorithm::Sm3);
    let seal = holder_of_seal
        .sign(&digest, &property(&document), app.clock.now())
        .unwrap();

    let signed = Signed {
        document,
        signer,
        above,
        seal: Some(Attribute::single(oid::SES_SIGNATURE, seal).to_der()),
        stamping: Some(stamping(genuine, key("timestamping-international"), app.clock.now())),
        judge: Box::new(|bytes| judged_at(app, &bytes, app.clock.now())),
    };
    signed.completed()
}

/// The report on a file by what the service relies on, without its register, which has no other document than the one
/// that was issued.
pub(super) fn judged_at(app: &TestApp, bytes: &[u8], time: DateTime<Utc>) -> Report {
    let known = app.service.trust();
    verify::document(&bytes.to_vec(), None, &Context::new(&known, time)).report
}

/// Whose key this is by the certificates of a message, and the certificates above.
fn holder(message: &SignedData, key: Arc<SoftwareKey>) -> (Holder, Vec<Certificate>) {
    let certificates = message.certificates.iter();
    let certificates = certificates.map(|der| Certificate::from_der(der).unwrap());
    let is_own = |certificate: &Certificate| certificate.public_key().unwrap() == key.public_key();
    let (own, above): (Vec<_>, Vec<_>) = certificates.partition(is_own);
    let certificate = own[0].clone();
    (Holder { certificate, key }, above)
}

/// Stamps as the licence was stamped.
fn stamping(genuine: &SignerInfo, key: Arc<SoftwareKey>, time: DateTime<Utc>) -> Stamping {
    let stamp = genuine.unsigned(oid::SIGNATURE_TIME_STAMP_TOKEN).next().unwrap();
    let token = TimeStampToken::parse(&stamp.values[0]).unwrap();
    let (own, above) = holder(&token.signed_data, key);
    let accuracy = Accuracy { micros: 500_000 };
    let authority = TimeStampAuthority::new(own.key, own.certificate, &above, accuracy).unwrap();
    stamping_by(authority, time)
}

/// Stamps signature values at that time.
pub(super) fn stamping_by(authority: TimeStampAuthority, time: DateTime<Utc>) -> Stamping {
    Rc::new(move |signature| {
        let imprint = Imprint::of(DigestAlgorithm::Sha256, signature);
        authority.stamp(imprint, time, StampSerial::random().unwrap()).unwrap()
    })
}

/// The licence with more room for its message: the revision that holds the signature alone is written anew.
fn with_room(licence: &[u8]) -> Vec<u8> {
    let file = PdfFile::open(&licence, &Limits::UPLOAD).unwrap();
    let [.., before, _] = file.revisions() else {
        panic!("one revision")
    };
    let base = &licence[..usize::try_from(before.range.end).unwrap()];
    let signed = file.signatures().unwrap().last().unwrap();
    let mut entries = signed.dictionary.clone();
    for key in ["ByteRange", "Contents"] {
        entries.remove(key);
    }
    let update = PdfFile::open(&base, &Limits::UPLOAD).unwrap().update().unwrap();
    let reserved = reserve(update, signed.object.unwrap(), &entries, ROOM, &[7; 16]).unwrap();
    [base, &reserved.fill(&[]).unwrap()].concat()
}

/// How the range of the signature is stated in its seal.
fn property(signed: &[u8]) -> String {
    let file = PdfFile::open(&signed, &Limits::UPLOAD).unwrap();
    let range = file.signatures().unwrap().last().unwrap().byte_range.clone().unwrap();
    let [first, second] = [range.first, range.second].map(|part| [part.start, part.end - part.start]);
    byte_range_property([first[0], first[1], second[0], second[1]])
}
