//! What earlier signatures of a document leave open to a later one, by the rules that they are judged by (ISO 32000-2
//! sections 12.7.5.5, 12.8.2.2 and 12.8.2.4).
//!
//! The strictest reading counts: what one common verifier takes for a change that was not permitted is not done. A new
//! field after a certification is such a thing even where form filling is permitted, so that fields have to be there
//! before.

use super::DocumentFault;
use crate::pdf::changes::Rules;
use crate::pdf::signature::FormField;
use crate::pdf::{PdfError, PdfFile};

/// The number by which a certification permits nothing (ISO 32000-2 table 257, `P`).
const NO_CHANGES: i64 = 1;

/// What the signatures and time stamps of a document say: the rules of each, with the full name of its field.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Restrictions(Vec<(String, Rules)>);

impl Restrictions {
    /// Reads them from every signature that is in the file.
    pub(super) fn read(file: &PdfFile<'_>) -> Result<Self, PdfError> {
        let rules = Rules::in_force(file)?.into_iter();
        let named = rules.map(|(signature, rules)| (signature.name().unwrap_or_default().to_owned(), rules));
        Ok(Self(named.collect()))
    }

    fn is_signed(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether a certification may be made: nothing was signed before.
    pub(super) fn check_certification(&self) -> Result<(), DocumentFault> {
        match self.is_signed() {
            true => Err(DocumentFault::CertificationNotFirst),
            false => Ok(()),
        }
    }

    /// Whether so many seals may be shown: beside the first they are marks on pages that an earlier signature covers.
    pub(super) fn check_places(&self, count: usize) -> Result<(), DocumentFault> {
        match self.is_signed() && count > 1 {
            true => Err(DocumentFault::PlacesAfterSignature(count)),
            false => Ok(()),
        }
    }

    /// Whether a field that is there may be filled: one whose widgets are objects of their own may not, since they are
    /// filled with it and common verifiers permit changes of the field itself alone.
    pub(super) fn check_widgets(&self, field: &FormField) -> Result<(), DocumentFault> {
        match self.is_signed() && field.dictionary.get("Kids").is_some() {
            true => Err(DocumentFault::FieldWidgetsApart(field.name.clone())),
            false => Ok(()),
        }
    }

    /// Whether a field may be signed.
    pub(super) fn check_field(&self, name: &str, is_new: bool) -> Result<(), DocumentFault> {
        match self.0.iter().filter_map(|(_, rules)| rules.permission).min() {
            Some(NO_CHANGES) => return Err(DocumentFault::CertifiedNoChanges),
            Some(_) if is_new => return Err(DocumentFault::CertifiedFieldsOnly),
            _ => {}
        }
        let locks = |rules: &Rules| rules.locked.iter().any(|locked| locked.covers(name));
        match self.0.iter().find(|(_, rules)| locks(rules)) {
            Some((by, _)) if is_new => Err(DocumentFault::NewFieldLocked { by: by.clone() }),
            Some((by, _)) => Err(DocumentFault::FieldLocked {
                field: name.to_owned(),
                by: by.clone(),
            }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::changes::Locked;

    #[test]
    fn the_least_permission_counts_and_new_fields_need_more_than_filling() {
        let restrictions = |permissions: &[Option<i64>]| {
            let rules = permissions.iter().map(|&permission| Rules {
                permission,
                is_certified: true,
                locked: vec![Locked::Include(["locked".to_owned()].into())],
            });
            Restrictions(rules.map(|rules| ("First".to_owned(), rules)).collect())
        };
        let of = |permissions, name, is_new| restrictions(permissions).check_field(name, is_new);
        assert_eq!(
            of(&[Some(2), Some(1)], "a", false),
            Err(DocumentFault::CertifiedNoChanges)
        );
        assert_eq!(of(&[None, Some(2)], "a", false), Ok(()));
        assert_eq!(of(&[Some(3)], "a", true), Err(DocumentFault::CertifiedFieldsOnly));
        assert_eq!(of(&[None], "a", true), Ok(()));
        let locked = DocumentFault::FieldLocked {
            field: "locked".to_owned(),
            by: "First".to_owned(),
        };
        assert_eq!(of(&[None], "locked", false), Err(locked));
        let by = "First".to_owned();
        assert_eq!(of(&[None], "locked", true), Err(DocumentFault::NewFieldLocked { by }));
        assert_eq!(
            restrictions(&[None]).check_certification(),
            Err(DocumentFault::CertificationNotFirst)
        );
        assert_eq!(restrictions(&[]).check_certification(), Ok(()));
    }
}
