//! Whom a certificate is about.

use super::{Publication, SubjectPart};
use crate::asn1::oid;
use crate::x509::build::{self, BuildError};
use crate::x509::{CREDIT_CODE_PREFIX, GeneralName, Name};

/// ISO 3166 code of the country of every subject.
const COUNTRY: &str = "CN";

/// The subject of a certificate: its name, and for an organisation its credit code and the licence types it may issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    name: Name,
    credit_code: Option<String>,
    licence_types: Vec<String>,
    repository: Option<String>,
    alternative_names: Vec<GeneralName>,
}

impl Subject {
    /// An authority or a service of an organisation: `C=CN, O=…, CN=…`.
    ///
    /// # Errors
    /// A text that is empty, too long, or holds control characters.
    pub fn service(organisation: &str, common_name: &str) -> Result<Self, BuildError> {
        let name = build::name(&[
            (oid::COUNTRY_NAME, COUNTRY),
            (oid::ORGANIZATION_NAME, organisation),
            (oid::COMMON_NAME, common_name),
        ])?;
        Ok(Self {
            name,
            credit_code: None,
            licence_types: Vec::new(),
            repository: None,
            alternative_names: Vec::new(),
        })
    }

    /// An organisation with its unified social credit code (GB 32100), which stands in its own extension (GM/T 0015)
    /// and as `organizationIdentifier` (ETSI EN 319 412-1 section 5.1.4). The code's check character is the caller's
    /// business.
    ///
    /// # Errors
    /// A text that is empty, too long, or holds control characters.
    pub fn organisation(organisation: &str, credit_code: &str) -> Result<Self, BuildError> {
        let identifier = format!("{CREDIT_CODE_PREFIX}{credit_code}");
        let name = build::name(&[
            (oid::COUNTRY_NAME, COUNTRY),
            (oid::ORGANIZATION_NAME, organisation),
            (oid::ORGANIZATION_IDENTIFIER, &identifier),
            (oid::COMMON_NAME, organisation),
        ])?;
        Ok(Self {
            name,
            credit_code: Some(credit_code.to_owned()),
            licence_types: Vec::new(),
            repository: None,
            alternative_names: Vec::new(),
        })
    }

    /// A person: `C=CN, CN=…`. No number of an identity document stands in a certificate, which anyone may read.
    ///
    /// # Errors
    /// A name that is empty, too long, or holds control characters.
    pub fn person(name: &str) -> Result<Self, BuildError> {
        let name = build::name(&[(oid::COUNTRY_NAME, COUNTRY), (oid::COMMON_NAME, name)])?;
        Ok(Self::named(name, None))
    }

    /// A name that somebody else has formed, from a request or a foreign certificate, repeated byte for byte.
    pub fn named(name: Name, credit_code: Option<String>) -> Self {
        Self {
            name,
            credit_code,
            licence_types: Vec::new(),
            repository: None,
            alternative_names: Vec::new(),
        }
    }

    /// Says which licence types, by type code (GB/T 36904), the organisation may issue: its certificate vouches for
    /// that.
    #[must_use]
    pub fn entitled_to(mut self, licence_types: impl IntoIterator<Item = String>) -> Self {
        self.licence_types = licence_types.into_iter().collect();
        self
    }

    /// Says where the subject, an authority, publishes the certificates that it issued and was issued:
    /// `id-ad-caRepository` of `subjectInfoAccess` (RFC 5280 section 4.2.2.2).
    #[must_use]
    pub fn publishing_at(mut self, publication: &Publication) -> Self {
        self.repository = Some(publication.bundle_url().to_owned());
        self
    }

    /// Where it publishes certificates, if it is an authority that says so.
    pub fn repository(&self) -> Option<&str> {
        self.repository.as_deref()
    }

    /// Says which names it has beside the distinguished one: hosts, addresses. The profile says which forms it may
    /// have.
    #[must_use]
    pub fn also_named(mut self, names: Vec<GeneralName>) -> Self {
        self.alternative_names = names;
        self
    }

    /// The distinguished name.
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// The credit code, if it is an organisation.
    pub fn credit_code(&self) -> Option<&str> {
        self.credit_code.as_deref()
    }

    /// Type codes of the licences that the organisation may issue.
    pub fn licence_types(&self) -> &[String] {
        &self.licence_types
    }

    /// Its names for `subjectAltName`.
    pub fn alternative_names(&self) -> &[GeneralName] {
        &self.alternative_names
    }

    /// Whether it has this part.
    pub(super) fn has(&self, part: SubjectPart) -> bool {
        match part {
            SubjectPart::AlternativeName => !self.alternative_names.is_empty(),
            SubjectPart::CommonName => self.name.common_name().is_some(),
            SubjectPart::Country => self.name.text(&oid::COUNTRY_NAME).is_some(),
            SubjectPart::CreditCode => self.credit_code.is_some(),
            SubjectPart::Organisation => self.name.organization().is_some(),
        }
    }
}
