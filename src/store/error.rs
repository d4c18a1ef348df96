//! What can go wrong in the store, by what the caller does about it.

use crate::crypto::RandomError;

/// A refusal or a failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The named thing is not kept here.
    #[error("{what} \"{key}\" is not in the store")]
    NotFound {
        /// What kind of thing.
        what: &'static str,
        /// What it was looked up by.
        key: String,
    },
    /// Something else got there first; nothing was written.
    #[error(transparent)]
    Conflict(#[from] Conflict),
    /// The database did not answer, or could not take it; nothing of the request is acknowledged. Trying again may
    /// help.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// The write was given up because another of its group broke the connection, because the store is closing, or
    /// because what was written ahead of it was waited for too long. Trying again helps.
    #[error("the database stopped before the write was durable")]
    Interrupted,
    /// What was read is not what was written.
    #[error("stored {what} is damaged: {reason}")]
    Corrupt {
        /// Table and column, or the thing.
        what: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The write names something that is not kept here: an authority, an import, a parent.
    #[error("the write refers to something that is not in the store")]
    Dangling(#[source] sqlx::Error),
    /// The operating system gave no random bytes.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The database location is none that is understood.
    #[error("database location \"{0}\" starts with neither sqlite: nor postgres:")]
    Location(String),
    /// The tables could not be brought to this program's version.
    #[error("the tables could not be brought to the version of this program")]
    Migration(#[from] sqlx::migrate::MigrateError),
}

/// What was already there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// The licence identifier was issued before (GB/T 36904: an identifier names one licence version).
    #[error("licence identifier {0} is already issued")]
    IdentifierIssued(String),
    /// The licence number is in use by another licence of this type and issuer.
    #[error("licence number \"{number}\" is already used by licence serial {serial} of the same type and issuer")]
    NumberUsed {
        /// The number.
        number: String,
        /// Serial of the licence that has it.
        serial: String,
    },
    /// The thing is no longer in the state that the change starts from.
    #[error("{what} \"{key}\" is in state {found}, not {expected}")]
    StateChanged {
        /// What kind of thing.
        what: &'static str,
        /// Its key.
        key: String,
        /// The state that the change starts from.
        expected: String,
        /// The state that it is in.
        found: String,
    },
    /// A thing of this key is there already.
    #[error("{what} \"{key}\" is already in the store")]
    Exists {
        /// What kind of thing.
        what: &'static str,
        /// Its key.
        key: String,
    },
    /// The thing was begun for another content.
    #[error("{what} \"{key}\" was begun for another content")]
    OtherContent {
        /// What kind of thing.
        what: &'static str,
        /// Its key.
        key: String,
    },
    /// The request took longer than its hold on the idempotency key, and another has taken it over.
    #[error("idempotency key \"{0}\" was taken over by another request")]
    KeyTakenOver(String),
}

impl Conflict {
    /// Why a thing could not leave the state `expected`: it is in another, is not there at all, or is not the one
    /// meant.
    pub(super) fn state(what: &'static str, key: impl ToString, expected: &str, found: Option<String>) -> StoreError {
        match found {
            None => StoreError::not_found(what, key),
            Some(found) if found == expected => StoreError::Conflict(Self::OtherContent {
                what,
                key: key.to_string(),
            }),
            Some(found) => StoreError::Conflict(Self::StateChanged {
                what,
                key: key.to_string(),
                expected: expected.to_owned(),
                found,
            }),
        }
    }
}

impl StoreError {
    pub(super) fn not_found(what: &'static str, key: impl ToString) -> Self {
        Self::NotFound {
            what,
            key: key.to_string(),
        }
    }

    pub(super) fn exists(what: &'static str, key: impl ToString) -> Self {
        Self::Conflict(Conflict::Exists {
            what,
            key: key.to_string(),
        })
    }

    pub(super) fn corrupt(what: impl Into<String>, reason: impl ToString) -> Self {
        Self::Corrupt {
            what: what.into(),
            reason: reason.to_string(),
        }
    }

    /// The conflict, where this is one.
    pub fn conflict(&self) -> Option<&Conflict> {
        match self {
            Self::Conflict(conflict) => Some(conflict),
            _ => None,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::ColumnDecode { index, source } => Self::corrupt(format!("column {index}"), source),
            sqlx::Error::Database(ref refusal) if refusal.is_foreign_key_violation() => Self::Dangling(error),
            other => Self::Unavailable(other),
        }
    }
}
