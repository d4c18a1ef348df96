//! The forms of a signature: what its dictionary and the outer types of its message call it.

use serde::{Deserialize, Serialize};

use super::SignError;
use crate::cms;
use crate::cms::build::SigningIdentity;
use crate::crypto::DigestAlgorithm;

/// The form of a signature in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureForm {
    /// PAdES, for keys of every kind (ETSI EN 319 142-1 section 6).
    #[default]
    Pades,
    /// SignedData of GB/T 35275 under `adbe.pkcs7.detached`, for readers that know SM2 in this form alone.
    Gm,
}

impl SignatureForm {
    /// All.
    pub const ALL: [Self; 2] = [Self::Pades, Self::Gm];

    /// Its name: `pades` or `gm`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pades => "pades",
            Self::Gm => "gm",
        }
    }

    /// The form of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }

    /// The `SubFilter` of its dictionary (ISO 32000-2 table 260).
    pub(super) fn sub_filter(self) -> &'static str {
        match self {
            Self::Pades => "ETSI.CAdES.detached",
            Self::Gm => "adbe.pkcs7.detached",
        }
    }

    /// The standard whose types its message has.
    pub(super) fn message(self) -> cms::Form {
        match self {
            Self::Pades => cms::Form::Pkcs7,
            Self::Gm => cms::Form::Gm,
        }
    }

    /// Refuses a key that the form is not for.
    pub(super) fn check(self, identity: &SigningIdentity) -> Result<(), SignError> {
        match (self, identity.digest()) {
            (Self::Pades, _) | (Self::Gm, DigestAlgorithm::Sm3) => Ok(()),
            (Self::Gm, _) => Err(SignError::FormOfOtherKeys {
                form: self,
                algorithm: identity.signer().algorithm().name(),
            }),
        }
    }
}
