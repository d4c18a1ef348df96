//! What a token is asked for and refuses.

use std::sync::Arc;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::Attribute;
use cryptoki::session::UserType;
use cryptoki::types::AuthPin;
use yinxin::crypto::key::Signer;
use yinxin::keystore::KeystoreError;
use yinxin::keystore::token::{Token, TokenAddress, TokenError, TokenKey, TokenKeyAlgorithm, TokenSettings};

use crate::support::soft_hsm::{LABEL, PIN, SoftHsm, with_token};

/// The SM2 curve, as `CKA_EC_PARAMS` has it.
const SM2_CURVE: [u8; 10] = [0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d];

fn address(label: &str) -> TokenAddress {
    TokenAddress {
        token: LABEL.to_owned(),
        label: label.to_owned(),
        id: None,
    }
}

/// A pair that another program makes on the token.
fn foreign_pair(label: &str, curve: &[u8]) {
    let context = Pkcs11::new(SoftHsm::library()).unwrap();
    let _ = context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK));
    let slots = context.get_slots_with_initialized_token().unwrap();
    let session = context.open_rw_session(slots[0]).unwrap();
    let _ = session.login(UserType::User, Some(&AuthPin::new(PIN.into())));
    let label = Attribute::Label(label.as_bytes().to_vec());
    let public = [
        Attribute::Token(true),
        label.clone(),
        Attribute::EcParams(curve.to_vec()),
    ];
    let private = [Attribute::Token(true), label, Attribute::Sign(true)];
    session
        .generate_key_pair(&Mechanism::EccKeyPairGen, &public, &private)
        .unwrap();
}

#[test]
fn keys_of_each_algorithm_sign_many_at_a_time_over_few_sessions() {
    with_token(
        "tokens::keys::keys_of_each_algorithm_sign_many_at_a_time_over_few_sessions",
        |hsm| {
            let token = Arc::new(hsm.token());
            for (name, kind) in [
                ("p-256", "P-256"),
                ("p-384", "P-384"),
                ("rsa-2048", "RSA-2048"),
                ("rsa-3072", "RSA-3072"),
            ] {
                let algorithm = TokenKeyAlgorithm::from_name(name).unwrap();
                let key = TokenKey::generate(&token, name, algorithm).unwrap();
                assert_eq!(key.kind().to_string(), kind);
                std::thread::scope(|scope| {
                    for thread in 0..8u8 {
                        let key = &key;
                        scope.spawn(move || {
                            for count in 0..10u8 {
                                let message = [thread, count];
                                let signature = key.sign(&message).unwrap();
                                assert_eq!(key.public_key().verify(key.algorithm(), &message, &signature), Ok(()));
                            }
                        });
                    }
                });
                let address: TokenAddress = key.address().to_string().parse().unwrap();
                let found = TokenKey::find(&token, address).unwrap();
                assert_eq!(found.public_key(), key.public_key());
                let again = TokenKey::generate(&token, name, algorithm);
                assert!(matches!(again, Err(KeystoreError::Exists { .. })), "{again:?}");
            }
        },
    );
}

#[test]
fn a_key_that_is_not_there_or_there_twice_or_elsewhere_is_said_to_be() {
    with_token(
        "tokens::keys::a_key_that_is_not_there_or_there_twice_or_elsewhere_is_said_to_be",
        |hsm| {
            let token = Arc::new(hsm.token());
            let count = |label: &str| match TokenKey::find(&token, address(label)) {
                Err(TokenError::Keys { count, .. }) => count,
                other => panic!("{other:?}"),
            };
            assert_eq!(count("root"), 0);
            let curve = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
            foreign_pair("root", &curve);
            assert!(TokenKey::find(&token, address("root")).is_ok());
            foreign_pair("root", &curve);
            assert_eq!(count("root"), 2);
            let elsewhere = TokenAddress {
                token: "other".to_owned(),
                ..address("root")
            };
            assert!(matches!(
                TokenKey::find(&token, elsewhere),
                Err(TokenError::OtherToken { .. })
            ));
            let unnamed = TokenSettings {
                label: "other".to_owned(),
                ..hsm.settings()
            };
            let absent = Token::open(unnamed).unwrap();
            let refused = TokenKey::generate(&Arc::new(absent), "root", TokenKeyAlgorithm::P256).unwrap_err();
            assert_eq!(refused.to_string(), "no token \"other\" is in a slot");
        },
    );
}

#[test]
fn a_wrong_pin_is_tried_once_and_never_said() {
    with_token("tokens::keys::a_wrong_pin_is_tried_once_and_never_said", |hsm| {
        let settings = TokenSettings {
            pin_file: Some(hsm.private_file("wrong", "161803")),
            ..hsm.settings()
        };
        let token = Arc::new(Token::open(settings).unwrap());
        let said = TokenKey::generate(&token, "root", TokenKeyAlgorithm::P256).unwrap_err();
        let KeystoreError::Token(TokenError::Pin { reason, .. }) = &said else {
            panic!("{said:?}");
        };
        assert_eq!(reason, "CKR_PIN_INCORRECT from C_Login");
        assert!(!format!("{said} {said:?} {token:?}").contains("161803"));
        // The PIN is right now, but what was refused is not tried again by this process.
        hsm.private_file("wrong", PIN);
        let again = TokenKey::find(&token, address("root")).unwrap_err();
        assert!(matches!(again, TokenError::Pin { .. }), "{again:?}");
        let open = TokenSettings {
            pin_file: Some(hsm.folder().join("missing")),
            ..hsm.settings()
        };
        assert!(matches!(Token::open(open), Err(KeystoreError::File { .. })));
    });
}

#[test]
fn an_sm2_key_needs_the_mechanism_of_the_vendor() {
    with_token("tokens::keys::an_sm2_key_needs_the_mechanism_of_the_vendor", |hsm| {
        foreign_pair("sm2", &SM2_CURVE);
        let find = |sm2_mechanism| {
            let settings = TokenSettings {
                sm2_mechanism,
                ..hsm.settings()
            };
            Token::open(settings).map(|token| TokenKey::find(&Arc::new(token), address("sm2")))
        };
        let unset = find(None).unwrap().unwrap_err();
        assert!(matches!(unset, TokenError::NoSm2Mechanism { .. }), "{unset:?}");
        // This token knows no mechanism of that number, and says so.
        let TokenError::Refused { reason, .. } = find(Some(0x8000_0101)).unwrap().unwrap_err() else {
            panic!("a token without the mechanism signed");
        };
        assert_eq!(reason, "CKR_MECHANISM_INVALID from C_SignInit");
        // CKM_ECDSA, which would be a signature of another kind.
        let ecdsa = find(Some(0x1041)).map(drop).unwrap_err();
        assert!(matches!(ecdsa, KeystoreError::Token(TokenError::Mechanism(0x1041))));
    });
}

#[test]
fn a_library_that_is_none_is_named() {
    with_token("tokens::keys::a_library_that_is_none_is_named", |hsm| {
        for library in ["/nowhere.so", "/lib/x86_64-linux-gnu/libm.so.6"] {
            let settings = TokenSettings {
                library: library.into(),
                ..hsm.settings()
            };
            let said = Token::open(settings).unwrap_err().to_string();
            assert!(
                said.starts_with(&format!("the PKCS#11 library \"{library}\" cannot be used")),
                "{said}"
            );
        }
    });
}
