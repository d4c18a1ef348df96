//! Forms without an end, which nobody may read to one.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::Request;
use hyper::body::Frame;

/// A body that begins so and goes on without an end, in pieces that are counted.
struct Endless {
    begin: Option<Bytes>,
    piece: Bytes,
    given: Arc<AtomicUsize>,
}

impl HttpBody for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.given.fetch_add(1, Ordering::Relaxed);
        let piece = self.begin.take().unwrap_or_else(|| self.piece.clone());
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}

/// A form whose boundary is `never`, that begins so and goes on with the same piece again and again; with it how many
/// pieces were asked for.
pub(crate) fn endless_form(path: &str, begin: &str, piece: &str) -> (Request<Body>, Arc<AtomicUsize>) {
    let given = Arc::new(AtomicUsize::new(0));
    let body = Endless {
        begin: Some(begin.to_owned().into()),
        piece: piece.to_owned().into(),
        given: Arc::clone(&given),
    };
    let request = Request::post(path).header("content-type", "multipart/form-data; boundary=never");
    (request.body(Body::new(body)).unwrap(), given)
}
