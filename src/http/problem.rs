//! Errors to users (RFC 9457): one table from what a use case refused to a status, and one place that puts it into
//! words.
//!
//! A handler returns a [`Failure`]; its answer carries the problems, and the outermost layer writes them in the
//! reader's language: `application/problem+json`, or a page for a browser that asks for one.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::language::Reader;
use crate::http::pages;
use crate::i18n::{self, Language};
use crate::problem::{Explain, KeptProblem, Problem};
use crate::service::actor::Denied;
use crate::service::error::ServiceError;

/// Media type of problem details.
const PROBLEM_JSON: &str = "application/problem+json";

/// A refusal on its way to the reader.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) status: StatusCode,
    pub(super) problems: Vec<Problem>,
    /// Seconds after which to try again.
    pub(super) retry_after: Option<u64>,
}

/// What is wrong with a request (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "urn:yinxin:problem:denied-scope",
    "title": "Not allowed",
    "status": 403,
    "detail": "This token lacks the right \"licences:issue\"",
    "fields": [{"code": "denied-scope", "message": "This token lacks the right \"licences:issue\""}]
}))]
pub(super) struct ProblemDetails {
    /// Names the first problem: `urn:yinxin:problem:CODE`.
    r#type: String,
    /// The kind of problem, in words.
    pub(super) title: String,
    /// The status of the answer.
    status: u16,
    /// All that is wrong, in words.
    pub(super) detail: String,
    /// Each thing that is wrong.
    fields: Vec<FieldProblem>,
}

/// One thing that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FieldProblem {
    /// The field; left out where the whole request is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// Stable code of the rule.
    code: String,
    /// What is wrong, in the reader's language.
    message: String,
}

impl Failure {
    /// A refusal by the interface itself.
    pub(super) fn new(status: StatusCode, problem: Problem) -> Self {
        Self {
            status,
            problems: vec![problem],
            retry_after: None,
        }
    }

    /// A request that cannot be read.
    pub(super) fn unreadable(reason: impl std::fmt::Display) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            Problem::new("body-unreadable").param("reason", reason),
        )
    }

    /// The scheme of the credentials that are asked for: a token (RFC 6750 section 3), or an officer's statement.
    fn challenge(&self) -> &'static str {
        match self.problems.first() {
            Some(problem) if problem.code.starts_with("officer-") => "Officer",
            _ => "Bearer",
        }
    }

    /// In words.
    pub(super) fn details(&self, language: Language) -> ProblemDetails {
        let fields: Vec<_> = self.problems.iter().map(|problem| field(language, problem)).collect();
        let messages: Vec<_> = fields.iter().map(|field| field.message.as_str()).collect();
        ProblemDetails {
            r#type: format!(
                "urn:yinxin:problem:{}",
                self.problems.first().map_or("internal", |first| first.code)
            ),
            title: self.title(language),
            status: self.status.as_u16(),
            detail: messages.join("; "),
            fields,
        }
    }

    /// The kind of problem, in words.
    pub(super) fn title(&self, language: Language) -> String {
        let key = match self.status.as_u16() {
            status @ (400 | 401 | 403 | 404 | 405 | 408 | 409 | 413 | 415 | 422 | 429 | 503) => status,
            400..=499 => 400,
            _ => 500,
        };
        i18n::text(language, &format!("status-{key}"), &[])
    }
}

fn field(language: Language, problem: &Problem) -> FieldProblem {
    FieldProblem {
        field: problem.field.clone(),
        code: problem.code.to_owned(),
        message: i18n::problem(language, problem),
    }
}

/// A problem that was kept, in words.
pub(super) fn kept_field(language: Language, problem: KeptProblem) -> FieldProblem {
    FieldProblem {
        message: i18n::kept_problem(language, &problem),
        field: problem.field,
        code: problem.code,
    }
}

/// The table from refusals to statuses.
fn status(error: &ServiceError) -> StatusCode {
    match error {
        ServiceError::Denied(
            Denied::NotAuthenticated | Denied::NotAnOfficer | Denied::UnknownOfficer(_) | Denied::OfficerSignature,
        ) => StatusCode::UNAUTHORIZED,
        ServiceError::Denied(_) => StatusCode::FORBIDDEN,
        ServiceError::NotFound { .. } => StatusCode::NOT_FOUND,
        ServiceError::Refused(problems) if problems.iter().any(|problem| problem.code == "too-large") => {
            StatusCode::PAYLOAD_TOO_LARGE
        }
        ServiceError::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
        ServiceError::Conflict(_) => StatusCode::CONFLICT,
        ServiceError::Unavailable(_) | ServiceError::Absent(_) => StatusCode::SERVICE_UNAVAILABLE,
        ServiceError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        let status = status(&error);
        if status.is_server_error() {
            tracing::error!(%error, "a request failed");
        }
        Self {
            status,
            problems: error.problems(),
            retry_after: (status == StatusCode::SERVICE_UNAVAILABLE).then_some(1),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(self.challenge()));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Puts a failure into words; every other answer passes.
pub(super) async fn in_words(request: Request, next: Next) -> Response {
    let reader = Reader::of(request.uri(), request.headers());
    let wants_page = !request.uri().path().starts_with("/api/") && wants_page(request.headers());
    let mut response = next.run(request).await;
    let Some(failure) = response.extensions_mut().remove::<Arc<Failure>>() else {
        return response;
    };
    let (content_type, body) = if wants_page {
        ("text/html; charset=utf-8", pages::failure::page(&failure, reader.0))
    } else {
        let json = serde_json::to_string(&failure.details(reader.0));
        (PROBLEM_JSON, json.unwrap_or_default())
    };
    let (mut parts, _) = response.into_parts();
    parts
        .headers
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    Response::from_parts(parts, body.into())
}

/// Whether whoever asks is a browser that shows a page.
fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}
