//! Why nothing was fetched.

use crate::problem::{Explain, Problem};

/// A fetch that gave nothing, with the rule that was broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// It is no address that may be asked.
    #[error("\"{address}\" is not an http or https address with a host and without user or password")]
    Address {
        /// What was given.
        address: String,
    },
    /// The file with the authorities of servers cannot be used.
    #[error("certificates \"{file}\": {reason}")]
    Certificates {
        /// The file.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// The host leads into a network of our own.
    #[error("{address} leads to {ip}, which is not public; fetch.private_addresses allows it")]
    Private {
        /// What was asked.
        address: String,
        /// Where its host leads.
        ip: String,
    },
    /// Nobody answers there, or not as HTTP and TLS want it.
    #[error("{address} cannot be reached: {reason}")]
    Unreachable {
        /// What was asked.
        address: String,
        /// What went wrong.
        reason: String,
    },
    /// The answer points elsewhere.
    #[error("{address} points to \"{target}\", which is not followed")]
    Redirect {
        /// What was asked.
        address: String,
        /// Where it points.
        target: String,
    },
    /// The answer is no success.
    #[error("{address} answers with status {status}, not 200")]
    Status {
        /// What was asked.
        address: String,
        /// The status.
        status: u16,
    },
    /// The answer is something else.
    #[error("{address} gives \"{found}\", not {expected}")]
    Type {
        /// What was asked.
        address: String,
        /// Its media type or encoding.
        found: String,
        /// What is wanted.
        expected: String,
    },
    /// The answer is too large.
    #[error("{address} gives more than {limit} bytes")]
    TooLarge {
        /// What was asked.
        address: String,
        /// Largest answer, in bytes.
        limit: usize,
    },
    /// The answer takes too long.
    #[error("{address} did not answer whole within {seconds} seconds")]
    Slow {
        /// What was asked.
        address: String,
        /// Longest time, in seconds.
        seconds: u64,
    },
}

impl Explain for FetchError {
    fn problems(&self) -> Vec<Problem> {
        let about = |code, address: &String| Problem::new(code).param("address", address);
        vec![match self {
            Self::Address { address } => about("fetch-address", address),
            Self::Certificates { file, reason } => Problem::new("fetch-certificates")
                .param("file", file)
                .param("reason", reason),
            Self::Private { address, ip } => about("fetch-private", address).param("ip", ip),
            Self::Unreachable { address, reason } => about("fetch-unreachable", address).param("reason", reason),
            Self::Redirect { address, target } => about("fetch-redirect", address).param("target", target),
            Self::Status { address, status } => about("fetch-status", address).param("status", status),
            Self::Type {
                address,
                found,
                expected,
            } => about("fetch-type", address)
                .param("found", found)
                .param("expected", expected),
            Self::TooLarge { address, limit } => about("fetch-too-large", address).param("limit", limit),
            Self::Slow { address, seconds } => about("fetch-slow", address).param("seconds", seconds),
        }]
    }
}
