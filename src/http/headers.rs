//! Header fields that protect whoever reads an answer: nothing is sniffed, framed, referred to or kept, and a page runs
//! nothing that is not ours.

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

/// What a page of ours may load and do (Content Security Policy Level 3): its own style and script, nothing inline.
pub(super) const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
     form-action 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The page of the API's documentation sets styles as it runs.
pub(super) const DOCS_POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Fields of every answer.
const ALWAYS: [(HeaderName, &str); 4] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (X_FRAME_OPTIONS, "DENY"),
    (VARY, "Accept, Accept-Language"),
];

fn set_if_missing(response: &mut Response, name: HeaderName, value: &'static str) {
    let headers = response.headers_mut();
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}

/// Adds what every answer has.
pub(super) async fn every_answer(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in ALWAYS {
        set_if_missing(&mut response, name, value);
    }
    // An error page is made outside of the routes that set their own.
    set_if_missing(&mut response, CONTENT_SECURITY_POLICY, PAGE_POLICY);
    if !response.status().is_success() {
        set_if_missing(&mut response, CACHE_CONTROL, "no-store");
    }
    response
}

/// Adds the policy of our pages.
pub(super) async fn page_policy(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    set_if_missing(&mut response, CONTENT_SECURITY_POLICY, PAGE_POLICY);
    response
}

/// Adds the policy of the API's documentation.
pub(super) async fn docs_policy(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    set_if_missing(&mut response, CONTENT_SECURITY_POLICY, DOCS_POLICY);
    response
}

/// An answer about a licence holds for its moment only: no cache keeps it, unless the handler says so.
pub(super) async fn never_stored(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    set_if_missing(&mut response, CACHE_CONTROL, "no-store");
    response
}
