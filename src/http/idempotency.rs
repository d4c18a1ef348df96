//! Requests that may be sent again: with an `Idempotency-Key` the same request is answered as the first time, and a
//! refused one may be tried anew.

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::http::App;
use crate::http::problem::Failure;
use crate::service::actor::Actor;
use crate::service::error::ServiceResult;
use crate::service::idempotency::Begun;
use crate::store::{Attempt, IdempotentAnswer};

/// Name of the header field with the caller's key.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// How a request begins.
pub(super) enum Beginning {
    /// It is to be done; with the hold on its key, where it has one.
    Fresh(Option<Attempt>),
    /// It was done: the answer of the first time.
    Replay(Response),
}

/// Takes hold of the key, where there is one; only then `body` is made, for which the key is good alone.
pub(super) async fn begin<B: AsRef<[u8]>>(
    app: &App,
    actor: &Actor,
    headers: &HeaderMap,
    route: &str,
    body: impl FnOnce() -> B,
) -> Result<Beginning, Failure> {
    let Some(key) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(Beginning::Fresh(None));
    };
    let key = key.to_str().unwrap_or_default();
    Ok(
        match app.service.begin_request(actor, route, key, body().as_ref()).await? {
            Begun::Replay(answer) => Beginning::Replay(answered(answer)),
            Begun::Fresh(attempt) => Beginning::Fresh(Some(attempt)),
        },
    )
}

/// Does the work, for which the key is held, and answers; a refusal gives the key back.
pub(super) async fn finish(
    app: &App,
    attempt: Option<Attempt>,
    work: impl Future<Output = ServiceResult<IdempotentAnswer>>,
) -> Result<Response, Failure> {
    match app.service.hold_request(attempt.as_ref(), work).await {
        Ok(answer) => Ok(answered(answer)),
        Err(error) => {
            if let Some(attempt) = attempt {
                app.service.release_request(attempt).await?;
            }
            Err(error.into())
        }
    }
}

/// An answer as it is kept and given.
pub(super) fn answer(status: StatusCode, body: &impl Serialize) -> IdempotentAnswer {
    IdempotentAnswer {
        status: status.as_u16(),
        body: serde_json::to_vec(body).unwrap_or_default(),
    }
}

fn answered(answer: IdempotentAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    (status, [(CONTENT_TYPE, "application/json")], answer.body).into_response()
}
