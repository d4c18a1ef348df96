//! The certificates of an authority, for its officers: a list, and one of them. What changes them is an act that an
//! officer signs and sends to `/api/v1/proposals`; where one officer is enough it is done at once, else it waits for
//! another: `issue-certificate`, `renew-certificate`, `rekey-certificate`, `hold-certificate`, `release-certificate`,
//! `revoke-certificate`.

use axum::Json;
use axum::extract::{Path, State};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::App;
use crate::http::extract::{Asked, value};
use crate::http::officer::Stated;
use crate::http::problem::{Failure, ProblemDetails};
use crate::service::certificates::CertificateView;
use crate::service::error::ServiceError;
use crate::store::{CertificateFilter, CertificateStatus};

/// Certificates of one page where the caller does not say.
const DEFAULT_PAGE: u32 = 50;

/// What is looked for, and which page.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(super) struct ListQuery {
    /// Name of the profile that they were made by.
    profile: Option<String>,
    /// `good`, `on-hold` or `revoked`.
    status: Option<String>,
    /// Whom they are about, whole and as shown: `CN=…,O=…,C=CN`.
    subject: Option<String>,
    /// They end at this time or later (RFC 3339).
    #[param(value_type = Option<String>)]
    ends_from: Option<DateTime<Utc>>,
    /// They end at this time or earlier (RFC 3339).
    #[param(value_type = Option<String>)]
    ends_until: Option<DateTime<Utc>>,
    /// `next` of the page before.
    after: Option<String>,
    /// Certificates of the page: 50 where it is left out, at most 200.
    limit: Option<u32>,
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ListAnswer {
    /// The certificates, newest first.
    certificates: Vec<CertificateView>,
    /// Where the next page begins; null on the last.
    next: Option<String>,
}

/// Lists the certificates that an authority issued, newest first, a page at a time.
#[utoipa::path(
    get,
    path = "/api/v1/ca/{ca}/certificates",
    tag = "certificates",
    security(("officer" = [])),
    params(("ca" = String, Path, description = "Name of the authority", example = "issuing-international"), ListQuery),
    responses(
        (status = 200, description = "A page", body = ListAnswer),
        (status = 401, description = "No statement of an officer", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "A token of a department", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "No such authority", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list_certificates(
    State(app): State<App>,
    Stated(signed): Stated,
    Path(ca): Path<String>,
    Asked(asked): Asked<ListQuery>,
) -> Result<Json<ListAnswer>, Failure> {
    let actor = app.service.officer_reading(&signed).await?;
    let after = match &asked.after {
        Some(after) => Some(value("after", after, |text| text.parse().ok())?),
        None => None,
    };
    let status = match &asked.status {
        Some(status) => Some(value("status", status, CertificateStatus::from_name)?),
        None => None,
    };
    let filter = CertificateFilter {
        profile: asked.profile,
        status,
        subject: asked.subject,
        ends_from: asked.ends_from,
        ends_until: asked.ends_until,
    };
    let limit = asked.limit.unwrap_or(DEFAULT_PAGE);
    let page = app
        .service
        .list_certificates(&actor, &ca, &filter, after.as_ref(), limit)
        .await?;
    Ok(Json(ListAnswer {
        certificates: page.certificates,
        next: page.next.map(|next| next.to_string()),
    }))
}

/// One certificate of an authority with what became of it.
#[utoipa::path(
    get,
    path = "/api/v1/ca/{ca}/certificates/{serial}",
    tag = "certificates",
    security(("officer" = [])),
    params(
        ("ca" = String, Path, description = "Name of the authority", example = "issuing-international"),
        ("serial" = String, Path, description = "Serial number in hexadecimal"),
    ),
    responses(
        (status = 200, description = "The certificate", body = CertificateView),
        (status = 401, description = "No statement of an officer", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "A token of a department", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "No such certificate", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_certificate(
    State(app): State<App>,
    Stated(signed): Stated,
    Path((ca, serial)): Path<(String, String)>,
) -> Result<Json<CertificateView>, Failure> {
    let actor = app.service.officer_reading(&signed).await?;
    let number = serial
        .parse()
        .map_err(|_| ServiceError::not_found("certificate", &serial))?;
    Ok(Json(app.service.certificate_view(&actor, &ca, &number).await?))
}
