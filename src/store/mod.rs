//! The database behind one interface: SQLite for one machine, PostgreSQL for several nodes.
//!
//! A [`Store`] is read through its typed queries, and written through a [`Change`]: a list of writes that is durable as
//! a whole or not at all, so that a licence, its document and its event are never apart. Both databases run the same
//! SQL text (`sql`); only the migrations differ. SQLite has one writer that commits the changes of many callers
//! together (`writer`) and several readers; PostgreSQL has a pool. Row layouts are private; times are kept to the
//! microsecond. What needs a number before the change (serials, status indexes, idempotency keys, imports) has an
//! operation of its own. Left out: what the values mean. Personal data and sealed keys come encrypted and stay opaque
//! here.

mod authorities;
mod certificate_authorities;
mod certificate_list;
mod certificates;
mod change;
mod crl_parts;
mod cross_certificates;
mod crls;
mod document_intakes;
mod documents;
mod error;
mod events;
mod idempotency;
mod imports;
mod keys;
mod leases;
mod licence_list;
mod licences;
mod ocsp_answers;
mod officers;
mod open;
mod operation;
mod proposal_list;
mod proposals;
mod recognition;
mod revocations;
mod seal_lists;
mod sealing_batches;
mod sealings;
mod seals;
mod settings;
mod sql;
mod status;
mod tokens;
mod trust_version;
mod validation_data;
mod writer;

pub use authorities::Authority;
pub use certificate_authorities::{CertificateAuthority, OFFLINE};
pub use certificate_list::{
    CertificateCursor, CertificateFilter, CertificatePage, CertificateStatus, ListedCertificate,
};
pub use certificates::{Certificate, CertificateRevocation, CertificateState, CompletedCertificate, SerialReservation};
pub use change::Change;
pub use crl_parts::{CrlPart, PartOfCrl};
pub use crls::Crl;
pub use cross_certificates::{CrossCertificate, CrossCertificateReturned, NewCrossCertificate};
pub use document_intakes::{CompletedDocument, DocumentIntake, DocumentPart, FirstChunk};
pub use documents::{CHUNK_SIZE, Document, DocumentReader};
pub use error::{Conflict, StoreError};
pub use events::{DetailErasure, StoredEvent};
pub use idempotency::{Attempt, Beginning, IdempotencyRequest, IdempotentAnswer, IdempotentCompletion, REQUEST_HOLD};
pub use imports::{Import, ImportRow, NewImport, RowOutcome};
pub use keys::{KeyPlace, KeyRecord};
pub use leases::Counter;
pub use licence_list::{CursorError, LicenceCursor, LicenceFilter, LicencePage};
pub use licences::{LicenceKey, LicenceTransition, LookupHash, NewLicence, StoredLicence};
pub use ocsp_answers::OcspAnswer;
pub use officers::{Officer, OfficerRemoval};
pub use open::{Store, StoreSettings};
pub use proposal_list::{ProposalCursor, ProposalFilter, ProposalPage};
pub use proposals::{Proposal, ProposalDecision, ProposalOutcome, ProposalState, ProposalStatement};
pub use recognition::{FormerPartnerList, PartnerList, PartnerListCheck, RecognitionList};
pub use revocations::{HeldRevocation, HoldRelease, ReleasedHold};
pub use seal_lists::SignedSealList;
pub use sealing_batches::{
    ClaimedFile, FileOutcome, NewSealingBatch, SEALING_HOLD, SealingBatch, SealingBatchFile, SealingBatchOutcome,
};
pub use sealings::Sealing;
pub use seals::{Seal, SealChange, SealState, SealTransition};
pub use settings::Setting;
pub use status::StatusUpdate;
pub use tokens::{NewToken, Token, TokenRevocation};
pub use trust_version::TrustVersion;
pub use validation_data::{KeptValidationData, ValidationData};
