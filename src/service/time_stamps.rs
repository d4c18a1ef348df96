//! Time stamping: the city's own authorities, one in each suite.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex;

use crate::ca::timestamp::{MAX_REQUEST_BYTES, StampSerial, TimeStampAuthority};
use crate::ca::{ProfileKind, Subject};
use crate::cms::timestamp::{Accuracy, TimeStampRequest};
use crate::crypto::DigestAlgorithm;
use crate::crypto::key::Suite;
use crate::problem::Problem;
use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::city::Role;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::identities::NewIdentity;
use crate::service::issuers::REFRESH;
use crate::service::known::Known;
use crate::x509::Certificate;

/// Accuracy that is stated in stamps: what a clock kept by NTP holds without effort.
const ACCURACY_MICROSECONDS: u64 = 500_000;

/// A certificate of time stamping with less of its time left, or of half of it where that is less, is followed by
/// another one for the same key: what was stamped with it has that long to be stamped again with one that outlives it.
const FOLLOWED_BEFORE: TimeDelta = TimeDelta::days(365);

/// The authorities that were opened, until a certificate or a revocation list changes.
#[derive(Default)]
pub(super) struct TimeStamping {
    known: RwLock<Known<Suite, Opened>>,
    /// Held while one is opened, so that it is certified anew once.
    opening: Mutex<()>,
}

/// One that was opened.
#[derive(Clone)]
struct Opened {
    stamping: Stamping,
    read_at: DateTime<Utc>,
}

/// An authority in two forms.
#[derive(Clone)]
pub(super) struct Stamping {
    /// For licences, which have its chain beside the stamp: a token carries its certificate alone.
    pub(super) of_licences: Arc<TimeStampAuthority>,
    /// For everything else: a token carries the certificates from which it is judged.
    pub(super) of_others: Arc<TimeStampAuthority>,
}

impl TimeStamping {
    /// Forgets those that were opened: one may be revoked or renewed.
    pub(super) fn forget(&self) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).forget();
    }

    /// One that was opened lately, and the generation in which another is begun.
    fn known(&self, suite: Suite, now: DateTime<Utc>) -> (Option<Stamping>, u64) {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let opened = known.by_name.get(&suite);
        let opened = opened.filter(|opened| now - opened.read_at < REFRESH);
        (opened.map(|opened| opened.stamping.clone()), known.generation)
    }
}

impl Service {
    /// Answers a time-stamp request (RFC 3161): DER in, DER out. A request with an SM3 imprint is stamped with SM2, any
    /// other with ECDSA. What the authority refuses is an answer too.
    ///
    /// # Errors
    /// Where the request is too long, or the city has no time stamping.
    pub async fn time_stamp(&self, request: &[u8]) -> ServiceResult<Vec<u8>> {
        if request.len() > MAX_REQUEST_BYTES {
            return Err(ServiceError::refused(
                Problem::new("too-large")
                    .param("bytes", request.len())
                    .param("limit", MAX_REQUEST_BYTES),
            ));
        }
        let imprint = TimeStampRequest::parse(request)
            .ok()
            .and_then(|request| request.imprint.known_algorithm());
        let suite = if imprint == Some(DigestAlgorithm::Sm3) {
            Suite::National
        } else {
            Suite::International
        };
        let authority = self.time_stamp_authority(suite).await?.of_others;
        let response = authority.respond(request, Some(self.now()), StampSerial::random()?);
        Ok(response.to_der())
    }

    /// The time-stamping authority of a suite, whose certificates are not revoked.
    pub(super) async fn time_stamp_authority(&self, suite: Suite) -> ServiceResult<Stamping> {
        self.notice_changes().await?;
        let now = self.now();
        if let (Some(stamping), _) = self.time_stamping.known(suite, now) {
            return Ok(stamping);
        }
        let _opening = self.time_stamping.opening.lock().await;
        let (known, begun_in) = self.time_stamping.known(suite, now);
        if let Some(stamping) = known {
            return Ok(stamping);
        }
        let certifying = self.authority_certificate(&Role::TimeStampingCa.name(suite)).await?;
        self.must_not_be_revoked(&certifying).await?;
        // The present certificate serves on until another one can be had.
        if let Err(error) = self.follow_time_stamping(suite, &certifying).await {
            tracing::error!(%error, "time stamping could not be certified anew");
        }
        let identity = self.unrevoked_identity(&Role::TimeStamping.name(suite)).await?;
        let accuracy = Accuracy {
            micros: ACCURACY_MICROSECONDS,
        };
        let with = |chain: &[Certificate]| {
            let (key, certificate) = (Arc::clone(&identity.key), identity.certificate.clone());
            let authority = TimeStampAuthority::new(key, certificate, chain, accuracy);
            authority.map(Arc::new).map_err(ServiceError::internal)
        };
        let stamping = Stamping {
            of_licences: with(&[])?,
            of_others: with(std::slice::from_ref(&certifying))?,
        };
        let opened = Arc::new(Opened {
            stamping: stamping.clone(),
            read_at: now,
        });
        let mut known = self.time_stamping.known.write().unwrap_or_else(PoisonError::into_inner);
        known.keep(suite, &opened, begun_in);
        Ok(stamping)
    }

    /// Certifies time stamping anew where its certificate is near its end and another one can outlive it.
    async fn follow_time_stamping(&self, suite: Suite, certifying: &Certificate) -> ServiceResult<()> {
        let (name, ca) = (Role::TimeStamping.name(suite), Role::TimeStampingCa.name(suite));
        let Some(present) = self.present_certificate(&name).await? else {
            return Ok(());
        };
        let validity = present.validity();
        let before = FOLLOWED_BEFORE.min((validity.not_after - validity.not_before) / 2);
        if self.now() < validity.not_after - before || validity.not_after >= certifying.validity().not_after {
            return Ok(());
        }
        // A key whose certificate was revoked is certified no more.
        self.must_not_be_revoked(&present).await?;
        let new = NewIdentity {
            name: &name,
            ca: &ca,
            kind: ProfileKind::Tsa,
            algorithm: self.algorithm_under(&ca).await?,
            subject: &Subject::named(present.subject().clone(), None),
        };
        self.establish_identity(&Actor::Program, &new).await.map(drop)
    }
}
