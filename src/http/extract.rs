//! Reading requests: what cannot be read is refused with problem details like everything else.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
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

/// The media type of the body without its parameters; empty where it is not said.
pub(super) fn media_type(headers: &HeaderMap) -> &str {
    let said = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    said.unwrap_or_default().split(';').next().unwrap_or_default().trim()
}

/// Refuses a body of another media type than `wanted`.
///
/// # Errors
/// Where it is of another, or does not say.
pub(super) fn must_be(headers: &HeaderMap, wanted: &str) -> Result<(), Failure> {
    match media_type(headers) {
        said if said.eq_ignore_ascii_case(wanted) => Ok(()),
        other => Err(unsupported(other)),
    }
}

/// The refusal of a body of this media type.
pub(super) fn unsupported(media_type: &str) -> Failure {
    let problem = Problem::new("media-type-unsupported").param("value", media_type);
    Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, problem)
}

/// Whether the reader would rather have JSON than the signed form.
pub(super) fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("application/json"))
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
