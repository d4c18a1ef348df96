//! The reference: slow, obvious, and written from the text of RFC 5280 alone. It knows the plan of a mesh and no
//! certificate.
//!
//! Every path without a loop is enumerated and judged by section 6.1 from its first step to its last, with the
//! `valid_policy_tree` of the original text: a tree of nodes, pruned after each step.

use std::collections::BTreeSet;

use super::plan::{ANY, Fault, Link, Mesh, Names, Policy};

/// All paths without a loop, as numbers of links: the one under an anchor first, the target's last.
pub(super) fn paths(mesh: &Mesh) -> Vec<Vec<usize>> {
    let mut found = Vec::new();
    climb(mesh, vec![mesh.links.len() - 1], &mut found);
    found
}

/// Goes up from the first link of a path in every way.
fn climb(mesh: &Mesh, path: Vec<usize>, found: &mut Vec<Vec<usize>>) {
    let issuer = mesh.links[path[0]].from;
    let is_on_path = |entity: usize| path.iter().any(|link| mesh.links[*link].to == Some(entity));
    if is_on_path(issuer) {
        return;
    }
    if mesh.anchors.contains(&issuer) {
        found.push(path.clone());
    }
    for (number, link) in mesh.links.iter().enumerate() {
        if link.to == Some(issuer) {
            climb(mesh, [vec![number], path.clone()].concat(), found);
        }
    }
}

/// A node of the `valid_policy_tree` (section 6.1.2 (a)).
#[derive(Debug, Clone)]
struct Node {
    depth: usize,
    /// Place of the parent in the list of nodes; none for the root.
    parent: Option<usize>,
    valid_policy: Policy,
    expected_policy_set: BTreeSet<Policy>,
    deleted: bool,
}

#[derive(Debug, Clone)]
struct Tree(Vec<Node>);

impl Tree {
    fn at(&self, depth: usize) -> Vec<usize> {
        let nodes = self.0.iter().enumerate();
        nodes
            .filter(|(_, node)| node.depth == depth && !node.deleted)
            .map(|(place, _)| place)
            .collect()
    }

    fn add(&mut self, parent: usize, valid_policy: Policy, expected_policy_set: BTreeSet<Policy>) {
        let depth = self.0[parent].depth + 1;
        self.0.push(Node {
            depth,
            parent: Some(parent),
            valid_policy,
            expected_policy_set,
            deleted: false,
        });
    }

    fn children(&self, of: usize) -> Vec<usize> {
        let nodes = self.0.iter().enumerate();
        nodes
            .filter(|(_, node)| node.parent == Some(of) && !node.deleted)
            .map(|(place, _)| place)
            .collect()
    }

    fn delete_with_children(&mut self, place: usize) {
        for child in self.children(place) {
            self.delete_with_children(child);
        }
        self.0[place].deleted = true;
    }

    /// "If there is a node in the valid_policy_tree of depth i-1 or less without any child nodes, delete that node.
    /// Repeat this step until there are no nodes of depth i-1 or less without children."
    fn prune(&mut self, depth: usize) {
        loop {
            let childless = (0..self.0.len()).find(|place| {
                !self.0[*place].deleted && self.0[*place].depth < depth && self.children(*place).is_empty()
            });
            match childless {
                Some(place) => self.0[place].deleted = true,
                None => break,
            }
        }
    }

    fn is_null(&self) -> bool {
        self.0.iter().all(|node| node.deleted)
    }
}

/// State variables (section 6.1.2).
struct State {
    tree: Tree,
    /// Each set narrows the one before: a name must lie in one of each.
    permitted: Vec<Names>,
    excluded: Vec<Names>,
    explicit_policy: usize,
    inhibit_any_policy: usize,
    policy_mapping: usize,
    max_path_length: usize,
}

/// Judges one path. Gives the user-constrained policy set where it is valid.
pub(super) fn judge(mesh: &Mesh, path: &[usize]) -> Option<BTreeSet<Policy>> {
    let n = path.len();
    let settings = &mesh.settings;
    let begin = |set: bool| if set { 0 } else { n + 1 };
    let mut state = State {
        tree: Tree(vec![Node {
            depth: 0,
            parent: None,
            valid_policy: ANY,
            expected_policy_set: BTreeSet::from([ANY]),
            deleted: false,
        }]),
        permitted: Vec::new(),
        excluded: Vec::new(),
        explicit_policy: begin(settings.explicit),
        inhibit_any_policy: begin(settings.inhibit_any),
        policy_mapping: begin(settings.inhibit_mapping),
        max_path_length: n,
    };
    for (i, number) in (1..).zip(path) {
        let link = &mesh.links[*number];
        state.basic(mesh, link, i, i == n)?;
        if i < n {
            state.prepare(mesh, link, i)?;
        }
    }
    state.wrap_up(mesh, &mesh.links[path[n - 1]], n)
}

impl State {
    /// Section 6.1.3.
    fn basic(&mut self, mesh: &Mesh, link: &Link, i: usize, is_last: bool) -> Option<()> {
        // (a): the signature follows from the plan; period and revocation.
        if matches!(link.fault, Some(Fault::Expired | Fault::Revoked)) {
            return None;
        }
        let self_issued = mesh.is_self_issued(link);
        // (b) and (c).
        if !self_issued || is_last {
            let within = |names: &Names| mesh.lies_within(link, *names);
            let outside = self.permitted.iter().any(|names| within(names) == Some(false));
            if outside || self.excluded.iter().any(|names| within(names) == Some(true)) {
                return None;
            }
        }
        self.policies(link, i, self.inhibit_any_policy > 0 || !is_last && self_issued);
        // (f).
        (self.explicit_policy > 0 || !self.tree.is_null()).then_some(())
    }

    /// Section 6.1.3 (d) and (e).
    fn policies(&mut self, link: &Link, i: usize, any_counts: bool) {
        let Some(policies) = &link.policies else {
            // (e).
            self.tree.0.iter_mut().for_each(|node| node.deleted = true);
            return;
        };
        if self.tree.is_null() {
            return;
        }
        let above = self.tree.at(i - 1);
        // (d) (1).
        for policy in policies.iter().copied().filter(|policy| *policy != ANY) {
            let mut matched = false;
            for parent in &above {
                if self.tree.0[*parent].expected_policy_set.contains(&policy) {
                    self.tree.add(*parent, policy, BTreeSet::from([policy]));
                    matched = true;
                }
            }
            let any = above.iter().find(|parent| self.tree.0[**parent].valid_policy == ANY);
            if let (false, Some(any)) = (matched, any) {
                self.tree.add(*any, policy, BTreeSet::from([policy]));
            }
        }
        // (d) (2).
        if policies.contains(&ANY) && any_counts {
            for parent in &above {
                let has: BTreeSet<Policy> = self
                    .tree
                    .children(*parent)
                    .iter()
                    .map(|child| self.tree.0[*child].valid_policy)
                    .collect();
                for expected in self.tree.0[*parent].expected_policy_set.clone() {
                    if !has.contains(&expected) {
                        self.tree.add(*parent, expected, BTreeSet::from([expected]));
                    }
                }
            }
        }
        // (d) (3).
        self.tree.prune(i);
    }

    /// Section 6.1.4.
    fn prepare(&mut self, mesh: &Mesh, link: &Link, i: usize) -> Option<()> {
        // (a).
        if link.mappings.iter().any(|(from, to)| *from == ANY || *to == ANY) {
            return None;
        }
        self.map(link, i);
        // (g).
        self.permitted.extend(link.permitted);
        self.excluded.extend(link.excluded);
        // (h).
        let self_issued = mesh.is_self_issued(link);
        if !self_issued {
            self.explicit_policy = self.explicit_policy.saturating_sub(1);
            self.policy_mapping = self.policy_mapping.saturating_sub(1);
            self.inhibit_any_policy = self.inhibit_any_policy.saturating_sub(1);
        }
        // (i) and (j).
        self.explicit_policy = self.explicit_policy.min(link.explicit.unwrap_or(usize::MAX));
        self.policy_mapping = self.policy_mapping.min(link.inhibit_mapping.unwrap_or(usize::MAX));
        self.inhibit_any_policy = self.inhibit_any_policy.min(link.inhibit_any.unwrap_or(usize::MAX));
        // (k).
        if link.fault == Some(Fault::NoAuthority) {
            return None;
        }
        // (l).
        if !self_issued {
            self.max_path_length = self.max_path_length.checked_sub(1)?;
        }
        // (m).
        self.max_path_length = self.max_path_length.min(link.path_length.unwrap_or(usize::MAX));
        // (n).
        (link.fault != Some(Fault::MayNotSign)).then_some(())
    }

    /// Section 6.1.4 (b).
    fn map(&mut self, link: &Link, i: usize) {
        let mapped: BTreeSet<Policy> = link.mappings.iter().map(|(from, _)| *from).collect();
        for policy in mapped {
            let targets: BTreeSet<Policy> = link
                .mappings
                .iter()
                .filter(|(from, _)| *from == policy)
                .map(|(_, to)| *to)
                .collect();
            let here = self.tree.at(i);
            let nodes: Vec<usize> = here
                .iter()
                .copied()
                .filter(|place| self.tree.0[*place].valid_policy == policy)
                .collect();
            if self.policy_mapping == 0 {
                // (2).
                nodes.iter().for_each(|place| self.tree.0[*place].deleted = true);
                self.tree.prune(i);
                continue;
            }
            // (1).
            for place in &nodes {
                self.tree.0[*place].expected_policy_set = targets.clone();
            }
            let any = here.iter().find(|place| self.tree.0[**place].valid_policy == ANY);
            if let (true, Some(any)) = (nodes.is_empty(), any) {
                let parent = self.tree.0[*any].parent.expect("anyPolicy at depth i > 0 has a parent");
                self.tree.add(parent, policy, targets);
            }
        }
    }

    /// Section 6.1.5.
    fn wrap_up(mut self, mesh: &Mesh, target: &Link, n: usize) -> Option<BTreeSet<Policy>> {
        // (a) and (b).
        self.explicit_policy = self.explicit_policy.saturating_sub(1);
        if target.explicit == Some(0) {
            self.explicit_policy = 0;
        }
        // (g).
        let user = &mesh.settings.acceptable;
        let is_any = user.is_empty() || user.contains(&ANY);
        if !is_any && !self.tree.is_null() {
            self.intersect(user, n);
        }
        if self.explicit_policy == 0 && self.tree.is_null() {
            return None;
        }
        let set = self.node_set().into_iter().map(|place| self.tree.0[place].valid_policy);
        let set: BTreeSet<Policy> = set.collect();
        // A policy that stands for all others leaves nothing to add.
        Some(match set.contains(&ANY) && is_any {
            true => BTreeSet::from([ANY]),
            false => set.into_iter().filter(|policy| *policy != ANY).collect(),
        })
    }

    /// `valid_policy_node_set`: nodes whose parent has anyPolicy, and of those with anyPolicy the ones at the last
    /// depth alone.
    fn node_set(&self) -> Vec<usize> {
        let last = self
            .tree
            .0
            .iter()
            .filter(|node| !node.deleted)
            .map(|node| node.depth)
            .max();
        let nodes = self.tree.0.iter().enumerate().filter(|(_, node)| !node.deleted);
        nodes
            .filter(|(_, node)| {
                let under_any = node
                    .parent
                    .is_some_and(|parent| self.tree.0[parent].valid_policy == ANY);
                under_any && (node.valid_policy != ANY || Some(node.depth) == last)
            })
            .map(|(place, _)| place)
            .collect()
    }

    /// Section 6.1.5 (g) (iii).
    fn intersect(&mut self, user: &BTreeSet<Policy>, n: usize) {
        // (2).
        for place in self.node_set() {
            let policy = self.tree.0[place].valid_policy;
            if policy != ANY && !user.contains(&policy) {
                self.tree.delete_with_children(place);
            }
        }
        // (3).
        let any = self
            .tree
            .at(n)
            .into_iter()
            .find(|place| self.tree.0[*place].valid_policy == ANY);
        if let Some(any) = any {
            let has: BTreeSet<Policy> = self
                .node_set()
                .iter()
                .map(|place| self.tree.0[*place].valid_policy)
                .collect();
            let parent = self.tree.0[any].parent.expect("depth n > 0");
            for policy in user.difference(&has) {
                self.tree.add(parent, *policy, BTreeSet::from([*policy]));
            }
            self.tree.0[any].deleted = true;
        }
        // (4).
        self.tree.prune(n);
    }
}
