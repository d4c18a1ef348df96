//! Who may ask what: every route of the OpenAPI document without a token, with a wrong one, with one that is not for
//! it.

use axum::http::StatusCode;

use crate::support::app::{app, request};

/// Method, path with a value for its parameters, and the credentials that it needs.
fn described() -> Vec<(String, String, serde_json::Value)> {
    let document = app().ask(request("GET", "/api/openapi.json", None, "")).json();
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let path = path
                .replace("{identifier}", "1.2.156.3005.2.1")
                .replace("{number}", "0")
                .replace("{id}", "019a3d6c-0000-7000-8000-000000000000")
                .replace("{file}", "nobody.crl")
                .replace("{ca}", "nobody")
                .replace("{part}", "0.crl")
                .replace("{request}", "AAAA")
                .replace("{sequence}", "1")
                .replace("{serial}", "01");
            assert!(!path.contains('{'), "{path}: give its parameter a value here");
            routes.push((method.to_uppercase(), path, operation["security"][0].clone()));
        }
    }
    assert!(routes.len() >= 12, "{routes:?}");
    routes
}

/// Method, path and the scopes of a department's token that it needs.
fn routes() -> Vec<(String, String, Vec<String>)> {
    let of_others = described()
        .into_iter()
        .filter(|(_, _, needed)| needed["officer"].is_null());
    let scopes = |needed: serde_json::Value| {
        let scopes = needed["token"].as_array().cloned().unwrap_or_default();
        scopes.iter().map(|scope| scope.as_str().unwrap().to_owned()).collect()
    };
    of_others
        .map(|(method, path, needed)| (method, path, scopes(needed)))
        .collect()
}

#[test]
fn what_a_route_answers_to_a_name_that_is_none_is_described() {
    let document = app().ask(request("GET", "/api/openapi.json", None, "")).json();
    let paths = document["paths"].as_object().unwrap();
    let mut asked = 0;
    for (path, operation) in paths.iter().map(|(path, methods)| (path, &methods["get"])) {
        if operation.is_null() || !path.contains('{') {
            continue;
        }
        for odd in ["0000", "%20"] {
            let parts = path
                .split('/')
                .map(|part| if part.starts_with('{') { odd } else { part });
            let named = parts.collect::<Vec<_>>().join("/");
            let answer = app().ask(request("GET", &named, Some(&app().token), ""));
            let described = &operation["responses"][answer.status.as_str()];
            assert!(!described.is_null(), "{named}: {} {}", answer.status, answer.text());
            asked += 1;
        }
    }
    assert!(asked >= 20, "{asked}");
}

#[test]
fn what_officers_decide_is_closed_to_strangers_and_departments() {
    let of_officers = described()
        .into_iter()
        .filter(|(_, _, needed)| !needed["officer"].is_null());
    let of_officers: Vec<_> = of_officers.collect();
    assert!(of_officers.len() >= 6, "{of_officers:?}");
    for (method, path, _) in of_officers {
        let stranger = app().ask(request(&method, &path, None, "{}"));
        assert_eq!(stranger.status, StatusCode::UNAUTHORIZED, "{method} {path}");
        assert_eq!(stranger.code(), "officer-statement-missing");
        assert_eq!(stranger.header("www-authenticate"), "Officer");
        let department = app().ask(request(&method, &path, Some(&app().token), "{}"));
        assert_eq!(department.status, StatusCode::FORBIDDEN, "{method} {path}");
        assert_eq!(department.code(), "denied-officers-only");
        let wrong = app().ask(request(&method, &path, Some("yx_nobody"), "{}"));
        assert_eq!(wrong.status, StatusCode::UNAUTHORIZED, "{method} {path}");
    }
}

/// What anyone may ask; everything else needs a token.
const PUBLIC: [(&str, &str); 16] = [
    ("GET", "/api/v1/ca/nobody/cross-certificates"),
    ("GET", "/api/v1/ca/nobody/cross-certificates/01"),
    ("GET", "/api/v1/licence-types"),
    ("GET", "/api/v1/trust-list"),
    ("GET", "/api/v1/trust-list/1"),
    ("POST", "/api/v1/verifications"),
    ("POST", "/api/v1/verifications/receipt"),
    ("GET", "/ca/nobody.crl"),
    ("GET", "/crl/nobody.crl"),
    ("GET", "/crl/nobody/0.crl"),
    ("GET", "/keys"),
    ("POST", "/ocsp/nobody"),
    ("GET", "/ocsp/nobody/AAAA"),
    ("GET", "/seals/status"),
    ("GET", "/status/0"),
    ("POST", "/tsa"),
];

#[test]
fn a_new_route_needs_a_token_unless_it_is_named_here() {
    let mut open: Vec<_> = routes()
        .into_iter()
        .filter(|(_, _, scopes)| scopes.is_empty())
        .map(|(method, path, _)| (path, method))
        .collect();
    open.sort();
    let expected = PUBLIC.map(|(method, path)| (path.to_owned(), method.to_owned()));
    assert_eq!(open, expected);
}

#[test]
fn a_stranger_gets_nothing_that_needs_a_token() {
    for (method, path, scopes) in routes() {
        let answer = app().ask(request(&method, &path, None, "{}"));
        if scopes.is_empty() {
            assert!(
                !matches!(answer.status.as_u16(), 401 | 403 | 500..),
                "{method} {path}: {}",
                answer.text()
            );
        } else {
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
            assert_eq!(answer.code(), "not-authenticated");
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
    }
}

#[test]
fn a_wrong_token_is_refused_everywhere() {
    for (method, path, _) in routes() {
        for token in ["yx_nobody", ""] {
            let answer = app().ask(request(&method, &path, Some(token), "{}"));
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
        }
    }
}

#[test]
fn a_token_without_the_scope_is_refused() {
    for (method, path, scopes) in routes().into_iter().filter(|(_, _, scopes)| !scopes.is_empty()) {
        let reads = scopes.iter().any(|scope| scope == "licences:read");
        let token = if reads { &app().issuer } else { &app().reader };
        let answer = app().ask(request(&method, &path, Some(token), "{}"));
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path}");
        assert_eq!(answer.code(), "denied-scope");
    }
}

#[test]
fn a_problem_is_told_in_the_readers_language() {
    let mut asked = request("GET", "/api/v1/licences", None, "");
    let chinese = app().ask(request("GET", "/api/v1/licences", None, "")).json();
    asked.headers_mut().insert("accept-language", "en-GB".parse().unwrap());
    let english = app().ask(asked).json();
    assert_eq!(chinese["title"], "需要令牌");
    assert_eq!(english["title"], "A token is needed");
    assert_eq!(english["status"], 401);
    assert_eq!(english["type"], "urn:yinxin:problem:not-authenticated");
    assert!(english["detail"].as_str().unwrap().len() > 10);
}

#[test]
fn an_unknown_address_and_method_are_problems_too() {
    let unknown = app().ask(request("GET", "/nowhere", None, ""));
    assert_eq!(
        (unknown.status, unknown.code()),
        (StatusCode::NOT_FOUND, "route-unknown".to_owned())
    );
    let method = app().ask(request("DELETE", "/api/v1/licences", None, ""));
    assert_eq!(method.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(method.code(), "method-not-allowed");
}
