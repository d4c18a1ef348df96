//! A key on a token, as a [`Signer`].

use std::sync::{Arc, Mutex, PoisonError};

use cryptoki::error::Error;
use cryptoki::mechanism::vendor_defined::VendorDefinedMechanism;
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::ObjectHandle;
use cryptoki::session::Session;

use super::{Token, TokenAddress, TokenError, TokenKeyAlgorithm, objects};
use crate::crypto::key::{Signer, SigningError, bare_input, from_bare};
use crate::crypto::{KeyKind, PublicKey, SignatureAlgorithm};
use crate::keystore::KeystoreError;

/// Octets of the `CKA_ID` of a key that is made here: random, so that it tells any two keys apart.
const ID_LEN: usize = 16;

/// A private key that never leaves its token.
pub struct TokenKey {
    token: Arc<Token>,
    address: TokenAddress,
    public_key: PublicKey,
    mechanism: Bare,
    /// Its handle, with the generation of the connection that it holds for.
    handle: Mutex<Option<(u64, ObjectHandle)>>,
}

impl TokenKey {
    /// Makes a key on the token.
    ///
    /// # Errors
    /// Where a key of that label is there already, or the token is absent or refuses.
    pub fn generate(token: &Arc<Token>, label: &str, algorithm: TokenKeyAlgorithm) -> Result<Self, KeystoreError> {
        let mut address = TokenAddress {
            token: token.label().to_owned(),
            label: label.to_owned(),
            id: None,
        };
        if !token
            .perform(|session, _| objects::private_keys(session, &address))?
            .is_empty()
        {
            return Err(KeystoreError::Exists { name: label.to_owned() });
        }
        let mut id = vec![0; ID_LEN];
        crate::crypto::random(&mut id)?;
        token.write(|session| objects::generate(session, algorithm, label, &id))?;
        address.id = Some(id);
        Ok(Self::find(token, address)?)
    }

    /// The key at that address. It signs once, to see that its halves belong together and its mechanism is the right
    /// one.
    ///
    /// # Errors
    /// Where the token is absent or another, holds no such key or several, or what it signs does not verify.
    pub fn find(token: &Arc<Token>, address: TokenAddress) -> Result<Self, TokenError> {
        if address.token != token.label() {
            return Err(TokenError::OtherToken {
                asked: address.token,
                token: token.label().to_owned(),
            });
        }
        let (count, attributes) = token.perform(|session, _| {
            let count = objects::private_keys(session, &address)?.len();
            Ok((count, objects::public_attributes(session, &address)?))
        })?;
        if count != 1 {
            let (token, label) = (address.token, address.label);
            return Err(TokenError::Keys { token, label, count });
        }
        let public_key = objects::public_key(&address, &attributes)?;
        let key = Self {
            mechanism: Bare::of(token, &address, public_key.kind())?,
            token: Arc::clone(token),
            address,
            public_key,
            handle: Mutex::default(),
        };
        let challenge = [0x5a; 32];
        let signature = key.signature(&challenge)?;
        match key.public_key.verify(key.algorithm(), &challenge, &signature) {
            Ok(()) => Ok(key),
            Err(_) => Err(key.own_signature()),
        }
    }

    /// Where it is.
    pub fn address(&self) -> &TokenAddress {
        &self.address
    }

    fn signature(&self, message: &[u8]) -> Result<Vec<u8>, TokenError> {
        let input = bare_input(&self.public_key, message).ok_or_else(|| self.own_signature())?;
        let answer = self.token.perform(|session, generation| {
            let handle = self.handle(session, generation)?;
            session.sign(&self.mechanism.mechanism(), handle, &input)
        })?;
        from_bare(self.kind(), answer).ok_or_else(|| self.own_signature())
    }

    /// Its handle in this generation, looked up once.
    fn handle(&self, session: &Session, generation: u64) -> Result<ObjectHandle, Error> {
        let lock = || self.handle.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, handle)) = lock().filter(|(of, _)| *of == generation) {
            return Ok(handle);
        }
        let found = objects::private_keys(session, &self.address)?;
        // A key that was there and is not has gone with its token.
        let gone = Error::Pkcs11(
            cryptoki::error::RvError::KeyHandleInvalid,
            cryptoki::context::Function::FindObjects,
        );
        let handle = *found.first().ok_or(gone)?;
        *lock() = Some((generation, handle));
        Ok(handle)
    }

    fn own_signature(&self) -> TokenError {
        TokenError::OwnSignature {
            label: self.address.label.clone(),
        }
    }
}

impl Signer for TokenKey {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.kind().signature_algorithm()
    }

    fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        self.signature(message).map_err(|error| SigningError::Token {
            absent: error.is_absence(),
            reason: error.to_string(),
        })
    }
}

impl std::fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenKey")
            .field("address", &self.address.to_string())
            .finish_non_exhaustive()
    }
}

/// The mechanism that gives bare signatures of a kind of key.
#[derive(Debug, Clone, Copy)]
enum Bare {
    Ecdsa,
    RsaPkcs,
    Vendor(MechanismType),
}

impl Bare {
    fn of(token: &Token, address: &TokenAddress, kind: KeyKind) -> Result<Self, TokenError> {
        match kind {
            KeyKind::P256 | KeyKind::P384 => Ok(Self::Ecdsa),
            KeyKind::Rsa { .. } => Ok(Self::RsaPkcs),
            KeyKind::P521 | KeyKind::BrainpoolP256 | KeyKind::BrainpoolP384 | KeyKind::Ed25519 => {
                Err(TokenError::Algorithm(kind.to_string()))
            }
            KeyKind::Sm2 => {
                let label = address.label.clone();
                let number = token.settings.sm2_mechanism;
                let number = number.ok_or(TokenError::NoSm2Mechanism { label })?;
                let mechanism = MechanismType::new_vendor_defined(number);
                mechanism.map(Self::Vendor).map_err(|_| TokenError::Mechanism(number))
            }
        }
    }

    fn mechanism(self) -> Mechanism<'static> {
        match self {
            Self::Ecdsa => Mechanism::Ecdsa,
            Self::RsaPkcs => Mechanism::RsaPkcs,
            Self::Vendor(mechanism) => Mechanism::VendorDefined(VendorDefinedMechanism::new::<()>(mechanism, None)),
        }
    }
}
