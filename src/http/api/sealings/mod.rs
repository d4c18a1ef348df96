//! Documents that a department brings to be sealed with its own seal, or to have the level of their signatures raised:
//! one that is waited for, or many that are sealed behind the answer.

pub(super) mod batches;
mod order;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::rfc3339;
use crate::hex;
use crate::http::App;
use crate::http::attachment;
use crate::http::bearer::Caller;
use crate::http::extract::{json, value};
use crate::http::idempotency::{self, Beginning, begin, finish};
use crate::http::intake::PdfFile;
use crate::http::problem::{Failure, ProblemDetails};
use crate::i18n::{self, Language};
use crate::problem::Problem;
use crate::service::actor::Scope;
use crate::service::error::ServiceError;
use crate::service::sealings::Kept;
use crate::store::{IdempotentAnswer, Sealing};
use order::{Form, SealingForm, fingerprint, sealing_task};

/// What was made.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SealingAnswer {
    /// Number of the sealing.
    id: String,
    /// Credit code of the organisation.
    authority: String,
    /// Level of the signature, after its form.
    #[schema(example = "PAdES-B-LT")]
    level: String,
    /// SHA-256 of what was brought, in lower-case hexadecimal.
    source_sha256: String,
    /// SHA-256 of what was made.
    document_sha256: String,
    /// Length of what was made in bytes.
    document_bytes: u64,
    /// When.
    sealed_at: String,
    /// Path of the document.
    document: String,
    /// What is to be known of it; in the answer to whoever had it sealed alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Warning>,
}

/// Something that is to be known of a document that was sealed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Warning {
    /// Stable code: `time-stamps-not-recognised`.
    code: &'static str,
    /// In Chinese.
    #[serde(rename = "zh-CN")]
    zh: String,
    /// In English.
    en: String,
}

impl From<&Problem> for Warning {
    fn from(problem: &Problem) -> Self {
        Self {
            code: problem.code,
            zh: i18n::problem(Language::Zh, problem),
            en: i18n::problem(Language::En, problem),
        }
    }
}

impl From<&Sealing> for SealingAnswer {
    fn from(sealing: &Sealing) -> Self {
        Self {
            id: sealing.id.to_string(),
            authority: sealing.authority.clone(),
            level: sealing.level.clone(),
            source_sha256: hex::encode(&sealing.source_sha256),
            document_sha256: hex::encode(&sealing.document_sha256),
            document_bytes: sealing.document_bytes,
            sealed_at: rfc3339(sealing.sealed_at),
            document: format!("/api/v1/sealings/{}/document", sealing.id),
            warnings: Vec::new(),
        }
    }
}

/// Seals a document.
///
/// A form with two parts: `order`, JSON, and `document`, the PDF. With an `Idempotency-Key` a request
/// may be sent again: the same order and document are answered as the first time.
#[utoipa::path(
    post,
    path = "/api/v1/sealings",
    tag = "sealings",
    security(("token" = ["documents:seal"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "At most 128 visible ASCII characters; kept for 24 hours")),
    request_body(content = SealingForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "Sealed, and kept", body = SealingAnswer),
        (status = 400, description = "The form or the order in it cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "No token, or not a good one", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "The token is not for this", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "The request is running", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "The document is not sealed, and why", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn create_sealing(
    State(app): State<App>,
    Caller(actor): Caller,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Failure> {
    actor.may_in_own(Scope::Seal).map_err(ServiceError::from)?;
    let mut form = Form::read(request, &app, 1).await?;
    let document = form.only_document()?;
    let task = sealing_task(&actor, json(&form.order)?)?;
    let route = format!("POST /api/v1/sealings {}", task.authority());
    let body = || fingerprint(&form.order, [document.sha256]);
    let attempt = match begin(&app, &actor, &headers, &route, body).await? {
        Beginning::Replay(answer) => return Ok(answer),
        Beginning::Fresh(attempt) => attempt,
    };
    let kept = Some(Kept::Asked {
        attempt: attempt.clone(),
        answer,
    });
    let work = async {
        let sealed = app.service.treat_document(&actor, &task, document.document, kept);
        let sealed = sealed.await?;
        Ok(answer(&sealed.record, &sealed.warnings))
    };
    finish(&app, attempt, work).await
}

/// The document of a sealing.
#[utoipa::path(
    get,
    path = "/api/v1/sealings/{id}/document",
    tag = "sealings",
    security(("token" = ["documents:seal"])),
    params(("id" = String, Path, description = "Number of the sealing")),
    responses(
        (status = 200, description = "The document", body = PdfFile, content_type = "application/pdf"),
        (status = 401, description = "No token", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "Not known to this authority", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "The identifier is none", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_sealed_document(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(text): Path<String>,
) -> Result<Response, Failure> {
    actor.may_in_own(Scope::Seal).map_err(ServiceError::from)?;
    let id = value("id", &text, |text| text.parse().ok())?;
    let (sealing, document) = app.service.sealed_document(&actor, id).await?;
    Ok(attachment::kept(&sealing.id.to_string(), document))
}

fn answer(sealing: &Sealing, warnings: &[Problem]) -> IdempotentAnswer {
    let answer = SealingAnswer {
        warnings: warnings.iter().map(Warning::from).collect(),
        ..SealingAnswer::from(sealing)
    };
    idempotency::answer(StatusCode::CREATED, &answer)
}
