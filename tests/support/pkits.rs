//! Cases of the NIST path validation suite (PKITS), read from its folder and judged as its settings say.

use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use der::asn1::ObjectIdentifier;
use serde_json::Value;
use yinxin::trust::{Anchor, PolicySettings, Purpose, Query, Service, Snapshot, validate};
use yinxin::x509::{Certificate, Crl};

/// One case and what came of it.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) expected: bool,
    /// `user_constrained_policy_set` of a valid case, sorted.
    pub(crate) expected_policies: Vec<String>,
    pub(crate) valid: bool,
    /// User-constrained policy set, sorted.
    pub(crate) policies: Vec<String>,
    /// The first reason; empty when valid.
    pub(crate) reason: String,
}

impl Case {
    /// Verdict and, where valid, policies are those that the suite expects.
    pub(crate) fn agrees(&self) -> bool {
        self.valid == self.expected && (!self.valid || self.policies == self.expected_policies)
    }
}

/// Judges every case of the suite in `folder`.
pub(crate) fn run(folder: &Path) -> Vec<Case> {
    let text = fs::read(folder.join("pkits.json")).expect("pkits.json");
    let suite: Value = serde_json::from_slice(&text).expect("pkits.json is JSON");
    let time: DateTime<Utc> = text_of(&suite["validation_time"]).parse().expect("validation_time");
    let cases = suite["cases"].as_array().expect("cases");
    cases.iter().map(|case| judge(case, folder, time)).collect()
}

fn judge(case: &Value, folder: &Path, time: DateTime<Utc>) -> Case {
    let file = |kind: &str, name: &str| fs::read(folder.join(kind).join(name)).expect("a file of the suite");
    let certificate = |name: &str| Certificate::from_der(&file("certs", name));
    let anchor = certificate(text_of(&case["trust_anchor"])).expect("the anchor is read");
    let anchor = Anchor::new("PKITS", anchor, &[Service::GovernmentSeals]);
    // What cannot be read is not there: certificates and lists are spoilt on purpose.
    let intermediates = texts(&case["intermediates"])
        .filter_map(|name| certificate(name).ok())
        .collect();
    let crls = texts(&case["crls"])
        .filter_map(|name| Crl::from_der(&file("crls", name)).ok())
        .collect();
    let snapshot = Snapshot::new(vec![anchor], intermediates, crls);
    let (valid, policies, reason) = match certificate(text_of(&case["target"])) {
        Ok(target) => {
            let query = Query::new(&target, Purpose::Any, time).policies(settings(&case["initial"]));
            let verdict = validate(&query, &snapshot);
            let reason = verdict.reasons.first().map(ToString::to_string).unwrap_or_default();
            (verdict.is_passed(), verdict.policies, reason)
        }
        Err(error) => (false, Vec::new(), error.to_string()),
    };
    Case {
        id: text_of(&case["id"]).to_owned(),
        expected: case["expect_valid"].as_bool().expect("expect_valid"),
        expected_policies: sorted(texts(&case["user_constrained_policy_set"]).map(str::to_owned)),
        valid,
        policies: sorted(policies.iter().map(ToString::to_string)),
        reason,
    }
}

fn settings(initial: &Value) -> PolicySettings {
    let is_set = |name: &str| initial[name].as_bool().expect("a flag");
    PolicySettings {
        acceptable: texts(&initial["policy_set"])
            .map(ObjectIdentifier::new_unwrap)
            .collect(),
        require_explicit: is_set("explicit_policy"),
        inhibit_mapping: is_set("inhibit_policy_mapping"),
        inhibit_any: is_set("inhibit_any_policy"),
    }
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn sorted(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut texts: Vec<String> = texts.collect();
    texts.sort();
    texts
}
