//! What the city publishes: certificates and revocation lists (RFC 5280), status lists, keys, seals, time stamps (RFC 3161).
//!
//! Lists may be kept by caches for a short time: they carry their own dates.

use axum::extract::{Path, State};
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::http::App;
use crate::http::extract::Whole;
use crate::http::problem::{Failure, ProblemDetails};
use crate::problem::Problem;
use crate::service::error::ServiceError;

/// How long a list may be kept, in the words of `Cache-Control`.
const SHORTLY: &str = "public, max-age=60";

fn list(content_type: &'static str, body: impl IntoResponse) -> Response {
    ([(CONTENT_TYPE, content_type), (CACHE_CONTROL, SHORTLY)], body).into_response()
}

/// The name of an authority in the name of its file.
fn authority<'f>(file: &'f str, extension: &str) -> Result<&'f str, Failure> {
    let name = file.strip_suffix(extension);
    Ok(name.ok_or_else(|| ServiceError::not_found("certificate authority", file))?)
}

/// The revocation list of an authority.
#[utoipa::path(
    get,
    path = "/crl/{file}",
    tag = "lists",
    params(("file" = String, Path, description = "Name of the authority with `.crl`", example = "issuing-p256.crl")),
    responses(
        (status = 200, description = "DER (RFC 5280)", body = Vec<u8>, content_type = "application/pkix-crl"),
        (status = 404, description = "No such authority", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_crl(State(app): State<App>, Path(file): Path<String>) -> Result<Response, Failure> {
    let crl = app.service.crl(authority(&file, ".crl")?).await?;
    Ok(list("application/pkix-crl", crl))
}

/// The certificate of an authority.
#[utoipa::path(
    get,
    path = "/ca/{file}",
    tag = "lists",
    params(("file" = String, Path, description = "Name of the authority with `.crt`", example = "root-p256.crt")),
    responses(
        (status = 200, description = "DER (RFC 5280)", body = Vec<u8>, content_type = "application/pkix-cert"),
        (status = 404, description = "No such authority", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_ca_certificate(State(app): State<App>, Path(file): Path<String>) -> Result<Response, Failure> {
    let certificate = app.service.ca_certificate(authority(&file, ".crt")?).await?;
    Ok(list("application/pkix-cert", certificate))
}

/// A status list of licences.
#[utoipa::path(
    get,
    path = "/status/{number}",
    tag = "lists",
    params(("number" = u32, Path, description = "Number of the list, from 0")),
    responses(
        (status = 200, description = "Token Status List as CWT", body = Vec<u8>, content_type = "application/statuslist+cwt"),
        (status = 404, description = "No such list", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_status_list(State(app): State<App>, Path(number): Path<String>) -> Result<Response, Failure> {
    let unknown = || ServiceError::not_found("status list", &number);
    let number = number.parse().map_err(|_| unknown())?;
    let signed = app.service.signed_status_list(number).await?;
    Ok(list("application/statuslist+cwt", signed))
}

/// The keys that sign codes and status lists, signed; as JSON for people where `Accept` asks for it.
#[utoipa::path(
    get,
    path = "/keys",
    tag = "lists",
    responses((status = 200, description = "The key set", content(
        (Vec<u8> = "application/cose"),
        (Object = "application/json"),
    )))
)]
pub(super) async fn get_keys(State(app): State<App>, headers: HeaderMap) -> Result<Response, Failure> {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("json")) {
        let keys = app.service.key_set().await?;
        return Ok(list("application/json", keys.to_json().to_string()));
    }
    Ok(list("application/cose", app.service.signed_key_set().await?))
}

/// The states of all seals, with dates, signed by the seal maker.
#[utoipa::path(
    get,
    path = "/seals/status",
    tag = "lists",
    responses((status = 200, description = "Signed list", body = Vec<u8>, content_type = "application/pkcs7-mime"))
)]
pub(super) async fn get_seal_status(State(app): State<App>) -> Result<Response, Failure> {
    Ok(list("application/pkcs7-mime", app.service.signed_seal_status().await?))
}

/// A time stamp.
#[utoipa::path(
    post,
    path = "/tsa",
    tag = "lists",
    request_body(content = Vec<u8>, content_type = "application/timestamp-query", description = "TimeStampReq (RFC 3161), DER"),
    responses(
        (status = 200, description = "TimeStampResp, DER", body = Vec<u8>, content_type = "application/timestamp-reply"),
        (status = 413, description = "Too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "Not a time-stamp query", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn create_time_stamp(
    State(app): State<App>,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Response, Failure> {
    // RFC 3161 section 3.4.
    let media_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if !media_type.eq_ignore_ascii_case("application/timestamp-query") {
        let problem = Problem::new("media-type-unsupported").param("value", media_type);
        return Err(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, problem));
    }
    let answer = app.service.time_stamp(&body).await?;
    Ok(([(CONTENT_TYPE, "application/timestamp-reply")], answer).into_response())
}
