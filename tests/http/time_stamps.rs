//! Time stamps over HTTP (RFC 3161 section 3.4), judged by `openssl ts`.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::support::TempFolder;
use crate::support::app::{Answer, app, request};
use crate::support::judges::run;

fn ask(media_type: &str, query: Vec<u8>) -> Answer {
    let asked = Request::post("/tsa").header("content-type", media_type);
    app().ask(asked.body(Body::from(query)).unwrap())
}

#[test]
fn openssl_accepts_a_time_stamp_by_the_published_certificates() {
    let folder = TempFolder::new("tsa");
    let openssl = |arguments: &[&str]| run(folder.path(), "openssl", arguments);
    std::fs::write(folder.path().join("data"), "a document").unwrap();
    std::fs::write(folder.path().join("other"), "another").unwrap();
    for name in ["root-international", "timestamping-ca-international"] {
        let der = app().ask(request("GET", &format!("/ca/{name}.crt"), None, "")).body;
        std::fs::write(folder.path().join("certificate"), der).unwrap();
        let pem = format!("{name}.pem");
        assert!(openssl(&["x509", "-inform", "DER", "-in", "certificate", "-out", &pem]).accepted);
    }
    assert!(openssl(&["ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "query"]).accepted);
    let answer = ask("application/timestamp-query", folder.read("query"));
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (StatusCode::OK, "application/timestamp-reply")
    );
    std::fs::write(folder.path().join("reply"), &answer.body).unwrap();
    let time = app().service.now().timestamp().to_string();
    let verify = |data: &str| {
        openssl(&[
            "ts",
            "-verify",
            "-in",
            "reply",
            "-data",
            data,
            "-CAfile",
            "root-international.pem",
            "-untrusted",
            "timestamping-ca-international.pem",
            "-attime",
            &time,
        ])
    };
    assert!(verify("data").accepted, "{}", verify("data").said);
    assert!(!verify("other").accepted);
    let said = openssl(&["ts", "-reply", "-in", "reply", "-text"]).said;
    assert!(said.contains("Nov  1 02:00:00"), "{said}");
}

#[test]
fn what_is_no_query_is_refused_in_the_words_of_the_protocol_or_of_http() {
    let folder = TempFolder::new("tsa-refused");
    let rejected = ask("application/timestamp-query", b"no query".to_vec());
    assert_eq!(rejected.status, StatusCode::OK);
    std::fs::write(folder.path().join("reply"), &rejected.body).unwrap();
    let said = run(folder.path(), "openssl", &["ts", "-reply", "-in", "reply", "-text"]).said;
    assert!(said.contains("Rejected"), "{said}");
    let other = ask("text/plain", Vec::new());
    assert_eq!(
        (other.status, other.code()),
        (StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type-unsupported".to_owned())
    );
    let large = ask("application/timestamp-query", vec![0; 1 << 20]);
    assert_eq!(
        (large.status, large.code()),
        (StatusCode::PAYLOAD_TOO_LARGE, "too-large".to_owned())
    );
}
