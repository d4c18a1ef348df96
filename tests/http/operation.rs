//! For whoever runs the service: its figures, that no request holds it up for ever, and that it stops when it is told
//! to.

use std::convert::Infallible;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::pin::Pin;
use std::process::Stdio;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Request, StatusCode};
use http_body::Frame;
use rustix::process::{Pid, Signal, kill_process};
use yinxin::http::{LimitsConfig, router};

use crate::support::app::{app, request};
use crate::support::program::{Program, heard};
use crate::support::project;

#[test]
fn figures_count_requests_by_route_and_never_by_address() {
    let Some(handle) = yinxin::telemetry::start_metrics() else {
        panic!("another test collects metrics in this process");
    };
    let counted = router(Arc::clone(&app().service), &LimitsConfig::default(), Some(handle));
    let path = "/api/v1/licences/1.2.156.3005.2.1";
    for _ in 0..3 {
        app().ask_router(&counted, request("GET", path, None, ""));
    }
    let figures = app().ask_router(&counted, request("GET", "/metrics", None, ""));
    assert_eq!(figures.status, StatusCode::OK);
    let text = figures.text();
    let line = r#"http_requests_total{route="/api/v1/licences/{identifier}",status="401"} 3"#;
    assert!(text.contains(line), "{text}");
    assert!(
        text.contains("http_request_seconds") && !text.contains("1.2.156"),
        "{text}"
    );
    let without = app().ask(request("GET", "/metrics", None, ""));
    assert_eq!(
        (without.status, without.code()),
        (StatusCode::NOT_FOUND, "route-unknown".to_owned())
    );
}

/// A body that never comes.
struct Never;

impl HttpBody for Never {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}

#[test]
fn a_request_that_never_ends_is_ended() {
    let limits = LimitsConfig {
        request_seconds: 1,
        ..LimitsConfig::default()
    };
    let limited = router(Arc::clone(&app().service), &limits, None);
    let upload = Request::post("/api/v1/verifications").header("content-type", "application/pdf");
    let answer = app().ask_router(&limited, upload.body(Body::new(Never)).unwrap());
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::REQUEST_TIMEOUT, "request-too-slow".to_owned())
    );
}

#[test]
fn a_service_that_is_told_to_stop_while_it_has_work_of_its_own_ends_without_an_error() {
    let all = fs::read_to_string(project::root().join("fixtures/licences/all.jsonl")).unwrap();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let program = Program::at(&address.to_string(), "stopped", all.lines().next().unwrap());
    let config = program.file("config.toml", format!("listen = \"{address}\"\n"));
    let mut command = program.command(&["serve", "--config", &config]);
    let serving = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    // As soon as it answers it begins to renew the answers about certificates.
    while TcpStream::connect(address).is_err() {
        std::thread::yield_now();
    }
    kill_process(Pid::from_child(&serving), Signal::TERM).unwrap();
    let run = heard(serving.wait_with_output().unwrap());
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.error.contains("stopping") && !run.error.contains("ERROR"),
        "{}",
        run.error
    );
}
