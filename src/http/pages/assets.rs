//! Style, script and icon of the pages, embedded in the program.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;

use crate::http::App;

/// Kept by browsers for an hour: after an update nobody waits longer for the new form.
const CACHE: &str = "public, max-age=3600";

const STYLE: &str = include_str!("../../../templates/pages/assets/verify.css");
const SCRIPT: &str = include_str!("../../../templates/pages/assets/verify.js");
const ICON: &str = include_str!("../../../templates/pages/assets/icon.svg");

/// Everything under `/assets/`.
pub(in crate::http) fn router() -> Router<App> {
    let asset = |content_type: &'static str, text: &'static str| {
        get(move || async move { ([(CONTENT_TYPE, content_type), (CACHE_CONTROL, CACHE)], text).into_response() })
    };
    Router::new()
        .route("/assets/verify.css", asset("text/css; charset=utf-8", STYLE))
        .route("/assets/icon.svg", asset("image/svg+xml", ICON))
        .route("/assets/verify.js", asset("text/javascript; charset=utf-8", SCRIPT))
}
