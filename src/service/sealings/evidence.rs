//! What the signatures of others are judged by later: the certificates above theirs, the revocation lists of each and
//! answers about them, from the document, from what is kept here, from our own authorities, or fetched where a
//! certificate says that they are (RFC 5280 sections 4.2.1.13, 4.2.2.1 and 5).

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use der::asn1::ObjectIdentifier;

use crate::asn1::oid;
use crate::problem::{Explain, Problem};
use crate::service::Service;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::fetch::{Address, FetchError, Wanted};
use crate::service::issuers::NamedAuthority;
use crate::sign::document::ValidationData;
use crate::verify::{MAX_CERTIFICATE_BYTES, MAX_LIST_BYTES};
use crate::x509::{Certificate, Crl, DistributionPointName, GeneralName};

/// Most certificates from a signer's to a root. Real paths have fewer than six.
const MAX_PATH: usize = 16;
/// Most addresses that are asked of those that one certificate names for one thing. Real ones name one or two.
const MAX_ADDRESSES: usize = 3;
/// Most addresses that are asked for one document: a dozen parties of as many authorities, each with an intermediate
/// one.
const MAX_FETCHES: usize = 48;
/// Most signatures of certificates and lists that are checked for one document; path building has the same bound.
const MAX_CHECKS: u32 = 200;

/// Where issuers, lists and answers are looked for, and what may still be spent on looking.
pub(super) struct Known {
    /// Each once.
    certificates: Vec<Certificate>,
    own: Vec<OwnAuthority>,
    crls: Vec<Crl>,
    /// Checks of signatures that are left.
    pub(super) checks: u32,
    /// Addresses that were asked for this document, and about which certificate where the answer depends on it.
    asked: HashSet<(String, Option<[u8; 32]>)>,
    /// Lists that came from there, by address as it is named.
    fetched: HashMap<String, Crl>,
}

/// One of our authorities.
struct OwnAuthority {
    named: NamedAuthority,
    is_offline: bool,
}

/// What is to be had from an authority of the state of a certificate that it issued.
pub(super) enum Found {
    /// A list, DER.
    List(Vec<u8>),
    /// None that a verifier would read in a document: which.
    TooLarge(Vec<Problem>),
    /// No current list.
    Nothing,
}

impl Service {
    /// Certificates, lists and answers for these end certificates; `others` may help to find their issuers.
    ///
    /// # Errors
    /// Where an issuer or a current list of one is not to be had.
    pub(in crate::service) async fn evidence_for(
        &self,
        ends: &[Certificate],
        others: &[Certificate],
    ) -> ServiceResult<ValidationData> {
        let mut found = ValidationData::default();
        for data in self.evidence_for_each(&[ends.to_vec()], others).await? {
            found.extend(data);
        }
        Ok(found)
    }

    /// The same for each of several signatures, by the end certificates of each.
    ///
    /// # Errors
    /// As [`Self::evidence_for`].
    pub(super) async fn evidence_for_each(
        &self,
        signatures: &[Vec<Certificate>],
        others: &[Certificate],
    ) -> ServiceResult<Vec<ValidationData>> {
        let mut each = Vec::with_capacity(signatures.len());
        if signatures.iter().all(Vec::is_empty) {
            return Ok(each);
        }
        let mut known = self.known_for(signatures.iter().flatten().chain(others)).await?;
        let mut found = HashMap::new();
        for ends in signatures {
            let mut of_signature = ValidationData::default();
            for end in ends {
                // Signers come again, and time-stamping authorities with nearly every signature.
                let data = match found.get(end.fingerprint()) {
                    Some(data) => ValidationData::clone(data),
                    None => {
                        let data = self.collect(end, &mut known).await?;
                        found.insert(*end.fingerprint(), data.clone());
                        data
                    }
                };
                of_signature.extend(data);
            }
            each.push(of_signature);
        }
        Ok(each)
    }

    /// Certificates, lists and answers from an end certificate up to a root.
    async fn collect(&self, end: &Certificate, known: &mut Known) -> ServiceResult<ValidationData> {
        let mut found = ValidationData::default();
        let mut certificate = end.clone();
        for _ in 0..MAX_PATH {
            if certificate.is_self_issued() {
                // Who judges an archive later may look for the root in it alone.
                found.certificates.push(certificate.der().to_vec());
                break;
            }
            let issuer = self.issuer_of(&certificate, known).await?;
            let answer = match known.own(&issuer) {
                Some(own) if certificate == *end && !own.is_offline => {
                    self.own_answer(&own.named, &certificate).await?
                }
                Some(_) => ValidationData::default(),
                None => self.answer_of_others(&certificate, &issuer, known).await?,
            };
            let list = match self.list_for(&certificate, &issuer, known).await? {
                Found::List(list) => Some(list),
                // An authority may answer and publish no list (RFC 5280 section 4.2.2.1).
                Found::TooLarge(_) | Found::Nothing if !answer.is_empty() => None,
                Found::TooLarge(problems) => return Err(ServiceError::Refused(problems)),
                Found::Nothing => return Err(missing(&certificate)),
            };
            found.extend(ValidationData {
                certificates: vec![certificate.der().to_vec()],
                crls: list.into_iter().collect(),
                ocsp_responses: Vec::new(),
            });
            found.extend(answer);
            certificate = issuer;
        }
        Ok(found)
    }

    async fn known_for(&self, given: impl Iterator<Item = &Certificate>) -> ServiceResult<Known> {
        let kept = self.known_validation_data().await?;
        let mut own = Vec::new();
        for row in self.store().certificate_authorities().await? {
            own.push(OwnAuthority {
                is_offline: row.is_offline(),
                named: (
                    row.name,
                    Certificate::from_der(&row.certificate).map_err(ServiceError::internal)?,
                ),
            });
        }
        Ok(Known {
            certificates: each_once(given.cloned().chain(kept.certificates)),
            own,
            crls: kept.crls,
            checks: MAX_CHECKS,
            asked: HashSet::new(),
            fetched: HashMap::new(),
        })
    }

    /// Who issued a certificate: known, or fetched where it says (RFC 5280 section 4.2.2.1).
    async fn issuer_of(&self, certificate: &Certificate, known: &mut Known) -> ServiceResult<Certificate> {
        if let Some(issuer) = self.issuer_among(certificate, known).await? {
            return Ok(issuer);
        }
        let wanted = Wanted {
            types: &[
                "application/pkix-cert",
                "application/x-x509-ca-cert",
                "application/octet-stream",
            ],
            bytes: MAX_CERTIFICATE_BYTES,
        };
        for (_, address) in known.choose_addresses(access_addresses(certificate, oid::AD_CA_ISSUERS), None)? {
            match self.stamping.fetcher().get(&address, wanted).await {
                Ok(der) => known.certificates.extend(Certificate::from_der(&der).ok()),
                Err(error) => tracing::warn!(%error, "an issuer's certificate was not fetched"),
            }
        }
        let issuer = self.issuer_among(certificate, known).await?;
        issuer.ok_or_else(|| missing(certificate))
    }

    /// The first of the known certificates that signed one.
    async fn issuer_among(&self, certificate: &Certificate, known: &mut Known) -> ServiceResult<Option<Certificate>> {
        let own = known.own.iter().map(|own| &own.named.1);
        let named = own
            .chain(&known.certificates)
            .filter(|candidate| candidate.subject() == certificate.issuer());
        let candidates = each_once(named.cloned());
        let signed = certificate.clone();
        let is_issuer = move |candidate: &Certificate| {
            let key = candidate.public_key();
            key.is_ok_and(|key| signed.verify_signed_by(key).is_ok())
        };
        self.first_that(candidates, is_issuer, &mut known.checks).await
    }

    /// The first candidate that passes a check of its signature, found on the workers and counted.
    pub(super) async fn first_that<T: Send + 'static>(
        &self,
        candidates: Vec<T>,
        passes: impl Fn(&T) -> bool + Send + 'static,
        checks: &mut u32,
    ) -> ServiceResult<Option<T>> {
        let mut left = *checks;
        let search = self.work(move || {
            for candidate in candidates {
                left = left
                    .checked_sub(1)
                    .ok_or_else(|| too_much("validation-checks-beyond-limit", MAX_CHECKS))?;
                if passes(&candidate) {
                    return Ok((Some(candidate), left));
                }
            }
            Ok((None, left))
        });
        let (found, left) = search.await?;
        *checks = left;
        Ok(found)
    }

    /// A current list of who issued a certificate, of a size that a verifier reads.
    pub(super) async fn list_for(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        known: &mut Known,
    ) -> ServiceResult<Found> {
        if let Some(own) = known.own(issuer) {
            return Ok(Found::of(self.fresh_crl(&own.named.0).await?.der, issuer));
        }
        let now = self.now();
        let is_complete =
            |list: &&Crl| is_current_list(list, issuer, now) && list.extensions().issuing_distribution_point.is_none();
        let mut kept: Vec<Crl> = known.crls.iter().filter(is_complete).cloned().collect();
        kept.sort_by_key(|list| std::cmp::Reverse(list.this_update()));
        let newest = self.first_that(kept, signed_by(issuer), &mut known.checks).await?;
        if let Some(newest) = newest {
            return Ok(Found::of(newest.der().to_vec(), issuer));
        }
        let wanted = Wanted {
            types: &[
                "application/pkix-crl",
                "application/x-pkcs7-crl",
                "application/octet-stream",
            ],
            bytes: MAX_LIST_BYTES,
        };
        let named = addresses(certificate);
        let came = named.iter().filter_map(|address| known.fetched.get(address));
        let came = came
            .filter(|list| is_current_list(list, issuer, now))
            .cloned()
            .collect();
        if let Some(list) = self.first_that(came, signed_by(issuer), &mut known.checks).await? {
            return Ok(Found::of(list.der().to_vec(), issuer));
        }
        let mut found = Found::Nothing;
        for (name, address) in known.choose_addresses(named, None)? {
            let fetched = match self.stamping.fetcher().get(&address, wanted).await {
                Ok(der) => Crl::from_der(&der).ok(),
                Err(error) => {
                    tracing::warn!(%error, "a revocation list was not fetched");
                    if matches!(error, FetchError::TooLarge { .. }) {
                        found = Found::TooLarge([vec![missing_for(certificate)], error.problems()].concat());
                    }
                    continue;
                }
            };
            // What the certificate itself names may be the part that speaks of it.
            let current = fetched.filter(|list| is_current_list(list, issuer, now));
            let lists = Vec::from_iter(current);
            match self.first_that(lists, signed_by(issuer), &mut known.checks).await? {
                Some(list) => {
                    known.fetched.insert(name, list.clone());
                    return Ok(Found::of(list.der().to_vec(), issuer));
                }
                None => tracing::warn!(%address, "no current revocation list"),
            }
        }
        Ok(found)
    }
}

impl Found {
    /// A list of this authority.
    fn of(list: Vec<u8>, issuer: &Certificate) -> Self {
        if list.len() <= MAX_LIST_BYTES {
            return Self::List(list);
        }
        let issuer = issuer.subject().common_name().unwrap_or_default();
        let problem = Problem::new("revocation-list-too-large").param("issuer", issuer);
        Self::TooLarge(vec![problem.param("size", list.len()).param("limit", MAX_LIST_BYTES)])
    }
}

impl Known {
    fn own(&self, issuer: &Certificate) -> Option<&OwnAuthority> {
        self.own.iter().find(|own| own.named.1 == *issuer)
    }

    /// The addresses to ask of those that a certificate names, each once for the whole document, or once about one
    /// certificate.
    ///
    /// # Errors
    /// Where more are to be asked than for any document.
    pub(super) fn choose_addresses(
        &mut self,
        named: Vec<String>,
        about: Option<&Certificate>,
    ) -> ServiceResult<Vec<(String, Address)>> {
        let mut chosen = Vec::new();
        for address in named.into_iter().take(MAX_ADDRESSES) {
            let Ok(parsed) = Address::parse(&address) else {
                continue;
            };
            let about = about.map(|certificate| *certificate.fingerprint());
            if !self.asked.insert((address.clone(), about)) {
                continue;
            }
            if self.asked.len() > MAX_FETCHES {
                return Err(too_much("validation-addresses-beyond-limit", MAX_FETCHES));
            }
            chosen.push((address, parsed));
        }
        Ok(chosen)
    }
}

/// Equal certificates once, in their order.
fn each_once(certificates: impl Iterator<Item = Certificate>) -> Vec<Certificate> {
    let mut seen = HashSet::new();
    certificates
        .filter(|certificate| seen.insert(*certificate.fingerprint()))
        .collect()
}

/// Whether a list of that name, which is no delta (RFC 5280 section 5.2.4), is current; its signature is not checked.
fn is_current_list(list: &Crl, issuer: &Certificate, now: DateTime<Utc>) -> bool {
    list.issuer() == issuer.subject()
        && list.extensions().delta_crl_indicator.is_none()
        && list.next_update().is_some_and(|next| next > now)
}

/// Whether an issuer signed a list.
fn signed_by(issuer: &Certificate) -> impl Fn(&Crl) -> bool + Send + 'static {
    let issuer = issuer.clone();
    move |list| issuer.public_key().is_ok_and(|key| list.verify_signed_by(key).is_ok())
}

pub(super) fn too_much(code: &'static str, limit: impl ToString) -> ServiceError {
    ServiceError::refused(Problem::new(code).param("limit", limit))
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

/// Where a certificate says that something about it is to be had: its issuer's certificate, or its status.
pub(super) fn access_addresses(certificate: &Certificate, method: ObjectIdentifier) -> Vec<String> {
    let access = certificate.extensions().authority_info_access.iter();
    let access = access.flat_map(|access| &access.value);
    access
        .filter(|one| one.method == method)
        .filter_map(|one| match &one.location {
            GeneralName::Uri(uri) => Some(uri.clone()),
            _ => None,
        })
        .collect()
}

/// Nothing is to be had from which a certificate could be judged.
pub(super) fn missing(certificate: &Certificate) -> ServiceError {
    ServiceError::refused(missing_for(certificate))
}

fn missing_for(certificate: &Certificate) -> Problem {
    let name = certificate.subject().common_name().unwrap_or_default();
    Problem::new("validation-data-missing").param("subject", name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        Known {
            certificates: Vec::new(),
            own: Vec::new(),
            crls: Vec::new(),
            checks: MAX_CHECKS,
            asked: HashSet::new(),
            fetched: HashMap::new(),
        }
    }

    fn named(range: std::ops::Range<usize>) -> Vec<String> {
        range.map(|number| format!("http://lists.example/{number}")).collect()
    }

    #[test]
    fn of_many_addresses_in_one_certificate_a_few_are_asked_and_none_twice() {
        let mut known = known();
        assert_eq!(
            known.choose_addresses(named(0..1500), None).unwrap().len(),
            MAX_ADDRESSES
        );
        assert_eq!(known.choose_addresses(named(0..1500), None).unwrap().len(), 0);
    }

    #[test]
    fn a_document_may_not_name_more_addresses_than_are_asked() {
        let mut known = known();
        for certificate in 0..MAX_FETCHES / MAX_ADDRESSES {
            let first = certificate * MAX_ADDRESSES;
            assert!(
                known
                    .choose_addresses(named(first..first + MAX_ADDRESSES), None)
                    .is_ok()
            );
        }
        let beyond = known.choose_addresses(named(5000..5001), None).unwrap_err();
        let ServiceError::Refused(problems) = beyond else {
            panic!("{beyond:?}")
        };
        assert_eq!(problems[0].code, "validation-addresses-beyond-limit");
        assert_eq!(problems[0].params["limit"], MAX_FETCHES.to_string());
    }
}
