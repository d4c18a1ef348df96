//! Many certificates at once, as an import asks for them: the serial numbers of all are recorded in one change, then
//! all are signed, and all are recorded in another.

use std::sync::Arc;

use crate::ca::{ProfileKind, Publication, Subject, SubjectKey};
use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::issuance::Issuance;
use crate::service::revocation_lists::CERTIFICATES_OF_A_PART;
use crate::store::{Change, Counter};
use crate::x509::Certificate;

/// Most certificates of one call: their changes stay within what one statement of the database may hold.
pub const MOST_TOGETHER: usize = 256;

impl Service {
    /// Issues certificates for subjects with their keys by one profile, all or none.
    ///
    /// # Errors
    /// Where the actor is no operator or officers are enrolled, the authority is not known, a certificate would break a
    /// rule, there are more than [`MOST_TOGETHER`], or the profile is an authority's.
    pub async fn issue_certificates(
        self: &Arc<Self>,
        actor: &Actor,
        ca: &str,
        kind: ProfileKind,
        orders: Vec<(Subject, SubjectKey)>,
    ) -> ServiceResult<Vec<Certificate>> {
        self.must_found(actor).await?;
        let profile = self.delivered_profile(kind)?.clone();
        let count = orders.len();
        if count > MOST_TOGETHER || profile.certification_authority {
            let reason = format!("at most {MOST_TOGETHER} at once, and no authorities");
            return Err(ServiceError::refused_because("certificate-not-issued", reason));
        }
        let authority = Arc::new(self.open_authority(ca).await?);
        let counter = Counter::CertificateIndex { ca: ca.to_owned() };
        let indexes = self.store().lease(&counter, u32::try_from(count).unwrap_or(0)).await?;
        let (now, publication) = (self.now(), Publication::under(self.public_url(), ca));
        let by = Arc::clone(&authority);
        let issuances: Vec<Issuance> = self
            .work(move || {
                let one = |((subject, key), index): ((Subject, SubjectKey), u64)| {
                    let part = index / CERTIFICATES_OF_A_PART;
                    let place = (&publication.clone().of_part(part), Some(part));
                    Issuance::by(&by, &profile, &subject, &key, place, now)
                };
                orders.into_iter().zip(indexes).map(one).collect()
            })
            .await?;
        let mut reserved = Change::new();
        for one in &issuances {
            one.note_advice();
            reserved.reserve_serial(one.reservation(now));
        }
        self.store().commit(reserved).await?;
        let (service, actor) = (Arc::clone(self), actor.clone());
        let mut change = Change::new();
        let (certificates, completed) = self
            .work(move || {
                let one = |issuance| service.sign_in(&mut change, &actor, issuance);
                let certificates: Vec<_> = issuances.into_iter().map(one).collect::<ServiceResult<_>>()?;
                Ok((certificates, change))
            })
            .await?;
        self.store().commit(completed).await?;
        Ok(certificates)
    }
}
