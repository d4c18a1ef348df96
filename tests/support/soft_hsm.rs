//! SoftHSM 2: a token in a folder of the test. The library reads its configuration from the environment of the process,
//! so a test of it runs in a process of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use yinxin::keystore::token::{Token, TokenSettings};

use super::TempFolder;
use super::judges::run;

/// Label of the token and the PIN of its user.
pub(crate) const LABEL: &str = "城市 HSM";
pub(crate) const PIN: &str = "271828";

/// Where the configuration is, and at the same time the sign of being in a process of its own.
const CONFIGURATION: &str = "SOFTHSM2_CONF";

/// A token, in the process that uses it.
pub(crate) struct SoftHsm {
    folder: PathBuf,
}

/// Runs `test`, whose full name is `name`, in a process of its own with a new token.
pub(crate) fn with_token(name: &str, test: impl FnOnce(&SoftHsm)) {
    let configured = std::env::var_os(CONFIGURATION).map(PathBuf::from);
    if let Some(folder) = configured.as_deref().and_then(Path::parent) {
        return test(&SoftHsm {
            folder: folder.to_owned(),
        });
    }
    let folder = TempFolder::new("soft-hsm");
    let tokens = folder.path().join("tokens");
    std::fs::create_dir(&tokens).unwrap();
    let text = format!("directories.tokendir = {}\nlog.level = ERROR\n", tokens.display());
    let configuration = folder.path().join("softhsm2.conf");
    std::fs::write(&configuration, text).unwrap();
    let make = [
        "--init-token",
        "--free",
        "--label",
        LABEL,
        "--pin",
        PIN,
        "--so-pin",
        "314159",
    ];
    let made = Command::new("softhsm2-util")
        .args(make)
        .env(CONFIGURATION, &configuration)
        .output()
        .expect("softhsm2-util: tools/setup installs it");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(CONFIGURATION, &configuration)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(
        child.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&child.stderr)
    );
}

impl SoftHsm {
    /// The library, where Debian puts it.
    pub(crate) fn library() -> PathBuf {
        PathBuf::from("/usr/lib/softhsm/libsofthsm2.so")
    }

    /// A file of the test, readable by its owner alone.
    pub(crate) fn private_file(&self, name: &str, text: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let path = self.folder.join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// The folder of the test.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn settings(&self) -> TokenSettings {
        TokenSettings {
            library: Self::library(),
            label: LABEL.to_owned(),
            pin_file: Some(self.private_file("pin", PIN)),
            sessions: 2.try_into().unwrap(),
            sm2_mechanism: None,
        }
    }

    pub(crate) fn token(&self) -> Token {
        Token::open(self.settings()).unwrap()
    }

    /// Pulls the token out.
    pub(crate) fn remove(&self) {
        std::fs::rename(self.folder.join("tokens"), self.folder.join("away")).unwrap();
        std::fs::create_dir(self.folder.join("tokens")).unwrap();
    }

    /// Puts it back.
    pub(crate) fn put_back(&self) {
        std::fs::remove_dir_all(self.folder.join("tokens")).unwrap();
        std::fs::rename(self.folder.join("away"), self.folder.join("tokens")).unwrap();
    }

    /// What OpenSSL says of files of the test.
    pub(crate) fn openssl(&self, arguments: &[&str]) -> (bool, String) {
        let verdict = run(&self.folder, "openssl", arguments);
        (verdict.accepted, verdict.said)
    }
}
