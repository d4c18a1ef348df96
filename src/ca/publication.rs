//! Where an authority publishes its certificate, those it issued to other authorities, and its revocation list.

use crate::asn1::oid;
use crate::x509::{AccessDescription, DistributionPoint, DistributionPointName, GeneralName, IssuingDistributionPoint};

/// The addresses that certificates of one authority carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// Up to the extension of the complete list.
    crl_stem: String,
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
            crl_stem: format!("{base_url}/crl/{ca}"),
            crl_url: format!("{base_url}/crl/{ca}.crl"),
            certificate_url: format!("{base_url}/ca/{ca}.crt"),
            bundle_url: format!("{base_url}/ca/{ca}.p7c"),
            status_url: format!("{base_url}/ocsp/{ca}"),
        }
    }

    /// The same addresses for certificates that name one part of the revocation list.
    #[must_use]
    pub fn of_part(mut self, part: u64) -> Self {
        self.crl_url = format!("{}/{part}.crl", self.crl_stem);
        self
    }

    /// `issuingDistributionPoint` of the list that certificates with these addresses name (RFC 5280 section 5.2.5).
    pub fn issuing_distribution_point(&self) -> IssuingDistributionPoint {
        IssuingDistributionPoint {
            name: Some(full_name(&self.crl_url)),
            ..IssuingDistributionPoint::default()
        }
    }

    /// Where the delta list is, for `freshestCRL` of the complete list.
    pub fn delta_point(&self) -> DistributionPoint {
        point(&format!("{}/delta.crl", self.crl_stem))
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
        vec![point(&self.crl_url)]
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

fn point(url: &str) -> DistributionPoint {
    DistributionPoint {
        name: Some(full_name(url)),
        reasons: None,
        crl_issuer: Vec::new(),
    }
}

fn full_name(url: &str) -> DistributionPointName {
    DistributionPointName::Full(vec![GeneralName::Uri(url.to_owned())])
}
