//! Who signs our lists: an identity of its own, and while it changes the next one beside it.

use chrono::TimeDelta;

use crate::ca::{ProfileKind, Subject};
use crate::crypto::key::Suite;
use crate::problem::Problem;
use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::city::Role;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::identities::{Identity, NewIdentity};
use crate::service::recognition::SignerStep;
use crate::store::{Change, Setting};

/// Name of the setting with the names of the signers, the one that signs first.
const SIGNERS: &str = "recognition/signers";

/// A signer's certificate with less of its time left is replaced by another one for the same key.
const RENEWED_BEFORE: TimeDelta = TimeDelta::days(90);

/// Name of the first signer.
const FIRST: &str = "list-signer";

impl Service {
    /// The signers of the next list, the one that signs it first, after a step of their change. A signer that is new,
    /// and what is to be kept of the step, go into the change that makes the list durable.
    pub(super) async fn list_signers(
        &self,
        change: &mut Change,
        actor: &Actor,
        step: Option<SignerStep>,
        sequence: u64,
    ) -> ServiceResult<Vec<Identity>> {
        let names = self.store().setting(SIGNERS).await?.unwrap_or_else(|| FIRST.to_owned());
        let mut signers = Vec::new();
        for name in names.split(',') {
            // The signer of the first list is made with it. Later its key is certified anew before its certificate
            // ends: whoever follows the list knows it by its key.
            let identity = match self.present_certificate(name).await? {
                None if sequence == 1 => self.new_list_signer(change, actor, name, Suite::International).await?,
                Some(certificate) if certificate.validity().not_after < self.now() + RENEWED_BEFORE => {
                    let suite = Suite::of(self.identity(name).await?.key.kind());
                    self.new_list_signer(change, actor, name, suite).await?
                }
                _ => self.identity(name).await?,
            };
            signers.push((name.to_owned(), identity));
        }
        let Some(step) = step else {
            return Ok(signers.into_iter().map(|(_, identity)| identity).collect());
        };
        match (step, signers.len()) {
            (SignerStep::Begin(suite), 1) => {
                let name = format!("{FIRST}-{sequence}");
                let identity = self.new_list_signer(change, actor, &name, suite).await?;
                signers.push((name, identity));
            }
            (SignerStep::Complete, 2) => drop(signers.remove(0)),
            (SignerStep::Begin(_), _) => return Err(ServiceError::Conflict(Problem::new("list-signer-changing"))),
            (SignerStep::Complete, _) => return Err(ServiceError::Conflict(Problem::new("list-signer-unchanged"))),
        }
        let (names, signers): (Vec<_>, Vec<_>) = signers.into_iter().unzip();
        change.put_setting(Setting {
            name: SIGNERS.to_owned(),
            value: names.join(","),
            set_at: self.now(),
        });
        Ok(signers)
    }

    async fn new_list_signer(
        &self,
        change: &mut Change,
        actor: &Actor,
        name: &str,
        suite: Suite,
    ) -> ServiceResult<Identity> {
        let ca = Role::Issuing.name(suite);
        let issuing = self.authority_certificate(&ca).await?;
        let organisation = issuing.subject().organization().unwrap_or_default().to_owned();
        let subject = Subject::service(&organisation, "Recognition List Signer")
            .map_err(|error| ServiceError::refused_because("subject-unusable", error))?;
        let new = NewIdentity {
            name,
            ca: &ca,
            kind: ProfileKind::ListSigner,
            algorithm: self.algorithm_under(&ca).await?,
            subject: &subject,
        };
        self.establish_identity_in(change, actor, &new).await
    }
}
