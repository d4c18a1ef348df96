//! Forms (`multipart/form-data`, RFC 7578), a part after the other, with what stands between their contents bounded: a
//! reader of forms holds the head of a part until its end has come.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use hyper::body::Frame;

use crate::http::App;
use crate::http::extract::refused_body;
use crate::http::problem::Failure;

/// Most bytes of a form that are held before a part begins or a piece of one is there: heads have a few hundred.
const MAX_BETWEEN: usize = 64 << 10;

/// A form.
pub(super) struct Form {
    parts: Multipart,
    between: Between,
}

/// A part of a form.
pub(super) struct Part<'f> {
    field: Field<'f>,
    between: Between,
}

/// Bytes that came since the last part or piece.
#[derive(Clone, Default)]
struct Between(Arc<AtomicUsize>);

/// A body that ends with a fault where too much of it comes and nothing comes of it.
struct Counted {
    body: Body,
    between: Between,
    /// Whether a frame was given just now: its reader looks at it before it is given another.
    is_resting: bool,
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
            is_resting: false,
        };
        let parts = Multipart::from_request(request.map(|body| Body::new(counted(body))), app).await;
        let parts = parts.map_err(|rejection| refused_body(rejection.status(), rejection.body_text()))?;
        Ok(Self { parts, between })
    }

    /// The next part.
    ///
    /// # Errors
    /// Where the form breaks off or is too large.
    pub(super) async fn next(&mut self) -> Result<Option<Part<'_>>, Failure> {
        let between = self.between.clone();
        let field = self.parts.next_field().await.map_err(|error| between.broken(&error))?;
        between.begin();
        Ok(field.map(|field| Part { field, between }))
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
        let piece = self.field.chunk().await.map_err(|error| self.between.broken(&error))?;
        self.between.begin();
        Ok(piece)
    }
}

impl Between {
    fn begin(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    fn add(&self, bytes: usize) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }

    fn is_too_much(&self) -> bool {
        self.0.load(Ordering::Relaxed) > MAX_BETWEEN
    }

    /// What became of a form that broke off, or was too large.
    fn broken(&self, error: &MultipartError) -> Failure {
        match self.is_too_much() {
            true => refused_body(StatusCode::PAYLOAD_TOO_LARGE, String::new()),
            false => refused_body(error.status(), error.body_text()),
        }
    }
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if std::mem::take(&mut self.is_resting) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        if self.between.is_too_much() {
            return Poll::Ready(Some(Err(axum::Error::new("too much before a part of the form"))));
        }
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame {
            self.between.add(frame.data_ref().map_or(0, Bytes::len));
            self.is_resting = true;
        }
        Poll::Ready(frame)
    }
}
