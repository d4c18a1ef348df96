//! What one caller may ask of the service: requests a minute for strangers, and time for everybody. What may be
//! uploaded is limited by `uploads`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::time::Instant;

use crate::http::App;
use crate::http::pace::Pace;
use crate::http::problem::Failure;
use crate::http::settings::LimitsConfig;
use crate::problem::Problem;

/// Checks after which addresses that were quiet are forgotten, so that the table stays small.
const CHECKS_BETWEEN_SWEEPS: u32 = 4_096;

/// Bits of an IPv6 address that one subscriber shares (RFC 6177 gives sites at least a /64).
const IPV6_SITE_BITS: u32 = 64;

/// Counts the requests of strangers by address.
pub(super) struct Limiter {
    requests: DefaultKeyedRateLimiter<IpAddr>,
    checks: AtomicU32,
    clock: DefaultClock,
    trusted_proxies: Vec<IpAddr>,
    pace: Pace,
    upload_bytes: usize,
}

impl Limiter {
    pub(super) fn new(limits: &LimitsConfig) -> Self {
        let per_minute = NonZeroU32::new(limits.anonymous_per_minute).unwrap_or(NonZeroU32::MIN);
        Self {
            requests: RateLimiter::keyed(Quota::per_minute(per_minute)),
            checks: AtomicU32::new(0),
            clock: DefaultClock::default(),
            trusted_proxies: limits.trusted_proxies.clone(),
            pace: Pace::new(limits),
            upload_bytes: limits.upload_bytes,
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// Where the address has asked too often; the failure says when it may ask again.
    pub(super) fn check(&self, address: IpAddr) -> Result<(), Failure> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % CHECKS_BETWEEN_SWEEPS == CHECKS_BETWEEN_SWEEPS - 1 {
            self.requests.retain_recent();
        }
        self.requests.check_key(&site(address)).map_err(|not_until| {
            let seconds = not_until.wait_time_from(self.clock.now()).as_secs() + 1;
            let problem = Problem::new("too-many-requests").param("seconds", seconds);
            Failure {
                retry_after: Some(seconds),
                ..Failure::new(StatusCode::TOO_MANY_REQUESTS, problem)
            }
        })
    }

    /// Largest upload in bytes.
    pub(super) fn upload_bytes(&self) -> usize {
        self.upload_bytes
    }

    pub(super) fn trusted_proxies(&self) -> &[IpAddr] {
        &self.trusted_proxies
    }
}

/// What counts as one caller.
pub(super) fn site(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let site = address.to_bits() >> (128 - IPV6_SITE_BITS) << (128 - IPV6_SITE_BITS);
            IpAddr::V6(Ipv6Addr::from_bits(site))
        }
        address => address,
    }
}

/// The address of whoever asks: the peer's, or where that is a trusted proxy, the last that it forwards for.
pub(super) fn caller_address(request: &Request, trusted_proxies: &[IpAddr]) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip());
    if !trusted_proxies.contains(&peer.to_canonical()) {
        return peer;
    }
    let forwarded = request.headers().get_all("x-forwarded-for").iter().next_back();
    let last = forwarded.and_then(|field| field.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    last.unwrap_or(peer)
}

/// Ends a request that takes too long, or of which too little comes.
pub(super) async fn in_time(State(app): State<App>, request: Request, next: Next) -> Response {
    let pace = app.limiter.pace;
    let (mut head, body) = request.into_parts();
    let (body, course) = pace.begin(Instant::now(), body);
    head.extensions.insert(Arc::clone(&course));
    let mut answer = pin!(next.run(Request::from_parts(head, body)));
    loop {
        let deadline = course.deadline(Instant::now());
        match tokio::time::timeout_at(deadline, &mut answer).await {
            Ok(answer) => return answer,
            // More of it came meanwhile, or its turn.
            Err(_elapsed) if course.deadline(Instant::now()) > deadline => {}
            Err(_elapsed) => {
                let problem = Problem::new("request-too-slow").param("seconds", pace.patience.as_secs());
                return Failure::new(StatusCode::REQUEST_TIMEOUT, problem).into_response();
            }
        }
    }
}

/// Counts requests and their time by route and status, for `/metrics`.
pub(super) async fn counted(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let begun = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::counter!("http_requests_total", "route" => route.clone(), "status" => status).increment(1);
    metrics::histogram!("http_request_seconds", "route" => route).record(begun.elapsed().as_secs_f64());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(peer: &str, forwarded: &str) -> Request {
        let mut request = Request::new(axum::body::Body::empty());
        let peer: SocketAddr = peer.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        request
            .headers_mut()
            .insert("x-forwarded-for", forwarded.parse().unwrap());
        request
    }

    #[test]
    fn only_a_trusted_proxy_says_for_whom_it_asks() {
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        let told = request("10.0.0.1:80", "6.6.6.6, 192.0.2.7");
        assert_eq!(caller_address(&told, &[proxy]), "192.0.2.7".parse::<IpAddr>().unwrap());
        assert_eq!(caller_address(&told, &[]), proxy);
    }

    #[test]
    fn an_address_that_asks_too_often_is_told_when_to_come_back() {
        let limiter = Limiter::new(&LimitsConfig {
            anonymous_per_minute: 2,
            ..LimitsConfig::default()
        });
        let (one, same_site, other) = ("2001:db8::1", "2001:db8::2", "192.0.2.1");
        let check = |address: &str| limiter.check(address.parse().unwrap());
        assert!(check(one).is_ok() && check(same_site).is_ok());
        let refused = check(one).unwrap_err();
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert!((1..=31).contains(&refused.retry_after.unwrap()));
        assert!(check(other).is_ok());
    }
}
