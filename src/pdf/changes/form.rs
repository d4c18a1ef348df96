//! The form before and after an update (ISO 32000-2, 12.7): fields that are filled in or signed, and signature fields
//! that are added at the end.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::pdf::error::PdfError;
use crate::pdf::field_name::FieldNames;
use crate::pdf::limits::LimitReached;
use crate::pdf::object::{Dictionary, Name, Object, Reference};
use crate::pdf::signature::SignatureKind;

use super::audit::{Audit, KnownField};
use super::change::ChangeKind;
use super::drawn_by_form::DrawnByForm;
use super::entry_types::misfit;
use super::new_field;
use super::references::User;
use super::shown::shown;

/// Entries of a field that filling it in sets (12.7.4, 12.7.5 and 12.5.2): value, appearance and its state, rich text,
/// chosen and first shown options, time of the change.
const FILLING: [&[u8]; 7] = [b"V", b"AP", b"AS", b"RV", b"I", b"TI", b"M"];
/// Entries of a signature field that signing it sets, beside its value: appearance, flags such as Locked, the page, and
/// how a reader draws what has no appearance.
const SIGNING: [&[u8]; 10] = [b"AP", b"AS", b"F", b"M", b"P", b"MK", b"DA", b"Q", b"Type", b"Subtype"];

/// Entries of the form itself by which readers draw (12.7.3, table 224).
const DRAWN_BY: [&str; 3] = ["NeedAppearances", "DA", "DR"];

/// What a field has from those above it.
#[derive(Clone, Default)]
pub(super) struct Inherited {
    pub(super) name: Rc<str>,
    pub(super) is_signature: bool,
    /// What the update under audit fills the field with, of which a widget may be an object of its own (12.7.4.1).
    pub(super) signing: Option<SignatureKind>,
    pub(super) depth: usize,
}

impl Inherited {
    /// What the children of a field have from it.
    pub(super) fn below(&self, field: &Dictionary, names: &FieldNames) -> Result<Self, LimitReached> {
        let name = names.below(&self.name, field.get("T").and_then(Object::as_string))?;
        Ok(Self {
            name,
            is_signature: self.is_signature_below(field),
            signing: None,
            depth: self.depth + 1,
        })
    }

    fn is_signature_below(&self, field: &Dictionary) -> bool {
        match field.get("FT") {
            Some(_) => field.is("FT", "Sig"),
            None => self.is_signature,
        }
    }
}

/// Compares the forms that two catalogues name.
pub(super) fn audit(
    audit: &mut Audit<'_, '_, '_>,
    before: Option<&Object>,
    after: Option<&Object>,
) -> Result<(), PdfError> {
    let whole = |audit: &mut Audit<'_, '_, '_>| audit.change(ChangeKind::CatalogEntry { key: "AcroForm".into() });
    let form_before = match before {
        Some(form) => audit.before.resolve(form)?,
        None => Object::Dictionary(Dictionary::new()),
    };
    let form_after = match after {
        Some(form) => audit.after.resolve(form)?,
        None => Object::Dictionary(Dictionary::new()),
    };
    let (Object::Dictionary(form_before), Object::Dictionary(form_after)) = (form_before, form_after) else {
        whole(audit);
        return Ok(());
    };
    let earlier = list(audit.before.get(&form_before, "Fields")?);
    let later = list(audit.after.get(&form_after, "Fields")?);
    let (Some(earlier), Some(later)) = (earlier, later) else {
        whole(audit);
        return Ok(());
    };
    audit.role(
        after.and_then(Object::as_reference),
        before.and_then(Object::as_reference),
    );
    let root = audit.before.revision().root();
    let holder = before.and_then(Object::as_reference).or(root);
    let holders: Vec<User> = holder.map(|holder| User::Object(holder.number)).into_iter().collect();
    let array = |form: &Dictionary| form.get("Fields").and_then(Object::as_reference);
    audit.list_role(array(&form_after), array(&form_before), &holders);
    let mut walk = Walk {
        audit,
        seen: BTreeSet::new(),
        is_of_two_fields: false,
    };
    let is_continued = walk.children(&earlier, &later, &Inherited::default())?;
    let is_of_two_fields = walk.is_of_two_fields;
    if !is_continued {
        audit.change(ChangeKind::Form { key: "Fields".into() });
    }
    let is_drawn_by = |key: &Name| DRAWN_BY.iter().any(|known| *key == **known);
    let free = if is_of_two_fields || !form_before.differing(&form_after).into_iter().any(is_drawn_by) {
        Free::default()
    } else {
        Free::of(audit, &form_before, before.and_then(Object::as_reference))?
    };
    entries(audit, (&form_before, &form_after), holder, free)
}

/// What of its own entries a form may set otherwise without a reader drawing anything otherwise.
#[derive(Clone, Copy, Default)]
struct Free {
    /// That values need to be drawn no more.
    appearances: bool,
    /// How and from what a text is drawn that has no appearance: DA and DR.
    texts: bool,
}

impl Free {
    /// What the form before an update may, which is that object.
    fn of(audit: &Audit<'_, '_, '_>, before: &Dictionary, object: Option<Reference>) -> Result<Self, PdfError> {
        if !is_form_alone(audit, before, object) {
            return Ok(Self::default());
        }
        let drawn = DrawnByForm::before(audit)?;
        Ok(Self {
            appearances: !drawn.fields,
            texts: !drawn.undrawn && (needs_no_appearances(before) || !drawn.fields),
        })
    }
}

/// Whether nothing but the catalogue has a use for the form, and it is nothing else: what is an annotation or a field
/// as well is drawn by the same entries.
fn is_form_alone(audit: &Audit<'_, '_, '_>, form: &Dictionary, object: Option<Reference>) -> bool {
    let is_marked = ["Type", "Subtype", "FT"].iter().any(|key| form.get(key).is_some());
    let root = audit.before.revision().root().map(|root| User::Object(root.number));
    !is_marked && object.is_none_or(|object| audit.is_used_by(object, root.as_slice()))
}

/// Whether readers need not draw the fields anew (table 224, NeedAppearances).
fn needs_no_appearances(form: &Dictionary) -> bool {
    let value = form.get("NeedAppearances");
    value.is_none_or(|value| *value == Object::Boolean(false))
}

/// An array, or nothing, as its elements.
pub(super) fn list(value: Object) -> Option<Vec<Object>> {
    match value {
        Object::Array(elements) => Some(elements),
        Object::Null => Some(Vec::new()),
        _ => None,
    }
}

/// The entries of the form beside its fields (12.7.3, table 224), which stands in `holder`.
fn entries(
    audit: &mut Audit<'_, '_, '_>,
    (before, after): (&Dictionary, &Dictionary),
    holder: Option<Reference>,
    free: Free,
) -> Result<(), PdfError> {
    for key in before.differing(after) {
        let harmless = match key.0.as_slice() {
            b"Fields" => true,
            b"SigFlags" => {
                let flags = |form: &Dictionary| form.get("SigFlags").and_then(Object::as_integer).unwrap_or(0);
                (1..=3).contains(&flags(after)) && flags(after) & flags(before) == flags(before)
            }
            b"NeedAppearances" => needs_no_appearances(after) && (needs_no_appearances(before) || free.appearances),
            b"DR" => free.texts && only_adds_resources(audit, before, after, holder)?,
            b"DA" => {
                let is_text = after.get("DA").is_some_and(|text| text.as_string().is_some());
                free.texts && before.get("DA").is_none() && is_text
            }
            _ => false,
        };
        if !harmless {
            audit.change(ChangeKind::Form { key: key.to_text() });
        }
    }
    if let Some((key, _)) = after.duplicates().first() {
        audit.change(ChangeKind::Form { key: key.to_text() });
    }
    Ok(())
}

/// Whether the form's resources only grow: every name that was there means what it meant, and nothing but the form
/// draws by them: where they are a page's, too, the page may draw by a name that was missing. Then their dictionaries
/// get their roles, and what was added with them.
fn only_adds_resources(
    audit: &mut Audit<'_, '_, '_>,
    before: &Dictionary,
    after: &Dictionary,
    holder: Option<Reference>,
) -> Result<bool, PdfError> {
    let (earlier, later) = (audit.before.get(before, "DR")?, audit.after.get(after, "DR")?);
    let Object::Dictionary(later) = later else {
        return Ok(false);
    };
    let earlier = match earlier {
        Object::Dictionary(earlier) => earlier,
        Object::Null => Dictionary::new(),
        _ => return Ok(false),
    };
    let reference = |holder: &Dictionary, key: &str| holder.get(key).and_then(Object::as_reference);
    let mut holders = vec![(reference(after, "DR"), reference(before, "DR"))];
    for (key, value) in earlier.iter() {
        let key = key.to_text();
        let known = audit.before.resolve(value)?;
        match (known, audit.after.get(&later, &key)?) {
            (Object::Dictionary(known), Object::Dictionary(now)) => {
                if known
                    .iter()
                    .any(|(name, value)| now.get(&name.to_text()) != Some(value))
                {
                    return Ok(false);
                }
            }
            (known, now) if known == now => {}
            _ => return Ok(false),
        }
        holders.push((reference(&later, &key), reference(&earlier, &key)));
    }
    let users: Vec<User> = [holder, reference(before, "DR")]
        .into_iter()
        .flatten()
        .map(|user| User::Object(user.number))
        .collect();
    let is_elsewhere = |(_, before): &(_, Option<Reference>)| before.is_some_and(|it| !audit.is_used_by(it, &users));
    if holders.iter().any(is_elsewhere) {
        return Ok(false);
    }
    for (after, before) in holders {
        audit.role(after, before);
    }
    if let Some(resources) = after.get("DR") {
        audit.fresh_below(resources)?;
    }
    audit.fresh_below(&Object::Dictionary(later))?;
    Ok(true)
}

/// One walk through the fields of both forms at once.
struct Walk<'w, 'a, 'f, 's> {
    audit: &'w mut Audit<'a, 'f, 's>,
    seen: BTreeSet<Reference>,
    /// Whether a part of a signature field is listed as one of another field, too.
    is_of_two_fields: bool,
}

impl Walk<'_, '_, '_, '_> {
    /// Compares the fields of a list; `false` if any that were there are gone or moved.
    fn children(&mut self, before: &[Object], after: &[Object], above: &Inherited) -> Result<bool, PdfError> {
        let limits = &self.audit.after.file().reader.limits;
        if above.depth > limits.tree_depth {
            return Err(LimitReached {
                unit: "levels of form fields",
                allowed: limits.tree_depth as u64,
            }
            .into());
        }
        let Some(fresh) = after.strip_prefix(before) else {
            return Ok(false);
        };
        for field in before {
            self.audit.count()?;
            match field.as_reference() {
                Some(reference) if self.seen.insert(reference) => self.field(reference, above)?,
                Some(reference) => self.again(reference, above)?,
                None => {}
            }
        }
        for field in fresh {
            new_field::audit(self.audit, field, above)?;
        }
        Ok(true)
    }

    /// Looks at a field that is listed once more.
    fn again(&mut self, reference: Reference, above: &Inherited) -> Result<(), PdfError> {
        let is_signature = |field: &KnownField| field.is_signature;
        if self.audit.known_field(reference.number).is_some_and(is_signature) {
            let object = self.audit.before.object(reference)?;
            let field = object.value.as_dictionary();
            self.is_of_two_fields |= field.is_some_and(|field| !above.is_signature_below(field));
        }
        Ok(())
    }

    /// Compares a field, or a widget of one.
    fn field(&mut self, reference: Reference, above: &Inherited) -> Result<(), PdfError> {
        let (before, after) = (
            self.audit.before.object(reference)?,
            self.audit.after.object(reference)?,
        );
        let Object::Dictionary(earlier) = &before.value else {
            return Ok(());
        };
        let mut here = above.below(earlier, &self.audit.names)?;
        let is_widget = earlier.get("T").is_none();
        here.signing = above.signing.filter(|_| is_widget && here.is_signature);
        let known = KnownField {
            name: Rc::clone(&here.name),
            is_signature: here.is_signature,
            is_signed: here.is_signature && earlier.get("V").is_some(),
        };
        self.audit.know_field(reference.number, known);
        let Object::Dictionary(later) = &after.value else {
            return self.changed(&here, "Type");
        };
        let kids = (
            list(self.audit.before.get(earlier, "Kids")?),
            list(self.audit.after.get(later, "Kids")?),
        );
        let (Some(kids_before), Some(kids_after)) = kids else {
            return self.changed(&here, "Kids");
        };
        let value = later
            .get("V")
            .filter(|_| here.is_signature && earlier.get("V").is_none());
        let signing = value.and_then(|value| self.audit.signature(value));
        here.signing = signing.or(here.signing);
        if !self.children(&kids_before, &kids_after, &here)? {
            self.changed(&here, "Kids")?;
        }
        let kids = |field: &Dictionary| field.get("Kids").and_then(Object::as_reference);
        let holder = [User::Object(reference.number)];
        self.audit.list_role(kids(later), kids(earlier), &holder);
        self.entries(reference, (&here, signing), earlier, later)
    }

    fn entries(
        &mut self,
        reference: Reference,
        (here, signing): (&Inherited, Option<SignatureKind>),
        earlier: &Dictionary,
        later: &Dictionary,
    ) -> Result<(), PdfError> {
        let differing: Vec<_> = earlier
            .differing(later)
            .into_iter()
            .filter(|key| **key != *"Kids")
            .collect();
        if differing.is_empty() && later.duplicates().is_empty() {
            self.audit.role(Some(reference), Some(reference));
            return Ok(());
        }
        let (is_signing, is_part_of_signing) = (signing.is_some(), here.signing.is_some());
        let value_is_plain = later.get("V").is_none_or(|value| self.is_plain_value(value));
        let is_allowed = |key: &[u8]| match (is_part_of_signing, here.is_signature) {
            (true, _) => (is_signing && key == b"V") || SIGNING.contains(&key),
            (false, true) => false,
            (false, false) => FILLING.contains(&key) && (key != b"V" || value_is_plain),
        };
        let duplicate = later.duplicates().first().map(|(key, _)| key);
        // An appearance that the document uses elsewhere, too, is not the field's to change.
        let appearance = earlier.get("AP").and_then(Object::as_reference);
        let is_shared = appearance.is_some_and(|appearance| {
            let field = User::Object(reference.number);
            !self.audit.is_used_by(appearance, &[field])
        });
        let shared = differing.iter().find(|key| is_shared && ***key == *"AP");
        let misfit = misfit(&self.audit.after, later, |key| differing.contains(&key))?;
        let not_allowed = differing.iter().find(|key| !is_allowed(&key.0));
        let refused = not_allowed.or(shared).copied().or(misfit);
        // What is something else beside a field may mean something else by the same keys.
        let before = &self.audit.before;
        let is_field = self.audit.references.is_annotation_alone(reference.number, before)?;
        let refused = refused
            .or(duplicate)
            .or(differing.first().copied().filter(|_| !is_field));
        if let Some(key) = refused {
            return self.changed(here, &key.to_text());
        }
        for key in ["V", "AP"] {
            if let Some(value) = later.get(key) {
                self.audit.fresh_below(value)?;
            }
        }
        self.audit.role(Some(reference), Some(reference));
        // What its widgets show is told with the field.
        if is_part_of_signing && !is_signing {
            return Ok(());
        }
        let field = self.audit.told(&here.name)?;
        let change = if is_signing {
            let shown = shown(self.audit, self.audit.widgets_of(&field), signing)?;
            ChangeKind::Signed { field, shown }
        } else {
            self.audit.filled.insert(Rc::clone(&here.name));
            ChangeKind::FieldFilled { field }
        };
        self.audit.change(change);
        Ok(())
    }

    /// Whether a value is text, a name or a list of them: nothing that could be drawn by itself.
    fn is_plain_value(&self, value: &Object) -> bool {
        let is_text = |value: &Object| matches!(value, Object::String(_) | Object::Name(_) | Object::Boolean(_));
        match self.audit.after.resolve(value) {
            Ok(Object::Array(elements)) => elements.iter().all(is_text),
            Ok(value) => is_text(&value),
            Err(_) => false,
        }
    }

    fn changed(&mut self, here: &Inherited, key: &str) -> Result<(), PdfError> {
        let field = self.audit.told(&here.name)?;
        self.audit.change(ChangeKind::FieldEntry { field, key: key.into() });
        Ok(())
    }
}
