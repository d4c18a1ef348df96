//! Bare signatures with a seal in the place of a message (`GM.sm2seal`, and the same under a label of PKCS#7), of every
//! edition.

use chrono::TimeDelta;
use der::asn1::ObjectIdentifier;
use yinxin::asn1::oid;
use yinxin::asn1::write::{self, encode};
use yinxin::crypto::DigestAlgorithm;
use yinxin::crypto::key::Suite;
use yinxin::verify::{Conclusion, ProofKind, SignatureReport, SubIndication};

use super::{codes, judged, judged_at, refusal};
use crate::support::city::{City, ORGANISATION, now};
use crate::support::filled_field::filled;
use crate::support::odd_seal::{OddExtension, OddSeal, stamped};

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
        assert_eq!(refusal(&refused), "signature-message: it is a seal");
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
        let mut genuine = Vec::new();
        let document = filled(GM, |bytes, _| {
            genuine = seal.over(&city, bytes);
            genuine.clone()
        });
        assert_eq!(judged(&city, document).conclusion, Conclusion::Valid);
        for at in (0..genuine.len()).step_by(97) {
            let document = filled(GM, |_, _| {
                let mut der = genuine.clone();
                der[at] ^= 0x11;
                der
            });
            let report = judged(&city, document);
            assert_ne!(report.conclusion, Conclusion::Valid, "{version} at {at}: {report:?}");
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
    let later = "2027-02-01T00:00:00Z".parse().unwrap();
    let report = judged_at(&city, document, later);
    assert_eq!(report.conclusion, Conclusion::Indeterminate, "{report:?}");
    assert_eq!(report.sub_indication, Some(SubIndication::OutOfBoundsNoPoe));
    assert_eq!(codes(&report.reasons), ["seal-ended-unproven"]);
    assert_eq!(report.reasons[0].params["until"], "2027-01-01T00:00:00Z");
    // Other bytes were not sealed at any time.
    let document = filled(GM, |_, _| seal.over(&city, b"another document"));
    let report = judged_at(&city, document, later);
    assert_eq!(report.conclusion, Conclusion::Invalid, "{report:?}");
    assert_eq!(report.sub_indication, Some(SubIndication::HashFailure));
    let longer = with_dates([b"260101000000Z".as_slice(), b"280101000000Z"]);
    let document = filled(GM, |bytes, _| longer.over(&city, bytes));
    let report = judged_at(&city, document, later);
    assert_eq!(report.conclusion, Conclusion::Valid, "{report:?}");
}

#[test]
fn the_time_stamp_on_a_seal_proves_when() {
    let city = City::new(Suite::National);
    let seal = OddSeal {
        time_stamp: Some(|city, signature| stamped(city, signature, now() - TimeDelta::minutes(5))),
        ..OddSeal::of(&city, 4)
    };
    let report = judge(&city, GM, &seal);
    assert_eq!(report.conclusion, Conclusion::Valid, "{report:?}");
    assert_eq!(report.time_proof.unwrap().kind, ProofKind::SignatureTimeStamp);
    let other = OddSeal {
        time_stamp: Some(|city, _| stamped(city, b"another signature", now())),
        ..seal
    };
    let report = judge(&city, GM, &other);
    assert!(!report.time_is_proven, "{report:?}");
}

#[test]
fn a_time_stamp_of_the_maker_that_is_of_another_seal_or_is_none_is_told() {
    let city = City::new(Suite::National);
    let with = |stamping: fn(&City, &[u8]) -> Vec<u8>| OddSeal {
        maker_stamp: Some(stamping),
        ..OddSeal::of(&city, 5)
    };
    assert_eq!(noted(&city, &OddSeal::of(&city, 5)), [PROPERTY]);
    let of_another = with(|city, _| stamped(city, b"another seal", now()));
    let none = with(|_, _| b"a stamp".to_vec());
    for seal in [of_another, none] {
        assert_eq!(noted(&city, &seal), ["note-seal-time-stamp-false", PROPERTY]);
    }
    // One that fits, by an authority that nobody here knows.
    let foreign = with(|_, signature| stamped(&City::new(Suite::National), signature, now()));
    assert_eq!(noted(&city, &foreign), ["note-seal-time-stamp-unproven", PROPERTY]);
}

/// An extension that no standard knows.
const UNKNOWN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.3.4.5");

#[test]
fn a_critical_extension_that_nobody_knows_keeps_a_seal_from_being_relied_on() {
    let city = City::new(Suite::National);
    let extension = |critical| vec![(UNKNOWN, critical, vec![0x05, 0])];
    for version in [1, 4, 5] {
        let of = || OddSeal::of(&city, version);
        let in_seal = |critical| OddSeal {
            extensions: extension(critical),
            ..of()
        };
        let in_signature = |critical| OddSeal {
            signed_extensions: extension(critical),
            ..of()
        };
        for harmless in [in_seal(false), in_signature(false)] {
            assert_eq!(noted(&city, &harmless), [PROPERTY]);
        }
        for critical in [in_seal(true), in_signature(true)] {
            let report = judge(&city, GM, &critical);
            assert_eq!(report.conclusion, Conclusion::Indeterminate, "{version}: {report:?}");
            assert_eq!(codes(&report.reasons)[0], "seal-critical-extension");
            assert_eq!(report.reasons[0].params["extension"], "1.2.3.4.5");
            assert!(!report.seal.unwrap().valid);
        }
    }
}

#[test]
fn a_seal_that_states_itself_to_have_been_used_outside_its_dates_is_not_valid_whatever_the_time_now() {
    let city = City::new(Suite::National);
    let used = |version, used| OddSeal {
        used,
        ..OddSeal::of(&city, version)
    };
    for version in [1, 4, 5] {
        for (time, code, sub_indication) in [
            (
                &b"20250910083015Z"[..],
                "seal-used-before-start",
                SubIndication::NotYetValid,
            ),
            (b"20281115083015Z", "seal-used-after-end", SubIndication::Expired),
        ] {
            let report = judge(&city, GM, &used(version, time));
            assert_eq!(report.conclusion, Conclusion::Invalid, "{version}: {report:?}");
            assert_eq!(report.sub_indication, Some(sub_indication));
            assert_eq!(codes(&report.reasons)[0], code);
            let cryptography = report.cryptographic_verification.unwrap();
            assert!(cryptography.is_passed(), "{cryptography:?}");
        }
    }
    // Clocks differ by minutes.
    for (minutes, conclusion) in [(5, Conclusion::Valid), (6, Conclusion::Invalid)] {
        let seal = OddSeal {
            dates: [b"260528083015Z", b"270101000000Z"],
            used: if minutes == 5 {
                b"20260528082515Z"
            } else {
                b"20260528082414Z"
            },
            ..OddSeal::of(&city, 4)
        };
        let report = judge(&city, GM, &seal);
        assert_eq!(report.conclusion, conclusion, "{minutes} minutes before: {report:?}");
    }
}

#[test]
fn a_use_that_is_stated_to_be_later_than_it_can_have_been_is_told() {
    let city = City::new(Suite::National);
    let notes = |seal: &OddSeal| {
        let report = judge(&city, GM, seal);
        assert_eq!(report.conclusion, Conclusion::Valid, "{report:?}");
        codes(&report.notes).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let ahead = "note-seal-time-ahead";
    for (used, expected) in [
        (&b"20260528083515Z"[..], None),
        (b"20260528083516Z", Some(ahead)),
        (b"20261231235959Z", Some(ahead)),
        // Without a zone it is the time of China.
        (b"20260528163015", None),
    ] {
        let seal = OddSeal {
            used,
            ..OddSeal::of(&city, 4)
        };
        assert_eq!(
            notes(&seal),
            Vec::from_iter(expected),
            "{}",
            String::from_utf8_lossy(used)
        );
    }
    // Against the time that is proved, where there is one.
    let seal = OddSeal {
        time_stamp: Some(|city, signature| stamped(city, signature, now() - TimeDelta::hours(1))),
        ..OddSeal::of(&city, 4)
    };
    assert_eq!(notes(&seal), [ahead]);
}

#[test]
fn a_time_of_use_that_cannot_be_read_is_noted() {
    let city = City::new(Suite::National);
    let seal = OddSeal {
        used: b"some day",
        ..OddSeal::of(&city, 1)
    };
    assert_eq!(noted(&city, &seal), ["note-seal-time-unread", PROPERTY]);
}

#[test]
fn a_signer_who_is_listed_by_a_weak_digest_alone_is_noted() {
    let city = City::new(Suite::National);
    let listed_by = |name, algorithm| OddSeal {
        listed_by: Some((name, algorithm)),
        ..OddSeal::of(&city, 4)
    };
    assert_eq!(noted(&city, &listed_by("SM3", DigestAlgorithm::Sm3)), [PROPERTY]);
    let weak = noted(&city, &listed_by("1.3.14.3.2.26", DigestAlgorithm::Sha1));
    assert_eq!(weak, ["note-seal-weak-list", PROPERTY]);
    for name in ["MD5", "1.2.840.113549.2.5"] {
        let report = judge(&city, GM, &listed_by(name, DigestAlgorithm::Md5));
        assert_eq!(report.conclusion, Conclusion::Invalid, "{name}: {report:?}");
    }
}

#[test]
fn a_seal_that_names_its_owner_by_two_codes_is_not_relied_on() {
    let city = City::new(Suite::National);
    let owners = |codes: &[&str]| {
        let named = |code: &&str| -> OddExtension {
            let value = encode(|w| w.primitive(write::UTF8_STRING, code.as_bytes()));
            (oid::CREDIT_CODE, false, value)
        };
        OddSeal {
            extensions: codes.iter().map(named).collect(),
            ..OddSeal::of(&city, 4)
        }
    };
    let [one, other] = [ORGANISATION.1, "91350100M000100Y43"];
    for same in [&[one][..], &[one, one]] {
        assert_eq!(noted(&city, &owners(same)), [PROPERTY]);
    }
    for several in [&[one, other][..], &[other, one], &["91350100М000100Y43"]] {
        let report = judge(&city, GM, &owners(several));
        assert_eq!(report.conclusion, Conclusion::Indeterminate, "{report:?}");
        assert_eq!(codes(&report.reasons)[0], "seal-credit-codes");
    }
}
