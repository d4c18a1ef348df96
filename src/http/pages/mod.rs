//! Pages for people: the verify page that a printed code opens, the recognition list, and what is shown when something
//! went wrong.
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
use axum::middleware::from_fn_with_state;
use axum::response::Redirect;
use axum::routing::{MethodRouter, get, post};

use crate::http::App;
use crate::http::uploads::{Uploads, in_turn};

/// The pages; `uploads` limits what may be sent to them.
pub(super) fn router(uploads: &Uploads) -> Router<App> {
    let limited = (from_fn_with_state(uploads.clone(), in_turn), uploads.size());
    let result: MethodRouter<App> = post(verify::show_result).layer(limited.clone());
    let receipt: MethodRouter<App> = post(verify::give_receipt).layer(limited);
    let verify = get(verify::show_form).merge(result);
    Router::new()
        .route("/", get(|| async { Redirect::permanent("/v") }))
        .route("/v", verify)
        .route("/v/receipt", receipt)
        .route("/trust", get(trust::show))
}
