//! Time stamping: the city's own authorities, one in each suite.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};

use crate::ca::timestamp::{MAX_REQUEST_BYTES, StampSerial, TimeStampAuthority};
use crate::cms::timestamp::{Accuracy, TimeStampRequest};
use crate::crypto::DigestAlgorithm;
use crate::crypto::key::Suite;
use crate::problem::Problem;
use crate::service::Service;
use crate::service::city::Role;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::issuers::REFRESH;
use crate::service::known::Known;
use crate::x509::Certificate;

/// Accuracy that is stated in stamps: what a clock kept by NTP holds without effort.
const ACCURACY_MICROSECONDS: u64 = 500_000;

/// The authorities that were opened, until a certificate or a revocation list changes.
#[derive(Default)]
pub(super) struct TimeStamping(RwLock<Known<Suite, Opened>>);

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
        self.0.write().unwrap_or_else(PoisonError::into_inner).forget();
    }

    /// One that was opened lately, and the generation in which another is begun.
    fn known(&self, suite: Suite, now: DateTime<Utc>) -> (Option<Stamping>, u64) {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
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
        let (known, begun_in) = self.time_stamping.known(suite, now);
        if let Some(stamping) = known {
            return Ok(stamping);
        }
        let certifying = self.authority_certificate(&Role::TimeStampingCa.name(suite)).await?;
        self.must_not_be_revoked(&certifying).await?;
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
        let mut known = self.time_stamping.0.write().unwrap_or_else(PoisonError::into_inner);
        known.keep(suite, &opened, begun_in);
        Ok(stamping)
    }
}
