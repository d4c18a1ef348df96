//! Founding the city: its authorities and services in both suites, with the names under which everything else finds
//! them.

use crate::ca::{ProfileKind, Subject, SubordinateTerms};
use crate::crypto::key::{KeyAlgorithm, Suite};
use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::certificate_authorities::NewCertificateAuthority;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::identities::NewIdentity;
use crate::service::keys::NewKey;
use crate::service::proposals::Act;
use crate::service::recognition::ListPublication;

/// The part that an authority or service of the city plays; with a suite it gives the name of its key, its certificate
/// and its addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The anchor of everything.
    Root,
    /// Certifies organisations, seal makers and credential signers.
    Issuing,
    /// Certifies the time stamping, apart from everything else.
    TimeStampingCa,
    /// Stamps time.
    TimeStamping,
    /// Makes seal objects (制章者); SM2 in every city.
    SealMaker,
    /// Signs QR codes and the lists that go with them.
    Credential,
    /// Signs receipts of verifications; of the international suite in every city.
    Verification,
}

impl Role {
    /// Its name in this suite: `issuing-national`.
    pub fn name(self, suite: Suite) -> String {
        let role = match self {
            Self::Root => "root",
            Self::Issuing => "issuing",
            Self::TimeStampingCa => "timestamping-ca",
            Self::TimeStamping => "timestamping",
            Self::SealMaker => "seal-maker",
            Self::Credential => "credential",
            Self::Verification => "verification",
        };
        format!("{role}-{}", suite.name())
    }

    fn common_name(self, algorithm: KeyAlgorithm) -> String {
        let role = match self {
            Self::Root => "Root CA",
            Self::Issuing => "Issuing CA",
            Self::TimeStampingCa => "Time Stamping CA",
            Self::TimeStamping => "Time Stamping",
            Self::SealMaker => "Seal Maker",
            Self::Credential => "Credential Signer",
            Self::Verification => "Verification Service",
        };
        format!("{role} {}", algorithm.kind())
    }
}

impl Service {
    /// Founds the authorities and services of a city in both suites; those that are there already are left alone. Keys
    /// follow that of the root: a root on P-384 has authorities and signers on P-384. Signers of codes have the usual
    /// algorithm of their suite in every case, since a code has little room.
    ///
    /// # Errors
    /// Where the actor is no operator, or a key or certificate cannot be made.
    pub async fn found_city(&self, actor: &Actor, organisation: &str) -> ServiceResult<()> {
        actor.must_be_operator()?;
        for suite in Suite::ALL {
            for (role, parent) in [
                (Role::Root, None),
                (Role::Issuing, Some(Role::Root)),
                (Role::TimeStampingCa, Some(Role::Root)),
            ] {
                self.found_role(actor, role, parent, suite, organisation).await?;
            }
            self.establish_role(actor, Role::TimeStamping, Role::TimeStampingCa, suite, organisation)
                .await?;
            self.establish_role(actor, Role::Credential, Role::Issuing, suite, organisation)
                .await?;
        }
        self.establish_role(actor, Role::SealMaker, Role::Issuing, Suite::National, organisation)
            .await?;
        self.establish_role(
            actor,
            Role::Verification,
            Role::Issuing,
            Suite::International,
            organisation,
        )
        .await?;
        self.found_recognition_list(actor).await
    }

    /// Publishes the first recognition list, of our own authorities.
    async fn found_recognition_list(&self, actor: &Actor) -> ServiceResult<()> {
        if self.store().recognition_list_sequence().await? > 0 {
            return Ok(());
        }
        let act = Act::PublishList(ListPublication::default());
        self.carry_out(self.mandate_for(actor, act).await?).await.map(drop)
    }

    async fn found_role(
        &self,
        actor: &Actor,
        role: Role,
        parent: Option<Role>,
        suite: Suite,
        organisation: &str,
    ) -> ServiceResult<()> {
        let name = role.name(suite);
        if self.store().certificate_authority(&name).await?.is_some() {
            return Ok(());
        }
        let parent = parent.map(|parent| parent.name(suite));
        let algorithm = match &parent {
            Some(parent) => self.algorithm_under(parent).await?,
            None => suite.into(),
        };
        let new = NewCertificateAuthority {
            name,
            key: NewKey::Make(algorithm),
            parent,
            organisation: organisation.to_owned(),
            common_name: role.common_name(algorithm),
            terms: SubordinateTerms::default(),
        };
        let mandate = self.mandate_for(actor, Act::FoundCa(new)).await?;
        self.carry_out(mandate).await.map(drop)
    }

    async fn establish_role(
        &self,
        actor: &Actor,
        role: Role,
        ca: Role,
        suite: Suite,
        organisation: &str,
    ) -> ServiceResult<()> {
        let name = role.name(suite);
        if self.present_certificate(&name).await?.is_some() {
            return Ok(());
        }
        let kind = match role {
            Role::TimeStamping => ProfileKind::Tsa,
            Role::SealMaker => ProfileKind::SealMaker,
            Role::Credential => ProfileKind::CredentialSigner,
            Role::Verification => ProfileKind::Verifier,
            Role::Root | Role::Issuing | Role::TimeStampingCa => {
                return Err(ServiceError::internal(format!("{name} is an authority, not a service")));
            }
        };
        let ca = ca.name(suite);
        let algorithm = match role {
            Role::Credential => suite.into(),
            _ => self.algorithm_under(&ca).await?,
        };
        let subject = Subject::service(organisation, &role.common_name(algorithm))
            .map_err(|error| ServiceError::refused_because("subject-unusable", error))?;
        let new = NewIdentity {
            name: &name,
            ca: &ca,
            kind,
            algorithm,
            subject: &subject,
        };
        self.establish_identity(actor, &new).await.map(drop)
    }
}
