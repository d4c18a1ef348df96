//! A panic in a handler is a failure inside, not a broken connection: the caller is told, the service goes on.

use std::any::Any;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;

use crate::http::problem::Failure;
use crate::problem::Problem;

/// The answer to a request whose handler panicked.
type Answer = fn(Box<dyn Any + Send>) -> Response;

/// Turns panics into failures.
pub(super) fn caught() -> CatchPanicLayer<Answer> {
    CatchPanicLayer::custom(failure as Answer)
}

/// What a panic says may quote anything: it is not repeated here. The process writes it with its place when it happens.
fn failure(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    Failure::new(StatusCode::INTERNAL_SERVER_ERROR, Problem::new("internal")).into_response()
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::extract::Request;
    use axum::http::header::CONTENT_TYPE;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;
    use crate::http::problem;

    async fn broken() -> &'static str {
        panic!("a secret")
    }

    #[tokio::test]
    async fn a_handler_that_panics_is_answered_for_as_a_problem() {
        let router: Router = Router::new()
            .route("/broken", get(broken))
            .layer(caught())
            .layer(from_fn(problem::in_words));
        let request = Request::get("/broken").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        assert!(
            body.contains("urn:yinxin:problem:internal") && !body.contains("secret"),
            "{body}"
        );
    }
}
