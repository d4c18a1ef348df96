//! Where an authority publishes its certificate, those it issued to other authorities, and its revocation list.

use crate::asn1::oid;
use crate::x509::{AccessDescription, DistributionPoint, DistributionPointName, GeneralName};

/// The addresses that certificates of one authority carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    crl_url: String,
    certificate_url: String,
    bundle_url: String,
    status_url: String,
}

impl Publication {
    /// The addresses of the authority `ca` (its short name in lower case) under the service's base address, such as
    /// `http://pki.example.org`. HTTP without TLS is right here (RFC 5280 section 8): what is fetched is signed.
    pub fn under(base_url: &str, ca: &str) -> Self {
        let base_url = base_url.trim_end_matches('/');
        Self {
            crl_url: format!("{base_url}/crl/{ca}.crl"),
            certificate_url: format!("{base_url}/ca/{ca}.crt"),
            bundle_url: format!("{base_url}/ca/{ca}.p7c"),
            status_url: format!("{base_url}/ocsp/{ca}"),
        }
    }

    /// Where the revocation list is.
    pub fn crl_url(&self) -> &str {
        &self.crl_url
    }

    /// Where the authority's certificate is.
    pub fn certificate_url(&self) -> &str {
        &self.certificate_url
    }

    /// Where the certificates are that were issued to the authority, and by it to authorities.
    pub fn bundle_url(&self) -> &str {
        &self.bundle_url
    }

    /// For `cRLDistributionPoints` (RFC 5280 section 4.2.1.13).
    pub(super) fn distribution_points(&self) -> Vec<DistributionPoint> {
        let name = DistributionPointName::Full(vec![GeneralName::Uri(self.crl_url.clone())]);
        vec![DistributionPoint {
            name: Some(name),
            reasons: None,
            crl_issuer: Vec::new(),
        }]
    }

    /// Where its responder answers.
    pub fn status_url(&self) -> &str {
        &self.status_url
    }

    /// For `authorityInfoAccess` (RFC 5280 section 4.2.2.1): where the issuer's certificate is.
    pub(super) fn issuer_access(&self) -> AccessDescription {
        AccessDescription {
            method: oid::AD_CA_ISSUERS,
            location: GeneralName::Uri(self.certificate_url.clone()),
        }
    }

    /// For `authorityInfoAccess`: who answers about the status (RFC 6960 section 3.1).
    pub(super) fn status_access(&self) -> AccessDescription {
        AccessDescription {
            method: oid::AD_OCSP,
            location: GeneralName::Uri(self.status_url.clone()),
        }
    }
}
