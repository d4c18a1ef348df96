//! What two authorities agreed on, as data that people read, approve and keep.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::CrossError;
use crate::asn1::oid::ANY_POLICY;
use crate::ca::ProfileKind;
use crate::x509::PolicyMapping;

/// The place of the partner between the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// An authority like ours, which brings nobody with it.
    Direct,
    /// We are the hub of a bridge, and it is one of the members.
    Member,
    /// It is the hub of a bridge, which leads on to the authorities of others.
    Bridge,
}

impl Mode {
    /// All.
    pub const ALL: [Self; 3] = [Self::Direct, Self::Member, Self::Bridge];

    /// Its name in commands: `direct`, `member`, `bridge`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Member => "member",
            Self::Bridge => "bridge",
        }
    }

    /// The mode of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }

    /// The profile of its certificates, which has the path length and the constraints on policies where nothing else is
    /// agreed on.
    pub fn profile(self) -> ProfileKind {
        match self {
            Self::Direct | Self::Member => ProfileKind::Cross,
            Self::Bridge => ProfileKind::Bridge,
        }
    }
}

/// The terms of a cross-certificate. Object identifiers and names stand as text: `1.2.156.…`, `C=CN,O=…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Terms {
    /// The partner's place.
    pub mode: Mode,
    /// Our policies that the partner's certificates can stand for.
    pub policies: Vec<String>,
    /// Which of the partner's policies stands for which of ours, as pairs of ours and theirs; a policy without a pair
    /// stands for itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mappings: Vec<(String, String)>,
    /// Organisations that the partner may certify; all but our own where empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permitted: Vec<String>,
    /// Organisations that it may not certify, beside our own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<String>,
    /// How many authorities may follow the partner; as the profile of its mode says where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_length: Option<u32>,
    /// After how many certificates below the partner's anyPolicy no longer counts; at once where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inhibit_any_policy: Option<u32>,
    /// After how many certificates a policy must hold; at once where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub require_explicit_policy: Option<u32>,
    /// How long it is valid at the most, in days.
    pub validity_days: u32,
    /// Where the partner publishes its certificates, where its own certificate does not say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
}

/// Longest validity of a cross-certificate, in days: agreements between authorities are renewed within these years.
pub(super) const MAX_VALIDITY_DAYS: u32 = 5 * 365;

/// Most policies, mappings and names each: bridges in use have some tens.
pub(super) const MAX_ITEMS: usize = 100;

/// The policies of terms, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Policies {
    pub(super) own: Vec<der::asn1::ObjectIdentifier>,
    pub(super) mappings: Vec<PolicyMapping>,
}

impl Terms {
    /// For an authority like ours: these policies, the rest as is usual.
    pub fn direct(policies: &[&str], validity_days: u32) -> Self {
        Self {
            mode: Mode::Direct,
            policies: policies.iter().map(|policy| (*policy).to_owned()).collect(),
            mappings: Vec::new(),
            permitted: Vec::new(),
            excluded: Vec::new(),
            path_length: None,
            inhibit_any_policy: None,
            require_explicit_policy: None,
            validity_days,
            repository: None,
        }
    }

    /// The policies and mappings, never anyPolicy (RFC 5280 sections 4.2.1.4 and 4.2.1.5).
    pub(super) fn read_policies(&self) -> Result<Policies, CrossError> {
        for items in [
            self.policies.len(),
            self.mappings.len(),
            self.permitted.len(),
            self.excluded.len(),
        ] {
            if items > MAX_ITEMS {
                return Err(CrossError::TooMany {
                    items,
                    limit: MAX_ITEMS,
                });
            }
        }
        let policy = |text: &String| {
            let oid = der::asn1::ObjectIdentifier::new(text).map_err(|_| CrossError::Policy(text.clone()))?;
            if oid == ANY_POLICY {
                Err(CrossError::AnyPolicy)
            } else {
                Ok(oid)
            }
        };
        let own: Vec<_> = self.policies.iter().map(policy).collect::<Result<_, _>>()?;
        if own.is_empty() {
            return Err(CrossError::NoPolicy);
        }
        let mut mappings = Vec::new();
        for (ours, theirs) in &self.mappings {
            let (issuer_domain, subject_domain) = (policy(ours)?, policy(theirs)?);
            if !own.contains(&issuer_domain) {
                return Err(CrossError::MappingOfOther(ours.clone()));
            }
            mappings.push(PolicyMapping {
                issuer_domain,
                subject_domain,
            });
        }
        Ok(Policies { own, mappings })
    }

    /// How long the certificate is valid at the most.
    pub(super) fn validity(&self) -> Result<TimeDelta, CrossError> {
        match self.validity_days {
            1..=MAX_VALIDITY_DAYS => Ok(TimeDelta::days(i64::from(self.validity_days))),
            days => Err(CrossError::Validity {
                days,
                limit: MAX_VALIDITY_DAYS,
            }),
        }
    }
}
