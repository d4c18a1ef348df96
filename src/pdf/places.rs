//! Which revisions list an object: an index over those of a file with many, where each view would otherwise ask one
//! after the other.

use super::revision::Revision;

/// Revisions that are asked one after the other, without an index: nearly all files have no more.
pub(super) const FEW: usize = 8;

/// Every object number with the revisions that list it, by their indexes, sorted.
#[derive(Debug)]
pub(super) struct Places(Vec<(u32, u32)>);

impl Places {
    /// Those of all revisions of a file.
    pub(super) fn of(revisions: &[Revision]) -> Self {
        let mut places = Vec::with_capacity(revisions.iter().map(|revision| revision.entries.len()).sum());
        for (index, revision) in (0_u32..).zip(revisions) {
            places.extend(revision.entries.iter().map(|(number, _)| (*number, index)));
        }
        places.sort_unstable();
        Self(places)
    }

    /// The last revision that lists an object, of those up to the one of this index.
    pub(super) fn listed(&self, number: u32, until: usize) -> Option<usize> {
        let until = u32::try_from(until).unwrap_or(u32::MAX);
        let after = self.0.partition_point(|place| *place <= (number, until));
        let (listed, index) = self.0[..after].last()?;
        (*listed == number).then_some(*index as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::object::Object;
    use crate::pdf::testing::{append, document, id, open};

    #[test]
    fn the_index_says_what_the_revisions_say_one_after_the_other() {
        let mut bytes = document(SectionKind::Table, &["<</Type/Catalog>>", "(a)", "(b)"]);
        for round in 0..2 * FEW as u32 {
            bytes = append(bytes, |update| {
                update.put(id(2 + round % 3), &Object::Integer(round.into())).unwrap();
            });
        }
        let file = open(&bytes);
        let revisions = file.revisions();
        assert!(revisions.len() > FEW);
        let places = Places::of(revisions);
        for number in 0..6 {
            for until in 0..revisions.len() {
                let asked = (0..=until)
                    .rev()
                    .find(|index| revisions[*index].entry(number).is_some());
                assert_eq!(places.listed(number, until), asked, "object {number} up to {until}");
                let place = file.at_revision(until + 1).unwrap().place(number);
                assert_eq!(place.map(|(listed, _)| listed - 1), asked);
            }
        }
    }
}
