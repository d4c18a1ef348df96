//! Bearer tokens of department systems: given out once, kept as a digest, bound to one authority and to what they may
//! do.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};

use crate::crypto::DigestAlgorithm;
use crate::id::TokenId;
use crate::licence::credit_code::CreditCode;
use crate::problem::Problem;
use crate::service::actor::{Actor, Denied, Scope};
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::{Service, events};
use crate::store::{Change, NewToken, Token, TokenRevocation};

/// What a token begins with, so that a leaked one is recognised in a log or a repository.
const PREFIX: &str = "yinxin_";

/// A token as it is given out; its secret is shown this once.
pub struct GivenToken {
    /// Its identifier, by which people name it.
    pub id: TokenId,
    /// What goes behind `Bearer`.
    pub secret: String,
}

impl std::fmt::Debug for GivenToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GivenToken")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Service {
    /// Gives out a token for an authority's system.
    ///
    /// # Errors
    /// Where the actor is no operator, the authority is not registered, or no scope is given.
    pub async fn give_token(
        &self,
        actor: &Actor,
        authority: &CreditCode,
        name: &str,
        scopes: &[Scope],
        expires_at: Option<DateTime<Utc>>,
    ) -> ServiceResult<GivenToken> {
        actor.must_be_operator()?;
        if scopes.is_empty() {
            return Err(ServiceError::refused(
                Problem::new("token-without-scope").field("scopes"),
            ));
        }
        self.authority(authority).await?;
        let mut secret = [0u8; 32];
        crate::crypto::random(&mut secret)?;
        let secret = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(secret));
        let now = self.now();
        let id = TokenId::new(now);
        let mut change = Change::new();
        change.add_token(NewToken {
            id,
            secret_sha256: digest(&secret),
            authority: authority.to_string(),
            name: name.to_owned(),
            scopes: scopes
                .iter()
                .map(|scope| scope.name().to_owned())
                .collect::<BTreeSet<_>>(),
            created_at: now,
            expires_at,
        });
        change.record(events::entry(
            now,
            actor,
            "token.give",
            &id.to_string(),
            &serde_json::json!({ "name": name }),
        )?);
        self.store().commit(change).await?;
        Ok(GivenToken { id, secret })
    }

    /// Takes a token back.
    ///
    /// # Errors
    /// Where the actor is no operator or the token is not known.
    pub async fn revoke_token(&self, actor: &Actor, id: TokenId) -> ServiceResult<()> {
        actor.must_be_operator()?;
        let now = self.now();
        let mut change = Change::new();
        change.revoke_token(TokenRevocation { id, revoked_at: now });
        change.record(events::entry(
            now,
            actor,
            "token.revoke",
            &id.to_string(),
            &serde_json::json!({}),
        )?);
        Ok(self.store().commit(change).await?)
    }

    /// Who shows this token.
    ///
    /// # Errors
    /// [`Denied::NotAuthenticated`] where it is not known, revoked or expired; which of these is not told.
    pub async fn authenticate(&self, secret: &str) -> ServiceResult<Actor> {
        let token = match secret.starts_with(PREFIX) {
            true => self.store().token_by_secret(&digest(secret)).await?,
            false => None,
        };
        self.bearer(token)
    }

    /// Who has this token, while it is good.
    pub(super) fn bearer(&self, token: Option<Token>) -> ServiceResult<Actor> {
        let token = token
            .filter(|token| token.is_usable(self.now()))
            .ok_or(Denied::NotAuthenticated)?;
        let authority = token.authority.parse().map_err(ServiceError::internal)?;
        let scopes = token.scopes.iter().filter_map(|name| Scope::from_name(name)).collect();
        Ok(Actor::Department {
            token: token.id,
            authority,
            scopes,
        })
    }
}

/// The secret is 256 random bits, so that one round of SHA-256 keeps it.
fn digest(secret: &str) -> [u8; 32] {
    DigestAlgorithm::Sha256.digest(secret.as_bytes()).first_32()
}
