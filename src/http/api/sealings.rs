//! Documents that a department brings to be sealed with its own seal, or to have the level of their signatures raised.

use std::sync::Arc;

use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::rfc3339;
use crate::crypto::DigestAlgorithm;
use crate::hex;
use crate::http::App;
use crate::http::attachment;
use crate::http::bearer::{Caller, acting_authority};
use crate::http::extract::{json, refused_body, value};
use crate::http::idempotency::{self, Beginning, begin, finish};
use crate::http::problem::{Failure, ProblemDetails};
use crate::problem::Problem;
use crate::service::actor::{Actor, Scope};
use crate::service::error::ServiceError;
use crate::service::sealings::{Kept, Level, SealingOrder};
use crate::sign::Permission;
use crate::sign::document::{Act, Edge, Hits, PageList, Place};
use crate::store::{IdempotentAnswer, Sealing};

/// What a signature says where the order does not.
const REASON: &str = "签章";

/// How the document is to be sealed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "level": "b-lt",
    "places": [{"pages": "-1", "x": 150, "y": 240}, {"across": "right"}],
    "reason": "同意"
}))]
pub(super) struct SealingRequest {
    /// Credit code of the organisation whose seal it is; the token's own where it is left out.
    authority: Option<String>,
    /// `b-b`, `b-t`, `b-lt` or `b-lta`; `b-lt` where it is left out.
    level: Option<String>,
    /// Certify instead of approve: 1 permits nothing after, 2 forms and signatures, 3 annotations too.
    certify: Option<i64>,
    /// Seal nothing: give the signatures that are there the level, or renew the archive time stamp.
    #[serde(default)]
    extend: bool,
    /// Signature field that waits and has its place; with places, the name of a new one.
    field: Option<String>,
    /// Where the seal is shown; nowhere without any.
    #[serde(default)]
    places: Vec<PlaceRequest>,
    /// Why, in the signature.
    reason: Option<String>,
    /// Where, in the signature.
    location: Option<String>,
}

/// A place of the seal, in millimetres from the upper left corner of the page as it is shown.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(super) enum PlaceRequest {
    /// Its centre at a point.
    At(PointRequest),
    /// Its centre on a text of the pages.
    Keyword(KeywordRequest),
    /// Cut in slices across the edges of pages.
    Across(EdgeRequest),
}

/// The seal's centre at a point of each page.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PointRequest {
    /// `1`, `2-5`, `-1` for the last, `all`, joined by commas.
    #[schema(example = "-1")]
    pages: String,
    /// Millimetres to the right.
    x: f64,
    /// Millimetres down.
    y: f64,
}

/// The seal's centre on a text of the pages.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct KeywordRequest {
    /// The text; white space does not count.
    #[schema(example = "（盖章）")]
    keyword: String,
    /// `every` where it is left out, `first`, or a number from 1.
    #[schema(example = "first")]
    hit: Option<String>,
    /// As above; all where it is left out.
    pages: Option<String>,
}

/// The seal across the edges of pages.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EdgeRequest {
    /// `right`, `left`, `top` or `bottom`.
    #[schema(example = "right")]
    across: String,
    /// As above; all where it is left out.
    pages: Option<String>,
    /// Millimetres of its centre along the edge; the middle where it is left out.
    along: Option<f64>,
    /// Pages after which another seal begins.
    every: Option<usize>,
}

/// What was made.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SealingAnswer {
    /// Number of the sealing.
    id: String,
    /// Credit code of the organisation.
    authority: String,
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
        }
    }
}

/// Seals a document.
///
/// A form with two parts: `order`, JSON as described here, and `document`, the PDF. With an `Idempotency-Key` a request may be
/// sent again: the same order and document are answered as the first time.
#[utoipa::path(
    post,
    path = "/api/v1/sealings",
    tag = "sealings",
    security(("token" = ["documents:seal"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "At most 128 visible ASCII characters; kept for 24 hours")),
    request_body(content = SealingRequest, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "Sealed, and kept", body = SealingAnswer),
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
    let Form { order, document } = Form::read(request, &app).await?;
    let asked: SealingRequest = json(&order)?;
    let extend = asked.extend;
    let told = order;
    let order = sealing_order(&actor, asked)?;
    let route = format!("POST /api/v1/sealings {}", order.authority);
    let body = || {
        let digest = DigestAlgorithm::Sha256.digest(&document);
        [told.as_slice(), digest.as_ref()].concat()
    };
    let attempt = match begin(&app, &actor, &headers, &route, body).await? {
        Beginning::Replay(answer) => return Ok(answer),
        Beginning::Fresh(attempt) => attempt,
    };
    let kept = Some(Kept {
        attempt: attempt.clone(),
        answer,
    });
    let document = Arc::new(document);
    let sealed = match extend {
        true => {
            let level = (&order.authority, order.level);
            app.service.extend_document(&actor, level, document, kept).await
        }
        false => app.service.seal_document(&actor, &order, document, kept).await,
    };
    finish(&app, attempt, sealed.map(|sealed| answer(&sealed.record))).await
}

/// The document of a sealing.
#[utoipa::path(
    get,
    path = "/api/v1/sealings/{id}/document",
    tag = "sealings",
    security(("token" = ["documents:seal"])),
    params(("id" = String, Path, description = "Number of the sealing")),
    responses(
        (status = 200, description = "The document", body = Vec<u8>, content_type = "application/pdf"),
        (status = 401, description = "No token", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "Not known to this authority", body = ProblemDetails, content_type = "application/problem+json"),
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
    Ok(attachment::pdf(&sealing.id.to_string(), document))
}

/// The parts of a form.
struct Form {
    order: Vec<u8>,
    document: Vec<u8>,
}

impl Form {
    async fn read(request: Request, app: &App) -> Result<Self, Failure> {
        let form = Multipart::from_request(request, app).await;
        let mut form = form.map_err(|rejection| refused_body(rejection.status(), rejection.body_text()))?;
        let broken = |error: axum::extract::multipart::MultipartError| refused_body(error.status(), error.body_text());
        let (mut order, mut document) = (None, None);
        while let Some(part) = form.next_field().await.map_err(broken)? {
            let place = match part.name() {
                Some("order") => &mut order,
                Some("document") => &mut document,
                _ => continue,
            };
            *place = Some(Vec::from(part.bytes().await.map_err(broken)?));
        }
        let missing = |name: &str| {
            let problem = Problem::new("field-required").field(name);
            Failure::new(StatusCode::UNPROCESSABLE_ENTITY, problem)
        };
        Ok(Self {
            order: order.ok_or_else(|| missing("order"))?,
            document: document.ok_or_else(|| missing("document"))?,
        })
    }
}

/// The order as the use case takes it.
fn sealing_order(actor: &Actor, asked: SealingRequest) -> Result<SealingOrder, Failure> {
    let authority = acting_authority(actor, Scope::Seal, asked.authority.as_deref())?;
    let level = match &asked.level {
        Some(level) => value("level", level, Level::from_name)?,
        None => Level::Lt,
    };
    let act = match asked.certify {
        Some(number) => Act::Certify(value("certify", &number.to_string(), |_| {
            Permission::from_number(number)
        })?),
        None => Act::Approve,
    };
    let places = asked.places.into_iter().map(place).collect::<Result<_, _>>()?;
    Ok(SealingOrder {
        authority,
        level,
        act,
        field: asked.field,
        places,
        reason: asked.reason.unwrap_or_else(|| REASON.to_owned()),
        location: asked.location,
    })
}

fn place(asked: PlaceRequest) -> Result<Place, Failure> {
    let pages = |text: Option<&str>| match text {
        Some(text) => value("pages", text, |text| text.parse::<PageList>().ok()),
        None => Ok(PageList::all()),
    };
    Ok(match asked {
        PlaceRequest::Keyword(keyword) => Place::Keyword {
            hits: match &keyword.hit {
                Some(hit) => value("hit", hit, |hit| hit.parse().ok())?,
                None => Hits::Every,
            },
            pages: pages(keyword.pages.as_deref())?,
            text: keyword.keyword,
        },
        PlaceRequest::At(point) => Place::At {
            pages: pages(Some(&point.pages))?,
            x_mm: point.x,
            y_mm: point.y,
        },
        PlaceRequest::Across(edge) => Place::Across {
            pages: pages(edge.pages.as_deref())?,
            edge: value("across", &edge.across, Edge::from_name)?,
            along_mm: edge.along,
            every: edge.every,
        },
    })
}

fn answer(sealing: &Sealing) -> IdempotentAnswer {
    idempotency::answer(StatusCode::CREATED, &SealingAnswer::from(sealing))
}
