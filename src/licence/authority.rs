//! Authorities (机构): who issues licences, where, and on which tier.

use serde::{Deserialize, Serialize};

use crate::licence::credit_code::CreditCode;
use crate::licence::region::RegionCode;
use crate::licence::text::Bilingual;

/// Tier of an authority (GB/T 36902: 证照颁发机构级别), from the widest to the narrowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuthorityLevel {
    /// 国家级.
    National,
    /// 省级.
    Province,
    /// 地市级.
    City,
    /// 区县级.
    County,
    /// 乡镇级.
    Township,
    /// 村级; counted as 其他 in GB/T 36902.
    Village,
}

impl AuthorityLevel {
    /// All, the highest first.
    pub const ALL: [Self; 6] = [
        Self::National,
        Self::Province,
        Self::City,
        Self::County,
        Self::Township,
        Self::Village,
    ];

    /// The word of GB/T 36902.
    pub fn catalogue_name(self) -> &'static str {
        match self {
            Self::National => "国家级",
            Self::Province => "省级",
            Self::City => "地市级",
            Self::County => "区县级",
            Self::Township => "乡镇级",
            Self::Village => "其他",
        }
    }

    /// The tier of that word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }

    /// The word of the interface, as in `type.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Province => "province",
            Self::City => "city",
            Self::County => "county",
            Self::Township => "township",
            Self::Village => "village",
        }
    }
}

/// An organisation that may issue licences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Authority {
    /// Its unified social credit code: the issuer of its identifiers, the organisation of its certificate and its seal.
    pub code: CreditCode,
    /// Its full name; the Chinese one stands on faces and seals.
    pub name: Bilingual,
    /// The region that it serves.
    pub region: RegionCode,
    /// Its tier. A county's branch in a township may serve a wider region than its tier says, so both are kept.
    pub level: AuthorityLevel,
    /// The authority above it, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<CreditCode>,
}
