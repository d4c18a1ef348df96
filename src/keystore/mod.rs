//! Named private keys in a folder of key files, and the `Signer`s over them.
//!
//! A key is a file `NAME.key`: an encrypted PKCS#8 in PEM (RFC 5958, RFC 8018: scrypt and AES-256) under one passphrase
//! for the folder, readable by its owner alone. Keys are opened on first use and kept open; above this module they are
//! only ever named. A key that was made elsewhere comes in from a [`ForeignKeyFile`]. Keys on a PKCS#11 token are in
//! [`token`]. Left out: devices of GM/T 0018, which would give `Signer`s in the same way.

mod foreign;
mod key_file;
mod passphrase;
pub mod token;

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroizing;

pub use foreign::{ForeignKeyError, ForeignKeyFile};
pub use passphrase::{PASSPHRASE_VARIABLE, Passphrase};

use crate::crypto::key::{KeyAlgorithm, PrivateKeyError, Signer, SoftwareKey};
use crate::crypto::{RandomError, hmac_sha256};
use crate::problem::{Explain, Problem};

use self::token::{Token, TokenAddress, TokenError, TokenKey, TokenKeyAlgorithm};

/// A key or a passphrase that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeystoreError {
    /// No key file of that name.
    #[error("there is no key \"{name}\"")]
    NotFound {
        /// Name of the key.
        name: String,
    },
    /// A key of that name is there already; it is never overwritten.
    #[error("key \"{name}\" exists already")]
    Exists {
        /// Name of the key.
        name: String,
    },
    /// A name with other characters than lower-case letters, digits, hyphen and dot.
    #[error("key name \"{name}\" may hold only a-z, 0-9, hyphen and dot")]
    Name {
        /// The name that was asked for.
        name: String,
    },
    /// The file is whole, the passphrase does not open it.
    #[error("the passphrase does not open key \"{name}\"")]
    WrongPassphrase {
        /// Name of the key.
        name: String,
    },
    /// The file is not what was written.
    #[error("key file \"{name}\" is damaged")]
    Damaged {
        /// Name of the key.
        name: String,
    },
    /// Others than the owner may read or write the file.
    #[error("file \"{file}\" has mode {mode:03o}, which lets others read it; it must be 600")]
    LooseMode {
        /// The file.
        file: String,
        /// Its permission bits.
        mode: u32,
    },
    /// The passphrase or PIN is empty, or none was given.
    #[error("no passphrase: name a file, or set {variable}")]
    NoPassphrase {
        /// The environment variable that may hold it.
        variable: &'static str,
    },
    /// A file could not be read or written.
    #[error("file \"{file}\": {source}")]
    File {
        /// The file.
        file: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// The key itself is not usable.
    #[error("key \"{name}\": {source}")]
    Key {
        /// Name of the key.
        name: String,
        /// Why.
        source: PrivateKeyError,
    },
    /// A key file of another program that gives no key.
    #[error("key file \"{file}\": {source}")]
    Foreign {
        /// The file.
        file: String,
        /// Why.
        source: ForeignKeyError,
    },
    /// A key on a token that cannot be used.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// A key on a token, and no token is configured.
    #[error("no token is configured")]
    NoToken,
    /// The random source failed.
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl Explain for KeystoreError {
    fn problems(&self) -> Vec<Problem> {
        vec![match self {
            Self::NotFound { name } => Problem::new("key-not-found").param("name", name),
            Self::Exists { name } => Problem::new("key-exists").param("name", name),
            Self::Name { name } => Problem::new("key-name").param("name", name),
            Self::WrongPassphrase { name } => Problem::new("key-wrong-passphrase").param("name", name),
            Self::Damaged { name } => Problem::new("key-damaged").param("name", name),
            Self::LooseMode { file, mode } => Problem::new("key-loose-mode")
                .param("file", file)
                .param("mode", format!("{mode:03o}")),
            Self::NoPassphrase { variable } => Problem::new("key-no-passphrase").param("variable", variable),
            Self::File { file, source } => Problem::of_file(file, source),
            Self::Key { name, source } => Problem::new("key-unusable").param("name", name).param("reason", source),
            Self::Foreign { file, source } => Problem::new("key-foreign").param("file", file).param("reason", source),
            Self::Token(error) if error.is_absence() => Problem::new("token-absent").param("reason", error),
            Self::Token(error) => Problem::new("token-unusable").param("reason", error),
            Self::NoToken => Problem::new("token-not-configured"),
            Self::Random(_) => Problem::new("random-failed"),
        }]
    }
}

/// A folder of key files under one passphrase.
pub struct Keystore {
    folder: PathBuf,
    passphrase: Passphrase,
    opened: Mutex<HashMap<String, Arc<SoftwareKey>>>,
    /// Held while a key file is opened: scrypt is made to take much memory, and takes it once.
    opening: Mutex<()>,
    token: Option<Arc<Token>>,
    on_token: Mutex<HashMap<TokenAddress, Arc<TokenKey>>>,
}

impl Keystore {
    /// The keystore in `folder`; makes the folder, for its owner alone, where there is none.
    ///
    /// # Errors
    /// Where the folder can be neither found nor made.
    pub fn open(folder: PathBuf, passphrase: Passphrase) -> Result<Self, KeystoreError> {
        key_file::make_private_folder(&folder)?;
        Ok(Self {
            folder,
            passphrase,
            opened: Mutex::default(),
            opening: Mutex::default(),
            token: None,
            on_token: Mutex::default(),
        })
    }

    /// With a token beside the folder.
    #[must_use]
    pub fn with_token(mut self, token: Option<Token>) -> Self {
        self.token = token.map(Arc::new);
        self
    }

    /// Makes a key on the token, labelled `name`.
    ///
    /// # Errors
    /// Where no token is configured, the name is taken or not allowed, or the token is absent or refuses.
    pub fn create_on_token(&self, name: &str, algorithm: TokenKeyAlgorithm) -> Result<Arc<TokenKey>, KeystoreError> {
        if self.path(name)?.exists() {
            return Err(KeystoreError::Exists { name: name.to_owned() });
        }
        let key = Arc::new(TokenKey::generate(self.token()?, name, algorithm)?);
        self.keep_on_token(&key);
        Ok(key)
    }

    /// The key on the token with that label, and that `CKA_ID` where one is given.
    ///
    /// # Errors
    /// Where no token is configured, or as [`TokenKey::find`].
    pub fn labelled_on_token(&self, label: &str, id: Option<Vec<u8>>) -> Result<Arc<TokenKey>, KeystoreError> {
        self.on_token(&TokenAddress {
            token: self.token()?.label().to_owned(),
            label: label.to_owned(),
            id,
        })
    }

    /// The key at that address.
    ///
    /// # Errors
    /// Where no token is configured, or as [`TokenKey::find`].
    pub fn on_token(&self, address: &TokenAddress) -> Result<Arc<TokenKey>, KeystoreError> {
        let kept = self.on_token.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = kept.get(address) {
            return Ok(Arc::clone(key));
        }
        drop(kept);
        let key = Arc::new(TokenKey::find(self.token()?, address.clone())?);
        self.keep_on_token(&key);
        Ok(key)
    }

    fn token(&self) -> Result<&Arc<Token>, KeystoreError> {
        self.token.as_ref().ok_or(KeystoreError::NoToken)
    }

    fn keep_on_token(&self, key: &Arc<TokenKey>) {
        self.on_token
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key.address().clone(), Arc::clone(key));
    }

    /// Makes a key and its file.
    ///
    /// # Errors
    /// Where the name is taken or not allowed, or the file cannot be written whole.
    pub fn create(&self, name: &str, algorithm: impl Into<KeyAlgorithm>) -> Result<Arc<SoftwareKey>, KeystoreError> {
        let key = Arc::new(SoftwareKey::generate(algorithm).map_err(|source| KeystoreError::Key {
            name: name.to_owned(),
            source,
        })?);
        self.add(name, &key)?;
        Ok(key)
    }

    /// Takes in a key that was made elsewhere, under a name of ours. The same key under its name again is no error, so
    /// that what was broken off can be repeated.
    ///
    /// # Errors
    /// Where another key has the name, the name is not allowed, or the file cannot be written whole.
    pub fn import(&self, name: &str, key: &Arc<SoftwareKey>) -> Result<(), KeystoreError> {
        match self.add(name, key) {
            Err(KeystoreError::Exists { .. }) if self.key(name)?.public_key() == key.public_key() => Ok(()),
            added => added,
        }
    }

    /// The key of that name.
    ///
    /// # Errors
    /// Where there is none, the passphrase does not open it, its file is damaged or readable by others.
    pub fn key(&self, name: &str) -> Result<Arc<SoftwareKey>, KeystoreError> {
        if let Some(key) = self.opened(name) {
            return Ok(key);
        }
        let _alone = self.opening.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = self.opened(name) {
            return Ok(key);
        }
        let key = Arc::new(key_file::read(&self.path(name)?, name, &self.passphrase)?);
        self.keep(name, &key);
        Ok(key)
    }

    /// The key of that name, made where there is none.
    ///
    /// # Errors
    /// As [`Self::key`] and [`Self::create`]; the name is taken where its key is of another algorithm.
    pub fn key_or_create(
        &self,
        name: &str,
        algorithm: impl Into<KeyAlgorithm>,
    ) -> Result<Arc<SoftwareKey>, KeystoreError> {
        let algorithm = algorithm.into();
        let found = match self.key(name) {
            Err(KeystoreError::NotFound { .. }) => match self.create(name, algorithm) {
                // Somebody else was first.
                Err(KeystoreError::Exists { .. }) => self.key(name),
                created => return created,
            },
            found => found,
        };
        match found {
            Ok(found) if found.kind() != algorithm.kind() => Err(KeystoreError::Exists { name: name.to_owned() }),
            found => found,
        }
    }

    /// A secret of 32 bytes for `purpose`, derived from the key of that name: for sealing personal data and for look-up
    /// hashes. Another purpose gives an unrelated secret.
    ///
    /// # Errors
    /// As [`Self::key_or_create`].
    pub fn secret(&self, name: &str, purpose: &str) -> Result<Zeroizing<[u8; 32]>, KeystoreError> {
        let key = self.key_or_create(name, KeyAlgorithm::P256)?;
        Ok(Zeroizing::new(hmac_sha256(key.to_pkcs8(), purpose.as_bytes())))
    }

    /// Writes a new key to its file and keeps it.
    fn add(&self, name: &str, key: &Arc<SoftwareKey>) -> Result<(), KeystoreError> {
        key_file::write_new(&self.path(name)?, name, key, &self.passphrase)?;
        self.keep(name, key);
        Ok(())
    }

    fn opened(&self, name: &str) -> Option<Arc<SoftwareKey>> {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.get(name).map(Arc::clone)
    }

    fn keep(&self, name: &str, key: &Arc<SoftwareKey>) {
        self.opened
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name.to_owned(), Arc::clone(key));
    }

    fn path(&self, name: &str) -> Result<PathBuf, KeystoreError> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.';
        if name.is_empty() || name.starts_with('.') || !name.bytes().all(allowed) {
            return Err(KeystoreError::Name { name: name.to_owned() });
        }
        Ok(self.folder.join(format!("{name}.key")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("yinxin-keystore-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    fn keystore(folder: &std::path::Path, passphrase: &str) -> Keystore {
        Keystore::open(folder.to_owned(), Passphrase::new(passphrase.to_owned()).unwrap()).unwrap()
    }

    #[test]
    fn a_key_is_the_same_after_a_restart() {
        let folder = folder("restart");
        for algorithm in KeyAlgorithm::ALL {
            let made = keystore(&folder, "pass").create(algorithm.name(), algorithm).unwrap();
            let found = keystore(&folder, "pass").key(algorithm.name()).unwrap();
            assert_eq!(made.public_key(), found.public_key());
        }
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn wrong_passphrase_loose_mode_damage_and_absence_are_told_apart() {
        let folder = folder("errors");
        keystore(&folder, "pass").create("root", KeyAlgorithm::P256).unwrap();
        let path = folder.join("root.key");
        let failure = |passphrase| keystore(&folder, passphrase).key("root").map(|_| ()).unwrap_err();

        assert!(matches!(failure("wrong"), KeystoreError::WrongPassphrase { .. }));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(failure("pass"), KeystoreError::LooseMode { mode: 0o640, .. }));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();

        let mut text = fs::read_to_string(&path).unwrap();
        let middle = text.len() - 120;
        let replacement = if &text[middle..=middle] == "A" { "B" } else { "A" };
        text.replace_range(middle..=middle, replacement);
        fs::write(&path, text).unwrap();
        assert!(matches!(failure("pass"), KeystoreError::Damaged { .. }));

        assert!(matches!(
            keystore(&folder, "pass").key("other"),
            Err(KeystoreError::NotFound { .. })
        ));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_key_is_never_overwritten_and_a_name_never_leaves_the_folder() {
        let folder = folder("names");
        let keystore = keystore(&folder, "pass");
        keystore.create("root", KeyAlgorithm::Sm2).unwrap();
        assert!(matches!(
            keystore.create("root", KeyAlgorithm::Sm2),
            Err(KeystoreError::Exists { .. })
        ));
        for name in ["../root", "", "a/b", ".hidden", "ROOT", "根"] {
            assert!(
                matches!(
                    keystore.create(name, KeyAlgorithm::Sm2),
                    Err(KeystoreError::Name { .. })
                ),
                "{name}"
            );
        }
        fs::remove_dir_all(folder).unwrap();
    }
}
