//! Listening: plain HTTP behind a proxy, or TLS by rustls with ring, for so many connections at one time.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::middleware::AddExtension;
use axum_server::accept::Accept;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use axum_server::{Handle, Server};
use hyper_util::rt::TokioTimer;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use crate::http::connections::Connections;
use crate::http::settings::{LimitsConfig, TlsConfig};
use crate::http::tls::server_config;

/// How long requests that are under way at the end may still take.
const GRACE: Duration = Duration::from_secs(10);

/// How often a connection of HTTP/2 that is silent is asked whether anybody is there.
const PING_INTERVAL: Duration = Duration::from_secs(20);

/// Where a service answers, and how much it takes on.
pub struct Listening<'a> {
    /// The address.
    pub address: SocketAddr,
    /// TLS, where no proxy provides it.
    pub tls: Option<&'a TlsConfig>,
    /// The host for which a certificate is made where none is configured.
    pub public_host: &'a str,
    /// What connections may cost.
    pub limits: &'a LimitsConfig,
}

/// Answers until `shutdown` is there; what is under way then is finished.
///
/// # Errors
/// Where the address is taken, or the certificate or its key cannot be used.
pub async fn serve(
    router: Router,
    listening: &Listening<'_>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let handle = Handle::new();
    let ending = tokio::spawn({
        let handle = handle.clone();
        async move {
            if let Some(address) = handle.listening().await {
                tracing::info!(listen = %address, "serving");
            }
            shutdown.await;
            handle.graceful_shutdown(Some(GRACE));
        }
    });
    let limits = listening.limits;
    let connections = Connections::new(limits.connections);
    let server = axum_server::bind(listening.address).handle(handle);
    let served = match listening.tls {
        None => answer(server.acceptor(connections), router, limits).await,
        Some(tls) => {
            let config = RustlsConfig::from_config(Arc::new(server_config(tls, listening.public_host)?));
            let acceptor = RustlsAcceptor::new(config).acceptor(connections);
            answer(server.acceptor(acceptor), router, limits).await
        }
    };
    ending.abort();
    served
}

type Peered = AddExtension<Router, ConnectInfo<SocketAddr>>;

/// Answers what comes through `server`.
async fn answer<A>(mut server: Server<SocketAddr, A>, router: Router, limits: &LimitsConfig) -> io::Result<()>
where
    A: Accept<TcpStream, Peered, Service = Peered> + Clone + Send + Sync + 'static,
    A::Stream: AsyncRead + AsyncWrite + Unpin + Send,
    A::Future: Send,
{
    let builder = server.http_builder();
    let head = Duration::from_secs(limits.head_seconds);
    builder.http1().timer(TokioTimer::new()).header_read_timeout(head);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(PING_INTERVAL);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    server.serve(service).await
}
