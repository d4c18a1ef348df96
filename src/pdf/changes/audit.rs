//! Goes through one update and lists what it changes: each object that it writes must have a part in a change that is
//! known, or is a change of content.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::pdf::append::SectionKind;
use crate::pdf::error::{PdfError, unless_stopped};
use crate::pdf::field_name::FieldNames;
use crate::pdf::limits::LimitReached;
use crate::pdf::object::{Dictionary, Name, Object, Reference, Stream};
use crate::pdf::revision::largest_size;
use crate::pdf::sameness::is_same;
use crate::pdf::signature::{DictionaryHistory, SignatureField, SignatureKind};
use crate::pdf::view::View;
use crate::pdf::xref::Entry;

use super::accounted;
use super::annotations;
use super::appearances;
use super::change::{ChangeKind, Part};
use super::description;
use super::form;
use super::listed::Listed;
use super::owner;
use super::parts::Parts;
use super::reach::{Reach, reaches};
use super::references::{References, User, collect_references, every_entry};
use super::validation_data;
use super::well_formed::{self, Ambiguity};

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

/// A form field, or a widget of one, as it was before an update.
#[derive(Debug, Clone)]
pub(super) struct KnownField {
    /// Its full name.
    pub(super) name: Rc<str>,
    pub(super) is_signature: bool,
    /// Whether it is a signature field that is signed already.
    pub(super) is_signed: bool,
}

/// One update under audit.
pub(super) struct Audit<'a, 'f, 's> {
    pub(super) before: View<'f, 's>,
    pub(super) after: View<'f, 's>,
    pub(super) references: &'a References,
    /// The signatures of the file.
    signatures: &'a [SignatureField],
    /// Form fields before the update, by object number.
    fields: BTreeMap<u32, KnownField>,
    /// The objects of form fields before the update, by the field's full name.
    widgets_by_name: BTreeMap<Rc<str>, Vec<Reference>>,
    /// The full names of fields that this update is asked for.
    pub(super) names: FieldNames,
    /// Fresh widgets of signature fields, which pages may list among their annotations.
    pub(super) widgets: BTreeSet<Reference>,
    /// The full names of fields that are filled in, or of which a part was written in place.
    pub(super) filled: BTreeSet<Rc<str>>,
    /// Fresh notes and marks, by their subtype.
    pub(super) notes: BTreeMap<&'static str, Vec<Reference>>,
    /// Numbers of fresh objects that have a part in a known change.
    roles: BTreeSet<u32>,
    /// Numbers of objects whose replacement was looked through.
    replaceable: BTreeSet<u32>,
    changes: Listed,
}

impl<'a, 'f, 's> Audit<'a, 'f, 's> {
    pub(super) fn new(
        before: View<'f, 's>,
        after: View<'f, 's>,
        signatures: &'a [SignatureField],
        references: &'a References,
    ) -> Self {
        Self {
            before,
            after,
            references,
            signatures,
            fields: BTreeMap::new(),
            widgets_by_name: BTreeMap::new(),
            names: FieldNames::new(&after.file().reader.limits),
            widgets: BTreeSet::new(),
            filled: BTreeSet::new(),
            notes: BTreeMap::new(),
            roles: BTreeSet::new(),
            replaceable: BTreeSet::new(),
            changes: Listed::default(),
        }
    }

    /// What the update changes, and how far that reaches.
    pub(super) fn run(mut self) -> Result<Vec<(ChangeKind, Reach)>, PdfError> {
        self.trailer()?;
        self.catalog()?;
        annotations::audit(&mut self)?;
        self.replaced_objects()?;
        self.fresh_objects()?;
        appearances::audit(&mut self)?;
        for gap in accounted::gaps(&self.after)? {
            self.change(ChangeKind::Bytes(gap));
        }
        for at in accounted::hidden(&self.after)? {
            self.change(ChangeKind::Hidden { at });
        }
        if let Some(Ambiguity { at, odd }) = well_formed::ambiguity(&self.before, &self.after, self.references)? {
            self.change(ChangeKind::Ambiguous { at, rule: odd });
        }
        let mut changes = std::mem::take(&mut self.changes).into_vec();
        description::tell_of_data(&mut changes);
        let reaches = reaches(&self, &changes);
        Ok(changes.into_iter().zip(reaches).collect())
    }

    /// Notes a change, once.
    pub(super) fn change(&mut self, kind: ChangeKind) {
        self.changes.add(kind);
    }

    /// The name of a field for a change that is told.
    pub(super) fn told(&self, name: &str) -> Result<String, LimitReached> {
        self.after.file().count_told(name)?;
        Ok(name.to_owned())
    }

    /// Whether the update was found to sign a field that was there.
    pub(super) fn signs(&self, name: &str) -> bool {
        self.changes.signs(name)
    }

    /// Takes note of a form field, or of a widget of one, that was there.
    pub(super) fn know_field(&mut self, number: u32, field: KnownField) {
        let widgets = self.widgets_by_name.entry(Rc::clone(&field.name)).or_default();
        widgets.push(Reference::new(number));
        self.fields.insert(number, field);
    }

    /// The form field that was there, or whose widget was, in that object.
    pub(super) fn known_field(&self, number: u32) -> Option<&KnownField> {
        self.fields.get(&number)
    }

    /// The objects of a field that was there, its widgets among them.
    pub(super) fn widgets_of(&self, name: &str) -> &[Reference] {
        self.widgets_by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether an object did not exist before this update.
    pub(super) fn is_fresh(&self, reference: Reference) -> bool {
        matches!(self.before.place(reference.number), None | Some((_, Entry::Free)))
    }

    /// Whether an object stands where it stood before.
    pub(super) fn is_untouched(&self, object: Reference) -> bool {
        let place = |view: &View<'_, '_>| view.place(object.number).map(|(_, entry)| entry);
        place(&self.before) == place(&self.after)
    }

    /// Gives a dictionary a role: a fresh one freely, an earlier one only as the successor of itself in the same role.
    /// What its changed entries hold must have been looked at.
    pub(super) fn role(&mut self, after: Option<Reference>, before: Option<Reference>) {
        let Some(after) = after else { return };
        if self.is_fresh(after) {
            self.roles.insert(after.number);
        } else if before == Some(after) {
            self.replaceable.insert(after.number);
        }
    }

    /// Whether a fresh object has a part in a known change.
    pub(super) fn has_role(&self, object: Reference) -> bool {
        self.roles.contains(&object.number)
    }

    /// Gives an array a role. An earlier one may have no other use than with its `holders`: the same array may be a
    /// page's content or the children of the page tree.
    pub(super) fn list_role(&mut self, after: Option<Reference>, before: Option<Reference>, holders: &[User]) {
        let Some(list) = after else { return };
        if self.is_fresh(list) || self.is_used_by(list, holders) {
            self.role(after, before);
        }
    }

    /// Whether nothing but `users` referred to an object before this update.
    pub(super) fn is_used_by(&self, object: Reference, users: &[User]) -> bool {
        self.references
            .users(object.number, self.before.number())
            .all(|user| users.contains(&user))
    }

    /// Whether before this update nothing but trailers, which cross-reference streams are too, referred to an object:
    /// and signatures that name it as what they are about (ISO 32000-2, table 256, Data).
    pub(super) fn is_of_trailers(&self, object: Reference) -> Result<bool, PdfError> {
        for user in self.references.users(object.number, self.before.number()) {
            let number = match user {
                User::Trailer => continue,
                User::Held(_) => return Ok(false),
                User::Object(number) => number,
            };
            let generation = self.before.place(number).map_or(0, |(_, entry)| entry.generation());
            let Some(read) = unless_stopped(self.before.passing(Reference { number, generation }))? else {
                return Ok(false);
            };
            let is_section = |stream: &Stream| stream.dictionary.is("Type", "XRef");
            if !read.value.as_stream().is_some_and(is_section) && !names_as_data_alone(&read.value, object) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Gives a role to every fresh object that a value leads to by way of fresh objects. What holds other objects has
    /// none: a reader that searches for objects looks into it.
    pub(super) fn fresh_below(&mut self, value: &Object) -> Result<(), PdfError> {
        let mut open = Vec::new();
        collect_references(value, &mut open);
        while let Some(reference) = open.pop() {
            if !self.is_fresh(reference) || self.roles.contains(&reference.number) {
                continue;
            }
            self.count()?;
            let read = self.after.object(reference)?;
            if !read.value.as_stream().is_some_and(is_of_structure) {
                self.roles.insert(reference.number);
                collect_references(&read.value, &mut open);
            }
        }
        Ok(())
    }

    /// Counts one step of a walk that every update repeats.
    pub(super) fn count(&self) -> Result<(), LimitReached> {
        self.after.file().count_step()
    }

    /// The signature that this very update makes, sound as far as the container goes, in that object.
    pub(super) fn signature(&self, value: &Object) -> Option<SignatureKind> {
        let value = value.as_reference().filter(|value| self.is_fresh(*value))?;
        let is_made_here = |signature: &&SignatureField| {
            signature.object == Some(value)
                && signature.revision == Some(self.after.number())
                && signature.faults.is_empty()
                && signature.signature.is_ok()
                && signature.history == DictionaryHistory::Same
        };
        self.signatures.iter().find(is_made_here).map(|found| found.kind)
    }

    /// Objects of before that this update lists anew and nothing explains yet, with their entry.
    pub(super) fn unexplained(&self) -> Vec<(Reference, Entry)> {
        let entries = self.after.revision().entries();
        let anew = entries.filter_map(|(number, entry)| {
            let (_, earlier) = self.before.place(number)?;
            let is_unexplained = number != 0
                && earlier != entry
                && earlier != Entry::Free
                && !self.replaceable.contains(&number)
                && !self.roles.contains(&number);
            let generation = entry.generation();
            is_unexplained.then_some((Reference { number, generation }, entry))
        });
        anew.collect()
    }

    fn trailer(&mut self) -> Result<(), PdfError> {
        let (before, after) = (&self.before.revision().trailer, &self.after.revision().trailer);
        let keys = before.differing(after).into_iter().map(Name::to_text);
        let mut changed: Vec<String> = keys
            .filter(|key| !TRAILER_OWN.contains(&key.as_str()) && key != "Info")
            .filter(|key| !(key == "XRefStm" && after.get("XRefStm").is_none()))
            .collect();
        let permanent =
            |trailer: &'f Dictionary| trailer.get("ID").and_then(Object::as_array).and_then(|id| id.first());
        if permanent(before).is_some() && permanent(before) != permanent(after) {
            changed.push("ID".into());
        }
        if self.raises_hidden_objects()? {
            changed.push("Size".into());
        }
        for key in changed {
            self.change(ChangeKind::TrailerEntry { key });
        }
        description::information(self, before.get("Info"), after.get("Info"))
    }

    /// Whether objects of before lie between the sizes that were stated before and are now: what lies beyond is missing
    /// to readers (table 15), so that a larger size shows it.
    fn raises_hidden_objects(&self) -> Result<bool, PdfError> {
        let revisions = self.after.file().revisions();
        // Some writers state too small a size in an update; some readers go by the largest.
        let size = |number: usize| largest_size(&revisions[..number]);
        let between = size(self.before.number())..size(self.after.number());
        for revision in &revisions[..self.before.number()] {
            let first = revision
                .entries
                .partition_point(|(number, _)| u64::from(*number) < between.start);
            for (number, entry) in &revision.entries[first..] {
                if !between.contains(&u64::from(*number)) {
                    break;
                }
                self.count()?;
                if *entry != Entry::Free {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn catalog(&mut self) -> Result<(), PdfError> {
        let (before, after) = (self.before.catalog()?, self.after.catalog()?);
        self.role(self.after.revision().root(), self.before.revision().root());
        // What is something else as well says there what these keys do not say in a catalogue.
        let is_alone = match self.before.revision().root() {
            Some(root) => self.is_of_trailers(root)?,
            None => true,
        };
        for key in before.differing(&after) {
            let key = key.to_text();
            let harmless = is_alone
                && match key.as_str() {
                    "DSS" | "AcroForm" | "Metadata" => true,
                    "Extensions" => only_extends(before.get("Extensions"), after.get("Extensions")),
                    "Version" => is_later_version(before.get("Version"), after.get("Version")),
                    _ => false,
                };
            if !harmless {
                self.change(ChangeKind::CatalogEntry { key });
            }
        }
        if let Some((key, _)) = after.duplicates().first() {
            self.change(ChangeKind::CatalogEntry { key: key.to_text() });
        }
        validation_data::audit(self, before.get("DSS"), after.get("DSS"))?;
        description::metadata(self, before.get("Metadata"), after.get("Metadata"))?;
        form::audit(self, before.get("AcroForm"), after.get("AcroForm"))
    }

    /// Every earlier object that this update lists anew must be explained by now, belong to a form field alone, or be
    /// the same.
    fn replaced_objects(&mut self) -> Result<(), PdfError> {
        for (object, entry) in self.unexplained() {
            if entry == Entry::Free {
                let part = self.parts(&self.before)?.of(&self.before, object)?;
                self.change(ChangeKind::Freed { part });
            } else if !owner::explains(self, object)? && !self.is_rewritten(object)? {
                let part = self.parts(&self.before)?.of(&self.before, object)?;
                self.change(ChangeKind::Replaced { part });
            }
        }
        Ok(())
    }

    fn fresh_objects(&mut self) -> Result<(), PdfError> {
        let revision = self.after.revision();
        for (number, entry) in revision.entries() {
            if entry == Entry::Free {
                continue;
            }
            let generation = entry.generation();
            let object = Reference { number, generation };
            if number == 0 || !self.is_fresh(object) {
                continue;
            }
            if self.references.users(number, self.before.number()).next().is_some() {
                self.change(ChangeKind::ReferenceFilled { number });
            }
            if !self.roles.contains(&number) && !self.is_structure(number, entry)? {
                let part = self.parts(&self.after)?.of(&self.after, object)?;
                self.change(ChangeKind::Added { part });
            }
        }
        for object in self.references.unreadable(self.before.number()) {
            if !self.changes.takes_content() {
                break;
            }
            self.change(ChangeKind::Unreadable { object });
        }
        Ok(())
    }

    pub(super) fn parts(&self, view: &View<'f, 's>) -> Result<Parts, PdfError> {
        view.file().parts(view)
    }

    /// Whether an object is written again with the same value, stream data included.
    fn is_rewritten(&self, object: Reference) -> Result<bool, PdfError> {
        let (before, after) = (self.before.object(object)?, self.after.object(object)?);
        match (&before.value, &after.value) {
            (Object::Null, _) => Ok(false),
            (Object::Stream(before), Object::Stream(after)) => {
                let is_same = before.dictionary.differing(&after.dictionary).is_empty()
                    && before.dictionary.duplicates() == after.dictionary.duplicates();
                Ok(is_same && self.after.file().is_same_data(&before.data, &after.data)?)
            }
            (before, after) => Ok(is_same(before, after)),
        }
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

/// Whether a stream is an object stream or a cross-reference stream (7.5.7 and 7.5.8).
fn is_of_structure(stream: &Stream) -> bool {
    ["ObjStm", "XRef"]
        .iter()
        .any(|structure| stream.dictionary.is("Type", structure))
}

/// Whether a value names an object nowhere but as what a signature's transform is about (table 256).
fn names_as_data_alone(value: &Object, object: Reference) -> bool {
    match value {
        Object::Reference(reference) => *reference != object,
        Object::Array(elements) => elements.iter().all(|element| names_as_data_alone(element, object)),
        _ => value.as_dictionary().is_none_or(|dictionary| {
            let is_transform = dictionary.get("TransformMethod").and_then(Object::as_name).is_some();
            every_entry(dictionary)
                .filter(|(key, _)| !is_transform || **key != *"Data")
                .all(|(_, value)| names_as_data_alone(value, object))
        }),
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

/// Whether a version (7.2.2, table 29) is one of the standard's, and no earlier one than before.
fn is_later_version(before: Option<&Object>, after: Option<&Object>) -> bool {
    const VERSIONS: [&str; 5] = ["1.4", "1.5", "1.6", "1.7", "2.0"];
    let place = |version: Option<&Object>| {
        let name = version?.as_name()?.to_text();
        VERSIONS.iter().position(|known| **known == name)
    };
    place(after).is_some() && place(after) >= place(before)
}

/// The part of an object that has none known: what it is, by its type and subtype.
pub(super) fn describe(view: &View<'_, '_>, object: Reference) -> Result<Part, PdfError> {
    let read = match view.object(object) {
        Ok(read) => read,
        Err(error @ (PdfError::Limit(_) | PdfError::Source(_))) => return Err(error),
        Err(_) => return Ok(Part::Other("unreadable".into())),
    };
    let names = read.value.as_dictionary().into_iter().flat_map(|dictionary| {
        ["Type", "Subtype"]
            .into_iter()
            .filter_map(|key| Some(dictionary.get(key)?.as_name()?.to_text()))
    });
    let words: Vec<String> = std::iter::once(read.value.kind().to_owned()).chain(names).collect();
    let words = words.join(" ");
    view.file().count_told(&words)?;
    Ok(Part::Other(words))
}
