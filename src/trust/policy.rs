//! Certificate policies along a path (RFC 5280 section 6.1, with the policy graph of RFC 9618 in place of the tree).
//!
//! A level of the graph has at most one node for each policy, and a node knows its parents, so that mappings of many
//! policies to many cost no more than the certificates that hold them. Nodes without children are not pruned as they
//! arise: nothing is read of the graph before its end but whether its last level is empty, and the end walks back from
//! there.

use std::collections::HashMap;

use der::asn1::ObjectIdentifier;

use super::budget::{Budget, Exhausted};
use super::{Anchor, Reason};
use crate::asn1::oid::ANY_POLICY;
use crate::x509::{Certificate, PolicyMapping};

/// What is asked of the policies of a path (RFC 5280 section 6.1.1 (c), (e), (f) and (g)).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PolicySettings {
    /// `user-initial-policy-set`: policies of which one must hold where a policy must; any when empty.
    pub acceptable: Vec<ObjectIdentifier>,
    /// `initial-explicit-policy`: a policy must hold.
    pub require_explicit: bool,
    /// `initial-policy-mapping-inhibit`: mappings do not count.
    pub inhibit_mapping: bool,
    /// `initial-any-policy-inhibit`: anyPolicy in certificates does not count.
    pub inhibit_any: bool,
}

/// With what a path begins: what the asker and the anchor ask for, together (RFC 5937 section 3).
#[derive(Debug)]
pub(super) struct Initial {
    /// As in [`PolicySettings`]; `None` where nothing is acceptable to both.
    acceptable: Option<Vec<ObjectIdentifier>>,
    /// Certificates after which a policy must hold.
    explicit_after: Option<u32>,
    /// Certificates after which mappings do not count.
    mapping_until: Option<u32>,
    /// Certificates after which anyPolicy does not count.
    any_until: Option<u32>,
    /// Each policy of the asker's domain with those of the anchor's that count as it; `None` where both domains are
    /// one.
    mapped: Option<HashMap<ObjectIdentifier, Vec<ObjectIdentifier>>>,
}

impl Initial {
    pub(super) fn new(asked: &PolicySettings, anchor: &Anchor) -> Self {
        let mut initial = Self {
            acceptable: Some(asked.acceptable.clone()),
            explicit_after: asked.require_explicit.then_some(0),
            mapping_until: asked.inhibit_mapping.then_some(0),
            any_until: asked.inhibit_any.then_some(0),
            mapped: table(&anchor.constraints.mappings),
        };
        let given = &anchor.constraints.policies;
        initial.narrow(
            &given.acceptable,
            given.require_explicit.then_some(0),
            given.inhibit_mapping.then_some(0),
            given.inhibit_any.then_some(0),
        );
        let own = anchor.certificate.extensions();
        let constraints = own.policy_constraints.as_ref().map(|found| found.value);
        initial.narrow(
            own.certificate_policies.as_ref().map_or(&[], |found| &found.value),
            constraints.and_then(|found| found.require_explicit_policy),
            constraints.and_then(|found| found.inhibit_policy_mapping),
            own.inhibit_any_policy.as_ref().map(|found| found.value),
        );
        initial
    }

    fn narrow(&mut self, policies: &[ObjectIdentifier], explicit: Option<u32>, mapping: Option<u32>, any: Option<u32>) {
        if let Some(mapped) = self.mapped.as_mut().filter(|_| !is_any(policies)) {
            // In the anchor's terms: what it may not assert maps to nothing.
            for expected in mapped.values_mut() {
                expected.retain(|policy| policies.contains(policy));
            }
            mapped.retain(|_, expected| !expected.is_empty());
        } else if !is_any(policies) {
            self.acceptable = match self.acceptable.take() {
                Some(acceptable) if is_any(&acceptable) => Some(policies.to_vec()),
                Some(mut acceptable) => {
                    acceptable.retain(|policy| policies.contains(policy));
                    Some(acceptable).filter(|both| !both.is_empty())
                }
                None => None,
            };
        }
        let lower = |counter: &mut Option<u32>, to: Option<u32>| {
            *counter = match (*counter, to) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
        };
        lower(&mut self.explicit_after, explicit);
        lower(&mut self.mapping_until, mapping);
        lower(&mut self.any_until, any);
    }
}

/// A table of mappings by the policy of the asker's domain; `None` where there is none.
fn table(mappings: &[PolicyMapping]) -> Option<HashMap<ObjectIdentifier, Vec<ObjectIdentifier>>> {
    let mut by_issuer: HashMap<ObjectIdentifier, Vec<ObjectIdentifier>> = HashMap::new();
    for mapping in mappings {
        by_issuer
            .entry(mapping.issuer_domain)
            .or_default()
            .push(mapping.subject_domain);
    }
    (!by_issuer.is_empty()).then_some(by_issuer)
}

fn is_any(policies: &[ObjectIdentifier]) -> bool {
    policies.is_empty() || policies.contains(&ANY_POLICY)
}

/// Processes the policies of a path: the certificate under the anchor first, the target last. Gives the
/// user-constrained policy set, empty where none holds and none must.
pub(super) fn process<'a>(
    path: impl DoubleEndedIterator<Item = &'a Certificate> + ExactSizeIterator,
    initial: &Initial,
    budget: &mut Budget,
) -> Result<Result<Vec<ObjectIdentifier>, Reason>, Exhausted> {
    let length = path.len();
    let mut state = State::new(initial, length);
    for (position, certificate) in path.enumerate() {
        let is_target = position + 1 == length;
        budget.policies(policies_in(certificate))?;
        if let Err(reason) = state.add(certificate, is_target) {
            return Ok(Err(reason));
        }
        if is_target {
            return Ok(state.conclude(certificate, initial));
        }
        if let Err(reason) = state.prepare(certificate) {
            return Ok(Err(reason));
        }
    }
    Ok(Ok(Vec::new()))
}

/// How many policies and mappings a certificate makes work for.
fn policies_in(certificate: &Certificate) -> usize {
    let extensions = certificate.extensions();
    extensions
        .certificate_policies
        .as_ref()
        .map_or(0, |found| found.value.len())
        + extensions.policy_mappings.as_ref().map_or(0, |found| found.value.len())
}

/// One policy at one depth.
#[derive(Debug, Default)]
struct Node {
    /// Policies of the level before of which it is a child.
    parents: Vec<ObjectIdentifier>,
    /// `expected_policy_set`.
    expected: Vec<ObjectIdentifier>,
}

type Level = HashMap<ObjectIdentifier, Node>;

/// State variables of RFC 5280 section 6.1.2.
#[derive(Debug)]
struct State {
    /// One level for each certificate, the initial one, and one for the table of the anchor; no further after the graph
    /// became NULL.
    levels: Vec<Level>,
    explicit_policy: usize,
    policy_mapping: usize,
    inhibit_any: usize,
}

impl State {
    /// RFC 5280 section 6.1.2 (a), (d), (e) and (f).
    fn new(initial: &Initial, length: usize) -> Self {
        let counter = |begin: Option<u32>| {
            begin.map_or(length + 1, |begin| {
                usize::try_from(begin).unwrap_or(usize::MAX).min(length + 1)
            })
        };
        let node = Node {
            parents: Vec::new(),
            expected: vec![ANY_POLICY],
        };
        let mut levels = vec![Level::from([(ANY_POLICY, node)])];
        // The table of an anchor works as a certificate above it would, whose policies are mapped to the anchor's.
        levels.extend(initial.mapped.as_ref().map(|mapped| {
            let node = |(policy, expected): (&ObjectIdentifier, &Vec<_>)| {
                let (parents, expected) = (vec![ANY_POLICY], expected.clone());
                (*policy, Node { parents, expected })
            };
            mapped.iter().map(node).collect()
        }));
        Self {
            levels,
            explicit_policy: counter(initial.explicit_after),
            policy_mapping: counter(initial.mapping_until),
            inhibit_any: counter(initial.any_until),
        }
    }

    fn is_null(&self) -> bool {
        self.levels.last().is_none_or(Level::is_empty)
    }

    /// RFC 5280 section 6.1.3 (d) to (f) as RFC 9618 section 5.4 amends them.
    fn add(&mut self, certificate: &Certificate, is_target: bool) -> Result<(), Reason> {
        let policies = certificate.extensions().certificate_policies.as_ref();
        let level = match (policies, self.levels.last()) {
            (Some(policies), Some(above)) if !above.is_empty() => {
                let any_counts = self.inhibit_any > 0 || !is_target && certificate.is_self_issued();
                next_level(above, &policies.value, any_counts)
            }
            // (e): no policies, no graph.
            _ => Level::new(),
        };
        self.levels.push(level);
        // (f).
        if self.explicit_policy == 0 && self.is_null() {
            return Err(no_policy(certificate));
        }
        Ok(())
    }

    /// RFC 5280 section 6.1.4 (a), (b) and (h) to (j), with RFC 9618 section 5.5.
    fn prepare(&mut self, certificate: &Certificate) -> Result<(), Reason> {
        let extensions = certificate.extensions();
        if let Some(mappings) = &extensions.policy_mappings {
            let maps_any =
                |mapping: &PolicyMapping| mapping.issuer_domain == ANY_POLICY || mapping.subject_domain == ANY_POLICY;
            if mappings.value.iter().any(maps_any) {
                return Err(Reason::AnyPolicyMapped {
                    subject: certificate.subject().to_string(),
                });
            }
            self.map(&mappings.value);
        }
        if !certificate.is_self_issued() {
            for counter in [
                &mut self.explicit_policy,
                &mut self.policy_mapping,
                &mut self.inhibit_any,
            ] {
                *counter = counter.saturating_sub(1);
            }
        }
        let lower = |counter: &mut usize, to: Option<u32>| {
            if let Some(to) = to {
                *counter = (*counter).min(usize::try_from(to).unwrap_or(usize::MAX));
            }
        };
        if let Some(constraints) = &extensions.policy_constraints {
            lower(&mut self.explicit_policy, constraints.value.require_explicit_policy);
            lower(&mut self.policy_mapping, constraints.value.inhibit_policy_mapping);
        }
        lower(
            &mut self.inhibit_any,
            extensions.inhibit_any_policy.as_ref().map(|skip| skip.value),
        );
        Ok(())
    }

    /// RFC 9618 section 5.5: expectations of the last level become those of the subject's domain, or its mapped
    /// policies go.
    fn map(&mut self, mappings: &[PolicyMapping]) {
        let Some(level) = self.levels.last_mut() else { return };
        for (policy, expected) in table(mappings).unwrap_or_default() {
            if self.policy_mapping == 0 {
                level.remove(&policy);
            } else if let Some(node) = level.get_mut(&policy) {
                node.expected = expected;
            } else if level.contains_key(&ANY_POLICY) {
                let parents = vec![ANY_POLICY];
                level.insert(policy, Node { parents, expected });
            }
        }
    }

    /// RFC 5280 section 6.1.5 (a), (b) and (g), with RFC 9618 section 5.6.
    fn conclude(mut self, target: &Certificate, initial: &Initial) -> Result<Vec<ObjectIdentifier>, Reason> {
        self.explicit_policy = self.explicit_policy.saturating_sub(1);
        let constraints = target.extensions().policy_constraints.as_ref();
        if constraints.and_then(|found| found.value.require_explicit_policy) == Some(0) {
            self.explicit_policy = 0;
        }
        let authority = self.authority_constrained();
        let mut user = match initial.acceptable.as_deref() {
            None => Vec::new(),
            Some(acceptable) if is_any(acceptable) => authority,
            Some(acceptable) if authority.contains(&ANY_POLICY) => acceptable.to_vec(),
            Some(acceptable) => authority
                .into_iter()
                .filter(|policy| acceptable.contains(policy))
                .collect(),
        };
        if self.explicit_policy == 0 && user.is_empty() {
            return Err(no_policy(target));
        }
        user.sort_unstable();
        Ok(user)
    }

    /// `authority-constrained-policy-set`: policies of the anchor's domain that lead down to the target.
    fn authority_constrained(&self) -> Vec<ObjectIdentifier> {
        let Some(last) = self.levels.last() else {
            return Vec::new();
        };
        if last.contains_key(&ANY_POLICY) {
            return vec![ANY_POLICY];
        }
        let mut alive: Vec<ObjectIdentifier> = last.keys().copied().collect();
        let mut found = Vec::new();
        for level in self.levels.iter().rev() {
            let mut parents = Vec::new();
            for policy in &alive {
                let node_parents = level.get(policy).map_or(&[][..], |node| &node.parents);
                if *policy != ANY_POLICY && node_parents.contains(&ANY_POLICY) {
                    found.push(*policy);
                }
                parents.extend_from_slice(node_parents);
            }
            parents.sort_unstable();
            parents.dedup();
            alive = parents;
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The level below `above` for a certificate with these policies (RFC 9618 section 5.4, steps (d) (1) and (2)).
fn next_level(above: &Level, policies: &[ObjectIdentifier], any_counts: bool) -> Level {
    let mut expecting: HashMap<ObjectIdentifier, Vec<ObjectIdentifier>> = HashMap::new();
    for (policy, node) in above {
        for expected in &node.expected {
            expecting.entry(*expected).or_default().push(*policy);
        }
    }
    let node = |policy, parents: Vec<_>| {
        let expected = vec![policy];
        (policy, Node { parents, expected })
    };
    let mut level = Level::new();
    for policy in policies.iter().filter(|policy| **policy != ANY_POLICY) {
        let parents = expecting.get(policy).cloned();
        let parents = parents.or_else(|| above.contains_key(&ANY_POLICY).then(|| vec![ANY_POLICY]));
        level.extend(parents.map(|parents| node(*policy, parents)));
    }
    if any_counts && policies.contains(&ANY_POLICY) {
        for (expected, parents) in expecting {
            level.entry(expected).or_insert_with(|| node(expected, parents).1);
        }
    }
    level
}

fn no_policy(certificate: &Certificate) -> Reason {
    Reason::NoValidPolicy {
        subject: certificate.subject().to_string(),
    }
}
