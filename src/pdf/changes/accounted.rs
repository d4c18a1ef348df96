//! Whether every byte of an update belongs to an object that it lists, and whether an update fills a number that the signed
//! document refers to although it had no such object.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::pdf::error::PdfError;
use crate::pdf::file::{PdfFile, View};
use crate::pdf::object::{Object, Reference};
use crate::pdf::parser::is_white;
use crate::pdf::xref::Entry;

use super::audit::collect_references;
use super::{Change, ChangeKind};

/// Words that a reader which searches for objects would stop at; no comment between objects has a reason to hold one.
const STRUCTURE_WORDS: [&[u8]; 5] = [b"obj", b"stream", b"trailer", b"xref", b"%EOF"];

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
        if start < position || !is_blank(&view.file().bytes(gap.clone())?) {
            gaps.push(gap);
        }
        position = position.max(end);
    }
    Ok(gaps)
}

/// White space and comments.
fn is_blank(bytes: &[u8]) -> bool {
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

/// Numbers among `added` (with the revision that adds them) to which the signed document refers. All of it is read for that.
pub(super) fn filled_references(
    file: &PdfFile<'_>,
    signed: usize,
    added: &BTreeSet<(u32, usize)>,
) -> Result<Vec<Change>, PdfError> {
    let Some(view) = file.at_revision(signed) else {
        return Ok(Vec::new());
    };
    let revision = signed + 1;
    let mut references = Vec::new();
    let mut changes = Vec::new();
    let seen = &file.revisions()[..signed];
    let numbers: BTreeSet<u32> = seen
        .iter()
        .flat_map(|revision| revision.entries())
        .map(|(number, _)| number)
        .collect();
    for number in numbers {
        let generation = match view.place(number) {
            Some((_, Entry::InFile { generation, .. })) => generation,
            Some((_, Entry::Compressed { .. })) => 0,
            _ => continue,
        };
        let object = Reference { number, generation };
        match view.object(object) {
            Ok(read) => collect_references(&read.value, &mut references),
            Err(error @ (PdfError::Limit(_) | PdfError::Source(_))) => return Err(error),
            Err(_) => changes.push(Change {
                revision,
                kind: ChangeKind::Unreadable { object },
            }),
        }
    }
    for revision in seen {
        collect_references(&Object::Dictionary(revision.trailer.clone()), &mut references);
    }
    let referred: BTreeSet<u32> = references.into_iter().map(|reference| reference.number).collect();
    let filled = added.iter().filter(|(number, _)| referred.contains(number));
    changes.extend(filled.map(|&(number, revision)| {
        let kind = ChangeKind::ReferenceFilled { number };
        Change { revision, kind }
    }));
    Ok(changes)
}
