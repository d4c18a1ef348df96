//! What can go wrong with a token, as people need to know it: what is gone for now, what was set wrongly, what is
//! refused.

use cryptoki::error::{Error, RvError};

/// A token or a key on it that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The library cannot be loaded or started.
    #[error("the PKCS#11 library \"{library}\" cannot be used: {reason}")]
    Library {
        /// Its file.
        library: String,
        /// What it or the loader says.
        reason: String,
    },
    /// No slot holds a token of that label.
    #[error("no token \"{token}\" is in a slot")]
    Absent {
        /// Label of the token.
        token: String,
    },
    /// It was there and no longer answers.
    #[error("the token \"{token}\" does not answer: {reason}")]
    Lost {
        /// Label of the token.
        token: String,
        /// What the library says.
        reason: String,
    },
    /// The PIN is wrong, expired or locked. It is not tried again, for tokens lock after few wrong ones.
    #[error("the token \"{token}\" does not take the PIN: {reason}")]
    Pin {
        /// Label of the token.
        token: String,
        /// What the library says.
        reason: String,
    },
    /// It answers and refuses.
    #[error("the token \"{token}\" refuses: {reason}")]
    Refused {
        /// Label of the token.
        token: String,
        /// What the library says.
        reason: String,
    },
    /// No key of that label is on it, or several are.
    #[error("the token \"{token}\" has {count} private keys labelled \"{label}\", not one")]
    Keys {
        /// Label of the token.
        token: String,
        /// Label of the key.
        label: String,
        /// How many there are.
        count: usize,
    },
    /// The public half is not there, or of an algorithm or length that does not sign here.
    #[error("the public half of the key \"{label}\" on the token cannot be used: {reason}")]
    PublicKey {
        /// Label of the key.
        label: String,
        /// Why.
        reason: String,
    },
    /// An SM2 key, and the number of the vendor's mechanism was not set.
    #[error("the key \"{label}\" is SM2, and no mechanism of the token's vendor is set for it (sm2_mechanism)")]
    NoSm2Mechanism {
        /// Label of the key.
        label: String,
    },
    /// The signature just made does not verify: the halves do not belong together, or the mechanism is not what it
    /// should be.
    #[error("what the key \"{label}\" on the token signs does not verify with its public half")]
    OwnSignature {
        /// Label of the key.
        label: String,
    },
    /// No address of a key on a token.
    #[error("\"{0}\" is no address of a key on a token (RFC 7512: pkcs11:token=…;object=…)")]
    Address(String),
    /// A key on another token than the one that is configured.
    #[error("the key is on the token \"{asked}\", and the one configured is \"{token}\"")]
    OtherToken {
        /// The token that the key is on.
        asked: String,
        /// The token that there is.
        token: String,
    },
    /// A mechanism number below those left to vendors.
    #[error("mechanism {0:#x} is none of a vendor: they begin at 0x80000000")]
    Mechanism(u64),
    /// An algorithm that keys on tokens do not have here.
    #[error("{0} keys are not made on tokens: p-256, p-384, rsa-2048, rsa-3072 and rsa-4096 are")]
    Algorithm(String),
}

impl TokenError {
    /// Whether the token may be back later.
    pub fn is_absence(&self) -> bool {
        matches!(self, Self::Absent { .. } | Self::Lost { .. })
    }

    /// What the library answered, about the token of that label.
    pub(super) fn of(token: &str, error: &Error) -> Self {
        let (token, reason) = (token.to_owned(), reason(error));
        match error {
            Error::Pkcs11(
                RvError::PinIncorrect
                | RvError::PinInvalid
                | RvError::PinLenRange
                | RvError::PinExpired
                | RvError::PinLocked
                | RvError::UserPinNotInitialized,
                _,
            ) => Self::Pin { token, reason },
            // PKCS#11 3.0 section 5.1: what is returned when the token has gone, and by libraries whose device has
            // restarted.
            Error::Pkcs11(
                RvError::CryptokiNotInitialized
                | RvError::DeviceError
                | RvError::DeviceRemoved
                | RvError::FunctionFailed
                | RvError::GeneralError
                | RvError::KeyHandleInvalid
                | RvError::ObjectHandleInvalid
                | RvError::SessionClosed
                | RvError::SessionHandleInvalid
                | RvError::SlotIdInvalid
                | RvError::TokenNotPresent
                | RvError::TokenNotRecognized
                | RvError::UserNotLoggedIn,
                _,
            ) => Self::Lost { token, reason },
            _ => Self::Refused { token, reason },
        }
    }
}

/// The library's answer by its name in the standard (`CKR_DEVICE_REMOVED`), with the function that gave it.
pub(super) fn reason(error: &Error) -> String {
    match error {
        Error::Pkcs11(value, function) => format!("{} from C_{function:?}", ckr(*value)),
        other => other.to_string(),
    }
}

/// `DeviceRemoved` as `CKR_DEVICE_REMOVED`.
fn ckr(value: RvError) -> String {
    if let RvError::VendorDefined(code) = value {
        return format!("CKR_VENDOR_DEFINED {code:#x}");
    }
    let mut name = String::from("CKR");
    for character in format!("{value:?}").chars() {
        if character.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(character.to_ascii_uppercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use cryptoki::context::Function;

    #[test]
    fn a_removed_token_is_lost_and_a_wrong_pin_is_not() {
        let lost = TokenError::of("city", &Error::Pkcs11(RvError::DeviceRemoved, Function::Sign));
        assert!(lost.is_absence());
        assert_eq!(
            lost.to_string(),
            "the token \"city\" does not answer: CKR_DEVICE_REMOVED from C_Sign"
        );
        for value in [
            RvError::SessionHandleInvalid,
            RvError::TokenNotPresent,
            RvError::SessionClosed,
        ] {
            assert!(TokenError::of("city", &Error::Pkcs11(value, Function::SignInit)).is_absence());
        }
        let pin = TokenError::of("city", &Error::Pkcs11(RvError::PinIncorrect, Function::Login));
        assert!(matches!(pin, TokenError::Pin { .. }) && !pin.is_absence());
        let refused = TokenError::of("city", &Error::Pkcs11(RvError::MechanismInvalid, Function::SignInit));
        assert!(matches!(refused, TokenError::Refused { .. }));
    }
}
