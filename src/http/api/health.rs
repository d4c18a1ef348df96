//! How the instance is, for whoever runs it: alive, ready, and its figures.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

use crate::http::App;
use crate::http::problem::Failure;
use crate::problem::Problem;

/// The process runs.
pub(super) async fn get_health() -> &'static str {
    "ok"
}

/// The database answers, and the recognition list is one to rely on.
pub(super) async fn get_readiness(State(app): State<App>) -> Result<&'static str, Failure> {
    app.service.check().await?;
    match app.service.trust_faults() {
        faults if faults.is_empty() => Ok("ready"),
        faults => Err(Failure {
            status: StatusCode::SERVICE_UNAVAILABLE,
            problems: faults,
            retry_after: None,
        }),
    }
}

/// Figures in the Prometheus text form.
pub(super) async fn get_metrics(State(app): State<App>) -> Result<impl IntoResponse, Failure> {
    let metrics = app.metrics.as_ref().map(|handle| handle.render());
    let metrics = metrics.ok_or_else(|| Failure::new(StatusCode::NOT_FOUND, Problem::new("route-unknown")))?;
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4")], metrics))
}
