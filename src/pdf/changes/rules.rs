//! What a signature lets later revisions change: by the certification of the document (DocMDP, ISO 32000-2, 12.8.2.2),
//! by the fields that the signature locks (FieldMDP, 12.8.2.4, and the field's `Lock`, 12.7.5.5), and, where neither
//! speaks, as little as any approval signature must: validation data and further signatures.

use std::collections::BTreeSet;

use crate::pdf::error::PdfError;
use crate::pdf::file::PdfFile;
use crate::pdf::object::{Dictionary, Object};
use crate::pdf::signature::{SignatureField, SignatureKind, permitted, transforms};
use crate::pdf::view::View;

use super::change::{ChangeClass, ChangeKind};

/// Levels of a full name by which locked fields are looked up: what a tree of fields may have, twice over.
const LEVELS: usize = 128;

/// What later revisions may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// `P` of the certification and of every lock up to this signature, the strictest: 1 nothing, 2 filling in forms
    /// and signing, 3 notes too. `None` where nothing states one.
    pub permission: Option<i64>,
    /// Whether a certification that the catalogue names grants what `permission` says.
    pub is_certified: bool,
    /// The fields that the signature locks, for each statement of it.
    pub locked: Vec<Locked>,
}

/// Fields that may not change any more (12.8.2.4, table 258).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Locked {
    /// All.
    All,
    /// Those, and whatever is below them, by their full names.
    Include(BTreeSet<String>),
    /// All but those, and whatever is below them.
    Exclude(BTreeSet<String>),
}

impl Locked {
    /// Whether a field is among them, by its full name. One of more levels than a form has is.
    pub fn covers(&self, field: &str) -> bool {
        let named = |names: &BTreeSet<String>| {
            let ends = field.match_indices('.').map(|(end, _)| end).chain([field.len()]);
            ends.into_iter().any(|end| names.contains(&field[..end]))
        };
        let is_known = field.matches('.').nth(LEVELS).is_none();
        match self {
            Self::Include(names) if is_known => named(names),
            Self::Exclude(names) if is_known => !named(names),
            _ => true,
        }
    }
}

impl Rules {
    /// What each signature of a document lets be added to it as it is now. One that covers no revision rules over all
    /// of them.
    ///
    /// # Errors
    /// When an object that says so cannot be read.
    pub fn in_force<'f>(file: &'f PdfFile<'_>) -> Result<Vec<(&'f SignatureField, Self)>, PdfError> {
        let all = file.revisions().len();
        let of_one = |signature: &'f SignatureField| {
            let rules = Self::of(file, signature, signature.revision.unwrap_or(all))?;
            Ok((signature, rules))
        };
        file.signatures()?.iter().map(of_one).collect()
    }

    /// The rules of a signature that covers revision `signed` (from 1).
    pub(super) fn of(file: &PdfFile<'_>, signature: &SignatureField, signed: usize) -> Result<Self, PdfError> {
        let mut rules = Self {
            permission: None,
            is_certified: false,
            locked: Vec::new(),
        };
        for other in file.signatures()? {
            let is_before = other.revision.is_some_and(|revision| revision <= signed);
            let Some(certification) = other.certification.filter(|made| is_before || made.named_by_catalog) else {
                continue;
            };
            rules.restrict(certification.permission);
            // A document time stamp certifies nothing (12.8.5); what it forbids is kept all the same.
            let certifies = other.kind == SignatureKind::Signature && other.faults.is_empty();
            rules.is_certified |= certification.named_by_catalog && is_before && certifies;
        }
        let view = file.at_revision(signed).unwrap_or(file.latest());
        for other in file.signatures()? {
            let is_itself = other == signature;
            if !is_itself && other.revision.is_none_or(|revision| revision > signed) {
                continue;
            }
            let lock = other.field.as_ref().map(|field| &field.dictionary);
            let lock = match lock {
                Some(field) => view.get(field, "Lock")?,
                None => Object::Null,
            };
            if let Object::Dictionary(lock) = &lock {
                if let Some(permission) = permitted(&view, lock)? {
                    rules.restrict(permission);
                }
                if is_itself {
                    rules.locked.push(locked(&view, lock)?);
                }
            }
            if is_itself {
                rules.locked.extend(field_locks(&view, &other.dictionary)?);
            }
        }
        Ok(rules)
    }

    /// Whether a change may be made.
    pub fn permit(&self, kind: &ChangeKind) -> bool {
        let class = kind.class();
        if class == ChangeClass::ValidationData {
            return true;
        }
        let is_locked = kind
            .field()
            .is_some_and(|field| self.locked.iter().any(|locked| locked.covers(field)));
        if self.permission == Some(1) || is_locked {
            return false;
        }
        match class {
            ChangeClass::ValidationData | ChangeClass::Description => true,
            // What covers more than a seal takes the place of what was signed; a new field that shows can cover what
            // was certified.
            ChangeClass::Signing => {
                let hides = kind.shown().is_some_and(|shown| shown.hides.is_some());
                !hides
                    && (self.permission.is_none() || !matches!(kind, ChangeKind::SignatureField { visible: true, .. }))
            }
            ChangeClass::FormFilling => self.is_certified || !self.locked.is_empty(),
            ChangeClass::Annotation => self.is_certified && self.permission == Some(3),
            ChangeClass::Content => false,
        }
    }

    /// Takes the stricter permission.
    fn restrict(&mut self, permission: i64) {
        self.permission = Some(self.permission.map_or(permission, |known| known.min(permission)));
    }
}

/// The FieldMDP transforms of a signature (12.8.2.4).
fn field_locks(view: &View<'_, '_>, signature: &Dictionary) -> Result<Vec<Locked>, PdfError> {
    let mut found = Vec::new();
    for reference in transforms(view, signature, "FieldMDP")? {
        found.push(match view.get(&reference, "TransformParams")? {
            Object::Dictionary(parameters) => locked(view, &parameters)?,
            _ => Locked::All,
        });
    }
    Ok(found)
}

/// `Action` and `Fields` of a lock dictionary or of FieldMDP parameters; what the standard does not define locks all.
fn locked(view: &View<'_, '_>, lock: &Dictionary) -> Result<Locked, PdfError> {
    let action = view.get(lock, "Action")?;
    let names = match view.get(lock, "Fields")? {
        Object::Array(listed) => field_names(view, &listed)?,
        _ => Some(BTreeSet::new()),
    };
    Ok(match (action.as_name().map(|action| action.0.as_slice()), names) {
        (Some(b"Include"), Some(names)) => Locked::Include(names),
        (Some(b"Exclude"), Some(names)) => Locked::Exclude(names),
        _ => Locked::All,
    })
}

/// The names in a list, each once; `None` where it holds something else.
fn field_names(view: &View<'_, '_>, listed: &[Object]) -> Result<Option<BTreeSet<String>>, PdfError> {
    let mut names = BTreeSet::new();
    for name in listed {
        view.file().count_step()?;
        let Object::String(name) = view.resolve(name)? else {
            return Ok(None);
        };
        names.insert(view.file().text(&name)?);
    }
    Ok(Some(names))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::limits::Limits;
    use crate::pdf::testing::{document, id};

    fn filled(field: &str) -> ChangeKind {
        ChangeKind::FieldFilled { field: field.into() }
    }

    fn rules(permission: Option<i64>, is_certified: bool, locked: Vec<Locked>) -> Rules {
        Rules {
            permission,
            is_certified,
            locked,
        }
    }

    fn new_field(visible: bool) -> ChangeKind {
        let field = "Second".into();
        ChangeKind::SignatureField {
            field,
            visible,
            shown: None,
        }
    }

    #[test]
    fn an_approval_signature_lets_others_sign_and_nothing_else() {
        let approval = rules(None, false, vec![]);
        assert!(approval.permit(&ChangeKind::ValidationData));
        assert!(approval.permit(&new_field(true)));
        assert!(!approval.permit(&filled("Name")));
        assert!(!approval.permit(&ChangeKind::Annotation { what: "Text".into() }));
    }

    #[test]
    fn each_permission_of_a_certification_adds_to_the_one_before() {
        let [nothing, forms, notes] = [1, 2, 3].map(|permission| rules(Some(permission), true, vec![]));
        let note = ChangeKind::Annotation { what: "Text".into() };
        for (kind, expected) in [
            (ChangeKind::ValidationData, [true, true, true]),
            (new_field(false), [false, true, true]),
            (new_field(true), [false, false, false]),
            (
                ChangeKind::Signed {
                    field: "A".into(),
                    shown: None,
                },
                [false, true, true],
            ),
            (filled("Name"), [false, true, true]),
            (note, [false, false, true]),
            (ChangeKind::Form { key: "Fields".into() }, [false, false, false]),
        ] {
            let permitted = [&nothing, &forms, &notes].map(|rules| rules.permit(&kind));
            assert_eq!(permitted, expected, "{kind:?}");
        }
    }

    #[test]
    fn a_certification_that_the_catalogue_does_not_name_grants_nothing() {
        let unnamed = rules(Some(3), false, vec![]);
        assert!(!unnamed.permit(&filled("Name")));
        assert!(!unnamed.permit(&new_field(true)));
        assert!(unnamed.permit(&new_field(false)));
    }

    #[test]
    fn locks_name_fields_with_all_below_them() {
        let names = || BTreeSet::from(["Office".to_owned()]);
        let include = rules(None, false, vec![Locked::Include(names())]);
        let exclude = rules(None, false, vec![Locked::Exclude(names())]);
        for (field, is_office) in [
            ("Office", true),
            ("Office.Name", true),
            ("Officer", false),
            ("Other", false),
        ] {
            assert_eq!(include.permit(&filled(field)), !is_office, "{field}");
            assert_eq!(exclude.permit(&filled(field)), is_office, "{field}");
        }
        let all = rules(Some(2), true, vec![Locked::All]);
        assert!(!all.permit(&filled("Other")));
        assert!(all.permit(&ChangeKind::ValidationData));
    }

    #[test]
    fn a_field_of_more_levels_than_are_looked_up_is_locked() {
        let exclude = Locked::Exclude(["a".to_owned()].into());
        assert!(!exclude.covers(&format!("a{}", ".a".repeat(LEVELS))));
        assert!(exclude.covers(&format!("a{}", ".a".repeat(LEVELS + 1))));
    }

    #[test]
    fn each_name_of_a_lock_counts_each_time_it_is_read() {
        let lock = format!("<</Action/Include/Fields[{}]>>", "(a)".repeat(100));
        let bytes = document(SectionKind::Table, &["<</Type/Catalog>>", &lock]);
        let limits = Limits {
            parsed_values: 400,
            ..Limits::UPLOAD
        };
        let file = PdfFile::open(&bytes, &limits).unwrap();
        let lock = file.latest().object(id(2)).unwrap();
        let read = || locked(&file.latest(), lock.value.as_dictionary().unwrap());
        assert_eq!(read(), Ok(Locked::Include(["a".to_owned()].into())));
        assert!(read().is_ok());
        assert!(matches!(read(), Err(PdfError::Limit(_))));
    }

    #[test]
    fn a_long_name_that_a_lock_repeats_counts_by_its_length() {
        let name = format!("({})", "a".repeat(3_200));
        let read = |times: usize| {
            let lock = format!("<</Action/Include/Fields[{}]>>", "3 0 R ".repeat(times));
            let bytes = document(SectionKind::Table, &["<</Type/Catalog>>", &lock, &name]);
            let limits = Limits {
                parsed_values: 1_000,
                ..Limits::UPLOAD
            };
            let file = PdfFile::open(&bytes, &limits).unwrap();
            let lock = file.latest().object(id(2)).unwrap();
            locked(&file.latest(), lock.value.as_dictionary().unwrap())
        };
        assert_eq!(read(5), Ok(Locked::Include(["a".repeat(3_200)].into())));
        assert!(matches!(read(15), Err(PdfError::Limit(_))));
    }
}
