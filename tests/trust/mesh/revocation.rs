//! More revocation never helps: whatever is revoked or withdrawn beside what was, earlier than it was, or for a graver
//! reason, what was refused stays refused. Judged at the present and as of the past, on meshes in which little else
//! decides.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use yinxin::trust::{Existence, Validation};

use super::*;

/// Meshes that are judged; `YINXIN_MESHES` asks for more.
const STORIES: u32 = 150;

/// Days before the present on which a certificate is revoked at the earliest.
const DAYS: i64 = 300;

/// A revocation, in days before the present.
#[derive(Debug, Clone, Copy)]
struct Gone {
    days: i64,
    reason: RevocationReason,
    /// When the key was lost, in days before the present.
    lost: Option<i64>,
}

impl Gone {
    /// The graver of both in every respect.
    fn and(self, more: Self) -> Self {
        let hold = RevocationReason::CertificateHold;
        Self {
            days: self.days.max(more.days),
            reason: if self.reason == hold { more.reason } else { self.reason },
            // Only a compromise dates back; what was lost stays lost.
            lost: self.lost.into_iter().chain(more.lost).max(),
        }
    }

    fn entry(self, link: usize) -> RevokedEntry {
        RevokedEntry {
            serial: serial(link),
            revoked_at: noon() - TimeDelta::days(self.days),
            reason: self.reason,
            invalidity_date: self.lost.map(|days| noon() - TimeDelta::days(days.max(self.days))),
        }
    }
}

fn gone() -> impl Strategy<Value = Gone> {
    let reason = prop_oneof![
        Just(RevocationReason::CessationOfOperation),
        Just(RevocationReason::CaCompromise),
        Just(RevocationReason::KeyCompromise),
        Just(RevocationReason::CertificateHold),
    ];
    (0..DAYS, reason, weighted(0.4, 0..DAYS)).prop_map(|(days, reason, lost)| Gone { days, reason, lost })
}

/// What is known of certificates and anchors that count no more.
#[derive(Debug, Clone, Default)]
struct Known {
    revoked: BTreeMap<usize, Gone>,
    /// Days before the present on which an anchor was withdrawn.
    withdrawn: BTreeMap<usize, i64>,
}

impl Known {
    fn of(mesh: &Mesh, revoked: &[Option<Gone>], withdrawn: &[Option<i64>]) -> Self {
        let revoked = revoked.iter().take(mesh.links.len()).enumerate();
        let anchors = mesh.anchors.iter().zip(withdrawn);
        Self {
            revoked: revoked.filter_map(|(link, gone)| Some((link, (*gone)?))).collect(),
            withdrawn: anchors.filter_map(|(anchor, days)| Some((*anchor, (*days)?))).collect(),
        }
    }

    fn and(&self, more: &Self) -> Self {
        let mut both = self.clone();
        for (link, gone) in &more.revoked {
            let before = both.revoked.get(link).copied();
            both.revoked
                .insert(*link, before.map_or(*gone, |before| before.and(*gone)));
        }
        for (anchor, days) in &more.withdrawn {
            let earliest = both.withdrawn.entry(*anchor).or_insert(*days);
            *earliest = (*earliest).max(*days);
        }
        both
    }
}

/// A document of some age, with what it brought along.
#[derive(Debug, Clone)]
struct Story {
    mesh: Mesh,
    /// Days before the present on which the signature is proved to have existed.
    proven: Option<i64>,
    /// Days before the present on which what the document carries is proved to have existed.
    carried: i64,
    known: Known,
    more: Known,
}

fn story() -> impl Strategy<Value = Story> {
    let links = 2 * MAX_AUTHORITIES + 1;
    let revoked = |often| vec(weighted(often, gone()), links);
    let withdrawn = |often| vec(weighted(often, 0..DAYS), 2);
    let known = (revoked(0.15), withdrawn(0.1), revoked(0.15), withdrawn(0.2));
    let ages = (weighted(0.7, 0..DAYS), 0..DAYS);
    (plan::mesh(), known, ages).prop_map(|(mut mesh, known, (proven, carried))| {
        // What the other test is about stays out, so that many paths are there to be taken away.
        for link in &mut mesh.links {
            *link = Link {
                from: link.from,
                to: link.to,
                policies: None,
                mappings: BTreeSet::new(),
                explicit: None,
                inhibit_mapping: None,
                inhibit_any: None,
                path_length: None,
                permitted: None,
                excluded: None,
                fault: None,
            };
        }
        Story {
            known: Known::of(&mesh, &known.0, &known.1),
            more: Known::of(&mesh, &known.2, &known.3),
            proven,
            carried,
            mesh,
        }
    })
}

impl Story {
    fn judged(&self, certificates: &[Certificate], known: &Known) -> Validation {
        let anchors = self.mesh.anchors.iter().map(|authority| {
            let certificate = self_signed(&self.mesh, *authority);
            let mut anchor = Anchor::new("anchor", certificate, &[Service::GovernmentSeals]);
            anchor.recognised[0].until = known
                .withdrawn
                .get(authority)
                .map(|days| noon() - TimeDelta::days(*days));
            anchor
        });
        let (target, others) = certificates.split_last().unwrap();
        let carried_at = noon() - TimeDelta::days(self.carried);
        let carried = self.lists(known, carried_at);
        let snapshot = Snapshot::new(anchors.collect(), others.to_vec(), self.lists(known, noon()));
        let mut proofs = Existence::default();
        for list in &carried {
            proofs.prove(*list.fingerprint(), carried_at);
        }
        for certificate in certificates {
            proofs.prove(*certificate.fingerprint(), carried_at);
        }
        let mut query = Query::new(target, Purpose::Any, noon())
            .with(&[], &carried)
            .existing(&proofs);
        query.proven_at = self.proven.map(|days| noon() - TimeDelta::days(days));
        validate(&query, &snapshot)
    }

    /// The lists of all authorities of that time, with what was revoked by then.
    fn lists(&self, known: &Known, time: DateTime<Utc>) -> Vec<Crl> {
        let authorities = 0..self.mesh.authorities.len();
        let of = |authority: usize| {
            let name = self.mesh.authorities[authority].name;
            let of_name = known.revoked.iter().filter(|(link, gone)| {
                let issuer = self.mesh.links[**link].from;
                self.mesh.authorities[issuer].name == name && gone.entry(**link).revoked_at <= time - TimeDelta::days(1)
            });
            let entries: Vec<_> = of_name.map(|(link, gone)| gone.entry(*link)).collect();
            signed_list(&self.mesh, authority, &entries, time)
        };
        authorities.map(of).collect()
    }
}

#[test]
fn more_revocation_never_helps() {
    let meshes = std::env::var("YINXIN_MESHES").ok().and_then(|count| count.parse().ok());
    let config = Config {
        cases: meshes.unwrap_or(STORIES),
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = match meshes {
        Some(_) => TestRunner::new(config),
        None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    };
    let (lost, refused) = (Cell::new(0), Cell::new(0));
    let judged = runner.run(&story(), |story| {
        let links = 0..story.mesh.links.len();
        let certificates: Vec<_> = links.map(|number| certificate(&story.mesh, number)).collect();
        let before = story.judged(&certificates, &story.known);
        let after = story.judged(&certificates, &story.known.and(&story.more));
        match (before.is_passed(), after.is_passed()) {
            (false, true) => {
                let why = format!("refused for {:?} and then valid: {story:#?}", before.reasons);
                return Err(TestCaseError::fail(why));
            }
            (true, false) => lost.set(lost.get() + 1),
            (false, false) => refused.set(refused.get() + 1),
            (true, true) => {}
        }
        Ok(())
    });
    if let Err(error) = judged {
        panic!("{error}");
    }
    // Otherwise little would be compared.
    let stories = meshes.unwrap_or(STORIES);
    assert!(lost.get() >= stories / 20, "{} were lost", lost.get());
    assert!(refused.get() >= stories / 5, "{} were refused", refused.get());
}
