//! The HTTP interface: `api` (JSON, OpenAPI), `pages` (HTML), and what both share: who asks, how much, in which
//! language, and what an error looks like (RFC 9457).
//!
//! Handlers turn a request into a call of a use case and its result into an answer; no rule of the city stands here. A
//! refusal travels as a [`problem::Failure`] and is put into words once, at the outermost layer.

mod api;
mod attachment;
mod bearer;
mod connections;
mod extract;
mod form;
mod headers;
mod idempotency;
mod intake;
mod language;
mod limits;
mod officer;
mod pace;
mod pages;
mod panics;
mod problem;
mod serve;
mod settings;
mod tls;
mod uploads;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use metrics_exporter_prometheus::PrometheusHandle;

pub use serve::{Listening, serve};
pub use settings::{LimitsConfig, TlsConfig};

use crate::http::limits::Limiter;
use crate::http::problem::Failure;
use crate::http::uploads::Uploads;
use crate::problem::Problem;
use crate::service::Service;

/// What handlers share.
#[derive(Clone)]
struct App {
    service: Arc<Service>,
    limiter: Arc<Limiter>,
    metrics: Option<PrometheusHandle>,
}

/// Everything that the service answers. `metrics` renders `/metrics`; without it there is no such page.
pub fn router(service: Arc<Service>, limits: &LimitsConfig, metrics: Option<PrometheusHandle>) -> Router {
    let app = App {
        service,
        limiter: Arc::new(Limiter::new(limits)),
        metrics,
    };
    let uploads = Uploads::new(limits);
    let (api, openapi) = api::router(&uploads).split_for_parts();
    let asked = Router::new()
        .merge(api)
        .merge(pages::router(&uploads))
        .layer(from_fn_with_state(app.clone(), bearer::identify))
        .layer(from_fn(headers::never_stored));
    Router::new()
        .merge(asked)
        .merge(api::open_router())
        .merge(pages::assets::router())
        .layer(from_fn(headers::page_policy))
        .merge(api::docs::router(openapi))
        .fallback(no_such_route)
        .method_not_allowed_fallback(no_such_method)
        .layer(panics::caught())
        .layer(from_fn_with_state(app.clone(), limits::in_time))
        .layer(from_fn_with_state(app.clone(), problem::in_words))
        .layer(from_fn(headers::every_answer))
        .layer(from_fn(limits::counted))
        .with_state(app)
}

async fn no_such_route() -> Failure {
    Failure::new(StatusCode::NOT_FOUND, Problem::new("route-unknown"))
}

async fn no_such_method() -> Failure {
    Failure::new(StatusCode::METHOD_NOT_ALLOWED, Problem::new("method-not-allowed"))
}
