//! What the city publishes: certificates and revocation lists (RFC 5280), status lists, keys, seals, time stamps (RFC
//! 3161).
//!
//! Lists may be kept by caches for a short time: they carry their own dates. Whoever has one already is told so
//! (`ETag`).

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::http::App;
use crate::http::extract::{Whole, must_be, wants_json};
use crate::http::problem::{Failure, ProblemDetails};
use crate::service::error::ServiceError;
use crate::service::publications::Published;

/// How long a list may be kept, in the words of `Cache-Control`.
const SHORTLY: &str = "public, max-age=60";

/// A list with its tag; without it for somebody who has it (RFC 9110 sections 8.8.3 and 13.1.2).
pub(super) fn list(asked: &HeaderMap, content_type: &'static str, list: Published) -> Response {
    let tag = format!("\"{}\"", list.sha256);
    let known = asked
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut known = known.flat_map(|tags| tags.split(',')).map(str::trim);
    let has_it = known.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag);
    let headers = [(ETAG, tag.as_str()), (CACHE_CONTROL, SHORTLY)];
    if has_it {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let body = Body::from(Bytes::from_owner(list.bytes));
    (headers, [(CONTENT_TYPE, content_type)], body).into_response()
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
    params(("file" = String, Path, description = "Name of the authority with `.crl`", example = "issuing-national.crl")),
    responses(
        (status = 200, description = "DER (RFC 5280)", body = Vec<u8>, content_type = "application/pkix-crl"),
        (status = 304, description = "The caller has it already, by `If-None-Match`"),
        (status = 404, description = "No such authority", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_crl(
    State(app): State<App>,
    headers: HeaderMap,
    Path(file): Path<String>,
) -> Result<Response, Failure> {
    let crl = app.service.crl(authority(&file, ".crl")?).await?;
    Ok(list(&headers, "application/pkix-crl", crl))
}

/// A part of the revocation list of an authority, as certificates name it, or what changed since a complete list.
#[utoipa::path(
    get,
    path = "/crl/{ca}/{part}",
    tag = "lists",
    params(
        ("ca" = String, Path, description = "Name of the authority", example = "issuing-national"),
        ("part" = String, Path, description = "Number of the part with `.crl`, or `delta.crl`", example = "0.crl"),
    ),
    responses(
        (status = 200, description = "DER (RFC 5280)", body = Vec<u8>, content_type = "application/pkix-crl"),
        (status = 304, description = "The caller has it already, by `If-None-Match`"),
        (status = 404, description = "No such list", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_partial_crl(
    State(app): State<App>,
    headers: HeaderMap,
    Path((ca, file)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let crl = app.service.partial_crl(&ca, authority(&file, ".crl")?).await?;
    Ok(list(&headers, "application/pkix-crl", crl))
}

/// The certificate of an authority; or, as `.p7c`, every certificate issued to it and by it to authorities.
#[utoipa::path(
    get,
    path = "/ca/{file}",
    tag = "lists",
    params(("file" = String, Path, description = "Name of the authority with `.crt` or `.p7c`", example = "root-international.crt")),
    responses(
        (
            status = 200,
            description = "DER (RFC 5280), or certificates-only CMS (RFC 5652)",
            content((Vec<u8> = "application/pkix-cert"), (Vec<u8> = "application/pkcs7-mime")),
        ),
        (status = 304, description = "The caller has it already, by `If-None-Match`"),
        (status = 404, description = "No such authority", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_ca_certificate(
    State(app): State<App>,
    headers: HeaderMap,
    Path(file): Path<String>,
) -> Result<Response, Failure> {
    if let Some(ca) = file.strip_suffix(".p7c") {
        let bundle = app.service.ca_bundle(ca).await?;
        return Ok(list(&headers, "application/pkcs7-mime; smime-type=certs-only", bundle));
    }
    let certificate = app.service.ca_certificate(authority(&file, ".crt")?).await?;
    Ok(list(&headers, "application/pkix-cert", certificate))
}

/// A status list of licences.
#[utoipa::path(
    get,
    path = "/status/{number}",
    tag = "lists",
    params(("number" = u32, Path, description = "Number of the list, from 0")),
    responses(
        (status = 200, description = "Token Status List as CWT", body = Vec<u8>, content_type = "application/statuslist+cwt"),
        (status = 304, description = "The caller has it already, by `If-None-Match`"),
        (status = 404, description = "No such list", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_status_list(
    State(app): State<App>,
    headers: HeaderMap,
    Path(number): Path<String>,
) -> Result<Response, Failure> {
    let unknown = || ServiceError::not_found("status list", &number);
    let number = number.parse().map_err(|_| unknown())?;
    let signed = app.service.signed_status_list(number).await?;
    Ok(list(&headers, "application/statuslist+cwt", signed))
}

/// The keys that sign codes and status lists, signed; as JSON for people where `Accept` asks for it.
#[utoipa::path(
    get,
    path = "/keys",
    tag = "lists",
    responses(
        (status = 200, description = "The key set", content((Vec<u8> = "application/cose"), (Object = "application/json"))),
        (status = 304, description = "The caller has it already, by `If-None-Match`"),
    )
)]
pub(super) async fn get_keys(State(app): State<App>, headers: HeaderMap) -> Result<Response, Failure> {
    if wants_json(&headers) {
        let keys = app.service.readable_key_set().await?;
        return Ok(list(&headers, "application/json", keys));
    }
    Ok(list(&headers, "application/cose", app.service.signed_key_set().await?))
}

/// The states of all seals, with dates, signed by the seal maker.
#[utoipa::path(
    get,
    path = "/seals/status",
    tag = "lists",
    responses(
        (status = 200, description = "Signed list", body = Vec<u8>, content_type = "application/pkcs7-mime"),
        (status = 304, description = "The caller has it already, by `If-None-Match`"),
    )
)]
pub(super) async fn get_seal_status(State(app): State<App>, headers: HeaderMap) -> Result<Response, Failure> {
    let signed = app.service.signed_seal_status().await?;
    Ok(list(&headers, "application/pkcs7-mime", signed))
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
    must_be(&headers, "application/timestamp-query")?;
    let answer = app.service.time_stamp(&body).await?;
    Ok(([(CONTENT_TYPE, "application/timestamp-reply")], answer).into_response())
}
