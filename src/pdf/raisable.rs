//! Bodies of objects that no cross-reference section lists, beside one that is listed or where something refers to a
//! free number: a reader that rebuilds the cross-references by searching for `N G obj` raises them, and so would an
//! update of the sections alone.
//!
//! A body that a later revision replaced or freed is listed where it was written, and is none of these. What stands
//! inside another object is told apart: honest documents with files attached to them have such.

use std::collections::BTreeSet;

use super::changes::collect_references;
use super::error::{PdfError, unless_stopped};
use super::object::{Object, Reference};
use super::view::View;
use super::xref::Entry;

/// An object that a reader may see otherwise than its cross-reference section says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Raisable {
    /// A second body stands in the revision that has the number in use.
    Second(u32),
    /// The number is free and something refers to it, and a body stands there.
    Freed(u32),
    /// Inside this object, in a string or the data of a stream, stands a body of a number in use. Attached files have
    /// such where they are not compressed.
    Inside(u32),
    /// This object says of the file that it is linearised and longer than it is: an update of the right length would
    /// make readers begin with the section behind that object (Annex F).
    Linearised(u32),
}

/// What stands where no section says so.
#[derive(Default)]
struct Found {
    second: BTreeSet<u32>,
    /// Numbers that are not in use.
    free: BTreeSet<u32>,
    /// Objects that have a body inside.
    holders: BTreeSet<u32>,
}

impl View<'_, '_> {
    /// The objects that could be raised without writing any, those of each kind by rising number. `containers` are the
    /// object streams in use.
    ///
    /// # Errors
    /// When a budget is used up, or the source fails. What cannot be read refers to nothing and holds nothing.
    pub fn raisable(&self, containers: &[u32]) -> Result<Vec<Raisable>, PdfError> {
        let mut found = Found::default();
        self.search_bytes(&mut found)?;
        for container in containers {
            self.search_container(*container, &mut found)?;
        }
        let Found {
            second,
            mut free,
            holders,
        } = found;
        if !free.is_empty() {
            let mut referred = BTreeSet::new();
            let mut collect = |object: &Object| {
                let mut references = Vec::new();
                collect_references(object, &mut references);
                referred.extend(references.iter().map(|reference| reference.number));
            };
            collect(&Object::Dictionary(self.revision().trailer.clone()));
            self.each_object(|_, read| {
                let _refers_to_nothing = read.map(&mut collect);
                false
            })?;
            free.retain(|number| referred.contains(number));
        }
        let second = second.into_iter().map(Raisable::Second);
        let freed = free.into_iter().map(Raisable::Freed);
        let end = self.revision().range.end;
        let linearisations = self.file().linearisations()?.into_iter();
        let longer = linearisations.filter(|first| first.may_exceed(end));
        Ok(second
            .chain(freed)
            .chain(holders.into_iter().map(Raisable::Inside))
            .chain(longer.map(|first| Raisable::Linearised(first.number)))
            .collect())
    }

    /// Sorts an unlisted body of a number in a revision (from 1).
    fn judge(&self, number: u32, revision: usize, found: &mut Found) {
        let beside = self.file().at_revision(revision);
        if beside.is_some_and(|view| view.is_used(number)) {
            found.second.insert(number);
        } else if !self.is_used(number) {
            found.free.insert(number);
        }
    }

    fn is_used(&self, number: u32) -> bool {
        !matches!(self.place(number), None | Some((_, Entry::Free)))
    }

    /// 7.5.7: an object stream holds what its section says and nothing else.
    fn search_container(&self, container: u32, found: &mut Found) -> Result<(), PdfError> {
        let Some((revision, _)) = self.place(container) else {
            return Ok(());
        };
        let numbers = unless_stopped(self.contained(container))?.unwrap_or_default();
        let Some(view) = self.file().at_revision(revision) else {
            return Ok(());
        };
        for (index, number) in (0..).zip(numbers) {
            self.file().count_step()?;
            let listed = view.place(number).map(|(_, entry)| entry);
            if listed != Some(Entry::Compressed { container, index }) {
                self.judge(number, revision, found);
            }
        }
        Ok(())
    }

    /// Sorts each body in this view's bytes that no section lists.
    fn search_bytes(&self, found: &mut Found) -> Result<(), PdfError> {
        let file = self.file();
        let revisions = &file.revisions()[..self.number()];
        let mut listed: Vec<(u64, Reference, usize)> = Vec::new();
        // Cross-reference streams need not list themselves.
        let mut sections = BTreeSet::new();
        for (index, revision) in revisions.iter().enumerate() {
            listed.extend(revision.entries().filter_map(|(number, entry)| match entry {
                Entry::InFile { offset, generation } => Some((offset, Reference { number, generation }, index + 1)),
                Entry::Free | Entry::Compressed { .. } => None,
            }));
            sections.insert(revision.startxref);
            let named = ["Prev", "XRefStm"]
                .into_iter()
                .filter_map(|key| revision.trailer.get(key));
            sections.extend(named.filter_map(Object::as_unsigned));
        }
        listed.sort_unstable();
        let heads = file.heads(0..self.revision().range.end, |offset, reference| {
            let at = listed.partition_point(|(listed, of, _)| (*listed, *of) < (offset, reference));
            listed
                .get(at)
                .is_some_and(|(listed, of, _)| (*listed, *of) == (offset, reference))
        })?;
        // The object that reaches furthest, and how far.
        let mut reach = (0, 0);
        for (offset, reference) in heads {
            if sections.contains(&offset) {
                continue;
            }
            let before = listed.partition_point(|(listed, ..)| *listed < offset);
            if offset >= reach.0
                && let Some((_, holder, revision)) = before.checked_sub(1).map(|before| listed[before])
                && let Some(view) = file.at_revision(revision)
            {
                let read = unless_stopped(view.read(holder))?;
                let extent = read.and_then(|read| read.extent);
                reach = extent.map_or(reach, |extent| reach.max((extent.end, holder.number)));
            }
            if offset >= reach.0 {
                let revision = revisions.partition_point(|revision| revision.range.end <= offset);
                self.judge(reference.number, revision + 1, found);
            } else if self.is_used(reference.number) {
                found.holders.insert(reach.1);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::testing::{append, document, id, open, revision, stream};

    const CATALOG: &str = "<</Type/Catalog/Pages 2 0 R>>";
    const PAGES: &str = "<</Type/Pages/Count 0/Kids[]/Refers 9 0 R>>";

    fn raisable(bytes: &Vec<u8>) -> Vec<Raisable> {
        open(bytes).latest().raisable(&[]).unwrap()
    }

    /// A document of one revision with something between its header and its objects.
    fn with(inserted: &str) -> Vec<u8> {
        let start = format!("%PDF-2.0\n{inserted}\n").into_bytes();
        revision(
            start,
            SectionKind::Table,
            &[(1, CATALOG), (2, PAGES)],
            10,
            "/Root 1 0 R",
        )
    }

    #[test]
    fn a_second_body_of_a_number_in_use_can_be_raised() {
        for second in [
            "2 0 obj\n<<>>\nendobj",
            "2 0 obj<<>>endobj",
            "2\r\n1  obj\n<<>>",
            "endobj2 0 obj",
        ] {
            assert_eq!(raisable(&with(second)), [Raisable::Second(2)], "{second}");
        }
        for other in ["2 0 object", "2 0 R obj", "obj", "x 0 obj", "-", "x\n20obj"] {
            assert_eq!(raisable(&with(other)), [], "{other}");
        }
    }

    #[test]
    fn a_body_of_a_free_number_can_be_raised_where_something_refers_to_it() {
        assert_eq!(raisable(&with("9 0 obj\n<<>>\nendobj")), [Raisable::Freed(9)]);
        assert_eq!(raisable(&with("8 0 obj\n<<>>\nendobj")), []);
    }

    #[test]
    fn a_body_is_found_however_far_its_number_stands_from_its_word() {
        let far = format!("2{}0 %2\n{}obj\n<<>>\nendobj", " ".repeat(300), "\n".repeat(300));
        assert_eq!(raisable(&with(&far)), [Raisable::Second(2)]);
    }

    #[test]
    fn a_length_that_the_file_could_reach_is_told() {
        let of = |length: usize| {
            with(&format!(
                "% {}\n9 0 obj <</Linearized 1/L {length}>> endobj",
                "-".repeat(2_000)
            ))
        };
        let length = of(1_000).len();
        for (said, expected) in [
            (length - 1, vec![]),
            (length, vec![]),
            (length + 1, vec![Raisable::Linearised(9)]),
        ] {
            let found = raisable(&of(said)).into_iter().filter(|one| *one != Raisable::Freed(9));
            assert_eq!(found.collect::<Vec<_>>(), expected, "{said}");
        }
    }

    #[test]
    fn what_an_honest_update_replaces_or_frees_was_listed_once() {
        for section in [SectionKind::Table, SectionKind::Stream] {
            let bytes = document(section, &[CATALOG, PAGES, "(a)"]);
            let bytes = append(bytes, |update| update.put(id(3), &Object::Boolean(true)).unwrap());
            assert_eq!(raisable(&bytes), []);
        }
    }

    #[test]
    fn an_object_behind_the_white_space_that_its_entry_leads_to_is_its_own() {
        let bytes = document(SectionKind::Table, &[CATALOG, PAGES, "(a)"]);
        let text = String::from_utf8(bytes).unwrap();
        let entry = |before: usize| format!("{:010} 00000 n", text.find("3 0 obj").unwrap() - before);
        let led_before = text.replace(&entry(0), &entry(1)).into_bytes();
        assert_eq!(
            open(&led_before).latest().object(id(3)).unwrap().value,
            Object::String(b"a".to_vec())
        );
        assert_eq!(raisable(&led_before), []);
    }

    #[test]
    fn a_file_inside_a_stream_is_told_where_its_objects_have_numbers_in_use() {
        let embedded = stream(
            "/Type/EmbeddedFile",
            "%PDF-1.4\n1 0 obj\n<<>>\nendobj\n2 0 obj\n<<>>\nendobj\n",
        );
        let bytes = document(SectionKind::Table, &[CATALOG, PAGES, &embedded]);
        assert_eq!(raisable(&bytes), [Raisable::Inside(3)]);
        let others = stream("/Type/EmbeddedFile", "%PDF-1.4\n7 0 obj\n<<>>\nendobj\n");
        assert_eq!(raisable(&document(SectionKind::Table, &[CATALOG, PAGES, &others])), []);
    }

    #[test]
    fn an_object_stream_that_holds_more_than_its_section_says_is_told() {
        let held = stream("/Type/ObjStm/N 1/First 4", "2 0 <<>>");
        let bytes = document(SectionKind::Table, &[CATALOG, PAGES, &held]);
        assert_eq!(open(&bytes).latest().raisable(&[3]).unwrap(), [Raisable::Second(2)]);
    }
}
