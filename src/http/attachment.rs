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

/// Most characters of the name of a file that its receipt is named after.
const MAX_NAME_CHARACTERS: usize = 80;

/// A PDF document under this name.
pub(super) fn pdf(name: &str, document: Vec<u8>) -> Response {
    (headers(name), document).into_response()
}

/// The receipt of a file: under the name of that with what it is, and under a plain one for whoever knows no other (RFC
/// 6266 section 5, RFC 8187).
pub(super) fn receipt(file: &str, document: Vec<u8>) -> Response {
    let stem = file.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = stem.strip_suffix(".pdf").unwrap_or(stem);
    let stem: String = stem.chars().take(MAX_NAME_CHARACTERS).collect();
    let mut headers = headers("receipt");
    if !stem.is_empty() {
        let name = percent_encoded(&format!("{stem}-receipt.pdf"));
        headers[1].1 = format!("attachment; filename=\"receipt.pdf\"; filename*=UTF-8''{name}");
    }
    (headers, document).into_response()
}

/// A text in the characters that an extended value may have (RFC 8187 section 3.2.1, `attr-char` without the marks).
fn percent_encoded(text: &str) -> String {
    let encoded = text.bytes().map(|byte| match byte {
        byte if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    encoded.collect()
}

/// The answer with a document that is kept, a chunk after the other: it breaks off where it cannot be read to its end.
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
