//! Uploads: how large one may be, and how many are taken in at one time. Each takes room on the disk, so that the next
//! waits its turn; and since whoever sends slowly keeps a turn long, a stranger has a few and not all of them. How
//! slowly is bounded by `pace`, which counts from the turn on: those ahead make nobody slow.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout};

use crate::http::bearer::Caller;
use crate::http::limits::{caller_address, site};
use crate::http::pace::Course;
use crate::http::problem::Failure;
use crate::http::settings::LimitsConfig;
use crate::problem::Problem;
use crate::service::actor::Actor;

/// One in so many turns is kept for those who have an account: many strangers who send slowly keep no department
/// waiting.
const KEPT: usize = 4;

/// Longest wait for a turn, in times of what one request may take: one ahead may take its whole time, and another come
/// before it.
const LONGEST_WAIT: u32 = 2;

/// What the routes share that take documents in.
#[derive(Clone)]
pub(super) struct Uploads(Arc<Turns>);

struct Turns {
    upload_bytes: usize,
    longest_wait: Duration,
    all: Semaphore,
    of_strangers: Semaphore,
    of_one: usize,
    strangers: Mutex<HashMap<IpAddr, Stranger>>,
    trusted_proxies: Vec<IpAddr>,
}

/// A stranger with uploads under way or waiting.
struct Stranger {
    turns: Arc<Semaphore>,
    uploads: usize,
}

/// The turn of one upload: of its own address and of all strangers where it is a stranger's, and of all.
struct Turn<'t> {
    _of_stranger: Option<[SemaphorePermit<'t>; 2]>,
    _of_all: Option<SemaphorePermit<'t>>,
}

/// One upload of a stranger; the last one takes with it what was kept of them.
struct Known<'t> {
    all: &'t Turns,
    site: IpAddr,
    turns: Arc<Semaphore>,
}

impl Uploads {
    pub(super) fn new(limits: &LimitsConfig) -> Self {
        let at_once = limits.uploads_at_once.max(1);
        Self(Arc::new(Turns {
            upload_bytes: limits.upload_bytes,
            longest_wait: Duration::from_secs(limits.request_seconds) * LONGEST_WAIT,
            all: Semaphore::new(at_once),
            of_strangers: Semaphore::new(at_once - at_once / KEPT),
            of_one: limits.uploads_of_one.max(1),
            strangers: Mutex::default(),
            trusted_proxies: limits.trusted_proxies.clone(),
        }))
    }

    /// The limit of one.
    pub(super) fn size(&self) -> DefaultBodyLimit {
        DefaultBodyLimit::max(self.0.upload_bytes)
    }
}

impl Turns {
    fn know(&self, site: IpAddr) -> Known<'_> {
        let mut strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        let stranger = strangers.entry(site).or_insert_with(|| Stranger {
            turns: Arc::new(Semaphore::new(self.of_one)),
            uploads: 0,
        });
        stranger.uploads += 1;
        Known {
            all: self,
            site,
            turns: Arc::clone(&stranger.turns),
        }
    }

    /// The next turn that is free: among those of its own address, among those of all strangers, then among all.
    /// Whoever waits for the first holds nothing of the others'.
    async fn next<'t>(&'t self, stranger: Option<&'t Known<'_>>) -> Turn<'t> {
        // None is ever closed.
        let of_stranger = match stranger {
            Some(known) => {
                let own = known.turns.acquire().await.ok();
                own.zip(self.of_strangers.acquire().await.ok()).map(Into::into)
            }
            None => None,
        };
        Turn {
            _of_stranger: of_stranger,
            _of_all: self.all.acquire().await.ok(),
        }
    }

    /// What is said to whoever's turn did not come.
    fn too_late(&self) -> Failure {
        let seconds = self.longest_wait.as_secs();
        let problem = Problem::new("turn-too-late").param("seconds", seconds);
        Failure {
            retry_after: Some(seconds),
            ..Failure::new(StatusCode::SERVICE_UNAVAILABLE, problem)
        }
    }
}

impl Drop for Known<'_> {
    fn drop(&mut self) {
        let mut strangers = self.all.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stranger) = strangers.get_mut(&self.site) {
            stranger.uploads -= 1;
            if stranger.uploads == 0 {
                strangers.remove(&self.site);
            }
        }
    }
}

/// Lets an upload through when it is its turn. A department has an account, and waits for the others alone.
pub(super) async fn in_turn(State(Uploads(turns)): State<Uploads>, request: Request, next: Next) -> Response {
    let is_department = matches!(request.extensions().get(), Some(Caller(Actor::Department { .. })));
    let known = (!is_department).then(|| turns.know(site(caller_address(&request, &turns.trusted_proxies))));
    let course = request.extensions().get::<Arc<Course>>().cloned();
    course.iter().for_each(|course| course.pause());
    let Ok(_turn) = timeout(turns.longest_wait, turns.next(known.as_ref())).await else {
        return turns.too_late().into_response();
    };
    course.iter().for_each(|course| course.resume(Instant::now()));
    next.run(request).await
}
