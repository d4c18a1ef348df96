//! The OpenAPI document and a page to read and try it.

use axum::Router;
use axum::middleware::from_fn;
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::SwaggerUi;

use crate::http::{App, headers};

/// `/api/openapi.json` and `/api/docs`.
pub(in crate::http) fn router(openapi: OpenApi) -> Router<App> {
    let page = SwaggerUi::new("/api/docs").url("/api/openapi.json", openapi);
    Router::from(page).layer(from_fn(headers::docs_policy))
}
