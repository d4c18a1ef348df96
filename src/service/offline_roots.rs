//! Authorities whose root is kept offline: the key is here, the certificate comes from a ceremony.
//!
//! The root stands in the register without a key: its certificate is an anchor, its revocation lists come from later
//! ceremonies and are imported, and nothing here tries to sign in its name.

use serde::{Deserialize, Serialize};

use crate::ca::{Publication, Subject, request};
use crate::clock::rfc3339;
use crate::crypto::key::Suite;
use crate::problem::Problem;
use crate::service::actor::Actor;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::proposals::Mandate;
use crate::service::signed_text::unbase64;
use crate::service::{Service, events};
use crate::store::{self, Change};
use crate::x509::{Certificate, CertificationRequest, Crl};

/// An authority that a root offline certified, to be taken into service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdmittedAuthority {
    /// Its short name, which is the name of its key here.
    pub name: String,
    /// Its certificate, DER in base64.
    pub certificate: String,
    /// Short name of the root.
    pub root: String,
    /// The root's certificate, DER in base64.
    pub root_certificate: String,
    /// The root's newest revocation list, DER in base64.
    pub root_crl: String,
}

impl Service {
    /// A request (PKCS#10) for the key of a name, to be taken to a ceremony.
    ///
    /// # Errors
    /// Where the actor is no operator, there is no such key, or the name cannot be written.
    pub async fn request_certificate(
        &self,
        actor: &Actor,
        name: &str,
        organisation: &str,
        common_name: &str,
    ) -> ServiceResult<CertificationRequest> {
        actor.must_be_operator()?;
        let key = self.key(name).await?;
        let subject = Subject::service(organisation, common_name)
            .map_err(|error| ServiceError::refused_because("subject-unusable", error))?
            .publishing_at(&Publication::under(self.public_url(), name));
        request(&subject, &*key).map_err(ServiceError::explained)
    }

    /// Takes an authority into service that a root offline certified, and its root with it where that is not known yet.
    ///
    /// # Errors
    /// Where the certificate is not that of the key of this name, not of the root, not one of an authority, not valid
    /// now or revoked; where the list is not the root's; where either name belongs to another authority.
    pub(in crate::service) async fn admit_authority(
        &self,
        mandate: &Mandate,
        new: &AdmittedAuthority,
    ) -> ServiceResult<Certificate> {
        let certificate = read_certificate("certificate", &new.certificate)?;
        let root = read_certificate("rootCertificate", &new.root_certificate)?;
        let list = unbase64(&new.root_crl).and_then(|der| Crl::from_der(&der).ok());
        let list = list.ok_or_else(|| refused("rootCrl", Problem::new("offline-crl-unreadable")))?;
        self.check_admitted(&new.name, &certificate, &root).await?;
        let list = offline_list(&new.root, &root, &list)?;
        if let Some(revoked) = list.1.entry(root.subject(), certificate.serial()) {
            let problem = Problem::new("offline-revoked").param("since", rfc3339(revoked.revoked_at));
            return Err(refused("certificate", problem));
        }
        let now = self.now();
        let detail = serde_json::json!({ "root": new.root });
        let mut change = mandate.change(now, "ca.admit", &new.name, &detail)?;
        let row = |name: &str, certificate: &Certificate, key: &str, parent: Option<&str>| {
            let kind = certificate.public_key().map_err(ServiceError::internal)?.kind();
            Ok::<_, ServiceError>(store::CertificateAuthority {
                name: name.to_owned(),
                suite: Suite::of(kind).name().to_owned(),
                key: key.to_owned(),
                subject: certificate.subject().to_string(),
                certificate: certificate.der().to_vec(),
                parent: parent.map(str::to_owned),
                created_at: now,
            })
        };
        match self.store().certificate_authority(&new.root).await? {
            None => {
                change.add_certificate_authority(row(&new.root, &root, store::OFFLINE, None)?);
                change.publish_crl(list.0);
            }
            Some(known) if known.certificate == root.der() => {}
            Some(_) => {
                let problem = Problem::new("already-exists").param("what", "certificate authority");
                return Err(ServiceError::Conflict(problem.param("key", &new.root)));
            }
        }
        change.add_certificate_authority(row(&new.name, &certificate, &new.name, Some(&new.root))?);
        self.store().commit(change).await?;
        self.tell_lists(mandate.actor(), &new.name, None).await;
        Ok(certificate)
    }

    async fn check_admitted(&self, name: &str, certificate: &Certificate, root: &Certificate) -> ServiceResult<()> {
        let root_key = root
            .public_key()
            .map_err(|error| unreadable("rootCertificate", error))?;
        let now = self.now();
        let is_valid = |certificate: &Certificate| {
            let validity = certificate.validity();
            validity.not_before <= now && now <= validity.not_after
        };
        if !root.is_ca() || root.verify_signed_by(root_key).is_err() || !is_valid(root) {
            return Err(refused("rootCertificate", Problem::new("offline-no-root")));
        }
        if certificate.issuer() != root.subject() || certificate.verify_signed_by(root_key).is_err() {
            return Err(refused("certificate", Problem::new("offline-of-another-root")));
        }
        if !certificate.is_ca() || !is_valid(certificate) {
            return Err(refused("certificate", Problem::new("offline-no-authority")));
        }
        match self.key(name).await?.public_key().identity() == certificate.key_identity() {
            true => Ok(()),
            false => Err(refused("certificate", Problem::new("offline-other-key"))),
        }
    }

    /// Takes in a later revocation list of a root offline.
    ///
    /// # Errors
    /// Where the actor is no operator, the root is not known or not offline, or the list is not its, or not newer than
    /// the one that is there.
    pub async fn import_crl(&self, actor: &Actor, ca: &str, der: &[u8]) -> ServiceResult<store::Crl> {
        actor.must_be_operator()?;
        let row = self.store().certificate_authority(ca).await?;
        let row = row.filter(store::CertificateAuthority::is_offline);
        let row = row.ok_or_else(|| ServiceError::not_found("root offline", ca))?;
        let root = Certificate::from_der(&row.certificate).map_err(ServiceError::internal)?;
        let list = Crl::from_der(der).map_err(|_| refused("rootCrl", Problem::new("offline-crl-unreadable")))?;
        let (list, _) = offline_list(ca, &root, &list)?;
        let known = self.store().latest_crl(ca).await?;
        if known.is_some_and(|known| known.number >= list.number || known.this_update > list.this_update) {
            return Err(refused("rootCrl", Problem::new("offline-crl-not-newer")));
        }
        let now = self.now();
        let mut change = Change::new();
        change.publish_crl(list.clone());
        let detail = serde_json::json!({ "number": list.number });
        change.record(events::entry(now, actor, "crl.import", ca, &detail)?);
        self.store().commit(change).await?;
        self.rely_anew().await;
        Ok(list)
    }
}

fn refused(field: &'static str, problem: Problem) -> ServiceError {
    ServiceError::refused(problem.field(field))
}

fn unreadable(field: &'static str, error: impl std::fmt::Display) -> ServiceError {
    refused(
        field,
        Problem::new("offline-certificate-unreadable").param("reason", error),
    )
}

fn read_certificate(field: &'static str, text: &str) -> ServiceResult<Certificate> {
    let der = unbase64(text).ok_or_else(|| refused(field, Problem::new("not-base64")))?;
    Certificate::from_der(&der).map_err(|error| unreadable(field, error))
}

/// A list of the root, as it is kept.
fn offline_list(ca: &str, root: &Certificate, list: &Crl) -> ServiceResult<(store::Crl, Crl)> {
    let key = root.public_key().map_err(ServiceError::internal)?;
    if list.issuer() != root.subject() || list.verify_signed_by(key).is_err() {
        return Err(refused("rootCrl", Problem::new("offline-crl-of-another")));
    }
    let number = list.number().and_then(|octets| {
        let octets = octets
            .iter()
            .copied()
            .skip_while(|octet| *octet == 0)
            .collect::<Vec<_>>();
        (octets.len() < 8).then(|| {
            octets
                .iter()
                .fold(0u64, |number, octet| (number << 8) | u64::from(*octet))
        })
    });
    let (Some(number), Some(next_update)) = (number, list.next_update()) else {
        return Err(refused("rootCrl", Problem::new("offline-crl-without-number")));
    };
    let kept = store::Crl {
        ca: ca.to_owned(),
        number,
        der: list.der().to_vec(),
        this_update: list.this_update(),
        next_update,
        changes: None,
    };
    Ok((kept, Crl::from_der(list.der()).map_err(ServiceError::internal)?))
}
