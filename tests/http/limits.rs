//! How much a stranger may ask, and how large.

use std::sync::Arc;

use axum::http::{Request, StatusCode};
use yinxin::http::{LimitsConfig, router};

use crate::support::app::{app, request};

#[test]
fn a_stranger_is_told_to_wait_and_a_department_is_not() {
    let limits = LimitsConfig {
        anonymous_per_minute: 2,
        ..LimitsConfig::default()
    };
    let limited = router(Arc::clone(&app().service), &limits, None);
    let ask = |token| app().ask_router(&limited, request("GET", "/api/v1/licence-types", token, ""));
    assert!(ask(None).status.is_success() && ask(None).status.is_success());
    let refused = ask(None);
    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::TOO_MANY_REQUESTS, "too-many-requests".to_owned())
    );
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    // Guessing tokens is no way around it.
    assert_eq!(ask(Some("yx_guess")).status, StatusCode::TOO_MANY_REQUESTS);
    assert!(ask(Some(&app().reader)).status.is_success());
    let health = app().ask_router(&limited, request("GET", "/healthz", None, ""));
    assert!(health.status.is_success());
}

#[test]
fn an_upload_above_the_limit_is_refused_as_such() {
    let limits = LimitsConfig {
        upload_bytes: 1_000,
        ..LimitsConfig::default()
    };
    let limited = router(Arc::clone(&app().service), &limits, None);
    let send = |bytes: usize| {
        let upload = Request::post("/api/v1/verifications").header("content-type", "application/pdf");
        app().ask_router(&limited, upload.body(vec![0; bytes].into()).unwrap())
    };
    assert_eq!(send(1_000).status, StatusCode::OK);
    let refused = send(1_001);
    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::PAYLOAD_TOO_LARGE, "body-too-large".to_owned())
    );
}

#[test]
fn a_request_that_no_route_would_read_whole_is_refused_as_too_large() {
    let body = " ".repeat(3 << 20);
    for path in ["/api/v1/licences", "/api/v1/licences/1.2.156.3005.2.1/revocation"] {
        let refused = app().ask(request("POST", path, Some(&app().token), &body));
        assert_eq!(
            (refused.status, refused.code()),
            (StatusCode::PAYLOAD_TOO_LARGE, "body-too-large".to_owned()),
            "{path}"
        );
    }
}
