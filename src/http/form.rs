//! Forms (`multipart/form-data`, RFC 7578), a part after the other, with their number and what stands between their
//! contents bounded: a reader of forms holds the head of a part until its end has come, and takes time for each. It
//! would also take in a frame of the body for every part and piece that it gives, and hold what it has not come to; it
//! is given one only where it can make nothing of what it has.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use hyper::body::Frame;

use crate::http::App;
use crate::http::extract::refused_body;
use crate::http::problem::Failure;
use crate::problem::Problem;
use crate::service::sealings::batch::MAX_FILES;

/// Most parts of a form: twice the documents of the largest batch. What stands beside documents is a few.
const MAX_PARTS: usize = 2 * MAX_FILES;

/// Most bytes of a form that are held before a part begins or a piece of one is there: heads have a few hundred.
const MAX_BETWEEN: usize = 64 << 10;

/// A form.
pub(super) struct Form {
    parts: Multipart,
    /// How many parts may still come.
    left: usize,
    between: Between,
}

/// A part of a form.
pub(super) struct Part<'f> {
    field: Field<'f>,
    between: Between,
}

/// What a form and its body share.
#[derive(Clone, Default)]
struct Between(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// Bytes that came since the last part or piece.
    bytes: AtomicUsize,
    /// Whether a frame may be read.
    is_open: AtomicBool,
}

/// A body that gives a frame where one may be read, and ends with a fault where too much of it comes and nothing comes
/// of it.
struct Counted {
    body: Body,
    between: Between,
}

impl Form {
    /// The form in a request, within the limit of its route.
    ///
    /// # Errors
    /// Where the request is none.
    pub(super) async fn of(request: Request, app: &App) -> Result<Self, Failure> {
        let between = Between::default();
        let counted = |body| Counted {
            body,
            between: between.clone(),
        };
        let parts = Multipart::from_request(request.map(|body| Body::new(counted(body))), app).await;
        let parts = parts.map_err(|rejection| refused_body(rejection.status(), rejection.body_text()))?;
        Ok(Self {
            parts,
            left: MAX_PARTS,
            between,
        })
    }

    /// The next part.
    ///
    /// # Errors
    /// Where the form breaks off, is too large or has too many.
    pub(super) async fn next(&mut self) -> Result<Option<Part<'_>>, Failure> {
        let between = self.between.clone();
        let field = between.sparing(self.parts.next_field()).await;
        let field = field.map_err(|error| between.broken(&error))?;
        between.begin();
        let Some(field) = field else { return Ok(None) };
        self.left = self.left.checked_sub(1).ok_or_else(too_many_parts)?;
        Ok(Some(Part { field, between }))
    }
}

impl Part<'_> {
    /// Its name.
    pub(super) fn name(&self) -> Option<&str> {
        self.field.name()
    }

    /// The name of its file.
    pub(super) fn file_name(&self) -> Option<&str> {
        self.field.file_name()
    }

    /// The next piece of what is in it.
    ///
    /// # Errors
    /// Where the form breaks off or is too large.
    pub(super) async fn piece(&mut self) -> Result<Option<Bytes>, Failure> {
        let piece = self.between.sparing(self.field.chunk()).await;
        let piece = piece.map_err(|error| self.between.broken(&error))?;
        self.between.begin();
        Ok(piece)
    }
}

impl Between {
    fn begin(&self) {
        self.0.bytes.store(0, Ordering::Relaxed);
    }

    fn add(&self, bytes: usize) {
        self.0.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    fn is_too_much(&self) -> bool {
        self.0.bytes.load(Ordering::Relaxed) > MAX_BETWEEN
    }

    /// What is read, with no more frames of the body than that takes.
    async fn sparing<T>(&self, reading: impl Future<Output = T>) -> T {
        let is_open = &self.0.is_open;
        let mut reading = pin!(reading);
        is_open.store(false, Ordering::Relaxed);
        poll_fn(|cx| {
            loop {
                if let Poll::Ready(read) = reading.as_mut().poll(cx) {
                    return Poll::Ready(read);
                }
                // Where a frame might have been read and was not, none is there: who sends it wakes the reader.
                if is_open.swap(true, Ordering::Relaxed) {
                    return Poll::Pending;
                }
            }
        })
        .await
    }

    /// What became of a form that broke off, or was too large.
    fn broken(&self, error: &MultipartError) -> Failure {
        match self.is_too_much() {
            true => refused_body(StatusCode::PAYLOAD_TOO_LARGE, String::new()),
            false => refused_body(error.status(), error.body_text()),
        }
    }
}

fn too_many_parts() -> Failure {
    let problem = Problem::new("form-parts-too-many").param("limit", MAX_PARTS);
    Failure::new(StatusCode::PAYLOAD_TOO_LARGE, problem)
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        // Its reader makes what it can of what it has, and comes again.
        if !self.between.0.is_open.load(Ordering::Relaxed) {
            return Poll::Pending;
        }
        if self.between.is_too_much() {
            return Poll::Ready(Some(Err(axum::Error::new("too much before a part of the form"))));
        }
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame {
            self.between.add(frame.data_ref().map_or(0, Bytes::len));
            self.between.0.is_open.store(false, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }
}
