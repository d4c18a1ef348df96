//! The passphrase of the key files: from a file that its owner alone may read, or from the environment.

use std::path::Path;

use zeroize::Zeroizing;

use super::{KeystoreError, key_file};

/// The variable that holds the passphrase where no file is named.
pub const PASSPHRASE_VARIABLE: &str = "YINXIN_PASSPHRASE";

/// A passphrase; wiped when dropped, never printed.
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Takes a passphrase.
    ///
    /// # Errors
    /// Where it is empty.
    pub fn new(text: String) -> Result<Self, KeystoreError> {
        if text.is_empty() {
            Err(KeystoreError::NoPassphrase {
                variable: PASSPHRASE_VARIABLE,
            })
        } else {
            Ok(Self(Zeroizing::new(text)))
        }
    }

    /// The first line of a file of mode 600.
    ///
    /// # Errors
    /// Where the file cannot be read, is readable by others, or is empty.
    pub fn from_file(path: &Path) -> Result<Self, KeystoreError> {
        let text = Zeroizing::new(key_file::read_private(path)?);
        Self::new(text.lines().next().unwrap_or_default().to_owned())
    }

    /// The value of [`PASSPHRASE_VARIABLE`].
    ///
    /// # Errors
    /// Where it is not set or empty.
    pub fn from_environment() -> Result<Self, KeystoreError> {
        Self::from_variable(PASSPHRASE_VARIABLE)
    }

    /// The value of an environment variable.
    pub(super) fn from_variable(variable: &'static str) -> Result<Self, KeystoreError> {
        let missing = |_| KeystoreError::NoPassphrase { variable };
        std::env::var(variable).map_err(missing).and_then(Self::new)
    }

    /// The passphrase in `path`; where there is no such file yet, a new random one is made and written to it.
    ///
    /// # Errors
    /// As [`Self::from_file`], or where the file cannot be written.
    pub fn from_file_or_new(path: &Path) -> Result<Self, KeystoreError> {
        if path.exists() {
            return Self::from_file(path);
        }
        let mut bytes = Zeroizing::new([0u8; 24]);
        crate::crypto::random(bytes.as_mut())?;
        let text = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, bytes.as_slice());
        key_file::write_private(path, &format!("{text}\n"))?;
        Self::new(text)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase(..)")
    }
}
