//! Full names of form fields (ISO 32000-2, 12.7.4.2): the partial names from the root down, joined by full stops. Each
//! repeats those of the fields above it, so that what all of them take is counted.

use std::cell::Cell;
use std::rc::Rc;

use super::limits::{LimitReached, Limits};
use super::text::decode_text;

/// The full names that are made in one walk through a form.
pub(super) struct FieldNames {
    bytes: Cell<u64>,
    allowed: u64,
}

impl FieldNames {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            bytes: Cell::new(0),
            allowed: limits.field_name_bytes,
        }
    }

    /// The full name of a field below one of another name; the same where it has no partial name.
    pub(super) fn below(&self, above: &Rc<str>, partial: Option<&[u8]>) -> Result<Rc<str>, LimitReached> {
        let Some(partial) = partial else {
            return Ok(Rc::clone(above));
        };
        let partial = decode_text(partial);
        self.count(above.len() + partial.len())?;
        Ok(match above.is_empty() {
            true => partial.into(),
            false => format!("{above}.{partial}").into(),
        })
    }

    /// Counts a name that is made.
    pub(super) fn count(&self, bytes: usize) -> Result<(), LimitReached> {
        self.bytes.set(self.bytes.get().saturating_add(bytes as u64));
        match self.bytes.get() > self.allowed {
            true => Err(LimitReached {
                unit: "bytes in names of form fields",
                allowed: self.allowed,
            }),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_name_repeats_those_above_it_and_counts() {
        let limits = Limits {
            field_name_bytes: 9,
            ..Limits::UPLOAD
        };
        let names = FieldNames::new(&limits);
        let root: Rc<str> = "".into();
        let above = names.below(&root, Some(b"abc")).unwrap();
        assert_eq!(names.below(&above, Some(b"def")).as_deref(), Ok("abc.def"));
        assert_eq!(
            names.below(&above, None).as_deref(),
            Ok("abc"),
            "what is shared counts once"
        );
        assert!(names.below(&root, Some(b"g")).is_err());
    }
}
