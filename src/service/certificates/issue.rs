//! The life of a certificate: issued on request, renewed with its key, given a new key.
//!
//! What is known of others is asked here: whether the key is certified for somebody else, and which names are
//! authorities'. How many officers each act takes is said in `proposals::quorum`.

use serde::{Deserialize, Serialize};

use crate::ca::{AcceptedRequest, Profile, Subject, SubjectKey};
use crate::problem::Problem;
use crate::service::Service;
use crate::service::certificate_authorities::OpenAuthority;
use crate::service::certificates::CertificateId;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::proposals::Mandate;
use crate::service::signed_text::{digest, in_base64};
use crate::x509::{Certificate, Name, SerialNumber};

/// A certificate that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequestedCertificate {
    /// Short name of the authority that issues it.
    pub ca: String,
    /// Name of its profile, which makes no authorities.
    pub profile: String,
    /// PKCS#10 request, DER; base64 as text.
    #[serde(with = "in_base64")]
    pub request: Vec<u8>,
    /// Name of the organisation, in place of the request's subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// Its unified social credit code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_code: Option<String>,
}

/// A new key for the subject of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSubjectKey {
    /// Short name of the authority that issued the certificate.
    pub ca: String,
    /// Its serial number.
    pub serial: SerialNumber,
    /// PKCS#10 request for the new key, DER; base64 as text.
    #[serde(with = "in_base64")]
    pub request: Vec<u8>,
}

impl RequestedCertificate {
    /// The texts that take the place of the request's subject.
    pub(in crate::service) fn named(&self) -> Vec<&str> {
        [&self.organisation, &self.credit_code]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect()
    }

    /// Whom it is about: the organisation that is named, or the subject of the request.
    fn subject(&self, of_request: &Subject) -> ServiceResult<Subject> {
        let subject = match (&self.organisation, &self.credit_code) {
            (Some(name), Some(code)) => Subject::organisation(name, code)
                .map_err(|error| ServiceError::refused_because("subject-unusable", error))?,
            (None, None) => of_request.clone(),
            _ => {
                let problem = Problem::new("organisation-without-code").field("creditCode");
                return Err(ServiceError::refused(problem));
            }
        };
        Ok(subject.also_named(of_request.alternative_names().to_vec()))
    }
}

impl Service {
    /// Issues a certificate for a PKCS#10 request; the subject is the one given, or the request's own.
    ///
    /// # Errors
    /// Where the authority or profile is not known, the request does not prove possession of its key, asks for what the
    /// profile does not allow or for an authority's name, its key is weak or certified for another subject, or the
    /// certificate would break a rule.
    pub(in crate::service) async fn issue_requested_certificate(
        &self,
        mandate: &Mandate,
        new: &RequestedCertificate,
    ) -> ServiceResult<Certificate> {
        let profile = self.profile_for_requests(&new.profile)?;
        let accepted = self.accept(profile, &new.request).await?;
        let subject = new.subject(accepted.subject())?;
        self.refuse_reused_key(accepted.public_key_info(), subject.name())
            .await?;
        let authority = self.open_authority(&new.ca).await?;
        self.sign_as_decided(mandate, &authority, profile, &subject, accepted.key())
            .await
    }

    /// Issues a certificate that takes up where another ends: the same subject and key by the same profile, with a new
    /// serial number and validity. The old one stays as it is.
    ///
    /// # Errors
    /// Where the certificate is not known, revoked, or an authority's.
    pub(in crate::service) async fn renew_certificate(
        &self,
        mandate: &Mandate,
        former: &CertificateId,
    ) -> ServiceResult<Certificate> {
        let (old, profile) = self.renewable(&former.ca, &former.serial).await?;
        let key = SubjectKey::certified_before(&old).map_err(ServiceError::internal)?;
        let authority = self.open_authority(&former.ca).await?;
        self.sign_as_decided(mandate, &authority, profile, &subject_of(&old), &key)
            .await
    }

    /// Issues a certificate for a new key of the same subject, by the same profile. The old one stays as it is.
    ///
    /// # Errors
    /// As [`Self::renew_certificate`] and [`Self::issue_requested_certificate`], and where the request has another
    /// subject or the old key.
    pub(in crate::service) async fn rekey_certificate(
        &self,
        mandate: &Mandate,
        new: &NewSubjectKey,
    ) -> ServiceResult<Certificate> {
        let (old, profile) = self.renewable(&new.ca, &new.serial).await?;
        let accepted = self.accept(profile, &new.request).await?;
        if accepted.subject().name() != old.subject() {
            let problem = Problem::new("request-other-subject").param("subject", old.subject());
            return Err(ServiceError::refused(problem));
        }
        if accepted.key_identity() == old.key_identity() {
            return Err(ServiceError::refused(Problem::new("request-same-key")));
        }
        self.refuse_reused_key(accepted.public_key_info(), old.subject())
            .await?;
        let authority = self.open_authority(&new.ca).await?;
        self.sign_as_decided(mandate, &authority, profile, &subject_of(&old), accepted.key())
            .await
    }

    /// Issues by a profile; what the mandate rests on becomes durable together with the certificate.
    async fn sign_as_decided(
        &self,
        mandate: &Mandate,
        authority: &OpenAuthority,
        profile: &Profile,
        subject: &Subject,
        key: &SubjectKey,
    ) -> ServiceResult<Certificate> {
        let issuance = self.prepare_by(authority, profile, subject, key).await?;
        let mut change = mandate.begin();
        let certificate = self.issue_in(&mut change, mandate.actor(), issuance).await?;
        self.store().commit(change).await?;
        Ok(certificate)
    }

    async fn accept(&self, profile: &Profile, request: &[u8]) -> ServiceResult<AcceptedRequest> {
        let mut names: Vec<Name> = Vec::new();
        for authority in self.store().certificate_authorities().await? {
            let certificate = Certificate::from_der(&authority.certificate).map_err(ServiceError::internal)?;
            names.push(certificate.subject().clone());
        }
        AcceptedRequest::check(request, profile, &names).map_err(ServiceError::explained)
    }

    /// A key is certified for one subject: two that share one could sign in each other's name.
    async fn refuse_reused_key(&self, key_info: &[u8], subject: &Name) -> ServiceResult<()> {
        let subjects = self.store().subjects_of_key(&digest(key_info)).await?;
        let own = digest(subject.der());
        if subjects.iter().all(|other| other[..] == own) {
            Ok(())
        } else {
            Err(ServiceError::Conflict(Problem::new("request-key-reused")))
        }
    }

    /// A certificate that may be followed by another for the same subject.
    async fn renewable(&self, ca: &str, serial: &SerialNumber) -> ServiceResult<(Certificate, &Profile)> {
        let issued = self.issued(ca, serial).await?;
        let conflict = |code| ServiceError::Conflict(Problem::new(code).param("serial", serial));
        if issued.revocation.is_some() {
            return Err(conflict("certificate-not-renewed-revoked"));
        }
        // An authority takes two people, as its founding does.
        if issued.certificate.is_ca() {
            return Err(conflict("certificate-not-renewed-authority"));
        }
        let profile = self.profile_for_requests(&issued.profile)?;
        Ok((issued.certificate, profile))
    }
}

/// The subject of a certificate, to be certified again.
fn subject_of(certificate: &Certificate) -> Subject {
    let code = certificate.extensions().credit_code.as_ref();
    let names = certificate.extensions().subject_alt_name.as_ref();
    Subject::named(certificate.subject().clone(), code.map(|code| code.value.clone()))
        .entitled_to(certificate.licence_types().iter().cloned())
        .also_named(names.map(|names| names.value.clone()).unwrap_or_default())
}
