//! Who asks: `Authorization: Bearer TOKEN` (RFC 6750), or nobody known.
//!
//! It is asked once for each request, before its body is read; strangers and callers with a bad token are counted.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::http::App;
use crate::http::limits::caller_address;
use crate::http::officer;
use crate::http::problem::Failure;
use crate::licence::credit_code::CreditCode;
use crate::service::actor::{Actor, Denied, Scope};
use crate::service::error::ServiceError;

/// Who asks, for handlers.
#[derive(Debug, Clone)]
pub(super) struct Caller(pub(super) Actor);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or(Self(Actor::Anonymous)))
    }
}

/// The authority that the actor acts for: the named one, or its own.
pub(super) fn acting_authority(actor: &Actor, scope: Scope, named: Option<&str>) -> Result<CreditCode, Failure> {
    let own = actor.may_in_own(scope).map_err(ServiceError::from)?;
    match (named, own) {
        (Some(named), _) => Ok(named.parse::<CreditCode>().map_err(ServiceError::explained)?),
        (None, Some(own)) => Ok(*own),
        (None, None) => Err(ServiceError::from(Denied::NotAuthenticated).into()),
    }
}

/// Finds out who asks; lets a stranger through as often as the limit allows.
pub(super) async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let caller = caller(&app, request.headers()).await;
    if !matches!(caller, Ok(Caller(Actor::Department { .. }))) {
        let address = caller_address(&request, app.limiter.trusted_proxies());
        if let Err(failure) = app.limiter.check(address) {
            return failure.into_response();
        }
    }
    match caller {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(failure) => failure.into_response(),
    }
}

async fn caller(app: &App, headers: &HeaderMap) -> Result<Caller, Failure> {
    let Some(field) = headers.get(AUTHORIZATION) else {
        return Ok(Caller(Actor::Anonymous));
    };
    if field.to_str().is_ok_and(|field| officer::credentials(field).is_some()) {
        // Whose statement it is, and what it is good for, is asked by the routes that take one.
        return Ok(Caller(Actor::Anonymous));
    }
    let secret = field.to_str().ok().and_then(|field| {
        let (scheme, secret) = field.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(secret.trim())
    });
    let secret = secret.ok_or(ServiceError::Denied(Denied::NotAuthenticated))?;
    Ok(Caller(app.service.authenticate(secret).await?))
}
