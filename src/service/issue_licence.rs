//! Issuing a licence: from a department's application to a sealed document in the store.
//!
//! Everything that can be refused is refused before a number is spent. The pure work (record, code, face, seal,
//! signature, time stamp) is one piece on the workers; then document, licence, event and whatever else belongs to the
//! request become durable in one transaction, and only then is the licence acknowledged.

use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Datelike, Utc};

use crate::credential::{Payload, StatusIndex, VerificationCode, print, record_digest, shortened_holder};
use crate::crypto::random;
use crate::face::{FaceInput, FirstRevision};
use crate::hex;
use crate::licence::application::Application;
use crate::licence::authority::Authority;
use crate::licence::credit_code::CreditCode;
use crate::licence::identifier::{Identifier, Serial};
use crate::licence::licence_type::LicenceType;
use crate::licence::public_view::PublicView;
use crate::licence::record::LicenceRecord;
use crate::licence::state::LicenceState;
use crate::licence::validate::ValidLicence;
use crate::problem::{Explain, Problem};
use crate::service::actor::{Actor, Scope};
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::faces::Faces;
use crate::service::issuers::Issuer;
use crate::service::part_times::{Part, PartTimes};
use crate::service::{Service, events};
use crate::sign::Claims;
use crate::sign::licence::{UnsignedLicence, certify};
use crate::store::{Attempt, Change, Counter, Document, IdempotentAnswer, ImportRow, LicenceKey};
use crate::store::{NewLicence, RowOutcome};

/// What the signature of a licence says of its reason.
const REASON: &str = "签发电子证照";

/// A licence as it was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedLicence {
    /// Its identifier.
    pub identifier: Identifier,
    /// The eight characters on its face; they are not kept.
    pub verification_code: String,
    /// What its QR code says.
    pub code: String,
    /// SHA-256 of the document.
    pub document_sha256: [u8; 32],
    /// Length of the document in bytes.
    pub document_bytes: usize,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
}

/// What becomes durable together with the licence.
pub enum Together {
    /// Nothing else.
    Alone,
    /// The end of an idempotent request; the answer is made from the licence.
    Request {
        /// The hold on the key.
        attempt: Attempt,
        /// Makes the answer.
        answer: Box<dyn FnOnce(&IssuedLicence) -> IdempotentAnswer + Send>,
    },
    /// The outcome of a row of an import.
    Row {
        /// The import.
        import: crate::id::ImportId,
        /// Number of the row, from 1.
        row: u32,
    },
}

/// What the workers make of a valid application.
struct Made {
    licence: IssuedLicence,
    document: Document,
    personal: Vec<u8>,
}

/// What the workers are given.
struct Order {
    issuer: Arc<Issuer>,
    faces: Arc<Faces>,
    licence_type: Arc<LicenceType>,
    valid: ValidLicence,
    identifier: Identifier,
    status: StatusIndex,
    verify_address: String,
    now: DateTime<Utc>,
    times: Arc<PartTimes>,
}

impl Service {
    /// Issues a licence for an authority.
    ///
    /// # Errors
    /// Where the actor may not issue for the authority, the authority may not issue the type, the application breaks
    /// rules (all of them are told), a text does not fit the face or has a character that no font has, the seal or
    /// certificate may not be used, or the identifier or number is taken.
    pub async fn issue_licence(
        &self,
        actor: &Actor,
        authority: &CreditCode,
        application: &Application,
        together: Together,
    ) -> ServiceResult<IssuedLicence> {
        actor.may(Scope::Issue, authority)?;
        let started = Instant::now();
        let licence_type = Arc::clone(self.types().of(application).map_err(ServiceError::explained)?);
        let valid = licence_type
            .validate(application, self.today())
            .map_err(ServiceError::explained)?;
        let issuing = self.authority(authority).await?;
        if !licence_type.may_be_issued_by(issuing.level) {
            return Err(not_entitled(&issuing, &licence_type));
        }
        let issuer = self.issuer(authority).await?;
        if !issuer.licence_types.contains(&licence_type.code()) {
            return Err(not_entitled(&issuing, &licence_type));
        }
        self.check_face(&issuer, &licence_type, &valid).await?;
        self.part_times.add(Part::Validate, started);

        let identifier = self.next_identifier(&licence_type, authority, &valid).await?;
        let status = StatusIndex::from_ordinal(self.next_number(&Counter::StatusIndex).await?)
            .ok_or_else(|| ServiceError::Unavailable("all places of the status lists are taken".to_owned()))?;
        let now = self.now();
        let order = Order {
            issuer,
            faces: Arc::clone(&self.faces),
            licence_type,
            valid,
            identifier,
            status,
            verify_address: format!("{}/v", self.public_url()),
            now,
            times: Arc::clone(&self.part_times),
        };
        let (order, made) = self.work(move || make(&order).map(|made| (order, made))).await?;
        let change = self
            .part_times
            .time(Part::Record, || self.change(actor, &order, &made, together))?;
        let licence = made.licence;
        let started = Instant::now();
        self.store().commit(change).await?;
        self.part_times.add(Part::Store, started);
        Ok(licence)
    }

    /// Refuses what the face cannot show, before a number is spent.
    async fn check_face(
        &self,
        issuer: &Arc<Issuer>,
        licence_type: &Arc<LicenceType>,
        valid: &ValidLicence,
    ) -> ServiceResult<()> {
        let face = self.faces.face(&licence_type.slug)?;
        let serial = valid.serial().cloned().unwrap_or_else(|| Serial::of_year(0, 0));
        let identifier = Identifier::first(licence_type.code(), issuer.authority.code, serial);
        let record = LicenceRecord::new(licence_type, valid, &identifier, &issuer.authority, None);
        face.check(self.faces.fonts()?, &face.texts(licence_type, &record))
            .map_err(|errors| ServiceError::Refused(errors.iter().flat_map(Explain::problems).collect()))
    }

    /// The identifier: the serial that the application brings, or the next of the authority in this year.
    async fn next_identifier(
        &self,
        licence_type: &LicenceType,
        authority: &CreditCode,
        valid: &ValidLicence,
    ) -> ServiceResult<Identifier> {
        let serial = match valid.serial() {
            Some(serial) => serial.clone(),
            None => {
                let year = self.today().year();
                let counter = Counter::LicenceSerial {
                    type_code: licence_type.code().to_string(),
                    issuer: authority.to_string(),
                    year,
                };
                let year = u16::try_from(year).map_err(ServiceError::internal)?;
                Serial::of_year(year, self.next_number(&counter).await?)
            }
        };
        Ok(Identifier::first(licence_type.code(), *authority, serial))
    }

    fn change(&self, actor: &Actor, order: &Order, made: &Made, together: Together) -> ServiceResult<Change> {
        let Order {
            valid, identifier, now, ..
        } = order;
        let text = identifier.to_string();
        let mut change = Change::new();
        change.put_document(made.document.clone());
        change.issue_licence(NewLicence {
            key: licence_key(identifier),
            number: valid.number().to_owned(),
            authority: identifier.issuer.to_string(),
            state: LicenceState::Issued.name().to_owned(),
            issued_on: Some(valid.issued()),
            valid_from: Some(valid.effective()),
            valid_until: valid.expiring(),
            holder_name_hash: Some(self.personal.lookup("holder-name", valid.holder_name())),
            holder_code_hash: Some(self.personal.lookup("holder-code", valid.holder_code().as_str())),
            personal: Some(self.personal.seal(&text, &made.personal)?),
            document_sha256: made.licence.document_sha256,
            status_index: Some(order.status),
            verification_code_hash: Some(self.code_hash(&made.licence.verification_code, &text)?),
            created_at: *now,
        });
        let detail = serde_json::json!({ "document": hex::encode(&made.licence.document_sha256) });
        change.record(events::entry(*now, actor, "licence.issue", &text, &detail)?);
        match together {
            Together::Alone => {}
            Together::Request { attempt, answer } => {
                change.complete_request(self.completion(attempt, &answer(&made.licence))?);
            }
            Together::Row { import, row } => {
                change.put_import_row(ImportRow {
                    import,
                    row,
                    outcome: RowOutcome::Issued(text),
                });
            }
        }
        Ok(change)
    }

    /// What is kept of a verification code: a keyed digest, so that the database alone does not let codes be guessed.
    pub(super) fn code_hash(&self, code: &str, identifier: &str) -> ServiceResult<[u8; 32]> {
        let code = VerificationCode::parse(code).map_err(|error| {
            ServiceError::refused(
                Problem::new("verification-code-malformed")
                    .field("verificationCode")
                    .param("reason", error),
            )
        })?;
        Ok(self
            .personal
            .lookup("verification-code", &hex::encode(&code.hash(identifier))))
    }
}

/// The key of a licence version in the store.
pub(super) fn licence_key(identifier: &Identifier) -> LicenceKey {
    LicenceKey {
        type_code: identifier.type_code.to_string(),
        issuer: identifier.issuer.to_string(),
        serial: identifier.serial.to_string(),
        version: u32::from(identifier.version.number()),
    }
}

/// An authority may issue what its level and its certificate say.
fn not_entitled(authority: &Authority, licence_type: &LicenceType) -> ServiceError {
    ServiceError::refused(
        Problem::new("authority-not-entitled")
            .field("licenceType")
            .param("type", &licence_type.catalogue.name.zh)
            .param("authority", &authority.name.zh),
    )
}

/// The pure work: record, code, face, seal, signature, time stamp.
fn make(order: &Order) -> ServiceResult<Made> {
    let Order {
        issuer,
        identifier,
        now,
        times,
        ..
    } = order;
    let described = times.time(Part::Credential, || describe(order))?;
    let filled = times.time(Part::Face, || fill(order, &described))?;
    let unsigned = UnsignedLicence {
        document: filled.document,
        known: filled.known,
        signature: filled.signature,
    };
    let claims = Claims {
        // The certificate names the authority, and a licence has no room to say it twice.
        name: None,
        reason: REASON,
        location: None,
        time: *now,
    };
    let document = times.time(Part::Sign, || {
        certify(unsigned, &issuer.keys, &claims, &issuer.time_stamping, *now)
    })?;
    let document = Document::new(document);
    let licence = IssuedLicence {
        identifier: identifier.clone(),
        verification_code: described.verification_code,
        code: described.code,
        document_sha256: *document.sha256(),
        document_bytes: document.bytes().len(),
        issued_at: *now,
    };
    Ok(Made {
        licence,
        document,
        personal: described.licence_json,
    })
}

/// A licence in words: its record and its codes.
struct Described {
    record: LicenceRecord,
    licence_json: Vec<u8>,
    verification_code: String,
    code: String,
}

fn describe(order: &Order) -> ServiceResult<Described> {
    let Order {
        issuer,
        licence_type,
        valid,
        identifier,
        now,
        ..
    } = order;
    let record = LicenceRecord::new(licence_type, valid, identifier, &issuer.authority, None);
    let licence_json = record.canonical_json().into_bytes();
    let shown = PublicView::new(licence_type, &record, LicenceState::Issued, valid.issued());
    let mut id = [0; 8];
    random(&mut id)?;
    let payload = Payload {
        id,
        issued: DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(*now),
        expires: None,
        identifier: identifier.clone(),
        holder: shortened_holder(&shown.holder_name.unwrap_or_default()).into_owned(),
        valid_until: valid.expiring(),
        record: record_digest(&licence_json),
        status: order.status,
    };
    let code = print(&payload, &*issuer.credential_key, &issuer.host).map_err(ServiceError::explained)?;
    Ok(Described {
        record,
        licence_json,
        verification_code: VerificationCode::generate()?.to_string(),
        code,
    })
}

fn fill(order: &Order, described: &Described) -> ServiceResult<FirstRevision> {
    let Order {
        issuer,
        licence_type,
        valid,
        identifier,
        now,
        ..
    } = order;
    let face = order.faces.face(&licence_type.slug)?;
    let mut document_id = [0; 16];
    random(&mut document_id)?;
    let input = FaceInput {
        values: &face.texts(licence_type, &described.record),
        photo: valid.photo(),
        qr_text: &described.code,
        verify_address: &order.verify_address,
        verification_code: &described.verification_code,
        identifier: &identifier.to_string(),
        seal: &issuer.appearance,
        validation: &issuer.validation,
        licence_json: &described.licence_json,
        metadata: &described.record.metadata(),
        title: &format!("{} {}", licence_type.catalogue.name.zh, valid.number()),
        created: *now,
        document_id,
        sample: false,
    };
    face.fill(order.faces.fonts()?, &input).map_err(ServiceError::explained)
}
