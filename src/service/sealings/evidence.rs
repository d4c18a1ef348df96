//! What the signatures of others are judged by later: the certificates above theirs and the revocation lists of each, from the
//! document, from what is kept here, from our own authorities, or fetched where a certificate says that they are (RFC 5280
//! sections 4.2.1.13 and 5).

use crate::asn1::oid;
use crate::problem::Problem;
use crate::service::Service;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::fetch::{Address, Wanted};
use crate::sign::document::ValidationData;
use crate::x509::{Certificate, Crl, DistributionPointName, GeneralName};

/// Most certificates from a signer's to a root. Real paths have fewer than six.
const MAX_PATH: usize = 16;
/// Largest certificate that is fetched, in bytes: post-quantum ones, the largest in sight, take half of it.
const MAX_CERTIFICATE_BYTES: usize = 64 << 10;
/// Largest revocation list that is fetched, in bytes: the largest public ones are near it.
const MAX_CRL_BYTES: usize = 16 << 20;

/// Where issuers and lists are looked for.
struct Known {
    certificates: Vec<Certificate>,
    /// Our own authorities, by name.
    own: Vec<(String, Certificate)>,
    crls: Vec<Crl>,
}

impl Service {
    /// Certificates and lists for these end certificates; `others` may help to find their issuers.
    ///
    /// # Errors
    /// Where an issuer or a current list of one is not to be had.
    pub(super) async fn evidence_for(
        &self,
        ends: &[Certificate],
        others: &[Certificate],
    ) -> ServiceResult<ValidationData> {
        let mut found = ValidationData::default();
        if ends.is_empty() {
            return Ok(found);
        }
        let mut known = self.known_for(ends.iter().chain(others)).await?;
        for end in ends {
            let mut certificate = end.clone();
            for _ in 0..MAX_PATH {
                if certificate.is_self_issued() {
                    break;
                }
                let issuer = self.issuer_of(&certificate, &mut known).await?;
                let list = self.list_for(&certificate, &issuer, &known).await?;
                found.extend(ValidationData {
                    certificates: vec![certificate.der().to_vec()],
                    crls: vec![list],
                });
                certificate = issuer;
            }
        }
        Ok(found)
    }

    async fn known_for(&self, given: impl Iterator<Item = &Certificate>) -> ServiceResult<Known> {
        let kept = self.known_validation_data().await?;
        let mut own = Vec::new();
        for row in self.store().certificate_authorities().await? {
            own.push((
                row.name,
                Certificate::from_der(&row.certificate).map_err(ServiceError::internal)?,
            ));
        }
        Ok(Known {
            certificates: given.cloned().chain(kept.certificates).collect(),
            own,
            crls: kept.crls,
        })
    }

    /// Who issued a certificate: known, or fetched where it says (RFC 5280 section 4.2.2.1).
    async fn issuer_of(&self, certificate: &Certificate, known: &mut Known) -> ServiceResult<Certificate> {
        if let Some(issuer) = known.issuer(certificate) {
            return Ok(issuer.clone());
        }
        let wanted = Wanted {
            types: &[
                "application/pkix-cert",
                "application/x-x509-ca-cert",
                "application/octet-stream",
            ],
            bytes: MAX_CERTIFICATE_BYTES,
        };
        for address in issuer_addresses(certificate) {
            let Ok(address) = Address::parse(&address) else {
                continue;
            };
            match self.stamping.fetcher().get(&address, wanted).await {
                Ok(der) => known.certificates.extend(Certificate::from_der(&der).ok()),
                Err(error) => tracing::warn!(%error, "an issuer's certificate was not fetched"),
            }
        }
        let issuer = known.issuer(certificate).cloned();
        issuer.ok_or_else(|| missing(certificate))
    }

    /// A current list of who issued a certificate, DER.
    async fn list_for(&self, certificate: &Certificate, issuer: &Certificate, known: &Known) -> ServiceResult<Vec<u8>> {
        if let Some((name, _)) = known.own.iter().find(|(_, own)| own == issuer) {
            return Ok(self.fresh_crl(name).await?.der);
        }
        let now = self.now();
        let is_current = |list: &Crl| is_list_of(list, issuer) && list.next_update().is_some_and(|next| next > now);
        let is_complete = |list: &&Crl| is_current(list) && list.extensions().issuing_distribution_point.is_none();
        let mut kept: Vec<&Crl> = known.crls.iter().filter(is_complete).collect();
        kept.sort_by_key(|list| list.this_update());
        if let Some(newest) = kept.last() {
            return Ok(newest.der().to_vec());
        }
        let wanted = Wanted {
            types: &[
                "application/pkix-crl",
                "application/x-pkcs7-crl",
                "application/octet-stream",
            ],
            bytes: MAX_CRL_BYTES,
        };
        for address in addresses(certificate) {
            let Ok(address) = Address::parse(&address) else {
                continue;
            };
            match self.stamping.fetcher().get(&address, wanted).await {
                Ok(der) => match Crl::from_der(&der) {
                    // What the certificate itself names may be the part that speaks of it.
                    Ok(list) if is_current(&list) => return Ok(der),
                    _ => tracing::warn!(%address, "no current revocation list"),
                },
                Err(error) => tracing::warn!(%error, "a revocation list was not fetched"),
            }
        }
        Err(missing(certificate))
    }
}

impl Known {
    fn issuer(&self, certificate: &Certificate) -> Option<&Certificate> {
        let own = self.own.iter().map(|(_, own)| own);
        own.chain(&self.certificates).find(|candidate| {
            candidate.subject() == certificate.issuer()
                && candidate
                    .public_key()
                    .is_ok_and(|key| certificate.verify_signed_by(key).is_ok())
        })
    }
}

/// Whether the issuer signed a list that is no delta (RFC 5280 section 5.2.4).
fn is_list_of(list: &Crl, issuer: &Certificate) -> bool {
    list.issuer() == issuer.subject()
        && list.extensions().delta_crl_indicator.is_none()
        && issuer.public_key().is_ok_and(|key| list.verify_signed_by(key).is_ok())
}

/// Where a certificate says that the list of its issuer is.
fn addresses(certificate: &Certificate) -> Vec<String> {
    let points = certificate.extensions().crl_distribution_points.iter();
    let points = points.flat_map(|points| &points.value);
    let names = points.flat_map(|point| match &point.name {
        Some(DistributionPointName::Full(names)) => names.as_slice(),
        _ => &[],
    });
    names
        .filter_map(|name| match name {
            GeneralName::Uri(uri) => Some(uri.clone()),
            _ => None,
        })
        .collect()
}

/// Where a certificate says that its issuer's certificate is.
fn issuer_addresses(certificate: &Certificate) -> Vec<String> {
    let access = certificate.extensions().authority_info_access.iter();
    let access = access.flat_map(|access| &access.value);
    access
        .filter(|one| one.method == oid::AD_CA_ISSUERS)
        .filter_map(|one| match &one.location {
            GeneralName::Uri(uri) => Some(uri.clone()),
            _ => None,
        })
        .collect()
}

fn missing(certificate: &Certificate) -> ServiceError {
    let name = certificate.subject().common_name().unwrap_or_default();
    ServiceError::refused(Problem::new("validation-data-missing").param("subject", name))
}
