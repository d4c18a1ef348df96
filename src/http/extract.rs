//! Reading requests: what cannot be read is refused with problem details like everything else.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::http::problem::Failure;
use crate::licence::identifier::Identifier;
use crate::problem::Problem;
use crate::service::error::ServiceError;

/// A whole body, within the limit of its route.
pub(super) struct Whole(pub(super) Bytes);

impl<S: Send + Sync> FromRequest<S> for Whole {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let body = Bytes::from_request(request, state).await;
        body.map(Self)
            .map_err(|rejection| refused_body(rejection.status(), rejection.body_text()))
    }
}

/// The parameters in the address.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let asked = Query::from_request_parts(parts, state).await;
        asked
            .map(|Query(asked)| Self(asked))
            .map_err(|rejection| Failure::unreadable(rejection.body_text()))
    }
}

/// Why a body was not read: it is above the limit of its route, or broken.
pub(super) fn refused_body(status: StatusCode, reason: String) -> Failure {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Failure::new(status, Problem::new("body-too-large")),
        _ => Failure::unreadable(reason),
    }
}

/// A JSON body.
///
/// # Errors
/// Where it is none, or not of the form that the route takes; the reason names line and column.
pub(super) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(body).map_err(Failure::unreadable)
}

/// The licence identifier in an address.
///
/// # Errors
/// Where it is none.
pub(super) fn identifier(text: &str) -> Result<Identifier, Failure> {
    let parsed = text.parse::<Identifier>();
    Ok(parsed.map_err(ServiceError::explained)?)
}

/// A value in an address or body by its name or form.
///
/// # Errors
/// Where `read` does not know it.
pub(super) fn value<T>(field: &str, text: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Failure> {
    let problem = || Problem::new("value-unknown").field(field).param("value", text);
    read(text).ok_or_else(|| Failure::new(StatusCode::UNPROCESSABLE_ENTITY, problem()))
}
