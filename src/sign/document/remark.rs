//! What is to be known of a document that is signed, though nothing kept it from being signed as ordered.

use crate::problem::Problem;
use crate::sign::Permission;

/// Something that whoever had a document signed would not expect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// The field is meant to be invisible, its rectangle has no area (ISO 32000-2 section 12.7.5.5): no seal shows.
    SealUnseen {
        /// Its full name.
        field: String,
    },
    /// The lock of the field permits less than the certification that was ordered, which permits no more then.
    CertificationNarrowed {
        /// Full name of the field.
        field: String,
        /// What the certification permits.
        permission: Permission,
    },
}

impl Remark {
    /// What is told of it.
    pub fn problem(&self) -> Problem {
        match self {
            Self::SealUnseen { field } => Problem::new("seal-unseen").param("name", field),
            Self::CertificationNarrowed { field, permission } => Problem::new("certification-narrowed")
                .param("name", field)
                .param("permission", *permission as i64),
        }
    }
}
