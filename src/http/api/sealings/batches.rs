//! Many documents that are brought together: the answer comes at once, the results one after the other.

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::SealingAnswer;
use super::order::{BatchForm, Form, sealing_task};
use crate::clock::rfc3339;
use crate::hex;
use crate::http::App;
use crate::http::bearer::Caller;
use crate::http::extract::{json, value};
use crate::http::idempotency::{self, Beginning, begin, finish};
use crate::http::language::Reader;
use crate::http::problem::{Failure, FieldProblem, ProblemDetails, kept_field};
use crate::i18n::Language;
use crate::service::actor::Scope;
use crate::service::error::ServiceError;
use crate::service::sealings::batch::{BatchRequest, BatchState, FileResult, FileState, MAX_FILES};
use crate::store::IdempotentAnswer;

/// A batch that was taken in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::api) struct BatchAnswer {
    /// Number of the batch.
    id: String,
    /// Credit code of the organisation.
    authority: String,
    /// When it was brought.
    created_at: String,
    /// How many documents it has.
    documents: usize,
    /// Where its results are.
    batch: String,
}

/// A batch as it stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::api) struct BatchProgress {
    #[serde(flatten)]
    batch: BatchAnswer,
    /// Documents that were sealed.
    sealed: usize,
    /// Documents that were refused.
    refused: usize,
    /// Documents that wait or are being sealed.
    waiting: usize,
    /// Each of them, in the order in which they were brought.
    results: Vec<DocumentResult>,
}

/// What became of a document.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::api) struct DocumentResult {
    /// Its place, from 1.
    number: u32,
    /// The name of its file.
    name: String,
    /// `waiting`, `sealed` or `refused`.
    #[schema(example = "sealed")]
    state: &'static str,
    /// SHA-256 of what was brought, in lower-case hexadecimal.
    source_sha256: String,
    /// What was made, where it was sealed.
    sealing: Option<SealingAnswer>,
    /// Why, where it was refused.
    problems: Vec<FieldProblem>,
}

impl From<&BatchState> for BatchAnswer {
    fn from(state: &BatchState) -> Self {
        Self {
            id: state.id.to_string(),
            authority: state.authority.clone(),
            created_at: rfc3339(state.created_at),
            documents: state.files.len(),
            batch: format!("/api/v1/sealing-batches/{}", state.id),
        }
    }
}

impl BatchProgress {
    fn of(state: BatchState, language: Language) -> Self {
        let batch = BatchAnswer::from(&state);
        let results: Vec<_> = state
            .files
            .into_iter()
            .map(|file| DocumentResult::of(file, language))
            .collect();
        let count = |state: &str| results.iter().filter(|result| result.state == state).count();
        Self {
            batch,
            sealed: count("sealed"),
            refused: count("refused"),
            waiting: count("waiting"),
            results,
        }
    }
}

impl DocumentResult {
    fn of(file: FileState, language: Language) -> Self {
        let (state, sealing, problems) = match file.result {
            FileResult::Waiting => ("waiting", None, Vec::new()),
            FileResult::Sealed(sealing) => ("sealed", Some(SealingAnswer::from(&sealing)), Vec::new()),
            FileResult::Refused(problems) => ("refused", None, problems),
        };
        Self {
            number: file.number,
            name: file.name,
            state,
            source_sha256: hex::encode(&file.source_sha256),
            sealing,
            problems: problems
                .into_iter()
                .map(|problem| kept_field(language, problem))
                .collect(),
        }
    }
}

/// Takes in documents that are sealed behind the answer.
///
/// A form with a part `order`, JSON, and up to 1,000 parts `document`, PDF, within the limit of one
/// upload. They are durable when the answer comes, and sealed one after the other, each with a result of its own. With
/// an `Idempotency-Key` a request may be sent again.
#[utoipa::path(
    post,
    path = "/api/v1/sealing-batches",
    tag = "sealings",
    security(("token" = ["documents:seal"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "At most 128 visible ASCII characters; kept for 24 hours")),
    request_body(content = BatchForm, content_type = "multipart/form-data"),
    responses(
        (status = 202, description = "Taken in", body = BatchAnswer),
        (status = 400, description = "The form or the order in it cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "No token, or not a good one", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "The token is not for this", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "The request is running", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "No document would be sealed so, and why", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::api) async fn create_sealing_batch(
    State(app): State<App>,
    Caller(actor): Caller,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Failure> {
    actor.may_in_own(Scope::Seal).map_err(ServiceError::from)?;
    let form = Form::read(request, &app, MAX_FILES).await?;
    let task = sealing_task(&actor, json(&form.order)?)?;
    let route = format!("POST /api/v1/sealing-batches {}", task.authority());
    let attempt = match begin(&app, &actor, &headers, &route, || form.fingerprint()).await? {
        Beginning::Replay(answer) => return Ok(answer),
        Beginning::Fresh(attempt) => attempt,
    };
    let request = attempt.clone().map(|attempt| BatchRequest { attempt, answer });
    let work = async {
        let brought = app.service.bring_documents(&actor, &task, form.documents, request);
        Ok(answer(&brought.await?))
    };
    finish(&app, attempt, work).await
}

/// How far a batch is, and what became of each document.
#[utoipa::path(
    get,
    path = "/api/v1/sealing-batches/{id}",
    tag = "sealings",
    security(("token" = ["documents:seal"])),
    params(("id" = String, Path, description = "Number of the batch")),
    responses(
        (status = 200, description = "The batch", body = BatchProgress),
        (status = 401, description = "No token", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "Not known to this authority", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "The identifier is none", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::api) async fn get_sealing_batch(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(text): Path<String>,
    Reader(language): Reader,
) -> Result<Json<BatchProgress>, Failure> {
    actor.may_in_own(Scope::Seal).map_err(ServiceError::from)?;
    let id = value("id", &text, |text| text.parse().ok())?;
    let state = app.service.sealing_batch(&actor, id).await?;
    Ok(Json(BatchProgress::of(state, language)))
}

fn answer(state: &BatchState) -> IdempotentAnswer {
    idempotency::answer(StatusCode::ACCEPTED, &BatchAnswer::from(state))
}
