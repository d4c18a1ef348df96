//! Seals of organisations: making one, seeing it, revoking it.

use chrono::TimeDelta;

use crate::crypto::key::Suite;
use crate::draw::svg;
use crate::licence::credit_code::CreditCode;
use crate::problem::Problem;
use crate::seal::picture::{SealDesign, SealText, StandardDesign};
use crate::seal::{Seal, SealExtension, SealInfo, SealKind, SealMaker, SealVersion, SignerList};
use crate::service::actor::Actor;
use crate::service::city::Role;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::organisations::seal_identity;
use crate::service::{Service, events};
use crate::store::{self, Change, SealState, SealTransition};

/// How long a seal may be applied; it ends with the certificate of its signer at the latest.
const SEAL_LIFETIME: TimeDelta = TimeDelta::days(3 * 365);

/// What our seals name as the maker's product.
const VENDOR: &str = "Yinxin";

/// A seal to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewSeal<'a> {
    /// The 13-digit code under it.
    pub code: &'a str,
    /// How it looks.
    pub design: StandardDesign,
    /// What it is for, where the design has a place for it: 合同专用章.
    pub purpose: Option<&'a str>,
}

/// The picture of a seal, as browsers show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealPicture {
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes, not compressed.
    pub bytes: Vec<u8>,
}

impl Service {
    /// Has the seal of an authority made; the authority must have its seal certificate.
    ///
    /// # Errors
    /// Where the actor is no operator, the authority has no seal certificate, or its name cannot be drawn.
    pub async fn make_seal(&self, actor: &Actor, code: &CreditCode, new: &NewSeal<'_>) -> ServiceResult<String> {
        actor.must_be_operator()?;
        let authority = self.authority(code).await?;
        let signer = self.identity(&seal_identity(code)).await?;
        let maker = self.unrevoked_identity(&Role::SealMaker.name(Suite::National)).await?;
        let unusable = |error| ServiceError::refused_because("seal-picture", error);
        let design = SealDesign::standard(new.design).map_err(unusable)?;
        let text = SealText {
            name: &authority.name.zh,
            purpose: new.purpose,
            code: Some(new.code),
        };
        let picture = design.draw(&text, self.faces.fonts()?).map_err(unusable)?;
        let now = self.now();
        let valid_until = (now + SEAL_LIFETIME).min(signer.certificate.validity().not_after);
        let id = format!("{}{}", new.code, now.format("%Y%m%d%H%M%S"));
        let info = SealInfo {
            version: SealVersion::V4,
            vendor: VENDOR.to_owned(),
            id: id.clone(),
            kind: SealKind::Organisation,
            name: format!("{}电子印章", authority.name.zh),
            signers: SignerList::of([signer.certificate.der()]),
            created: now,
            valid_from: now,
            valid_until,
            image: SealDesign::image(&picture),
            extensions: vec![SealExtension::credit_code(code.as_str())],
        };
        let maker = SealMaker::new(maker.key, maker.certificate).map_err(ServiceError::internal)?;
        let seal = maker.make(&info).map_err(ServiceError::explained)?;
        let mut change = Change::new();
        change.add_seal(store::Seal {
            es_id: id.clone(),
            owner: code.to_string(),
            name: info.name,
            der: seal.der().to_vec(),
            signer_sha256: *signer.certificate.fingerprint(),
            valid_from: now,
            valid_until,
            state: SealState::Active,
            state_at: now,
        });
        change.record(events::entry(
            now,
            actor,
            "seal.make",
            &id,
            &serde_json::json!({ "owner": code.as_str() }),
        )?);
        self.store().commit(change).await?;
        self.forget_issuers();
        Ok(id)
    }

    /// A seal and the state that it is in.
    ///
    /// # Errors
    /// Where it is not known.
    pub async fn seal(&self, id: &str) -> ServiceResult<(Seal, store::Seal)> {
        let row = self
            .store()
            .seal(id)
            .await?
            .ok_or_else(|| ServiceError::not_found("seal", id))?;
        Ok((Seal::parse(&row.der).map_err(ServiceError::internal)?, row))
    }

    /// The picture of a seal; `None` where the register does not have the seal, or the picture is of a form that
    /// browsers do not show.
    ///
    /// # Errors
    /// Where the store does not answer, or its seal is damaged.
    pub async fn seal_picture(&self, id: &str) -> ServiceResult<Option<SealPicture>> {
        let Some(row) = self.store().seal(id).await? else {
            return Ok(None);
        };
        let image = Seal::parse(&row.der).map_err(ServiceError::internal)?.info.image;
        Ok(match image.format.as_str() {
            "SVGZ" | "SVG" => Some(SealPicture {
                media_type: "image/svg+xml",
                bytes: svg::unpack(&image.data).map_err(ServiceError::internal)?.into_bytes(),
            }),
            "PNG" => Some(SealPicture {
                media_type: "image/png",
                bytes: image.data,
            }),
            _ => None,
        })
    }

    /// The seals of an authority.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn seals_of(&self, code: &CreditCode) -> ServiceResult<Vec<store::Seal>> {
        Ok(self.store().seals_of(code.as_str()).await?)
    }

    /// Revokes a seal, for good.
    ///
    /// # Errors
    /// Where the actor is no operator, no reason is given, the seal is not known or revoked already.
    pub async fn revoke_seal(&self, actor: &Actor, id: &str, reason: &str) -> ServiceResult<()> {
        actor.must_be_operator()?;
        if reason.trim().is_empty() {
            return Err(ServiceError::refused(Problem::new("reason-empty").field("reason")));
        }
        let (_, row) = self.seal(id).await?;
        let now = self.now();
        let mut change = Change::new();
        change.move_seal(SealTransition {
            es_id: id.to_owned(),
            from: row.state,
            to: SealState::Revoked,
            at: now,
        });
        change.record(events::entry(
            now,
            actor,
            "seal.revoke",
            id,
            &serde_json::json!({ "reason": reason }),
        )?);
        self.store().commit(change).await?;
        self.rely_anew().await;
        Ok(())
    }
}
