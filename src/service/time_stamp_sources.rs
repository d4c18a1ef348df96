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
use crate::cms::CmsError;
use crate::cms::timestamp::{Imprint, Refusal, TimeStampRequest, TimeStampResponse, TimeStampToken};
use crate::crypto::key::Suite;
use crate::crypto::{DigestAlgorithm, random};
use crate::problem::{Explain, Problem};
use crate::service::Service;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::fetch::{Address, FetchError, Fetcher, Question, Wanted};
use crate::sign::SignError;
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
    /// Whether a document is not sealed where no outside one answers. Otherwise our own then stamps.
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
    /// The certificates that its tokens carry; its own, where it is ours.
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

    /// The outside authority of that place in the order; none where it is our own's, which is the last.
    pub(super) async fn outside(&self, place: usize, algorithm: DigestAlgorithm) -> ServiceResult<Option<Stamper<'_>>> {
        let Some(address) = self.addresses.get(place) else {
            return Ok(None);
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
        Ok(Some(Stamper {
            source: Source::Outside(&self.fetcher, address),
            room,
            certificates,
        }))
    }

    async fn measure(&self, address: &Address, algorithm: DigestAlgorithm) -> ServiceResult<Measured> {
        let mut nothing = [0; 16];
        random(&mut nothing)?;
        let token = ask(&self.fetcher, address, &Imprint::of(algorithm, &nothing)).await?;
        let unreadable = |error| WrongAnswer::Unreadable(error).at(address);
        let read = TimeStampToken::parse(&token).map_err(unreadable)?;
        let certificates = read
            .signed_data
            .certificates
            .iter()
            .map(|der| Certificate::from_der(der));
        Ok(Measured {
            room: token.len() + TOKEN_ALLOWANCE,
            certificates: certificates
                .collect::<Result<_, _>>()
                .map_err(|error| WrongAnswer::Unverified(error.to_string()).at(address))?,
        })
    }
}

impl Service {
    /// The authority of that place in the order, our own last: that is opened only where it stamps, since its key may be away.
    pub(super) async fn stamper(
        &self,
        place: usize,
        (suite, algorithm): (Suite, DigestAlgorithm),
    ) -> ServiceResult<Stamper<'_>> {
        match self.stamping.outside(place, algorithm).await? {
            Some(outside) => Ok(outside),
            None => Ok(Stamper::own(
                &self.time_stamp_authority(suite).await?.of_others,
                algorithm,
            )),
        }
    }
}

impl Stamper<'_> {
    /// Our own.
    pub(super) fn own(own: &Arc<TimeStampAuthority>, algorithm: DigestAlgorithm) -> Self {
        Self {
            room: own.max_token_len(algorithm),
            source: Source::Own(Arc::clone(own)),
            certificates: vec![own.certificate().clone()],
        }
    }

    /// Whether it is our own.
    pub(super) fn is_own(&self) -> bool {
        matches!(self.source, Source::Own(_))
    }

    /// A token over an imprint.
    pub(super) async fn stamp(&self, imprint: Imprint, now: chrono::DateTime<chrono::Utc>) -> ServiceResult<Vec<u8>> {
        match &self.source {
            Source::Own(authority) => authority
                .stamp(imprint, now, StampSerial::random()?)
                .map_err(|error| SignError::TimeStamp(error).into()),
            Source::Outside(fetcher, address) => ask(fetcher, address, &imprint).await,
        }
    }
}

/// What an outside authority answered that is no stamp of what it was asked for.
#[derive(Debug, thiserror::Error)]
enum WrongAnswer {
    /// Nothing came, or nothing that may be one.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// It cannot be read.
    #[error("the answer cannot be read: {0}")]
    Unreadable(CmsError),
    /// It says that there is none (RFC 3161 section 2.4.2).
    #[error("status {}: {}", .0.status, .0.text)]
    Refused(Refusal),
    /// The stamp is of another digest.
    #[error("the stamp is of another digest")]
    OtherDigest,
    /// The stamp is an answer to another request.
    #[error("the stamp has another nonce")]
    OtherNonce,
    /// Nobody can believe it.
    #[error("the stamp does not verify: {0}")]
    Unverified(String),
}

impl WrongAnswer {
    /// Whether it may be otherwise in a moment.
    fn is_passing(&self) -> bool {
        match self {
            Self::Fetch(FetchError::Unreachable { .. } | FetchError::Slow { .. }) => true,
            Self::Fetch(FetchError::Status { status, .. }) => *status >= 500 || *status == 429,
            _ => false,
        }
    }

    fn at(self, address: &Address) -> ServiceError {
        let code = match &self {
            Self::Fetch(_) => "time-stamp-source",
            Self::Unreadable(_) => "time-stamp-source-unreadable",
            Self::Refused(_) => "time-stamp-source-refused",
            Self::OtherDigest => "time-stamp-source-other-digest",
            Self::OtherNonce => "time-stamp-source-other-nonce",
            Self::Unverified(_) => "time-stamp-source-unverified",
        };
        let problem = Problem::new(code).param("address", address).param("reason", &self);
        ServiceError::Refused(match &self {
            Self::Fetch(error) => std::iter::once(problem).chain(error.problems()).collect(),
            _ => vec![problem],
        })
    }
}

/// Asks for a stamp until one comes or the tries are used up. What was answered is not asked again.
async fn ask(fetcher: &Fetcher, address: &Address, imprint: &Imprint) -> ServiceResult<Vec<u8>> {
    let mut wait = FIRST_WAIT;
    for _ in 1..TRIES {
        match ask_once(fetcher, address, imprint, nonce()?).await {
            Err(wrong) if wrong.is_passing() => tokio::time::sleep(wait).await,
            answered => return answered.map_err(|wrong| wrong.at(address)),
        }
        wait *= 2;
    }
    let last = ask_once(fetcher, address, imprint, nonce()?).await;
    last.map_err(|wrong| wrong.at(address))
}

fn nonce() -> ServiceResult<[u8; 8]> {
    let mut nonce = [0; 8];
    random(&mut nonce)?;
    Ok(nonce)
}

async fn ask_once(
    fetcher: &Fetcher,
    address: &Address,
    imprint: &Imprint,
    nonce: [u8; 8],
) -> Result<Vec<u8>, WrongAnswer> {
    let request = TimeStampRequest::new(imprint.clone(), Some(nonce));
    let question = Question {
        media_type: "application/timestamp-query",
        body: request.to_der(),
    };
    let wanted = Wanted {
        types: &["application/timestamp-reply"],
        bytes: MAX_ANSWER_BYTES,
    };
    let answer = fetcher.post(address, question, wanted).await?;
    let der = match TimeStampResponse::parse(&answer).map_err(WrongAnswer::Unreadable)? {
        TimeStampResponse::Granted(token) => token,
        TimeStampResponse::Refused(refusal) => return Err(WrongAnswer::Refused(refusal)),
    };
    let token = TimeStampToken::parse(&der).map_err(WrongAnswer::Unreadable)?;
    if !token.info.imprint.matches(imprint) {
        return Err(WrongAnswer::OtherDigest);
    }
    if token.info.nonce != request.nonce {
        return Err(WrongAnswer::OtherNonce);
    }
    // Whether the authority is trusted is asked of the document; that its signature fits shows here.
    let unverified = |fault: &dyn std::fmt::Display| WrongAnswer::Unverified(fault.to_string());
    let certificate = token.certificate(&[]).map_err(|fault| unverified(&fault))?;
    let certificate = Certificate::from_der(certificate).map_err(|fault| unverified(&fault))?;
    let verified = token.verify_imprint(&certificate, imprint);
    verified.map(|_| der).map_err(|fault| unverified(&fault))
}
