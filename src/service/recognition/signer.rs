//! Who signs our lists: an identity of its own, and while it changes the next one beside it.

use crate::ca::{ProfileKind, Subject};
use crate::crypto::key::Suite;
use crate::problem::Problem;
use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::city::Role;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::identities::{Identity, NewIdentity};
use crate::service::recognition::SignerStep;
use crate::store::Setting;

/// Name of the setting with the names of the signers, the one that signs first.
const SIGNERS: &str = "recognition/signers";

/// Name of the first signer.
const FIRST: &str = "list-signer";

/// The signers of a list, the one that signs it first.
pub(super) struct Signers {
    names: Vec<String>,
    pub(super) identities: Vec<Identity>,
}

impl Signers {
    /// Who signs.
    pub(super) fn signer(&self) -> ServiceResult<&Identity> {
        let first = self.identities.first();
        first.ok_or_else(|| ServiceError::internal("the recognition list has no signer"))
    }
}

impl Service {
    /// The signers of the next list.
    pub(super) async fn list_signers(&self) -> ServiceResult<Signers> {
        let names = self.store().setting(SIGNERS).await?.unwrap_or_else(|| FIRST.to_owned());
        self.open_signers(names.split(',').map(str::to_owned).collect()).await
    }

    /// The same for the first list, whose signer is made where there is none yet.
    pub(super) async fn first_list_signers(&self, actor: &Actor) -> ServiceResult<Signers> {
        if self.present_certificate(FIRST).await?.is_none() {
            self.establish_list_signer(actor, FIRST, Suite::International).await?;
        }
        self.list_signers().await
    }

    /// The signers after a step of their change, and what is to be kept of it with the list.
    pub(super) async fn step_signers(
        &self,
        actor: &Actor,
        step: SignerStep,
        sequence: u64,
    ) -> ServiceResult<(Signers, Setting)> {
        let mut names = self.list_signers().await?.names;
        match (step, names.len()) {
            (SignerStep::Begin(suite), 1) => {
                let name = format!("{FIRST}-{sequence}");
                self.establish_list_signer(actor, &name, suite).await?;
                names.push(name);
            }
            (SignerStep::Complete, 2) => drop(names.remove(0)),
            (SignerStep::Begin(_), _) => return Err(ServiceError::Conflict(Problem::new("list-signer-changing"))),
            (SignerStep::Complete, _) => return Err(ServiceError::Conflict(Problem::new("list-signer-unchanged"))),
        }
        let setting = Setting {
            name: SIGNERS.to_owned(),
            value: names.join(","),
            set_at: self.now(),
        };
        Ok((self.open_signers(names).await?, setting))
    }

    async fn open_signers(&self, names: Vec<String>) -> ServiceResult<Signers> {
        let mut identities = Vec::new();
        for name in &names {
            identities.push(self.identity(name).await?);
        }
        Ok(Signers { names, identities })
    }

    async fn establish_list_signer(&self, actor: &Actor, name: &str, suite: Suite) -> ServiceResult<()> {
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
        self.establish_identity(actor, &new).await.map(drop)
    }
}
