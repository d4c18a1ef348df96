//! The changes of one update, each once, in the order in which they were found.

use std::collections::{BTreeSet, HashSet};

use super::change::{ChangeClass, ChangeKind};

/// How many changes of content are listed: no signature permits one, and each further one says no more than that.
const CONTENT: usize = 1_000;

/// Changes of one update.
#[derive(Default)]
pub(super) struct Listed {
    order: Vec<ChangeKind>,
    known: HashSet<ChangeKind>,
    content: usize,
    /// Full names of the fields that were there and are signed.
    signed: BTreeSet<String>,
}

impl Listed {
    /// Adds one that is not listed yet.
    pub(super) fn add(&mut self, kind: ChangeKind) {
        let is_content = kind.class() == ChangeClass::Content;
        if is_content && !self.takes_content() || self.known.contains(&kind) {
            return;
        }
        if let ChangeKind::Signed { field, .. } = &kind {
            self.signed.insert(field.clone());
        }
        self.content += usize::from(is_content);
        self.known.insert(kind.clone());
        self.order.push(kind);
    }

    /// Whether one of content that is not listed yet would be.
    pub(super) fn takes_content(&self) -> bool {
        self.content < CONTENT
    }

    /// Whether a field that was there is signed.
    pub(super) fn signs(&self, name: &str) -> bool {
        self.signed.contains(name)
    }

    /// The changes; that what was there was written again where there is none.
    pub(super) fn into_vec(self) -> Vec<ChangeKind> {
        match self.order.is_empty() {
            true => vec![ChangeKind::Repeated],
            false => self.order,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(kinds: impl IntoIterator<Item = ChangeKind>) -> Vec<ChangeKind> {
        let mut listed = Listed::default();
        kinds.into_iter().for_each(|kind| listed.add(kind));
        listed.into_vec()
    }

    #[test]
    fn a_change_is_listed_once_and_none_as_something_written_again() {
        let filled = |field: &str| ChangeKind::FieldFilled { field: field.into() };
        assert_eq!(
            listed([filled("A"), filled("B"), filled("A")]),
            [filled("A"), filled("B")]
        );
        assert_eq!(listed([]), [ChangeKind::Repeated]);
    }

    #[test]
    fn changes_of_content_are_listed_up_to_a_number_and_all_others_whole() {
        let bytes = (0..2 * CONTENT as u64).map(|at| ChangeKind::Bytes(at..at + 1));
        let filled = (0..2 * CONTENT).map(|number| ChangeKind::FieldFilled {
            field: number.to_string(),
        });
        assert_eq!(listed(bytes.chain(filled)).len(), 3 * CONTENT);
    }
}
