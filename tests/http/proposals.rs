//! Two people over HTTP: the officer's statement is credential and decision in one.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use tower::ServiceExt as _;
use yinxin::http::{LimitsConfig, router};
use yinxin::service::proposals::{Decision, ProposalRecord, SignedStatement, Verdict};

use crate::proposals::house::{House, Person, found, target};

/// The service of a house, asked without a network.
pub(super) struct Asked {
    pub(super) house: House,
    router: Router,
}

impl Asked {
    pub(super) async fn with_two() -> (Self, Person, Person) {
        let (house, first, second) = House::with_two().await;
        let router = router(house.service.clone(), &LimitsConfig::default(), None);
        (Self { house, router }, first, second)
    }

    pub(super) async fn ask(
        &self,
        (method, path): (&str, &str),
        signed: &SignedStatement,
        key: Option<&str>,
        body: String,
    ) -> (StatusCode, serde_json::Value) {
        let credentials = format!("Officer {}", signed.to_credentials());
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", credentials);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let answer = self
            .router
            .clone()
            .oneshot(request.body(Body::from(body)).unwrap())
            .await
            .unwrap();
        let status = answer.status();
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    pub(super) async fn reading(&self, person: &Person) -> SignedStatement {
        let instance = self.house.service.instance().await.unwrap();
        SignedStatement::sign(&instance, Decision::Read, self.house.now(), &person.key).unwrap()
    }
}

#[tokio::test]
async fn one_officer_proposes_over_http_and_another_approves() {
    let (asked, first, second) = Asked::with_two().await;
    let content = asked.house.content(found("root-2"), &first).await;
    let signed = asked.house.sign_proposal(&content, &first);
    let post = ("POST", "/api/v1/proposals");
    let (status, proposed) = asked.ask(post, &signed, Some("a"), content.canonical()).await;
    assert_eq!(
        (status, &proposed["state"]),
        (StatusCode::CREATED, &"open".into()),
        "{proposed}"
    );
    let again = asked.ask(post, &signed, Some("a"), content.canonical()).await;
    assert_eq!(again, (StatusCode::CREATED, proposed.clone()));

    let path = format!("/api/v1/proposals/{}", content.id);
    let reading = asked.reading(&second).await;
    let (status, shown) = asked.ask(("GET", &path), &reading, None, String::new()).await;
    assert_eq!(status, StatusCode::OK);
    let shown: ProposalRecord = serde_json::from_value(shown).unwrap();
    shown.check(&[]).unwrap();

    let approvals = format!("{path}/approvals");
    let meant = target(shown.id, &shown.hash, None);
    let approval = asked.house.sign(Verdict::Approve, meant.clone(), &second).await;
    let (status, done) = asked
        .ask(("POST", &approvals), &approval, Some("b"), String::new())
        .await;
    assert_eq!(
        (status, &done["state"]),
        (StatusCode::OK, &"carried-out".into()),
        "{done}"
    );
    let signed_again = asked.house.sign(Verdict::Approve, meant, &second).await;
    let again = asked
        .ask(("POST", &approvals), &signed_again, Some("b"), String::new())
        .await;
    assert_eq!(again, (StatusCode::OK, done));
    let (status, twice) = asked.ask(("POST", &approvals), &approval, None, String::new()).await;
    assert_eq!(
        (status, &twice["fields"][0]["code"]),
        (StatusCode::CONFLICT, &"proposal-not-open".into())
    );
    assert!(asked.house.has("root-2").await);
    let list = "/api/v1/proposals?state=carried-out";
    let (_, listed) = asked
        .ask(("GET", list), &asked.reading(&first).await, None, String::new())
        .await;
    assert_eq!(listed["proposals"].as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(listed["next"], serde_json::Value::Null);
    for odd in ["state=done", "after=x"] {
        let path = format!("/api/v1/proposals?{odd}");
        let reading = asked.reading(&first).await;
        let (status, refused) = asked.ask(("GET", &path), &reading, None, String::new()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{refused}");
        assert_eq!(refused["fields"][0]["field"], odd.split_once('=').unwrap().0);
    }
    assert_eq!(listed["instance"], content.instance);
}

#[tokio::test]
async fn rejections_and_withdrawals_have_their_routes_and_refusals_their_statuses() {
    let (asked, first, second) = Asked::with_two().await;
    let proposed = asked.house.propose(found("root-2"), &first).await.unwrap();
    let path = |end: &str| format!("/api/v1/proposals/{}/{end}", proposed.id);
    let stranger = Person::new("生人", yinxin::crypto::key::Suite::National);
    let meant = || target(proposed.id, &proposed.hash, Some("不合规定"));
    let cases = [
        (
            "withdrawal",
            Verdict::Withdraw,
            &second,
            StatusCode::FORBIDDEN,
            "proposal-not-proposer",
        ),
        (
            "rejections",
            Verdict::Reject,
            &first,
            StatusCode::FORBIDDEN,
            "proposal-own",
        ),
        (
            "approvals",
            Verdict::Approve,
            &stranger,
            StatusCode::UNAUTHORIZED,
            "officer-unknown",
        ),
        (
            "approvals",
            Verdict::Reject,
            &second,
            StatusCode::UNPROCESSABLE_ENTITY,
            "statement-other-decision",
        ),
    ];
    for (end, verdict, person, status, code) in cases {
        let signed = asked.house.sign(verdict, meant(), person).await;
        let refused = asked.ask(("POST", &path(end)), &signed, Some("k"), String::new()).await;
        assert_eq!((refused.0, &refused.1["fields"][0]["code"]), (status, &code.into()));
    }
    let rejection = asked.house.sign(Verdict::Reject, meant(), &second).await;
    let (status, done) = asked
        .ask(("POST", &path("rejections")), &rejection, None, String::new())
        .await;
    assert_eq!((status, &done["state"]), (StatusCode::OK, &"rejected".into()));

    let proposed = asked.house.propose(found("root-3"), &first).await.unwrap();
    let meant = target(proposed.id, &proposed.hash, None);
    let withdrawal = asked.house.sign(Verdict::Withdraw, meant, &first).await;
    let path = format!("/api/v1/proposals/{}/withdrawal", proposed.id);
    let (status, done) = asked.ask(("POST", &path), &withdrawal, None, String::new()).await;
    assert_eq!((status, &done["state"]), (StatusCode::OK, &"withdrawn".into()));
}
