//! A token that goes away in the middle, and comes back.

use std::sync::Arc;
use std::time::Duration;

use cryptoki::context::Pkcs11;
use yinxin::crypto::key::{Signer, SigningError};
use yinxin::keystore::token::{TokenKey, TokenKeyAlgorithm};

use crate::support::soft_hsm::{LABEL, SoftHsm, with_token};

/// Longer than an absent token is not looked for again.
const A_WHILE: Duration = Duration::from_millis(700);

fn signs(key: &TokenKey) -> Result<(), SigningError> {
    let signature = key.sign(b"message")?;
    assert_eq!(key.public_key().verify(key.algorithm(), b"message", &signature), Ok(()));
    Ok(())
}

#[test]
fn a_token_pulled_out_is_said_to_be_away_and_signs_again_once_it_is_back() {
    with_token(
        "tokens::absence::a_token_pulled_out_is_said_to_be_away_and_signs_again_once_it_is_back",
        |hsm| {
            let token = Arc::new(hsm.token());
            let key = TokenKey::generate(&token, "root", TokenKeyAlgorithm::P256).unwrap();
            for _ in 0..2 {
                signs(&key).unwrap();
                hsm.remove();
                for _ in 0..2 {
                    let Err(SigningError::Token { absent: true, reason }) = signs(&key) else {
                        panic!("a token that is away signed");
                    };
                    assert!(reason.contains(LABEL), "{reason}");
                }
                hsm.put_back();
                std::thread::sleep(A_WHILE);
                signs(&key).unwrap();
            }
        },
    );
}

#[test]
fn a_library_that_was_stopped_behind_our_back_is_started_again_unnoticed() {
    with_token(
        "tokens::absence::a_library_that_was_stopped_behind_our_back_is_started_again_unnoticed",
        |hsm| {
            let token = Arc::new(hsm.token());
            let key = TokenKey::generate(&token, "root", TokenKeyAlgorithm::P384).unwrap();
            signs(&key).unwrap();
            // Every session handle and object handle is invalid after this.
            Pkcs11::new(SoftHsm::library()).unwrap().finalize().unwrap();
            signs(&key).unwrap();
        },
    );
}
