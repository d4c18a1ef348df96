//! Verification for anyone: a document, an identifier with what is known of the licence, the text of a printed code.
//!
//! Whatever a document is, the answer is a report with status 200; a verdict is never an error.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::App;
use crate::http::attachment;
use crate::http::extract::{Asked, json, media_type, unsupported};
use crate::http::form::Form;
use crate::http::intake::{self, PdfFile};
use crate::http::problem::{Failure, ProblemDetails};
use crate::i18n::{self, ReportWords};
use crate::problem::Problem;
use crate::service::previews::Pictures;
use crate::service::receipts::ReceiptOrder;
use crate::service::spool::Source;
use crate::service::verify::{CodeReport, Knowledge};
use crate::verify::{LicenceReport, Report};

/// What is asked without a document.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"identifier": "1.2.156.3005.2.…", "verificationCode": "7K3M9QXA"}))]
pub(super) struct VerificationRequest {
    /// Identifier of the licence; with a code, the one printed beside it.
    identifier: Option<String>,
    /// The eight characters on the face.
    verification_code: Option<String>,
    /// Instead of them, the holder's whole name.
    holder_name: Option<String>,
    /// Text of a QR code.
    code: Option<String>,
}

/// A form with a document.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form, which is read part by part")]
pub(super) struct DocumentForm {
    /// The document.
    #[schema(value_type = PdfFile)]
    document: (),
}

/// What is said: a report on a document, the register's answer, or a verdict on a code.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum VerificationAnswer {
    /// On a document: conclusion, signatures, licence.
    Document(Box<DocumentAnswer>),
    /// On an identifier.
    Licence(LicenceAnswer),
    /// On a code.
    Code(CodeAnswer),
}

/// What is wanted beside the report on a document.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct VerificationQuery {
    /// Whether pictures are wanted of the pages that changed since they were signed, before and after.
    #[serde(default)]
    pictures: bool,
}

/// What is wanted on a receipt.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReceiptQuery {
    /// Whether it is to show the pages that changed since they were signed, before and after. It then shows whatever
    /// stands there, personal data too, to whoever has it; without, it names the file and shows nothing of it.
    #[serde(default)]
    pictures: bool,
}

/// The report on a document.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DocumentAnswer {
    #[serde(flatten)]
    report: Report,
    /// The same in words, Chinese and English: conclusion, reasons with what to do next, changes, notes.
    words: ReportWords,
    /// The pages that changed since they were signed, before and after, where that was asked for and something that can
    /// show was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pictures: Option<Pictures>,
}

/// The register's answer. It has nothing else, so that no report on a document is one, too.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LicenceAnswer {
    /// The licence as a stranger may see it, with its state.
    licence: LicenceReport,
}

/// The verdict on a printed code.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CodeAnswer {
    /// `current`, `expired`, `revoked`, `suspended`, `bad-signature`, `unknown-issuer`, `another-licence`,
    /// `not-in-register`, …
    #[schema(example = "current")]
    verdict: &'static str,
    /// The host that the code leads to, where it is not the official one.
    foreign_host: Option<String>,
    /// Why, where the code is not genuine.
    reasons: Vec<Problem>,
    /// The licence, where the code is genuine.
    licence: Option<LicenceReport>,
}

impl From<CodeReport> for CodeAnswer {
    fn from(report: CodeReport) -> Self {
        Self {
            verdict: report.verdict,
            foreign_host: report.foreign_host,
            reasons: report.reasons,
            licence: report.licence,
        }
    }
}

/// A document that was sent.
struct Upload {
    name: Option<String>,
    document: Source,
}

/// Verifies a document, an identifier or a printed code.
#[utoipa::path(
    post,
    path = "/api/v1/verifications",
    tag = "verification",
    params(VerificationQuery),
    request_body(
        content(
            (VerificationRequest = "application/json"),
            (PdfFile = "application/pdf"),
            (DocumentForm = "multipart/form-data"),
        ),
        description = "A document as the body or as the part `document` of a form, or JSON"
    ),
    responses(
        (status = 200, description = "The verdict", body = VerificationAnswer, example = json!({
            "schema_version": 1, "conclusion": "valid", "signatures": [], "licence": {"state": "current"}
        })),
        (status = 400, description = "The form or the JSON cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "No licence of this identifier and code", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "Neither JSON nor a document", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "Neither document, identifier nor code", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 429, description = "Too many requests", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn create_verification(
    State(app): State<App>,
    Asked(query): Asked<VerificationQuery>,
    request: Request,
) -> Result<Json<VerificationAnswer>, Failure> {
    if media_type(request.headers()).eq_ignore_ascii_case("application/json") {
        let body = intake::small_body(request).await?;
        return asked(&app, json(&body)?).await.map(Json);
    }
    let upload = document_of(request, &app).await?;
    let document = upload.document;
    let report = app.service.verify_document(Arc::clone(&document), upload.name).await?;
    let pictures = match query.pictures {
        true => app.service.previews().of(&document, &report).await,
        false => None,
    };
    let words = i18n::words(&report);
    let answer = DocumentAnswer {
        report,
        words,
        pictures,
    };
    Ok(Json(VerificationAnswer::Document(Box::new(answer))))
}

/// Verifies a document and answers with a signed receipt: a PDF to be filed beside the document, whatever was found
/// about it.
#[utoipa::path(
    post,
    path = "/api/v1/verifications/receipt",
    tag = "verification",
    params(ReceiptQuery),
    request_body(
        content((PdfFile = "application/pdf"), (DocumentForm = "multipart/form-data")),
        description = "A document as the body or as the part `document` of a form"
    ),
    responses(
        (status = 200, description = "The receipt, signed and time-stamped (PAdES-B-LT), with the report attached as report.json", body = PdfFile, content_type = "application/pdf"),
        (status = 400, description = "The form cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "No document", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "No document in the form, or the city has no signer of receipts", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 429, description = "Too many requests", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn create_verification_receipt(
    State(app): State<App>,
    Asked(query): Asked<ReceiptQuery>,
    request: Request,
) -> Result<Response, Failure> {
    let upload = document_of(request, &app).await?;
    let order = ReceiptOrder {
        name: upload.name.clone().unwrap_or_default(),
        pictures: query.pictures,
    };
    let receipt = app.service.receipt(upload.document, order, i18n::receipt).await?;
    Ok(attachment::receipt(&upload.name.unwrap_or_default(), receipt.document))
}

async fn asked(app: &App, request: VerificationRequest) -> Result<VerificationAnswer, Failure> {
    let identifier = request.identifier.as_deref();
    if let Some(code) = &request.code {
        let report = app.service.verify_code(code, identifier).await?;
        return Ok(VerificationAnswer::Code(report.into()));
    }
    let code = request.verification_code.map(Knowledge::VerificationCode);
    let knowledge = code.or(request.holder_name.map(Knowledge::HolderName));
    let (Some(identifier), Some(knowledge)) = (identifier, knowledge) else {
        return Err(nothing_to_verify());
    };
    let licence = app.service.verify_identifier(identifier, &knowledge).await?;
    Ok(VerificationAnswer::Licence(LicenceAnswer { licence }))
}

/// The document of a request: its whole body, or a part of its form.
async fn document_of(request: Request, app: &App) -> Result<Upload, Failure> {
    match media_type(request.headers()).to_ascii_lowercase().as_str() {
        "multipart/form-data" => form_document(request, app).await,
        "application/pdf" | "application/octet-stream" => {
            let document = intake::body(app, request).await?;
            Ok(Upload { name: None, document })
        }
        other => Err(unsupported(other)),
    }
}

fn nothing_to_verify() -> Failure {
    Failure::new(StatusCode::UNPROCESSABLE_ENTITY, Problem::new("nothing-to-verify"))
}

async fn form_document(request: Request, app: &App) -> Result<Upload, Failure> {
    let mut form = Form::of(request, app).await?;
    let mut upload = None;
    while let Some(part) = form.next().await? {
        if part.name() != Some("document") {
            intake::unknown(part, &["document"]).await?;
        } else if upload.is_some() {
            return Err(intake::not_alone());
        } else {
            let name = part.file_name().map(str::to_owned);
            let document = intake::part(&mut app.service.spool().room(), part, |_| {}).await?;
            upload = Some(Upload { name, document });
        }
    }
    upload.ok_or_else(nothing_to_verify)
}
