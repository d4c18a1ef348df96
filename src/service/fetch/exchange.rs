//! One question and its answer, by HTTP/1.1 (RFC 9112), over TLS where the address says so.

use std::net::SocketAddr;

use axum::body::Bytes;
use axum::http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HOST, LOCATION, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::service::fetch::address::is_public;
use crate::service::fetch::{Address, FetchError, Fetcher, Question, Wanted};

/// Longest text of a stranger that an error repeats, in characters.
const REPEATED: usize = 200;

impl Fetcher {
    pub(super) async fn ask(
        &self,
        address: &Address,
        question: Option<Question>,
        wanted: Wanted,
    ) -> Result<Vec<u8>, FetchError> {
        let stream = self.connect(address).await?;
        if !address.is_tls() {
            return exchange(stream, address, question, wanted).await;
        }
        let name = ServerName::try_from(address.host().to_owned()).map_err(unreachable(address))?;
        let tls = TlsConnector::from(std::sync::Arc::clone(&self.tls));
        let stream = tls.connect(name, stream).await.map_err(unreachable(address))?;
        exchange(stream, address, question, wanted).await
    }

    /// Connects to the very address that was looked at, so that a name cannot lead elsewhere the second time.
    async fn connect(&self, address: &Address) -> Result<TcpStream, FetchError> {
        let found = tokio::net::lookup_host((address.host(), address.port())).await;
        let found: Vec<SocketAddr> = found.map_err(unreachable(address))?.collect();
        // One that is not public is enough: it is not left to chance which one is asked.
        let private = found.iter().find(|socket| !is_public(socket.ip()));
        if let Some(socket) = private.filter(|_| !self.private_addresses) {
            return Err(FetchError::Private {
                address: address.to_string(),
                ip: socket.ip().to_string(),
            });
        }
        TcpStream::connect(&found[..]).await.map_err(unreachable(address))
    }
}

async fn exchange<S>(
    stream: S,
    address: &Address,
    question: Option<Question>,
    wanted: Wanted,
) -> Result<Vec<u8>, FetchError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(unreachable(address))?;
    let (method, body) = match &question {
        None => (Method::GET, Vec::new()),
        Some(question) => (Method::POST, question.body.clone()),
    };
    let mut request = Request::builder()
        .method(method)
        .uri(address.path())
        .header(HOST, address.authority())
        .header(USER_AGENT, "yinxin")
        .header(ACCEPT, wanted.types.join(", "));
    if let Some(question) = question {
        request = request.header(CONTENT_TYPE, question.media_type);
    }
    let request = request
        .body(Full::new(Bytes::from(body)))
        .map_err(unreachable(address))?;
    let answered = async {
        let response = sender.send_request(request).await.map_err(unreachable(address))?;
        read(response, address, wanted).await
    };
    // The connection moves only while the answer is waited for, and ends with it.
    tokio::pin!(answered);
    tokio::select! {
        biased;
        answer = &mut answered => answer,
        // However it ended, what came whole counts; what did not is told by the answer.
        _ = connection => answered.await,
    }
}

async fn read(response: Response<Incoming>, address: &Address, wanted: Wanted) -> Result<Vec<u8>, FetchError> {
    let (parts, body) = response.into_parts();
    if parts.status.is_redirection() {
        return Err(FetchError::Redirect {
            address: address.to_string(),
            target: said(&parts.headers, LOCATION),
        });
    }
    if parts.status != StatusCode::OK {
        return Err(FetchError::Status {
            address: address.to_string(),
            status: parts.status.as_u16(),
        });
    }
    let media_type = said(&parts.headers, CONTENT_TYPE);
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let other = |found: &str| FetchError::Type {
        address: address.to_string(),
        found: found.to_owned(),
        expected: wanted.types.join(", "),
    };
    if !wanted.types.iter().any(|wanted| essence.eq_ignore_ascii_case(wanted)) {
        return Err(other(&media_type));
    }
    // None was asked for, and what unpacks is larger than it looks.
    let encoding = said(&parts.headers, CONTENT_ENCODING);
    if !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity") {
        return Err(other(&encoding));
    }
    match Limited::new(body, wanted.bytes).collect().await {
        Ok(body) => Ok(body.to_bytes().to_vec()),
        Err(error) if error.is::<LengthLimitError>() => Err(FetchError::TooLarge {
            address: address.to_string(),
            limit: wanted.bytes,
        }),
        Err(error) => Err(unreachable(address)(error)),
    }
}

/// What a field says, as far as an error may repeat it.
fn said(headers: &HeaderMap, name: HeaderName) -> String {
    let value = headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
    value.unwrap_or_default().chars().take(REPEATED).collect()
}

fn unreachable<E: ToString>(address: &Address) -> impl FnOnce(E) -> FetchError {
    let address = address.to_string();
    move |error| FetchError::Unreachable {
        address,
        reason: error.to_string(),
    }
}
