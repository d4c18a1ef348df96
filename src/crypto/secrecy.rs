//! Keeping personal data secret at rest: AES-256 in Galois/Counter Mode (NIST SP 800-38D) under a secret of the
//! keystore.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::RandomError;

/// Data that could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the encrypted data were altered, or belong to another key or place")]
pub struct OpenError;

/// Encrypts `plain` for one place: a random nonce of 12 bytes, the ciphertext, a tag of 16 bytes.
///
/// `place` is what the data belong to (a table and row, say); they open only under the same.
///
/// # Errors
/// Where the random source fails.
pub fn encrypt(secret: &[u8; 32], place: &[u8], plain: &[u8]) -> Result<Vec<u8>, RandomError> {
    let mut nonce = [0; NONCE_LEN];
    super::random(&mut nonce)?;
    let mut body = plain.to_vec();
    key(secret)
        .ok_or(RandomError)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), &mut body)
        .map_err(|_| RandomError)?;
    Ok([&nonce[..], &body].concat())
}

/// Opens what [`encrypt`] made.
///
/// # Errors
/// Where it was altered, or belongs to another secret or place.
pub fn decrypt(secret: &[u8; 32], place: &[u8], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or(OpenError)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| OpenError)?;
    let mut body = body.to_vec();
    let opened = key(secret)
        .ok_or(OpenError)?
        .open_in_place(nonce, Aad::from(place), &mut body)
        .map_err(|_| OpenError)?;
    Ok(opened.to_vec())
}

fn key(secret: &[u8; 32]) -> Option<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, secret).ok().map(LessSafeKey::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_open_only_unaltered_and_in_their_place() {
        let secret = [7; 32];
        let sealed = encrypt(&secret, b"row 1", "张三".as_bytes()).unwrap();
        assert_eq!(decrypt(&secret, b"row 1", &sealed), Ok("张三".as_bytes().to_vec()));
        assert_eq!(decrypt(&secret, b"row 2", &sealed), Err(OpenError));
        assert_eq!(decrypt(&[8; 32], b"row 1", &sealed), Err(OpenError));
        for index in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[index] ^= 1;
            assert_eq!(decrypt(&secret, b"row 1", &altered), Err(OpenError), "byte {index}");
        }
        assert_eq!(decrypt(&secret, b"row 1", &sealed[..11]), Err(OpenError));
    }
}
