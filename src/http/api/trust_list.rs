//! The recognition list: the newest and every earlier one, signed (RFC 7515), or its content for people and other
//! programs (ETSI TS 119 602 JSON).

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{HeaderValue, VARY};
use axum::response::Response;

use crate::http::App;
use crate::http::api::lists::list;
use crate::http::extract::wants_json;
use crate::http::problem::{Failure, ProblemDetails};
use crate::service::error::ServiceError;

/// The newest recognition list: signed, or its content as JSON where `Accept` asks for it.
#[utoipa::path(
    get,
    path = "/api/v1/trust-list",
    tag = "lists",
    responses(
        (
            status = 200,
            description = "The list, as JWS in the compact form or as LoTE JSON",
            content((Vec<u8> = "application/jose"), (Object = "application/json")),
        ),
        (status = 304, description = "The caller has it already, by `If-None-Match`"),
        (status = 404, description = "No list was published yet", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_trust_list(State(app): State<App>, headers: HeaderMap) -> Result<Response, Failure> {
    given(&app, &headers, None).await
}

/// A recognition list by its number.
#[utoipa::path(
    get,
    path = "/api/v1/trust-list/{sequence}",
    tag = "lists",
    params(("sequence" = u64, Path, description = "Number of the list, from 1")),
    responses(
        (
            status = 200,
            description = "The list, as JWS in the compact form or as LoTE JSON",
            content((Vec<u8> = "application/jose"), (Object = "application/json")),
        ),
        (status = 304, description = "The caller has it already, by `If-None-Match`"),
        (status = 404, description = "No such list", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_numbered_trust_list(
    State(app): State<App>,
    headers: HeaderMap,
    Path(sequence): Path<String>,
) -> Result<Response, Failure> {
    let unknown = || ServiceError::not_found("recognition list", &sequence);
    let number = sequence.parse().map_err(|_| unknown())?;
    given(&app, &headers, Some(number)).await
}

async fn given(app: &App, headers: &HeaderMap, sequence: Option<u64>) -> Result<Response, Failure> {
    let mut response = if wants_json(headers) {
        let content = app.service.readable_recognition_list(sequence).await?;
        list(headers, "application/json", content)
    } else {
        let signed = app.service.published_recognition_list(sequence).await?;
        list(headers, "application/jose", signed)
    };
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
    Ok(response)
}
