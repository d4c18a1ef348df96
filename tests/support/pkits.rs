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
pub(crate) fn run(folder: &Path) -> Result<Vec<Case>, Fault> {
    let suite: Value = serde_json::from_slice(&fs::read(folder.join("pkits.json"))?)?;
    let time: DateTime<Utc> = text_of(&suite["validation_time"]).parse()?;
    let cases = suite["cases"].as_array().ok_or("cases is no list")?;
    cases.iter().map(|case| judge(case, folder, time)).collect()
}

/// Why the suite cannot be read.
type Fault = Box<dyn std::error::Error>;

fn judge(case: &Value, folder: &Path, time: DateTime<Utc>) -> Result<Case, Fault> {
    let file = |kind: &str, name: &str| fs::read(folder.join(kind).join(name));
    let anchor = Certificate::from_der(&file("certs", text_of(&case["trust_anchor"]))?)?;
    let anchor = Anchor::new("PKITS", anchor, &[Service::GovernmentSeals]);
    // What cannot be read is not there: certificates and lists are spoilt on purpose.
    let (mut intermediates, mut crls) = (Vec::new(), Vec::new());
    for name in texts(&case["intermediates"]) {
        intermediates.extend(Certificate::from_der(&file("certs", name)?));
    }
    for name in texts(&case["crls"]) {
        crls.extend(Crl::from_der(&file("crls", name)?));
    }
    let snapshot = Snapshot::new(vec![anchor], intermediates, crls);
    let (valid, policies, reason) = match Certificate::from_der(&file("certs", text_of(&case["target"]))?) {
        Ok(target) => {
            let query = Query::new(&target, Purpose::Any, time).policies(settings(&case["initial"])?);
            let verdict = validate(&query, &snapshot);
            let reason = verdict.reasons.first().map(ToString::to_string).unwrap_or_default();
            (verdict.is_passed(), verdict.policies, reason)
        }
        Err(error) => (false, Vec::new(), error.to_string()),
    };
    Ok(Case {
        id: text_of(&case["id"]).to_owned(),
        expected: case["expect_valid"].as_bool().ok_or("expect_valid is no flag")?,
        expected_policies: sorted(texts(&case["user_constrained_policy_set"]).map(str::to_owned)),
        valid,
        policies: sorted(policies.iter().map(ToString::to_string)),
        reason,
    })
}

fn settings(initial: &Value) -> Result<PolicySettings, Fault> {
    let is_set = |name: &str| initial[name].as_bool().ok_or_else(|| format!("{name} is no flag"));
    Ok(PolicySettings {
        acceptable: texts(&initial["policy_set"])
            .map(ObjectIdentifier::new)
            .collect::<Result<_, _>>()?,
        require_explicit: is_set("explicit_policy")?,
        inhibit_mapping: is_set("inhibit_policy_mapping")?,
        inhibit_any: is_set("inhibit_any_policy")?,
    })
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
