//! Judged years later: what has come since a signature is proved to have existed does not touch it, what had come
//! before does (ETSI EN 319 102-1 section 5.6.2). The clock moves to 2028; everything happened in 2026 and 2027.

use chrono::{DateTime, Utc};

use super::world::*;
use super::{indeterminate, outcome};
use crate::asn1::oid;
use crate::clock::rfc3339;
use crate::crypto::DigestAlgorithm;
use crate::crypto::key::Suite;
use crate::trust::list::{Status, StatusReason};
use crate::trust::*;
use crate::x509::*;

fn date(text: &str) -> DateTime<Utc> {
    format!("{text}T08:00:00Z").parse().unwrap()
}

/// When the document is judged.
fn later() -> DateTime<Utc> {
    date("2028-03-01")
}

/// When it was signed.
fn sealed() -> DateTime<Utc> {
    date("2026-05-28")
}

/// A document of 2026 with what it brought along, judged later.
struct Story {
    world: World,
    anchor: Anchor,
    /// Lists that the document carries, one of each authority, in force when it was signed.
    carried: Vec<Crl>,
    /// Lists that are known when it is judged.
    known: Vec<Crl>,
    proofs: Existence,
    algorithms: AlgorithmPolicy,
}

impl Story {
    /// Certificates last ten years; nothing has happened yet.
    fn new(suite: Suite) -> Self {
        Self::with(suite, |_| (), |_| ())
    }

    fn with(suite: Suite, issuing: impl FnOnce(&mut Draft), signer: impl FnOnce(&mut Draft)) -> Self {
        let lasting = |draft: &mut Draft| draft.validity.not_after = date("2036-01-01");
        let world = World::with(
            suite,
            |draft| {
                lasting(draft);
                issuing(draft);
            },
            |draft| {
                lasting(draft);
                signer(draft);
            },
        );
        let carried = vec![
            crl(&world.root, date("2026-05-26"), &[]),
            crl(&world.issuing, date("2026-05-26"), &[]),
        ];
        let known = vec![
            crl(&world.root, date("2028-02-28"), &[]),
            crl(&world.issuing, date("2028-02-28"), &[]),
        ];
        Self {
            anchor: world.anchor(),
            world,
            carried,
            known,
            proofs: Existence::default(),
            algorithms: AlgorithmPolicy::default(),
        }
    }

    /// With a proof of what the document carries, and of the issuing authority's certificate.
    fn carried_proven(mut self, at: DateTime<Utc>) -> Self {
        for list in &self.carried {
            self.proofs.prove(*list.fingerprint(), at);
        }
        self.proofs.prove(*self.world.issuing.certificate.fingerprint(), at);
        self
    }

    fn authority_revoked(mut self, at: DateTime<Utc>, reason: RevocationReason) -> Self {
        let entry = revoked(&self.world.issuing, at, reason);
        self.known[0] = crl(&self.world.root, date("2028-02-28"), &[entry]);
        self
    }

    fn signer_revoked(mut self, entry: RevokedEntry) -> Self {
        self.known[1] = crl(&self.world.issuing, date("2028-02-28"), &[entry]);
        self
    }

    fn judged(&self, proven: Option<DateTime<Utc>>) -> Validation {
        self.judged_at(later(), proven)
    }

    fn judged_at(&self, time: DateTime<Utc>, proven: Option<DateTime<Utc>>) -> Validation {
        let intermediates = vec![self.world.issuing.certificate.clone()];
        let snapshot = Snapshot::new(vec![self.anchor.clone()], intermediates, self.known.clone())
            .with_algorithms(self.algorithms.clone());
        let target = &self.world.signer.certificate;
        let mut query = Query::new(target, Purpose::GovernmentSealing, time)
            .with(&[], &self.carried)
            .existing(&self.proofs);
        query.proven_at = proven;
        validate(&query, &snapshot)
    }
}

/// A time stamp of 2026 whose authority lost its recognition in June 2027.
struct Stamped(Story);

impl Stamped {
    fn new(suite: Suite) -> Self {
        let stamping = |draft: &mut Draft| draft.extensions.ext_key_usage = present(true, vec![oid::KP_TIME_STAMPING]);
        let mut story = Story::with(suite, |_| (), stamping).carried_proven(sealed());
        story.anchor = Anchor::new("own", story.world.root.certificate.clone(), &[Service::TimeStamping]);
        story.anchor.recognised[0].until = Some(date("2027-06-01"));
        Self(story)
    }

    fn doubted(mut self, status: Status, reason: StatusReason) -> Self {
        let since = date("2027-06-01");
        self.0.anchor.lost.push(Loss {
            service: Some(Service::TimeStamping),
            since,
            until: None,
            doubt: Some(Doubt { since, status, reason }),
        });
        self
    }

    /// Judged by the time in it, with what proves it beside that.
    fn judged(&self, proven: Option<DateTime<Utc>>) -> Validation {
        self.judged_with(proven, &[])
    }

    fn judged_with(&self, proven: Option<DateTime<Utc>>, others: &[Anchor]) -> Validation {
        let story = &self.0;
        let anchors = [std::slice::from_ref(&story.anchor), others].concat();
        let intermediates = vec![story.world.issuing.certificate.clone()];
        let snapshot = Snapshot::new(anchors, intermediates, story.known.clone());
        let mut query = Query::new(&story.world.signer.certificate, Purpose::TimeStamping, later())
            .with(&[], &story.carried)
            .existing(&story.proofs)
            .recognised_at(sealed());
        query.proven_at = proven;
        validate(&query, &snapshot)
    }
}

/// The digest that the usual algorithm of a suite signs.
fn digest_of(suite: Suite) -> DigestAlgorithm {
    match suite {
        Suite::International => DigestAlgorithm::Sha256,
        Suite::National => DigestAlgorithm::Sm3,
    }
}

fn codes(notes: &[Reason]) -> Vec<&'static str> {
    notes.iter().map(Reason::code).collect()
}

const CHAIN: SubIndication = SubIndication::ChainConstraintsFailure;

#[test]
fn what_was_sealed_before_its_authority_was_withdrawn_stays_good_and_what_came_later_does_not() {
    for suite in Suite::ALL {
        let mut story = Story::new(suite).carried_proven(sealed());
        story.anchor.recognised[0].until = Some(date("2027-06-01"));
        let good = story.judged(Some(sealed()));
        assert!(good.is_passed(), "{:?}", good.reasons);
        assert_eq!(codes(&good.notes), ["authority-withdrawn-later"]);
        assert!(good.control_time < date("2027-06-01"));
        for proven in [None, Some(date("2027-06-01")), Some(date("2027-09-01"))] {
            let refused = (indeterminate(CHAIN), "authority-not-recognised");
            assert_eq!(outcome(&story.judged(proven)), refused, "{proven:?}");
        }
    }
}

#[test]
fn below_a_withdrawn_authority_nothing_counts_that_is_not_proved_to_be_older() {
    let mut story = Story::new(Suite::International);
    story.anchor.recognised[0].until = Some(date("2027-06-01"));
    let nothing = story.judged(Some(sealed()));
    assert_eq!(outcome(&nothing), (indeterminate(CHAIN), "certificate-not-proven"));
    let late = story.carried_proven(date("2027-07-01"));
    assert_eq!(outcome(&late.judged(Some(sealed()))).1, "certificate-not-proven");
    // In time for the list of the root, too, which speaks for a week.
    let in_time = late.carried_proven(date("2026-06-01"));
    assert!(in_time.judged(Some(sealed())).is_passed());
}

#[test]
fn an_authority_recognised_again_is_no_longer_withdrawn() {
    let mut story = Story::new(Suite::International);
    let service = Service::GovernmentSeals;
    story.anchor.recognised[0].until = Some(date("2027-06-01"));
    story.anchor.recognised.push(Recognition {
        service,
        since: date("2027-08-01"),
        until: None,
    });
    assert!(story.judged(Some(sealed())).is_passed());
    assert!(story.judged(None).is_passed());
    assert_eq!(
        outcome(&story.judged(Some(date("2027-07-01")))),
        (indeterminate(CHAIN), "authority-not-recognised")
    );
}

#[test]
fn an_authority_that_left_in_good_standing_is_believed_about_the_time_of_its_stamps() {
    for suite in Suite::ALL {
        let judged = Stamped::new(suite).judged(None);
        assert!(judged.is_passed(), "{:?}", judged.reasons);
    }
}

#[test]
fn stamps_of_a_doubted_authority_count_only_where_others_prove_them_to_be_older_than_the_doubt() {
    for (status, code) in [
        (Status::Withdrawn, "time-stamping-withdrawn"),
        (Status::Suspended, "time-stamping-suspended"),
    ] {
        for suite in Suite::ALL {
            let stamped = Stamped::new(suite).doubted(status, StatusReason::RulesBroken);
            for proven in [None, Some(date("2027-06-01")), Some(date("2027-09-01"))] {
                assert_eq!(
                    outcome(&stamped.judged(proven)),
                    (indeterminate(CHAIN), code),
                    "{proven:?}"
                );
            }
            let kept = stamped.judged(Some(date("2026-06-01")));
            assert!(kept.is_passed(), "{:?}", kept.reasons);
            assert!(kept.control_time < date("2027-06-01"));
        }
    }
    // What it rests on must be as old: the authority may have made lists of that day since.
    let mut stamped = Stamped::new(Suite::International).doubted(Status::Withdrawn, StatusReason::Unspecified);
    stamped.0.proofs = Existence::default();
    let bare = stamped.judged(Some(date("2026-06-01")));
    assert_eq!(outcome(&bare), (indeterminate(CHAIN), "certificate-not-proven"));
}

#[test]
fn one_that_is_recognised_again_or_judged_as_of_before_the_doubt_is_believed() {
    let mut stamped = Stamped::new(Suite::National).doubted(Status::Suspended, StatusReason::Investigation);
    stamped.0.anchor.recognised.push(Recognition {
        service: Service::TimeStamping,
        since: date("2027-08-01"),
        until: None,
    });
    stamped.0.anchor.lost[0].until = Some(date("2027-08-01"));
    assert!(stamped.judged(None).is_passed());
    // Given up later in good standing, the investigation that was cleared does not come back.
    stamped.0.anchor.recognised[1].until = Some(date("2027-10-01"));
    assert!(stamped.judged(None).is_passed());
    // Another service of the same authority is another matter.
    let other = &mut stamped.0.anchor.recognised[1];
    (other.service, other.until) = (Service::GovernmentSeals, None);
    stamped.0.anchor.lost[0].until = None;
    assert_eq!(outcome(&stamped.judged(None)).1, "time-stamping-suspended");
}

#[test]
fn what_was_stamped_before_a_key_was_given_up_for_a_harmless_reason_stands() {
    for suite in Suite::ALL {
        let judged = |revoked_at, reason, list_of| {
            let mut stamped = Stamped::new(suite);
            let entry = revoked(&stamped.0.world.signer, date(revoked_at), reason);
            stamped.0.known[1] = crl(&stamped.0.world.issuing, date(list_of), &[entry]);
            stamped.judged(None)
        };
        let (before, after, fresh) = ("2026-05-01", "2027-09-01", "2028-02-28");
        let kept = judged(after, RevocationReason::Superseded, fresh);
        assert!(kept.is_passed(), "{:?}", kept.reasons);
        assert_eq!(codes(&kept.notes), ["time-stamping-given-up-later"]);
        assert_eq!(kept.notes[0].problem().params["stamped_at"], rfc3339(sealed()));
        let no_poe = (indeterminate(SubIndication::RevokedNoPoe), "certificate-revoked");
        assert_eq!(outcome(&judged(before, RevocationReason::Superseded, fresh)), no_poe);
        for harmful in [RevocationReason::KeyCompromise, RevocationReason::Unspecified] {
            assert_eq!(outcome(&judged(after, harmful, fresh)), no_poe);
        }
        // An old list may not know of a worse reason.
        let old = judged(after, RevocationReason::Superseded, "2027-09-02");
        assert_eq!(outcome(&old), no_poe);
    }
}

#[test]
fn no_other_authority_brings_back_one_that_is_doubted() {
    let stamped = Stamped::new(Suite::International).doubted(Status::Withdrawn, StatusReason::RulesBroken);
    // The issuing authority is believed by itself; under it the one above is not needed.
    let issuing = stamped.0.world.issuing.certificate.clone();
    let mut below = Anchor::new("issuing", issuing, &[Service::TimeStamping]);
    assert!(stamped.judged_with(None, std::slice::from_ref(&below)).is_passed());
    let mut stamped = stamped;
    below.recognised[0].until = Some(date("2027-06-01"));
    below.lost = std::mem::take(&mut stamped.0.anchor.lost);
    stamped.0.anchor.recognised[0].until = None;
    let judged = stamped.judged_with(None, &[below]);
    assert_eq!(outcome(&judged).1, "time-stamping-withdrawn");
}

#[test]
fn a_revoked_authority_takes_along_what_is_not_proved_to_be_older() {
    for suite in Suite::ALL {
        let story = Story::new(suite)
            .carried_proven(sealed())
            .authority_revoked(date("2027-03-01"), RevocationReason::CaCompromise);
        let good = story.judged(Some(sealed()));
        assert!(good.is_passed(), "{:?}", good.reasons);
        assert_eq!(codes(&good.notes), ["certificate-revoked-later"]);
        // The list of the compromised authority that is known today is not asked: the one of the document is.
        assert_eq!(good.revocation[0].as_of, date("2026-05-26"));
        let ca = indeterminate(SubIndication::RevokedCaNoPoe);
        let late = story.judged(Some(date("2027-03-01")));
        assert_eq!(outcome(&late), (ca, "certificate-revoked-before"));
        assert_eq!(outcome(&story.judged(None)), (ca, "certificate-revoked"));
    }
}

#[test]
fn a_compromised_authority_may_have_made_every_list_that_is_not_proved_to_be_older() {
    let story = Story::new(Suite::International).authority_revoked(date("2027-03-01"), RevocationReason::CaCompromise);
    let ca = indeterminate(SubIndication::RevokedCaNoPoe);
    assert_eq!(
        outcome(&story.judged(Some(sealed()))),
        (ca, "revocation-data-not-proven")
    );
    let late = story.carried_proven(date("2027-03-02"));
    assert_eq!(outcome(&late.judged(Some(sealed()))).1, "revocation-data-not-proven");
    // Not even one that is proved, and says of itself that it is younger.
    let mut young = late;
    young.carried = vec![crl(&young.world.issuing, date("2027-04-01"), &[])];
    let young = young.carried_proven(date("2027-02-01"));
    assert_eq!(outcome(&young.judged(Some(sealed()))).1, "revocation-data-not-proven");
}

#[test]
fn a_signer_revoked_after_the_proof_stays_good_and_one_revoked_before_does_not() {
    for suite in Suite::ALL {
        let story = Story::new(suite);
        let entry = revoked(&story.world.signer, date("2026-08-01"), RevocationReason::KeyCompromise);
        let story = story.signer_revoked(entry);
        assert!(story.judged(Some(sealed())).is_passed());
        let no_poe = indeterminate(SubIndication::RevokedNoPoe);
        let late = story.judged(Some(date("2026-08-02")));
        assert_eq!(outcome(&late), (no_poe, "certificate-revoked-before"));
        assert_eq!(outcome(&story.judged(None)), (no_poe, "certificate-revoked"));
    }
}

#[test]
fn a_compromise_that_reaches_back_before_the_proof_is_not_outlived() {
    let story = Story::new(Suite::International).carried_proven(sealed());
    let mut entry = revoked(&story.world.signer, date("2026-08-01"), RevocationReason::KeyCompromise);
    entry.invalidity_date = Some(date("2026-05-01"));
    let story = story.signer_revoked(entry);
    let judged = story.judged(Some(sealed()));
    let no_poe = indeterminate(SubIndication::RevokedNoPoe);
    assert_eq!(outcome(&judged), (no_poe, "certificate-revoked-before"));
    assert_eq!(judged.reasons[0].problem().params["since"], rfc3339(date("2026-05-01")));
    assert!(story.judged(Some(date("2026-04-30"))).is_passed());
}

#[test]
fn a_revocation_counts_even_from_a_list_that_could_not_clear_the_signer() {
    let story = Story::new(Suite::International);
    let entry = revoked(&story.world.signer, date("2026-04-01"), RevocationReason::KeyCompromise);
    let story = story
        .carried_proven(sealed())
        .authority_revoked(date("2027-03-01"), RevocationReason::CaCompromise)
        .signer_revoked(entry);
    let judged = story.judged(Some(sealed()));
    assert_eq!(
        outcome(&judged),
        (indeterminate(SubIndication::RevokedNoPoe), "certificate-revoked-before")
    );
}

#[test]
fn an_expired_signer_needs_a_proof_from_within_its_validity() {
    for suite in Suite::ALL {
        let short = |draft: &mut Draft| draft.validity.not_after = date("2027-01-01");
        let story = Story::with(suite, |_| (), short);
        let out = indeterminate(SubIndication::OutOfBoundsNoPoe);
        assert_eq!(outcome(&story.judged(None)), (out, "certificate-expired"));
        // Lists of today do not speak of what has expired: the one of the document does, and needs no proof beside the
        // clock.
        assert!(story.judged(Some(sealed())).is_passed());
        assert!(!story.judged(Some(date("2027-01-02"))).is_passed());
        let mut bare = story;
        bare.carried.clear();
        assert_eq!(outcome(&bare.judged(Some(sealed()))).1, "no-revocation-data");
    }
}

#[test]
fn a_list_in_force_at_the_proof_counts_after_it_ended_and_an_older_one_does_not() {
    let mut story = Story::new(Suite::National).carried_proven(sealed());
    story.known.clear();
    let judged = story.judged(Some(sealed()));
    assert!(judged.is_passed(), "{:?}", judged.reasons);
    assert_eq!(
        judged.control_time,
        date("2026-06-02"),
        "when the lists were to be replaced"
    );
    let late = story.judged(Some(date("2026-06-03")));
    assert_eq!(
        outcome(&late),
        (indeterminate(SubIndication::TryLater), "stale-revocation-data")
    );
}

#[test]
fn a_proof_from_the_future_proves_nothing() {
    let story = Story::new(Suite::International).authority_revoked(date("2027-03-01"), RevocationReason::Superseded);
    let story = story.carried_proven(date("2030-01-01"));
    assert_eq!(
        outcome(&story.judged(Some(date("2030-01-01")))).1,
        "certificate-revoked-before"
    );
    assert_eq!(outcome(&story.judged(Some(sealed()))).1, "revocation-data-not-proven");
}

#[test]
fn what_rests_on_an_ended_algorithm_counts_if_it_is_proved_to_be_older_than_the_end() {
    for suite in Suite::ALL {
        let ended = date("2027-10-01");
        let digest = Primitive::Digest(digest_of(suite));
        let mut story = Story::new(suite);
        story.algorithms = story.algorithms.ending(digest, ended);
        let no_poe = indeterminate(SubIndication::CryptoConstraintsFailureNoPoe);
        assert_eq!(outcome(&story.judged(None)), (no_poe, "weak-algorithm"));
        let late = story.judged(Some(date("2027-10-02")));
        let failure = indeterminate(SubIndication::CryptoConstraintsFailure);
        assert_eq!(outcome(&late), (failure, "weak-algorithm"));
        // The signature is older, the certificate of its authority might be forged since.
        let alone = story.judged(Some(sealed()));
        assert_eq!(outcome(&alone), (no_poe, "certificate-not-proven"));
        let story = story.carried_proven(date("2026-06-01"));
        let good = story.judged(Some(sealed()));
        assert!(good.is_passed(), "{:?}", good.reasons);
        assert!(good.control_time <= ended);
        let mut story = story;
        story.known = vec![
            crl(&story.world.root, date("2027-09-28"), &[]),
            crl(&story.world.issuing, date("2027-09-28"), &[]),
        ];
        assert!(story.judged_at(ended, None).is_passed(), "its last moment");
        assert!(!story.judged_at(date("2027-10-02"), None).is_passed());
    }
}

#[test]
fn today_nothing_slides() {
    for suite in Suite::ALL {
        let judged = Story::new(suite).judged(Some(sealed()));
        assert!(judged.is_passed() && judged.notes.is_empty());
        assert_eq!(judged.control_time, later());
        assert_eq!(judged.effort.signature_checks, 4);
    }
}
