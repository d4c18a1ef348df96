//! Certificates, requests, revocation lists and keys inside an act, in words: nobody reads base64, and whoever approves
//! an act answers for what they say.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::cli::output::say;
use crate::crypto::{DigestAlgorithm, PublicKey};
use crate::hex;
use crate::x509::{Certificate, CertificationRequest, Crl};

/// Shortest text that may be one of them, in characters: a key on Edwards25519 is 60.
const SHORTEST: usize = 60;

/// Puts every text that is one of them, DER in base64, into words.
pub(super) fn in_words(value: &mut Value) {
    match value {
        Value::String(text) if text.len() >= SHORTEST => {
            if let Some(words) = STANDARD.decode(&*text).ok().and_then(|der| words(&der)) {
                *text = words;
            }
        }
        Value::Array(values) => values.iter_mut().for_each(in_words),
        Value::Object(members) => members.values_mut().for_each(in_words),
        _ => {}
    }
}

fn words(der: &[u8]) -> Option<String> {
    let sha256 = hex::encode(DigestAlgorithm::Sha256.digest(der).as_ref());
    if let Ok(certificate) = Certificate::from_der(der) {
        let validity = certificate.validity();
        let params = [
            ("subject", &certificate.subject().to_string()),
            ("issuer", &certificate.issuer().to_string()),
            ("serial", &certificate.serial().to_string()),
            ("from", &validity.not_before.date_naive().to_string()),
            ("until", &validity.not_after.date_naive().to_string()),
            ("sha256", &sha256),
        ];
        return Some(say(
            "cli-paper-certificate",
            &params.map(|(name, value)| (name, value.as_str())),
        ));
    }
    if let Ok(request) = CertificationRequest::from_der(der) {
        let subject = request.subject().to_string();
        return Some(say("cli-paper-request", &[("subject", &subject), ("sha256", &sha256)]));
    }
    if let Ok(list) = Crl::from_der(der) {
        let (issuer, at) = (list.issuer().to_string(), list.this_update().date_naive().to_string());
        let params = [("issuer", issuer.as_str()), ("at", &at), ("sha256", &sha256)];
        return Some(say("cli-paper-crl", &params));
    }
    let key = PublicKey::from_spki(der).ok()?;
    let kind = key.kind().to_string();
    Some(say("cli-paper-key", &[("kind", &kind), ("sha256", &sha256)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::key::{Signer as _, SoftwareKey, Suite};

    #[test]
    fn a_key_is_told_by_its_kind_and_digest_and_any_other_text_stays() {
        let key = SoftwareKey::generate(Suite::National).unwrap();
        let spki = key.public_key().spki();
        let long = "数据".repeat(100);
        let mut act = serde_json::json!({ "officer": { "key": STANDARD.encode(spki) }, "notes": [long, "short"] });
        in_words(&mut act);
        let told = act["officer"]["key"].as_str().unwrap();
        let sha256 = hex::encode(DigestAlgorithm::Sha256.digest(spki).as_ref());
        assert!(told.contains("SM2") && told.contains(&sha256), "{told}");
        assert_eq!(act["notes"], serde_json::json!([long, "short"]));
    }
}
