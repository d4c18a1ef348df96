//! One key file: a line with the SHA-256 of its content, then the encrypted PKCS#8 in PEM (RFC 7468, which lets text
//! stand before the first boundary). The line tells a damaged file from a wrong passphrase; a file without it, as other
//! programs write it, is read too.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use der::pem::LineEnding;
use der::{Decode, SecretDocument};
use pkcs8::{EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef};
use zeroize::Zeroizing;

use super::{KeystoreError, Passphrase};
use crate::crypto::DigestAlgorithm;
use crate::crypto::key::SoftwareKey;

const LABEL: &str = "ENCRYPTED PRIVATE KEY";
const BOUNDARY: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
const CHECK_LINE: &str = "SHA-256 of the content: ";

/// Writes a key to a file that must not be there yet.
pub(super) fn write_new(
    path: &Path,
    name: &str,
    key: &SoftwareKey,
    passphrase: &Passphrase,
) -> Result<(), KeystoreError> {
    let damaged = || KeystoreError::Damaged { name: name.to_owned() };
    let info = PrivateKeyInfoRef::try_from(key.to_pkcs8().as_slice()).map_err(|_| damaged())?;
    let sealed = info.encrypt(passphrase.as_bytes()).map_err(|_| damaged())?;
    let pem = sealed.to_pem(LABEL, LineEnding::LF).map_err(|_| damaged())?;
    let check = DigestAlgorithm::Sha256.digest(sealed.as_bytes());
    match write_private(path, &format!("{CHECK_LINE}{check:?}\n{}", pem.as_str())) {
        Err(KeystoreError::File { source, .. }) if source.kind() == ErrorKind::AlreadyExists => {
            Err(KeystoreError::Exists { name: name.to_owned() })
        }
        written => written,
    }
}

/// Reads and opens a key file.
pub(super) fn read(path: &Path, name: &str, passphrase: &Passphrase) -> Result<SoftwareKey, KeystoreError> {
    let text = match read_private(path) {
        Err(KeystoreError::File { source, .. }) if source.kind() == ErrorKind::NotFound => {
            return Err(KeystoreError::NotFound { name: name.to_owned() });
        }
        read => read?,
    };
    let damaged = || KeystoreError::Damaged { name: name.to_owned() };
    let (before, _) = text.split_once(BOUNDARY).ok_or_else(damaged)?;
    let (label, sealed) = SecretDocument::from_pem(&text[before.len()..]).map_err(|_| damaged())?;
    let check = before.lines().find_map(|line| line.strip_prefix(CHECK_LINE));
    let actual = format!("{:?}", DigestAlgorithm::Sha256.digest(sealed.as_bytes()));
    if label != LABEL || check.is_some_and(|check| check != actual) {
        return Err(damaged());
    }
    let info = EncryptedPrivateKeyInfoRef::from_der(sealed.as_bytes()).map_err(|_| damaged())?;
    let wrong = |_| KeystoreError::WrongPassphrase { name: name.to_owned() };
    let pkcs8 = info.decrypt(passphrase.as_bytes()).map_err(wrong)?;
    SoftwareKey::from_pkcs8(pkcs8.as_bytes()).map_err(|source| KeystoreError::Key {
        name: name.to_owned(),
        source,
    })
}

/// Makes a folder for its owner alone, unless it is there.
pub(super) fn make_private_folder(folder: &Path) -> Result<(), KeystoreError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|source| file_error(folder, source))
}

/// Reads a file after checking that only its owner may.
pub(super) fn read_private_bytes(path: &Path) -> Result<Zeroizing<Vec<u8>>, KeystoreError> {
    let mode = fs::metadata(path)
        .map_err(|source| file_error(path, source))?
        .permissions()
        .mode()
        & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeystoreError::LooseMode {
            file: path.display().to_string(),
            mode,
        });
    }
    fs::read(path)
        .map(Zeroizing::new)
        .map_err(|source| file_error(path, source))
}

/// Reads a text file after checking that only its owner may.
pub(super) fn read_private(path: &Path) -> Result<String, KeystoreError> {
    let bytes = read_private_bytes(path)?;
    let text =
        std::str::from_utf8(&bytes).map_err(|error| file_error(path, io::Error::new(ErrorKind::InvalidData, error)));
    text.map(str::to_owned)
}

/// Writes a new text file for its owner alone; on the disk when this returns.
pub(super) fn write_private(path: &Path, text: &str) -> Result<(), KeystoreError> {
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(|source| file_error(path, source))
}

fn file_error(path: &Path, source: io::Error) -> KeystoreError {
    KeystoreError::File {
        file: path.display().to_string(),
        source,
    }
}
