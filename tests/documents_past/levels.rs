//! A level is what the file fulfils (ETSI EN 319 142-1 clause 6): what it brings has to tell of the revocation of the
//! signer and of who stamped, by itself, whatever whoever judges has besides; and a time stamp has to cover it.

use yinxin::sign::document::{ValidationData, add_validation_data};
use yinxin::trust::{Anchor, Service, Snapshot};
use yinxin::verify::Report;
use yinxin::x509::Crl;

use super::{SIGNED, SUITES, World, assert_passed, date, report, signature};
use crate::support::city::City;

/// A day on which the lists of the file are over.
const LATER: &str = "2026-07-01";

/// All lists of who signed and who stamped first, of a day.
fn lists(world: &World, day: &str) -> Vec<Crl> {
    let cities = [&world.office, &world.stamping[0].city];
    cities.into_iter().flat_map(|city| city.lists(date(day), &[])).collect()
}

/// Judged by fresh lists of everybody, and so by none of the file.
fn judged(world: &World, bytes: &[u8]) -> Report {
    let known = world.known(lists(world, LATER));
    report(bytes, &known, LATER)
}

/// With these lists in place of those of the file.
fn with_lists(mut validation: ValidationData, lists: impl IntoIterator<Item = Crl>) -> ValidationData {
    validation.crls = lists.into_iter().map(|list| list.der().to_vec()).collect();
    validation
}

/// With a revision of validation data behind it.
fn stored(bytes: Vec<u8>, validation: &ValidationData) -> Vec<u8> {
    let revision = add_validation_data(&bytes, &validation.clone().into(), date(SIGNED)).unwrap();
    [bytes, revision].concat()
}

#[test]
fn what_is_at_hand_elsewhere_takes_no_level_from_a_file_nor_gives_it_one() {
    for world in World::all() {
        assert_passed(&judged(&world, &world.at_level_t()), "PAdES-B-T");
        assert_passed(&judged(&world, &world.at_level_lt()), "PAdES-B-LT");
        assert_passed(&judged(&world, &world.at_level_lta()), "PAdES-B-LTA");
    }
}

#[test]
fn lists_that_do_not_count_raise_no_level() {
    for (suite, stamping) in SUITES {
        let world = World::new(suite, stamping);
        let own = world.validation(&[&world.office, &world.stamping[0].city], SIGNED);
        let level_with = |lists: Vec<Crl>| {
            let bytes = world.signed_with(&with_lists(own.clone(), lists));
            assert_passed(&judged(&world, &bytes), "PAdES-B-T");
            // Not even when a time stamp covers them.
            assert_passed(
                &judged(
                    &world,
                    &world.archived_with(bytes, 0, SIGNED, &ValidationData::default()),
                ),
                "PAdES-B-T",
            );
        };
        // Of the same names, by other keys.
        let forger = City::founded_at(suite, date(SIGNED));
        level_with([date(SIGNED); 2].map(|day| forger.lists(day, &[])).concat());
        // Over before anything was signed.
        level_with(lists(&world, "2026-05-20"));
        // Nothing about who stamped, nothing about who signed.
        level_with(world.office.lists(date(SIGNED), &[]).to_vec());
        level_with(world.stamping[0].city.lists(date(SIGNED), &[]).to_vec());
    }
}

#[test]
fn an_archive_is_what_a_time_stamp_covers() {
    for world in World::all() {
        let validation = world.validation(&[&world.office, &world.stamping[0].city], SIGNED);
        let nothing = ValidationData::default();
        let stamped = world.archived_with(world.at_level_t(), 0, SIGNED, &nothing);
        assert_passed(&judged(&world, &stamped), "PAdES-B-T");
        let behind = stored(stamped, &validation);
        assert_passed(&judged(&world, &behind), "PAdES-B-LT");
        let covered = world.archived_with(behind, 0, SIGNED, &nothing);
        assert_passed(&judged(&world, &covered), "PAdES-B-LTA");
    }
}

#[test]
fn the_level_of_a_signer_whom_nobody_recognises_is_told_up_to_its_root() {
    for (suite, stamping) in SUITES {
        let world = World::new(suite, stamping);
        let cities = [&world.office, &world.stamping[0].city];
        let mut validation = world.validation(&cities, SIGNED);
        let level = |validation: &ValidationData| {
            let bytes = world.archived_with(world.signed_with(validation), 0, SIGNED, &ValidationData::default());
            let stamping = &world.stamping[0].city;
            let anchor = Anchor::new("first", stamping.root.clone(), &[Service::TimeStamping]);
            let known = Snapshot::new(vec![anchor], Vec::new(), stamping.lists(date(LATER), &[]).to_vec());
            signature(&report(&bytes, &known, LATER)).level.unwrap()
        };
        assert_eq!(level(&validation), "PAdES-B-T");
        validation.certificates.push(world.office.root.der().to_vec());
        assert_eq!(level(&validation), "PAdES-B-LTA");
        let forger = City::founded_at(suite, date(SIGNED));
        let stamping = world.stamping[0].city.lists(date(SIGNED), &[]);
        let forged = with_lists(validation, forger.lists(date(SIGNED), &[]).into_iter().chain(stamping));
        assert_eq!(level(&forged), "PAdES-B-T");
    }
}
