//! The certificate authorities: founding one, and issuing certificates by it.
//!
//! The order of issuance is that of the types: what is to be signed is prepared and examined, its serial number and digest
//! are recorded, then it is signed once, and the certificate is recorded together with the event.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ca::lint::Severity;
use crate::ca::{
    Issuer, Order, Prepared, Profile, ProfileKind, Publication, Subject, SubjectKey, SubordinateTerms, check_space,
    new_serial, prepare, subordinate_profile,
};
use crate::crypto::DigestAlgorithm;
use crate::crypto::key::{Signer, Suite};
use crate::problem::Problem;
use crate::service::actor::Actor;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::keys::NewKey;
use crate::service::proposals::Mandate;
use crate::service::recognition::ListPublication;
use crate::service::revocation_lists::CERTIFICATES_OF_A_PART;
use crate::service::{Service, events};
use crate::store::{self, Change, CompletedCertificate, Counter, SerialReservation};
use crate::x509::Certificate;

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
    /// What it is given by the authority above it; a root is given nothing.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub terms: SubordinateTerms,
}

fn is_usual(terms: &SubordinateTerms) -> bool {
    *terms == SubordinateTerms::default()
}

/// An authority of ours with its key.
pub(super) struct OpenAuthority {
    pub(super) name: String,
    pub(super) certificate: Certificate,
    pub(super) key: Arc<dyn Signer>,
    /// The issuers of what it certifies: itself first, then those above it.
    issuers: Vec<Certificate>,
}

impl OpenAuthority {
    /// Refuses a subject with a name that it, or one above it, may not certify.
    pub(super) fn check_names(&self, subject: &Subject) -> ServiceResult<()> {
        check_space(&self.issuers, subject.name(), subject.alternative_names()).map_err(ServiceError::explained)
    }
}

impl Service {
    /// Founds an authority: makes its key and its certificate, and publishes its first revocation list.
    ///
    /// # Errors
    /// Where the name is taken, the parent is not known, revoked or of another suite, or it or one above it does not allow such
    /// an authority.
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
            None if is_usual(&new.terms) => None,
            None => return Err(ServiceError::refused(Problem::new("ca-terms-of-root").field("terms"))),
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
        let subject = Subject::service(&new.organisation, &new.common_name)
            .map_err(|error| ServiceError::refused_because("subject-unusable", error))?
            .publishing_at(&Publication::under(self.public_url(), &new.name));
        let profile = match &parent {
            Some(parent) => self.subordinate(parent, &subject, &new.terms).await?,
            None => Profile::standard(ProfileKind::Root).map_err(ServiceError::internal)?,
        };
        let key = self.new_key(&new.name, &new.key).await?;
        let certificate = match &parent {
            Some(parent) => {
                let subject_key = SubjectKey::of(&*key);
                self.sign_in(Change::new(), actor, parent, &profile, &subject, &subject_key)
                    .await?
            }
            None => self.sign_root(actor, &new.name, &profile, &key, &subject).await?,
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

    /// What an authority under another is made by: nothing that is not the other's to give.
    async fn subordinate(
        &self,
        parent: &OpenAuthority,
        subject: &Subject,
        terms: &SubordinateTerms,
    ) -> ServiceResult<Profile> {
        for issuer in &parent.issuers {
            self.must_not_be_revoked(issuer).await?;
        }
        subordinate_profile(&parent.issuers, subject.name(), terms).map_err(ServiceError::explained)
    }

    /// The authorities, by name.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn certificate_authorities(&self) -> ServiceResult<Vec<store::CertificateAuthority>> {
        Ok(self.store().certificate_authorities().await?)
    }

    /// Whether the key of an authority is kept offline.
    pub(super) async fn is_offline(&self, ca: &str) -> ServiceResult<bool> {
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
        let key = self.key(&row.key).await?;
        let mut issuers = vec![certificate.clone()];
        if let Some(parent) = &row.parent {
            let above = self.authorities_up_from(parent).await?;
            issuers.extend(above.into_iter().map(|(_, certificate)| certificate));
        }
        Ok(OpenAuthority {
            name: row.name,
            certificate,
            key,
            issuers,
        })
    }

    /// An authority and those above it up to the root, by name with their certificates.
    pub(super) async fn authorities_up_from(&self, name: &str) -> ServiceResult<Vec<(String, Certificate)>> {
        let mut found: Vec<(String, Certificate)> = Vec::new();
        let mut next = Some(name.to_owned());
        // An authority is founded under one that is there: no name comes twice.
        while let Some(name) = next {
            let row = self.store().certificate_authority(&name).await?;
            let row = row.ok_or_else(|| ServiceError::not_found("certificate authority", &name))?;
            let certificate = Certificate::from_der(&row.certificate).map_err(ServiceError::internal)?;
            found.push((name, certificate));
            next = row.parent;
        }
        Ok(found)
    }

    async fn sign_root(
        &self,
        actor: &Actor,
        name: &str,
        profile: &Profile,
        key: &Arc<dyn Signer>,
        subject: &Subject,
    ) -> ServiceResult<Certificate> {
        let prepared = prepare(&Order {
            profile,
            subject,
            key: &SubjectKey::of(&**key),
            issuer: Issuer::Itself {
                algorithm: key.algorithm(),
            },
            not_before: self.now(),
            serial: new_serial()?,
        })?;
        self.record_in(Change::new(), actor, (name, &profile.name, None), prepared, key)
            .await
    }

    /// Certifies a role of the instance.
    pub(super) async fn sign_certificate(
        &self,
        actor: &Actor,
        authority: &OpenAuthority,
        kind: ProfileKind,
        subject: &Subject,
        key: &SubjectKey,
    ) -> ServiceResult<Certificate> {
        let profile = Profile::standard(kind).map_err(ServiceError::internal)?;
        self.sign_in(Change::new(), actor, authority, &profile, subject, key)
            .await
    }

    /// Issues by a profile of the house, or by one delivered to which something was added; `completed` becomes durable together with
    /// the certificate.
    pub(super) async fn sign_in(
        &self,
        completed: Change,
        actor: &Actor,
        authority: &OpenAuthority,
        profile: &Profile,
        subject: &Subject,
        key: &SubjectKey,
    ) -> ServiceResult<Certificate> {
        authority.check_names(subject)?;
        let (publication, shard) = self.next_publication(&authority.name, profile).await?;
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
        })?;
        let place = (authority.name.as_str(), profile.name.as_str(), shard);
        self.record_in(completed, actor, place, prepared, &authority.key).await
    }

    /// The addresses that the next certificate carries, and the part of the revocation list among them. Authorities and
    /// responders are few: they name the complete list.
    async fn next_publication(&self, ca: &str, profile: &Profile) -> ServiceResult<(Publication, Option<u64>)> {
        let publication = Publication::under(self.public_url(), ca);
        if profile.certification_authority || profile.ocsp_no_check {
            return Ok((publication, None));
        }
        let index = self
            .next_number(&Counter::CertificateIndex { ca: ca.to_owned() })
            .await?;
        let part = index / CERTIFICATES_OF_A_PART;
        Ok((publication.of_part(part), Some(part)))
    }

    /// Records and signs a certificate that names the complete list, with what becomes durable together with it.
    pub(super) async fn record_and_sign_with(
        &self,
        change: Change,
        actor: &Actor,
        (ca, profile): (&str, &str),
        prepared: Prepared,
        key: &Arc<dyn Signer>,
    ) -> ServiceResult<Certificate> {
        self.record_in(change, actor, (ca, profile, None), prepared, key).await
    }

    /// Records the serial number, signs, and records the certificate with its event.
    async fn record_in(
        &self,
        mut completed: Change,
        actor: &Actor,
        (ca, profile, shard): (&str, &str, Option<u64>),
        prepared: Prepared,
        key: &Arc<dyn Signer>,
    ) -> ServiceResult<Certificate> {
        let tbs_sha256 = prepared.hash();
        let subject = prepared.subject().to_string();
        note_advice(ca, &prepared);
        let mut reserved = Change::new();
        reserved.reserve_serial(reservation(ca, profile, shard, &prepared, self.now()));
        self.store().commit(reserved).await?;
        let certificate = prepared.issue(&**key)?.into_certificate();
        completed.complete_certificate(completion(ca, tbs_sha256, &certificate, self.now()));
        let detail = serde_json::json!({ "ca": ca, "profile": profile, "subject": subject });
        let serial = certificate.serial().to_string();
        completed.record(events::entry(self.now(), actor, "certificate.issue", &serial, &detail)?);
        if let Some(answer) = self.first_status(ca, &certificate)? {
            completed.put_ocsp_answer(answer);
        }
        self.store().commit(completed).await?;
        Ok(certificate)
    }
}

/// Tells whoever looks into the log which advice a certificate is issued against; `yinxin ca lint` tells it of any.
pub(super) fn note_advice(ca: &str, prepared: &Prepared) {
    for finding in prepared.findings() {
        if finding.severity == Severity::Warning {
            let serial = prepared.serial().to_string();
            tracing::debug!(
                ca,
                serial,
                rule = finding.rule,
                value = finding.value,
                "a certificate against advice"
            );
        }
    }
}

/// The row that holds a serial number before anything is signed.
pub(super) fn reservation(
    ca: &str,
    profile: &str,
    shard: Option<u64>,
    prepared: &Prepared,
    reserved_at: DateTime<Utc>,
) -> SerialReservation {
    SerialReservation {
        ca: ca.to_owned(),
        serial: prepared.serial().as_bytes().to_vec(),
        tbs_sha256: prepared.hash(),
        profile: profile.to_owned(),
        subject: prepared.subject().to_string(),
        is_authority: prepared.copy().is_ca(),
        shard,
        key_sha256: sha256(prepared.copy().public_key_info()),
        subject_sha256: sha256(prepared.subject().der()),
        reserved_at,
    }
}

/// What completes that row.
pub(super) fn completion(
    ca: &str,
    tbs_sha256: [u8; 32],
    certificate: &Certificate,
    issued_at: DateTime<Utc>,
) -> CompletedCertificate {
    let validity = certificate.validity();
    CompletedCertificate {
        ca: ca.to_owned(),
        serial: certificate.serial().as_bytes().to_vec(),
        tbs_sha256,
        der: certificate.der().to_vec(),
        sha256: *certificate.fingerprint(),
        not_before: validity.not_before,
        not_after: validity.not_after,
        issued_at,
    }
}

pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    DigestAlgorithm::Sha256.digest(bytes).first_32()
}
