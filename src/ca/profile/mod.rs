//! Certificate profiles: what a certificate of each kind says, as data (`certs/profiles/*.toml`).
//!
//! Names of usages and purposes are those of the standards. A profile is read once and checked then; the certificates
//! made by it are held against it again by the lint.

mod file;
mod kind;

use chrono::TimeDelta;
use der::asn1::ObjectIdentifier;
use serde::Deserialize;

pub use kind::ProfileKind;

use super::ProfileError;
use crate::x509::{GeneralName, KeyUsage, NameConstraints, PolicyConstraints, PolicyMapping};

/// A part that the subject of a certificate must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectPart {
    /// A name in `subjectAltName`.
    AlternativeName,
    /// `commonName`.
    CommonName,
    /// `countryName`.
    Country,
    /// The unified social credit code, in its extension and as `organizationIdentifier`.
    CreditCode,
    /// `organizationName`.
    Organisation,
}

impl SubjectPart {
    /// Its name in a profile.
    pub fn name(self) -> &'static str {
        match self {
            Self::AlternativeName => "alternative-name",
            Self::CommonName => "common-name",
            Self::Country => "country",
            Self::CreditCode => "credit-code",
            Self::Organisation => "organisation",
        }
    }
}

/// A form of the names in `subjectAltName` (RFC 5280 section 4.2.1.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameForm {
    /// `dNSName`.
    Dns,
    /// `rfc822Name`.
    Email,
    /// `iPAddress`.
    Ip,
    /// `uniformResourceIdentifier`.
    Uri,
}

impl NameForm {
    /// The form of a name; `None` where profiles know no such form.
    pub fn of(name: &GeneralName) -> Option<Self> {
        match name {
            GeneralName::Dns(_) => Some(Self::Dns),
            GeneralName::Rfc822(_) => Some(Self::Email),
            GeneralName::Ip(_) => Some(Self::Ip),
            GeneralName::Uri(_) => Some(Self::Uri),
            GeneralName::Directory(_) | GeneralName::Other { .. } => None,
        }
    }
}

/// What certificates of one kind say. Where a certificate says more than its kind, as one for a partner does, the
/// profile is copied and the copy says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// What such certificates are for, in English.
    pub description: String,
    /// Signed by the subject's own key.
    pub self_signed: bool,
    /// The subject is a certification authority.
    pub certification_authority: bool,
    /// How many authorities may follow it on a path; any number when absent.
    pub path_length: Option<u32>,
    /// How long certificates are valid; they end with their issuer's certificate at the latest.
    pub validity: TimeDelta,
    /// What the subject must have.
    pub subject: Vec<SubjectPart>,
    /// Which names the subject may have in `subjectAltName`.
    pub alternative_names: Vec<NameForm>,
    /// `keyUsage`, always critical.
    pub key_usage: KeyUsage,
    /// `extKeyUsage`; absent when empty.
    pub purposes: Vec<ObjectIdentifier>,
    /// Whether `extKeyUsage` is critical.
    pub purposes_critical: bool,
    /// `id-pkix-ocsp-nocheck` (RFC 6960 section 4.2.2.2.1): nobody asks whether the responder itself is revoked.
    pub ocsp_no_check: bool,
    /// Whether certificates name the responder that answers about their status.
    pub status_address: bool,
    /// `certificatePolicies`; absent when empty.
    pub policies: Vec<ObjectIdentifier>,
    /// `policyMappings`, critical; absent when empty.
    pub policy_mappings: Vec<PolicyMapping>,
    /// `policyConstraints`, critical; absent when it says nothing.
    pub policy_constraints: PolicyConstraints,
    /// `inhibitAnyPolicy`, critical.
    pub inhibit_any_policy: Option<u32>,
    /// `nameConstraints`, critical; absent when it says nothing.
    pub name_constraints: NameConstraints,
}

impl Profile {
    /// The profile of a kind, as delivered.
    ///
    /// # Errors
    /// None in a tested build: every delivered profile is read by a test.
    pub fn standard(kind: ProfileKind) -> Result<Self, ProfileError> {
        Self::from_toml(kind.name(), kind.text())
    }

    /// Reads a profile.
    ///
    /// # Errors
    /// Where the text is no profile, names what does not exist, or says of an end entity what only authorities say.
    pub fn from_toml(name: &str, text: &str) -> Result<Self, ProfileError> {
        file::read(name, text)
    }

    /// Whether `policyConstraints` says anything.
    pub fn constrains_policies(&self) -> bool {
        self.policy_constraints != PolicyConstraints::default()
    }

    /// Whether `nameConstraints` says anything.
    pub fn constrains_names(&self) -> bool {
        self.name_constraints != NameConstraints::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_delivered_profile_reads_and_has_its_name() {
        for kind in ProfileKind::ALL {
            let profile = Profile::standard(kind).unwrap();
            assert_eq!(profile.name, kind.name());
            assert_eq!(ProfileKind::from_name(kind.name()), Some(kind));
        }
        assert!(Profile::standard(ProfileKind::Tsa).unwrap().purposes_critical);
    }

    #[test]
    fn a_misspelt_usage_or_key_is_named() {
        let text = |line: &str| format!("description = \"x\"\nvalidity_days = 1\nsubject = []\n{line}\n");
        let error = Profile::from_toml("x", &text("key_usage = [\"digitalSignatur\"]")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "certificate profile \"x\" names the unknown key usage \"digitalSignatur\""
        );
        assert!(matches!(
            Profile::from_toml("x", &text("key_usage = []\ncolour = 1")),
            Err(ProfileError::Syntax { .. })
        ));
        let endless = text("key_usage = []").replace("= 1", "= 10951");
        assert!(matches!(
            Profile::from_toml("x", &endless),
            Err(ProfileError::Validity { days: 10_951, .. })
        ));
    }
}
