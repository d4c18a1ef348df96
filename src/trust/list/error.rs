//! Why a list, or a change to one, is not accepted. Each refusal has its own name, so that who reads it knows what to
//! do.

use chrono::{DateTime, Utc};

use super::{ListDigest, SignerId, Status};
use crate::clock::rfc3339;
use crate::problem::{Explain, Problem};

/// Why a list is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// Longer than any list.
    #[error("list of {bytes} bytes exceeds the limit of {limit} bytes")]
    TooLong {
        /// Bytes found.
        bytes: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// More of something than a list may have, or none of what it must have.
    #[error("{found} {what} are not between what must be there and the limit of {limit}")]
    Count {
        /// Of what.
        what: &'static str,
        /// How many.
        found: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// No signed message (RFC 7515), or one whose headers are not supported.
    #[error("the list is not a signed message: {reason}")]
    NotSigned {
        /// What is wrong.
        reason: String,
    },
    /// Its signature does not match.
    #[error("the signature of the list does not match")]
    Signature,
    /// The content is not that of a list (ETSI TS 119 602).
    #[error("the content is not that of a list: {reason}")]
    Content {
        /// What is wrong, and where.
        reason: String,
    },
    /// A layout that came after this program.
    #[error("list layout {version} is not supported")]
    Version {
        /// The version named.
        version: u64,
    },
    /// A value that cannot be read.
    #[error("{field} \"{value}\" of the list cannot be read")]
    Value {
        /// The field.
        field: &'static str,
        /// Its value.
        value: String,
    },
    /// The next list is due before this one was made.
    #[error("the list says that the next is due at {next_update}, before it was made at {issued}")]
    Dates {
        /// When it was made.
        issued: DateTime<Utc>,
        /// When the next is due.
        next_update: DateTime<Utc>,
    },
    /// No entity: such a list would withdraw everybody without a word.
    #[error("the list is empty")]
    Empty,
    /// Two entities of one identifier.
    #[error("entity {entity} is in the list twice")]
    DuplicateEntity {
        /// The identifier.
        entity: String,
    },
    /// A certificate of two entities, or twice for one service.
    #[error("the certificate of {subject} stands twice in the list, for {one} and for {other}")]
    DuplicateCertificate {
        /// Its subject.
        subject: String,
        /// An entity.
        one: String,
        /// The other entity, or the same.
        other: String,
    },
    /// A certificate that is no authority's.
    #[error("the certificate of {subject}, for {entity}, is not that of a certification authority")]
    NotAuthority {
        /// Its subject.
        subject: String,
        /// The entity.
        entity: String,
    },
    /// anyPolicy in the table of assurance levels.
    #[error("the table of assurance levels of {entity} maps anyPolicy")]
    AnyPolicyMapped {
        /// The entity.
        entity: String,
    },
    /// Two entities claim the authorities of one region.
    #[error("{one} and {other} both claim the authorities of {space}")]
    OverlappingRegions {
        /// An entity.
        one: String,
        /// The other.
        other: String,
        /// What both claim.
        space: String,
    },
    /// A decision dated before the one in front of it.
    #[error("a decision of {decided} stands behind a later one")]
    DecisionOrder {
        /// When it was made.
        decided: DateTime<Utc>,
    },
    /// A loss of recognition for a time before it was decided, for another reason than compromise.
    #[error("{} since {since} was decided on {decided}, and only a compromise dates back", .status.name())]
    Backdated {
        /// The status given.
        status: Status,
        /// From when on.
        since: DateTime<Utc>,
        /// When it was decided.
        decided: DateTime<Utc>,
    },
    /// Two pointers lead to one place: nobody but the list itself says who signs the next one there.
    #[error("two pointers of the list lead to {location}")]
    DuplicatePointer {
        /// The place.
        location: String,
    },
    /// What was encoded reads as another list: some value does not fit into the form, or there are too many.
    #[error("the list does not read back as it was meant")]
    ReadsOtherwise,
    /// The first list has a list before it, or a later one has none.
    #[error("list {sequence} does not name the list before it as it must")]
    ChainMissing {
        /// Its number.
        sequence: u64,
    },
    /// Signed by somebody who is neither pinned nor rolled over to.
    #[error("the list is signed by {signer}, who may not sign it")]
    UnknownSigner {
        /// The key, or what is said of it where it is not named.
        signer: String,
    },
    /// Signed with a certificate that was not valid when the list was made.
    #[error("the list of {issued} is signed with a certificate that was not valid then")]
    SignerNotValid {
        /// When it was made.
        issued: DateTime<Utc>,
    },
    /// A list older than one that was seen: an attempt to roll back.
    #[error("list {found} is older than list {seen}, which was seen already")]
    FallingSequence {
        /// Its number.
        found: u64,
        /// The number seen last.
        seen: u64,
    },
    /// Two lists of one number.
    #[error("list {sequence} has other content than the list of that number that was seen already")]
    OtherContent {
        /// The number.
        sequence: u64,
    },
    /// The list before is another than the one that was seen.
    #[error("list {sequence} follows {found}, but the list before it was {seen}")]
    BrokenChain {
        /// Its number.
        sequence: u64,
        /// The list that it names.
        found: ListDigest,
        /// The list that was seen.
        seen: ListDigest,
    },
    /// Made before the one that it follows.
    #[error("list {sequence} was made before the list that it follows")]
    FallingTime {
        /// Its number.
        sequence: u64,
    },
    /// An entity of an earlier list is gone. Recognition ends by a decision that stays readable.
    #[error("entity {entity} was removed from the list")]
    EntityRemoved {
        /// The entity.
        entity: String,
    },
    /// A service of an earlier list is gone.
    #[error("the service {service} of {entity} was removed from the list")]
    ServiceRemoved {
        /// The entity.
        entity: String,
        /// Stable name of the service.
        service: &'static str,
    },
    /// Decisions of an earlier list are gone or changed.
    #[error("the history of the service {service} of {entity} was removed or changed")]
    HistoryRemoved {
        /// The entity.
        entity: String,
        /// Stable name of the service.
        service: &'static str,
    },
    /// Its successor is due, and whoever relies on it wants none that is.
    #[error("the list was due to be replaced at {next_update}")]
    Stale {
        /// When the next was due.
        next_update: DateTime<Utc>,
    },
}

impl ListError {
    /// A key that may not sign.
    pub(super) fn unknown_signer(signer: SignerId) -> Self {
        Self::UnknownSigner {
            signer: signer.to_string(),
        }
    }

    /// A value that cannot be read.
    pub(super) fn value(field: &'static str, value: impl ToString) -> Self {
        // Quoted in messages: a name, not a certificate.
        let value = value.to_string().chars().take(80).collect();
        Self::Value { field, value }
    }
}

impl Explain for ListError {
    fn problems(&self) -> Vec<Problem> {
        vec![match self {
            Self::TooLong { bytes, limit } => Problem::new("list-too-long")
                .param("bytes", bytes)
                .param("limit", limit),
            Self::Count { what, found, limit } => Problem::new("list-count")
                .param("what", what)
                .param("found", found)
                .param("limit", limit),
            Self::NotSigned { reason } => Problem::new("list-not-signed").param("reason", reason),
            Self::Signature => Problem::new("list-signature"),
            Self::Content { reason } => Problem::new("list-content").param("reason", reason),
            Self::Version { version } => Problem::new("list-version").param("version", version),
            Self::Value { field, value } => Problem::new("list-value").param("what", field).param("value", value),
            Self::Dates { issued, next_update } => Problem::new("list-dates")
                .param("issued", rfc3339(*issued))
                .param("next", rfc3339(*next_update)),
            Self::Empty => Problem::new("list-empty"),
            Self::DuplicatePointer { location } => Problem::new("list-duplicate-pointer").param("location", location),
            Self::ReadsOtherwise => Problem::new("list-reads-otherwise"),
            Self::DuplicateEntity { entity } => Problem::new("list-duplicate-entity").param("entity", entity),
            Self::DuplicateCertificate { subject, one, other } => Problem::new("list-duplicate-certificate")
                .param("subject", subject)
                .param("one", one)
                .param("other", other),
            Self::NotAuthority { subject, entity } => Problem::new("list-not-authority")
                .param("subject", subject)
                .param("entity", entity),
            Self::AnyPolicyMapped { entity } => Problem::new("list-any-policy").param("entity", entity),
            Self::OverlappingRegions { one, other, space } => Problem::new("list-overlapping-regions")
                .param("one", one)
                .param("other", other)
                .param("space", space),
            Self::DecisionOrder { decided } => Problem::new("list-decision-order").param("decided", rfc3339(*decided)),
            Self::Backdated { status, since, decided } => Problem::new("list-backdated")
                .param("status", status.name())
                .param("since", rfc3339(*since))
                .param("decided", rfc3339(*decided)),
            Self::ChainMissing { sequence } => Problem::new("list-chain-missing").param("sequence", sequence),
            Self::UnknownSigner { signer } => Problem::new("list-unknown-signer").param("signer", signer),
            Self::SignerNotValid { issued } => Problem::new("list-signer-not-valid").param("issued", rfc3339(*issued)),
            Self::FallingSequence { found, seen } => Problem::new("list-falling-sequence")
                .param("found", found)
                .param("seen", seen),
            Self::OtherContent { sequence } => Problem::new("list-other-content").param("sequence", sequence),
            Self::BrokenChain { sequence, found, seen } => Problem::new("list-broken-chain")
                .param("sequence", sequence)
                .param("found", found)
                .param("seen", seen),
            Self::FallingTime { sequence } => Problem::new("list-falling-time").param("sequence", sequence),
            Self::EntityRemoved { entity } => Problem::new("list-entity-removed").param("entity", entity),
            Self::ServiceRemoved { entity, service } => Problem::new("list-service-removed")
                .param("entity", entity)
                .param("service", service),
            Self::HistoryRemoved { entity, service } => Problem::new("list-history-removed")
                .param("entity", entity)
                .param("service", service),
            Self::Stale { next_update } => Problem::new("list-stale").param("next", rfc3339(*next_update)),
        }]
    }
}
