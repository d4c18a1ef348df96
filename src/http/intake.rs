//! What is uploaded. Documents are spooled, so that the memory of the service grows neither with them nor with how many
//! come together; what stands beside them in a form is held, within a limit of its own.

use std::error::Error;

use axum::RequestExt;
use axum::extract::Request;
use axum::http::StatusCode;
use http_body_util::{BodyExt, LengthLimitError};
use utoipa::ToSchema;

use crate::http::App;
use crate::http::extract::refused_body;
use crate::http::form::Part;
use crate::http::problem::Failure;
use crate::problem::Problem;
use crate::service::spool::{Room, Source};

/// Longest part beside a document, in bytes: an order with two hundred places, each with the longest keyword, in JSON
/// that escapes every character.
const MAX_BESIDE: usize = 1 << 20;

/// Longest part that nobody asked for and that is passed over, in bytes: a button or a token that a form has besides.
const MAX_UNKNOWN: usize = 64 << 10;

/// A PDF file, as it is.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "it describes what is spooled")]
pub(super) struct PdfFile(Vec<u8>);

/// A document that is a part of a form, kept in the room of all its documents; each piece is shown to `see` as it
/// comes.
///
/// # Errors
/// Where the form breaks off or is too large, or the document cannot be kept.
pub(super) async fn part(room: &mut Room, mut part: Part<'_>, mut see: impl FnMut(&[u8])) -> Result<Source, Failure> {
    let mut spooling = room.begin();
    while let Some(piece) = part.piece().await? {
        see(&piece);
        spooling.take(&piece).await?;
    }
    Ok(spooling.finish().await?)
}

/// A document that is the whole body, within the limit of its route.
///
/// # Errors
/// Where the body breaks off or is too large, or the document cannot be kept.
pub(super) async fn body(app: &App, request: Request) -> Result<Source, Failure> {
    let mut body = request.with_limited_body().into_body();
    let mut room = app.service.spool().room();
    let mut spooling = room.begin();
    while let Some(frame) = body.frame().await {
        if let Ok(piece) = frame.map_err(|error| unread(&error))?.into_data() {
            spooling.take(&piece).await?;
        }
    }
    Ok(spooling.finish().await?)
}

/// A part of a form that is no document.
///
/// # Errors
/// Where the form breaks off, or the part is too large.
pub(super) async fn beside(mut part: Part<'_>) -> Result<Vec<u8>, Failure> {
    let mut held = Vec::new();
    while let Some(piece) = part.piece().await? {
        held.extend_from_slice(&piece);
        if held.len() > MAX_BESIDE {
            return Err(refused_body(StatusCode::PAYLOAD_TOO_LARGE, String::new()));
        }
    }
    Ok(held)
}

/// A part that nobody asked for: a small one is passed over, of a document that came under a wrong name that name is
/// told.
///
/// # Errors
/// Where it is no small one, or the form breaks off.
pub(super) async fn unknown(mut part: Part<'_>, known: &[&str]) -> Result<(), Failure> {
    let name = part.name().unwrap_or_default().to_owned();
    let mut bytes = 0;
    while let Some(piece) = part.piece().await? {
        bytes += piece.len();
        if bytes > MAX_UNKNOWN {
            let problem = Problem::new("form-part-unknown").param("name", name);
            let problem = problem.param("known", known.join(", "));
            return Err(Failure::new(StatusCode::UNPROCESSABLE_ENTITY, problem));
        }
    }
    Ok(())
}

/// The refusal of a second document where one is verified.
pub(super) fn not_alone() -> Failure {
    let problem = Problem::new("verification-of-one").field("document");
    Failure::new(StatusCode::UNPROCESSABLE_ENTITY, problem)
}

/// The refusal of a part that stands in a form twice, as that of a member which stands in JSON twice: nobody can say
/// which of the two is meant.
pub(super) fn doubled(name: &str) -> Failure {
    Failure::unreadable(format!("duplicate part `{name}`"))
}

/// A body that is no document, on a route that takes documents.
///
/// # Errors
/// Where it breaks off, or is too large.
pub(super) async fn small_body(request: Request) -> Result<Vec<u8>, Failure> {
    let body = axum::body::to_bytes(request.into_body(), MAX_BESIDE).await;
    body.map(Vec::from).map_err(|error| unread(&error))
}

fn unread(error: &(dyn Error + 'static)) -> Failure {
    let mut causes = std::iter::successors(Some(error), |error: &&(dyn Error + 'static)| (**error).source());
    match causes.any(|cause| cause.is::<LengthLimitError>()) {
        true => refused_body(StatusCode::PAYLOAD_TOO_LARGE, String::new()),
        false => refused_body(StatusCode::BAD_REQUEST, error.to_string()),
    }
}
