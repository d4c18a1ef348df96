//! What an officer states: `Authorization: Officer STATEMENT.SIGNATURE`, signed with the officer's own key.
//!
//! The statement names exactly what is asked for, so that it is credential and decision in one.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use crate::http::bearer::Caller;
use crate::http::problem::Failure;
use crate::service::actor::{Actor, Denied};
use crate::service::error::ServiceError;
use crate::service::proposals::SignedStatement;

/// The scheme of the field.
const SCHEME: &str = "officer";

/// A statement that came with the request; who made it is not known yet.
pub(super) struct Stated(pub(super) SignedStatement);

/// What stands behind the scheme, where the field is of this one.
pub(super) fn credentials(field: &str) -> Option<&str> {
    let (scheme, credentials) = field.split_once(' ')?;
    scheme.eq_ignore_ascii_case(SCHEME).then_some(credentials.trim())
}

impl<S: Sync> FromRequestParts<S> for Stated {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        if let Some(Caller(Actor::Department { .. })) = parts.extensions.get() {
            return Err(ServiceError::from(Denied::OfficersOnly).into());
        }
        let field = parts.headers.get(AUTHORIZATION).and_then(|field| field.to_str().ok());
        let credentials = field.and_then(credentials);
        let credentials = credentials.ok_or(ServiceError::Denied(Denied::NotAnOfficer))?;
        let signed = SignedStatement::from_credentials(credentials).map_err(ServiceError::explained)?;
        Ok(Self(signed))
    }
}
