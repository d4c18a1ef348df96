//! Why, and by which lists, certificates are revoked: reasons and distribution points (RFC 5280 sections 4.2.1.13,
//! 5.2.5 and 5.3.1).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Attribute, GeneralName};

/// `CRLReason` (RFC 5280 section 5.3.1). `removeFromCRL` occurs in delta lists only. As text it is the standard's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum RevocationReason {
    /// 0: no reason is given.
    Unspecified,
    /// 1: the private key is known or suspected to be in other hands.
    KeyCompromise,
    /// 2: the same of an authority's key.
    CaCompromise,
    /// 3: the subject's name or affiliation has changed.
    AffiliationChanged,
    /// 4: another certificate has taken its place.
    Superseded,
    /// 5: it is no longer needed.
    CessationOfOperation,
    /// 6: suspended for the time being.
    CertificateHold,
    /// 8: taken off a hold or expired, in a delta list.
    RemoveFromCrl,
    /// 9: a right that it states was withdrawn.
    PrivilegeWithdrawn,
    /// 10: the key of an attribute authority is compromised.
    AaCompromise,
}

impl RevocationReason {
    /// Every reason with its code and its name in the standard.
    pub const TABLE: [(Self, u8, &'static str); 10] = [
        (Self::Unspecified, 0, "unspecified"),
        (Self::KeyCompromise, 1, "keyCompromise"),
        (Self::CaCompromise, 2, "cACompromise"),
        (Self::AffiliationChanged, 3, "affiliationChanged"),
        (Self::Superseded, 4, "superseded"),
        (Self::CessationOfOperation, 5, "cessationOfOperation"),
        (Self::CertificateHold, 6, "certificateHold"),
        (Self::RemoveFromCrl, 8, "removeFromCRL"),
        (Self::PrivilegeWithdrawn, 9, "privilegeWithdrawn"),
        (Self::AaCompromise, 10, "aACompromise"),
    ];

    /// The reason with this code of the ENUMERATED.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::TABLE.into_iter().find(|row| row.1 == code).map(|row| row.0)
    }

    /// Its code in the ENUMERATED.
    pub fn code(self) -> u8 {
        self.row().1
    }

    /// Its name in the standard.
    pub fn name(self) -> &'static str {
        self.row().2
    }

    /// Whether signatures made before the revocation lose their value too, unless proved older than the compromise.
    pub fn is_compromise(self) -> bool {
        matches!(self, Self::KeyCompromise | Self::CaCompromise | Self::AaCompromise)
    }

    /// Whether nobody takes the revocation back (RFC 5280 section 5.3.1): any but a hold.
    pub fn is_for_good(self) -> bool {
        !matches!(self, Self::CertificateHold | Self::RemoveFromCrl)
    }

    /// Whether it says that the key was given up without having been in other hands: what a time-stamping authority
    /// stamped before stays valid (RFC 3161 section 4 (1)). That no reason is given says nothing of the kind: RFC 5280
    /// section 5.3.1 has it left out, and RFC 3161 takes every stamp for invalid then.
    pub fn is_harmless(self) -> bool {
        matches!(
            self,
            Self::AffiliationChanged | Self::Superseded | Self::CessationOfOperation
        )
    }

    fn row(self) -> (Self, u8, &'static str) {
        Self::TABLE
            .into_iter()
            .find(|row| row.0 == self)
            .unwrap_or(Self::TABLE[0])
    }
}

/// A text that names no reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no reason of RFC 5280 section 5.3.1")]
pub struct NoRevocationReason(String);

impl FromStr for RevocationReason {
    type Err = NoRevocationReason;

    fn from_str(name: &str) -> Result<Self, NoRevocationReason> {
        let row = Self::TABLE.into_iter().find(|row| row.2 == name);
        row.map_or_else(|| Err(NoRevocationReason(name.to_owned())), |row| Ok(row.0))
    }
}

impl TryFrom<String> for RevocationReason {
    type Error = NoRevocationReason;

    fn try_from(name: String) -> Result<Self, NoRevocationReason> {
        name.parse()
    }
}

impl From<RevocationReason> for &'static str {
    fn from(reason: RevocationReason) -> Self {
        reason.name()
    }
}

/// `ReasonFlags` (RFC 5280 section 4.2.1.13): bit n is the named bit n; bit 0 is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReasonFlags(pub u16);

/// `DistributionPointName`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DistributionPointName {
    /// One place under several names.
    Full(Vec<GeneralName>),
    /// A name that continues the one of the list's issuer.
    RelativeToIssuer(Vec<Attribute>),
}

impl DistributionPointName {
    /// The first HTTP or HTTPS address, if there is one.
    pub fn url(&self) -> Option<&str> {
        let Self::Full(names) = self else { return None };
        names.iter().find_map(|name| match name {
            GeneralName::Uri(uri) if uri.starts_with("http://") || uri.starts_with("https://") => Some(uri.as_str()),
            _ => None,
        })
    }
}

/// `DistributionPoint` of a certificate (RFC 5280 section 4.2.1.13).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistributionPoint {
    /// Where the list is.
    pub name: Option<DistributionPointName>,
    /// The reasons that the list there covers; all when absent.
    pub reasons: Option<ReasonFlags>,
    /// Who signs the list; the certificate's own issuer when empty.
    pub crl_issuer: Vec<GeneralName>,
}

/// `IssuingDistributionPoint` of a list (RFC 5280 section 5.2.5).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IssuingDistributionPoint {
    /// The distribution point that the list serves.
    pub name: Option<DistributionPointName>,
    /// It lists end-entity certificates only.
    pub only_user_certificates: bool,
    /// It lists CA certificates only.
    pub only_ca_certificates: bool,
    /// It lists certificates revoked for these reasons only.
    pub only_some_reasons: Option<ReasonFlags>,
    /// It lists certificates of other issuers too.
    pub indirect: bool,
    /// It lists attribute certificates only.
    pub only_attribute_certificates: bool,
}
