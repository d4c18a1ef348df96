//! The OpenAPI document and a page to read and try it.

use axum::Router;
use axum::middleware::from_fn;
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::SwaggerUi;

use crate::http::{App, headers};

/// `/api/openapi.json` and `/api/docs`.
pub(in crate::http) fn router(mut openapi: OpenApi) -> Router<App> {
    // A parameter that takes the rest of an address is written {*name} in routes, and has no form of its own in
    // OpenAPI.
    let paths = std::mem::take(&mut openapi.paths.paths).into_iter();
    openapi.paths.paths = paths.map(|(path, item)| (path.replace("{*", "{"), item)).collect();
    let page = SwaggerUi::new("/api/docs").url("/api/openapi.json", openapi);
    Router::from(page).layer(from_fn(headers::docs_policy))
}
