//! Certificate profiles: what a certificate of each kind says, as data (`certs/profiles/*.toml`).
//!
//! Names of usages and purposes are those of the standards. A profile is read once and checked then; the certificates made
//! by it are held against it again by the lint.

use chrono::TimeDelta;
use der::asn1::ObjectIdentifier;
use serde::Deserialize;

use super::ProfileError;
use crate::asn1::oid;
use crate::x509::KeyUsage;

/// The kinds of certificates that this authority issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProfileKind {
    /// Signer of the payload of QR codes and of the lists that go with them.
    CredentialSigner,
    /// Authority under a root.
    Issuing,
    /// Organisation that signs and seals (签章者).
    OrganisationSigner,
    /// Anchor of a chain.
    Root,
    /// Maker of seal objects (制章者).
    SealMaker,
    /// Time-stamping authority.
    Tsa,
}

impl ProfileKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::CredentialSigner,
        Self::Issuing,
        Self::OrganisationSigner,
        Self::Root,
        Self::SealMaker,
        Self::Tsa,
    ];

    /// Its name: the name of its file without `.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::CredentialSigner => "credential-signer",
            Self::Issuing => "issuing",
            Self::OrganisationSigner => "organisation-signer",
            Self::Root => "root",
            Self::SealMaker => "seal-maker",
            Self::Tsa => "tsa",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    fn text(self) -> &'static str {
        match self {
            Self::CredentialSigner => include_str!("../../certs/profiles/credential-signer.toml"),
            Self::Issuing => include_str!("../../certs/profiles/issuing.toml"),
            Self::OrganisationSigner => include_str!("../../certs/profiles/organisation-signer.toml"),
            Self::Root => include_str!("../../certs/profiles/root.toml"),
            Self::SealMaker => include_str!("../../certs/profiles/seal-maker.toml"),
            Self::Tsa => include_str!("../../certs/profiles/tsa.toml"),
        }
    }
}

/// A part that the subject of a certificate must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectPart {
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
            Self::CommonName => "common-name",
            Self::Country => "country",
            Self::CreditCode => "credit-code",
            Self::Organisation => "organisation",
        }
    }
}

/// What certificates of one kind say.
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
    /// `keyUsage`, always critical.
    pub key_usage: KeyUsage,
    /// `extKeyUsage`; absent when empty.
    pub purposes: Vec<ObjectIdentifier>,
    /// Whether `extKeyUsage` is critical.
    pub purposes_critical: bool,
    /// `certificatePolicies`; absent when empty.
    pub policies: Vec<ObjectIdentifier>,
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
    /// Where the text is no profile, or names what does not exist.
    pub fn from_toml(name: &str, text: &str) -> Result<Self, ProfileError> {
        let file: File = toml::from_str(text).map_err(|error| ProfileError::Syntax {
            profile: name.to_owned(),
            reason: error.to_string(),
        })?;
        let unknown = |kind, value: &str| ProfileError::UnknownName {
            profile: name.to_owned(),
            kind,
            name: value.to_owned(),
        };
        if file.validity_days == 0 || file.validity_days > MAX_VALIDITY_DAYS {
            let (days, limit) = (file.validity_days, MAX_VALIDITY_DAYS);
            return Err(ProfileError::Validity {
                profile: name.to_owned(),
                days,
                limit,
            });
        }
        let mut key_usage = KeyUsage::default();
        for usage in &file.key_usage {
            key_usage = key_usage | KeyUsage::from_name(usage).ok_or_else(|| unknown("key usage", usage))?;
        }
        let named = |kind, table: &[(&str, ObjectIdentifier)], names: &[String]| {
            let find = |name: &String| table.iter().find(|(known, _)| known == name).map(|(_, oid)| *oid);
            names
                .iter()
                .map(|name| find(name).ok_or_else(|| unknown(kind, name)))
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(Self {
            purposes: named("purpose", &PURPOSES, &file.extended_key_usage)?,
            policies: named("policy", &POLICIES, &file.policies)?,
            name: name.to_owned(),
            description: file.description,
            self_signed: file.self_signed,
            certification_authority: file.certification_authority,
            path_length: file.path_length,
            validity: TimeDelta::days(i64::from(file.validity_days)),
            subject: file.subject,
            key_usage,
            purposes_critical: file.extended_key_usage_critical,
        })
    }
}

/// Longest validity of any certificate, in days: thirty years, as the longest-lived roots in public use have.
const MAX_VALIDITY_DAYS: u32 = 30 * 365;

/// Purposes by the names that profiles use.
const PURPOSES: [(&str, ObjectIdentifier); 4] = [
    ("credentialSigning", oid::KP_CREDENTIAL_SIGNING),
    ("documentSigning", oid::KP_DOCUMENT_SIGNING),
    ("sealMaking", oid::KP_SEAL_MAKING),
    ("timeStamping", oid::KP_TIME_STAMPING),
];

/// Policies by the names that profiles use.
const POLICIES: [(&str, ObjectIdentifier); 3] = [
    ("any", oid::ANY_POLICY),
    ("governmentSeal", oid::GOVERNMENT_SEAL_POLICY),
    ("timeStamping", oid::TSA_POLICY),
];

/// The file as it stands.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    description: String,
    #[serde(default)]
    self_signed: bool,
    #[serde(default)]
    certification_authority: bool,
    path_length: Option<u32>,
    validity_days: u32,
    subject: Vec<SubjectPart>,
    key_usage: Vec<String>,
    #[serde(default)]
    extended_key_usage: Vec<String>,
    #[serde(default)]
    extended_key_usage_critical: bool,
    #[serde(default)]
    policies: Vec<String>,
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
