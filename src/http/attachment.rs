//! Documents that are given out to be kept.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderName};
use axum::response::{IntoResponse, Response};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::sync::mpsc;

use crate::store::{DocumentReader, StoreError};

/// Chunks that are read ahead of whoever takes them.
const AHEAD: usize = 1;

/// A PDF document under this name.
pub(super) fn pdf(name: &str, document: Vec<u8>) -> Response {
    (headers(name), document).into_response()
}

/// The same of one that is kept, a chunk after the other: it breaks off where it cannot be read to its end.
pub(super) fn kept(name: &str, mut document: DocumentReader) -> Response {
    let (sender, chunks) = mpsc::channel(AHEAD);
    let body = Chunks {
        chunks,
        size: document.size(),
    };
    tokio::spawn(async move {
        while let Some(read) = document.next().await.transpose() {
            // Whoever asked may be gone.
            if sender.send(read).await.is_err() {
                return;
            }
        }
    });
    (headers(name), Body::new(body)).into_response()
}

fn headers(name: &str) -> [(HeaderName, String); 2] {
    [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.pdf\"")),
    ]
}

/// A document on its way out.
struct Chunks {
    chunks: mpsc::Receiver<Result<Vec<u8>, StoreError>>,
    size: u64,
}

impl HttpBody for Chunks {
    type Data = Bytes;
    type Error = StoreError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StoreError>>> {
        let next = self.chunks.poll_recv(context);
        next.map(|read| Some(read?.map(|bytes| Frame::data(bytes.into()))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.size)
    }
}
