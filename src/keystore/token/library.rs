//! One PKCS#11 library of the process. The standard lets a process start a library once (PKCS#11 3.0 section 5.4), so
//! all tokens behind it share it.
//!
//! Calls hold the gate for reading; whoever connects to a token, or starts the library anew because a token has gone
//! and a running library may never see it again, holds it for writing, so that no call is under way then.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::session::UserType;
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;

use super::error::reason;
use super::pool::Connection;
use super::{TokenError, TokenSettings};
use crate::keystore::Passphrase;

/// How long a token that was not found is not looked for again, so that many callers do not restart the library in
/// turn.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(500);

static LOADED: Mutex<BTreeMap<PathBuf, Arc<Library>>> = Mutex::new(BTreeMap::new());

/// A library that is loaded. It is started when a token behind it is first used: some refuse to start while theirs is
/// away, which concerns no key but those on it.
pub(super) struct Library {
    context: Pkcs11,
    gate: RwLock<Connections>,
}

/// The tokens that are connected, by label.
#[derive(Default)]
pub(super) struct Connections {
    /// Rises whenever handles of objects may have changed.
    pub(super) generation: u64,
    by_token: HashMap<String, Connection>,
    /// When each absent token was last looked for, and what was found.
    failed: HashMap<String, (Instant, TokenError)>,
}

impl Connections {
    pub(super) fn get(&self, token: &str) -> Option<&Connection> {
        self.by_token.get(token)
    }
}

impl Library {
    /// The library in that file, loaded where it is not yet.
    pub(super) fn load(path: &Path) -> Result<Arc<Self>, TokenError> {
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(library) = loaded.get(path) {
            return Ok(Arc::clone(library));
        }
        let context = Pkcs11::new(path).map_err(|error| TokenError::Library {
            library: path.display().to_string(),
            reason: reason(&error),
        })?;
        let library = Arc::new(Self {
            context,
            gate: RwLock::default(),
        });
        loaded.insert(path.to_owned(), Arc::clone(&library));
        Ok(library)
    }

    pub(super) fn context(&self) -> &Pkcs11 {
        &self.context
    }

    /// Enters the library for calls.
    pub(super) fn enter(&self) -> RwLockReadGuard<'_, Connections> {
        self.gate.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Connects to a token anew, unless somebody has done so since `seen`. Where it is not there, or the library never
    /// started, the library is started anew once.
    pub(super) fn connect(&self, settings: &TokenSettings, pin: &Passphrase, seen: u64) -> Result<(), TokenError> {
        let mut connections = self.gate.write().unwrap_or_else(PoisonError::into_inner);
        let label = &settings.label;
        if connections.generation != seen && connections.by_token.contains_key(label) {
            return Ok(());
        }
        if let Some((at, error)) = connections.failed.get(label) {
            // A PIN that was refused is never tried again: tokens lock.
            if matches!(error, TokenError::Pin { .. }) || at.elapsed() < LOOK_AGAIN_AFTER {
                return Err(error.clone());
            }
        }
        connections.generation += 1;
        connections.by_token.remove(label);
        let mut connection = self.log_in(settings, pin);
        if connection.as_ref().is_err_and(TokenError::is_absence) {
            // Sessions are closed before the library that they belong to stops; those of other tokens are opened again
            // when they are next used.
            connections.by_token.clear();
            let started = self.restart().map_err(|error| TokenError::of(label, &error));
            connection = started.and_then(|()| self.log_in(settings, pin));
        }
        match connection {
            Ok(connection) => {
                connections.failed.remove(label);
                connections.by_token.insert(label.clone(), connection);
                Ok(())
            }
            Err(error) => {
                connections
                    .failed
                    .insert(label.clone(), (Instant::now(), error.clone()));
                Err(error)
            }
        }
    }

    fn restart(&self) -> Result<(), Error> {
        // A library that has not started, or has stopped by itself, refuses to be stopped, which is as well.
        let _ = self.context.clone().finalize();
        match self
            .context
            .initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
        {
            Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(()),
            started => started,
        }
    }

    /// Finds the token and logs in, in a session that is kept open: the others share its login.
    fn log_in(&self, settings: &TokenSettings, pin: &Passphrase) -> Result<Connection, TokenError> {
        let failed = |error: Error| TokenError::of(&settings.label, &error);
        let slot = self.slot(&settings.label)?;
        let keeper = self.context.open_ro_session(slot).map_err(failed)?;
        match keeper.login(UserType::User, Some(&AuthPin::new(Box::from(pin.as_str())))) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {
                Ok(Connection::new(slot, keeper, settings.sessions.get()))
            }
            Err(error) => Err(failed(error)),
        }
    }

    fn slot(&self, label: &str) -> Result<Slot, TokenError> {
        let absent = || TokenError::Absent {
            token: label.to_owned(),
        };
        let slots = self.context.get_slots_with_token();
        let slots = slots.map_err(|error| TokenError::of(label, &error))?;
        let labelled = |slot: &Slot| {
            self.context
                .get_token_info(*slot)
                .is_ok_and(|info| info.label() == label)
        };
        slots.into_iter().find(labelled).ok_or_else(absent)
    }
}
