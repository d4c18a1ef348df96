//! Typed identifiers of the things that the store keeps: a licence's row is never mistaken for a seal's.
//!
//! Each is a UUID of version 7 (RFC 9562), so that rows are stored in the order of their making, written in lower case
//! with hyphens. Identifiers that the standards define (licence identifier, credit code) are types of `licence`.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use uuid::{NoContext, Timestamp, Uuid};

/// A text that is not a UUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} \"{value}\" is not a UUID")]
pub struct IdError {
    kind: &'static str,
    value: String,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new one for something made at `now`; later ones are greater.
            pub fn new(now: DateTime<Utc>) -> Self {
                let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
                Self(Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos())))
            }

            /// The 16 bytes.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| IdError { kind: stringify!($name), value: text.to_owned() })
            }
        }
    )+};
}

ids! {
    /// One event of the ledger.
    EventId,
    /// One bulk import.
    ImportId,
    /// One officer.
    OfficerId,
    /// One proposal of an act that needs two people.
    ProposalId,
    /// Documents that were brought together to be sealed.
    SealingBatchId,
    /// One document that was brought and sealed.
    SealingId,
    /// One bearer token.
    TokenId,
    /// One answer given by the verification service.
    VerificationId,
}
