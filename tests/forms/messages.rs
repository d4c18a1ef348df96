//! CMS of PKCS#7 and GB/T 35275 under the sub-filters of PDF.

use yinxin::asn1::oid;
use yinxin::asn1::write::encode;
use yinxin::cms::Attribute;
use yinxin::cms::attribute::signing_certificate_v2;
use yinxin::crypto::DigestAlgorithm;
use yinxin::crypto::key::Suite;
use yinxin::verify::{Conclusion, SignatureReport, SubIndication};

use super::{codes, judged, refusal};
use crate::support::city::{City, Holder};
use crate::support::filled_field::filled;
use crate::support::odd_message::{Attributes, Carried, OddMessage};

const DETACHED: &str = "adbe.pkcs7.detached";
const CADES: &str = "ETSI.CAdES.detached";
const SHA1: &str = "adbe.pkcs7.sha1";

/// A city with a signer.
struct Office {
    city: City,
    signer: Holder,
}

impl Office {
    fn of(suite: Suite) -> Self {
        let city = City::new(suite);
        let signer = city.organisation();
        Self { city, signer }
    }

    /// The report on a document that is signed by the message under the sub-filter.
    fn judge(&self, sub_filter: &str, change: impl FnOnce(&mut OddMessage<'_>)) -> SignatureReport {
        let chain = [self.city.issuing.clone()];
        let mut message = OddMessage::of(&self.signer, &chain);
        if self.signer.key.algorithm().oid() == oid::ECDSA_WITH_SHA256 {
            message.digest = (oid::SHA256, DigestAlgorithm::Sha256);
            message.algorithm = (oid::ECDSA_WITH_SHA256, &[]);
            message.outer = oid::ID_SIGNED_DATA;
            message.inner = oid::ID_DATA;
        }
        change(&mut message);
        let report = judged(&self.city, filled(sub_filter, |bytes, _| message.over(bytes)));
        assert_eq!(report.form.as_deref(), Some(sub_filter));
        report
    }

    /// The notes on such a document, which is valid all the same.
    fn noted(&self, change: impl FnOnce(&mut OddMessage<'_>)) -> Vec<String> {
        let report = self.judge(DETACHED, change);
        assert_eq!(report.conclusion, Conclusion::Valid, "{report:?}");
        assert_eq!(report.level, None);
        codes(&report.encoding_notes).into_iter().map(str::to_owned).collect()
    }

    /// The attribute that names the signer's certificate.
    fn certificate_id(&self) -> Attribute {
        signing_certificate_v2(DigestAlgorithm::Sha256, [self.signer.certificate.der()].into_iter())
    }
}

/// What a message without a name of its certificate is noted for.
const NO_ID: &str = "note-no-certificate-id";

#[test]
fn each_name_of_the_sm2_signature_is_accepted_with_null_or_without_parameters() {
    let office = Office::of(Suite::National);
    for name in [oid::SM2_CURVE, oid::SM2_SIGN, oid::SM2_WITH_SM3, oid::ID_EC_PUBLIC_KEY] {
        for parameters in [&[][..], &[0x05, 0]] {
            assert_eq!(office.noted(|message| message.algorithm = (name, parameters)), [NO_ID]);
        }
    }
}

#[test]
fn a_signature_over_the_document_without_attributes_is_noted() {
    for suite in Suite::ALL {
        let notes = Office::of(suite).noted(|message| message.attributes = Attributes::None);
        assert_eq!(notes, ["note-no-signed-attributes", NO_ID]);
    }
}

#[test]
fn a_signature_of_two_bare_integers_is_noted() {
    let office = Office::of(Suite::National);
    let notes = office.noted(|message| message.is_raw = true);
    assert_eq!(notes, [NO_ID, "note-raw-signature"]);
}

#[test]
fn the_digest_inside_with_a_bare_signature_over_it_is_noted() {
    // As a government seal authority made it in 2020.
    let notes = Office::of(Suite::National).noted(|message| {
        message.carried = Carried::Digest(DigestAlgorithm::Sm3);
        message.attributes = Attributes::None;
        message.is_raw = true;
    });
    let expected = [
        "note-no-signed-attributes",
        NO_ID,
        "note-raw-signature",
        "note-attached-content",
    ];
    assert_eq!(notes, expected);
}

#[test]
fn content_types_of_both_standards_mixed_are_noted() {
    let office = Office::of(Suite::National);
    let mixed = ["note-mixed-content-types", NO_ID];
    // As a provincial authority made it in 2022: the message says PKCS#7, the signed attribute GB/T 35275.
    let notes = office.noted(|message| {
        message.inner = oid::ID_DATA;
        message.said = Some(oid::GM_DATA);
        message.algorithm = (oid::SM2_SIGN, &[0x05, 0]);
    });
    assert_eq!(notes, mixed);
    assert_eq!(office.noted(|message| message.outer = oid::ID_SIGNED_DATA), mixed);
}

#[test]
fn sm3_under_the_name_of_its_keyed_form_is_noted() {
    let office = Office::of(Suite::National);
    let sm3 = DigestAlgorithm::Sm3;
    assert_eq!(
        office.noted(|message| message.digest = (oid::SM3_UNKEYED, sm3)),
        [NO_ID]
    );
    let notes = office.noted(|message| message.digest = (oid::SM3_KEYED, sm3));
    assert_eq!(notes, ["note-keyed-digest-name", NO_ID]);
}

#[test]
fn attributes_out_of_order_are_noted_whichever_order_was_signed() {
    let office = Office::of(Suite::International);
    for attributes in [Attributes::Reversed(Vec::new()), Attributes::SignedInOrder(Vec::new())] {
        let notes = office.noted(|message| message.attributes = attributes);
        assert_eq!(notes, ["note-attribute-order", NO_ID]);
    }
}

#[test]
fn a_message_in_ber_is_noted() {
    let notes = Office::of(Suite::International).noted(|message| message.is_ber = true);
    assert_eq!(notes, ["note-ber", NO_ID]);
}

#[test]
fn a_copy_of_the_document_inside_is_noted_and_anything_else_is_refused() {
    let office = Office::of(Suite::International);
    let notes = office.noted(|message| message.carried = Carried::Copy);
    assert_eq!(notes, [NO_ID, "note-attached-content"]);
    for other in [&b""[..], b"another document"] {
        let report = office.judge(DETACHED, |message| message.carried = Carried::Other(other));
        assert_eq!(report.conclusion, Conclusion::Invalid, "{report:?}");
        assert_eq!(report.sub_indication, Some(SubIndication::HashFailure));
    }
}

#[test]
fn the_digest_inside_with_a_bare_signature_over_it_stands_for_the_document_in_sm2_alone() {
    let report = Office::of(Suite::International).judge(DETACHED, |message| {
        message.carried = Carried::Digest(DigestAlgorithm::Sha256);
        message.attributes = Attributes::None;
    });
    assert_eq!(report.sub_indication, Some(SubIndication::HashFailure), "{report:?}");
}

#[test]
fn the_digest_by_another_algorithm_than_the_signers_is_not_the_documents() {
    let office = Office::of(Suite::International);
    let notes = office.noted(|message| message.carried = Carried::Digest(DigestAlgorithm::Sha256));
    assert_eq!(notes, [NO_ID, "note-attached-content"]);
    let report = office.judge(DETACHED, |message| {
        message.carried = Carried::Digest(DigestAlgorithm::Sm3);
    });
    assert_eq!(report.sub_indication, Some(SubIndication::HashFailure), "{report:?}");
}

#[test]
fn a_sha_1_of_the_document_inside_is_readable_and_too_weak() {
    let office = Office::of(Suite::International);
    for attributes in [Attributes::None, Attributes::InOrder(Vec::new())] {
        let report = office.judge(SHA1, |message| {
            message.carried = Carried::Digest(DigestAlgorithm::Sha1);
            message.attributes = attributes;
        });
        assert_eq!(report.conclusion, Conclusion::Indeterminate, "{report:?}");
        let weak = Some(SubIndication::CryptoConstraintsFailureNoPoe);
        assert_eq!(report.sub_indication, weak);
        assert_eq!(codes(&report.reasons), ["algorithm-not-trusted"]);
        assert_eq!(report.reasons[0].params["algorithm"], "SHA-1");
    }
    let report = office.judge(SHA1, |message| {
        message.carried = Carried::Other(&[7; 20]);
    });
    assert_eq!(report.sub_indication, Some(SubIndication::HashFailure), "{report:?}");
    let report = office.judge(SHA1, |_| {});
    assert_eq!(report.sub_indication, Some(SubIndication::FormatFailure), "{report:?}");
    assert_eq!(
        refusal(&report),
        "signature-message: the digest of the document is missing"
    );
}

#[test]
fn digest_and_signature_algorithms_that_disagree_leave_it_undecided() {
    let office = Office::of(Suite::International);
    let report = office.judge(DETACHED, |message| {
        message.digest = (oid::SHA384, DigestAlgorithm::Sha384)
    });
    assert_eq!(report.conclusion, Conclusion::Indeterminate, "{report:?}");
    assert_eq!(report.sub_indication, Some(SubIndication::SigConstraintsFailure));
    assert_eq!(codes(&report.reasons), ["algorithms-disagree"]);
    // The signature is named by a digest that it does not have.
    let report = office.judge(DETACHED, |message| message.algorithm.0 = oid::ECDSA_WITH_SHA384);
    assert_eq!(codes(&report.reasons), ["algorithms-disagree"], "{report:?}");
    assert_eq!(report.algorithm, Some("ECDSA with SHA-256"));
    // Without attributes one and the same digest is meant, and the two cannot both be right.
    let report = office.judge(DETACHED, |message| {
        message.digest = (oid::SHA384, DigestAlgorithm::Sha384);
        message.attributes = Attributes::None;
    });
    assert_eq!(report.sub_indication, Some(SubIndication::FormatFailure), "{report:?}");
    assert_eq!(
        refusal(&report),
        "signature-fault: signature algorithm ECDSA with SHA-256 does not go with digest algorithm SHA-384"
    );
}

#[test]
fn an_unknown_algorithm_is_undecided_and_never_invalid() {
    let office = Office::of(Suite::International);
    let unknown = |report: SignatureReport| {
        assert_eq!(report.conclusion, Conclusion::Indeterminate, "{report:?}");
        let sub = Some(SubIndication::CryptoConstraintsFailureNoPoe);
        assert_eq!(report.sub_indication, sub, "{report:?}");
        assert_eq!(codes(&report.reasons), ["algorithm-unsupported"]);
    };
    unknown(office.judge(DETACHED, |message| message.digest.0 = oid::TSA_POLICY));
    unknown(office.judge(DETACHED, |message| message.algorithm.0 = oid::TSA_POLICY));
    unknown(office.judge(DETACHED, |message| message.algorithm = (oid::RSASSA_PSS, &[])));
}

#[test]
fn pades_asks_for_what_is_noted_elsewhere() {
    let office = Office::of(Suite::International);
    let with_id = || Attributes::InOrder(vec![office.certificate_id()]);
    let sound = office.judge(CADES, |message| message.attributes = with_id());
    assert_eq!(sound.conclusion, Conclusion::Valid, "{sound:?}");
    assert_eq!((sound.level, codes(&sound.encoding_notes)), (Some("PAdES-B-B"), vec![]));
    let refused = |reason: &str, is_intact: bool, change: &dyn Fn(&mut OddMessage<'_>)| {
        let report = office.judge(CADES, |message| {
            message.attributes = with_id();
            change(message);
        });
        assert_eq!(report.sub_indication, Some(SubIndication::FormatFailure), "{report:?}");
        assert_eq!(refusal(&report), reason);
        // Whether it fits its bytes is told all the same.
        assert_eq!(report.is_intact(), Some(is_intact), "{report:?}");
    };
    let unnamed = "signature-fault: signed attribute signingCertificateV2 is missing";
    refused(unnamed, true, &|message| message.attributes = Attributes::None);
    refused(unnamed, true, &|message| {
        message.attributes = Attributes::InOrder(Vec::new());
    });
    let attached = "signature-message: content is attached";
    refused(attached, true, &|message| message.carried = Carried::Copy);
    refused(attached, false, &|message| message.carried = Carried::Other(b""));
}

#[test]
fn of_any_number_of_commitments_the_first_are_told_and_all_others_counted() {
    let kind = encode(|w| w.sequence(|w| w.oid(oid::PROOF_OF_ORIGIN)));
    let report = Office::of(Suite::International).judge(DETACHED, |message| {
        message.attributes = Attributes::InOrder(vec![Attribute {
            kind: oid::COMMITMENT_TYPE,
            values: vec![kind; 40],
        }]);
    });
    assert_eq!(report.commitments, ["proof-of-origin"; 10]);
    let notes = report.encoding_notes.iter();
    let counts: Vec<_> = notes
        .filter(|note| note.code == "note-commitments-unlisted")
        .map(|note| note.params["count"].as_str())
        .collect();
    assert_eq!(counts, ["30"]);
}

#[test]
fn the_signers_certificate_is_chosen_by_the_signed_digest_and_not_by_its_name() {
    let office = Office::of(Suite::International);
    // Another certificate stands where the name points, with the key of nobody here.
    let stranger = office.city.organisation();
    let report = office.judge(CADES, |message| {
        message.attributes = Attributes::InOrder(vec![office.certificate_id()]);
        message.certificates = vec![stranger.certificate.clone()];
    });
    assert_eq!(
        report.sub_indication,
        Some(SubIndication::NoSigningCertificateFound),
        "{report:?}"
    );
    let report = office.judge(CADES, |message| {
        message.attributes = Attributes::InOrder(vec![office.certificate_id()]);
        message.certificates.insert(0, stranger.certificate.clone());
    });
    assert_eq!(report.conclusion, Conclusion::Valid, "{report:?}");
}

#[test]
fn a_message_over_anything_but_data_is_no_signature_of_a_document() {
    for suite in Suite::ALL {
        let office = Office::of(suite);
        for kind in [oid::CT_TST_INFO, oid::ID_SIGNED_DATA] {
            for sub_filter in [DETACHED, CADES, SHA1] {
                let report = office.judge(sub_filter, |message| {
                    message.inner = kind;
                    message.said = Some(kind);
                });
                assert_eq!(report.conclusion, Conclusion::Invalid, "{sub_filter}: {report:?}");
                assert_eq!(report.sub_indication, Some(SubIndication::FormatFailure));
                let said = format!("signature-message: its content is of the type {}", oid::describe(&kind));
                assert_eq!(refusal(&report), said);
            }
        }
    }
}
