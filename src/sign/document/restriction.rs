//! What earlier signatures of a document leave open to a later one (ISO 32000-2 sections 12.8.2.2 and 12.8.2.4).
//!
//! The strictest reading counts: what one common verifier takes for a change that was not permitted is not done. A new field
//! after a certification is such a thing even where form filling is permitted, so that fields have to be there before.

use super::DocumentFault;
use crate::pdf::text::decode_text;
use crate::pdf::{Dictionary, Object, PdfError, PdfFile, SignatureField, View};
use crate::sign::Permission;

/// What the signatures of a document say together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Restrictions {
    /// Whether there is any signature or time stamp.
    is_signed: bool,
    /// The least that any of them permits.
    permission: Option<Permission>,
    locks: Vec<Lock>,
}

/// Fields that one signature locks.
#[derive(Debug, Clone, PartialEq)]
struct Lock {
    /// Full name of the field of the signature.
    by: String,
    /// Whether `fields` are those that stay open.
    is_exclusion: bool,
    /// Full names.
    fields: Vec<String>,
}

impl Restrictions {
    /// Reads them from every signature that is in the file.
    pub(super) fn read(file: &PdfFile<'_>) -> Result<Self, PdfError> {
        let signatures = file.signatures()?;
        let mut restrictions = Self {
            is_signed: !signatures.is_empty(),
            permission: None,
            locks: Vec::new(),
        };
        for signature in signatures {
            restrictions.add(&file.latest(), signature)?;
        }
        Ok(restrictions)
    }

    /// Whether a certification may be made: nothing was signed before.
    pub(super) fn check_certification(&self) -> Result<(), DocumentFault> {
        match self.is_signed {
            true => Err(DocumentFault::CertificationNotFirst),
            false => Ok(()),
        }
    }

    /// Whether so many seals may be shown: beside the first they are marks on pages that an earlier signature covers.
    pub(super) fn check_places(&self, count: usize) -> Result<(), DocumentFault> {
        match self.is_signed && count > 1 {
            true => Err(DocumentFault::PlacesAfterSignature(count)),
            false => Ok(()),
        }
    }

    /// Whether a field may be signed.
    pub(super) fn check_field(&self, name: &str, is_new: bool) -> Result<(), DocumentFault> {
        match self.permission {
            Some(Permission::NoChanges) => return Err(DocumentFault::CertifiedNoChanges),
            Some(_) if is_new => return Err(DocumentFault::CertifiedFieldsOnly),
            _ => {}
        }
        match self.locks.iter().find(|lock| lock.holds(name)) {
            Some(lock) => Err(DocumentFault::FieldLocked {
                field: name.to_owned(),
                by: lock.by.clone(),
            }),
            None => Ok(()),
        }
    }

    fn add(&mut self, view: &View<'_, '_>, signature: &SignatureField) -> Result<(), PdfError> {
        let Object::Array(references) = view.get(&signature.dictionary, "Reference")? else {
            return Ok(());
        };
        for reference in &references {
            let Object::Dictionary(reference) = view.resolve(reference)? else {
                continue;
            };
            let parameters = match view.get(&reference, "TransformParams")? {
                Object::Dictionary(parameters) => parameters,
                _ => Dictionary::new(),
            };
            if reference.is("TransformMethod", "DocMDP") {
                // The default is 2 (ISO 32000-2 table 257), and an unknown number permits nothing.
                let number = view.get(&parameters, "P")?.as_integer().unwrap_or(2);
                let permission = Permission::from_number(number).unwrap_or(Permission::NoChanges);
                self.permission = Some(self.permission.map_or(permission, |least| least.min(permission)));
            }
            if reference.is("TransformMethod", "FieldMDP") {
                self.locks
                    .push(Lock::read(view, &parameters, signature.name().unwrap_or_default())?);
            }
        }
        Ok(())
    }
}

impl Lock {
    /// ISO 32000-2 table 259. Anything but `Include` and `Exclude` locks all.
    fn read(view: &View<'_, '_>, parameters: &Dictionary, by: &str) -> Result<Self, PdfError> {
        let mut fields = Vec::new();
        if let Object::Array(names) = view.get(parameters, "Fields")? {
            for name in &names {
                fields.extend(view.resolve(name)?.as_string().map(decode_text));
            }
        }
        let is_inclusion = parameters.is("Action", "Include");
        if !is_inclusion && !parameters.is("Action", "Exclude") {
            fields.clear();
        }
        Ok(Self {
            by: by.to_owned(),
            is_exclusion: !is_inclusion,
            fields,
        })
    }

    /// Whether a field is locked: it, or one above it, is named.
    fn holds(&self, name: &str) -> bool {
        let is_named = self.fields.iter().any(|field| {
            let below = name.strip_prefix(field.as_str());
            below.is_some_and(|below| below.is_empty() || below.starts_with('.'))
        });
        is_named != self.is_exclusion
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(is_exclusion: bool, fields: &[&str]) -> Lock {
        Lock {
            by: "First".to_owned(),
            is_exclusion,
            fields: fields.iter().map(|&field| field.to_owned()).collect(),
        }
    }

    #[test]
    fn a_lock_holds_what_it_names_or_what_it_does_not_name() {
        let included = lock(false, &["a", "b.c"]);
        assert!(included.holds("a") && included.holds("a.x") && included.holds("b.c"));
        assert!(!included.holds("ab") && !included.holds("b"));
        let excluded = lock(true, &["a"]);
        assert!(!excluded.holds("a") && excluded.holds("ab"));
        assert!(lock(true, &[]).holds("anything"));
    }

    #[test]
    fn the_least_permission_counts_and_new_fields_need_more_than_filling() {
        let restrictions = |permission| Restrictions {
            is_signed: true,
            permission,
            locks: vec![lock(false, &["locked"])],
        };
        let of = |permission, name, is_new| restrictions(permission).check_field(name, is_new);
        assert_eq!(
            of(Some(Permission::NoChanges), "a", false),
            Err(DocumentFault::CertifiedNoChanges)
        );
        assert_eq!(of(Some(Permission::Forms), "a", false), Ok(()));
        assert_eq!(
            of(Some(Permission::Forms), "a", true),
            Err(DocumentFault::CertifiedFieldsOnly)
        );
        assert_eq!(of(None, "a", true), Ok(()));
        let locked = DocumentFault::FieldLocked {
            field: "locked".to_owned(),
            by: "First".to_owned(),
        };
        assert_eq!(of(None, "locked", false), Err(locked));
        assert_eq!(
            restrictions(None).check_certification(),
            Err(DocumentFault::CertificationNotFirst)
        );
    }
}
