//! Verification for anyone: a document, an identifier with its verification code or holder's name, a QR code. The
//! answer of the register stands beside that of the document, and neither takes the other's place.

use std::collections::BTreeSet;

use crate::clock::beijing;
use crate::credential::{Answer, CheckedCode, Verdict};
use crate::crypto::DigestAlgorithm;
use crate::hex;
use crate::licence::identifier::Identifier;
use crate::licence::licence_type::LicenceType;
use crate::licence::public_view::PublicView;
use crate::licence::record::LicenceRecord;
use crate::licence::standing::Standing;
use crate::pdf::{PdfError, ReadAt, in_pieces};
use crate::problem::Problem;
use crate::service::Service;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::issue_licence::licence_key;
use crate::service::licences::state_of;
use crate::service::seals::SealPicture;
use crate::store::StoredLicence;
use crate::verify::{Conclusion, Context, LicenceReport, Report, SignatureReport, VerifiedDocument, document};

/// The verdict on a genuine code whose licence the register does not have as the code says it.
const NOT_IN_REGISTER: &str = "not-in-register";

/// Most seals of one file whose pictures are shown: a document has one or two.
const MAX_SHOWN_SEALS: usize = 8;

/// Largest signed version of a file that is handed on with the answer, in bytes.
const MAX_AS_SIGNED: u64 = 4 << 20;

/// How somebody who looks up an identifier shows that the licence is before them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Knowledge {
    /// The eight characters on the face.
    VerificationCode(String),
    /// The holder's name, whole.
    HolderName(String),
}

/// What is said of a printed code.
#[derive(Debug, Clone)]
pub struct CodeReport {
    /// Stable name of the verdict: `current`, `bad-signature`, `not-in-register`.
    pub verdict: &'static str,
    /// The host that the code leads to, where it is not ours.
    pub foreign_host: Option<String>,
    /// Why, where the code is not genuine.
    pub reasons: Vec<Problem>,
    /// The licence, as a stranger may see it, where the code is genuine.
    pub licence: Option<LicenceReport>,
}

/// A judged file, with what people hold against what others have.
#[derive(Debug, Clone)]
pub struct VerifiedFile {
    /// What is said of it.
    pub report: Report,
    /// Its length in bytes.
    pub size: u64,
    /// Its SM3 digest in lower-case hexadecimal.
    pub sm3: String,
    /// The pictures of the seals on it as the register has them, of those that are valid and ours.
    pub seals: Vec<ShownSeal>,
}

/// A seal on a file with its picture.
#[derive(Debug, Clone)]
pub struct ShownSeal {
    /// Its identifier, as in the report.
    pub id: String,
    /// Its picture.
    pub picture: SealPicture,
}

impl Service {
    /// Judges a file for somebody who looks at the answer: as [`Self::verify_document`], with its digest and its seal.
    ///
    /// # Errors
    /// Where the file cannot be read to its end, or the store does not answer.
    pub async fn verify_file(&self, source: impl ReadAt + Send + 'static, name: String) -> ServiceResult<VerifiedFile> {
        let size = source.len();
        let (source, sm3) = self
            .verify_with(move || {
                let mut hasher = DigestAlgorithm::Sm3.hasher();
                let read = in_pieces(&source, 0..size, |piece| hasher.update(piece)).map_err(PdfError::from);
                read.map_err(ServiceError::explained)?;
                Ok((source, hex::encode(hasher.finish().as_ref())))
            })
            .await?;
        let report = self.verify_document(source, Some(name)).await?;
        let seals = self.shown_seals(&report).await?;
        Ok(VerifiedFile {
            report,
            size,
            sm3,
            seals,
        })
    }

    /// The pictures of the seals of a report, each once.
    async fn shown_seals(&self, report: &Report) -> ServiceResult<Vec<ShownSeal>> {
        let ids: BTreeSet<&str> = report.signatures.iter().filter_map(own_seal).collect();
        let mut shown = Vec::new();
        for id in ids.into_iter().take(MAX_SHOWN_SEALS) {
            let picture = self.seal_picture(id).await?;
            shown.extend(picture.map(|picture| ShownSeal {
                id: id.to_owned(),
                picture,
            }));
        }
        Ok(shown)
    }

    /// The bytes of a file as they were signed, where they were changed since and are not too many to be handed on at
    /// once.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub async fn as_signed(
        &self,
        source: impl ReadAt + Send + 'static,
        report: &Report,
    ) -> ServiceResult<Option<Vec<u8>>> {
        let Some(length) = report.signed_length().filter(|length| *length <= MAX_AS_SIGNED) else {
            return Ok(None);
        };
        let length = usize::try_from(length).map_err(ServiceError::internal)?;
        self.verify_with(move || {
            let mut bytes = vec![0; length];
            let read = source.read_at(0, &mut bytes).map_err(PdfError::from);
            read.map_err(ServiceError::explained)?;
            Ok(Some(bytes))
        })
        .await
    }

    /// Judges a document, and says how the register has the licence inside, where it is one that our authorities vouch
    /// for.
    ///
    /// # Errors
    /// Where the store does not answer; whatever the document is, is no error.
    pub async fn verify_document(
        &self,
        source: impl ReadAt + Send + 'static,
        name: Option<String>,
    ) -> ServiceResult<Report> {
        let snapshot = self.newest_trust().await?;
        let seal_status = self.seal_states().await?;
        let now = self.now();
        let judged = self.verify_with(move || {
            let context = Context::new(&snapshot, now).with_seal_status(&seal_status);
            let verified = document(&source, name.as_deref(), &context);
            Ok((verified, source))
        });
        let (VerifiedDocument { mut report, record }, source) = judged.await?;
        let ours = self.own_bodies();
        report.refuse_bodies_of_ours(|body| ours.have(body));
        if let Some(record) = record.filter(|_| report.conclusion <= Conclusion::Indeterminate) {
            match report.recognition().map(|recognition| recognition.own) {
                Some(false) => self.add_foreign(&mut report, &record),
                None if !ours.issue(&record) => {}
                Some(true) | None => self.add_register(&mut report, &record, source).await?,
            }
        }
        Ok(report)
    }

    /// Adds the register's answer to a file of ours that did not fail.
    async fn add_register(
        &self,
        report: &mut Report,
        record: &LicenceRecord,
        source: impl ReadAt + Send + 'static,
    ) -> ServiceResult<()> {
        let identifier = &record.certificate_identifier;
        let stored = self.store().licence(&licence_key(identifier)).await?;
        let agrees = match &stored {
            Some(stored) => {
                self.record(stored)? == *record && self.is_as_issued(stored, report.sha256.as_deref(), source).await?
            }
            None => false,
        };
        match stored {
            Some(stored) if agrees => report.licence = Some(self.licence_report(&stored).await?),
            Some(_) if report.conclusion < Conclusion::Indeterminate => {
                report
                    .reasons
                    .push(Problem::new("register-disagrees").param("identifier", identifier));
                report.conclusion = Conclusion::Invalid;
            }
            // Whoever merely writes a number into a file of his own learns nothing about the licence of that number,
            // not even whether there is one.
            _ => {
                report
                    .reasons
                    .push(Problem::new("not-in-register").param("identifier", identifier));
                report.conclusion = Conclusion::Indeterminate;
            }
        }
        Ok(())
    }

    /// Whether a file of this digest is the document that was issued, or begins with it, whatever was appended to it
    /// since: the same data on another face, even under the issuer's own seal, are not what was issued.
    async fn is_as_issued(
        &self,
        stored: &StoredLicence,
        sha256: Option<&str>,
        source: impl ReadAt + Send + 'static,
    ) -> ServiceResult<bool> {
        let issued = stored.licence.document_sha256;
        if sha256 == Some(hex::encode(&issued).as_str()) {
            return Ok(true);
        }
        let Some(document) = self.store().document(&issued).await? else {
            return Ok(false);
        };
        let length = document.size();
        let digest = self.verify_with(move || Ok(sha256_of_first(&source, length)));
        Ok(digest.await? == Some(issued))
    }

    /// How the register has a licence, for somebody who knows its verification code or holder.
    ///
    /// # Errors
    /// Where the identifier is malformed, not known, or the code or name is not its own: which of the last two is not
    /// told.
    pub async fn verify_identifier(&self, identifier: &str, knowledge: &Knowledge) -> ServiceResult<LicenceReport> {
        let identifier: Identifier = identifier.trim().parse().map_err(ServiceError::explained)?;
        let unknown = || ServiceError::not_found("licence", &identifier);
        // Read before the register is asked: a malformed code does not tell whether there is such a licence.
        let shown = match knowledge {
            Knowledge::VerificationCode(code) => self.code_hash(code, &identifier.to_string())?,
            Knowledge::HolderName(name) => self.personal.lookup("holder-name", name),
        };
        let stored = self.store().licence(&licence_key(&identifier)).await?;
        let stored = stored.ok_or_else(unknown)?;
        let known = match knowledge {
            Knowledge::VerificationCode(_) => stored.licence.verification_code_hash,
            Knowledge::HolderName(_) => stored.licence.holder_name_hash,
        };
        if known == Some(shown) {
            self.licence_report(&stored).await
        } else {
            Err(unknown())
        }
    }

    /// Judges the text of a printed code; with `identifier`, the number on the page that it was found on, whether it
    /// belongs there.
    ///
    /// # Errors
    /// Where the store does not answer; whatever the text is, is no error.
    pub async fn verify_code(&self, text: &str, identifier: Option<&str>) -> ServiceResult<CodeReport> {
        let keys = self.key_set().await?;
        let checked = CheckedCode::of(text, &keys);
        let list = match checked.place() {
            Some(place) if place.list < self.store().status_list_count().await? => {
                Some(self.status_list(place.list).await?)
            }
            _ => None,
        };
        let answer = checked.answer(list.as_ref(), self.now());
        let mut report = self.code_report(&answer).await?;
        if let (Some(expected), Some(genuine)) = (identifier.map(str::trim), &answer.genuine) {
            let found = genuine.payload.identifier.to_string();
            if !expected.is_empty() && found != expected {
                report.verdict = "another-licence";
                report.licence = None;
                let problem = Problem::new("code-of-another-licence").field("code");
                report.reasons = vec![problem.param("expected", expected).param("found", found)];
            }
        }
        Ok(report)
    }

    async fn code_report(&self, answer: &Answer<'_>) -> ServiceResult<CodeReport> {
        let own_host = self.public_host()?.to_string();
        let foreign_host = answer.host.clone().filter(|host| *host != own_host);
        let mut report = CodeReport {
            verdict: answer.verdict.name(),
            foreign_host,
            reasons: answer.verdict.problems(),
            licence: None,
        };
        let Some(genuine) = &answer.genuine else {
            return Ok(report);
        };
        let identifier = &genuine.payload.identifier;
        let reason = match self.store().licence(&licence_key(identifier)).await? {
            // The digest in the code ties it to the data as issued.
            Some(stored) if self.record(&stored)?.digest16() == genuine.payload.record => {
                report.licence = Some(self.licence_report(&stored).await?);
                return Ok(report);
            }
            Some(_) => "register-disagrees",
            None => "not-in-register",
        };
        report
            .reasons
            .push(Problem::new(reason).param("identifier", identifier));
        // The status list knows places, not licences: what is in force there is good only for a licence of the
        // register.
        if answer.verdict == Verdict::Current {
            report.verdict = NOT_IN_REGISTER;
        }
        Ok(report)
    }

    /// What a stranger may see of a licence, with its state now.
    async fn licence_report(&self, stored: &StoredLicence) -> ServiceResult<LicenceReport> {
        let record = self.record(stored)?;
        let licence_type: &LicenceType = self.licence_type(&stored.licence.key.type_code)?;
        let view = PublicView::new(licence_type, &record, state_of(stored)?, self.today());
        Ok(LicenceReport {
            state: view.state,
            state_as_of: self.now(),
            state_since: Some(beijing(stored.state_at).date_naive().to_string()),
            state_source: "register",
            identifier: view.identifier.to_string(),
            type_code: record.certificate_type_code.to_string(),
            type_name: [view.licence_type.zh, view.licence_type.en],
            number: view.licence_number,
            holder: view.holder_name,
            issuer: Some(view.issuer_name),
            issuer_code: record.certificate_issuing_authority_code.to_string(),
            valid_from: Some(view.effective_date.to_string()),
            valid_until: view.expiring_date.map(|date| date.to_string()),
            superseded_by: self.superseding(stored, view.state).await?,
        })
    }

    /// The version that took the place of a superseded one.
    async fn superseding(&self, stored: &StoredLicence, state: Standing) -> ServiceResult<Option<String>> {
        if state != Standing::Superseded {
            return Ok(None);
        }
        let key = &stored.licence.key;
        let versions = self
            .store()
            .licence_versions(&key.type_code, &key.issuer, &key.serial)
            .await?;
        let newest = versions.into_iter().max_by_key(|version| version.licence.key.version);
        let newest = newest.filter(|newest| newest.licence.key.version > key.version);
        Ok(match newest {
            Some(newest) => Some(super::licences::identifier_of(&newest)?.to_string()),
            None => None,
        })
    }
}

/// SHA-256 of the first bytes of a file; `None` where it has fewer, or cannot be read.
fn sha256_of_first(source: &dyn ReadAt, length: u64) -> Option<[u8; 32]> {
    let mut hasher = DigestAlgorithm::Sha256.hasher();
    in_pieces(source, 0..length, |piece| hasher.update(piece)).ok()?;
    Some(hasher.finish().first_32())
}

/// Identifier of the seal of a signature, where it is valid and the signature rests on us: it is shown with that
/// signature alone.
pub fn own_seal(signature: &SignatureReport) -> Option<&str> {
    let is_ours = signature.recognition.as_ref().is_some_and(|found| found.own);
    let seal = signature.seal.as_ref().filter(|seal| seal.valid && is_ours)?;
    Some(&seal.id)
}
