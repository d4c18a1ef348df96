//! Whether every byte of an update belongs to an object that it lists, and to that alone: what stands between objects,
//! or inside one, may be read by a reader that searches for them.

use std::ops::Range;

use crate::pdf::append::SectionKind;
use crate::pdf::characters::is_white;
use crate::pdf::error::PdfError;
use crate::pdf::object::{Object, Reference};
use crate::pdf::view::View;
use crate::pdf::xref::Entry;

/// Words that a reader which searches for objects would stop at; no comment between objects has a reason to hold one.
const STRUCTURE_WORDS: [&[u8]; 5] = [b"obj", b"stream", b"trailer", b"xref", b"%EOF"];

/// Most bytes between two objects that are looked at, since they are held: no writer leaves as many blank.
const MAX_BLANK: u64 = 1 << 20;

/// Ranges of the last revision of a view that are neither objects, nor its cross-reference section, nor white space and
/// harmless comments between them.
pub(super) fn gaps(view: &View<'_, '_>) -> Result<Vec<Range<u64>>, PdfError> {
    let revision = view.revision();
    let mut extents = Vec::from([(revision.startxref, revision.range.end)]);
    for (number, entry) in revision.entries() {
        let Entry::InFile { offset, generation } = entry else {
            continue;
        };
        if revision.range.contains(&offset) && offset != revision.startxref {
            let object = view.object(Reference { number, generation })?;
            extents.extend(object.extent.as_ref().map(|extent| (extent.start, extent.end)));
        }
    }
    extents.sort_unstable();
    let mut gaps = Vec::new();
    let mut position = revision.range.start;
    for (start, end) in extents {
        // An object inside another is two documents to two readers.
        let gap = position.min(start)..position.max(start);
        let is_looked_at = start >= position && gap.end - gap.start <= MAX_BLANK;
        if !is_looked_at || !is_blank(&view.file().bytes(gap.clone())?) {
            gaps.push(gap);
        }
        position = position.max(end);
    }
    Ok(gaps)
}

/// Where the last revision of a view has what a reader that searches for objects would take for one, or for a trailer,
/// though its cross-reference section does not: inside strings or the data of a stream, which nothing else looks into.
pub(super) fn hidden(view: &View<'_, '_>) -> Result<Vec<u64>, PdfError> {
    let (file, revision) = (view.file(), view.revision());
    let hidden_section = revision.trailer.get("XRefStm").and_then(Object::as_unsigned);
    let is_section = |offset: u64| offset == revision.startxref || hidden_section == Some(offset);
    let is_listed = |offset: u64, Reference { number, generation }: Reference| {
        revision.entry(number) == Some(Entry::InFile { offset, generation })
    };
    let heads = file.heads(revision.range.clone(), |offset, reference| {
        is_section(offset) || is_listed(offset, reference)
    })?;
    let mut trailers = file.trailers(revision.range.clone())?;
    if revision.section == SectionKind::Table && trailers.last().is_some_and(|trailer| *trailer > revision.startxref) {
        trailers.pop();
    }
    let mut hidden: Vec<u64> = heads.into_iter().map(|(offset, _)| offset).chain(trailers).collect();
    hidden.sort_unstable();
    Ok(hidden)
}

/// White space and comments.
pub(super) fn is_blank(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| matches!(byte, b'\n' | b'\r'));
    lines.all(|line| {
        let line = line.trim_ascii_start();
        let comment = line.first() == Some(&b'%');
        let structure = STRUCTURE_WORDS
            .iter()
            .any(|word| line.windows(word.len()).any(|window| window == *word));
        (comment && !structure) || line.iter().all(|byte| is_white(*byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::testing::{document, open, revision};

    #[test]
    fn more_blanks_than_are_looked_at_are_a_gap() {
        let first = document(SectionKind::Table, &["<</Type/Catalog>>"]);
        let section = open(&first).revisions()[0].startxref;
        let with_blanks = |count: u64| {
            let bytes = [first.as_slice(), &vec![b' '; count as usize]].concat();
            let trailer = format!("/Root 1 0 R/Prev {section}");
            let bytes = revision(bytes, SectionKind::Table, &[(2, "null")], 3, &trailer);
            let file = open(&bytes);
            gaps(&file.latest()).unwrap()
        };
        let start = first.len() as u64;
        assert_eq!(with_blanks(MAX_BLANK), []);
        let rest = start..start + MAX_BLANK + 1;
        assert_eq!(with_blanks(MAX_BLANK + 1), std::slice::from_ref(&rest));
    }
    #[test]
    fn an_object_behind_the_white_space_that_its_entry_leads_to_is_not_hidden() {
        let first = document(SectionKind::Table, &["<</Type/Catalog>>"]);
        let trailer = format!("/Root 1 0 R/Prev {}", open(&first).revisions()[0].startxref);
        let bytes = revision(first, SectionKind::Table, &[(2, "null"), (3, "null")], 4, &trailer);
        let text = String::from_utf8(bytes).unwrap();
        let entry = |before: usize| format!("{:010} 00000 n", text.find("3 0 obj").unwrap() - before);
        let led_before = text.replace(&entry(0), &entry(1)).into_bytes();
        assert!(hidden(&open(&led_before).latest()).unwrap().is_empty());
    }
}
