//! Many certificates at once, as an import asks for them: the serial numbers of all are recorded in one change, then all are
//! signed, and all are recorded in another.

use std::sync::Arc;

use crate::ca::{Issuer, Order, Prepared, Profile, ProfileKind, Publication, Subject, SubjectKey, new_serial, prepare};
use crate::service::certificate_authorities::{completion, note_advice, reservation};
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::proposals::Mandate;
use crate::service::revocation_lists::CERTIFICATES_OF_A_PART;
use crate::service::{Service, events};
use crate::store::{Change, Counter};
use crate::x509::Certificate;

/// Most certificates of one call: their changes stay within what one statement of the database may hold.
pub const MOST_TOGETHER: usize = 256;

impl Service {
    /// Issues certificates for subjects with their keys by one profile, all or none.
    ///
    /// # Errors
    /// As [`Self::issue_requested_certificate`], and where there are more than [`MOST_TOGETHER`], or the profile is an authority's.
    pub async fn issue_certificates(
        self: &Arc<Self>,
        mandate: &Mandate,
        ca: &str,
        kind: ProfileKind,
        orders: Vec<(Subject, SubjectKey)>,
    ) -> ServiceResult<Vec<Certificate>> {
        let profile = Arc::new(Profile::standard(kind).map_err(ServiceError::internal)?);
        let count = orders.len();
        if count > MOST_TOGETHER || profile.certification_authority {
            let reason = format!("at most {MOST_TOGETHER} at once, and no authorities");
            return Err(ServiceError::refused_because("certificate-not-issued", reason));
        }
        let authority = Arc::new(self.open_authority(ca).await?);
        let counter = Counter::CertificateIndex { ca: ca.to_owned() };
        let indexes = self.store().lease(&counter, u32::try_from(count).unwrap_or(0)).await?;
        let (now, publication) = (self.now(), Publication::under(self.public_url(), ca));
        let (by, of) = (Arc::clone(&authority), Arc::clone(&profile));
        let prepared: Vec<(Prepared, u64)> = self
            .work(move || {
                let one = |((subject, key), index): ((Subject, SubjectKey), u64)| {
                    by.check_names(&subject)?;
                    let part = index / CERTIFICATES_OF_A_PART;
                    let order = Order {
                        profile: &of,
                        subject: &subject,
                        key: &key,
                        issuer: Issuer::Authority {
                            certificate: &by.certificate,
                            algorithm: by.key.algorithm(),
                            publication: &publication.clone().of_part(part),
                        },
                        not_before: now,
                        serial: new_serial()?,
                    };
                    Ok((prepare(&order)?, part))
                };
                orders.into_iter().zip(indexes).map(one).collect()
            })
            .await?;
        let mut reserved = Change::new();
        for (one, part) in &prepared {
            note_advice(ca, one);
            reserved.reserve_serial(reservation(ca, &profile.name, Some(*part), one, now));
        }
        self.store().commit(reserved).await?;
        let (service, ca, actor) = (Arc::clone(self), ca.to_owned(), mandate.actor().clone());
        let mut change = mandate.begin();
        let (certificates, completed) = self
            .work(move || {
                let mut certificates = Vec::with_capacity(count);
                for (one, _) in prepared {
                    let (tbs_sha256, subject) = (one.hash(), one.subject().to_string());
                    let certificate = one.issue(&*authority.key)?.into_certificate();
                    change.complete_certificate(completion(&ca, tbs_sha256, &certificate, now));
                    let detail = serde_json::json!({ "ca": ca, "profile": profile.name, "subject": subject });
                    let serial = certificate.serial().to_string();
                    change.record(events::entry(now, &actor, "certificate.issue", &serial, &detail)?);
                    if let Some(answer) = service.first_status(&ca, &certificate)? {
                        change.put_ocsp_answer(answer);
                    }
                    certificates.push(certificate);
                }
                Ok((certificates, change))
            })
            .await?;
        self.store().commit(completed).await?;
        Ok(certificates)
    }
}
