//! Answers about the status of certificates (RFC 6960): signed beforehand when a certificate is issued or revoked and
//! on schedule, and at once where a nonce or several certificates are asked for.
//!
//! Each authority has a responder of its own, whose key and short-lived certificate are made and renewed by themselves.
//! Answers lie in the store; those that were asked for lately are kept in memory until anything is revoked there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};

use crate::ca::ocsp::{ANSWER_LIFETIME, KnownStatus, OcspFailure, SignedAnswer, StatusResponder};
use crate::ca::{ProfileKind, Subject};
use crate::crypto::key::Suite;
use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::identities::{Identity, NewIdentity};
use crate::store::{Change, OcspAnswer, StoreError};
use crate::x509::{Certificate, OcspRequest, OcspStatus, SerialNumber};

/// A responder's certificate that ends within this time is renewed: half of what its profile gives it.
const RESPONDER_RENEWAL: TimeDelta = TimeDelta::days(15);

/// How long what is kept in memory is given out before another program's revocations are looked for.
const NOTICE: TimeDelta = TimeDelta::seconds(1);

/// Answers of one authority that are kept in memory, of about a thousand bytes each.
const KEPT_ANSWERS: usize = 16_384;

/// Answers that are signed anew in one go.
const RENEWED_TOGETHER: u32 = 256;

/// An answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusReply {
    /// `OCSPResponse`, DER.
    pub der: Arc<[u8]>,
    /// Since when and until when anyone may be given it; `None` for what was made for one question alone.
    pub current: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

impl StatusReply {
    fn alone(der: Vec<u8>) -> Self {
        Self {
            der: der.into(),
            current: None,
        }
    }

    fn kept(der: Vec<u8>, this_update: DateTime<Utc>, next_update: DateTime<Utc>) -> Self {
        Self {
            der: der.into(),
            current: Some((this_update, next_update)),
        }
    }
}

/// The responders of the authorities, by name.
#[derive(Default)]
pub(in crate::service) struct StatusResponders {
    known: RwLock<HashMap<String, Arc<AuthorityStatus>>>,
    /// Held while one is set up: opening or making its key takes long on purpose.
    setting_up: tokio::sync::Mutex<()>,
}

/// The responder of an authority, with the answers at hand.
pub(in crate::service) struct AuthorityStatus {
    ca: String,
    responder: StatusResponder,
    renew_at: DateTime<Utc>,
    answers: Mutex<Answers>,
}

/// Answers that hold as of a count of changes.
#[derive(Default)]
struct Answers {
    changes: u64,
    noticed_at: Option<DateTime<Utc>>,
    by_serial: HashMap<SerialNumber, StatusReply>,
}

impl AuthorityStatus {
    fn answers(&self) -> MutexGuard<'_, Answers> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether changes by others were looked for lately.
    fn is_noticed(&self, now: DateTime<Utc>) -> bool {
        let noticed_at = self.answers().noticed_at;
        noticed_at.is_some_and(|at| (TimeDelta::zero()..NOTICE).contains(&(now - at)))
    }

    fn notice(&self, changes: u64, now: DateTime<Utc>) {
        let mut answers = self.answers();
        answers.noticed_at = Some(now);
        if answers.changes < changes {
            answers.changes = changes;
            answers.by_serial.clear();
        }
    }

    fn kept(&self, serial: &SerialNumber, now: DateTime<Utc>) -> Option<StatusReply> {
        let answers = self.answers();
        let kept = answers.by_serial.get(serial)?;
        let (_, until) = kept.current?;
        (now < until).then(|| kept.clone())
    }

    fn keep(&self, serial: &SerialNumber, reply: &StatusReply, as_of_change: u64) {
        let mut answers = self.answers();
        if answers.changes != as_of_change {
            return;
        }
        if answers.by_serial.len() >= KEPT_ANSWERS {
            answers.by_serial.clear();
        }
        answers.by_serial.insert(serial.clone(), reply.clone());
    }
}

impl Service {
    /// Answers a request about certificates of an authority, DER in and out. What is refused is an answer too.
    ///
    /// # Errors
    /// Where there is no such authority.
    pub async fn certificate_status(&self, ca: &str, request: &[u8]) -> ServiceResult<StatusReply> {
        match self.try_certificate_status(ca, request).await {
            Ok(Ok(reply)) => Ok(reply),
            Ok(Err(failure)) => Ok(StatusReply::alone(failure.to_der())),
            Err(error @ ServiceError::NotFound { .. }) => Err(error),
            Err(error) => {
                tracing::error!(%error, ca, "no answer about the status of a certificate");
                let failure = match error.is_transient() {
                    true => OcspFailure::TryLater,
                    false => OcspFailure::InternalError,
                };
                Ok(StatusReply::alone(failure.to_der()))
            }
        }
    }

    async fn try_certificate_status(
        &self,
        ca: &str,
        request: &[u8],
    ) -> ServiceResult<Result<StatusReply, OcspFailure>> {
        let status = self.status_responder(ca).await?;
        let Ok(request) = OcspRequest::from_der(request) else {
            return Ok(Err(OcspFailure::MalformedRequest));
        };
        if !request.ids.iter().all(|id| status.responder.answers_for(id)) {
            return Ok(Err(OcspFailure::Unauthorized));
        }
        if let ([id], None) = (&request.ids[..], &request.nonce)
            && status.responder.is_pre_signed(id)
        {
            return Ok(Ok(self.pre_signed_status(&status, &id.serial).await?));
        }
        let mut known = Vec::with_capacity(request.ids.len());
        for id in &request.ids {
            known.push(self.known_status(ca, &id.serial).await?);
        }
        let now = self.now();
        let signed = self.work(move || Ok(status.responder.respond(&request, &known, now)?));
        Ok(Ok(StatusReply::alone(signed.await?.der)))
    }

    /// The answer about a certificate for whoever asks without a nonce: from memory, from the store, or signed now.
    async fn pre_signed_status(
        &self,
        status: &Arc<AuthorityStatus>,
        serial: &SerialNumber,
    ) -> ServiceResult<StatusReply> {
        let now = self.now();
        if !status.is_noticed(now) {
            status.notice(self.store().revocation_changes(&status.ca).await?, now);
        }
        if let Some(reply) = status.kept(serial, now) {
            return Ok(reply);
        }
        let as_of_change = status.answers().changes;
        let stored = self.store().ocsp_answer(&status.ca, serial.as_bytes()).await?;
        if let Some(stored) = stored.filter(|stored| now < stored.next_update) {
            let reply = StatusReply::kept(stored.der, stored.this_update, stored.next_update);
            status.keep(serial, &reply, as_of_change);
            return Ok(reply);
        }
        self.sign_status(status, serial).await
    }

    /// Signs an answer about a certificate and keeps it; one about what was never issued is given once.
    async fn sign_status(&self, status: &Arc<AuthorityStatus>, serial: &SerialNumber) -> ServiceResult<StatusReply> {
        // The count is read before the status: what changes between refuses to be kept.
        let as_of_change = self.store().revocation_changes(&status.ca).await?;
        status.notice(as_of_change, self.now());
        let known = self.known_status(&status.ca, serial).await?;
        let (now, responder) = (self.now(), Arc::clone(status));
        let (signed, known) = self
            .work(move || {
                let signed = responder.responder.pre_sign(&known, now)?;
                Ok((signed, known))
            })
            .await?;
        if known.1 == OcspStatus::Unknown {
            return Ok(StatusReply::alone(signed.der));
        }
        let reply = StatusReply::kept(signed.der.clone(), signed.this_update, signed.next_update);
        let mut change = Change::new();
        change.put_ocsp_answer(stored_answer(&status.ca, serial, signed, Some(as_of_change)));
        match self.store().commit(change).await {
            Ok(()) => status.keep(serial, &reply, as_of_change),
            Err(StoreError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(reply)
    }

    /// What is known of a certificate; nothing of one that was never issued, as of one that is only prepared.
    async fn known_status(&self, ca: &str, serial: &SerialNumber) -> ServiceResult<KnownStatus> {
        let Some(issued) = self.find_issued(ca, serial).await? else {
            return Ok((serial.clone(), OcspStatus::Unknown, None));
        };
        Ok(match issued.revocation {
            None => (serial.clone(), OcspStatus::Good, None),
            Some(revocation) => {
                let status = OcspStatus::Revoked {
                    at: revocation.revoked_at,
                    reason: revocation.reason,
                };
                (serial.clone(), status, revocation.invalid_since)
            }
        })
    }

    /// Signs the answer about a certificate after its status has changed. A failure is logged only: the answer of
    /// before is out of use already, and the next question makes a new one.
    pub(in crate::service) async fn renew_status(&self, ca: &str, serial: &SerialNumber) {
        let renewed = async {
            let status = self.status_responder(ca).await?;
            self.sign_status(&status, serial).await
        };
        if let Err(error) = renewed.await {
            tracing::warn!(%error, ca, %serial, "the answer about a certificate is not renewed yet");
        }
    }

    /// The first answer about a certificate that is about to be recorded, where the authority's responder is at hand.
    pub(in crate::service) fn first_status(
        &self,
        ca: &str,
        certificate: &Certificate,
    ) -> ServiceResult<Option<OcspAnswer>> {
        let Some(status) = self.known_responder(ca) else {
            return Ok(None);
        };
        let known = (certificate.serial().clone(), OcspStatus::Good, None);
        let signed = status.responder.pre_sign(&known, self.now())?;
        Ok(Some(stored_answer(ca, certificate.serial(), signed, None)))
    }

    /// Renews responders and answers before they grow old: what has less than half of its time left. An authority whose
    /// key is away keeps no other waiting; it is named in the log.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn renew_due_statuses(&self) -> ServiceResult<()> {
        let authorities = self.store().certificate_authorities().await?;
        for authority in authorities.iter().filter(|authority| !authority.is_offline()) {
            let ca = authority.name.as_str();
            if let Err(error) = self.renew_due_statuses_of(ca).await {
                tracing::error!(%error, ca, "answers about certificates that are due could not be renewed");
            }
        }
        self.store().prune_ocsp_answers(self.now()).await?;
        Ok(())
    }

    async fn renew_due_statuses_of(&self, ca: &str) -> ServiceResult<()> {
        let status = self.status_responder(ca).await?;
        let now = self.now();
        let before = now + ANSWER_LIFETIME / 2;
        loop {
            let due = self.store().due_ocsp_answers(ca, before, now, RENEWED_TOGETHER).await?;
            for serial in &due {
                self.sign_status(&status, &SerialNumber::from_content(serial)).await?;
            }
            if due.len() < RENEWED_TOGETHER as usize {
                return Ok(());
            }
        }
    }

    fn known_responder(&self, ca: &str) -> Option<Arc<AuthorityStatus>> {
        let known = self
            .status_responders
            .known
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        known.get(ca).filter(|status| self.now() < status.renew_at).cloned()
    }

    /// The responder of an authority, set up or renewed where that is due.
    pub(in crate::service) async fn status_responder(&self, ca: &str) -> ServiceResult<Arc<AuthorityStatus>> {
        if let Some(status) = self.known_responder(ca) {
            return Ok(status);
        }
        // A name that is no authority takes no place and makes no key.
        let issuer = self.authority_certificate(ca).await?;
        let _setting_up = self.status_responders.setting_up.lock().await;
        if let Some(status) = self.known_responder(ca) {
            return Ok(status);
        }
        let (identity, renew_at) = self.responder_identity(ca, &issuer).await?;
        let responder = StatusResponder::new(identity.key, identity.certificate, &issuer);
        let status = Arc::new(AuthorityStatus {
            ca: ca.to_owned(),
            responder: responder?,
            renew_at,
            answers: Mutex::default(),
        });
        let mut known = self
            .status_responders
            .known
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        known.insert(ca.to_owned(), Arc::clone(&status));
        Ok(status)
    }

    /// Key and certificate of an authority's responder, and when it is to be renewed. Near the end of the authority's
    /// own certificate no longer-lived one can be had.
    async fn responder_identity(&self, ca: &str, issuer: &Certificate) -> ServiceResult<(Identity, DateTime<Utc>)> {
        let name = format!("ocsp-{ca}");
        let until = |certificate: &Certificate| certificate.validity().not_after;
        let renew_at = |certificate: &Certificate| match until(certificate) == until(issuer) {
            true => until(certificate),
            false => until(certificate) - RESPONDER_RENEWAL,
        };
        if let Some(certificate) = self.present_certificate(&name).await?
            && self.now() < renew_at(&certificate)
            && certificate.issuer() == issuer.subject()
        {
            let at = renew_at(&certificate);
            return Ok((self.identity(&name).await?, at));
        }
        let text = |text: Option<&str>| text.unwrap_or(ca).to_owned();
        let common_name = format!("{} OCSP", text(issuer.subject().common_name()));
        let subject = Subject::service(&text(issuer.subject().organization()), &common_name)
            .map_err(|error| ServiceError::refused_because("subject-unusable", error))?;
        let kind = issuer.public_key().map_err(ServiceError::internal)?.kind();
        let new = NewIdentity {
            name: &name,
            ca,
            kind: ProfileKind::OcspResponder,
            algorithm: Suite::of(kind).into(),
            subject: &subject,
        };
        // Boxed, as issuing a certificate leads here.
        let identity = Box::pin(self.establish_identity(&Actor::Program, &new)).await?;
        let at = renew_at(&identity.certificate);
        Ok((identity, at))
    }
}

fn stored_answer(ca: &str, serial: &SerialNumber, signed: SignedAnswer, as_of_change: Option<u64>) -> OcspAnswer {
    OcspAnswer {
        ca: ca.to_owned(),
        serial: serial.as_bytes().to_vec(),
        der: signed.der,
        this_update: signed.this_update,
        next_update: signed.next_update,
        as_of_change,
    }
}
