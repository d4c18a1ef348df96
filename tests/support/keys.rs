//! Private keys that OpenSSL makes, in files that are then imported.

use std::path::{Path, PathBuf};

use yinxin::keystore::{ForeignKeyFile, Passphrase};

use super::judges::run;

/// A new key of an algorithm of `openssl genpkey`, in PEM, bare, readable by its owner alone.
pub(crate) fn openssl_key(folder: &Path, name: &str, algorithm: &str, options: &[&str]) -> PathBuf {
    let mut generate = vec!["genpkey", "-algorithm", algorithm, "-out", name];
    for option in options {
        generate.extend(["-pkeyopt", option]);
    }
    let made = run(folder, "openssl", &generate);
    assert!(made.accepted, "{}", made.said);
    folder.join(name)
}

/// A key file of another program, with what opens it.
pub(crate) fn foreign(path: &Path, passphrase: Option<&str>) -> ForeignKeyFile {
    ForeignKeyFile {
        path: path.to_owned(),
        passphrase: passphrase.map(|text| Passphrase::new(text.to_owned()).unwrap()),
    }
}
