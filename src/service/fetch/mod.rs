//! Fetching what a partner publishes, by its http or https address: one question, one answer, within counted bounds.
//!
//! The address comes from an operator, the answer from a stranger: neither size nor time is the stranger's to choose,
//! an answer that points elsewhere is refused, and an address that leads into a network of our own is refused unless
//! the configuration allows it. What was fetched is believed for its signature alone; nothing here looks into it.

mod address;
mod error;
mod exchange;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use address::Address;
pub use error::FetchError;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use serde::Deserialize;

/// Where Debian and most others keep the authorities of the web, PEM.
const SYSTEM_CERTIFICATES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// How things are fetched; part of the configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FetchConfig {
    /// Whether addresses of networks of our own may be asked: loopback, private, link-local (RFC 6890).
    pub private_addresses: bool,
    /// File with the authorities that servers are certified by, PEM; by default those of the system.
    pub certificates: Option<PathBuf>,
    /// Seconds from the first step to the last byte, by default 20.
    pub seconds: u16,
}

impl Default for FetchConfig {
    fn default() -> Self {
        Self {
            private_addresses: false,
            certificates: None,
            seconds: 20,
        }
    }
}

/// Fetches, one thing at a time.
#[derive(Debug, Clone)]
pub struct Fetcher {
    private_addresses: bool,
    time: Duration,
    tls: Arc<ClientConfig>,
}

/// What is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Media types of which one must come, without parameters.
    pub types: &'static [&'static str],
    /// Largest answer, in bytes.
    pub bytes: usize,
}

/// What is sent where an answer depends on it: a time-stamp request.
#[derive(Debug, Clone)]
pub struct Question {
    /// Its media type.
    pub media_type: &'static str,
    /// What it says.
    pub body: Vec<u8>,
}

impl Fetcher {
    /// A fetcher by these settings.
    ///
    /// # Errors
    /// Where the file with the authorities was named and cannot be read, or the library refuses its own defaults.
    pub fn new(config: &FetchConfig) -> Result<Self, FetchError> {
        let named = config.certificates.clone();
        let file = named.clone().unwrap_or_else(|| PathBuf::from(SYSTEM_CERTIFICATES));
        let unusable = |reason: String| FetchError::Certificates {
            file: file.display().to_string(),
            reason,
        };
        let mut roots = RootCertStore::empty();
        match CertificateDer::pem_file_iter(&file) {
            Ok(certificates) => {
                let certificates: Result<Vec<_>, _> = certificates.collect();
                roots.add_parsable_certificates(certificates.map_err(|error| unusable(error.to_string()))?);
            }
            // Without those of the system there is still http, and the signature is what counts.
            Err(_) if named.is_none() => {}
            Err(error) => return Err(unusable(error.to_string())),
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| unusable(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            private_addresses: config.private_addresses,
            time: Duration::from_secs(config.seconds.into()),
            tls: Arc::new(tls),
        })
    }

    /// Fetches what is at an address.
    ///
    /// # Errors
    /// One for each rule that the address or the answer breaks.
    pub async fn get(&self, address: &Address, wanted: Wanted) -> Result<Vec<u8>, FetchError> {
        self.within_time(address, None, wanted).await
    }

    /// Sends a question to an address.
    ///
    /// # Errors
    /// One for each rule that the address or the answer breaks.
    pub async fn post(&self, address: &Address, question: Question, wanted: Wanted) -> Result<Vec<u8>, FetchError> {
        self.within_time(address, Some(question), wanted).await
    }

    async fn within_time(
        &self,
        address: &Address,
        question: Option<Question>,
        wanted: Wanted,
    ) -> Result<Vec<u8>, FetchError> {
        let asked = self.ask(address, question, wanted);
        let slow = |_| FetchError::Slow {
            address: address.to_string(),
            seconds: self.time.as_secs(),
        };
        tokio::time::timeout(self.time, asked).await.map_err(slow)?
    }
}
