//! The certificate authorities: founding one, issuing, revoking, publishing the revocation list.
//!
//! The order of issuance is that of the types: what is to be signed is prepared and examined, its serial number and digest
//! are recorded, then it is signed once, and the certificate is recorded together with the event.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::ca::crl::{self, CrlOrder};
use crate::ca::{
    CrlError, IssueError, Issuer, Order, Prepared, Profile, ProfileKind, Publication, Subject, SubjectKey, new_serial,
    prepare,
};
use crate::crypto::DigestAlgorithm;
use crate::crypto::key::{Signer, Suite};
use crate::problem::Problem;
use crate::service::actor::Actor;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::keys::NewKey;
use crate::service::proposals::Mandate;
use crate::service::recognition::ListPublication;
use crate::service::{Service, events};
use crate::store::{self, CertificateRevocation, Change, CompletedCertificate, Counter, SerialReservation};
use crate::x509::{Certificate, CertificationRequest, RevocationReason, RevokedEntry, SerialNumber};

/// How long a revocation list may be relied on: a day more than a week, so that a missed day of publishing does no harm.
const CRL_LIFETIME: TimeDelta = TimeDelta::days(8);

/// A list younger than this is published again only when something was revoked since.
const CRL_RENEWAL: TimeDelta = TimeDelta::days(1);

/// A new authority of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCertificateAuthority {
    /// Its short name, as in addresses: `issuing-national`.
    pub name: String,
    /// Its key; of the suite of the authority above it.
    pub key: NewKey,
    /// The authority that issues its certificate; `None` for a root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Name of the organisation that runs it.
    pub organisation: String,
    /// Its own name.
    pub common_name: String,
}

/// An authority of ours with its key.
pub(super) struct OpenAuthority {
    pub(super) name: String,
    pub(super) certificate: Certificate,
    pub(super) key: Arc<dyn Signer>,
}

impl Service {
    /// Founds an authority: makes its key and its certificate, and publishes its first revocation list.
    ///
    /// # Errors
    /// Where the name is taken, or the parent is not known or of another suite.
    pub async fn found_certificate_authority(
        &self,
        mandate: &Mandate,
        new: &NewCertificateAuthority,
    ) -> ServiceResult<Certificate> {
        let actor = mandate.actor();
        if self.store().certificate_authority(&new.name).await?.is_some() {
            return Err(ServiceError::Conflict(
                Problem::new("already-exists")
                    .param("what", "certificate authority")
                    .param("key", &new.name),
            ));
        }
        let parent = match &new.parent {
            Some(parent) => Some(self.open_authority(parent).await?),
            None => None,
        };
        let suite = self.suite_of_new_key(&new.name, &new.key).await?;
        if let Some(parent) = parent.as_ref().filter(|parent| Suite::of(parent.key.kind()) != suite) {
            return Err(ServiceError::refused(
                Problem::new("ca-suite-differs")
                    .field("suite")
                    .param("value", suite.name())
                    .param("parent", &parent.name),
            ));
        }
        let key = self.new_key(&new.name, &new.key).await?;
        let subject = Subject::service(&new.organisation, &new.common_name)
            .map_err(|error| ServiceError::refused_because("subject-unusable", error))?
            .publishing_at(&Publication::under(self.public_url(), &new.name));
        let kind = if parent.is_some() {
            ProfileKind::Issuing
        } else {
            ProfileKind::Root
        };
        let certificate = match &parent {
            Some(parent) => {
                self.sign_certificate(actor, parent, kind, &subject, &SubjectKey::of(&*key))
                    .await?
            }
            None => self.sign_root(actor, &new.name, &key, &subject).await?,
        };
        let now = self.now();
        let mut change = mandate.change(now, "ca.found", &new.name, &serde_json::json!({}))?;
        change.add_certificate_authority(store::CertificateAuthority {
            name: new.name.clone(),
            suite: suite.name().to_owned(),
            key: new.name.clone(),
            subject: certificate.subject().to_string(),
            certificate: certificate.der().to_vec(),
            parent: new.parent.clone(),
            created_at: now,
        });
        self.store().commit(change).await?;
        self.publish_crl(actor, &new.name).await?;
        if new.parent.is_none() && self.store().recognition_list_sequence().await? > 0 {
            // Whoever agreed to a root agreed to rely on it.
            self.publish_recognition_list(mandate, &ListPublication::default())
                .await?;
        }
        Ok(certificate)
    }

    /// The authorities, by name.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn certificate_authorities(&self) -> ServiceResult<Vec<store::CertificateAuthority>> {
        Ok(self.store().certificate_authorities().await?)
    }

    /// Issues a certificate for a subject and a key by a profile.
    ///
    /// # Errors
    /// Where the actor is no operator, the authority is not known, or the certificate would break a rule of its profile.
    pub async fn issue_certificate(
        &self,
        actor: &Actor,
        ca: &str,
        kind: ProfileKind,
        subject: &Subject,
        key: &SubjectKey,
    ) -> ServiceResult<Certificate> {
        actor.must_be_operator()?;
        if kind.is_authority() && !matches!(actor, Actor::Officers(_)) {
            // Making an authority is for two people, whoever holds its key.
            self.founding_mandate(actor).await?;
        }
        let authority = self.open_authority(ca).await?;
        self.sign_certificate(actor, &authority, kind, subject, key).await
    }

    /// Issues a certificate for a PKCS#10 request by the profile of that name; the subject is the one given, or the request's
    /// own. Its alternative names are those of the request.
    ///
    /// # Errors
    /// As [`Self::issue_certificate`], and where the profile is not known or makes authorities, or the request is none or does
    /// not prove possession of its key.
    pub async fn issue_requested_certificate(
        &self,
        actor: &Actor,
        ca: &str,
        profile: &str,
        subject: Option<&Subject>,
        request: &[u8],
    ) -> ServiceResult<Certificate> {
        actor.must_be_operator()?;
        let profile = self.profile_for_requests(profile)?;
        let refused = |reason: String| ServiceError::refused(Problem::new("request-unusable").param("reason", reason));
        let request = CertificationRequest::from_der(request).map_err(|error| refused(error.to_string()))?;
        let key = SubjectKey::from_request(&request).map_err(|error| refused(error.to_string()))?;
        let own = || Subject::named(request.subject().clone(), None);
        let names = request.extensions().subject_alt_name.as_ref();
        let names = names.map(|names| names.value.clone()).unwrap_or_default();
        let subject = subject.cloned().unwrap_or_else(own).also_named(names);
        let authority = self.open_authority(ca).await?;
        self.sign_by_profile(actor, &authority, profile, &subject, &key).await
    }

    /// Revokes a certificate and publishes the list that says so.
    ///
    /// # Errors
    /// Where the actor is no operator, or the certificate is not known or revoked already.
    pub async fn revoke_certificate(
        &self,
        actor: &Actor,
        ca: &str,
        serial: &SerialNumber,
        reason: RevocationReason,
        invalid_since: Option<DateTime<Utc>>,
    ) -> ServiceResult<()> {
        actor.must_be_operator()?;
        if self.store().is_cross_certificate(ca, serial.as_bytes()).await? {
            return Err(ServiceError::Conflict(
                Problem::new("cross-not-revoked-here").param("value", serial),
            ));
        }
        let now = self.now();
        let mut change = Change::new();
        change.revoke_certificate(CertificateRevocation {
            ca: ca.to_owned(),
            serial: serial.as_bytes().to_vec(),
            reason: reason.code(),
            revoked_at: now,
            invalid_since,
        });
        let detail = serde_json::json!({ "ca": ca, "reason": reason.name() });
        change.record(events::entry(
            now,
            actor,
            "certificate.revoke",
            &serial.to_string(),
            &detail,
        )?);
        self.store().commit(change).await?;
        self.renew_status(ca, serial).await;
        self.publish_crl(actor, ca).await?;
        self.forget_issuers();
        Ok(())
    }

    /// Publishes a new revocation list of an authority.
    ///
    /// # Errors
    /// Where the actor is no operator or the authority is not known.
    pub async fn publish_crl(&self, actor: &Actor, ca: &str) -> ServiceResult<store::Crl> {
        actor.must_be_operator()?;
        let authority = self.open_authority(ca).await?;
        let number = self
            .store()
            .lease(&Counter::CrlNumber { ca: ca.to_owned() }, 1)
            .await?
            .start;
        let now = self.now();
        let revoked = self.store().revocations(ca).await?;
        let entries: Vec<_> = revoked
            .into_iter()
            .map(|row| RevokedEntry {
                serial: SerialNumber::from_content(&row.serial),
                revoked_at: row.revoked_at,
                reason: RevocationReason::from_code(row.reason).unwrap_or(RevocationReason::Unspecified),
                invalidity_date: row.invalid_since,
            })
            .collect();
        let next_update = now + CRL_LIFETIME;
        let order = CrlOrder {
            number,
            this_update: now,
            next_update,
            entries: &entries,
            distribution_point: None,
        };
        let list = crl::build(&authority.certificate, &*authority.key, &order).map_err(|error| match error {
            CrlError::Signing(error) => error.into(),
            other => ServiceError::internal(other),
        })?;
        let list = store::Crl {
            ca: ca.to_owned(),
            number,
            der: list.der().to_vec(),
            this_update: now,
            next_update,
        };
        let mut change = Change::new();
        change.publish_crl(list.clone());
        let detail = serde_json::json!({ "number": number, "entries": entries.len() });
        change.record(events::entry(now, actor, "crl.publish", ca, &detail)?);
        self.store().commit(change).await?;
        self.reload_trust().await?;
        self.forget_issuers();
        Ok(list)
    }

    /// The newest revocation list of an authority; a new one is published first where it is a day old.
    ///
    /// # Errors
    /// Where the authority is not known.
    pub async fn fresh_crl(&self, ca: &str) -> ServiceResult<store::Crl> {
        match self.store().latest_crl(ca).await? {
            Some(list) if self.is_offline(ca).await? => Ok(list),
            Some(list) if list.this_update + CRL_RENEWAL > self.now() => Ok(list),
            _ => self.publish_crl(&Actor::Operator, ca).await,
        }
    }

    /// Publishes the revocation lists that are due.
    ///
    /// # Errors
    /// Where a key or the store fails.
    pub async fn publish_due_lists(&self) -> ServiceResult<()> {
        for authority in self.store().certificate_authorities().await? {
            self.fresh_crl(&authority.name).await?;
        }
        self.renew_recognition_list().await
    }

    /// Whether the key of an authority is kept offline.
    async fn is_offline(&self, ca: &str) -> ServiceResult<bool> {
        let row = self.store().certificate_authority(ca).await?;
        Ok(row.is_some_and(|row| row.is_offline()))
    }

    /// The certificate of an authority, without its key.
    pub(super) async fn authority_certificate(&self, name: &str) -> ServiceResult<Certificate> {
        let row = self.store().certificate_authority(name).await?;
        let row = row.ok_or_else(|| ServiceError::not_found("certificate authority", name))?;
        Certificate::from_der(&row.certificate).map_err(ServiceError::internal)
    }

    /// An authority of ours with its key.
    pub(super) async fn open_authority(&self, name: &str) -> ServiceResult<OpenAuthority> {
        let row = self.store().certificate_authority(name).await?;
        let row = row.ok_or_else(|| ServiceError::not_found("certificate authority", name))?;
        if row.is_offline() {
            return Err(ServiceError::refused(Problem::new("ca-offline").param("ca", name)));
        }
        let certificate = Certificate::from_der(&row.certificate).map_err(ServiceError::internal)?;
        Ok(OpenAuthority {
            name: row.name,
            certificate,
            key: self.key(&row.key).await?,
        })
    }

    async fn sign_root(
        &self,
        actor: &Actor,
        name: &str,
        key: &Arc<dyn Signer>,
        subject: &Subject,
    ) -> ServiceResult<Certificate> {
        let profile = Profile::standard(ProfileKind::Root).map_err(ServiceError::internal)?;
        let prepared = prepare(&Order {
            profile: &profile,
            subject,
            key: &SubjectKey::of(&**key),
            issuer: Issuer::Itself {
                algorithm: key.algorithm(),
            },
            not_before: self.now(),
            serial: new_serial()?,
        })
        .map_err(ServiceError::explained)?;
        self.record_and_sign(actor, name, &profile, prepared, key).await
    }

    pub(super) async fn sign_certificate(
        &self,
        actor: &Actor,
        authority: &OpenAuthority,
        kind: ProfileKind,
        subject: &Subject,
        key: &SubjectKey,
    ) -> ServiceResult<Certificate> {
        let profile = Profile::standard(kind).map_err(ServiceError::internal)?;
        self.sign_by_profile(actor, authority, &profile, subject, key).await
    }

    /// Issues by a profile of the house, or by one delivered to which something was added.
    pub(super) async fn sign_by_profile(
        &self,
        actor: &Actor,
        authority: &OpenAuthority,
        profile: &Profile,
        subject: &Subject,
        key: &SubjectKey,
    ) -> ServiceResult<Certificate> {
        let publication = Publication::under(self.public_url(), &authority.name);
        let prepared = prepare(&Order {
            profile,
            subject,
            key,
            issuer: Issuer::Authority {
                certificate: &authority.certificate,
                algorithm: authority.key.algorithm(),
                publication: &publication,
            },
            not_before: self.now(),
            serial: new_serial()?,
        })
        .map_err(ServiceError::explained)?;
        self.record_and_sign(actor, &authority.name, profile, prepared, &authority.key)
            .await
    }

    /// Records the serial number, signs, and records the certificate with its event.
    async fn record_and_sign(
        &self,
        actor: &Actor,
        ca: &str,
        profile: &Profile,
        prepared: Prepared,
        key: &Arc<dyn Signer>,
    ) -> ServiceResult<Certificate> {
        self.record_and_sign_with(Change::new(), actor, (ca, &profile.name), prepared, key)
            .await
    }

    /// The same, with what becomes durable together with the certificate.
    pub(super) async fn record_and_sign_with(
        &self,
        mut completion: Change,
        actor: &Actor,
        (ca, profile): (&str, &str),
        prepared: Prepared,
        key: &Arc<dyn Signer>,
    ) -> ServiceResult<Certificate> {
        let (serial, tbs_sha256) = (prepared.serial().as_bytes().to_vec(), prepared.hash());
        let subject = prepared.subject().to_string();
        let mut reservation = Change::new();
        reservation.reserve_serial(SerialReservation {
            ca: ca.to_owned(),
            serial: serial.clone(),
            tbs_sha256,
            profile: profile.to_owned(),
            subject: subject.clone(),
            is_authority: prepared.copy().is_ca(),
            shard: None,
            key_sha256: sha256(prepared.copy().public_key_info()),
            subject_sha256: sha256(prepared.subject().der()),
            reserved_at: self.now(),
        });
        self.store().commit(reservation).await?;
        let certificate = prepared
            .issue(&**key)
            .map_err(|error| match error {
                IssueError::Signing(error) => error.into(),
                other => ServiceError::internal(other),
            })?
            .into_certificate();
        let validity = certificate.validity();
        completion.complete_certificate(CompletedCertificate {
            ca: ca.to_owned(),
            serial,
            tbs_sha256,
            der: certificate.der().to_vec(),
            sha256: *certificate.fingerprint(),
            not_before: validity.not_before,
            not_after: validity.not_after,
            issued_at: self.now(),
        });
        let detail = serde_json::json!({ "ca": ca, "profile": profile, "subject": subject });
        let serial = certificate.serial().to_string();
        completion.record(events::entry(self.now(), actor, "certificate.issue", &serial, &detail)?);
        if let Some(answer) = self.first_status(ca, &certificate)? {
            completion.put_ocsp_answer(answer);
        }
        self.store().commit(completion).await?;
        Ok(certificate)
    }
}

pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    DigestAlgorithm::Sha256.digest(bytes).first_32()
}
