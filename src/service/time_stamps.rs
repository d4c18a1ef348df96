//! Time stamping: the city's own authorities, one in each suite.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::ca::timestamp::{MAX_REQUEST_BYTES, StampSerial, TimeStampAuthority};
use crate::cms::timestamp::{Accuracy, TimeStampRequest};
use crate::crypto::DigestAlgorithm;
use crate::crypto::key::Suite;
use crate::problem::Problem;
use crate::service::Service;
use crate::service::city::Role;
use crate::service::error::{ServiceError, ServiceResult};

/// Accuracy that is stated in stamps: what a clock kept by NTP holds without effort.
const ACCURACY_MICROSECONDS: u64 = 500_000;

/// The authorities that were opened.
#[derive(Default)]
pub(super) struct TimeStamping(RwLock<HashMap<Suite, Arc<TimeStampAuthority>>>);

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
        let authority = self.time_stamp_authority(suite).await?;
        let response = authority.respond(request, Some(self.now()), StampSerial::random()?);
        Ok(response.to_der())
    }

    /// The time-stamping authority of a suite.
    pub(super) async fn time_stamp_authority(&self, suite: Suite) -> ServiceResult<Arc<TimeStampAuthority>> {
        let opened = self
            .time_stamping
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&suite)
            .cloned();
        if let Some(authority) = opened {
            return Ok(authority);
        }
        let identity = self.identity(&Role::TimeStamping.name(suite)).await?;
        let accuracy = Accuracy {
            micros: ACCURACY_MICROSECONDS,
        };
        let authority = TimeStampAuthority::new(identity.key, identity.certificate, &[], accuracy);
        let authority = Arc::new(authority.map_err(ServiceError::internal)?);
        self.time_stamping
            .0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(suite, Arc::clone(&authority));
        Ok(authority)
    }
}
