//! Answers about the status of certificates that are put into a document (RFC 6960): of our own authorities about what
//! they issued, and of others where a certificate says whom to ask (RFC 5280 section 4.2.2.1).
//!
//! An answer comes with the certificate of who signed it, which a proof of existence has to reach too (ETSI EN 319
//! 102-1 section 5.6.2.2), and with a revocation list about that where it is not exempt. None is needed: what does not
//! answer, or answers what nobody could rely on, is left out, and lists speak alone.

use chrono::{DateTime, Utc};

use super::evidence::{Found, Known, access_addresses};
use crate::asn1::oid;
use crate::crypto::DigestAlgorithm;
use crate::service::Service;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::fetch::{Question, Wanted};
use crate::service::issuers::NamedAuthority;
use crate::sign::document::ValidationData;
use crate::x509::{CertId, Certificate, OcspResponse, OcspStatus, build};

/// Largest answer that is fetched, in bytes: one with its responder's certificate takes less than 4,000.
const MAX_ANSWER_BYTES: usize = 64 << 10;

impl Service {
    /// What an authority of ours answers about a certificate that it issued, with who signed the answer; nothing while
    /// it cannot answer.
    pub(super) async fn own_answer(
        &self,
        (ca, issuer): &NamedAuthority,
        certificate: &Certificate,
    ) -> ServiceResult<ValidationData> {
        let reply = self.certificate_status(ca, &question(certificate, issuer)?).await?;
        let response = read(&reply.der, certificate, issuer, self.now());
        // Our responders are exempt from being asked about, by their profile.
        let signed = response.and_then(|response| Some(found(&response, signers(&response, issuer).first()?, issuer)));
        Ok(signed.unwrap_or_default())
    }

    /// An answer about a certificate of another's, of whom it names, with who signed it and a list about that one where
    /// it needs any; nothing where none is to be had.
    pub(super) async fn answer_of_others(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        known: &mut Known,
    ) -> ServiceResult<ValidationData> {
        let request = question(certificate, issuer)?;
        let named = access_addresses(certificate, oid::AD_OCSP);
        for (_, address) in known.choose_addresses(named, Some(certificate))? {
            let question = Question {
                media_type: "application/ocsp-request",
                body: request.clone(),
            };
            let wanted = Wanted {
                types: &["application/ocsp-response"],
                bytes: MAX_ANSWER_BYTES,
            };
            let answer = match self.stamping.fetcher().post(&address, question, wanted).await {
                Ok(answer) => read(&answer, certificate, issuer, self.now()),
                Err(error) => {
                    tracing::warn!(%error, "the status of a certificate was not told");
                    continue;
                }
            };
            if let Some(answer) = answer
                && let Some(data) = self.relied_on(answer, issuer, known).await?
            {
                return Ok(data);
            }
            tracing::warn!(%address, "no answer about a certificate that can be relied on");
        }
        Ok(ValidationData::default())
    }

    /// An answer with what it rests on, where its signer may speak for the issuer and is not silent about itself.
    async fn relied_on(
        &self,
        answer: OcspResponse,
        issuer: &Certificate,
        known: &mut Known,
    ) -> ServiceResult<Option<ValidationData>> {
        let signers = signers(&answer, issuer);
        let (signed, by) = (answer.clone(), issuer.clone());
        let is_signer = move |signer: &Certificate| {
            let is_signed_by = |signer: &Certificate| {
                signer
                    .public_key()
                    .is_ok_and(|key| signed.verify_signed_by(key).is_ok())
            };
            let is_appointed = || by.public_key().is_ok_and(|key| signer.verify_signed_by(key).is_ok());
            is_signed_by(signer) && (*signer == by || is_appointed())
        };
        let Some(signer) = self.first_that(signers, is_signer, &mut known.checks).await? else {
            return Ok(None);
        };
        let mut data = found(&answer, &signer, issuer);
        if signer != *issuer && !signer.is_exempt_from_status() {
            match self.list_for(&signer, issuer, known).await? {
                Found::List(list) => data.crls.push(list),
                Found::TooLarge(_) | Found::Nothing => return Ok(None),
            }
        }
        Ok(Some(data))
    }
}

/// A request by the digest that every responder knows (RFC 5019 section 2.1.1); nothing rests on it.
fn question(certificate: &Certificate, issuer: &Certificate) -> ServiceResult<Vec<u8>> {
    let id = CertId::new(DigestAlgorithm::Sha1, certificate, issuer);
    build::ocsp_request(&id).map_err(ServiceError::internal)
}

/// A response that says now what is known of a certificate.
fn read(der: &[u8], certificate: &Certificate, issuer: &Certificate, now: DateTime<Utc>) -> Option<OcspResponse> {
    let response = OcspResponse::from_der(der).ok()?;
    let tells = response.answers().iter().any(|answer| {
        answer.id.names(certificate, issuer)
            && answer.status != OcspStatus::Unknown
            && answer.this_update <= now
            && answer.next_update.is_some_and(|next| next > now)
    });
    tells.then_some(response)
}

/// Who may have signed a response: the issuer, or one to which it delegates (RFC 6960 section 4.2.2.2). No signature is
/// checked.
fn signers(response: &OcspResponse, issuer: &Certificate) -> Vec<Certificate> {
    let is_delegated = |certificate: &&Certificate| {
        let purposes = certificate.extensions().ext_key_usage.as_ref();
        certificate.issuer() == issuer.subject()
            && purposes.is_some_and(|purposes| purposes.value.contains(&oid::KP_OCSP_SIGNING))
    };
    let delegated = response.certificates().iter().filter(is_delegated);
    let possible = std::iter::once(issuer).chain(delegated);
    possible
        .filter(|signer| response.responder().names(signer))
        .cloned()
        .collect()
}

/// A response, with its signer where that is not the issuer, who is there already.
fn found(response: &OcspResponse, signer: &Certificate, issuer: &Certificate) -> ValidationData {
    let responder = (signer != issuer).then(|| signer.der().to_vec());
    ValidationData {
        certificates: responder.into_iter().collect(),
        crls: Vec::new(),
        ocsp_responses: vec![response.der().to_vec()],
    }
}
