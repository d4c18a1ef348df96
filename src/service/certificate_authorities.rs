//! The certificate authorities: founding one, and opening one with its key.
//!
//! An authority stands in the register, its certificate counts and the approval of its founding is kept from one moment
//! on: all three are one change.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ca::{
    Profile, ProfileKind, Publication, Subject, SubjectKey, SubordinateTerms, check_space, subordinate_profile,
};
use crate::crypto::key::{Signer, Suite};
use crate::problem::Problem;
use crate::service::Service;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::issuance::Issuance;
use crate::service::keys::NewKey;
use crate::service::proposals::Mandate;
use crate::service::recognition::ListPublication;
use crate::store;
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
    /// Where the name is taken, the parent is not known, revoked or of another suite, or it or one above it does not
    /// allow such an authority.
    pub(in crate::service) async fn found_certificate_authority(
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
            None => self.delivered_profile(ProfileKind::Root)?.clone(),
        };
        let key = self.new_key(actor, &new.name, &new.key).await?;
        let now = self.now();
        let issuance = match &parent {
            Some(parent) => {
                let subject_key = SubjectKey::of(&*key);
                self.prepare_by(parent, &profile, &subject, &subject_key).await?
            }
            None => Issuance::of_root(&new.name, &profile, &subject, &key, now)?,
        };
        let mut change = mandate.change(now, "ca.found", &new.name, &serde_json::json!({}))?;
        let certificate = self.issue_in(&mut change, actor, issuance).await?;
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
        self.tell_lists(actor, &new.name, None).await;
        if new.parent.is_none() {
            self.rely_on_root(mandate).await;
        }
        Ok(certificate)
    }

    /// Publishes the recognition list with a root that was founded just now: whoever agreed to it agreed to rely on it.
    /// A failure is logged only, as the root is founded; the list is made up for with those that are due.
    async fn rely_on_root(&self, mandate: &Mandate) {
        let published = async {
            if self.store().recognition_list_sequence().await? > 0 {
                self.publish_recognition_list(mandate, &ListPublication::default())
                    .await?;
            }
            Ok::<_, ServiceError>(())
        };
        if let Err(error) = published.await {
            tracing::warn!(%error, "the recognition list does not name the new root yet");
        }
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
}
