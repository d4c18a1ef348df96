//! Bare signatures with a seal in the place of a message (`GM.sm2seal`, and the same under a label of PKCS#7), of every
//! edition.

use yinxin::ca::timestamp::StampSerial;
use yinxin::cms::timestamp::Imprint;
use yinxin::crypto::DigestAlgorithm;
use yinxin::crypto::key::Suite;
use yinxin::verify::{Conclusion, ProofKind, SignatureReport, SubIndication};

use super::{codes, judged, judged_at};
use crate::support::city::{City, now};
use crate::support::filled_field::filled;
use crate::support::odd_seal::OddSeal;

const GM: &str = "GM.sm2seal";
const LABELLED: &str = "adbe.pkcs7.detached";

fn judge(city: &City, sub_filter: &str, seal: &OddSeal) -> SignatureReport {
    judged(city, filled(sub_filter, |bytes, _| seal.over(city, bytes)))
}

/// The notes on a document sealed like that, which is valid all the same.
fn noted(city: &City, seal: &OddSeal) -> Vec<String> {
    let report = judge(city, GM, seal);
    assert_eq!(report.conclusion, Conclusion::Valid, "{report:?}");
    codes(&report.encoding_notes).into_iter().map(str::to_owned).collect()
}

/// What a seal is noted for that states its range in a way of its own.
const PROPERTY: &str = "note-seal-property";

#[test]
fn a_seal_of_each_edition_is_the_signature_under_either_label() {
    let city = City::new(Suite::National);
    for version in [1, 4, 5] {
        let seal = OddSeal::of(&city, version);
        for sub_filter in [GM, LABELLED] {
            let report = judge(&city, sub_filter, &seal);
            assert_eq!(
                report.conclusion,
                Conclusion::Valid,
                "{version} {sub_filter}: {report:?}"
            );
            assert_eq!((report.level, report.algorithm), (None, Some("SM2 with SM3")));
            assert_eq!(report.signing_time, Some(now()));
            let blocks = [&report.cryptographic_verification, &report.certificate_validation];
            assert!(blocks.iter().all(|block| block.as_ref().unwrap().is_passed()));
            assert_eq!(codes(&report.encoding_notes), [PROPERTY]);
            let inside = report.seal.unwrap();
            assert_eq!((inside.version, inside.valid), (version, true));
        }
        let refused = judge(&city, "ETSI.CAdES.detached", &seal);
        assert_eq!(
            refused.sub_indication,
            Some(SubIndication::FormatFailure),
            "{refused:?}"
        );
    }
}

#[test]
fn a_seal_over_other_bytes_is_refused_in_each_edition() {
    let city = City::new(Suite::National);
    for version in [1, 4, 5] {
        let seal = OddSeal::of(&city, version);
        let report = judged(&city, filled(GM, |_, _| seal.over(&city, b"another document")));
        assert_eq!(report.conclusion, Conclusion::Invalid, "{report:?}");
        assert_eq!(report.sub_indication, Some(SubIndication::HashFailure));
        let cryptography = report.cryptographic_verification.unwrap();
        assert_eq!(cryptography.terms(), "FAILED · HASH_FAILURE");
        assert!(!report.seal.unwrap().valid);
    }
}

#[test]
fn no_flipped_byte_of_a_seal_in_the_place_of_a_signature_is_valid() {
    let city = City::new(Suite::National);
    for version in [1, 5] {
        let seal = OddSeal::of(&city, version);
        let mut size = 0;
        filled(GM, |bytes, _| {
            let der = seal.over(&city, bytes);
            size = der.len();
            der
        });
        for at in (0..size - 10).step_by(97) {
            let report = judged(
                &city,
                filled(GM, |bytes, _| {
                    let mut der = seal.over(&city, bytes);
                    der[at] ^= 0x11;
                    der
                }),
            );
            // The time stamp of a seal of 2025 is its maker's, and proves nothing here.
            let is_of_maker = report.seal.as_ref().is_some_and(|seal| seal.valid);
            assert!(
                report.conclusion != Conclusion::Valid || is_of_maker && version == 5,
                "{version} at {at}"
            );
        }
    }
}

#[test]
fn signatures_of_two_bare_integers_are_noted_for_seal_and_signature() {
    let city = City::new(Suite::National);
    for version in [1, 4] {
        let seal = OddSeal {
            is_raw: true,
            ..OddSeal::of(&city, version)
        };
        let raw = "note-seal-raw-signature";
        assert_eq!(noted(&city, &seal), [raw, raw, PROPERTY]);
    }
}

#[test]
fn octet_strings_in_the_place_of_bit_strings_are_noted() {
    let city = City::new(Suite::National);
    let seal = OddSeal {
        has_octet_strings: true,
        ..OddSeal::of(&city, 1)
    };
    let octets = "note-seal-octet-string";
    assert_eq!(noted(&city, &seal), [octets, octets, octets, octets, PROPERTY]);
}

#[test]
fn a_signature_of_another_edition_than_its_seal_is_noted() {
    let city = City::new(Suite::National);
    let seal = OddSeal {
        said: Some(5),
        ..OddSeal::of(&city, 4)
    };
    assert_eq!(noted(&city, &seal), ["note-seal-versions", PROPERTY]);
}

#[test]
fn a_signer_whom_the_seal_does_not_list_is_refused() {
    let city = City::new(Suite::National);
    let other = OddSeal {
        signer: city.organisation(),
        ..OddSeal::of(&city, 4)
    };
    let report = judge(&city, GM, &other);
    assert_eq!(report.conclusion, Conclusion::Invalid, "{report:?}");
    assert_eq!(codes(&report.reasons)[0], "seal-signer-unlisted");
    let blocks = [&report.cryptographic_verification, &report.certificate_validation];
    assert!(blocks.iter().all(|block| block.as_ref().unwrap().is_passed()));
}

#[test]
fn a_seal_outside_its_dates_is_told_by_them_and_not_called_forged() {
    let city = City::new(Suite::National);
    let with_dates = |dates| OddSeal {
        dates,
        ..OddSeal::of(&city, 4)
    };
    for (dates, code, sub_indication) in [
        (
            [b"260101000000Z".as_slice(), b"260501000000Z"],
            "seal-used-after-end",
            SubIndication::Expired,
        ),
        (
            [b"260601000000Z", b"270101000000Z"],
            "seal-used-before-start",
            SubIndication::NotYetValid,
        ),
    ] {
        let report = judge(&city, GM, &with_dates(dates));
        assert_eq!(report.conclusion, Conclusion::Invalid, "{report:?}");
        assert_eq!(report.sub_indication, Some(sub_indication));
        assert_eq!(codes(&report.reasons)[0], code);
    }
    // Used in time by its own word, which nothing proves.
    let seal = OddSeal::of(&city, 4);
    let document = filled(GM, |bytes, _| seal.over(&city, bytes));
    let report = judged_at(&city, document, "2027-02-01T00:00:00Z".parse().unwrap());
    assert_eq!(report.conclusion, Conclusion::Indeterminate, "{report:?}");
    assert_eq!(codes(&report.reasons)[0], "seal-ended-unproven");
    assert_eq!(report.reasons[0].params["until"], "2027-01-01T00:00:00Z");
}

#[test]
fn the_time_stamp_on_a_seal_proves_when() {
    let city = City::new(Suite::National);
    let stamped = |city: &City, signature: &[u8]| {
        let imprint = Imprint::of(DigestAlgorithm::Sm3, signature);
        let time = now() - chrono::TimeDelta::minutes(5);
        let stamp = city
            .time_stamping()
            .stamp(imprint, time, StampSerial::random().unwrap());
        stamp.unwrap()
    };
    let seal = OddSeal {
        time_stamp: Some(stamped),
        ..OddSeal::of(&city, 4)
    };
    let report = judge(&city, GM, &seal);
    assert_eq!(report.conclusion, Conclusion::Valid, "{report:?}");
    assert_eq!(report.time_proof.unwrap().kind, ProofKind::SignatureTimeStamp);
    let other = OddSeal {
        time_stamp: Some(|city, _| {
            let imprint = Imprint::of(DigestAlgorithm::Sm3, b"another signature");
            city.time_stamping()
                .stamp(imprint, now(), StampSerial::random().unwrap())
                .unwrap()
        }),
        ..seal
    };
    let report = judge(&city, GM, &other);
    assert!(!report.time_is_proven, "{report:?}");
}
