//! Where the time stamps of a sealing come from: outside authorities by RFC 3161 over HTTP (section 3.4), asked in
//! order and more than once, then our own.
//!
//! An authority is asked once beforehand: how long its tokens are is measured, not guessed, and its certificates tell
//! which revocation data belong into the document. One that has other certificates from some day on stamps in vain
//! once: that token is then what is measured, and it is asked again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
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
use crate::service::sealings::Level;
use crate::sign::SignError;
use crate::trust::{Indication, Purpose, Query, Revocation, Snapshot, validate};
use crate::x509::Certificate;

/// How often one authority is asked for one stamp.
const TRIES: u32 = 3;
/// Wait before the second try; each later one waits twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// Largest answer in bytes: a token with a long chain takes less than 20,000.
const MAX_ANSWER_BYTES: usize = 64 << 10;
/// How much longer than the one that was measured a token may be, in bytes: serial number, nonce, fractions of a second
/// and the two integers of an ECDSA signature vary.
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

/// What is known of the tokens of an outside authority, by the last one that was looked at.
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
    Outside(&'s TimeStampSources, &'s Address, DigestAlgorithm),
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

    /// Has the authorities stamp in their turns, our own last, until `attempt` succeeds with one, whose place it is
    /// given: each once, and again where its tokens were not what was measured. Whatever an outside authority does
    /// wrong, another is asked.
    ///
    /// # Errors
    /// The failure, where it is none of the authority's or nobody is left.
    pub(super) async fn in_turn<T, F>(&self, attempt: impl Fn(usize) -> F) -> ServiceResult<T>
    where
        F: Future<Output = ServiceResult<T>>,
    {
        let count = self.addresses.len() + usize::from(self.with_own);
        let (mut place, mut is_again) = (0, false);
        loop {
            let error = match attempt(place).await {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            if !is_again && is_change(&error) {
                tracing::warn!(%error, "a time-stamping authority has changed; asking it again");
                is_again = true;
                continue;
            }
            let is_its_fault = is_of_source(&error) || is_too_much(&error);
            if !is_its_fault || place + 1 == count {
                return Err(error);
            }
            tracing::warn!(%error, "a time-stamping authority did not stamp; asking the next");
            (place, is_again) = (place + 1, false);
        }
    }

    /// The outside authority of that place in the order; none where it is our own's, which is the last.
    pub(super) async fn outside(&self, place: usize, algorithm: DigestAlgorithm) -> ServiceResult<Option<Stamper<'_>>> {
        let Some(address) = self.addresses.get(place) else {
            return Ok(None);
        };
        let known = self.all_measured().get(&(address.to_string(), algorithm)).cloned();
        let Measured { room, certificates } = match known {
            Some(known) => known,
            None => {
                let mut nothing = [0; 16];
                random(&mut nothing)?;
                let token = ask(&self.fetcher, address, &Imprint::of(algorithm, &nothing)).await?;
                let measured = Measured::by(&token).map_err(|wrong| wrong.at(address))?;
                self.remember(address, algorithm, measured.clone());
                measured
            }
        };
        Ok(Some(Stamper {
            source: Source::Outside(self, address, algorithm),
            room,
            certificates,
        }))
    }

    fn remember(&self, address: &Address, algorithm: DigestAlgorithm, measured: Measured) {
        self.all_measured().insert((address.to_string(), algorithm), measured);
    }

    fn all_measured(&self) -> MutexGuard<'_, HashMap<(String, DigestAlgorithm), Measured>> {
        self.measured.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Measured {
    fn by(token: &[u8]) -> Result<Self, WrongAnswer> {
        let read = TimeStampToken::parse(token).map_err(WrongAnswer::Unreadable)?;
        let certificates = read.signed_data.certificates.iter();
        let certificates = certificates.map(|der| Certificate::from_der(der));
        Ok(Self {
            room: token.len() + TOKEN_ALLOWANCE,
            certificates: certificates
                .collect::<Result<_, _>>()
                .map_err(|error| WrongAnswer::Unverified(error.to_string()))?,
        })
    }
}

/// Whether a failure is that of the authority that was asked for a stamp, so that another may do.
pub(super) fn is_of_source(error: &ServiceError) -> bool {
    let is_of_source = |code: &str| {
        code.starts_with("time-stamp-source")
            || matches!(
                code,
                "time-stamp-failed" | "validation-data-missing" | "revocation-list-too-large"
            )
    };
    matches!(error, ServiceError::Unavailable(_)) || has_code(error, is_of_source)
}

/// Whether what an authority's certificates lead to is more than is looked at.
fn is_too_much(error: &ServiceError) -> bool {
    has_code(error, |code| {
        matches!(
            code,
            "validation-addresses-beyond-limit" | "validation-checks-beyond-limit"
        )
    })
}

/// Whether an authority's tokens are not what was measured of it, and are measured now.
fn is_change(error: &ServiceError) -> bool {
    has_code(error, |code| {
        matches!(
            code,
            "time-stamp-source-longer" | "time-stamp-source-other-certificates"
        )
    })
}

fn has_code(error: &ServiceError, is_meant: impl Fn(&str) -> bool) -> bool {
    matches!(error, ServiceError::Refused(problems) if problems.iter().any(|problem| is_meant(problem.code)))
}

impl Service {
    /// The authority of that place in the order, our own last: that is opened only where it stamps, since its key may
    /// be away.
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

    /// What whoever has a document sealed is to know of these stamps: nobody who judges by what is recognised here
    /// believes those of an authority that leads to nobody on the recognition list.
    pub(super) fn warnings(&self, snapshot: &Snapshot, now: DateTime<Utc>) -> Vec<Problem> {
        let Source::Outside(_, address, _) = &self.source else {
            return Vec::new();
        };
        let is_recognised = self.certificates.iter().any(|certificate| {
            let query = Query::new(certificate, Purpose::TimeStamping, now).with(&self.certificates, &[]);
            // That its revocation data are not at hand here is another matter.
            let validation = validate(&query.revocation(Revocation::Off), snapshot);
            validation.indication == Indication::Passed
        });
        if is_recognised {
            return Vec::new();
        }
        let problem = Problem::new("time-stamps-not-recognised").param("address", address);
        tracing::warn!(%address, "a time-stamping authority is not recognised here: its stamps prove no time");
        vec![problem]
    }

    /// A token over an imprint that fits its room; from [`Level::Lt`] on by a certificate of which revocation data were
    /// collected.
    pub(super) async fn stamp(&self, imprint: Imprint, level: Level, now: DateTime<Utc>) -> ServiceResult<Vec<u8>> {
        let (sources, address, algorithm) = match &self.source {
            Source::Own(authority) => {
                let stamped = authority.stamp(imprint, now, StampSerial::random()?);
                return stamped.map_err(|error| SignError::TimeStamp(error).into());
            }
            Source::Outside(sources, address, algorithm) => (sources, address, *algorithm),
        };
        let token = ask(&sources.fetcher, address, &imprint).await?;
        let measured = Measured::by(&token).map_err(|wrong| wrong.at(address))?;
        let is_longer = token.len() > self.room;
        let mut certificates = measured.certificates.iter();
        let is_of_others = certificates.any(|certificate| !self.certificates.contains(certificate));
        if is_longer || is_of_others {
            sources.remember(address, algorithm, measured);
        }
        let wrong = match (is_longer, is_of_others && level >= Level::Lt) {
            (true, _) => WrongAnswer::Longer {
                length: token.len(),
                room: self.room,
            },
            (false, true) => WrongAnswer::OtherCertificates,
            (false, false) => return Ok(token),
        };
        Err(wrong.at(address))
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
    /// It needs more room than was left for it, as it brings other certificates than before.
    #[error("the stamp has {length} bytes, and {room} were left for it")]
    Longer {
        /// Its bytes.
        length: usize,
        /// Those of the room.
        room: usize,
    },
    /// It rests on certificates of which the document has no revocation data.
    #[error("the stamp brings other certificates than those before it")]
    OtherCertificates,
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
            Self::Longer { .. } => "time-stamp-source-longer",
            Self::OtherCertificates => "time-stamp-source-other-certificates",
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
