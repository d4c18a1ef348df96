//! Signatures by a key that may not make them, or in a way that does not hold: each on the document of a licence of
//! ours and on an upload, made with the genuine signer's key where the class needs it, so that the verdict on the
//! upload is on the class alone. On the licence the message lacks its seal too, and is invalid for that whoever signs.

use yinxin::asn1::oid;
use yinxin::ca::timestamp::StampSerial;
use yinxin::cms::timestamp::Imprint;
use yinxin::cms::{Attribute, SignedData};
use yinxin::crypto::DigestAlgorithm;
use yinxin::crypto::key::{Signer, Suite};
use yinxin::verify::{Conclusion, Report, SubIndication};
use yinxin::x509::Certificate;

use super::forge::{self, Kind, Message};
use super::{Office, upload};
use crate::support::app::{ISSUER, TestApp};
use crate::support::city::{City, Holder, now};

/// What is said: the conclusion, and why by the words of the standard.
type Verdict = (Conclusion, Option<SubIndication>);

/// A signed document, its signer with the key, and the certificates above it.
pub(super) struct Signed<'a> {
    pub(super) document: Vec<u8>,
    pub(super) signer: Holder,
    above: Vec<Certificate>,
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
        let digest = forge::digest_of(&self.document, algorithm);
        let mut message = Message::of(signer, &digest);
        message.digest = algorithm;
        above
            .iter()
            .for_each(|above| message.carried.extend_from_slice(above.der()));
        alter(&mut message);
        (self.judge)(forge::with_message(&self.document, &message.der()))
    }
}

fn on_an_upload(office: &Office) -> Signed<'_> {
    Signed {
        document: forge::sign(&upload(), &office.identity(), Kind::Approval),
        signer: office.signer.clone(),
        above: vec![office.city.issuing.clone()],
        judge: Box::new(|bytes| office.judge(&bytes)),
    }
}

/// The licence is signed by the department of the service, whose key lies in its keystore.
pub(super) fn on_a_licence(app: &TestApp) -> Signed<'_> {
    let document = app.document(&app.issue(0));
    let message = SignedData::parse(&forge::message_of(&document)).unwrap();
    let certificates: Vec<_> = message
        .certificates
        .iter()
        .map(|der| Certificate::from_der(der).unwrap())
        .collect();
    let key = app
        .keys()
        .key(&format!("org-{}-document", ISSUER.to_lowercase()))
        .unwrap();
    let (own, above): (Vec<_>, Vec<_>) = certificates
        .into_iter()
        .partition(|certificate| certificate.public_key().unwrap() == key.public_key());
    Signed {
        document,
        signer: Holder {
            certificate: own[0].clone(),
            key,
        },
        above,
        judge: Box::new(|bytes| app.wait(app.service.verify_document(bytes, None)).unwrap()),
    }
}

/// Judges one class on both, the licence first, and gives the verdicts.
fn both(attack: impl Fn(&Signed<'_>) -> Report) -> [Verdict; 2] {
    let (app, office) = (TestApp::new(Suite::International), Office::new());
    [on_a_licence(&app), on_an_upload(&office)].map(|signed| {
        let report = attack(&signed);
        let main = report.main_signature().unwrap();
        (report.conclusion, main.sub_indication)
    })
}

/// On a licence whose message lacks its seal.
const WITHOUT_SEAL: Verdict = (Conclusion::Invalid, Some(SubIndication::SigConstraintsFailure));

#[test]
fn a_message_by_the_genuine_signer_is_the_control() {
    let valid = (Conclusion::Valid, None);
    assert_eq!(both(|signed| signed.message(|_| {})), [WITHOUT_SEAL, valid]);
}

#[test]
fn a_signer_that_certifies_itself_in_the_name_of_another_has_no_path() {
    let verdicts = both(|signed| {
        let himself = City::self_signed(&signed.signer.certificate);
        signed.message_by(&himself, DigestAlgorithm::Sha256, &signed.above, |_| {})
    });
    let no_path = (Conclusion::Indeterminate, Some(SubIndication::NoCertificateChainFound));
    assert_eq!(verdicts, [WITHOUT_SEAL, no_path]);
}

#[test]
fn a_signer_that_certifies_others_is_no_authority() {
    let verdicts = both(|signed| {
        let victim = City::certified_by(&signed.signer);
        let above = [
            std::slice::from_ref(&signed.signer.certificate),
            signed.above.as_slice(),
        ]
        .concat();
        signed.message_by(&victim, DigestAlgorithm::Sha256, &above, |_| {})
    });
    let no_authority = (
        Conclusion::Indeterminate,
        Some(SubIndication::CertificateChainGeneralFailure),
    );
    assert_eq!(verdicts, [WITHOUT_SEAL, no_authority]);
}

#[test]
fn a_digest_that_has_ended_is_not_relied_on_whoever_signs() {
    for algorithm in [DigestAlgorithm::Md5, DigestAlgorithm::Sha1] {
        let verdicts = both(|signed| signed.message_by(&signed.signer, algorithm, &signed.above, |_| {}));
        let ended = (
            Conclusion::Indeterminate,
            Some(SubIndication::CryptoConstraintsFailureNoPoe),
        );
        assert_eq!(verdicts, [WITHOUT_SEAL, ended], "{algorithm:?}");
    }
}

#[test]
fn a_time_stamp_of_another_signature_proves_no_time() {
    let (office, stamping) = (Office::new(), City::new(Suite::International).time_stamping());
    let imprint = Imprint::new(
        DigestAlgorithm::Sha256,
        &DigestAlgorithm::Sha256.digest(b"another signature"),
    );
    for (stamping, name) in [(&stamping, "a stranger's"), (&office.city.time_stamping(), "ours")] {
        let token = stamping
            .stamp(imprint.clone(), now(), StampSerial::random().unwrap())
            .unwrap();
        let attribute = Attribute {
            kind: oid::SIGNATURE_TIME_STAMP_TOKEN,
            values: vec![token],
        };
        let report = on_an_upload(&office).message(|message| message.unsigned.push(attribute.to_der()));
        let signature = &report.signatures[0];
        let said = (report.conclusion, signature.time_is_proven, signature.level);
        assert_eq!(
            said,
            (Conclusion::Valid, false, Some("PAdES-B-B")),
            "{name}: {report:?}"
        );
    }
}
