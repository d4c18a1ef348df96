//! Where the time stamps of a sealing come from: outside authorities by RFC 3161 over HTTP (section 3.4), asked in order and
//! more than once, then our own.
//!
//! An authority is asked once beforehand: how long its tokens are is measured, not guessed, and its certificates tell which
//! revocation data belong into the document.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Deserialize;

use crate::ca::timestamp::{StampSerial, TimeStampAuthority};
use crate::cms::timestamp::{Imprint, TimeStampRequest, TimeStampResponse, TimeStampToken};
use crate::crypto::{DigestAlgorithm, random};
use crate::problem::Problem;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::fetch::{Address, FetchError, Fetcher, Question, Wanted};
use crate::x509::Certificate;

/// How often one authority is asked for one stamp.
const TRIES: u32 = 3;
/// Wait before the second try; each later one waits twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// Largest answer in bytes: a token with a long chain takes less than 20,000.
const MAX_ANSWER_BYTES: usize = 64 << 10;
/// How much longer than the one that was measured a token may be, in bytes: serial number, nonce, fractions of a second and
/// the two integers of an ECDSA signature vary.
const TOKEN_ALLOWANCE: usize = 64;

/// Settings of the outside authorities; part of the configuration.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TimeStampConfig {
    /// Addresses of outside authorities (RFC 3161 section 3.4), the preferred one first; without any, our own stamps.
    pub addresses: Vec<String>,
    /// Whether our own stamps where no outside one answers. Otherwise the document is then not sealed.
    pub no_fallback: bool,
}

/// The authorities that may be asked.
#[derive(Debug)]
pub struct TimeStampSources {
    fetcher: Fetcher,
    addresses: Vec<Address>,
    with_own: bool,
    measured: Mutex<HashMap<(String, DigestAlgorithm), Measured>>,
}

/// What is known of the tokens of an outside authority.
#[derive(Debug, Clone)]
struct Measured {
    room: usize,
    certificates: Vec<Certificate>,
}

/// One authority, ready to stamp.
pub(super) struct Stamper<'s> {
    source: Source<'s>,
    /// Room that a token needs, in bytes.
    pub(super) room: usize,
    /// The certificates that its tokens carry, where it is not our own.
    pub(super) certificates: Vec<Certificate>,
}

enum Source<'s> {
    Own(Arc<TimeStampAuthority>),
    Outside(&'s Fetcher, &'s Address),
}

impl TimeStampSources {
    /// Sources by these settings.
    ///
    /// # Errors
    /// Where an address is none.
    pub fn new(config: &TimeStampConfig, fetcher: Fetcher) -> Result<Self, FetchError> {
        let addresses = config.addresses.iter().map(|address| Address::parse(address));
        let addresses = addresses.collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            fetcher,
            with_own: addresses.is_empty() || !config.no_fallback,
            addresses,
            measured: Mutex::default(),
        })
    }

    /// Fetches other things too: revocation lists.
    pub(super) fn fetcher(&self) -> &Fetcher {
        &self.fetcher
    }

    /// How many authorities there are, our own counted in.
    pub(super) fn count(&self) -> usize {
        self.addresses.len() + usize::from(self.with_own)
    }

    /// The authority of that place in the order, our own last.
    pub(super) async fn stamper(
        &self,
        place: usize,
        own: &Arc<TimeStampAuthority>,
        algorithm: DigestAlgorithm,
    ) -> ServiceResult<Stamper<'_>> {
        let Some(address) = self.addresses.get(place) else {
            return Ok(Stamper {
                room: own.max_token_len(algorithm),
                source: Source::Own(Arc::clone(own)),
                certificates: Vec::new(),
            });
        };
        let key = (address.to_string(), algorithm);
        let known = self
            .measured
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
            .cloned();
        let Measured { room, certificates } = match known {
            Some(known) => known,
            None => {
                let measured = self.measure(address, algorithm).await?;
                let mut all = self.measured.lock().unwrap_or_else(PoisonError::into_inner);
                all.insert(key, measured.clone());
                measured
            }
        };
        Ok(Stamper {
            source: Source::Outside(&self.fetcher, address),
            room,
            certificates,
        })
    }

    async fn measure(&self, address: &Address, algorithm: DigestAlgorithm) -> ServiceResult<Measured> {
        let mut nothing = [0; 16];
        random(&mut nothing)?;
        let token = ask(&self.fetcher, address, &Imprint::of(algorithm, &nothing)).await?;
        let read = TimeStampToken::parse(&token).map_err(|error| unusable(address, &error))?;
        let certificates = read
            .signed_data
            .certificates
            .iter()
            .map(|der| Certificate::from_der(der));
        Ok(Measured {
            room: token.len() + TOKEN_ALLOWANCE,
            certificates: certificates
                .collect::<Result<_, _>>()
                .map_err(|error| unusable(address, &error))?,
        })
    }
}

impl Stamper<'_> {
    /// A token over an imprint.
    pub(super) async fn stamp(&self, imprint: Imprint, now: chrono::DateTime<chrono::Utc>) -> ServiceResult<Vec<u8>> {
        match &self.source {
            Source::Own(authority) => authority
                .stamp(imprint, now, StampSerial::random()?)
                .map_err(|error| ServiceError::refused_because("time-stamp-failed", error)),
            Source::Outside(fetcher, address) => ask(fetcher, address, &imprint).await,
        }
    }
}

/// Asks for a stamp until one comes or the tries are used up. What was answered is not asked again.
async fn ask(fetcher: &Fetcher, address: &Address, imprint: &Imprint) -> ServiceResult<Vec<u8>> {
    let mut wait = FIRST_WAIT;
    for _ in 1..TRIES {
        match ask_once(fetcher, address, imprint).await? {
            Ok(token) => return Ok(token),
            Err(error) if is_passing(&error) => tokio::time::sleep(wait).await,
            Err(error) => return Err(unusable(address, &error)),
        }
        wait *= 2;
    }
    let last = ask_once(fetcher, address, imprint).await?;
    last.map_err(|error| unusable(address, &error))
}

/// Whether it may be otherwise in a moment.
fn is_passing(error: &FetchError) -> bool {
    match error {
        FetchError::Unreachable { .. } | FetchError::Slow { .. } => true,
        FetchError::Status { status, .. } => *status >= 500 || *status == 429,
        _ => false,
    }
}

async fn ask_once(
    fetcher: &Fetcher,
    address: &Address,
    imprint: &Imprint,
) -> ServiceResult<Result<Vec<u8>, FetchError>> {
    let mut nonce = [0; 8];
    random(&mut nonce)?;
    let request = TimeStampRequest::new(imprint.clone(), Some(nonce));
    let question = Question {
        media_type: "application/timestamp-query",
        body: request.to_der(),
    };
    let wanted = Wanted {
        types: &["application/timestamp-reply"],
        bytes: MAX_ANSWER_BYTES,
    };
    let answer = match fetcher.post(address, question, wanted).await {
        Ok(answer) => answer,
        Err(error) => return Ok(Err(error)),
    };
    let token = match TimeStampResponse::parse(&answer).map_err(|error| unusable(address, &error))? {
        TimeStampResponse::Granted(token) => token,
        TimeStampResponse::Refused(refusal) => return Err(unusable(address, &refusal.text)),
    };
    let info = TimeStampToken::parse(&token)
        .map_err(|error| unusable(address, &error))?
        .info;
    match info.imprint.matches(imprint) && info.nonce == request.nonce {
        true => Ok(Ok(token)),
        false => Err(unusable(address, &"the answer is to another request")),
    }
}

fn unusable(address: &Address, reason: &dyn std::fmt::Display) -> ServiceError {
    ServiceError::refused(
        Problem::new("time-stamp-source")
            .param("address", address)
            .param("reason", reason),
    )
}
