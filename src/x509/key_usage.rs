//! What a key may be used for (RFC 5280 section 4.2.1.3).

use std::fmt;
use std::ops::BitOr;

/// A set of key usages. Bit n is the named bit n of the standard's BIT STRING.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct KeyUsage(u16);

impl KeyUsage {
    /// `digitalSignature`.
    pub const DIGITAL_SIGNATURE: Self = Self(1);
    /// `nonRepudiation`, also called contentCommitment.
    pub const NON_REPUDIATION: Self = Self(1 << 1);
    /// `keyEncipherment`.
    pub const KEY_ENCIPHERMENT: Self = Self(1 << 2);
    /// `dataEncipherment`.
    pub const DATA_ENCIPHERMENT: Self = Self(1 << 3);
    /// `keyAgreement`.
    pub const KEY_AGREEMENT: Self = Self(1 << 4);
    /// `keyCertSign`.
    pub const KEY_CERT_SIGN: Self = Self(1 << 5);
    /// `cRLSign`.
    pub const CRL_SIGN: Self = Self(1 << 6);
    /// `encipherOnly`.
    pub const ENCIPHER_ONLY: Self = Self(1 << 7);
    /// `decipherOnly`.
    pub const DECIPHER_ONLY: Self = Self(1 << 8);

    /// Every usage with its name in the standard, in the order of its bits.
    pub const NAMES: [(&'static str, Self); 9] = [
        ("digitalSignature", Self::DIGITAL_SIGNATURE),
        ("nonRepudiation", Self::NON_REPUDIATION),
        ("keyEncipherment", Self::KEY_ENCIPHERMENT),
        ("dataEncipherment", Self::DATA_ENCIPHERMENT),
        ("keyAgreement", Self::KEY_AGREEMENT),
        ("keyCertSign", Self::KEY_CERT_SIGN),
        ("cRLSign", Self::CRL_SIGN),
        ("encipherOnly", Self::ENCIPHER_ONLY),
        ("decipherOnly", Self::DECIPHER_ONLY),
    ];

    /// From the bits, bit n being the named bit n; bits without a name are dropped.
    pub fn from_bits(bits: u16) -> Self {
        Self(bits & 0x1ff)
    }

    /// The usage with this name in the standard.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES
            .into_iter()
            .find(|(known, _)| *known == name)
            .map(|(_, usage)| usage)
    }

    /// The bits, bit n being the named bit n.
    pub fn bits(self) -> u16 {
        self.0
    }

    /// Whether all usages of `other` are in this set.
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether at least one usage of `other` is in this set.
    pub fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether no usage is in this set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl BitOr for KeyUsage {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Display for KeyUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Self::NAMES
            .into_iter()
            .filter(|(_, usage)| self.contains(*usage))
            .map(|(name, _)| name);
        f.write_str(&names.collect::<Vec<_>>().join(", "))
    }
}

impl fmt::Debug for KeyUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyUsage({self})")
    }
}
