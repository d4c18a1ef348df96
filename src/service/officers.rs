//! Officers: people with keys of their own, of whom it takes two for what cannot be undone by one.
//!
//! The first two are enrolled by the operator; from then on enrolling and removing one is itself an act of two
//! officers, and two are always left. A person is enrolled once, a key ever: who gets a new key is removed and enrolled
//! again.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::crypto::{KeyKind, PublicKey};
use crate::hex;
use crate::id::OfficerId;
use crate::problem::Problem;
use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::proposals::{Mandate, key_digest};
use crate::store::{self, OfficerRemoval};

/// Officers that must be left, so that nobody decides alone again.
const FEWEST: u32 = 2;

/// Characters of a name or organisation at most.
const MAX_NAME_CHARS: usize = 100;

/// A person who becomes an officer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewOfficer {
    /// The person's name.
    pub name: String,
    /// The organisation that the person belongs to.
    pub organisation: String,
    /// The person's public key: SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7), DER in base64.
    pub public_key: String,
}

/// An officer who ceases to be one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FormerOfficer {
    /// Which officer.
    pub officer: OfficerId,
}

impl NewOfficer {
    /// A person with a public key.
    pub fn new(name: &str, organisation: &str, key: &PublicKey) -> Self {
        Self {
            name: name.trim().to_owned(),
            organisation: organisation.trim().to_owned(),
            public_key: STANDARD.encode(key.spki()),
        }
    }

    /// The key, which must be one that signatures may rest on.
    fn key(&self) -> ServiceResult<PublicKey> {
        let refused = |reason: String| {
            ServiceError::refused(
                Problem::new("officer-key-unusable")
                    .field("publicKey")
                    .param("reason", reason),
            )
        };
        let spki = STANDARD
            .decode(&self.public_key)
            .map_err(|error| refused(error.to_string()))?;
        let key = PublicKey::from_spki(&spki).map_err(|error| refused(error.to_string()))?;
        match key.kind() {
            KeyKind::Rsa { bits } if !key.kind().is_trusted() => Err(ServiceError::refused(
                Problem::new("officer-key-weak").field("publicKey").param("bits", bits),
            )),
            _ => Ok(key),
        }
    }

    fn check_names(&self) -> ServiceResult<()> {
        for (field, value) in [("name", &self.name), ("organisation", &self.organisation)] {
            if value.trim() != value || value.is_empty() || value.chars().count() > MAX_NAME_CHARS {
                let problem = Problem::new("officer-name").field(field);
                return Err(ServiceError::refused(problem.param("limit", MAX_NAME_CHARS)));
            }
        }
        Ok(())
    }
}

impl Service {
    /// Enrols an officer.
    ///
    /// # Errors
    /// Where a name is empty or too long, the key is not usable, or the person or the key was enrolled before.
    pub(in crate::service) async fn enrol_officer(
        &self,
        mandate: &Mandate,
        new: &NewOfficer,
    ) -> ServiceResult<store::Officer> {
        new.check_names()?;
        let key = new.key()?;
        let now = self.now();
        let officer = store::Officer {
            id: OfficerId::new(now),
            name: new.name.clone(),
            organisation: new.organisation.clone(),
            public_key: key.spki().to_vec(),
            key_sha256: key_digest(&key),
            enrolled_at: now,
            removed_at: None,
        };
        let detail = serde_json::json!({
            "name": new.name, "organisation": new.organisation, "publicKey": new.public_key,
        });
        let mut change = mandate.change(now, "officer.enrol", &officer.id.to_string(), &detail)?;
        change.enrol_officer(officer.clone());
        self.store().commit(change).await?;
        Ok(officer)
    }

    /// Removes an officer; what that officer proposed can no longer be approved.
    ///
    /// # Errors
    /// Where the officer is not known or removed already, or fewer than two would be left.
    pub(in crate::service) async fn remove_officer(
        &self,
        mandate: &Mandate,
        former: &FormerOfficer,
    ) -> ServiceResult<()> {
        let found = self.store().officer(former.officer).await?;
        let found = found.ok_or_else(|| ServiceError::not_found("officer", former.officer))?;
        if found.removed_at.is_none() && self.store().officer_count().await? <= FEWEST {
            return Err(ServiceError::refused(
                Problem::new("officers-too-few").param("limit", FEWEST),
            ));
        }
        let now = self.now();
        let detail = serde_json::json!({ "key": hex::encode(&found.key_sha256) });
        let mut change = mandate.change(now, "officer.remove", &former.officer.to_string(), &detail)?;
        change.remove_officer(OfficerRemoval {
            id: former.officer,
            removed_at: now,
            keep: FEWEST,
        });
        Ok(self.store().commit(change).await?)
    }

    /// All officers, present and former, in the order of their enrolment.
    ///
    /// # Errors
    /// Where the actor is neither operator nor officer.
    pub async fn officers(&self, actor: &Actor) -> ServiceResult<Vec<store::Officer>> {
        actor.must_be_officer()?;
        Ok(self.store().officers().await?)
    }
}
