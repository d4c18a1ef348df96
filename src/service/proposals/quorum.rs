//! How many officers an act takes.
//!
//! One is enough for what an allow-list names: suspending, which can be undone, and the daily work on certificates of
//! persons, enterprises and hosts, but for those that name a body of ours: whoever has one signs as that body. Whatever
//! else there is takes two. What some acts take they say themselves; what those that name a certificate take is decided
//! from the certificate as it is stored. The proposer writes and signs how many it waits for, never fewer, so that
//! anyone who checks a record sees it.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::ca::ProfileKind;
use crate::crypto::KeyIdentity;
use crate::service::Service;
use crate::service::certificates::Issued;
use crate::service::error::ServiceResult;
use crate::service::own_bodies::OwnBodies;
use crate::service::proposals::Act;
use crate::service::recognition::StatusChange;
use crate::store::ProposalState;
use crate::trust::list::OWN_ENTITY;
use crate::x509::{CertificationRequest, SerialNumber};

/// Profiles by which one officer issues, renews, gives new keys, releases and revokes: their certificates carry no
/// types of licences and serve no role of the instance. A house's own profiles are not among them, since what they say
/// is not known here.
const DAILY: [ProfileKind; 4] = [
    ProfileKind::Person,
    ProfileKind::Enterprise,
    ProfileKind::TlsServer,
    ProfileKind::TlsClient,
];

/// How far from now one officer may date a suspension: no further than clocks differ and an act takes to arrive. What
/// lies further back takes away what was sealed in between.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(5);

/// How many officers an act takes. As data it is their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum Quorum {
    /// One, so that it is done as it is proposed.
    One,
    /// Two: one proposes, another approves.
    Two,
}

impl From<Quorum> for u8 {
    fn from(quorum: Quorum) -> Self {
        match quorum {
            Quorum::One => 1,
            Quorum::Two => 2,
        }
    }
}

/// A number of officers that no act takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an act takes 1 or 2 officers, not {0}")]
pub struct NoQuorum(u8);

impl TryFrom<u8> for Quorum {
    type Error = NoQuorum;

    fn try_from(officers: u8) -> Result<Self, NoQuorum> {
        match officers {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            other => Err(NoQuorum(other)),
        }
    }
}

impl Quorum {
    /// How a proposal of such an act stands as soon as it is entered.
    pub(super) fn state_when_proposed(self) -> ProposalState {
        match self {
            Self::One => ProposalState::CarriedOut,
            Self::Two => ProposalState::Open,
        }
    }

    fn one_if(condition: bool) -> Self {
        match condition {
            true => Self::One,
            false => Self::Two,
        }
    }
}

impl Act {
    /// How many officers it takes, as far as it says so itself when it is proposed at `now`; `None` where the
    /// certificate that it names decides.
    pub fn stated_quorum(&self, now: DateTime<Utc>) -> Option<Quorum> {
        match self {
            Self::Suspend(change) => Some(Quorum::one_if(is_undone_by_resuming(change, now))),
            Self::HoldCertificate(_) => Some(Quorum::One),
            Self::IssueCertificate(new) if is_daily(&new.profile) => None,
            // An earlier date takes away what was signed since, for good.
            Self::RevokeCertificate(former) if former.invalid_since.is_none() => None,
            Self::RenewCertificate(_) | Self::RekeyCertificate(_) | Self::ReleaseCertificate(_) => None,
            Self::IssueCertificate(_)
            | Self::RevokeCertificate(_)
            | Self::FoundCa(_)
            | Self::AdmitCa(_)
            | Self::IssueCross(_)
            | Self::RevokeCross(_)
            | Self::EnrolOfficer(_)
            | Self::RemoveOfficer(_)
            | Self::Recognise(_)
            | Self::Withdraw(_)
            | Self::Resume(_)
            | Self::MapAssurance(_)
            | Self::PublishList(_)
            | Self::RevokeCa(_) => Some(Quorum::Two),
        }
    }
}

impl Service {
    /// How many officers an act takes that is proposed now.
    ///
    /// # Errors
    /// Where what it names is not known, or is nothing that such an act may be about, however many agree.
    pub async fn quorum_of(&self, act: &Act) -> ServiceResult<Quorum> {
        match act {
            Act::IssueCertificate(new) => _ = self.profile_for_requests(&new.profile)?,
            Act::RevokeCertificate(former) => _ = self.end_entity_to_revoke(former).await?,
            _ => {}
        }
        if let Some(stated) = act.stated_quorum(self.now()) {
            return Ok(stated);
        }
        let one = match act {
            Act::IssueCertificate(new) => self.is_daily_request(&new.request, &new.named()).await?,
            Act::RekeyCertificate(new) => {
                self.is_daily_request(&new.request, &[]).await?
                    && self.is_daily_certificate(&new.ca, &new.serial).await?
            }
            Act::RenewCertificate(id) | Act::ReleaseCertificate(id) => {
                self.is_daily_certificate(&id.ca, &id.serial).await?
            }
            Act::RevokeCertificate(former) => self.is_daily_certificate(&former.ca, &former.serial).await?,
            _ => false,
        };
        Ok(Quorum::one_if(one))
    }

    /// Whether a certificate is one of daily work: by its profile, by whom it is about, by what it says, and by whose
    /// key it certifies.
    async fn is_daily_certificate(&self, ca: &str, serial: &SerialNumber) -> ServiceResult<bool> {
        let Issued {
            profile, certificate, ..
        } = self.issued(ca, serial).await?;
        Ok(is_daily(&profile)
            && !certificate.is_ca()
            && certificate.licence_types().is_empty()
            && !self.holds_key(certificate.key_identity()).await?
            && !self.newest_own_bodies().await?.are_in(certificate.subject()))
    }

    /// Whether a request is neither for a key of this instance nor in the name of a body of ours, by its subject or by
    /// the texts that take its place; one that is no request is refused by whatever it is for.
    async fn is_daily_request(&self, request: &[u8], named: &[&str]) -> ServiceResult<bool> {
        let Ok(request) = CertificationRequest::from_der(request) else {
            return Ok(true);
        };
        let bodies = self.newest_own_bodies().await?;
        let is_ours = match named {
            [] => bodies.are_in(request.subject()),
            texts => texts.iter().any(|text| bodies.are_meant_by(text)),
        };
        Ok(!is_ours && !self.holds_key(request.key_identity()).await?)
    }

    async fn newest_own_bodies(&self) -> ServiceResult<Arc<OwnBodies>> {
        self.newest_trust().await?;
        Ok(self.own_bodies())
    }

    /// Whether the instance holds the private part of a key.
    async fn holds_key(&self, identity: KeyIdentity) -> ServiceResult<bool> {
        let keys = self.store().keys().await?;
        Ok(keys.iter().any(|key| KeyIdentity::of_spki(&key.public_key) == identity))
    }
}

fn is_daily(profile: &str) -> bool {
    DAILY.iter().any(|kind| kind.name() == profile)
}

/// Whether nothing is left of a suspension once it is resumed. One of our own authorities stops the whole city, one
/// that dates back takes away what was sealed in the time between, and one for later is none yet.
fn is_undone_by_resuming(change: &StatusChange, now: DateTime<Utc>) -> bool {
    let is_now = |since: DateTime<Utc>| (now - CLOCKS_DIFFER..=now + CLOCKS_DIFFER).contains(&since);
    change.entity != OWN_ENTITY && change.since.is_none_or(is_now)
}
