//! Acts of an operator, as commands do them: what an operator may not decide alone is refused.

use yinxin::ca::{Subject, request};
use yinxin::crypto::key::Signer;
use yinxin::service::Service;
use yinxin::service::actor::Actor;
use yinxin::service::certificate_authorities::NewCertificateAuthority;
use yinxin::service::certificates::{CertificateId, FormerCertificate, RequestedCertificate};
use yinxin::service::error::ServiceResult;
use yinxin::service::proposals::{Act, Outcome};
use yinxin::trust::list::RecognitionList;
use yinxin::x509::{Certificate, RevocationReason, SerialNumber};

/// Does an act as the operator.
pub(crate) async fn act(service: &Service, act: Act) -> ServiceResult<Outcome> {
    let mandate = service.mandate_for(&Actor::Operator, act).await?;
    service.carry_out(mandate).await
}

/// Founds an authority.
pub(crate) async fn found(service: &Service, new: NewCertificateAuthority) -> ServiceResult<Certificate> {
    let name = new.name.clone();
    act(service, Act::FoundCa(new)).await?;
    Ok(Certificate::from_der(&service.ca_certificate(&name).await?.bytes).unwrap())
}

/// Does an act that makes the next recognition list.
pub(crate) async fn decide(service: &Service, act: Act) -> ServiceResult<RecognitionList> {
    let outcome = self::act(service, act).await?;
    let sequence = outcome["sequence"].as_u64();
    Ok(service.numbered_recognition_list(sequence).await?.1)
}

/// Has a certificate made by an act.
pub(crate) async fn make(service: &Service, act: Act) -> ServiceResult<Certificate> {
    let outcome = self::act(service, act).await?;
    let serial = outcome["serial"].as_str().unwrap().parse().unwrap();
    let issued = service.issued(outcome["ca"].as_str().unwrap(), &serial).await?;
    Ok(issued.certificate)
}

/// Has a certificate issued to the subject that a request names.
pub(crate) async fn issue(service: &Service, ca: &str, profile: &str, request: &[u8]) -> ServiceResult<Certificate> {
    let new = RequestedCertificate {
        ca: ca.to_owned(),
        profile: profile.to_owned(),
        request: request.to_vec(),
        organisation: None,
        credit_code: None,
    };
    make(service, Act::IssueCertificate(new)).await
}

/// Has a certificate issued to whoever holds this key.
pub(crate) async fn certify(
    service: &Service,
    (ca, profile): (&str, &str),
    subject: &Subject,
    key: &dyn Signer,
) -> Certificate {
    let request = request(subject, key).unwrap();
    issue(service, ca, profile, request.der()).await.unwrap()
}

/// Revokes a certificate of an end entity, or of an authority.
pub(crate) async fn revoke(
    service: &Service,
    ca: &str,
    serial: &SerialNumber,
    reason: RevocationReason,
) -> ServiceResult<()> {
    let former = FormerCertificate {
        ca: ca.to_owned(),
        serial: serial.clone(),
        reason,
        invalid_since: None,
    };
    act(service, service.act_of_revoking(former).await?).await.map(drop)
}

/// A certificate by its names.
pub(crate) fn id(ca: &str, serial: &SerialNumber) -> CertificateId {
    CertificateId {
        ca: ca.to_owned(),
        serial: serial.clone(),
    }
}
