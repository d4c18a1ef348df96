//! Certificates and revocation lists of others: cross-certificates, bundles of partners, lists of authorities that are
//! offline. They help to find paths and to judge them; nothing is believed of them, so that whoever runs the program
//! may add any.

use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::events;
use crate::store::{Change, KeptValidationData, ValidationData};
use crate::x509::{Certificate, Crl};

/// What is kept of others, read.
#[derive(Debug, Clone, Default)]
pub struct KnownValidationData {
    /// Certificates.
    pub certificates: Vec<Certificate>,
    /// Revocation lists.
    pub crls: Vec<Crl>,
}

impl Service {
    /// Keeps certificates and revocation lists of others. What is kept already is no error.
    ///
    /// # Errors
    /// Where the actor is no operator, or the store does not answer.
    pub async fn keep_validation_data(&self, actor: &Actor, found: &KnownValidationData) -> ServiceResult<()> {
        actor.must_be_operator()?;
        let certificates = found.certificates.iter().map(|certificate| certificate.der().to_vec());
        let crls = found.crls.iter().map(|crl| crl.der().to_vec());
        let all = certificates
            .map(ValidationData::Certificate)
            .chain(crls.map(ValidationData::Crl));
        let now = self.now();
        let mut change = Change::new();
        for data in all {
            change.keep_validation_data(KeptValidationData::new(data, now));
        }
        let detail = serde_json::json!({ "certificates": found.certificates.len(), "crls": found.crls.len() });
        change.record(events::entry(now, actor, "validation-data.keep", "others", &detail)?);
        self.store().commit(change).await?;
        self.reload_trust().await
    }

    /// What is kept of others.
    ///
    /// # Errors
    /// Where the store does not answer, or holds what is no certificate or list.
    pub async fn known_validation_data(&self) -> ServiceResult<KnownValidationData> {
        let mut known = KnownValidationData::default();
        for data in self.store().validation_data().await? {
            match data {
                ValidationData::Certificate(der) => {
                    known
                        .certificates
                        .push(Certificate::from_der(&der).map_err(ServiceError::internal)?);
                }
                ValidationData::Crl(der) => known.crls.push(Crl::from_der(&der).map_err(ServiceError::internal)?),
            }
        }
        Ok(known)
    }
}
