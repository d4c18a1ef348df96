//! The lock of a waiting field (ISO 32000-2 table 236): what its signature says of other fields, and of what may
//! follow.

use super::{Act, DocumentFault};
use crate::pdf::signature::FormField;
use crate::pdf::{Dictionary, Object, Reference, View};
use crate::sign::dictionary::{certification, field_lock};
use crate::sign::{Permission, SignError};

/// The lock of a field.
pub(super) struct Lock {
    dictionary: Dictionary,
    /// What may follow at most.
    permission: Option<Permission>,
}

impl Lock {
    /// That of a field, where it has one.
    pub(super) fn of(view: &View<'_, '_>, field: &FormField) -> Result<Option<Self>, SignError> {
        let Object::Dictionary(dictionary) = view.get(&field.dictionary, "Lock")? else {
            return Ok(None);
        };
        let permission = match view.get(&dictionary, "P")? {
            Object::Null => None,
            number => {
                let known = number.as_integer().and_then(Permission::from_number);
                Some(known.ok_or_else(|| DocumentFault::LockUnknown(field.name.clone()))?)
            }
        };
        Ok(Some(Self { dictionary, permission }))
    }

    /// What a signature in the field means: its certification permits no more than the lock.
    pub(super) fn narrow(&self, act: Act) -> Act {
        match (act, self.permission) {
            (Act::Certify(asked), Some(most)) => Act::Certify(asked.min(most)),
            (act, _) => act,
        }
    }

    /// Whether nothing may follow.
    pub(super) fn closes(&self) -> bool {
        self.permission == Some(Permission::NoChanges)
    }

    /// What the signature says, beside what it certifies by itself.
    pub(super) fn references(&self, root: Reference, act: Act) -> Vec<Object> {
        let mut references = vec![field_lock(&self.dictionary, root)];
        if let (Act::Approve, Some(permission)) = (act, self.permission) {
            references.push(certification(permission));
        }
        references
    }
}
