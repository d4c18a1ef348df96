//! Signatures by a key that may not make them, or in a way that does not hold: each on the document of a licence of
//! ours and on an upload, made with the genuine signer's key where the class needs it, so that the verdict is on the
//! class alone.

use std::rc::Rc;

use yinxin::crypto::DigestAlgorithm;
use yinxin::crypto::key::Suite;
use yinxin::verify::{Conclusion, Report, SubIndication};

use super::Office;
use super::forge::Stamping;
use super::signed::{Signed, Verdict, on_a_licence, on_an_upload, stamping_by, valid, verdict};
use crate::support::app::TestApp;
use crate::support::city::{City, now};

/// Judges one class on both, the licence first, and gives the verdicts.
fn both(attack: impl Fn(&Signed<'_>) -> Report) -> [Verdict; 2] {
    let (app, office) = (TestApp::new(Suite::International), Office::new());
    [on_a_licence(&app), on_an_upload(&office)].map(|signed| verdict(&attack(&signed)))
}

/// What nobody knows, and why.
fn undecided(sub: SubIndication, reason: &str) -> Verdict {
    (Conclusion::Indeterminate, Some(sub), reason.to_owned())
}

#[test]
fn a_message_by_the_genuine_signer_is_the_control() {
    assert_eq!(both(|signed| signed.message(|_| {})), [valid(), valid()]);
}

#[test]
fn a_signer_that_certifies_itself_in_the_name_of_another_has_no_path() {
    let verdicts = both(|signed| {
        let himself = City::self_signed(&signed.signer.certificate);
        signed.message_by(&himself, DigestAlgorithm::Sha256, &signed.above, |_| {})
    });
    let no_path = undecided(SubIndication::NoCertificateChainFound, "no-path");
    assert_eq!(verdicts, [no_path.clone(), no_path]);
}

#[test]
fn an_authority_and_a_signer_of_the_names_of_ours_have_no_path() {
    let verdicts = both(|signed| {
        let (double, above) = City::doubles(&signed.signer.certificate, &signed.above[0]);
        signed.message_by(&double, DigestAlgorithm::Sha256, &above, |_| {})
    });
    let no_path = undecided(SubIndication::NoCertificateChainFound, "certificate-signature-mismatch");
    assert_eq!(verdicts, [no_path.clone(), no_path]);
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
    let no_authority = undecided(SubIndication::CertificateChainGeneralFailure, "not-an-authority");
    assert_eq!(verdicts, [no_authority.clone(), no_authority]);
}

#[test]
fn a_digest_that_has_ended_is_not_relied_on_whoever_signs() {
    for algorithm in [DigestAlgorithm::Md5, DigestAlgorithm::Sha1] {
        let verdicts = both(|signed| signed.message_by(&signed.signer, algorithm, &signed.above, |_| {}));
        // That the licence is as old as its time stamp says makes nothing better.
        let [of_licence, of_upload] = [
            SubIndication::CryptoConstraintsFailure,
            SubIndication::CryptoConstraintsFailureNoPoe,
        ]
        .map(|sub| undecided(sub, "algorithm-not-trusted"));
        assert_eq!(verdicts, [of_licence, of_upload], "{algorithm:?}");
    }
}

#[test]
fn a_time_stamp_of_another_signature_or_by_a_stranger_proves_no_time() {
    let (app, office) = (TestApp::new(Suite::International), Office::new());
    let by = |city: &City| stamping_by(city.time_stamping(), now());
    let stranger = by(&City::new(Suite::International));
    let upload = on_an_upload(&office);
    let on_upload = |stamping: Stamping| {
        let report = upload.message(|message| message.stamping = Some(stamping));
        let signature = &report.signatures[0];
        (report.conclusion, signature.time_is_proven, signature.level)
    };
    let own = by(&office.city);
    assert_eq!(on_upload(own.clone()), (Conclusion::Valid, true, Some("PAdES-B-T")));
    let unproven = (Conclusion::Valid, false, Some("PAdES-B-B"));
    assert_eq!(on_upload(stranger.clone()), unproven);
    assert_eq!(on_upload(of_another(own)), unproven);

    let licence = on_a_licence(&app);
    let on_licence = |stamping| verdict(&licence.message(|message| message.stamping = stamping));
    let own = licence.stamping.clone();
    assert_eq!(on_licence(own.clone()), valid());
    let open = |reason| undecided(SubIndication::SigConstraintsFailure, reason);
    assert_eq!(on_licence(Some(stranger)), open("licence-time-not-proven"));
    assert_eq!(on_licence(own.map(of_another)), open("licence-not-as-issued"));
    assert_eq!(on_licence(None), open("licence-not-as-issued"));
}

/// Stamps another signature than the one that is asked for.
fn of_another(stamping: Stamping) -> Stamping {
    Rc::new(move |_| stamping(b"another signature"))
}
