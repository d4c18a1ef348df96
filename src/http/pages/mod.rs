//! Pages for people: the verify page that a printed code opens, the recognition list, and what is shown when something went wrong.
//!
//! Every text comes from the locale files, every element from a template in `templates/pages`.

pub(super) mod assets;
pub(super) mod failure;
mod frame;
mod result;
mod trust;
mod verify;
mod words;

use axum::Router;
use axum::response::Redirect;
use axum::routing::{MethodRouter, get, post};

use crate::http::App;
use crate::http::limits::Uploads;

/// The pages; `uploads` limits what may be sent to them.
pub(super) fn router(uploads: &Uploads) -> Router<App> {
    let result: MethodRouter<App> = post(verify::show_result).layer(uploads.layer());
    let receipt: MethodRouter<App> = post(verify::give_receipt).layer(uploads.layer());
    let verify = get(verify::show_form).merge(result);
    Router::new()
        .route("/", get(|| async { Redirect::permanent("/v") }))
        .route("/v", verify)
        .route("/v/receipt", receipt)
        .route("/trust", get(trust::show))
}
