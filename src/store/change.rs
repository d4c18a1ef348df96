//! A change: writes that become durable together.

use crate::ledger::LedgerEntry;
use crate::store::authorities::Authority;
use crate::store::certificate_authorities::CertificateAuthority;
use crate::store::certificates::{CertificateRevocation, CompletedCertificate, SerialReservation};
use crate::store::crl_parts::CrlPart;
use crate::store::crls::Crl;
use crate::store::cross_certificates::{CrossCertificateReturned, NewCrossCertificate};
use crate::store::document_intakes::{CompletedDocument, DocumentPart, FirstChunk};
use crate::store::documents::Document;
use crate::store::error::StoreError;
use crate::store::events::DetailErasure;
use crate::store::idempotency::IdempotentCompletion;
use crate::store::imports::ImportRow;
use crate::store::keys::KeyRecord;
use crate::store::licences::{LicenceTransition, NewLicence};
use crate::store::ocsp_answers::OcspAnswer;
use crate::store::officers::{Officer, OfficerRemoval};
use crate::store::open::Store;
use crate::store::operation::Operation;
use crate::store::proposals::{Proposal, ProposalDecision, ProposalOutcome, ProposalStatement};
use crate::store::recognition::{FormerPartnerList, PartnerList, PartnerListCheck, RecognitionList};
use crate::store::revocations::{HeldRevocation, HoldRelease};
use crate::store::seal_lists::SignedSealList;
use crate::store::sealing_batches::{NewSealingBatch, SealingBatchOutcome};
use crate::store::sealings::Sealing;
use crate::store::seals::{Seal, SealTransition};
use crate::store::settings::Setting;
use crate::store::sql::{Conn, Step};
use crate::store::status::StatusUpdate;
use crate::store::tokens::{NewToken, TokenRevocation};
use crate::store::validation_data::KeptValidationData;

/// A write that can be part of a change. It says what it does and leaves the doing to the change, so that the steps of
/// all writes can go to the database together.
pub(super) trait Write {
    /// What it does, in order.
    fn steps(&self) -> Vec<Step<'_>>;

    /// Why the step of this number, from 0, wrote no row. Stays as it is for a write that nothing in the tables
    /// refuses.
    async fn refusal(&self, _step: usize, _conn: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::Unavailable(sqlx::Error::RowNotFound))
    }
}

macro_rules! writes {
    ($($(#[$doc:meta])* $method:ident => $kind:ident),+ $(,)?) => {
        #[derive(Debug, Clone)]
        enum AnyWrite {
            $($kind($kind)),+
        }

        impl Change {
            $($(#[$doc])*
            pub fn $method(&mut self, write: $kind) -> &mut Self {
                self.writes.push(AnyWrite::$kind(write));
                self
            })+
        }

        impl AnyWrite {
            fn steps(&self) -> Vec<Step<'_>> {
                match self {
                    $(Self::$kind(write) => write.steps()),+
                }
            }

            async fn refusal(&self, step: usize, conn: &mut Conn<'_>) -> Result<StoreError, StoreError> {
                match self {
                    $(Self::$kind(write) => write.refusal(step, conn).await),+
                }
            }
        }
    };
}

/// Writes that become durable together or not at all, in the order in which they are added. The first that is refused
/// refuses them all.
#[derive(Debug, Clone, Default)]
#[must_use = "a change does nothing until it is committed"]
pub struct Change {
    writes: Vec<AnyWrite>,
}

impl Change {
    /// An empty change.
    pub fn new() -> Self {
        Self::default()
    }

    /// Bytes of the documents that it holds itself.
    pub fn document_bytes(&self) -> u64 {
        let documents = self.writes.iter().map(|write| match write {
            AnyWrite::Document(document) => document.bytes().len() as u64,
            _ => 0,
        });
        documents.sum()
    }

    /// Adds the writes of another change behind its own.
    pub fn append(&mut self, mut other: Self) -> &mut Self {
        self.writes.append(&mut other.writes);
        self
    }
}

writes! {
    /// Records what happened. Refused: [`Conflict::Exists`](crate::store::Conflict::Exists) for an event recorded
    /// before.
    record => LedgerEntry,
    /// Erases the detail of an event with its salt. Refused: `NotFound`.
    erase_detail => DetailErasure,
    /// Keeps a document; one that is there already is left alone.
    put_document => Document,
    /// Keeps a part of a document that is being brought. Refused: [`StoreError::Interrupted`] where its intake ran out.
    put_document_part => DocumentPart,
    /// Keeps the first chunk of a document whose others are there beside it. Refused: `Interrupted` where its intake
    /// ran out.
    put_first_chunk => FirstChunk,
    /// Completes a document that was brought whole. Refused: `Interrupted` where its intake ran out.
    complete_document => CompletedDocument,
    /// Issues a licence version. Refused: `IdentifierIssued`, `NumberUsed`.
    issue_licence => NewLicence,
    /// Moves a licence version from one state to another. Refused: `NotFound`, `StateChanged`.
    move_licence => LicenceTransition,
    /// Sets what a status list says about a licence.
    set_status => StatusUpdate,
    /// Completes an idempotent request. Refused: `KeyTakenOver`.
    complete_request => IdempotentCompletion,
    /// Records what became of a row of an import. Refused: `Exists` for a row that was issued before.
    put_import_row => ImportRow,
    /// Registers an authority. Refused: `Exists`.
    register_authority => Authority,
    /// Gives out a token. Refused: `Exists`.
    add_token => NewToken,
    /// Revokes a token; one that was revoked before keeps its time. Refused: `NotFound`.
    revoke_token => TokenRevocation,
    /// Registers a certificate authority. Refused: `Exists`.
    add_certificate_authority => CertificateAuthority,
    /// Reserves a serial before anything is signed. Refused: `Exists`.
    reserve_serial => SerialReservation,
    /// Stores the certificate of a reserved serial. Refused: `NotFound`, `StateChanged`, `OtherContent`.
    complete_certificate => CompletedCertificate,
    /// Revokes a certificate. Refused: `NotFound`, `StateChanged`.
    revoke_certificate => CertificateRevocation,
    /// Revokes a certificate that is on hold for good. Refused: `NotFound`, `StateChanged`.
    revoke_held_certificate => HeldRevocation,
    /// Takes a certificate off its hold. Refused: `NotFound`, `StateChanged`.
    release_certificate => HoldRelease,
    /// Keeps an answer about a certificate that was signed beforehand. Refused: `Exists` where it is out of date.
    put_ocsp_answer => OcspAnswer,
    /// Publishes a part of a CRL or a delta CRL. Refused: `Exists` where a newer one is there.
    publish_crl_part => CrlPart,
    /// Keeps what stands beside a cross-certificate. Refused: `Exists`.
    add_cross_certificate => NewCrossCertificate,
    /// Keeps what a partner issued in return. Refused: `NotFound`.
    return_cross_certificate => CrossCertificateReturned,
    /// Publishes a CRL. Refused: `Exists`.
    publish_crl => Crl,
    /// Keeps a certificate or list of somebody else; what is there already is left alone.
    keep_validation_data => KeptValidationData,
    /// Registers a key. Refused: `Exists`.
    add_key => KeyRecord,
    /// Stores a seal. Refused: `Exists`.
    add_seal => Seal,
    /// Keeps a status list of seals that was signed.
    keep_seal_list => SignedSealList,
    /// Keeps that a document was sealed.
    add_sealing => Sealing,
    /// Takes in documents that are to be sealed.
    add_sealing_batch => NewSealingBatch,
    /// Records what became of a file of a batch. Refused: `KeyTakenOver` where another has taken it over.
    end_sealing_of_batch => SealingBatchOutcome,
    /// Moves a seal from one state to another. Refused: `NotFound`, `StateChanged`.
    move_seal => SealTransition,
    /// Publishes a version of the seal status list. Refused: `Exists`.
    /// Enrols an officer. Refused: `Exists` for a key or a person enrolled before.
    enrol_officer => Officer,
    /// Removes an officer. Refused: `NotFound`, `StateChanged`.
    remove_officer => OfficerRemoval,
    /// Enters a proposal. Refused: `Exists`.
    add_proposal => Proposal,
    /// Ends an open proposal. Refused: `NotFound`, `StateChanged`.
    decide_proposal => ProposalDecision,
    /// Tells what came of a proposal. Refused: `NotFound`, `StateChanged`.
    put_outcome => ProposalOutcome,
    /// Keeps what an officer stated. Refused: `Exists`; `StateChanged` for an officer who was removed.
    add_statement => ProposalStatement,
    /// Publishes a recognition list. Refused: `Exists` for a number that was published before.
    publish_recognition_list => RecognitionList,
    /// Keeps what the list of somebody else is followed with, whatever it was.
    put_partner_list => PartnerList,
    /// Forgets the list of a partner. Refused: `NotFound`.
    forget_partner_list => FormerPartnerList,
    /// Notes that the list of a partner was looked for. Refused: `NotFound`.
    check_partner_list => PartnerListCheck,
    /// Sets a setting, whatever it was.
    put_setting => Setting,
}

impl Operation for Change {
    type Output = ();

    async fn run(&self, conn: &mut Conn<'_>) -> Result<(), StoreError> {
        let writes: Vec<Vec<Step<'_>>> = self.writes.iter().map(AnyWrite::steps).collect();
        let steps: Vec<&Step<'_>> = writes.iter().flatten().collect();
        if conn.run_together(&steps).await? {
            return Ok(());
        }
        for (write, steps) in self.writes.iter().zip(&writes) {
            for (number, step) in steps.iter().enumerate() {
                if conn.execute(step.sql, &step.args).await? == 0 {
                    return Err(write.refusal(number, conn).await?);
                }
            }
        }
        Ok(())
    }
}

impl Store {
    /// Makes a change durable: when this returns `Ok`, all its writes survive a loss of power; when it returns a
    /// refusal or a failure, none is there. After [`StoreError::Unavailable`] the outcome is open, as the answer of the
    /// database may have been lost: whoever tries again relies on the conflicts.
    pub async fn commit(&self, change: Change) -> Result<(), StoreError> {
        self.apply(change).await
    }
}
