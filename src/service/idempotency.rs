//! Requests with an idempotency key: sent again they are answered again, not done again.
//!
//! An answer may tell what is told once, such as a verification code: it is kept encrypted.

use crate::crypto::DigestAlgorithm;
use crate::problem::Problem;
use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::error::{ServiceError, ServiceResult};
use crate::store::{Attempt, Beginning, IdempotencyRequest, IdempotentAnswer, IdempotentCompletion, REQUEST_HOLD};

/// Characters that a key may have.
const MAX_KEY_CHARS: usize = 128;

/// How a request with a key begins.
pub enum Begun {
    /// It is to be done; its end goes with the work, or the hold is given up.
    Fresh(Attempt),
    /// It was done: the answer of the first time.
    Replay(IdempotentAnswer),
}

/// The end of a request that is known before its work: it becomes durable with it.
#[derive(Debug, Clone)]
pub struct RequestEnd {
    /// The hold on the key.
    pub attempt: Attempt,
    /// The answer.
    pub answer: IdempotentAnswer,
}

impl Service {
    /// Begins a request of this actor on this route; the key is good for this body alone.
    ///
    /// # Errors
    /// Where the key is empty, too long or not of visible ASCII characters, was used with another body, or its request
    /// is still running.
    pub async fn begin_request(&self, actor: &Actor, route: &str, key: &str, body: &[u8]) -> ServiceResult<Begun> {
        if key.is_empty() || key.len() > MAX_KEY_CHARS || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            let problem = Problem::new("idempotency-key-form").param("limit", MAX_KEY_CHARS);
            return Err(ServiceError::refused(problem.field("Idempotency-Key")));
        }
        let request = IdempotencyRequest {
            scope: format!("{} {route}", actor.name()),
            key: key.to_owned(),
            body_sha256: DigestAlgorithm::Sha256.digest(body).first_32(),
            now: self.now(),
        };
        let said = |code| Problem::new(code).field("Idempotency-Key").param("key", key);
        let context = context(&request.scope, key);
        match self.store().begin_request(request).await? {
            Beginning::Fresh(attempt) => Ok(Begun::Fresh(attempt)),
            Beginning::Replay(IdempotentAnswer { status, body }) => {
                let body = self.personal.open(&context, &body)?;
                Ok(Begun::Replay(IdempotentAnswer { status, body }))
            }
            Beginning::OtherBody => Err(ServiceError::refused(said("idempotency-key-other-body"))),
            Beginning::Running => Err(ServiceError::Conflict(said("idempotency-key-running"))),
        }
    }

    /// The end of a request, to go with its work.
    pub(super) fn completion(
        &self,
        attempt: Attempt,
        answer: &IdempotentAnswer,
    ) -> ServiceResult<IdempotentCompletion> {
        let body = self
            .personal
            .seal(&context(attempt.scope(), attempt.key()), &answer.body)?;
        let status = answer.status;
        Ok(IdempotentCompletion {
            attempt,
            answer: IdempotentAnswer { status, body },
        })
    }

    /// Does the work of a request, whose key is held as long as it lasts.
    ///
    /// # Errors
    /// As the work, and where another has taken the key over all the same.
    pub async fn hold_request<T>(
        &self,
        attempt: Option<&Attempt>,
        work: impl Future<Output = ServiceResult<T>>,
    ) -> ServiceResult<T> {
        match attempt {
            None => work.await,
            Some(attempt) => {
                let renew = |now| self.store().renew_request(attempt.clone(), now);
                self.while_held(REQUEST_HOLD, renew, work).await
            }
        }
    }

    /// Gives up a request that came to nothing; its key may be used again.
    ///
    /// # Errors
    /// Where the store does not answer; the hold then ends by itself.
    pub async fn release_request(&self, attempt: Attempt) -> ServiceResult<()> {
        Ok(self.store().release_request(attempt).await?)
    }
}

/// What an encrypted answer belongs to: another request's does not open in its place.
fn context(scope: &str, key: &str) -> String {
    format!("idempotency {key} {scope}")
}
