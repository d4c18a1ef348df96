//! The cross-certificates of an authority, for anyone: with whom, on which terms, and the certificates themselves.

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;

use crate::http::App;
use crate::http::problem::{Failure, ProblemDetails};
use crate::service::cross_certificates::CrossCertificateView;
use crate::service::error::ServiceError;

/// Cross-certificates, the oldest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CrossCertificates {
    cross_certificates: Vec<CrossCertificateView>,
}

/// The cross-certificates that an authority issued.
#[utoipa::path(
    get,
    path = "/api/v1/ca/{ca}/cross-certificates",
    tag = "lists",
    params(("ca" = String, Path, description = "Name of the authority", example = "root-international")),
    responses(
        (status = 200, description = "The cross-certificates", body = CrossCertificates),
        (status = 404, description = "No such authority", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list_cross_certificates(
    State(app): State<App>,
    Path(ca): Path<String>,
) -> Result<Json<CrossCertificates>, Failure> {
    let cross_certificates = app.service.cross_certificates(&ca).await?;
    Ok(Json(CrossCertificates { cross_certificates }))
}

/// One cross-certificate.
#[utoipa::path(
    get,
    path = "/api/v1/ca/{ca}/cross-certificates/{serial}",
    tag = "lists",
    params(
        ("ca" = String, Path, description = "Name of the authority", example = "root-international"),
        ("serial" = String, Path, description = "Serial number in hexadecimal"),
    ),
    responses(
        (status = 200, description = "The cross-certificate", body = CrossCertificateView),
        (status = 404, description = "No such cross-certificate", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_cross_certificate(
    State(app): State<App>,
    Path((ca, serial)): Path<(String, String)>,
) -> Result<Json<CrossCertificateView>, Failure> {
    let number = serial
        .parse()
        .map_err(|_| ServiceError::not_found("cross-certificate", &serial))?;
    Ok(Json(app.service.cross_certificate(&ca, &number).await?))
}
