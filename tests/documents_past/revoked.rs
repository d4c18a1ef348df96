//! What was revoked since: the signer, or who stamped.

use yinxin::verify::{ProofKind, SubIndication};
use yinxin::x509::{Crl, RevocationReason};

use super::{World, assert_open, assert_passed, codes, date, entry, report, signature};

#[test]
fn a_signer_revoked_after_the_stamp_stays_and_one_revoked_before_it_does_not() {
    for world in World::all() {
        let day = "2027-06-01";
        let judged = |bytes: &[u8], revoked: &str, reason| {
            let entry = entry(world.signer.certificate.serial(), revoked, reason);
            let lists = world.office.lists(date(day), &[entry]).into_iter();
            let lists = lists.chain(world.stamping[0].city.lists(date(day), &[]));
            report(bytes, &world.known(lists.collect()), day)
        };
        for reason in [RevocationReason::Superseded, RevocationReason::KeyCompromise] {
            for bytes in [world.at_level_t(), world.at_level_lt(), world.at_level_lta()] {
                let kept = judged(&bytes, "2026-06-02", reason);
                assert_passed(&kept, signature(&kept).level.unwrap());
                assert_eq!(codes(&signature(&kept).notes), ["certificate-revoked-later"]);
                let refused = judged(&bytes, "2026-05-31", reason);
                assert_open(&refused, SubIndication::RevokedNoPoe, "certificate-revoked-before");
            }
        }
    }
}

/// Lists of the first time-stamping city on a day, with its stamping certificate revoked on another.
fn given_up(world: &World, day: &str, revoked: &str, reason: RevocationReason) -> Vec<Crl> {
    let stamping = &world.stamping[0];
    let entry = entry(stamping.authority.certificate().serial(), revoked, reason);
    stamping.city.lists(date(day), &[entry]).to_vec()
}

#[test]
fn what_an_authority_stamped_before_it_gave_up_its_key_for_a_harmless_reason_stands() {
    for world in World::all() {
        let day = "2028-06-01";
        let judged = |bytes: &[u8], revoked: &str, reason| {
            report(bytes, &world.known(given_up(&world, day, revoked, reason)), day)
        };
        let bytes = world.at_level_lt();
        for harmless in [
            RevocationReason::CessationOfOperation,
            RevocationReason::Superseded,
            RevocationReason::AffiliationChanged,
        ] {
            let kept = judged(&bytes, "2028-01-01", harmless);
            assert_passed(&kept, "PAdES-B-LT");
            assert_eq!(codes(&signature(&kept).notes), ["time-stamping-given-up-later"]);
            let refused = judged(&bytes, "2026-05-31", harmless);
            assert_open(&refused, SubIndication::TryLater, "certificate-revoked");
            assert!(!signature(&refused).time_is_proven);
        }
        for harmful in [
            RevocationReason::KeyCompromise,
            RevocationReason::PrivilegeWithdrawn,
            RevocationReason::Unspecified,
        ] {
            let refused = judged(&bytes, "2028-01-01", harmful);
            let signature = signature(&refused);
            assert!(!signature.time_is_proven, "{refused:#?}");
            assert!(
                codes(&signature.reasons).contains(&"certificate-revoked"),
                "{refused:#?}"
            );
        }
    }
}

#[test]
fn a_compromised_stamp_is_rescued_by_one_of_another_that_came_before() {
    for world in World::all() {
        let day = "2030-12-01";
        let lists = given_up(&world, day, "2030-09-01", RevocationReason::KeyCompromise);
        let lists = lists.into_iter().chain(world.stamping[1].city.lists(date(day), &[]));
        let known = world.known(lists.collect());
        let kept = report(&world.renewed_once(), &known, day);
        assert_passed(&kept, "PAdES-B-LTA");
        assert_eq!(
            signature(&kept).time_proof.as_ref().unwrap().kind,
            ProofKind::SignatureTimeStamp
        );
        let late = world.archived(world.at_level_lta(), 1, "2030-10-01");
        let late = report(&late, &known, day);
        // What remains is the later stamp, of a day on which the signer had expired.
        assert_open(&late, SubIndication::OutOfBoundsNoPoe, "certificate-expired");
        assert_eq!(
            signature(&late).time_proof.as_ref().unwrap().kind,
            ProofKind::DocumentTimeStamp
        );
    }
}
