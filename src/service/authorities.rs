//! The register of authorities (机构): who may issue, and where they stand in the tree of the city.

use crate::licence::authority::Authority;
use crate::licence::credit_code::CreditCode;
use crate::service::actor::Actor;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::{Service, events};
use crate::store::{self, Change};

impl Service {
    /// Registers an authority; its parent must be registered before it.
    ///
    /// # Errors
    /// Where the actor is no operator, the parent is not known, or the authority is registered already.
    pub async fn register_authority(&self, actor: &Actor, authority: &Authority) -> ServiceResult<()> {
        actor.must_be_operator()?;
        if let Some(parent) = &authority.parent {
            self.authority(parent).await?;
        }
        let now = self.now();
        let detail = serde_json::json!({ "name": authority.name.zh, "level": authority.level.name() });
        let mut change = Change::new();
        change.register_authority(store::Authority {
            code: authority.code.to_string(),
            name_zh: authority.name.zh.clone(),
            name_en: authority.name.en.clone(),
            region: authority.region.to_string(),
            level: authority.level.name().to_owned(),
            parent: authority.parent.map(|parent| parent.to_string()),
            created_at: now,
        });
        change.record(events::entry(
            now,
            actor,
            "authority.register",
            authority.code.as_str(),
            &detail,
        )?);
        Ok(self.store().commit(change).await?)
    }

    /// The registered authority of a credit code.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not registered.
    pub async fn authority(&self, code: &CreditCode) -> ServiceResult<Authority> {
        let row = self.store().authority(code.as_str()).await?;
        from_row(row.ok_or_else(|| ServiceError::not_found("authority", code))?)
    }

    /// All registered authorities, by code.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn authorities(&self) -> ServiceResult<Vec<Authority>> {
        self.store().authorities().await?.into_iter().map(from_row).collect()
    }
}

fn from_row(row: store::Authority) -> ServiceResult<Authority> {
    Ok(Authority {
        code: row.code.parse().map_err(ServiceError::internal)?,
        name: crate::licence::text::Bilingual {
            zh: row.name_zh,
            en: row.name_en,
        },
        region: row.region.parse().map_err(ServiceError::internal)?,
        level: crate::licence::authority::AuthorityLevel::from_name(&row.level)
            .ok_or_else(|| ServiceError::internal(format!("level {} of a stored authority", row.level)))?,
        parent: row
            .parent
            .map(|parent| parent.parse())
            .transpose()
            .map_err(ServiceError::internal)?,
    })
}
