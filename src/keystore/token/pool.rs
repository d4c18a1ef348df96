//! The sessions with one token. A session serves one call at a time and its opening costs a round trip, so they are
//! kept.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use cryptoki::context::Pkcs11;
use cryptoki::error::{Error, RvError};
use cryptoki::session::Session;
use cryptoki::slot::Slot;

/// A token that we are logged in to.
pub(super) struct Connection {
    slot: Slot,
    /// Open as long as the connection: the login ends with the last session.
    _keeper: Mutex<Session>,
    most: usize,
    sessions: Mutex<Sessions>,
    returned: Condvar,
}

#[derive(Default)]
struct Sessions {
    idle: Vec<Session>,
    /// Idle or in use.
    open: usize,
}

impl Connection {
    /// Shares the login of `keeper` among `most` sessions.
    pub(super) fn new(slot: Slot, keeper: Session, most: usize) -> Self {
        Self {
            slot,
            _keeper: Mutex::new(keeper),
            most,
            sessions: Mutex::default(),
            returned: Condvar::new(),
        }
    }

    /// Where the token is.
    pub(super) fn slot(&self) -> Slot {
        self.slot
    }

    /// Runs `work` in a session; waits for one where all are in use. A session in which something failed is closed,
    /// since an operation may be left open in it.
    pub(super) fn with_session<T>(
        &self,
        context: &Pkcs11,
        work: impl FnOnce(&Session) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let session = self.take(context)?;
        let done = work(&session);
        let mut sessions = self.lock();
        if done.is_ok() {
            sessions.idle.push(session);
        } else {
            sessions.open -= 1;
        }
        drop(sessions);
        self.returned.notify_one();
        done
    }

    fn take(&self, context: &Pkcs11) -> Result<Session, Error> {
        let mut sessions = self.lock();
        let mut most = self.most;
        loop {
            if let Some(session) = sessions.idle.pop() {
                return Ok(session);
            }
            if sessions.open < most {
                sessions.open += 1;
                drop(sessions);
                let opened = context.open_ro_session(self.slot);
                sessions = self.lock();
                match opened {
                    Ok(session) => return Ok(session),
                    Err(error) => {
                        sessions.open -= 1;
                        // The token itself has fewer: those that there are go round.
                        if !matches!(error, Error::Pkcs11(RvError::SessionCount, _)) || sessions.open == 0 {
                            return Err(error);
                        }
                        most = sessions.open;
                    }
                }
                continue;
            }
            sessions = self.returned.wait(sessions).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
