//! A signed document is given a higher level, or its archive time stamp is renewed, without a key of whoever signed it.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::brought::{must_be_raisable, must_stand, told};
use super::evidence::missing;
use super::{Kept, Level, SealedDocument};
use crate::asn1::oid;
use crate::cms::timestamp::TimeStampToken;
use crate::cms::verify::Profile;
use crate::cms::{self, SignedData};
use crate::crypto::DigestAlgorithm;
use crate::crypto::key::Suite;
use crate::licence::credit_code::CreditCode;
use crate::pdf::signature::{SignatureField, SignatureKind};
use crate::pdf::{Extended, Limits, Object, PdfError, PdfFile, ReadAt, View};
use crate::problem::Problem;
use crate::service::Service;
use crate::service::actor::{Actor, Scope};
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::spool::Source;
use crate::sign::SignatureForm;
use crate::sign::document::{DocumentValidation, ValidationData, add_validation_data};
use crate::verify::{Conclusion, MAX_SIGNATURES, ProofKind, Report, SignatureReport};
use crate::x509::Certificate;

/// Digest of the document time stamps that are added to documents of others.
const DIGEST: DigestAlgorithm = DigestAlgorithm::Sha256;

/// What a document needs to be given a level.
#[derive(Default)]
struct Signed {
    /// Of each signature and document time stamp.
    ends: Vec<Ends>,
    /// Other certificates that its signatures carry.
    others: Vec<Certificate>,
    /// Digests of what its security store has, by which signatures are judged.
    store: HashSet<[u8; 32]>,
    /// Of each signature the level that it fulfils here.
    levels: Vec<Level>,
    /// The signatures whose own time stamps prove nothing here, with why.
    unproven: Vec<Problem>,
    /// Digests of the certificates that its messages carry: one may carry another many times, and each the same.
    carried: HashSet<[u8; 32]>,
    /// The form of each signature; `None` where its levels have no name.
    forms: Vec<Option<SignatureForm>>,
}

/// The certificates on which a signature or document time stamp rests.
struct Ends {
    /// Its key in the security store.
    key: Option<String>,
    /// The level that it fulfils; `None` for a document time stamp.
    level: Option<Level>,
    /// Of its signer and of the time-stamping authorities that prove its time.
    relied_on: Vec<Certificate>,
    /// Of authorities whose stamps prove nothing here: others may rely on them.
    besides: Vec<Certificate>,
}

impl Service {
    /// Gives the signatures of a document a level, or renews its archive time stamp; recorded for an organisation.
    ///
    /// # Errors
    /// Where the actor may not, the organisation is not registered, the document has no signature or cannot be read,
    /// revocation data are not to be had, or no time stamp is.
    pub async fn extend_document(
        &self,
        actor: &Actor,
        (authority, level): (&CreditCode, Level),
        document: Source,
        kept: Option<Kept>,
    ) -> ServiceResult<SealedDocument> {
        actor.may(Scope::Seal, authority)?;
        self.check_extension(authority, level).await?;
        let (read, judging) = (Arc::clone(&document), self.judging().await?);
        let signed = self.work(move || {
            let report = must_be_raisable(&read, &judging)?;
            Signed::read(&read, report.as_ref())
        });
        let mut signed = signed.await?;
        let mut validation = DocumentValidation::default();
        if level >= Level::Lt {
            signed.leave_out_expired(self.now())?;
            let ends = std::mem::take(&mut signed.ends);
            validation = self.evidence_by_signature(ends, &signed.others).await?;
        }
        let renewed = signed.is_at(level);
        if renewed && level == Level::Lt && signed.holds_all(&validation) {
            let problem = Problem::new("extension-at-level").param("level", signed.name_of(level));
            return Err(ServiceError::refused(problem));
        }
        let mut warnings = std::mem::take(&mut signed.unproven);
        let (extended, of_stamps) = if level == Level::Lta || !signed.is_at(Level::T) {
            self.extend_with_stamp(&document, level, &validation).await?
        } else if level == Level::Lt {
            (self.extend_with_validation(document, validation).await?, Vec::new())
        } else {
            return Err(ServiceError::refused(Problem::new("extension-needless")));
        };
        let judging = self.judging().await?;
        let read_back = self.work(move || must_stand(&extended, &judging).map(|()| extended));
        let extended = read_back.await?;
        warnings.extend(of_stamps);
        let what = ("document.extend", authority.as_str(), signed.name_of(level));
        let sealed = self
            .record_sealing(actor, what, extended, (serde_json::json!({}), warnings), kept)
            .await?;
        Ok(SealedDocument { renewed, ..sealed })
    }

    /// Refuses what would be refused for every document.
    pub(super) async fn check_extension(&self, authority: &CreditCode, level: Level) -> ServiceResult<()> {
        must_be_above_b(level)?;
        self.authority(authority).await.map(drop)
    }

    /// By what each signature is judged; a signature that shares its key with another, as a copy of it does, is told of
    /// once. Of who is not relied on here, what is to be had.
    async fn evidence_by_signature(
        &self,
        ends: Vec<Ends>,
        others: &[Certificate],
    ) -> ServiceResult<DocumentValidation> {
        let keys: Vec<_> = ends.iter().map(|end| end.key.clone()).collect();
        let parts = |end: Ends| (end.relied_on, end.besides);
        let (relied_on, besides): (Vec<_>, Vec<_>) = ends.into_iter().map(parts).unzip();
        let of_others = match self.evidence_for_each(&besides, others).await {
            Err(error @ ServiceError::Refused(_)) => {
                tracing::warn!(%error, "no revocation data for time stamps that are not relied on here");
                Vec::new()
            }
            found => found?,
        };
        let found = self.evidence_for_each(&relied_on, others).await?;
        let mut validation = DocumentValidation::default();
        for (key, data) in keys.iter().zip(found).chain(keys.iter().zip(of_others)) {
            match key {
                Some(key) => validation.of_signatures.entry(key.clone()).or_default().extend(data),
                None => validation.data.extend(data),
            }
        }
        Ok(validation)
    }

    async fn extend_with_validation(
        &self,
        document: Source,
        validation: DocumentValidation,
    ) -> ServiceResult<Extended<Source>> {
        let now = self.now();
        let extended = self.work(move || {
            let mut document = Extended::new(document);
            let revision = add_validation_data(&document, &validation, now).map_err(ServiceError::explained)?;
            document.append(&revision);
            Ok((document, validation))
        });
        let (extended, validation) = extended.await?;
        self.must_be_read_whole(extended, validation).await
    }

    /// Adds a document time stamp of the first authority that gives one, and says what is to be known of that.
    async fn extend_with_stamp(
        &self,
        document: &Source,
        level: Level,
        validation: &DocumentValidation,
    ) -> ServiceResult<(Extended<Source>, Vec<Problem>)> {
        let extend = |place| async move {
            let stamper = self.stamper(place, (Suite::International, DIGEST)).await?;
            let mut validation = validation.clone();
            if level >= Level::Lt {
                let stamping = self.evidence_for(&stamper.certificates, &[]).await?;
                validation.data.extend(stamping);
            }
            let document = Extended::new(Arc::clone(document));
            let with = (&stamper, DIGEST, level);
            let extended = self.add_time_stamp(document, validation.clone(), with).await?;
            let extended = self.must_be_read_whole(extended, validation).await?;
            let warnings = stamper.warnings(self.newest_trust().await?.as_ref(), self.now());
            Ok((extended, warnings))
        };
        self.stamping.in_turn(extend).await
    }
}

impl Signed {
    /// What `report` says of the signatures decides what is a level and what is a stamp.
    fn read(document: &dyn ReadAt, report: Option<&Report>) -> ServiceResult<Self> {
        let file = PdfFile::open(document, &Limits::UPLOAD).map_err(ServiceError::explained)?;
        let mut signatures: Vec<_> = file.signatures().map_err(ServiceError::explained)?.iter().collect();
        if signatures.len() > MAX_SIGNATURES {
            let problem = Problem::new("too-many-signatures").param("count", signatures.len());
            return Err(ServiceError::refused(problem.param("limit", MAX_SIGNATURES)));
        }
        let mut signed = Self::default();
        signed.read_store(&file.latest()).map_err(ServiceError::explained)?;
        // As in the report.
        signatures.sort_by_key(|signature| signature.revision);
        let reports = report.map_or(&[][..], |report| &report.signatures);
        if reports.len() != signatures.len() {
            let reasons = report.map(|report| report.reasons.clone());
            return Err(ServiceError::Refused(reasons.unwrap_or_default()));
        }
        for (signature, report) in signatures.into_iter().zip(reports) {
            signed.add(signature, report)?;
        }
        match signed.forms.is_empty() {
            true => Err(ServiceError::refused(Problem::new("document-unsigned"))),
            false => Ok(signed),
        }
    }

    /// Takes in a signature or document time stamp.
    fn add(&mut self, signature: &SignatureField, report: &SignatureReport) -> ServiceResult<()> {
        let mut ends = Ends {
            key: signature.validation_key(),
            level: None,
            relied_on: Vec::new(),
            besides: Vec::new(),
        };
        if signature.kind == SignatureKind::DocumentTimeStamp {
            let is_relied_on = report.conclusion <= Conclusion::ValidWithPermittedChanges;
            let end = message_of(signature).and_then(|message| self.take(&message, Profile::Cades));
            ends.take(end, is_relied_on)?;
            self.ends.push(ends);
            return Ok(());
        }
        let message = message_of(signature)?;
        let signer = message.only_signer().map_err(unreadable)?;
        ends.take(self.take(&message, profile_of(signature)), true)?;
        let stamps = signer.unsigned(oid::SIGNATURE_TIME_STAMP_TOKEN);
        let stamps: Vec<_> = stamps.flat_map(|attribute| &attribute.values).collect();
        let proof = report.time_proof.as_ref();
        let is_relied_on = proof.is_some_and(|proof| proof.kind == ProofKind::SignatureTimeStamp);
        for token in &stamps {
            let token = TimeStampToken::parse(token).map_err(unreadable);
            let end = token.and_then(|token| self.take(&token.signed_data, Profile::Cades));
            ends.take(end, is_relied_on)?;
        }
        if proof.is_none() && !stamps.is_empty() {
            let mut reasons = report.reasons.iter();
            let reason = reasons.find(|reason| reason.code.starts_with("time-stamp"));
            self.unproven.push(told(report, "earlier-stamp-not-relied-on"));
            self.unproven.extend(reason.cloned());
        }
        let level = report.fulfilled.unwrap_or(Level::B);
        ends.level = Some(level);
        self.ends.push(ends);
        self.levels.push(level);
        self.forms.push(form_of(signature, &message));
        Ok(())
    }

    /// Whether each signature fulfils a level.
    fn is_at(&self, level: Level) -> bool {
        self.levels.iter().all(|found| *found >= level)
    }

    /// Leaves out certificates that have ended: later lists may pass over them (RFC 5280 section 3.3), so that what is
    /// said of them now proves nothing of the time before. What was said then, the document has to bring, so that it
    /// counts.
    fn leave_out_expired(&mut self, now: DateTime<Utc>) -> ServiceResult<()> {
        let has_expired = |end: &Certificate| end.validity().not_after < now;
        let untold = self
            .ends
            .iter()
            .filter(|ends| ends.level.is_some_and(|level| level < Level::Lt));
        let mut untold = untold.flat_map(|ends| &ends.relied_on);
        if let Some(end) = untold.find(|end| has_expired(end)) {
            return Err(missing(end));
        }
        for ends in &mut self.ends {
            for ends in [&mut ends.relied_on, &mut ends.besides] {
                ends.retain(|end| !has_expired(end));
            }
        }
        Ok(())
    }

    /// Takes what the security store has (ISO 32000-2 section 12.8.4.3).
    fn read_store(&mut self, view: &View<'_, '_>) -> Result<(), PdfError> {
        let catalog = view.catalog()?;
        if catalog.get("DSS").is_none() {
            return Ok(());
        }
        if let Object::Dictionary(store) = view.get(&catalog, "DSS")? {
            for key in ["Certs", "CRLs", "OCSPs"] {
                let Object::Array(streams) = view.get(&store, key)? else {
                    continue;
                };
                for stream in &streams {
                    if let Object::Stream(stream) = view.resolve(stream)? {
                        self.store.insert(DIGEST.digest(&view.decoded(&stream)?).first_32());
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether these data would add nothing.
    fn holds_all(&self, validation: &DocumentValidation) -> bool {
        let holds_all = |data: &ValidationData| data.crls.iter().chain(&data.ocsp_responses).all(|der| self.holds(der));
        validation
            .parts()
            .all(|data| self.has_certificates(data) && holds_all(data))
    }

    /// Whether it has these certificates, in the store or in a message.
    fn has_certificates(&self, data: &ValidationData) -> bool {
        let is_carried = |der: &[u8]| self.carried.contains(&DIGEST.digest(der).first_32());
        data.certificates.iter().all(|der| self.holds(der) || is_carried(der))
    }

    fn holds(&self, der: &[u8]) -> bool {
        self.store.contains(&DIGEST.digest(der).first_32())
    }

    /// The name of a level, after the form of its signatures where they have one.
    fn name_of(&self, level: Level) -> String {
        let first = self.forms.first().copied().flatten();
        let is_of_all = self.forms.iter().all(|form| *form == first);
        match first.filter(|_| is_of_all) {
            Some(form) => level.within(form),
            None => level.name().to_ascii_uppercase(),
        }
    }

    /// Takes the certificates of a message; gives that of its signer.
    fn take(&mut self, message: &SignedData, profile: Profile) -> ServiceResult<Certificate> {
        let signer = message.only_signer().map_err(unreadable)?;
        let end = message.signer_certificate(signer, profile);
        let end = Certificate::from_der(end.map_err(unreadable)?).map_err(unreadable)?;
        for der in &message.certificates {
            if self.carried.insert(DIGEST.digest(der).first_32()) {
                self.others.push(Certificate::from_der(der).map_err(unreadable)?);
            }
        }
        Ok(end)
    }
}

impl Ends {
    /// Takes in a certificate; that of a stamp that proves nothing here may be missing.
    fn take(&mut self, end: ServiceResult<Certificate>, is_relied_on: bool) -> ServiceResult<()> {
        let ends = match is_relied_on {
            true => &mut self.relied_on,
            false => &mut self.besides,
        };
        match end {
            Ok(end) if !ends.contains(&end) => ends.push(end),
            Err(error) if is_relied_on => return Err(error),
            Ok(_) | Err(_) => {}
        }
        Ok(())
    }
}

fn message_of(signature: &SignatureField) -> ServiceResult<SignedData> {
    let der = signature.signature.as_ref().map_err(unreadable)?;
    SignedData::parse(der).map_err(unreadable)
}

/// The form of a signature, where its levels have a name.
fn form_of(signature: &SignatureField, message: &SignedData) -> Option<SignatureForm> {
    if is_pades(signature) {
        return Some(SignatureForm::Pades);
    }
    (message.form == cms::Form::Gm).then_some(SignatureForm::Gm)
}

fn is_pades(signature: &SignatureField) -> bool {
    signature.sub_filter().is_none_or(|form| form == "ETSI.CAdES.detached")
}

/// What a signature has to say of its certificate: one of another form than PAdES may leave it out.
fn profile_of(signature: &SignatureField) -> Profile {
    match is_pades(signature) {
        true => Profile::Cades,
        false => Profile::Basic,
    }
}

fn unreadable(error: impl std::fmt::Display) -> ServiceError {
    ServiceError::refused_because("signature-unreadable", error)
}

/// Every signature has level B.
fn must_be_above_b(level: Level) -> ServiceResult<()> {
    match level {
        Level::B => Err(ServiceError::refused(
            Problem::new("extension-level").param("value", level.name()),
        )),
        Level::T | Level::Lt | Level::Lta => Ok(()),
    }
}
