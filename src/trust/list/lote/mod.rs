//! A list as JSON: the JSON binding of ETSI TS 119 602 (`LoTE`), read strictly and within budgets, and written.
//!
//! What the standard has no place for stands in its extension points, each object under a name of ours and critical.
//! Members that the standard defines and we do not need (addresses, legal notices, supply points) are passed over, as
//! are extensions of others that are not critical; critical ones are refused. Texts are kept in Chinese and English
//! alone.

mod bounds;
mod extension;
mod read;
mod write;
mod wire;

/// Entities that a list may have: a province has some hundred authorities, the European lists of all states a few
/// hundred.
pub(super) const MAX_ENTITIES: usize = 1_000;

/// Services that an entity may have: four kinds, and a certificate after another over thirty years.
const MAX_SERVICES: usize = 64;

/// Pointers, to the list itself and to those of others: one for each prefecture of the largest provinces, several times
/// over.
pub const MAX_POINTERS: usize = 100;

/// Signers that a list names: one, two while they change, a few in reserve.
const MAX_SIGNERS: usize = 8;

/// Bytes of their certificates, DER: eight of 2 KiB, so that a hundred pointers leave room in a list.
const MAX_SIGNER_BYTES: usize = 16 * 1024;

/// Rows of a table of assurance levels, name constraints of a form, policies, and regions of an entity.
const MAX_BOUNDS: usize = 200;

/// Characters of a text or an address.
const MAX_TEXT: usize = 500;

/// Layout of the standard that is read and written (`LoTEVersionIdentifier`).
const VERSION: u64 = 1;

/// Kind of list (`LoTEType`).
const LIST_TYPE: &str = "urn:yinxin:lote:type:recognised-authorities";

/// How the status of an entity is determined (`StatusDeterminationApproach`).
const STATUS_DETERMINATION: &str = "urn:yinxin:lote:status-determination:two-officers";

/// What a service of an entity is called, before its stable name (`ServiceTypeIdentifier`).
const SERVICE_TYPE: &str = "urn:yinxin:lote:service:";

/// Statuses (`ServiceStatus`): those that ETSI TS 119 612 section 5.5.4 defines, and ours.
const STATUSES: [(super::Status, &str); 3] = [
    (
        super::Status::Granted,
        "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted",
    ),
    (super::Status::Suspended, "urn:yinxin:lote:status:suspended"),
    (
        super::Status::Withdrawn,
        "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/withdrawn",
    ),
];

#[cfg(test)]
mod tests;
