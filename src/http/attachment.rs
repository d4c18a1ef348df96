//! Documents that are given out to be kept.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// A PDF document under this name.
pub(super) fn pdf(name: &str, document: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.pdf\"")),
    ];
    (headers, document).into_response()
}
