//! Equipping an authority to issue: its document certificate, its seal certificate, its seal.

use crate::ca::{ProfileKind, Subject};
use crate::crypto::key::Suite;
use crate::licence::credit_code::CreditCode;
use crate::licence::type_code::TypeCode;
use crate::problem::Problem;
use crate::seal::picture::StandardDesign;
use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::city::Role;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::identities::NewIdentity;
use crate::service::seals::NewSeal;

/// Name of the identity with which an authority signs documents.
pub(super) fn document_identity(code: &CreditCode) -> String {
    format!("org-{}-document", code.as_str().to_ascii_lowercase())
}

/// Name of the identity with which an authority seals.
pub(super) fn seal_identity(code: &CreditCode) -> String {
    format!("org-{}-seal", code.as_str().to_ascii_lowercase())
}

/// How an authority is to be equipped.
#[derive(Debug, Clone)]
pub struct Equipment<'a> {
    /// The suite in which it signs documents; its seal is SM2 in every case.
    pub suite: Suite,
    /// The authority of that suite that certifies it; the city's issuing one when absent.
    pub ca: Option<&'a str>,
    /// The licence types that it may issue.
    pub licence_types: &'a [TypeCode],
    /// The 13-digit code under its seal.
    pub seal_code: &'a str,
}

impl Service {
    /// Whether an authority has its certificates and a seal.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn is_equipped(&self, code: &CreditCode) -> ServiceResult<bool> {
        Ok(self.present_certificate(&document_identity(code)).await?.is_some()
            && !self.store().seals_of(code.as_str()).await?.is_empty())
    }

    /// Gives a registered authority its certificates and its seal.
    ///
    /// # Errors
    /// Where the actor is no operator, the authority is not registered, it is not of a level that may issue a type, or
    /// the one that is to certify it is of another suite.
    pub async fn equip_authority(
        &self,
        actor: &Actor,
        code: &CreditCode,
        equipment: &Equipment<'_>,
    ) -> ServiceResult<()> {
        actor.must_be_operator()?;
        let authority = self.authority(code).await?;
        for type_code in equipment.licence_types {
            let known = self.types().by_code(*type_code);
            let known = known.ok_or_else(|| ServiceError::not_found("licence type", type_code))?;
            if !known.may_be_issued_by(authority.level) {
                return Err(ServiceError::refused(
                    Problem::new("authority-level")
                        .field("licenceType")
                        .param("type", &known.slug)
                        .param("level", authority.level.name()),
                ));
            }
        }
        let subject = Subject::organisation(&authority.name.zh, code.as_str())
            .map_err(|error| ServiceError::refused_because("subject-unusable", error))?;
        let subject = subject.entitled_to(equipment.licence_types.iter().map(TypeCode::to_string));
        for (name, suite) in [
            (document_identity(code), equipment.suite),
            (seal_identity(code), Suite::National),
        ] {
            let ca = match equipment.ca {
                Some(ca) if suite == equipment.suite => ca.to_owned(),
                _ => Role::Issuing.name(suite),
            };
            let algorithm = self.algorithm_under(&ca).await?;
            if Suite::of(algorithm.kind()) != suite {
                let problem = Problem::new("ca-suite-differs")
                    .field("suite")
                    .param("value", suite.name());
                return Err(ServiceError::refused(problem.param("parent", &ca)));
            }
            let new = NewIdentity {
                name: &name,
                ca: &ca,
                kind: ProfileKind::OrganisationSigner,
                algorithm,
                subject: &subject,
            };
            self.establish_identity(actor, &new).await?;
        }
        self.make_seal(
            actor,
            code,
            &NewSeal {
                code: equipment.seal_code,
                design: StandardDesign::Round42Star,
                purpose: None,
            },
        )
        .await?;
        self.forget_issuers();
        Ok(())
    }
}
