//! A signed document is given a higher level, or its archive time stamp is renewed, without a key of whoever signed it.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::brought::must_be_raisable;
use super::evidence::missing;
use super::{Kept, Level, SealedDocument};
use crate::asn1::oid;
use crate::cms::timestamp::{Imprint, TimeStampToken};
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
use crate::verify::MAX_SIGNATURES;
use crate::x509::Certificate;

/// Digest of the document time stamps that are added to documents of others.
const DIGEST: DigestAlgorithm = DigestAlgorithm::Sha256;

/// What a document needs to be given a level.
struct Signed {
    /// Of each signature and document time stamp: its key in the security store, and the certificates of its signer and
    /// of the time-stamping authorities that it rests on.
    ends: Vec<(Option<String>, Vec<Certificate>)>,
    /// Other certificates that its signatures carry.
    others: Vec<Certificate>,
    /// Digests of what its security store has, by which signatures are judged; `None` where it has no store.
    store: Option<HashSet<[u8; 32]>>,
    /// Whether that holds lists or answers about certificates.
    has_revocation_data: bool,
    /// Of each signature the revision that it signed, where it is one, and whether it has a time stamp of its own.
    signatures: Vec<(Option<usize>, bool)>,
    /// The latest revision that a time stamp over the document covers to its end.
    stamped_revision: Option<usize>,
    /// Digests of the certificates that its messages carry: one may carry another many times, and each the same.
    carried: HashSet<[u8; 32]>,
    /// The form of each signature; `None` where its levels have no name.
    forms: Vec<Option<SignatureForm>>,
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
        let (read, now) = (Arc::clone(&document), self.now());
        let signed = self.work(move || {
            must_be_raisable(&read, now)?;
            Signed::read(&read)
        });
        let mut signed = signed.await?;
        let mut validation = DocumentValidation::default();
        if level >= Level::Lt {
            signed.leave_out_expired(self.now())?;
            let ends = std::mem::take(&mut signed.ends);
            validation = self.evidence_by_signature(ends, &signed.others).await?;
        }
        let renewed = signed.is_at(level, &validation);
        if renewed && level == Level::Lt && signed.holds_all(&validation) {
            let problem = Problem::new("extension-at-level").param("level", signed.name_of(level));
            return Err(ServiceError::refused(problem));
        }
        let (extended, warnings) = if level == Level::Lta || !signed.is_stamped() {
            self.extend_with_stamp(&document, level, &validation).await?
        } else if level == Level::Lt {
            (self.extend_with_validation(document, validation).await?, Vec::new())
        } else {
            return Err(ServiceError::refused(Problem::new("extension-needless")));
        };
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
    /// once.
    async fn evidence_by_signature(
        &self,
        ends: Vec<(Option<String>, Vec<Certificate>)>,
        others: &[Certificate],
    ) -> ServiceResult<DocumentValidation> {
        let (keys, ends): (Vec<_>, Vec<_>) = ends.into_iter().unzip();
        let mut validation = DocumentValidation::default();
        for (key, data) in keys.into_iter().zip(self.evidence_for_each(&ends, others).await?) {
            match key {
                Some(key) => validation.of_signatures.entry(key).or_default().extend(data),
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
    fn read(document: &dyn ReadAt) -> ServiceResult<Self> {
        let file = PdfFile::open(document, &Limits::UPLOAD).map_err(ServiceError::explained)?;
        let signatures = file.signatures().map_err(ServiceError::explained)?;
        if signatures.len() > MAX_SIGNATURES {
            let problem = Problem::new("too-many-signatures").param("count", signatures.len());
            return Err(ServiceError::refused(problem.param("limit", MAX_SIGNATURES)));
        }
        let mut signed = Self {
            ends: Vec::new(),
            others: Vec::new(),
            store: None,
            has_revocation_data: false,
            signatures: Vec::new(),
            stamped_revision: None,
            carried: HashSet::new(),
            forms: Vec::new(),
        };
        signed.read_store(&file.latest()).map_err(ServiceError::explained)?;
        for signature in signatures {
            let der = signature.signature.as_ref().map_err(unreadable)?;
            let message = SignedData::parse(der).map_err(unreadable)?;
            let signer = message.only_signer().map_err(unreadable)?;
            signed.ends.push((signature.validation_key(), Vec::new()));
            signed.take(&message, profile_of(signature))?;
            if signature.kind == SignatureKind::DocumentTimeStamp {
                signed.stamped_revision = signed.stamped_revision.max(signature.covered_revision());
                continue;
            }
            signed.forms.push(form_of(signature, &message));
            let mut has_stamp = false;
            let stamps = signer.unsigned(oid::SIGNATURE_TIME_STAMP_TOKEN);
            for token in stamps.flat_map(|attribute| &attribute.values) {
                let token = TimeStampToken::parse(token).map_err(unreadable)?;
                has_stamp |= is_over(&token.info.imprint, &signer.signature);
                signed.take(&token.signed_data, Profile::Cades)?;
            }
            signed.signatures.push((signature.revision, has_stamp));
        }
        match signed.forms.is_empty() {
            true => Err(ServiceError::refused(Problem::new("document-unsigned"))),
            false => Ok(signed),
        }
    }

    /// Whether a time stamp over the document covers what was signed in this revision. The order of the form says
    /// nothing of that: a field that waited may be filled after the time stamp behind it.
    fn is_covered(&self, revision: Option<usize>) -> bool {
        revision.is_some() && revision < self.stamped_revision
    }

    /// Whether each signature has a time stamp of its own, or is covered by one.
    fn is_stamped(&self) -> bool {
        let mut signatures = self.signatures.iter();
        signatures.all(|&(revision, has_stamp)| has_stamp || self.is_covered(revision))
    }

    /// Whether a time stamp over the document covers each signature.
    fn is_archived(&self) -> bool {
        self.signatures.iter().all(|&(revision, _)| self.is_covered(revision))
    }

    /// Leaves out certificates that have ended: later lists may pass over them (RFC 5280 section 3.3), so that what is
    /// said of them now proves nothing of the time before. What was said then, the document has to bring.
    fn leave_out_expired(&mut self, now: DateTime<Utc>) -> ServiceResult<()> {
        let has_expired = |end: &Certificate| end.validity().not_after < now;
        let mut ends = self.ends.iter().flat_map(|(_, ends)| ends);
        if let Some(end) = ends.find(|end| has_expired(end))
            && self.store.is_none()
        {
            return Err(missing(end));
        }
        for (_, ends) in &mut self.ends {
            ends.retain(|end| !has_expired(end));
        }
        Ok(())
    }

    /// Takes what the security store has (ISO 32000-2 section 12.8.4.3).
    fn read_store(&mut self, view: &View<'_, '_>) -> Result<(), PdfError> {
        let catalog = view.catalog()?;
        if catalog.get("DSS").is_none() {
            return Ok(());
        }
        let mut held = HashSet::new();
        if let Object::Dictionary(store) = view.get(&catalog, "DSS")? {
            for key in ["Certs", "CRLs", "OCSPs"] {
                let Object::Array(streams) = view.get(&store, key)? else {
                    continue;
                };
                for stream in &streams {
                    if let Object::Stream(stream) = view.resolve(stream)? {
                        held.insert(DIGEST.digest(&view.decoded(&stream)?).first_32());
                        self.has_revocation_data |= key != "Certs";
                    }
                }
            }
        }
        self.store = Some(held);
        Ok(())
    }

    /// Whether it is at a level with these data already: then it is renewed.
    fn is_at(&self, level: Level, validation: &DocumentValidation) -> bool {
        let has_paths = || parts(validation).all(|data| self.has_certificates(data));
        let is_judged_alone = || self.has_revocation_data && has_paths();
        self.is_stamped() && (level < Level::Lt || is_judged_alone()) && (level < Level::Lta || self.is_archived())
    }

    /// Whether these data would add nothing.
    fn holds_all(&self, validation: &DocumentValidation) -> bool {
        let holds_all = |data: &ValidationData| data.crls.iter().chain(&data.ocsp_responses).all(|der| self.holds(der));
        parts(validation).all(|data| self.has_certificates(data) && holds_all(data))
    }

    /// Whether it has these certificates, in the store or in a message.
    fn has_certificates(&self, data: &ValidationData) -> bool {
        let is_carried = |der: &[u8]| self.carried.contains(&DIGEST.digest(der).first_32());
        data.certificates.iter().all(|der| self.holds(der) || is_carried(der))
    }

    fn holds(&self, der: &[u8]) -> bool {
        let held = self.store.as_ref();
        held.is_some_and(|held| held.contains(&DIGEST.digest(der).first_32()))
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

    /// Takes the certificates of a message: its signer's, for the signature that was met last, and the others.
    fn take(&mut self, message: &SignedData, profile: Profile) -> ServiceResult<()> {
        let signer = message.only_signer().map_err(unreadable)?;
        let end = message.signer_certificate(signer, profile);
        let end = Certificate::from_der(end.map_err(unreadable)?).map_err(unreadable)?;
        for der in &message.certificates {
            if self.carried.insert(DIGEST.digest(der).first_32()) {
                self.others.push(Certificate::from_der(der).map_err(unreadable)?);
            }
        }
        if let Some((_, ends)) = self.ends.last_mut()
            && !ends.contains(&end)
        {
            ends.push(end);
        }
        Ok(())
    }
}

/// All data, those for the whole document first.
fn parts(validation: &DocumentValidation) -> impl Iterator<Item = &ValidationData> {
    std::iter::once(&validation.data).chain(validation.of_signatures.values())
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
    match signature.kind {
        SignatureKind::Signature if !is_pades(signature) => Profile::Basic,
        SignatureKind::Signature | SignatureKind::DocumentTimeStamp => Profile::Cades,
    }
}

/// Whether a time stamp is over this signature value (RFC 3161 appendix A).
fn is_over(imprint: &Imprint, signature: &[u8]) -> bool {
    let algorithm = imprint.known_algorithm();
    algorithm.is_some_and(|algorithm| imprint.matches(&Imprint::of(algorithm, signature)))
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
