//! What a hybrid file (ISO 32000-2, 7.5.8.4) hides from readers of tables alone: nothing that shows may be among it.

use std::collections::HashSet;

use super::{Disagreement, Reading, SecondOpinion, compare};
use crate::pdf::changes::collect_references;
use crate::pdf::error::{PdfError, unless_stopped};
use crate::pdf::file::PdfFile;
use crate::pdf::object::{Object, Reference};
use crate::pdf::page_tree::BrokenTree;

/// Entries of a page that say what it shows (table 31).
const SHOWN: [&str; 4] = ["Resources", "Contents", "Annots", "Group"];
/// Entries that lead from there to what does not show: back to the document, on to another place, or to notes of
/// programs.
const LEADING_AWAY: [&[u8]; 7] = [b"Parent", b"P", b"Dest", b"A", b"AA", b"PieceInfo", b"Metadata"];

impl PdfFile<'_> {
    /// Where a reader of tables alone sees another document than this reading.
    pub(super) fn hidden_difference(&self, ours: &Reading) -> Result<Option<Disagreement>, PdfError> {
        let theirs = self
            .of_tables_alone()
            .and_then(|file| Ok((file.own_reading()?, self.hidden_part(&file)?)));
        match theirs {
            Ok((theirs, hidden)) => Ok(match compare(ours, &theirs) {
                SecondOpinion::Disagree { place } => Some(place),
                SecondOpinion::Agree | SecondOpinion::NotAsked => hidden,
            }),
            Err(error @ (PdfError::Limit(_) | PdfError::Source(_))) => Err(error),
            Err(error) => Ok(Some(Disagreement::NotOpened(Some(error.to_string())))),
        }
    }

    /// The first page that something hidden belongs to, which that reader has elsewhere or not at all.
    fn hidden_part(&self, alone: &PdfFile<'_>) -> Result<Option<Disagreement>, PdfError> {
        let (view, theirs) = (self.latest(), alone.latest());
        let (mut seen, mut found) = (HashSet::new(), None);
        view.walk_pages(BrokenTree::Refused, |node| {
            let Some(page) = node.page.filter(|_| found.is_none()) else {
                return Ok(());
            };
            let mut open = Vec::new();
            let shown = SHOWN.iter().filter_map(|key| node.attribute(key));
            shown.for_each(|value| shown_by(value, &mut open));
            while let Some(reference) = open.pop() {
                if !seen.insert(reference) {
                    continue;
                }
                self.count_step()?;
                let [ours, theirs] = [view, theirs].map(|view| view.place(reference.number).map(|(_, entry)| entry));
                if ours != theirs {
                    found = Some(Disagreement::Page(page));
                    return Ok(());
                }
                if let Some(read) = unless_stopped(view.passing(reference))? {
                    shown_by(&read.value, &mut open);
                }
            }
            Ok::<_, PdfError>(())
        })?;
        Ok(found)
    }
}

/// The references of a value but those that lead away.
fn shown_by(value: &Object, references: &mut Vec<Reference>) {
    let Some(dictionary) = value.as_dictionary() else {
        return collect_references(value, references);
    };
    let shown = dictionary
        .iter()
        .filter(|(key, _)| !LEADING_AWAY.contains(&key.0.as_slice()));
    shown.for_each(|(_, value)| collect_references(value, references));
}
