//! What an authority issues with: its keys and certificates, its seal and the seal's look, the validation data that
//! each licence carries, the time stamping and the signer of its codes. Put together once, used for many licences,
//! forgotten when a certificate, a seal or a revocation list changes.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex;

use crate::ca::timestamp::TimeStampAuthority;
use crate::clock::rfc3339;
use crate::cms::build::SigningIdentity;
use crate::credential::Host;
use crate::crypto::key::{Signer, Suite};
use crate::draw::svg;
use crate::face::{SealAppearance, ValidationData};
use crate::licence::authority::Authority;
use crate::licence::credit_code::CreditCode;
use crate::licence::type_code::TypeCode;
use crate::problem::Problem;
use crate::seal::{Seal, SealHolder};
use crate::service::Service;
use crate::service::city::Role;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::known::Known;
use crate::service::organisations::{document_identity, seal_identity};
use crate::sign::SealingKeys;
use crate::sign::document::{self, SealPicture};
use crate::store::SealState;
use crate::x509::Certificate;

/// How long the materials are used before they are read anew, so that certificates which another node renewed are used
/// in time.
pub(super) const REFRESH: TimeDelta = TimeDelta::minutes(10);

/// An authority of ours: its short name and its certificate.
pub(super) type NamedAuthority = (String, Certificate);

/// What an authority issues with.
pub(super) struct Issuer {
    pub(super) authority: Authority,
    pub(super) keys: SealingKeys,
    pub(super) appearance: SealAppearance,
    /// The seal's look on documents that are brought.
    pub(super) picture: SealPicture,
    pub(super) validation: ValidationData,
    /// The same for documents that are brought, with the roots: who judges an archive later may look for them in it
    /// alone.
    pub(super) evidence: document::ValidationData,
    /// Who certified the signer.
    pub(super) certified_by: NamedAuthority,
    pub(super) time_stamping: Arc<TimeStampAuthority>,
    /// The same authority for documents that are brought.
    pub(super) stamping_of_others: Arc<TimeStampAuthority>,
    /// Who certified that.
    pub(super) stamping_certified_by: NamedAuthority,
    pub(super) credential_key: Arc<dyn Signer>,
    pub(super) host: Host,
    /// The licence types that its certificate says it may issue.
    pub(super) licence_types: Vec<TypeCode>,
    read_at: DateTime<Utc>,
}

/// The issuers that were put together.
#[derive(Default)]
pub(super) struct Issuers {
    known: RwLock<Known<CreditCode, Issuer>>,
    /// Held while one is put together: many licences wait for it at once, and opening its keys takes long on purpose.
    reading: Mutex<()>,
}

impl Issuers {
    fn read(&self) -> RwLockReadGuard<'_, Known<CreditCode, Issuer>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Known<CreditCode, Issuer>> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service {
    /// What an authority issues with.
    pub(super) async fn issuer(&self, code: &CreditCode) -> ServiceResult<Arc<Issuer>> {
        self.notice_changes().await?;
        if let Some(issuer) = self.known_issuer(code) {
            return Ok(issuer);
        }
        let _reading = self.issuers.reading.lock().await;
        if let Some(issuer) = self.known_issuer(code) {
            return Ok(issuer);
        }
        loop {
            let begun_in = self.issuers.read().generation;
            let issuer = Arc::new(self.read_issuer(code).await?);
            if self.issuers.write().keep(*code, &issuer, begun_in) {
                return Ok(issuer);
            }
        }
    }

    /// An issuer that was put together lately.
    fn known_issuer(&self, code: &CreditCode) -> Option<Arc<Issuer>> {
        let known = self.issuers.read();
        let issuer = known.by_name.get(code);
        issuer.filter(|issuer| self.now() - issuer.read_at < REFRESH).cloned()
    }

    /// Forgets all issuers and time stamping: something that they rest on has changed.
    pub(super) fn forget_issuers(&self) {
        self.time_stamping.forget();
        self.issuers.write().forget();
    }

    async fn read_issuer(&self, code: &CreditCode) -> ServiceResult<Issuer> {
        let authority = self.authority(code).await?;
        let document = self.usable_identity(code, &document_identity(code)).await?;
        let sealer = self.usable_identity(code, &seal_identity(code)).await?;
        let suite = Suite::of(document.key.kind());
        let seal = self.usable_seal(code).await?;
        let picture = svg::unpack(&seal.info.image.data).map_err(ServiceError::internal)?;
        let picture = svg::parse(&picture).map_err(ServiceError::internal)?;
        let licence_types = document.certificate.licence_types().iter().map(|code| code.parse());
        let licence_types = licence_types
            .collect::<Result<_, _>>()
            .map_err(ServiceError::internal)?;
        // The message carries its issuing authority, since some verifiers look for it nowhere else.
        let certified_by = self.certifying_authority(&document.certificate).await?;
        let sealer_by = self.certifying_authority(&sealer.certificate).await?;
        let issuing = self.authority_certificate(&certified_by).await?;
        let identity = SigningIdentity::new(document.key, document.certificate, std::slice::from_ref(&issuing));
        let identity = identity.map_err(ServiceError::internal)?;
        let holder = SealHolder::new(sealer.key, sealer.certificate, seal).map_err(ServiceError::internal)?;
        let (mut evidence, roots) = self.evidence(&certified_by, &sealer_by, suite).await?;
        let validation = ValidationData::new(&evidence.certificates, &evidence.crls);
        evidence.certificates.extend(roots);
        let stamping = self.time_stamp_authority(suite).await?;
        let stamping_ca = Role::TimeStampingCa.name(suite);
        let stamping_by = self.authority_certificate(&stamping_ca).await?;
        Ok(Issuer {
            authority,
            keys: SealingKeys::new(identity, holder).map_err(ServiceError::explained)?,
            appearance: SealAppearance::new(&picture),
            picture: SealPicture::new(&picture),
            validation,
            evidence,
            certified_by: (certified_by, issuing),
            time_stamping: stamping.of_licences,
            stamping_of_others: stamping.of_others,
            stamping_certified_by: (stamping_ca, stamping_by),
            credential_key: self.unrevoked_identity(&Role::Credential.name(suite)).await?.key,
            host: self.public_host()?,
            licence_types,
            read_at: self.now(),
        })
    }

    /// Short name of the authority of ours that issued a certificate.
    async fn certifying_authority(&self, certificate: &Certificate) -> ServiceResult<String> {
        let row = self.store().certificate_by_sha256(certificate.fingerprint()).await?;
        let row = row.ok_or_else(|| ServiceError::not_found("certificate", certificate.serial()))?;
        Ok(row.ca)
    }

    /// An identity of an authority whose certificate is not revoked.
    async fn usable_identity(&self, code: &CreditCode, name: &str) -> ServiceResult<super::identities::Identity> {
        let identity = self.identity(name).await.map_err(|error| match error {
            ServiceError::NotFound { .. } => {
                ServiceError::refused(Problem::new("authority-without-seal").param("authority", code))
            }
            other => other,
        })?;
        self.must_not_be_revoked(&identity.certificate).await?;
        Ok(identity)
    }

    /// The newest seal of an authority that may be applied.
    async fn usable_seal(&self, code: &CreditCode) -> ServiceResult<Seal> {
        let mut seals = self.store().seals_of(code.as_str()).await?;
        seals.sort_by_key(|seal| seal.valid_from);
        let newest = seals
            .iter()
            .rev()
            .find(|seal| seal.state == SealState::Active)
            .or(seals.last());
        let newest = newest
            .ok_or_else(|| ServiceError::refused(Problem::new("authority-without-seal").param("authority", code)))?;
        match newest.state {
            SealState::Active => {
                let seal = Seal::parse(&newest.der).map_err(ServiceError::internal)?;
                let maker = Certificate::from_der(&seal.maker_certificate).map_err(ServiceError::internal)?;
                self.must_not_be_revoked(&maker).await?;
                Ok(seal)
            }
            state => Err(ServiceError::refused(
                Problem::new(if state == SealState::Revoked {
                    "seal-revoked"
                } else {
                    "seal-suspended"
                })
                .param("seal", &newest.es_id)
                .param("since", rfc3339(newest.state_at)),
            )),
        }
    }

    /// Certificates and revocation lists from which signer, time stamp and seal are judged without asking anybody, and
    /// the certificates of their roots. What the message itself carries is left out: the signer's certificate and that
    /// of its issuing authority.
    async fn evidence(
        &self,
        signer_by: &str,
        sealer_by: &str,
        suite: Suite,
    ) -> ServiceResult<(document::ValidationData, Vec<Vec<u8>>)> {
        let (mut certificates, mut crls, mut roots) = (Vec::new(), Vec::new(), Vec::new());
        for first in [signer_by, &Role::TimeStampingCa.name(suite), sealer_by] {
            for (name, certificate) in self.authorities_up_from(first).await? {
                let list = self.fresh_crl(&name).await?;
                if crls.contains(&list.der) {
                    continue;
                }
                crls.push(list.der);
                self.must_not_be_revoked(&certificate).await?;
                if certificate.is_self_issued() {
                    roots.push(certificate.der().to_vec());
                } else if name != signer_by {
                    certificates.push(certificate.der().to_vec());
                }
            }
        }
        let data = document::ValidationData {
            certificates,
            crls,
            ocsp_responses: Vec::new(),
        };
        Ok((data, roots))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_begun_before_something_changed_is_not_kept() {
        let code: CreditCode = "11159903MB030010XW".parse().unwrap();
        let mut known = Known::default();
        let begun_in = known.generation;
        known.forget();
        assert!(!known.keep(code, &Arc::new("with a seal that was revoked"), begun_in));
        assert_eq!(known.by_name.get(&code), None);
        let begun_in = known.generation;
        assert!(known.keep(code, &Arc::new("new"), begun_in));
        assert_eq!(known.by_name[&code].as_ref(), &"new");
    }
}
