//! Keys in a PKCS#11 token (OASIS PKCS#11 3.0): a hardware security module, a card, SoftHSM.
//!
//! A [`Token`] is found by its label and opened when it is first used; sessions are pooled. Where it goes away in the
//! middle, what is asked of it fails with a [`TokenError`] that says so, and it is used again once it is back. A
//! [`TokenKey`] signs like any other key: digests are computed here, the token computes the bare signature. P-256,
//! P-384 and RSA of 2048 to 4096 bits sign by the mechanisms of the standard, SM2 by the mechanism of the vendor whose
//! number is configured. Left out: Ed25519, which few tokens have, and tokens that ask for the PIN on a keypad of their
//! own.

mod address;
mod error;
mod key;
mod library;
mod objects;
mod pool;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use cryptoki::error::Error;
use cryptoki::session::Session;
use serde::Deserialize;

pub use address::TokenAddress;
pub use error::TokenError;
pub use key::TokenKey;
pub use objects::TokenKeyAlgorithm;

use self::library::Library;
use super::{KeystoreError, Passphrase};

/// The variable that holds the PIN where no file is named.
pub const PIN_VARIABLE: &str = "YINXIN_TOKEN_PIN";

/// First mechanism number that is left to vendors, `CKM_VENDOR_DEFINED`.
const FIRST_OF_VENDORS: u64 = 0x8000_0000;

/// Which token holds keys of ours.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenSettings {
    /// The PKCS#11 library of its maker.
    pub library: PathBuf,
    /// Its label.
    pub label: String,
    /// File with the PIN of its user, mode 600; else the environment variable is read.
    pub pin_file: Option<PathBuf>,
    /// Most sessions at a time beside the one that keeps the login.
    #[serde(default = "usual_sessions")]
    pub sessions: NonZeroUsize,
    /// Number of the vendor's mechanism that signs a digest of 32 octets with an SM2 key and gives r‖s.
    pub sm2_mechanism: Option<u64>,
}

/// As many signatures at a time as the threads of a common machine ask for.
fn usual_sessions() -> NonZeroUsize {
    const { NonZeroUsize::new(8).unwrap() }
}

/// A token with the PIN that opens it.
pub struct Token {
    settings: TokenSettings,
    pin: Passphrase,
    library: Arc<Library>,
}

impl Token {
    /// Loads the library. The token itself need not be there yet.
    ///
    /// # Errors
    /// Where the PIN cannot be read, a mechanism number is none of a vendor, or the library cannot be used.
    pub fn open(settings: TokenSettings) -> Result<Self, KeystoreError> {
        if let Some(number) = settings.sm2_mechanism.filter(|number| *number < FIRST_OF_VENDORS) {
            return Err(TokenError::Mechanism(number).into());
        }
        let pin = match &settings.pin_file {
            Some(path) => Passphrase::from_file(path)?,
            None => Passphrase::from_variable(PIN_VARIABLE)?,
        };
        let library = Library::load(&settings.library)?;
        Ok(Self { settings, pin, library })
    }

    /// Its label.
    pub fn label(&self) -> &str {
        &self.settings.label
    }

    /// Runs `work` in a session of the pool. Where the token has been lost it is connected to anew, and `work` done
    /// once more.
    ///
    /// `work` is told the generation of the connection: handles of objects hold for one.
    fn perform<T>(&self, work: impl Fn(&Session, u64) -> Result<T, Error>) -> Result<T, TokenError> {
        let (seen, first) = self.attempt(&work);
        match first {
            Some(Err(error)) if !error.is_absence() => Err(error),
            Some(Ok(done)) => Ok(done),
            lost_or_never_connected => {
                self.library.connect(&self.settings, &self.pin, seen)?;
                let (_, again) = self.attempt(&work);
                // Lost once more between the two calls: as it was lost before.
                again.or(lost_or_never_connected).unwrap_or_else(|| Err(self.absent()))
            }
        }
    }

    /// The generation, and what came of it; `None` where the token is not connected.
    fn attempt<T>(&self, work: impl Fn(&Session, u64) -> Result<T, Error>) -> (u64, Option<Result<T, TokenError>>) {
        let connections = self.library.enter();
        let generation = connections.generation;
        let done = connections.get(self.label()).map(|connection| {
            let done = connection.with_session(self.library.context(), |session| work(session, generation));
            done.map_err(|error| TokenError::of(self.label(), &error))
        });
        (generation, done)
    }

    /// Runs `work` in a session of its own that may write.
    fn write<T>(&self, work: impl FnOnce(&Session) -> Result<T, Error>) -> Result<T, TokenError> {
        // Any call connects, and finds out whether the token is still there.
        self.perform(|session, _| session.get_session_info().map(drop))?;
        let failed = |error: Error| TokenError::of(self.label(), &error);
        let connections = self.library.enter();
        let connection = connections.get(self.label()).ok_or_else(|| self.absent())?;
        let session = self
            .library
            .context()
            .open_rw_session(connection.slot())
            .map_err(failed)?;
        work(&session).map_err(failed)
    }

    fn absent(&self) -> TokenError {
        TokenError::Absent {
            token: self.label().to_owned(),
        }
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token")
            .field("library", &self.settings.library)
            .field("label", &self.settings.label)
            .finish_non_exhaustive()
    }
}
