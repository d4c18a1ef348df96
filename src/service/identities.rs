//! Named identities: a key of the keystore with the certificate that it has at present.
//!
//! Time stamping, credential signing, seal making and each organisation have one under a name; which certificate is the
//! present one is a setting, so that a renewed one takes over at once and on every node.

use std::sync::Arc;

use crate::ca::{ProfileKind, Subject, SubjectKey};
use crate::crypto::key::{KeyAlgorithm, Signer};
use crate::hex;
use crate::problem::Problem;
use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::keys::NewKey;
use crate::store::{CertificateState, Change, Setting};
use crate::x509::Certificate;

/// A key with its certificate.
#[derive(Clone)]
pub(super) struct Identity {
    pub(super) key: Arc<dyn Signer>,
    pub(super) certificate: Certificate,
}

/// Where an identity comes from.
pub(super) struct NewIdentity<'a> {
    /// Its name, which is the name of its key.
    pub(super) name: &'a str,
    /// The authority that certifies it.
    pub(super) ca: &'a str,
    /// What kind of certificate it gets.
    pub(super) kind: ProfileKind,
    /// What its key is made for.
    pub(super) algorithm: KeyAlgorithm,
    /// Whom it is about.
    pub(super) subject: &'a Subject,
}

impl Service {
    /// Gives a name a key, if it has none, and a new certificate, which becomes the present one.
    pub(super) async fn establish_identity(&self, actor: &Actor, new: &NewIdentity<'_>) -> ServiceResult<Identity> {
        let mut change = Change::new();
        let identity = self.establish_identity_in(&mut change, actor, new).await?;
        self.store().commit(change).await?;
        Ok(identity)
    }

    /// The same as part of a change: nobody is certified unless that becomes durable.
    pub(super) async fn establish_identity_in(
        &self,
        change: &mut Change,
        actor: &Actor,
        new: &NewIdentity<'_>,
    ) -> ServiceResult<Identity> {
        let key = self.new_key(actor, new.name, &NewKey::Make(new.algorithm)).await?;
        let authority = self.open_authority(new.ca).await?;
        let (profile, subject_key) = (self.delivered_profile(new.kind)?, SubjectKey::of(&*key));
        let issuance = self.prepare_by(&authority, profile, new.subject, &subject_key).await?;
        let certificate = self.issue_in(change, actor, issuance).await?;
        change.put_setting(Setting {
            name: setting(new.name),
            value: hex::encode(certificate.fingerprint()),
            set_at: self.now(),
        });
        Ok(Identity { key, certificate })
    }

    /// The algorithm for what an authority certifies, where nobody asks for another.
    pub(super) async fn algorithm_under(&self, ca: &str) -> ServiceResult<KeyAlgorithm> {
        let certificate = self.authority_certificate(ca).await?;
        let key = certificate.public_key().map_err(ServiceError::internal)?;
        Ok(KeyAlgorithm::under(key.kind()))
    }

    /// The identity of that name.
    pub(super) async fn identity(&self, name: &str) -> ServiceResult<Identity> {
        let certificate = self.present_certificate(name).await?;
        let certificate = certificate.ok_or_else(|| ServiceError::not_found("identity", name))?;
        Ok(Identity {
            key: self.key(name).await?,
            certificate,
        })
    }

    /// The identity of that name, whose certificate is not revoked.
    pub(super) async fn unrevoked_identity(&self, name: &str) -> ServiceResult<Identity> {
        let identity = self.identity(name).await?;
        self.must_not_be_revoked(&identity.certificate).await?;
        Ok(identity)
    }

    /// Refuses to go on with a certificate that was revoked.
    pub(super) async fn must_not_be_revoked(&self, certificate: &Certificate) -> ServiceResult<()> {
        let row = self.store().certificate_by_sha256(certificate.fingerprint()).await?;
        if row.is_some_and(|row| matches!(row.state, CertificateState::Issued { revoked: true, .. })) {
            let subject = certificate.subject().common_name().unwrap_or_default();
            return Err(ServiceError::refused(
                Problem::new("signer-revoked").param("subject", subject),
            ));
        }
        Ok(())
    }

    /// The present certificate of a name; `None` where it has none.
    pub(super) async fn present_certificate(&self, name: &str) -> ServiceResult<Option<Certificate>> {
        let Some(sha256) = self.store().setting(&setting(name)).await? else {
            return Ok(None);
        };
        let sha256 =
            hex::decode_array(&sha256).ok_or_else(|| ServiceError::internal(format!("setting {name} is no digest")))?;
        match self.store().certificate_by_sha256(&sha256).await?.map(|row| row.state) {
            Some(CertificateState::Issued { der, .. }) => {
                Ok(Some(Certificate::from_der(&der).map_err(ServiceError::internal)?))
            }
            _ => Ok(None),
        }
    }
}

fn setting(name: &str) -> String {
    format!("certificate/{name}")
}
