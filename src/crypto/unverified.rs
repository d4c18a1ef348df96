//! Algorithms and curves that are met in documents of others and are not verified here, by their names: no kept crate
//! that is released has them. What rests on one is neither good nor bad, and whoever asks is told which one it is.

use der::asn1::ObjectIdentifier;

use crate::asn1::oid;

/// Names as people write them.
const NAMES: [(ObjectIdentifier, &str); 8] = [
    (oid::ED448, "Ed448"),
    (oid::BRAINPOOL_P512R1, "brainpoolP512r1"),
    (oid::BRAINPOOL_P256T1, "brainpoolP256t1"),
    (oid::BRAINPOOL_P384T1, "brainpoolP384t1"),
    (oid::SECP256K1, "secp256k1"),
    (oid::DSA_WITH_SHA256, "DSA with SHA-256"),
    (oid::SHAKE128, "SHAKE128"),
    (oid::SHAKE256, "SHAKE256"),
];

/// The name of an algorithm, with its number: that of the table, else that of the standard, else the number alone.
pub fn describe(algorithm: &ObjectIdentifier) -> String {
    match NAMES.iter().find(|(oid, _)| oid == algorithm) {
        Some((_, name)) => format!("{name} ({algorithm})"),
        None => oid::describe(algorithm),
    }
}

/// Whether it is one of the table.
pub fn is_known_by_name(algorithm: &ObjectIdentifier) -> bool {
    NAMES.iter().any(|(oid, _)| oid == algorithm)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{KeyError, PublicKey, SignatureAlgorithm};

    #[test]
    fn what_is_not_verified_is_named_and_what_is_has_no_place_in_the_table() {
        assert_eq!(describe(&oid::ED448), "Ed448 (1.3.101.113)");
        assert_eq!(describe(&oid::MGF1), "MGF1 (1.2.840.113549.1.1.8)");
        let unnamed = ObjectIdentifier::new_unwrap("1.2.3.4");
        assert_eq!(describe(&unnamed), "1.2.3.4");
        for (oid, name) in NAMES {
            let algorithm = crate::asn1::write::encode(|w| w.sequence(|w| w.oid(oid)));
            let refused = SignatureAlgorithm::from_identifier(&algorithm).unwrap_err().to_string();
            assert!(refused.contains(name), "{refused}");
            let key = crate::asn1::write::encode(|w| {
                w.sequence(|w| {
                    w.raw(&algorithm);
                    w.bit_string(&[4; 57]);
                });
            });
            assert_eq!(PublicKey::from_spki(&key), Err(KeyError::Unsupported(oid)));
        }
    }
}
