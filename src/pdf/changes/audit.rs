//! Goes through the updates after a signed revision and lists what in them is no validation data.

use std::collections::BTreeSet;

use crate::pdf::append::SectionKind;
use crate::pdf::error::PdfError;
use crate::pdf::file::{PdfFile, View};
use crate::pdf::object::{Dictionary, Name, Object, Reference};
use crate::pdf::signature::SignatureField;
use crate::pdf::xref::Entry;

use super::accounted;
use super::time_stamp;
use super::validation_data;
use super::{Change, ChangeKind};

/// Trailer entries that every update sets anew, and those of a cross-reference stream (ISO 32000-2, tables 15 and 17).
const TRAILER_OWN: [&str; 9] = [
    "Size",
    "Prev",
    "Type",
    "W",
    "Index",
    "Filter",
    "DecodeParms",
    "Length",
    "ID",
];

/// What is wrong with the revisions after `signed` (from 1), taken as updates of validation data.
pub(super) fn updates(file: &PdfFile<'_>, signed: usize) -> Result<Vec<Change>, PdfError> {
    let signatures = file.signatures()?;
    let mut changes = Vec::new();
    let mut added = BTreeSet::new();
    for number in signed + 1..=file.revisions().len() {
        let (Some(before), Some(after)) = (file.at_revision(number - 1), file.at_revision(number)) else {
            continue;
        };
        let mut audit = Audit::new(before, after, &signatures);
        audit.run()?;
        changes.extend(audit.changes);
        added.extend(audit.added.into_iter().map(|added| (added, number)));
    }
    if changes.is_empty() {
        changes = accounted::filled_references(file, signed, &added)?;
    }
    Ok(changes)
}

/// One update under audit.
pub(super) struct Audit<'a, 'f, 's> {
    pub(super) before: View<'f, 's>,
    pub(super) after: View<'f, 's>,
    /// The signatures of the file.
    pub(super) signatures: &'a [SignatureField],
    /// Numbers of fresh objects that have a role.
    pub(super) roles: BTreeSet<u32>,
    /// Numbers of objects whose replacement was looked through.
    pub(super) replaceable: BTreeSet<u32>,
    /// Numbers of fresh objects.
    added: BTreeSet<u32>,
    changes: Vec<Change>,
}

impl<'a, 'f, 's> Audit<'a, 'f, 's> {
    fn new(before: View<'f, 's>, after: View<'f, 's>, signatures: &'a [SignatureField]) -> Self {
        let (roles, replaceable, added) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        Self {
            before,
            after,
            signatures,
            roles,
            replaceable,
            added,
            changes: Vec::new(),
        }
    }

    fn run(&mut self) -> Result<(), PdfError> {
        self.trailer();
        self.catalog()?;
        self.objects()?;
        for gap in accounted::gaps(&self.after)? {
            self.change(ChangeKind::Bytes(gap));
        }
        Ok(())
    }

    /// Notes a change.
    pub(super) fn change(&mut self, kind: ChangeKind) {
        self.changes.push(Change {
            revision: self.after.number(),
            kind,
        });
    }

    /// Whether an object did not exist before this update.
    pub(super) fn is_fresh(&self, reference: Reference) -> bool {
        matches!(self.before.place(reference.number), None | Some((_, Entry::Free)))
    }

    /// Gives an object a role: a fresh one freely, an earlier one only as the successor of itself in the same role.
    pub(super) fn role(&mut self, after: Option<Reference>, before: Option<Reference>) {
        let Some(after) = after else { return };
        if self.is_fresh(after) {
            self.roles.insert(after.number);
        } else if before == Some(after) {
            self.replaceable.insert(after.number);
        }
    }

    fn trailer(&mut self) {
        let (before, after) = (&self.before.revision().trailer, &self.after.revision().trailer);
        let keys = before.differing(after).into_iter().map(Name::to_text);
        let mut changed: Vec<String> = keys
            .filter(|key| !TRAILER_OWN.contains(&key.as_str()))
            .filter(|key| !(key == "XRefStm" && after.get("XRefStm").is_none()))
            .collect();
        let permanent =
            |trailer: &'f Dictionary| trailer.get("ID").and_then(Object::as_array).and_then(|id| id.first());
        if permanent(before).is_some() && permanent(before) != permanent(after) {
            changed.push("ID".into());
        }
        for key in changed {
            self.change(ChangeKind::TrailerEntry { key });
        }
    }

    fn catalog(&mut self) -> Result<(), PdfError> {
        let (before, after) = (self.before.catalog()?, self.after.catalog()?);
        self.role(self.after.revision().root(), self.before.revision().root());
        for key in before.differing(&after) {
            let key = key.to_text();
            let harmless = match key.as_str() {
                "DSS" | "AcroForm" => true,
                "Extensions" => only_extends(before.get("Extensions"), after.get("Extensions")),
                _ => false,
            };
            if !harmless {
                self.change(ChangeKind::CatalogEntry { key });
            }
        }
        if let Some(key) = after.duplicates().first() {
            self.change(ChangeKind::CatalogEntry { key: key.to_text() });
        }
        validation_data::audit(self, before.get("DSS"), after.get("DSS"))?;
        time_stamp::audit(self, before.get("AcroForm"), after.get("AcroForm"))
    }

    /// Every entry that this update lists anew must be explained by now.
    fn objects(&mut self) -> Result<(), PdfError> {
        let revision = self.after.revision();
        for (number, entry) in revision.entries() {
            let earlier = self.before.place(number).map(|(_, earlier)| earlier);
            if number == 0 || earlier == Some(entry) {
                continue;
            }
            let is_fresh = matches!(earlier, None | Some(Entry::Free));
            let generation = match entry {
                Entry::Free if is_fresh => continue,
                Entry::Free => {
                    self.change(ChangeKind::Freed { number });
                    continue;
                }
                Entry::InFile { generation, .. } => generation,
                Entry::Compressed { .. } => 0,
            };
            let object = Reference { number, generation };
            if is_fresh {
                self.added.insert(number);
                if !self.roles.contains(&number) && !self.is_structure(number, entry)? {
                    let what = describe(&self.after, object)?;
                    self.change(ChangeKind::Added { object, what });
                }
            } else if !self.replaceable.contains(&number) && !self.is_rewritten(object)? {
                let what = describe(&self.before, self.earlier_reference(number, earlier))?;
                self.change(ChangeKind::Replaced { object, what });
            }
        }
        Ok(())
    }

    /// Whether an object is written again with the same value. A stream is not looked into.
    fn is_rewritten(&self, object: Reference) -> Result<bool, PdfError> {
        let (before, after) = (self.before.object(object)?, self.after.object(object)?);
        Ok(before.value == after.value && before.value.as_stream().is_none() && !before.value.is_null())
    }

    fn earlier_reference(&self, number: u32, earlier: Option<Entry>) -> Reference {
        let generation = match earlier {
            Some(Entry::InFile { generation, .. }) => generation,
            _ => 0,
        };
        Reference { number, generation }
    }

    /// The cross-reference stream of the update itself, or an object stream that holds objects of this update alone.
    fn is_structure(&self, number: u32, entry: Entry) -> Result<bool, PdfError> {
        let revision = self.after.revision();
        let Entry::InFile { offset, .. } = entry else {
            return Ok(false);
        };
        if revision.section == SectionKind::Stream && offset == revision.startxref {
            return Ok(true);
        }
        let object = self.after.object(Reference::new(number))?;
        let is_container = object
            .value
            .as_stream()
            .is_some_and(|stream| stream.dictionary.is("Type", "ObjStm") && stream.dictionary.get("Extends").is_none());
        if !is_container {
            return Ok(false);
        }
        let held = self.after.contained(number)?;
        Ok(held.into_iter().enumerate().all(|(index, held)| {
            let here = u32::try_from(index).map(|index| Entry::Compressed {
                container: number,
                index,
            });
            here.is_ok_and(|here| revision.entry(held) == Some(here))
        }))
    }
}

/// Whether developer extensions (7.12) are only added, as direct dictionaries without references.
fn only_extends(before: Option<&Object>, after: Option<&Object>) -> bool {
    let before = match before {
        None => Dictionary::new(),
        Some(Object::Dictionary(before)) => before.clone(),
        Some(_) => return false,
    };
    let Some(Object::Dictionary(after)) = after else {
        return false;
    };
    let kept = before
        .differing(after)
        .iter()
        .all(|key| before.get(&key.to_text()).is_none());
    let mut references = Vec::new();
    collect_references(&Object::Dictionary(after.clone()), &mut references);
    kept && references.is_empty()
}

/// All references inside a value.
pub(super) fn collect_references(value: &Object, references: &mut Vec<Reference>) {
    match value {
        Object::Reference(reference) => references.push(*reference),
        Object::Array(elements) => elements
            .iter()
            .for_each(|element| collect_references(element, references)),
        Object::Dictionary(dictionary) => {
            dictionary
                .iter()
                .for_each(|(_, value)| collect_references(value, references));
        }
        Object::Stream(stream) => stream
            .dictionary
            .iter()
            .for_each(|(_, value)| collect_references(value, references)),
        _ => {}
    }
}

/// What an object is, by its type and subtype.
fn describe(view: &View<'_, '_>, object: Reference) -> Result<String, PdfError> {
    let read = match view.object(object) {
        Ok(read) => read,
        Err(error @ (PdfError::Limit(_) | PdfError::Source(_))) => return Err(error),
        Err(_) => return Ok("unreadable".into()),
    };
    let names = read.value.as_dictionary().into_iter().flat_map(|dictionary| {
        ["Type", "Subtype"]
            .into_iter()
            .filter_map(|key| Some(dictionary.get(key)?.as_name()?.to_text()))
    });
    Ok(std::iter::once(read.value.kind().to_owned())
        .chain(names)
        .collect::<Vec<_>>()
        .join(" "))
}
