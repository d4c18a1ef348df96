//! Cases of x509-limbo, read from a file of its schema and judged by what each asks for.

use chrono::{DateTime, Utc};
use der::asn1::ObjectIdentifier;
use serde_json::Value;
use yinxin::trust::{
    Anchor, AnchorConstraints, Conformance, ExpectedName, Purpose, Query, Recognition, Revocation, Service, Snapshot,
    validate,
};
use yinxin::x509::{Certificate, Crl};

/// One case and what came of it.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) expected: bool,
    pub(crate) valid: bool,
    /// The first reason; empty when valid.
    pub(crate) reason: String,
}

/// Judges every case of a file; `now` is the time of those that name none.
pub(crate) fn run(file: &[u8], now: DateTime<Utc>) -> Result<Vec<Case>, Box<dyn std::error::Error>> {
    let limbo: Value = serde_json::from_slice(file)?;
    let cases = limbo["testcases"].as_array().ok_or("testcases is no list")?;
    Ok(cases.iter().map(|case| judge(case, now)).collect())
}

fn judge(case: &Value, now: DateTime<Utc>) -> Case {
    let refusal = refusal(case, now).unwrap_or_else(Some);
    Case {
        id: text_of(&case["id"]).to_owned(),
        expected: case["expected_result"] == "SUCCESS",
        valid: refusal.is_none(),
        reason: refusal.unwrap_or_default(),
    }
}

/// Why the certificate is refused, `None` where it passes; or why the case could not be asked.
fn refusal(case: &Value, now: DateTime<Utc>) -> Result<Option<String>, String> {
    let constraints = AnchorConstraints {
        path_length: case["max_chain_depth"]
            .as_u64()
            .and_then(|depth| u32::try_from(depth).ok()),
        ..AnchorConstraints::default()
    };
    let anchors = readable(&case["trusted_certs"], Certificate::from_der)
        .map(|certificate| anchor(certificate).within(constraints.clone()))
        .collect();
    let intermediates = readable(&case["untrusted_intermediates"], Certificate::from_der).collect();
    let crls: Vec<Crl> = readable(&case["crls"], Crl::from_der).collect();
    let revocation = match case["crls"].as_array().is_some_and(|lists| !lists.is_empty()) {
        true => Revocation::HardFail,
        false => Revocation::Off,
    };
    let snapshot = Snapshot::new(anchors, intermediates, crls);
    let target = Certificate::from_der(&pem(&case["peer_certificate"])).map_err(|error| error.to_string())?;
    let time = match case["validation_time"].as_str() {
        Some(time) => time.parse().map_err(|_| format!("validation_time {time} is no time"))?,
        None => now,
    };
    let name = expected_name(&case["expected_peer_name"])?;
    let mut query = Query::new(&target, Purpose::ExtendedKeyUsage(purpose(case)), time)
        .revocation(revocation)
        .conformance(Conformance::Profile);
    if let Some(name) = &name {
        query = query.expecting(name);
    }
    let validation = validate(&query, &snapshot);
    Ok(validation.reasons.first().map(ToString::to_string))
}

/// An anchor without beginning or end.
fn anchor(certificate: Certificate) -> Anchor {
    let mut anchor = Anchor::new("limbo", certificate, &[]);
    anchor.recognised.push(Recognition {
        service: Service::GovernmentSeals,
        since: DateTime::<Utc>::MIN_UTC,
        until: None,
    });
    anchor
}

fn expected_name(name: &Value) -> Result<Option<ExpectedName>, String> {
    let text = text_of(&name["value"]);
    match name["kind"].as_str() {
        None => Ok(None),
        Some("DNS") => Ok(Some(ExpectedName::Dns(text.to_owned()))),
        Some("RFC822") => Ok(Some(ExpectedName::Email(text.to_owned()))),
        Some("IP") => text
            .parse()
            .map(|ip| Some(ExpectedName::Ip(ip)))
            .map_err(|_| format!("{text} is no address")),
        Some(kind) => Err(format!("names of kind {kind} are not known")),
    }
}

/// The purpose that a case names, else that of its side of the connection.
fn purpose(case: &Value) -> ObjectIdentifier {
    let named = case["extended_key_usage"]
        .as_array()
        .and_then(|purposes| purposes.first()?.as_str());
    let side = if case["validation_kind"] == "CLIENT" {
        "clientAuth"
    } else {
        "serverAuth"
    };
    let text = match named.unwrap_or(side) {
        "anyExtendedKeyUsage" => "2.5.29.37.0",
        "serverAuth" => "1.3.6.1.5.5.7.3.1",
        "clientAuth" => "1.3.6.1.5.5.7.3.2",
        "codeSigning" => "1.3.6.1.5.5.7.3.3",
        "emailProtection" => "1.3.6.1.5.5.7.3.4",
        "timeStamping" => "1.3.6.1.5.5.7.3.8",
        "OCSPSigning" => "1.3.6.1.5.5.7.3.9",
        other => other,
    };
    ObjectIdentifier::new_unwrap(text)
}

/// What cannot be read is not there.
fn readable<T, E>(list: &Value, read: fn(&[u8]) -> Result<T, E>) -> impl Iterator<Item = T> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(move |text| read(&pem(text)).ok())
}

fn pem(text: &Value) -> Vec<u8> {
    let decoded = der::pem::decode_vec(text_of(text).as_bytes());
    decoded.map(|(_, bytes)| bytes).unwrap_or_default()
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
