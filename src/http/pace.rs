//! How long a request may take: so many seconds after the last of it has come, more where it is large, and while it
//! comes, so long as enough of it does. A large document on a slow line gets through, and whoever sends next to nothing
//! is given up. While it waits for its turn, no time passes for it.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::time::Instant;

use crate::http::settings::LimitsConfig;

/// Bytes of a document for which its work may take a second more: to seal one at level B-LTA it is read five times, and
/// written to the spool and to the database. A disk of 30 MiB a second does that.
const BYTES_A_SECOND: u64 = 4 << 20;

/// What is asked of every request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// Longest time without a piece of the request, and for the answer.
    pub(super) patience: Duration,
    /// Bytes that have to come in that time, while there are more to come.
    pub(super) least: u64,
}

/// The time of one request.
#[derive(Debug)]
pub(super) struct Course {
    pace: Pace,
    at: Mutex<At>,
}

#[derive(Debug)]
struct At {
    /// When it is given up; not while it waits for its turn.
    deadline: Option<Instant>,
    /// Since when bytes are counted.
    since: Option<Instant>,
    /// Bytes since then.
    bytes: u64,
    /// Bytes of all.
    total: u64,
    is_too_slow: bool,
}

/// The body of a request that is timed.
struct Timed {
    body: Body,
    course: Arc<Course>,
}

impl Pace {
    pub(super) fn new(limits: &LimitsConfig) -> Self {
        Self {
            patience: Duration::from_secs(limits.request_seconds),
            least: limits.upload_bytes_per_second.saturating_mul(limits.request_seconds),
        }
    }

    /// Times a request that begins now.
    pub(super) fn begin(self, now: Instant, body: Body) -> (Body, Arc<Course>) {
        let course = Arc::new(Course {
            pace: self,
            at: Mutex::new(At {
                deadline: Some(now + self.patience),
                since: None,
                bytes: 0,
                total: 0,
                is_too_slow: false,
            }),
        });
        let timed = Timed {
            body,
            course: Arc::clone(&course),
        };
        (Body::new(timed), course)
    }
}

impl Course {
    /// When the request is given up, as things stand now.
    pub(super) fn deadline(&self, now: Instant) -> Instant {
        self.with(|at| at.deadline).unwrap_or(now + self.pace.patience)
    }

    /// It waits for its turn; whoever gives turns says how long.
    pub(super) fn pause(&self) {
        self.with(|at| at.deadline = None);
    }

    /// It has its turn, and begins.
    pub(super) fn resume(&self, now: Instant) {
        self.with(|at| at.deadline = Some(now + self.pace.patience));
    }

    /// Somebody waits for more of the request.
    fn wait(&self, now: Instant) {
        self.with(|at| _ = at.since.get_or_insert(now));
    }

    /// So many bytes have come.
    fn take(&self, now: Instant, bytes: u64) {
        self.with(|at| {
            at.bytes += bytes;
            at.total += bytes;
            if at.bytes >= self.pace.least {
                (at.since, at.bytes) = (Some(now), 0);
            } else if at.since.is_some_and(|since| now - since > self.pace.patience) {
                at.is_too_slow = true;
            }
            if !at.is_too_slow {
                at.deadline = Some(now + self.pace.patience);
            }
        });
    }

    /// All of it has come.
    fn end(&self, now: Instant) {
        let longer = |bytes| self.pace.patience + Duration::from_secs(bytes / BYTES_A_SECOND);
        self.with(|at| at.deadline = Some(now + longer(at.total)));
    }

    fn with<T>(&self, read: impl FnOnce(&mut At) -> T) -> T {
        read(&mut self.at.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.course.wait(Instant::now());
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame
            && let Some(piece) = frame.data_ref()
        {
            self.course.take(Instant::now(), piece.len() as u64);
        }
        if frame.is_none() || self.body.is_end_stream() {
            self.course.end(Instant::now());
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thirty seconds, in which a thousand bytes have to come.
    const PACE: Pace = Pace {
        patience: Duration::from_secs(30),
        least: 1_000,
    };

    /// After how many seconds a request is given up of which so many bytes come so many seconds after it began or the
    /// piece before.
    fn given_up_after(pieces: &[(u64, u64)]) -> u64 {
        let begun = Instant::now();
        let (_body, course) = PACE.begin(begun, Body::empty());
        course.wait(begun);
        let mut now = begun;
        for (seconds, bytes) in pieces {
            now += Duration::from_secs(*seconds);
            course.take(now, *bytes);
        }
        (course.deadline(now) - begun).as_secs()
    }

    #[test]
    fn whoever_sends_enough_is_waited_for_however_long_it_takes() {
        assert_eq!(given_up_after(&[]), 30);
        assert_eq!(given_up_after(&[(1, 10)]), 31);
        assert_eq!(given_up_after(&[(29, 1_000); 500]), 500 * 29 + 30);
        assert_eq!(given_up_after(&[(10, 400); 500]), 500 * 10 + 30);
    }

    #[test]
    fn what_is_large_may_take_longer_once_it_is_there() {
        let begun = Instant::now();
        let (_body, course) = PACE.begin(begun, Body::empty());
        course.take(begun, 512 << 20);
        assert_eq!((course.deadline(begun) - begun).as_secs(), 30);
        course.end(begun);
        assert_eq!((course.deadline(begun) - begun).as_secs(), 30 + 128);
    }

    #[test]
    fn whoever_sends_too_little_is_waited_for_no_more_once_that_shows() {
        assert_eq!(given_up_after(&[(10, 300); 3]), 30 + 30);
        assert_eq!(given_up_after(&[(10, 240); 500]), 30 + 30);
        assert_eq!(given_up_after(&[(1, 1); 500]), 30 + 30);
        // However much came before.
        let then_little = [&[(1, 900_000)][..], &[(10, 1); 500]].concat();
        assert_eq!(given_up_after(&then_little), 31 + 30);
    }

    #[test]
    fn while_it_waits_for_its_turn_no_time_passes_for_a_request() {
        let begun = Instant::now();
        let (_body, course) = PACE.begin(begun, Body::empty());
        course.pause();
        let turn = begun + 100 * PACE.patience;
        assert!(course.deadline(turn) > turn);
        course.resume(turn);
        assert_eq!(course.deadline(turn + PACE.patience), turn + PACE.patience);
    }
}
