//! What can be proposed, and the way from each kind of act to its use case.

use serde::{Deserialize, Serialize};

use crate::crypto::DigestAlgorithm;
use crate::licence::canonical_json;
use crate::service::Service;
use crate::service::certificate_authorities::NewCertificateAuthority;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::identities::hex;
use crate::service::proposals::Mandate;

/// An act that needs two people, as data: `{"act":"found-ca", …}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum Act {
    /// Found a certificate authority.
    FoundCa(NewCertificateAuthority),
}

/// What came of an act, for whoever asked: names and digests of what was made.
pub type Outcome = serde_json::Value;

impl Act {
    /// Its name: `found-ca`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::FoundCa(_) => "found-ca",
        }
    }

    /// Its canonical text: JSON by RFC 8785, names sorted by UTF-16 code units, no blanks. One act has one text.
    ///
    /// # Errors
    /// Where it holds what JSON cannot write, which no act does.
    pub fn canonical(&self) -> ServiceResult<String> {
        let value = serde_json::to_value(self).map_err(ServiceError::internal)?;
        Ok(canonical_json::write(&value))
    }

    /// SHA-256 of its canonical text.
    ///
    /// # Errors
    /// As [`Self::canonical`].
    pub fn sha256(&self) -> ServiceResult<[u8; 32]> {
        Ok(DigestAlgorithm::Sha256.digest(self.canonical()?.as_bytes()).first_32())
    }
}

impl Service {
    /// Does what was agreed on.
    ///
    /// # Errors
    /// What the use case of the act refuses.
    pub async fn carry_out(&self, act: &Act, mandate: &Mandate) -> ServiceResult<Outcome> {
        match act {
            Act::FoundCa(new) => {
                let certificate = self.found_certificate_authority(mandate, new).await?;
                Ok(serde_json::json!({ "ca": new.name, "certificateSha256": hex(certificate.fingerprint()) }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::key::KeyAlgorithm;
    use crate::service::keys::NewKey;

    fn found(name: &str) -> Act {
        Act::FoundCa(NewCertificateAuthority {
            name: name.to_owned(),
            key: NewKey::Make(KeyAlgorithm::Sm2),
            parent: None,
            organisation: "云州市".to_owned(),
            common_name: "Root".to_owned(),
        })
    }

    #[test]
    fn an_act_has_one_text_and_is_read_back_from_it() {
        let act = found("root-2");
        let text = act.canonical().unwrap();
        assert_eq!(
            text,
            r#"{"act":"found-ca","commonName":"Root","key":{"make":"sm2"},"name":"root-2","organisation":"云州市"}"#
        );
        assert_eq!(serde_json::from_str::<Act>(&text).unwrap(), act);
        assert_eq!(act.name(), "found-ca");
        assert_ne!(act.sha256().unwrap(), found("root-3").sha256().unwrap());
    }

    #[test]
    fn a_field_that_no_act_has_is_not_passed_over() {
        let text =
            r#"{"act":"found-ca","commonName":"R","key":{"make":"sm2"},"name":"r","organisation":"o","pathLength":9}"#;
        assert!(serde_json::from_str::<Act>(text).is_err());
    }
}
