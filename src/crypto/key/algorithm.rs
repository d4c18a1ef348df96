//! Which keys are made here, and the two families that all keys belong to.

use crate::crypto::KeyKind;

/// What a key that is made here is for. RSA is not among them: RSA keys are imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyAlgorithm {
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "p-256")]
    P256,
    /// ECDSA on P-384 with SHA-384.
    #[serde(rename = "p-384")]
    P384,
    /// Ed25519.
    Ed25519,
    /// SM2 with SM3.
    Sm2,
}

impl KeyAlgorithm {
    /// All, the usual one of the international suite first.
    pub const ALL: [Self; 4] = [Self::P256, Self::P384, Self::Ed25519, Self::Sm2];

    /// Its name in commands: `p-256`.
    pub fn name(self) -> &'static str {
        match self {
            Self::P256 => "p-256",
            Self::P384 => "p-384",
            Self::Ed25519 => "ed25519",
            Self::Sm2 => "sm2",
        }
    }

    /// The algorithm of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// The algorithm for what an authority with a key of this kind certifies, where nobody asks for another: the
    /// authority's own, or the usual one of its suite where such keys are not made here.
    pub fn under(kind: KeyKind) -> Self {
        let own = Self::ALL.into_iter().find(|algorithm| algorithm.kind() == kind);
        own.unwrap_or_else(|| Suite::of(kind).into())
    }

    /// The kind of its keys, which says how they sign.
    pub fn kind(self) -> KeyKind {
        match self {
            Self::P256 => KeyKind::P256,
            Self::P384 => KeyKind::P384,
            Self::Ed25519 => KeyKind::Ed25519,
            Self::Sm2 => KeyKind::Sm2,
        }
    }
}

/// The two families of algorithms, equal everywhere. The city has authorities of its own in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Suite {
    /// ECDSA, RSA and Ed25519 with SHA-2.
    International,
    /// SM2 with SM3.
    National,
}

impl Suite {
    /// Both, international first.
    pub const ALL: [Self; 2] = [Self::International, Self::National];

    /// The family of a key.
    pub fn of(kind: KeyKind) -> Self {
        match kind {
            KeyKind::Sm2 => Self::National,
            KeyKind::P256
            | KeyKind::P384
            | KeyKind::P521
            | KeyKind::BrainpoolP256
            | KeyKind::BrainpoolP384
            | KeyKind::Rsa { .. }
            | KeyKind::Ed25519 => Self::International,
        }
    }

    /// Its name in commands, files and the store: `international`, `national`.
    pub fn name(self) -> &'static str {
        match self {
            Self::International => "international",
            Self::National => "national",
        }
    }

    /// The suite of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|suite| suite.name() == name)
    }
}

/// The algorithm of a suite where nobody asks for another.
impl From<Suite> for KeyAlgorithm {
    fn from(suite: Suite) -> Self {
        match suite {
            Suite::International => Self::P256,
            Suite::National => Self::Sm2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_and_each_suite_holds_its_usual_algorithm() {
        for algorithm in KeyAlgorithm::ALL {
            assert_eq!(KeyAlgorithm::from_name(algorithm.name()), Some(algorithm));
            assert_eq!(serde_json::to_value(algorithm).unwrap(), algorithm.name());
        }
        for suite in Suite::ALL {
            assert_eq!(Suite::from_name(suite.name()), Some(suite));
            assert_eq!(Suite::of(KeyAlgorithm::from(suite).kind()), suite);
        }
        assert_eq!(KeyAlgorithm::from_name("rsa"), None);
    }

    #[test]
    fn what_an_authority_certifies_follows_its_key_where_such_keys_are_made() {
        for algorithm in KeyAlgorithm::ALL {
            assert_eq!(KeyAlgorithm::under(algorithm.kind()), algorithm);
        }
        assert_eq!(KeyAlgorithm::under(KeyKind::Rsa { bits: 3072 }), KeyAlgorithm::P256);
    }
}
