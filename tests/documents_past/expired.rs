//! What has expired since: the signer, those who stamped, the signer's authority, an algorithm.

use yinxin::sign::document::ValidationData;
use yinxin::trust::{AlgorithmPolicy, Primitive};
use yinxin::verify::SubIndication;

use super::{World, assert_open, assert_passed, codes, date, report, signature};

#[test]
fn after_the_signer_expired_the_file_must_tell_of_its_revocation_and_when_it_was_signed() {
    for world in World::all() {
        // From the file alone, while the authority that stamped lives.
        let day = "2029-12-01";
        assert_passed(&world.judged(&world.at_level_lt(), day, &[0]), "PAdES-B-LT");
        assert_passed(&world.judged(&world.at_level_lta(), day, &[0]), "PAdES-B-LTA");
        let bare = world.judged(&world.at_level_t(), day, &[0]);
        assert_open(&bare, SubIndication::TryLater, "no-revocation-data");
    }
}

#[test]
fn after_the_first_stamp_expired_only_a_later_one_that_came_in_time_proves_it() {
    for world in World::all() {
        let day = "2031-12-01";
        for unproven in [world.at_level_lt(), world.at_level_lta()] {
            let report = world.judged(&unproven, day, &[1]);
            assert_open(&report, SubIndication::OutOfBoundsNoPoe, "certificate-expired");
            assert!(codes(&signature(&report).reasons).contains(&"time-stamp-not-trusted"));
            assert!(!signature(&report).time_is_proven);
            // An archive time stamp still fits what it stamped, with a certificate that can be relied on no more.
            for stamp in &report.signatures[1..] {
                let blocks = [&stamp.cryptographic_verification, &stamp.certificate_validation];
                let terms = blocks.map(|block| block.as_ref().unwrap().terms());
                assert_eq!(terms, ["PASSED", "INDETERMINATE · OUT_OF_BOUNDS_NO_POE"]);
            }
        }
        let renewed = world.judged(&world.renewed_once(), day, &[1]);
        assert_passed(&renewed, "PAdES-B-LTA");
        // What is proved is the time of the first stamp, not that of the renewal.
        assert_eq!(
            signature(&renewed).best_signature_time.unwrap().date_naive(),
            date(super::SIGNED).date_naive()
        );
    }
}

#[test]
fn after_the_authority_of_the_signer_expired_a_file_renewed_twice_still_holds() {
    for world in World::all() {
        let twice = world.renewed_twice();
        assert_passed(&world.judged(&twice, "2035-12-01", &[2]), "PAdES-B-LTA");
        let after = "2037-06-01";
        assert!(world.office.issuing.validity().not_after < date(after));
        assert_passed(&world.judged(&twice, after, &[2]), "PAdES-B-LTA");
        let once = world.judged(&world.renewed_once(), "2035-12-01", &[2]);
        assert_open(&once, SubIndication::OutOfBoundsNoPoe, "certificate-expired");
    }
}

#[test]
fn a_renewal_after_the_stamp_before_it_expired_is_too_late() {
    for world in World::all() {
        let late = world.archived(world.at_level_lta(), 1, "2031-07-01");
        let report = world.judged(&late, "2032-06-01", &[1]);
        assert_open(&report, SubIndication::OutOfBoundsNoPoe, "certificate-expired");
        // One that came in time helps no more once another link broke.
        let broken = world.archived(world.renewed_once(), 2, "2035-07-01");
        let report = world.judged(&broken, "2036-01-01", &[2]);
        assert_open(&report, SubIndication::OutOfBoundsNoPoe, "certificate-expired");
    }
}

#[test]
fn without_a_list_of_the_present_about_the_last_stamp_nothing_is_sure() {
    for world in World::all() {
        let report = world.judged(&world.renewed_once(), "2031-12-01", &[]);
        assert_open(&report, SubIndication::OutOfBoundsNoPoe, "certificate-expired");
        assert!(codes(&signature(&report).reasons).contains(&"stale-revocation-data"));
    }
}

#[test]
fn a_renewal_without_the_lists_of_the_stamp_before_it_leaves_that_open() {
    for world in World::all() {
        let none = ValidationData::default();
        let renewed = world.archived_with(world.at_level_lta(), 1, "2030-06-02", &none);
        // The lists of 2026 in the file say nothing of what may have come up to 2030.
        let report = world.judged(&renewed, "2031-12-01", &[1]);
        assert_open(&report, SubIndication::OutOfBoundsNoPoe, "certificate-expired");
        assert!(codes(&signature(&report).reasons).contains(&"stale-revocation-data"));
    }
}

#[test]
fn a_file_outlives_its_digest_if_a_stamp_by_another_came_before_the_end() {
    for world in World::all() {
        let digest = world.stamping[0].digest;
        let known = |day: &str, end: &str| {
            let lists = world.stamping[..2]
                .iter()
                .flat_map(|one| one.city.lists(date(day), &[]));
            let ended = AlgorithmPolicy::default().ending(Primitive::Digest(digest), date(end));
            world.known(lists.collect()).with_algorithms(ended)
        };
        let day = "2030-12-01";
        let renewed = world.renewed_once();
        assert_passed(&report(&renewed, &known(day, "2030-09-01"), day), "PAdES-B-LTA");
        let bare = report(&world.at_level_lta(), &known(day, "2030-09-01"), day);
        assert_open(
            &bare,
            SubIndication::CryptoConstraintsFailureNoPoe,
            "algorithm-not-trusted",
        );
        let late = report(&renewed, &known(day, "2030-06-01"), day);
        assert_open(&late, SubIndication::CryptoConstraintsFailure, "algorithm-not-trusted");
    }
}
