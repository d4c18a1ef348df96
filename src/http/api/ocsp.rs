//! The status of certificates (RFC 6960 appendix A), asked by machines: the request as the body of a POST, or as base64
//! in the address of a GET, which caches keep (RFC 5019 section 6).

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, EXPIRES, LAST_MODIFIED};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};

use crate::crypto::DigestAlgorithm;
use crate::hex;
use crate::http::App;
use crate::http::extract::{Whole, must_be};
use crate::http::problem::{Failure, ProblemDetails};
use crate::problem::Problem;
use crate::service::certificates::StatusReply;
use crate::x509::MAX_OCSP_REQUEST_BYTES;

const REPLY: &str = "application/ocsp-response";

/// The status of certificates of an authority.
#[utoipa::path(
    post,
    path = "/ocsp/{ca}",
    tag = "lists",
    params(("ca" = String, Path, description = "Name of the authority", example = "issuing-national")),
    request_body(content = Vec<u8>, content_type = "application/ocsp-request", description = "OCSPRequest (RFC 6960), DER"),
    responses(
        (status = 200, description = "OCSPResponse, DER; what is refused is said in it", body = Vec<u8>, content_type = "application/ocsp-response"),
        (status = 404, description = "No such authority", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "Not a status request", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn create_certificate_status(
    State(app): State<App>,
    Path(ca): Path<String>,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Response, Failure> {
    must_be(&headers, "application/ocsp-request")?;
    if body.len() > MAX_OCSP_REQUEST_BYTES {
        let problem = Problem::new("too-large")
            .param("bytes", body.len())
            .param("limit", MAX_OCSP_REQUEST_BYTES);
        return Err(Failure::new(StatusCode::PAYLOAD_TOO_LARGE, problem));
    }
    let reply = app.service.certificate_status(&ca, &body).await?;
    Ok(([(CONTENT_TYPE, REPLY)], Body::from(Bytes::from_owner(reply.der))).into_response())
}

/// The status of certificates of an authority, for caches.
#[utoipa::path(
    get,
    path = "/ocsp/{ca}/{*request}",
    tag = "lists",
    params(
        ("ca" = String, Path, description = "Name of the authority", example = "issuing-national"),
        ("request" = String, Path, description = "OCSPRequest, DER, base64, percent-encoded"),
    ),
    responses(
        (status = 200, description = "OCSPResponse, DER; what is refused is said in it", body = Vec<u8>, content_type = "application/ocsp-response"),
        (status = 404, description = "No such authority", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_certificate_status(
    State(app): State<App>,
    Path((ca, request)): Path<(String, String)>,
) -> Result<Response, Failure> {
    // What is no base64 is no request either: the service says so in the words of the protocol.
    let request = STANDARD.decode(request).unwrap_or_default();
    let reply = app.service.certificate_status(&ca, &request).await?;
    Ok(cached(reply, app.service.now()))
}

/// A reply with what caches need: they keep it no longer than it is current (RFC 5019 section 6.2).
fn cached(reply: StatusReply, now: DateTime<Utc>) -> Response {
    let body = Body::from(Bytes::from_owner(reply.der.clone()));
    let Some((since, until)) = reply.current else {
        return ([(CONTENT_TYPE, REPLY)], body).into_response();
    };
    let date = |time: DateTime<Utc>| time.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    // Half of what is left, so that a revocation is not hidden for a day.
    let seconds = ((until - now) / 2).num_seconds().clamp(0, MAX_AGE_SECONDS);
    let tag = hex::encode(&DigestAlgorithm::Sha256.digest(&reply.der).as_ref()[..16]);
    let headers = [
        (CONTENT_TYPE, REPLY.to_owned()),
        (
            CACHE_CONTROL,
            format!("max-age={seconds}, public, no-transform, must-revalidate"),
        ),
        (ETAG, format!("\"{tag}\"")),
        (LAST_MODIFIED, date(since)),
        (EXPIRES, date(now + chrono::TimeDelta::seconds(seconds))),
    ];
    (headers, body).into_response()
}

/// Longest time that a cache keeps an answer, in seconds: a certificate that is revoked is known to be so within an
/// hour.
const MAX_AGE_SECONDS: i64 = 3600;
