//! Random meshes of authorities, as plans: who certifies whom, and with which bounds.

use std::collections::BTreeSet;

use proptest::collection::{btree_set, vec};
use proptest::option::weighted;
use proptest::prelude::*;

/// A policy by its number.
pub(super) type Policy = u8;

/// anyPolicy.
pub(super) const ANY: Policy = 9;

/// Most authorities in a mesh.
pub(super) const MAX_AUTHORITIES: usize = 12;

/// Names that a certificate is bound to or kept from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// Directory names under an organisation.
    Organisation(u8),
    /// Hosts in a domain.
    Domain(u8),
}

/// What is wrong with a certificate by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Expired,
    MayNotSign,
    NoAuthority,
    Revoked,
}

/// One certificate.
#[derive(Debug, Clone)]
pub(super) struct Link {
    /// Who issues it.
    pub(super) from: usize,
    /// The authority that it is about; none for the target.
    pub(super) to: Option<usize>,
    pub(super) policies: Option<BTreeSet<Policy>>,
    pub(super) mappings: BTreeSet<(Policy, Policy)>,
    pub(super) explicit: Option<usize>,
    pub(super) inhibit_mapping: Option<usize>,
    pub(super) inhibit_any: Option<usize>,
    pub(super) path_length: Option<usize>,
    pub(super) permitted: Option<Names>,
    pub(super) excluded: Option<Names>,
    pub(super) fault: Option<Fault>,
}

/// What is asked of the policies.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) acceptable: BTreeSet<Policy>,
    pub(super) explicit: bool,
    pub(super) inhibit_mapping: bool,
    pub(super) inhibit_any: bool,
}

/// An authority: keys of one name are several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Authority {
    /// Number of its name.
    pub(super) name: usize,
    /// Organisation that its name lies under.
    pub(super) organisation: u8,
}

/// A mesh. The last link is the target.
#[derive(Debug, Clone)]
pub(super) struct Mesh {
    pub(super) authorities: Vec<Authority>,
    pub(super) links: Vec<Link>,
    pub(super) anchors: BTreeSet<usize>,
    pub(super) settings: Settings,
}

/// Organisation of the target's name, and domain of its host.
pub(super) const TARGET: u8 = 0;

impl Mesh {
    /// Issued under the subject's own name (RFC 5280 section 3.2).
    pub(super) fn is_self_issued(&self, link: &Link) -> bool {
        let name = |authority: usize| self.authorities[authority].name;
        link.to.is_some_and(|to| name(to) == name(link.from))
    }

    /// Whether the name of that form in the certificate lies in there; none where it has no such name: authorities have
    /// no host.
    pub(super) fn lies_within(&self, link: &Link, names: Names) -> Option<bool> {
        match (names, link.to) {
            (Names::Organisation(organisation), Some(to)) => Some(self.authorities[to].organisation == organisation),
            (Names::Organisation(number) | Names::Domain(number), None) => Some(number == TARGET),
            (Names::Domain(_), Some(_)) => None,
        }
    }
}

fn policy() -> impl Strategy<Value = Policy> {
    prop_oneof![8 => 0..4_u8, 3 => Just(ANY)]
}

fn names() -> impl Strategy<Value = Names> {
    prop_oneof![
        (0..3_u8).prop_map(Names::Organisation),
        (0..3_u8).prop_map(Names::Domain)
    ]
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        Just(Fault::Expired),
        Just(Fault::MayNotSign),
        Just(Fault::NoAuthority),
        Just(Fault::Revoked)
    ]
}

/// A link whose ends are still to be chosen.
fn link() -> impl Strategy<Value = Link> {
    let mapping = || prop_oneof![30 => (0..4_u8, 0..4_u8), 1 => (policy(), policy())];
    let policies = (
        weighted(0.93, btree_set(policy(), 1..4)),
        prop_oneof![2 => Just(BTreeSet::new()), 1 => btree_set(mapping(), 1..3)],
        weighted(0.1, 0..3_usize),
        weighted(0.1, 0..3_usize),
        weighted(0.1, 0..3_usize),
    );
    let bounds = (
        weighted(0.15, 0..4_usize),
        weighted(0.07, names()),
        weighted(0.07, names()),
        weighted(0.07, fault()),
    );
    (policies, bounds).prop_map(|(policies, bounds)| {
        let (policies, mappings, explicit, inhibit_mapping, inhibit_any) = policies;
        let (path_length, permitted, excluded, fault) = bounds;
        Link {
            from: 0,
            to: None,
            policies,
            mappings,
            explicit,
            inhibit_mapping,
            inhibit_any,
            path_length,
            permitted,
            excluded,
            fault,
        }
    })
}

fn settings() -> impl Strategy<Value = Settings> {
    let flags = (
        any::<bool>(),
        proptest::bool::weighted(0.1),
        proptest::bool::weighted(0.1),
    );
    let acceptable =
        prop_oneof![2 => Just(BTreeSet::new()), 3 => btree_set(0..4_u8, 1..4), 1 => btree_set(policy(), 1..3)];
    (acceptable, flags).prop_map(|(acceptable, (explicit, inhibit_mapping, inhibit_any))| Settings {
        acceptable,
        explicit,
        inhibit_mapping,
        inhibit_any,
    })
}

/// Meshes: a tree of authorities, cross-certificates across it and up it, one or two anchors, and a target.
pub(super) fn mesh() -> impl Strategy<Value = Mesh> {
    let tree = vec(
        (link(), any::<prop::sample::Index>(), 0..MAX_AUTHORITIES, 0..3_u8),
        1..MAX_AUTHORITIES,
    );
    let across = vec(
        (link(), any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        0..12,
    );
    let target = (link(), any::<prop::sample::Index>());
    let second_anchor = weighted(0.3, any::<prop::sample::Index>());
    (tree, across, target, second_anchor, settings()).prop_map(|(tree, across, target, second, settings)| {
        let root = Authority {
            name: 0,
            organisation: TARGET,
        };
        let (mut authorities, mut links) = (vec![root], Vec::new());
        for (link, from, name, organisation) in tree {
            let from = from.index(authorities.len());
            links.push(Link {
                from,
                to: Some(authorities.len()),
                ..link
            });
            // A name that is taken makes another key of the same authority.
            let same = authorities.iter().find(|other| other.name == name).copied();
            authorities.push(same.unwrap_or(Authority { name, organisation }));
        }
        let count = authorities.len();
        for (link, from, to) in across {
            let (from, to) = (from.index(count), to.index(count));
            if from != to {
                links.push(Link {
                    from,
                    to: Some(to),
                    ..link
                });
            }
        }
        links.push(Link {
            from: target.1.index(count),
            to: None,
            ..target.0
        });
        let anchors = std::iter::once(0)
            .chain(second.map(|second| second.index(count)))
            .collect();
        Mesh {
            authorities,
            links,
            anchors,
            settings,
        }
    })
}
