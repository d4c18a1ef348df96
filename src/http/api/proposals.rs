//! Acts that need two people: propose, see, approve, reject, take back. The officer's statement is in the
//! `Authorization` field; it names the proposal, its exact hash and the decision.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::App;
use crate::http::extract::{Asked, Whole, value};
use crate::http::idempotency::{self, Beginning, begin, finish};
use crate::http::officer::Stated;
use crate::http::problem::{Failure, ProblemDetails};
use crate::id::ProposalId;
use crate::service::error::ServiceError;
use crate::service::idempotency::RequestEnd;
use crate::service::proposals::{Content, Decided, Decision, ProposalRecord, SignedStatement, Standing, Verdict};
use crate::store::IdempotentAnswer;

/// Proposals of one page where the caller does not say.
const DEFAULT_PAGE: u32 = 50;

/// How a proposal stands now.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DecidedAnswer {
    /// Its identifier.
    #[schema(value_type = String)]
    id: ProposalId,
    /// SHA-256 of its content in lower-case hexadecimal.
    hash: String,
    /// `open`, `carried-out`, `rejected` or `withdrawn`.
    #[schema(example = "open")]
    state: &'static str,
}

/// Proposals of one state, and which page.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// `open`, `expired`, `carried-out`, `rejected`, `withdrawn` or `failed`; all where it is left out.
    state: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// Proposals of the page: 50 where it is left out, at most 200.
    limit: Option<u32>,
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ListAnswer {
    /// The instance that statements name.
    instance: String,
    /// The proposals, newest first.
    #[schema(value_type = Vec<Object>)]
    proposals: Vec<ProposalRecord>,
    /// Where the next page begins; null on the last.
    next: Option<String>,
}

/// Proposes an act that needs two people.
///
/// The body is the proposal as canonical JSON (RFC 8785); the statement signs its hash. `officers` says how many it
/// waits for, the proposer among them, and is never fewer than the act takes. An act that takes one officer is done at
/// once: suspending, and the daily work on certificates of persons, enterprises and hosts.
#[utoipa::path(
    post,
    path = "/api/v1/proposals",
    tag = "proposals",
    security(("officer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "At most 128 visible ASCII characters; kept for 24 hours")),
    request_body(content = Object, content_type = "application/json", description = "Written by `yinxin proposal sign propose`"),
    responses(
        (status = 201, description = "Entered, or done where one officer is enough", body = DecidedAnswer),
        (status = 401, description = "No statement of an officer, or not a good one", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "A token of a department, or a removed officer", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "It is there already, or expired", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "The proposal or the statement breaks a rule", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn create_proposal(
    State(app): State<App>,
    Stated(signed): Stated,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Response, Failure> {
    let text = std::str::from_utf8(&body).map_err(Failure::unreadable)?;
    let content = Content::parse(text).map_err(ServiceError::explained)?;
    let (actor, _) = app.service.officer_stating(&signed).await?;
    let done = Decided::by_proposing(&content);
    let attempt = match begin(&app, &actor, &headers, "POST /api/v1/proposals", || &body).await? {
        Beginning::Replay(answer) => return Ok(answer),
        Beginning::Fresh(attempt) => attempt,
    };
    // The answer is known beforehand: it is the state that the act leads to.
    let end = attempt.clone().map(|attempt| RequestEnd {
        attempt,
        answer: answer(StatusCode::CREATED, &done),
    });
    let work = async {
        let decided = app.service.propose(text, &signed, end);
        Ok(answer(StatusCode::CREATED, &decided.await?))
    };
    finish(&app, attempt, work).await
}

/// Lists the proposals with all that was stated about them, newest first, a page at a time.
#[utoipa::path(
    get,
    path = "/api/v1/proposals",
    tag = "proposals",
    security(("officer" = [])),
    params(ListQuery),
    responses(
        (status = 200, description = "The proposals", body = ListAnswer),
        (status = 401, description = "No statement of an officer", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "A token of a department", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "No such state or place in the list", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list_proposals(
    State(app): State<App>,
    Stated(signed): Stated,
    Asked(query): Asked<ListQuery>,
) -> Result<Json<ListAnswer>, Failure> {
    let actor = app.service.officer_reading(&signed).await?;
    let standing = match &query.state {
        Some(state) => Some(value("state", state, Standing::from_name)?),
        None => None,
    };
    let after = match &query.after {
        Some(after) => Some(value("after", after, |text| text.parse().ok())?),
        None => None,
    };
    let limit = query.limit.unwrap_or(DEFAULT_PAGE);
    let page = app.service.proposals(&actor, standing, after.as_ref(), limit).await?;
    Ok(Json(ListAnswer {
        instance: app.service.instance().await?,
        proposals: page.proposals,
        next: page.next.map(|next| next.to_string()),
    }))
}

/// A proposal with all that was stated about it; enough to check it without us.
#[utoipa::path(
    get,
    path = "/api/v1/proposals/{id}",
    tag = "proposals",
    security(("officer" = [])),
    params(("id" = String, Path, description = "Identifier of the proposal")),
    responses(
        (status = 200, description = "The proposal", body = Object),
        (status = 401, description = "No statement of an officer", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "For officers alone", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "Not known", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_proposal(
    State(app): State<App>,
    Stated(signed): Stated,
    Path(id): Path<String>,
) -> Result<Json<ProposalRecord>, Failure> {
    let actor = app.service.officer_reading(&signed).await?;
    Ok(Json(app.service.proposal(&actor, proposal_id(&id)?).await?))
}

/// Approves a proposal of another officer; its act is done with it, or the approval is refused.
#[utoipa::path(
    post,
    path = "/api/v1/proposals/{id}/approvals",
    tag = "proposals",
    security(("officer" = [])),
    params(
        ("id" = String, Path, description = "Identifier of the proposal"),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 128 visible ASCII characters; kept for 24 hours"),
    ),
    responses(
        (status = 200, description = "Done", body = DecidedAnswer),
        (status = 401, description = "No statement of an officer, or not a good one", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "An own proposal, a removed officer, a token of a department", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "Not known", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "No longer open, or the act is refused", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "A statement over something else, or the act is refused", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn approve_proposal(
    State(app): State<App>,
    Stated(signed): Stated,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    decide(&app, &headers, &id, Verdict::Approve, &signed).await
}

/// Rejects a proposal of another officer; the statement gives the reason.
#[utoipa::path(
    post,
    path = "/api/v1/proposals/{id}/rejections",
    tag = "proposals",
    security(("officer" = [])),
    params(
        ("id" = String, Path, description = "Identifier of the proposal"),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 128 visible ASCII characters; kept for 24 hours"),
    ),
    responses(
        (status = 200, description = "Rejected", body = DecidedAnswer),
        (status = 401, description = "No statement of an officer, or not a good one", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "An own proposal, a removed officer, a token of a department", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "No longer open", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn reject_proposal(
    State(app): State<App>,
    Stated(signed): Stated,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    decide(&app, &headers, &id, Verdict::Reject, &signed).await
}

/// Takes back an own proposal.
#[utoipa::path(
    post,
    path = "/api/v1/proposals/{id}/withdrawal",
    tag = "proposals",
    security(("officer" = [])),
    params(
        ("id" = String, Path, description = "Identifier of the proposal"),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 128 visible ASCII characters; kept for 24 hours"),
    ),
    responses(
        (status = 200, description = "Taken back", body = DecidedAnswer),
        (status = 401, description = "No statement of an officer, or not a good one", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Another's proposal, a token of a department", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "No longer open", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(super) async fn withdraw_proposal(
    State(app): State<App>,
    Stated(signed): Stated,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    decide(&app, &headers, &id, Verdict::Withdraw, &signed).await
}

async fn decide(
    app: &App,
    headers: &HeaderMap,
    id: &str,
    verdict: Verdict,
    signed: &SignedStatement,
) -> Result<Response, Failure> {
    let id = proposal_id(id)?;
    let (actor, statement) = app.service.officer_stating(signed).await?;
    // The time of the statement is left out, so that a request that is signed again is the same request.
    let body = serde_json::to_vec(&statement.decision).unwrap_or_default();
    // What is stated about nothing is refused; no answer is kept for it.
    let hash = match statement.decision {
        Decision::About(_, target) => target.hash,
        Decision::Read => String::new(),
    };
    let done = Decided {
        id,
        hash,
        state: verdict.state().as_str(),
    };
    let route = format!("POST /api/v1/proposals/{id}/{}", verdict.step());
    let attempt = match begin(app, &actor, headers, &route, || body).await? {
        Beginning::Replay(answer) => return Ok(answer),
        Beginning::Fresh(attempt) => attempt,
    };
    let end = attempt.clone().map(|attempt| RequestEnd {
        attempt,
        answer: answer(StatusCode::OK, &done),
    });
    let work = async {
        let decided = app.service.decide_proposal(id, verdict, signed, end);
        Ok(answer(StatusCode::OK, &decided.await?))
    };
    finish(app, attempt, work).await
}

fn answer(status: StatusCode, decided: &Decided) -> IdempotentAnswer {
    let Decided { id, ref hash, state } = *decided;
    let answer = DecidedAnswer {
        id,
        hash: hash.clone(),
        state,
    };
    idempotency::answer(status, &answer)
}

fn proposal_id(text: &str) -> Result<ProposalId, Failure> {
    value("id", text, |text| text.parse().ok())
}
