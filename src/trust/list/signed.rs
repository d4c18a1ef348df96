//! A list with its signature.

use super::jws::{self, Jws};
use super::{ListDigest, ListError, RecognitionList, SignerId};
use crate::crypto::SignatureAlgorithm;
use crate::crypto::key::{Signer, SigningError};
use crate::x509::Certificate;

/// A signed list; nothing vouches for it before [`verify`](Self::verify).
#[derive(Debug, Clone)]
pub struct SignedList(Jws);

impl SignedList {
    /// Reads a signed list in the compact or the flattened form (RFC 7515 section 7).
    ///
    /// # Errors
    /// Too long, no signed message, or one whose headers are not supported.
    pub fn parse(bytes: &[u8]) -> Result<Self, ListError> {
        Jws::parse(bytes).map(Self)
    }

    /// Signs a list; `certificates` are the signer's own and its chain.
    ///
    /// # Errors
    /// A list that is not consistent, a key that does not sign.
    pub fn sign(
        list: &RecognitionList,
        certificates: &[Certificate],
        signer: &dyn Signer,
    ) -> Result<Self, SignListError> {
        list.check()?;
        if let Some(signer) = certificates.first() {
            must_be_valid(signer, list)?;
        }
        let content = list.encode()?;
        // What others could not read, or would read as something else, is never signed.
        if RecognitionList::decode(&content)? != *list {
            return Err(ListError::ReadsOtherwise.into());
        }
        let key_id = SignerId(signer.public_key().id()).to_string();
        let text = jws::sign(&content, key_id, certificates, list.issued, signer)?;
        Ok(Self::parse(text.as_bytes())?)
    }

    /// Which list it is: the digest of what is signed.
    pub fn digest(&self) -> ListDigest {
        ListDigest::of(self.0.payload())
    }

    /// How it is signed.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.0.algorithm()
    }

    /// The content as it was signed: JSON of ETSI TS 119 602, which nothing vouches for yet.
    pub fn content(&self) -> &[u8] {
        self.0.payload()
    }

    /// The compact form.
    pub fn to_compact(&self) -> String {
        self.0.compact()
    }

    /// The certificate of who says to have signed it: the one that it carries, or the one of `known` whose key it
    /// names.
    pub fn signer<'a>(&'a self, known: &'a [Certificate]) -> Option<&'a Certificate> {
        let carried = self.0.certificates().first();
        carried.or_else(|| {
            let named = SignerId::from_hex(self.0.key_id()?)?;
            known.iter().find(|certificate| SignerId::of(certificate) == named)
        })
    }

    /// Verifies the signature with the signer's certificate and gives the list, which is consistent. Whether that
    /// signer may sign it, and whether it follows the list before, is [`Follower`](super::Follower)'s.
    ///
    /// # Errors
    /// A signature that does not match, a content that is no consistent list, a certificate that was not valid when it
    /// was made.
    pub fn verify(&self, signer: &Certificate) -> Result<RecognitionList, ListError> {
        let key = signer.public_key().map_err(|error| ListError::NotSigned {
            reason: error.to_string(),
        })?;
        self.0.verify(key)?;
        let list = RecognitionList::decode(self.0.payload())?;
        list.check()?;
        must_be_valid(signer, &list)?;
        Ok(list)
    }
}

fn must_be_valid(signer: &Certificate, list: &RecognitionList) -> Result<(), ListError> {
    match signer.validity().contains(list.issued) {
        true => Ok(()),
        false => Err(ListError::SignerNotValid { issued: list.issued }),
    }
}

/// Why a list was not signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignListError {
    /// It is not consistent.
    #[error(transparent)]
    List(#[from] ListError),
    /// The key did not sign.
    #[error(transparent)]
    Signing(#[from] SigningError),
}
