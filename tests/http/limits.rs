//! How much a stranger may ask, and how large.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::Sleep;
use yinxin::http::{LimitsConfig, Listening, router, serve};

use crate::support::app::{app, form, request};

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
fn what_stands_beside_a_document_is_small_however_large_that_may_be() {
    let long = " ".repeat((1 << 20) + 1);
    let mut order = form("/api/v1/sealings", &[("order", &long)], Some(b"%PDF-1.7"));
    let bearer = format!("Bearer {}", app().token);
    order.headers_mut().insert("authorization", bearer.parse().unwrap());
    let question = request("POST", "/api/v1/verifications", None, &long);
    for asked in [order, question] {
        let refused = app().ask(asked);
        assert_eq!(
            (refused.status, refused.code()),
            (StatusCode::PAYLOAD_TOO_LARGE, "body-too-large".to_owned())
        );
    }
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

#[test]
fn a_caller_who_dawdles_loses_the_connection_that_others_wait_for() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let limits = LimitsConfig {
        connections: 1,
        head_seconds: 1,
        ..LimitsConfig::default()
    };
    let runtime = Runtime::new().unwrap();
    let service = router(Arc::clone(&app().service), &limits, None);
    let served = runtime.spawn(async move {
        let listening = Listening {
            address,
            tls: None,
            public_host: "licences.example",
            limits: &limits,
        };
        serve(service, &listening, std::future::pending()).await
    });
    // What comes back on a connection until the other side closes it.
    let rest = |mut connection: TcpStream| {
        let mut answer = String::new();
        let _ = connection.read_to_string(&mut answer);
        answer
    };
    let asked = |head: &str| loop {
        assert!(!served.is_finished(), "not listening");
        if let Ok(mut connection) = TcpStream::connect(address) {
            let _ = connection.write_all(head.as_bytes());
            return connection;
        }
    };
    let whole = "GET /healthz HTTP/1.1\r\nHost: licences.example\r\nConnection: close\r\n\r\n";

    // Of two that come at one time either may be first: again, until it is the one that dawdles.
    let dawdling = loop {
        let dawdling = asked("GET /healthz HTTP/1.1\r\n");
        if rest(asked(whole)).is_empty() {
            break dawdling;
        }
    };
    assert!(!rest(dawdling).contains(" 200 "), "its head never ended");
    while rest(asked(whole)).is_empty() {
        // The last one is just being closed.
    }
    runtime.shutdown_background();
}

/// A body that is announced and never comes.
struct Endless {
    /// How many are being read, this one among them once it was begun.
    being_read: &'static AtomicUsize,
    /// How many were begun.
    read: &'static AtomicUsize,
    begun: bool,
}

impl Drop for Endless {
    fn drop(&mut self) {
        if self.begun {
            self.being_read.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

impl http_body::Body for Endless {
    type Data = axum::body::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
        if !self.begun {
            self.being_read.fetch_add(1, Ordering::SeqCst);
            self.read.fetch_add(1, Ordering::SeqCst);
            self.begun = true;
        }
        Poll::Pending
    }
}

/// A body of whatever is sent meanwhile.
struct Steady {
    more: UnboundedReceiver<Vec<u8>>,
    sent: &'static AtomicUsize,
}

impl http_body::Body for Steady {
    type Data = axum::body::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
        let piece = ready!(self.more.poll_recv(cx));
        self.sent.fetch_add(1, Ordering::SeqCst);
        Poll::Ready(piece.map(|piece| Ok(http_body::Frame::data(piece.into()))))
    }
}

/// A body of so many pieces, each of so many bytes and so long after the one before.
struct Dripping {
    pieces: usize,
    bytes: usize,
    every: Duration,
    next: Option<Pin<Box<Sleep>>>,
}

impl http_body::Body for Dripping {
    type Data = axum::body::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
        if self.pieces == 0 {
            return Poll::Ready(None);
        }
        let every = self.every;
        let next = self.next.get_or_insert_with(|| Box::pin(tokio::time::sleep(every)));
        ready!(next.as_mut().poll(cx));
        self.next = None;
        self.pieces -= 1;
        Poll::Ready(Some(Ok(http_body::Frame::data(vec![0; self.bytes].into()))))
    }
}

#[test]
fn a_slow_upload_gets_through_and_one_of_next_to_nothing_does_not() {
    let limits = LimitsConfig {
        request_seconds: 2,
        upload_bytes_per_second: 100,
        ..LimitsConfig::default()
    };
    let limited = router(Arc::clone(&app().service), &limits, None);
    let send = |pieces, bytes| {
        let body = Body::new(Dripping {
            pieces,
            bytes,
            every: Duration::from_millis(600),
            next: None,
        });
        let upload = Request::post("/api/v1/verifications").header("content-type", "application/pdf");
        app().ask_router(&limited, upload.body(body).unwrap())
    };
    std::thread::scope(|scope| {
        let enough = scope.spawn(|| send(6, 300));
        let too_little = send(30, 10);
        assert_eq!(
            (too_little.status, too_little.code()),
            (StatusCode::REQUEST_TIMEOUT, "request-too-slow".to_owned())
        );
        assert_eq!(enough.join().unwrap().status, StatusCode::OK);
    });
}

#[test]
fn an_upload_waits_while_as_many_as_may_be_are_under_way() {
    static BEING_READ: AtomicUsize = AtomicUsize::new(0);
    static READ: AtomicUsize = AtomicUsize::new(0);
    let limits = LimitsConfig {
        uploads_at_once: 1,
        request_seconds: 1,
        ..LimitsConfig::default()
    };
    let limited = router(Arc::clone(&app().service), &limits, None);
    let endless = || Endless {
        being_read: &BEING_READ,
        read: &READ,
        begun: false,
    };
    let send = |body| {
        let upload = Request::post("/api/v1/verifications").header("content-type", "application/pdf");
        app().ask_router(&limited, upload.body(body).unwrap())
    };
    std::thread::scope(|scope| {
        let uploads = [(); 2].map(|()| scope.spawn(|| send(Body::new(endless()))));
        while !uploads.iter().any(|upload| upload.is_finished()) {
            assert!(BEING_READ.load(Ordering::SeqCst) <= 1, "both at one time");
            // What is no upload does not wait.
            let list = app().ask_router(
                &limited,
                request("GET", "/api/v1/licence-types", Some(&app().reader), ""),
            );
            assert_eq!(list.status, StatusCode::OK);
        }
        for upload in uploads {
            assert_eq!(upload.join().unwrap().status, StatusCode::REQUEST_TIMEOUT);
        }
    });
    assert_eq!(
        READ.load(Ordering::SeqCst),
        2,
        "the time of the second began with its turn"
    );
    // Whoever gave up holds no turn.
    assert_eq!(send(Body::from("no document")).status, StatusCode::OK);
}

#[test]
fn whoever_waits_too_long_for_a_turn_is_told_when_to_come_back() {
    static SENT: AtomicUsize = AtomicUsize::new(0);
    let limits = LimitsConfig {
        uploads_at_once: 1,
        request_seconds: 1,
        upload_bytes_per_second: 1,
        ..LimitsConfig::default()
    };
    let limited = router(Arc::clone(&app().service), &limits, None);
    let send = |body| {
        let upload = Request::post("/api/v1/verifications").header("content-type", "application/pdf");
        app().ask_router(&limited, upload.body(body).unwrap())
    };
    std::thread::scope(|scope| {
        let (pieces, more) = unbounded_channel();
        let steady = scope.spawn(|| send(Body::new(Steady { more, sent: &SENT })));
        // The turn is another's for as long as it takes.
        let late = scope.spawn(|| {
            while SENT.load(Ordering::SeqCst) == 0 {
                std::thread::yield_now();
            }
            send(Body::from("no document"))
        });
        while !late.is_finished() {
            pieces.send(vec![0; 10]).unwrap();
            std::thread::sleep(Duration::from_millis(20));
        }
        drop(pieces);
        let late = late.join().unwrap();
        assert_eq!(
            (late.status, late.code()),
            (StatusCode::SERVICE_UNAVAILABLE, "turn-too-late".to_owned())
        );
        assert_eq!(late.header("retry-after"), "2");
        assert_eq!(steady.join().unwrap().status, StatusCode::OK);
    });
}

#[test]
fn a_stranger_who_sends_slowly_keeps_no_other_waiting() {
    static BEING_READ: AtomicUsize = AtomicUsize::new(0);
    static READ: AtomicUsize = AtomicUsize::new(0);
    let limits = LimitsConfig {
        uploads_at_once: 2,
        uploads_of_one: 1,
        request_seconds: 2,
        trusted_proxies: vec![IpAddr::V4(Ipv4Addr::UNSPECIFIED)],
        ..LimitsConfig::default()
    };
    let limited = router(Arc::clone(&app().service), &limits, None);
    let send = |of: &str, body| {
        let upload = Request::post("/api/v1/verifications").header("content-type", "application/pdf");
        let upload = upload.header("x-forwarded-for", of);
        app().ask_router(&limited, upload.body(body).unwrap())
    };
    std::thread::scope(|scope| {
        let slow = [(); 2].map(|()| {
            scope.spawn(|| {
                let endless = Endless {
                    being_read: &BEING_READ,
                    read: &READ,
                    begun: false,
                };
                send("192.0.2.1", Body::new(endless))
            })
        });
        while BEING_READ.load(Ordering::SeqCst) == 0 {
            std::thread::yield_now();
        }
        assert_eq!(send("192.0.2.2", Body::from("no document")).status, StatusCode::OK);
        assert_eq!(BEING_READ.load(Ordering::SeqCst), 1, "the other waits behind the first");
        for upload in slow {
            assert_eq!(upload.join().unwrap().status, StatusCode::REQUEST_TIMEOUT);
        }
    });
}
