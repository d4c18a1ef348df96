//! Pages for people: the verify page that a printed code opens, and what is shown when something went wrong.
//!
//! Every text comes from the locale files, every element from a template in `templates/pages`.

pub(super) mod assets;
pub(super) mod failure;
mod frame;
mod result;
mod verify;
mod words;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Redirect;
use axum::routing::get;

use crate::http::App;

/// The pages; `uploads` limits what may be sent to them.
pub(super) fn router(uploads: DefaultBodyLimit) -> Router<App> {
    let verify = get(verify::show_form).post(verify::show_result);
    Router::new()
        .route("/", get(|| async { Redirect::permanent("/v") }))
        .route("/v", verify.layer(uploads))
}
