//! Key files of other programs: PKCS#8 (RFC 5958) in DER or PEM, bare or encrypted by PBES2 (RFC 8018). The older forms
//! that name their algorithm in the PEM label are not read, nor is encryption by PBES1.

use std::path::PathBuf;

use der::asn1::ObjectIdentifier;
use der::{Decode, SecretDocument, Tag};
use pkcs8::EncryptedPrivateKeyInfoRef;
use zeroize::Zeroizing;

use super::{KeystoreError, Passphrase, key_file};
use crate::asn1::read::{self, Reader};
use crate::crypto::key::{PrivateKeyError, SoftwareKey};

/// PEM labels of a bare and of an encrypted key (RFC 7468 sections 10 and 11).
const BARE: &str = "PRIVATE KEY";
const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";

/// A key file that another program wrote.
pub struct ForeignKeyFile {
    /// Where it is; its owner alone may read it.
    pub path: PathBuf,
    /// What opens it, where it is encrypted.
    pub passphrase: Option<Passphrase>,
}

/// A key file of another program that gives no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForeignKeyError {
    /// Neither DER nor PEM of a key.
    #[error("it is neither PEM nor DER of PKCS#8")]
    Malformed,
    /// PEM of something else, such as the older forms of a key.
    #[error("it holds \"{0}\", where \"{BARE}\" or \"{ENCRYPTED}\" (PKCS#8) was expected")]
    Label(String),
    /// Encrypted, and no passphrase was given.
    #[error("it is encrypted, and no passphrase was given for it")]
    NoPassphrase,
    /// Encrypted under another passphrase.
    #[error("the passphrase does not open it")]
    WrongPassphrase,
    /// Encrypted in a way that is not supported.
    #[error("its encryption {0} is not supported")]
    Encryption(ObjectIdentifier),
    /// The key in it is not usable.
    #[error(transparent)]
    Key(#[from] PrivateKeyError),
}

impl ForeignKeyFile {
    /// The key in it.
    ///
    /// # Errors
    /// Where others than its owner may read the file, the passphrase does not open it, or it holds no key that signs
    /// here.
    pub fn read(&self) -> Result<SoftwareKey, KeystoreError> {
        let bytes = key_file::read_private_bytes(&self.path)?;
        self.open(&bytes).map_err(|source| KeystoreError::Foreign {
            file: self.path.display().to_string(),
            source,
        })
    }

    fn open(&self, bytes: &[u8]) -> Result<SoftwareKey, ForeignKeyError> {
        let der = pkcs8_der(bytes)?;
        let Some(scheme) = encryption_scheme(&der) else {
            return Ok(SoftwareKey::from_pkcs8(&der)?);
        };
        let encrypted = EncryptedPrivateKeyInfoRef::from_der(&der).map_err(|_| ForeignKeyError::Encryption(scheme))?;
        let passphrase = self.passphrase.as_ref().ok_or(ForeignKeyError::NoPassphrase)?;
        let opened = encrypted.decrypt(passphrase.as_bytes()).map_err(|error| match error {
            pkcs8::Error::EncryptedPrivateKey(pkcs5) => decryption_error(pkcs5, scheme),
            // What a wrong passphrase leaves may by chance be padded as it should be, but is no DER.
            _ => ForeignKeyError::WrongPassphrase,
        })?;
        Ok(SoftwareKey::from_pkcs8(opened.as_bytes())?)
    }
}

/// The DER of a `PrivateKeyInfo` or an `EncryptedPrivateKeyInfo`.
fn pkcs8_der(bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, ForeignKeyError> {
    if bytes.first() == Some(&0x30) {
        return Ok(Zeroizing::new(bytes.to_vec()));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| ForeignKeyError::Malformed)?;
    // Text may stand before the first boundary (RFC 7468 section 2).
    let start = text.find("-----BEGIN ").ok_or(ForeignKeyError::Malformed)?;
    let label = text[start..].lines().next().unwrap_or_default();
    let label = label.trim_start_matches("-----BEGIN ").trim_end_matches('-');
    if ![BARE, ENCRYPTED].contains(&label) {
        return Err(ForeignKeyError::Label(label.to_owned()));
    }
    let (_, document) = SecretDocument::from_pem(&text[start..]).map_err(|_| ForeignKeyError::Malformed)?;
    Ok(Zeroizing::new(document.as_bytes().to_vec()))
}

/// The algorithm of an `EncryptedPrivateKeyInfo` (RFC 5958 section 3); `None` of a bare key, which begins with a
/// number.
fn encryption_scheme(der: &[u8]) -> Option<ObjectIdentifier> {
    let scheme = read::sequence(der, |r| {
        let algorithm = Reader::new(r.contents(Tag::Sequence)?)?.oid()?;
        r.octet_string()?;
        Ok::<_, der::Error>(algorithm)
    });
    scheme.ok()
}

fn decryption_error(error: pkcs8::pkcs5::Error, scheme: ObjectIdentifier) -> ForeignKeyError {
    use pkcs8::pkcs5::Error;
    match error {
        Error::UnsupportedAlgorithm { oid } | Error::AlgorithmParametersInvalid { oid } => {
            ForeignKeyError::Encryption(oid)
        }
        Error::NoPbes1CryptSupport => ForeignKeyError::Encryption(scheme),
        _ => ForeignKeyError::WrongPassphrase,
    }
}
