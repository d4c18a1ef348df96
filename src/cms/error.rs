//! Why a message cannot be read.

use der::asn1::ObjectIdentifier;

/// The structure of an error that does not yet know better.
const MESSAGE: &str = "message";

/// A message that is not what it should be. Says nothing of signatures: see [`super::verify::SignerFault`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CmsError {
    /// Not the DER of the named structure.
    #[error("{structure} cannot be read: {source}")]
    Malformed {
        /// The ASN.1 type that was expected, as the standard names it.
        structure: &'static str,
        /// Where and how it departs.
        source: der::Error,
    },
    /// A ContentInfo of another kind.
    #[error("content type {found} where {expected} was expected")]
    ContentType {
        /// What the message says.
        found: ObjectIdentifier,
        /// What it should say, by its name.
        expected: &'static str,
    },
    /// A budget of the parser is reached.
    #[error("{what} is {found}, more than {limit}")]
    TooMuch {
        /// What was counted, with its unit.
        what: &'static str,
        /// How much there is.
        found: usize,
        /// How much is accepted.
        limit: usize,
    },
    /// A field holds a value that the standard does not allow there.
    #[error("{field} holds {found}, but {rule}")]
    Value {
        /// The field, as the standard names it.
        field: &'static str,
        /// What it holds.
        found: String,
        /// What the standard asks.
        rule: &'static str,
    },
}

impl CmsError {
    /// Puts the structure's name in place of the general word.
    pub(crate) fn named(self, structure: &'static str) -> Self {
        match self {
            Self::Malformed {
                structure: MESSAGE,
                source,
            } => Self::Malformed { structure, source },
            other => other,
        }
    }

    /// Refuses a count above its budget.
    pub(crate) fn budget(what: &'static str, found: usize, limit: usize) -> Result<(), Self> {
        if found > limit {
            Err(Self::TooMuch { what, found, limit })
        } else {
            Ok(())
        }
    }
}

impl From<der::Error> for CmsError {
    fn from(source: der::Error) -> Self {
        Self::Malformed {
            structure: MESSAGE,
            source,
        }
    }
}
