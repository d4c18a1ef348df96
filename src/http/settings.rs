//! What the interface is told by the configuration: its limits for strangers, and where its certificate is.

use std::net::IpAddr;
use std::path::PathBuf;

use serde::Deserialize;

/// Where the TLS certificate is, or that one is to be made.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// Certificate chain in PEM; made for the host of the public address, for a trial, where it is missing.
    pub certificate: PathBuf,
    /// Private key in PEM.
    pub key: PathBuf,
}

/// What strangers may ask.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsConfig {
    /// Requests a minute from one address, without an account.
    pub anonymous_per_minute: u32,
    /// Largest upload in bytes; what is large is kept on the disk meanwhile.
    pub upload_bytes: usize,
    /// Uploads that are taken in and judged at one time; the next waits, for twice `request_seconds` at most.
    pub uploads_at_once: usize,
    /// Uploads of one address without an account that are taken in at one time.
    pub uploads_of_one: usize,
    /// Longest time for one request in seconds, once it has its turn and has come; large ones may take longer.
    pub request_seconds: u64,
    /// Least bytes a second, over that time, of a request that is still coming.
    pub upload_bytes_per_second: u64,
    /// Longest time for the head of a request in seconds.
    pub head_seconds: u64,
    /// Connections that are open at one time; one more is closed at once.
    pub connections: usize,
    /// Addresses of proxies whose word on the caller's address (`X-Forwarded-For`) is taken.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            anonymous_per_minute: 60,
            upload_bytes: 512 << 20,
            uploads_at_once: 8,
            uploads_of_one: 2,
            request_seconds: 30,
            upload_bytes_per_second: 32 << 10,
            head_seconds: 10,
            connections: 4_096,
            trusted_proxies: Vec::new(),
        }
    }
}
