//! Licences of a department: issue, list, see, take the document, change the state.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::rfc3339;
use crate::hex;
use crate::http::App;
use crate::http::attachment;
use crate::http::bearer::{Caller, acting_authority};
use crate::http::extract::{Asked, Whole, identifier, json, value};
use crate::http::idempotency::{self, Beginning, begin, finish};
use crate::http::intake::PdfFile;
use crate::http::problem::{Failure, ProblemDetails};
use crate::licence::application::Application;
use crate::licence::state::{LicenceState, Transition};
use crate::service::actor::Scope;
use crate::service::error::ServiceError;
use crate::service::issue_licence::{IssuedLicence, Together};
use crate::service::licences::{LicenceDetail, LicenceQuery};
use crate::store::IdempotentAnswer;

/// Licences of one page where the caller does not say.
const DEFAULT_PAGE: u32 = 50;

/// State changes that a department may ask for here.
const TRANSITIONS: [Transition; 5] = [
    Transition::Revoke,
    Transition::Withdraw,
    Transition::Cancel,
    Transition::Suspend,
    Transition::Resume,
];

/// For whom a licence is issued.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct IssueQuery {
    /// Credit code of the issuing authority; the token's own where it is left out.
    authority: Option<String>,
}

/// An issued licence.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IssuedAnswer {
    /// GB/T 36904 identifier.
    identifier: String,
    /// The eight characters on its face. They are told this once.
    #[schema(example = "7K3M9QXA")]
    verification_code: String,
    /// Text of the QR code on its face.
    code: String,
    /// SHA-256 of the document in lower-case hexadecimal.
    document_sha256: String,
    /// Length of the document in bytes.
    document_bytes: usize,
    /// When it was issued.
    issued_at: String,
    /// Path of the document.
    document: String,
}

impl From<&IssuedLicence> for IssuedAnswer {
    fn from(licence: &IssuedLicence) -> Self {
        Self {
            identifier: licence.identifier.to_string(),
            verification_code: licence.verification_code.clone(),
            code: licence.code.clone(),
            document_sha256: hex::encode(&licence.document_sha256),
            document_bytes: licence.document_bytes,
            issued_at: rfc3339(licence.issued_at),
            document: format!("/api/v1/licences/{}/document", licence.identifier),
        }
    }
}

/// What is looked for, and which page.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(super) struct ListQuery {
    /// Credit code of the authority; the token's own where it is left out.
    authority: Option<String>,
    /// Slug or type code of the licence type.
    licence_type: Option<String>,
    /// State in the register: `issued`, `suspended`, `revoked`, …
    state: Option<String>,
    /// Beginning of the licence number.
    number_prefix: Option<String>,
    /// Issued on this day or later, `YYYY-MM-DD`.
    issued_from: Option<chrono::NaiveDate>,
    /// Issued on this day or earlier, `YYYY-MM-DD`.
    issued_until: Option<chrono::NaiveDate>,
    /// Name of the holder, whole.
    holder_name: Option<String>,
    /// Code of the holder, whole.
    holder_code: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// Licences of the page: 50 where it is left out, at most 200.
    limit: Option<u32>,
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ListAnswer {
    /// The licences, newest first.
    #[schema(value_type = Vec<Object>)]
    licences: Vec<LicenceDetail>,
    /// Where the next page begins; null on the last.
    next: Option<String>,
}

/// A change of state.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"transition": "revoke", "reason": "违反《食品安全法》第一百二十四条，处罚决定书文号 2026-118"}))]
pub(super) struct StateChange {
    /// `revoke` 吊销 where it is left out, `withdraw` 撤销, `cancel` 注销, `suspend` 暂停, `resume` 恢复.
    #[schema(example = "revoke")]
    transition: Option<String>,
    /// Why; needed where it takes something away.
    reason: Option<String>,
}

/// Issues a licence.
///
/// With an `Idempotency-Key` a request may be sent again: the same body is answered as the first time, another is
/// refused.
#[utoipa::path(
    post,
    path = "/api/v1/licences",
    tag = "licences",
    security(("token" = ["licences:issue"])),
    params(IssueQuery, ("Idempotency-Key" = Option<String>, Header, description = "At most 128 visible ASCII characters; kept for 24 hours")),
    request_body(
        content = Object,
        content_type = "application/json",
        description = "The application; what each type asks for, and an example, is at /api/v1/licence-types",
        example = json!(example())
    ),
    responses(
        (status = 201, description = "Issued and durable", body = IssuedAnswer),
        (status = 401, description = "No token, or not a good one", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "The token is not for this", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "Identifier or number taken, or the request is running", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "The application breaks rules; all are told", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn issue_licence(
    State(app): State<App>,
    Caller(actor): Caller,
    Asked(query): Asked<IssueQuery>,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Response, Failure> {
    let authority = acting_authority(&actor, Scope::Issue, query.authority.as_deref())?;
    let application: Application = json(&body)?;
    let route = format!("POST /api/v1/licences {authority}");
    let attempt = match begin(&app, &actor, &headers, &route, || &body).await? {
        Beginning::Replay(answer) => return Ok(answer),
        Beginning::Fresh(attempt) => attempt,
    };
    let together = match attempt.clone() {
        None => Together::Alone,
        Some(attempt) => Together::Request {
            attempt,
            answer: Box::new(answer),
        },
    };
    let work = async {
        let issued = app.service.issue_licence(&actor, &authority, &application, together);
        Ok(answer(&issued.await?))
    };
    finish(&app, attempt, work).await
}

/// An application that is accepted where the issuer has the type: the one of the data set.
fn example() -> serde_json::Value {
    serde_json::from_str(include_str!("../../../fixtures/application.json")).unwrap_or_default()
}

fn answer(licence: &IssuedLicence) -> IdempotentAnswer {
    idempotency::answer(StatusCode::CREATED, &IssuedAnswer::from(licence))
}

/// Lists licences, newest first, a page at a time.
#[utoipa::path(
    get,
    path = "/api/v1/licences",
    tag = "licences",
    security(("token" = ["licences:read"])),
    params(ListQuery),
    responses(
        (status = 200, description = "A page", body = ListAnswer),
        (status = 401, description = "No token", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "The token is not for this", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list_licences(
    State(app): State<App>,
    Caller(actor): Caller,
    Asked(asked): Asked<ListQuery>,
) -> Result<Json<ListAnswer>, Failure> {
    actor.may_in_own(Scope::Read).map_err(ServiceError::from)?;
    let after = match &asked.after {
        Some(after) => Some(value("after", after, |text| text.parse().ok())?),
        None => None,
    };
    let limit = asked.limit.unwrap_or(DEFAULT_PAGE);
    let page = app.service.list_licences(&actor, &query(asked)?, after, limit).await?;
    Ok(Json(ListAnswer {
        licences: page.licences,
        next: page.next.map(|next| next.to_string()),
    }))
}

fn query(asked: ListQuery) -> Result<LicenceQuery, Failure> {
    let authority = match asked.authority {
        Some(code) => Some(code.parse().map_err(ServiceError::explained)?),
        None => None,
    };
    let state = match asked.state {
        Some(state) => Some(value("state", &state, LicenceState::from_name)?),
        None => None,
    };
    Ok(LicenceQuery {
        authority,
        licence_type: asked.licence_type,
        state,
        number_prefix: asked.number_prefix,
        issued_from: asked.issued_from,
        issued_until: asked.issued_until,
        holder_name: asked.holder_name,
        holder_code: asked.holder_code,
    })
}

/// One licence, with its data and state.
#[utoipa::path(
    get,
    path = "/api/v1/licences/{identifier}",
    tag = "licences",
    security(("token" = ["licences:read"])),
    params(("identifier" = String, Path, description = "GB/T 36904 identifier")),
    responses(
        (status = 200, description = "The licence", body = Object),
        (status = 401, description = "No token", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "Not known to this authority", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "The identifier is none", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_licence(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(text): Path<String>,
) -> Result<Json<LicenceDetail>, Failure> {
    actor.may_in_own(Scope::Read).map_err(ServiceError::from)?;
    Ok(Json(app.service.licence(&actor, &identifier(&text)?).await?))
}

/// The document of a licence: the sealed PDF.
#[utoipa::path(
    get,
    path = "/api/v1/licences/{identifier}/document",
    tag = "licences",
    security(("token" = ["licences:read"])),
    params(("identifier" = String, Path, description = "GB/T 36904 identifier")),
    responses(
        (status = 200, description = "The document", body = PdfFile, content_type = "application/pdf"),
        (status = 401, description = "No token", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "Not known to this authority", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "The identifier is none", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_licence_document(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(text): Path<String>,
) -> Result<Response, Failure> {
    actor.may_in_own(Scope::Read).map_err(ServiceError::from)?;
    let document = app.service.licence_document(&actor, &identifier(&text)?).await?;
    Ok(attachment::pdf(&text, document))
}

/// Changes the state of a licence: revoked, withdrawn, cancelled, suspended or resumed.
#[utoipa::path(
    post,
    path = "/api/v1/licences/{identifier}/revocation",
    tag = "licences",
    security(("token" = ["licences:revoke"])),
    params(("identifier" = String, Path, description = "GB/T 36904 identifier")),
    request_body(content = StateChange),
    responses(
        (status = 200, description = "The licence in its new state", body = Object),
        (status = 401, description = "No token", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "The token is not for this", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "Not known to this authority", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "The state was changed meanwhile", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Not possible from its state, or no reason given", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn change_licence_state(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(text): Path<String>,
    Whole(body): Whole,
) -> Result<Json<LicenceDetail>, Failure> {
    actor.may_in_own(Scope::Revoke).map_err(ServiceError::from)?;
    let change: StateChange = json(&body)?;
    let by_name = |name: &str| TRANSITIONS.into_iter().find(|transition| transition.name() == name);
    let transition = match change.transition.as_deref() {
        Some(name) => value("transition", name, by_name)?,
        None => Transition::Revoke,
    };
    let identifier = identifier(&text)?;
    let service = &app.service;
    let reason = change.reason.as_deref();
    Ok(Json(
        service
            .change_licence_state(&actor, &identifier, transition, reason)
            .await?,
    ))
}
