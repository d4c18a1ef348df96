//! Issuing a certificate. The order is that of the types: what is to be signed is prepared and examined, its serial
//! number and digest are recorded, then it is signed once, and what makes it known goes, with its event, into the
//! change to which it belongs.
//!
//! So whatever else that change holds, an approval among it, becomes durable with the certificate or neither does. A
//! certificate whose change is refused was issued to nobody: its serial number stays reserved, and it stands in no list
//! and no bundle.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::ca::lint::Severity;
use crate::ca::{Issuer, Order, Prepared, Profile, Publication, Subject, SubjectKey, new_serial, prepare};
use crate::crypto::key::Signer;
use crate::service::actor::Actor;
use crate::service::certificate_authorities::OpenAuthority;
use crate::service::error::ServiceResult;
use crate::service::revocation_lists::CERTIFICATES_OF_A_PART;
use crate::service::signed_text::digest;
use crate::service::{Service, events};
use crate::store::{Change, CompletedCertificate, Counter, SerialReservation};
use crate::x509::Certificate;

/// A certificate that is prepared, and by whom it is to be signed.
pub(super) struct Issuance {
    /// Short name of the authority that issues it; a root issues itself.
    pub(super) ca: String,
    /// Name of its profile.
    pub(super) profile: String,
    /// The part of the revocation list that it names; `None` where it names the complete list.
    pub(super) shard: Option<u64>,
    /// What is to be signed.
    pub(super) prepared: Prepared,
    /// The key of the authority.
    pub(super) key: Arc<dyn Signer>,
}

impl Issuance {
    /// The root of that name, by itself.
    pub(super) fn of_root(
        name: &str,
        profile: &Profile,
        subject: &Subject,
        key: &Arc<dyn Signer>,
        now: DateTime<Utc>,
    ) -> ServiceResult<Self> {
        let prepared = prepare(&Order {
            profile,
            subject,
            key: &SubjectKey::of(&**key),
            issuer: Issuer::Itself {
                algorithm: key.algorithm(),
            },
            not_before: now,
            serial: new_serial()?,
        })?;
        Ok(Self {
            ca: name.to_owned(),
            profile: profile.name.clone(),
            shard: None,
            prepared,
            key: Arc::clone(key),
        })
    }

    /// A certificate by an authority, which names this part of its revocation list.
    pub(super) fn by(
        authority: &OpenAuthority,
        profile: &Profile,
        subject: &Subject,
        key: &SubjectKey,
        (publication, shard): (&Publication, Option<u64>),
        now: DateTime<Utc>,
    ) -> ServiceResult<Self> {
        authority.check_names(subject)?;
        let prepared = prepare(&Order {
            profile,
            subject,
            key,
            issuer: Issuer::Authority {
                certificate: &authority.certificate,
                algorithm: authority.key.algorithm(),
                publication,
            },
            not_before: now,
            serial: new_serial()?,
        })?;
        Ok(Self {
            ca: authority.name.clone(),
            profile: profile.name.clone(),
            shard,
            prepared,
            key: Arc::clone(&authority.key),
        })
    }

    /// The row that holds its serial number before anything is signed.
    pub(super) fn reservation(&self, reserved_at: DateTime<Utc>) -> SerialReservation {
        let prepared = &self.prepared;
        SerialReservation {
            ca: self.ca.clone(),
            serial: prepared.serial().as_bytes().to_vec(),
            tbs_sha256: prepared.hash(),
            profile: self.profile.clone(),
            subject: prepared.subject().to_string(),
            is_authority: prepared.copy().is_ca(),
            shard: self.shard,
            key_sha256: digest(prepared.copy().public_key_info()),
            subject_sha256: digest(prepared.subject().der()),
            reserved_at,
        }
    }

    /// Tells whoever looks into the log which advice it is issued against; `yinxin ca lint` tells it of any.
    pub(super) fn note_advice(&self) {
        let warnings = self.prepared.findings().iter();
        for finding in warnings.filter(|finding| finding.severity == Severity::Warning) {
            let (ca, serial) = (&self.ca, self.prepared.serial().to_string());
            let (rule, value) = (finding.rule, &finding.value);
            tracing::debug!(ca, serial, rule, value, "a certificate against advice");
        }
    }
}

impl Service {
    /// Prepares a certificate by an authority: by a profile of the house, or by one delivered to which something was
    /// added.
    pub(super) async fn prepare_by(
        &self,
        authority: &OpenAuthority,
        profile: &Profile,
        subject: &Subject,
        key: &SubjectKey,
    ) -> ServiceResult<Issuance> {
        let (publication, shard) = self.next_publication(&authority.name, profile).await?;
        Issuance::by(authority, profile, subject, key, (&publication, shard), self.now())
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

    /// Records the serial number, signs, and adds what makes the certificate known to a change.
    pub(super) async fn issue_in(
        &self,
        change: &mut Change,
        actor: &Actor,
        issuance: Issuance,
    ) -> ServiceResult<Certificate> {
        issuance.note_advice();
        let mut reserved = Change::new();
        reserved.reserve_serial(issuance.reservation(self.now()));
        self.store().commit(reserved).await?;
        self.sign_in(change, actor, issuance)
    }

    /// Signs a certificate whose serial number is recorded, and adds what makes it known to a change: the certificate,
    /// its event, and the first answer about its status where the authority's responder is at hand.
    pub(super) fn sign_in(&self, change: &mut Change, actor: &Actor, issuance: Issuance) -> ServiceResult<Certificate> {
        let Issuance {
            ca,
            profile,
            prepared,
            key,
            ..
        } = issuance;
        let (tbs_sha256, subject, now) = (prepared.hash(), prepared.subject().to_string(), self.now());
        let certificate = prepared.issue(&*key)?.into_certificate();
        let validity = certificate.validity();
        change.complete_certificate(CompletedCertificate {
            ca: ca.clone(),
            serial: certificate.serial().as_bytes().to_vec(),
            tbs_sha256,
            der: certificate.der().to_vec(),
            sha256: *certificate.fingerprint(),
            not_before: validity.not_before,
            not_after: validity.not_after,
            issued_at: now,
        });
        let detail = serde_json::json!({ "ca": ca, "profile": profile, "subject": subject });
        let serial = certificate.serial().to_string();
        change.record(events::entry(now, actor, "certificate.issue", &serial, &detail)?);
        if let Some(answer) = self.first_status(&ca, &certificate)? {
            change.put_ocsp_answer(answer);
        }
        Ok(certificate)
    }
}
