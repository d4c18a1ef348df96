//! Recognising, withdrawing, suspending, resuming, and the table of assurance levels. What is decided about an
//! authority becomes of the cross-certificates to it, too, in the same change.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use der::asn1::ObjectIdentifier;

use crate::clock::{rfc3339, whole_second};
use crate::problem::Problem;
use crate::service::Service;
use crate::service::cross_certificates::{Consequence, CrossCertificateId};
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::proposals::Mandate;
use crate::service::recognition::publish::Draft;
use crate::service::recognition::{AssuranceTable, NewRecognition, StatusChange};
use crate::trust::list::{
    AssuranceMapping, Bounds, Decision, Entity, EntityService, History, RecognitionList, Status, StatusReason,
};
use crate::x509::Certificate;

impl Service {
    /// Recognises an authority and publishes the list that says so.
    ///
    /// # Errors
    /// Where the certificate is no authority's or does not verify with its own key, it is recognised for that already,
    /// or claims what another claims.
    pub(in crate::service) async fn recognise(
        &self,
        mandate: &Mandate,
        new: &NewRecognition,
    ) -> ServiceResult<RecognitionList> {
        let certificate = authority_certificate(&new.certificate)?;
        let mut draft = self.draft_list().await?;
        let decided = draft.list.issued;
        let decision = Decision {
            status: Status::Granted,
            since: new.since.map_or(decided, whole_second),
            decided,
            reason: StatusReason::Agreement,
            note: new.note.clone(),
        };
        let history = History::new(decision).map_err(ServiceError::explained)?;
        if new.services.is_empty() {
            return Err(ServiceError::refused(Problem::new("list-no-service").field("services")));
        }
        if draft.list.entity(&new.entity).is_none() {
            let names = new.names.clone().filter(|names| !names.zh.is_empty());
            let unnamed = || ServiceError::refused(Problem::new("field-required").field("names"));
            draft.list.entities.push(Entity {
                id: new.entity.clone(),
                names: names.ok_or_else(unnamed)?,
                bounds: Bounds::default(),
                mappings: Vec::new(),
                services: Vec::new(),
            });
        }
        let entity = draft.entity(&new.entity)?;
        if let Some(bounds) = &new.bounds {
            entity.bounds.clone_from(bounds);
        }
        entity.services.extend(new.services.iter().map(|service| EntityService {
            service: *service,
            certificate: certificate.clone(),
            history: history.clone(),
        }));
        let detail = serde_json::to_value(new).map_err(ServiceError::internal)?;
        let change = mandate.change(self.now(), "recognition.grant", &new.entity, &detail)?;
        self.publish_draft(mandate.actor(), draft, change).await
    }

    /// Withdraws recognition and publishes the list that says so. In the same change the cross-certificates to
    /// authorities that nothing is left of are revoked, which the change must name.
    ///
    /// # Errors
    /// Where the authority is not in the list, is withdrawn already, the date lies back for another reason than
    /// compromise, or the cross-certificates named are not those concerned.
    pub(in crate::service) async fn withdraw_recognition(
        &self,
        mandate: &Mandate,
        change: &StatusChange,
    ) -> ServiceResult<RecognitionList> {
        self.change_recognition(mandate, change, Status::Withdrawn).await
    }

    /// Suspends recognition and publishes the list that says so; cross-certificates are put on hold with it.
    ///
    /// # Errors
    /// As [`Self::withdraw_recognition`]; where it is not granted.
    pub(in crate::service) async fn suspend_recognition(
        &self,
        mandate: &Mandate,
        change: &StatusChange,
    ) -> ServiceResult<RecognitionList> {
        self.change_recognition(mandate, change, Status::Suspended).await
    }

    /// Resumes recognition and publishes the list that says so; cross-certificates are taken off their hold with it.
    ///
    /// # Errors
    /// As [`Self::withdraw_recognition`]; where it is not suspended.
    pub(in crate::service) async fn resume_recognition(
        &self,
        mandate: &Mandate,
        change: &StatusChange,
    ) -> ServiceResult<RecognitionList> {
        self.change_recognition(mandate, change, Status::Granted).await
    }

    /// Sets the table of assurance levels of an authority and publishes the list that says so.
    ///
    /// # Errors
    /// Where the authority is not in the list, or a row maps anyPolicy or is no policy.
    pub(in crate::service) async fn map_assurance(
        &self,
        mandate: &Mandate,
        table: &AssuranceTable,
    ) -> ServiceResult<RecognitionList> {
        let mut draft = self.draft_list().await?;
        let approved_at = draft.list.issued;
        let policy = |text: &str| {
            ObjectIdentifier::new(text)
                .map_err(|_| ServiceError::refused(Problem::new("value-unknown").field("rows").param("value", text)))
        };
        let rows = table.rows.iter().map(|row| {
            Ok::<_, ServiceError>(AssuranceMapping {
                from: policy(&row.from)?,
                to: policy(&row.to)?,
                approved_by: mandate.name(),
                approved_at,
            })
        });
        draft.entity(&table.entity)?.mappings = rows.collect::<Result<_, _>>()?;
        let detail = serde_json::to_value(table).map_err(ServiceError::internal)?;
        let change = mandate.change(self.now(), "recognition.map", &table.entity, &detail)?;
        self.publish_draft(mandate.actor(), draft, change).await
    }

    async fn change_recognition(
        &self,
        mandate: &Mandate,
        wanted: &StatusChange,
        status: Status,
    ) -> ServiceResult<RecognitionList> {
        let mut draft = self.draft_list().await?;
        let consequences = self.decide_in(&mut draft, wanted, status).await?;
        let mut due: Vec<_> = consequences.iter().map(Consequence::id).collect();
        let mut named = wanted.cross_certificates.clone();
        due.sort_unstable();
        named.sort_unstable();
        if due != named {
            let due: Vec<_> = due.iter().map(ToString::to_string).collect();
            let due = if due.is_empty() { "-".to_owned() } else { due.join(", ") };
            let problem = Problem::new("recognition-cross-certificates").field("crossCertificates");
            return Err(ServiceError::Conflict(
                problem.param("entity", &wanted.entity).param("due", due),
            ));
        }
        let detail = serde_json::to_value(wanted).map_err(ServiceError::internal)?;
        let action = match status {
            Status::Granted => "recognition.resume",
            Status::Suspended => "recognition.suspend",
            Status::Withdrawn => "recognition.withdraw",
        };
        let mut change = mandate.change(self.now(), action, &wanted.entity, &detail)?;
        let lists = self.follow_list(&mut change, mandate, &consequences).await?;
        let list = self.publish_draft(mandate.actor(), draft, change).await?;
        self.tell_consequences(&consequences, &lists).await;
        Ok(list)
    }

    /// The cross-certificates whose state changes with a change of status, for who proposes it: [`StatusChange`] names
    /// them.
    ///
    /// # Errors
    /// What the change itself refuses.
    pub async fn cross_certificates_concerned(
        &self,
        wanted: &StatusChange,
        status: Status,
    ) -> ServiceResult<Vec<CrossCertificateId>> {
        if self.recognition_list().await?.is_none() {
            return Err(ServiceError::not_found("recognised authority", &wanted.entity));
        }
        let mut draft = self.draft_list().await?;
        let consequences = self.decide_in(&mut draft, wanted, status).await?;
        Ok(consequences.iter().map(Consequence::id).collect())
    }

    /// Writes a change of status into the next list, and says what becomes of cross-certificates.
    async fn decide_in(
        &self,
        draft: &mut Draft,
        wanted: &StatusChange,
        status: Status,
    ) -> ServiceResult<Vec<Consequence>> {
        if !fits(status, wanted.reason) {
            let problem = Problem::new("recognition-reason").field("reason");
            let problem = problem
                .param("value", wanted.reason.name())
                .param("status", status.name());
            return Err(ServiceError::refused(problem));
        }
        let decided = draft.list.issued;
        let decision = Decision {
            status,
            since: wanted.since.map_or(decided, whole_second),
            decided,
            reason: wanted.reason,
            note: wanted.note.clone(),
        };
        let mut changed = false;
        for service in &mut draft.entity(&wanted.entity)?.services {
            let meant = wanted.services.is_empty() || wanted.services.contains(&service.service);
            if meant && may_follow(&decision, &service.history) {
                let history = service.history.with(decision.clone());
                service.history = history.map_err(ServiceError::explained)?;
                changed = true;
            }
        }
        if !changed {
            let problem = Problem::new("recognition-unchanged").param("entity", &wanted.entity);
            return Err(ServiceError::Conflict(problem.param("status", status.name())));
        }
        let consequences = self
            .consequences_of(&draft.list, &wanted.entity, decision.since.max(decided))
            .await?;
        // A certificate is revoked when it is, not ahead (RFC 5280 section 5.1.2.6).
        if decision.since > decided && !consequences.is_empty() {
            let problem = Problem::new("recognition-cross-later").field("since");
            return Err(ServiceError::refused(problem.param("since", rfc3339(decision.since))));
        }
        Ok(consequences)
    }
}

/// Whether a status may be given for this reason: nobody is suspended because all is well.
fn fits(status: Status, reason: StatusReason) -> bool {
    use StatusReason::{Agreement, Ceased, Cleared, Compromise, Investigation, RulesBroken, Unspecified};
    match status {
        Status::Granted => matches!(reason, Agreement | Cleared | Unspecified),
        Status::Suspended => matches!(reason, Compromise | Investigation | RulesBroken | Unspecified),
        Status::Withdrawn => matches!(reason, Ceased | Compromise | Investigation | RulesBroken | Unspecified),
    }
}

/// Whether a decision may follow this history: by how the service stands when it is made, whatever was announced for
/// later, and unless it says nothing new. That a key is compromised may come out when its authority is withdrawn
/// already.
fn may_follow(decision: &Decision, history: &History) -> bool {
    let latest = history.latest();
    let Some(stands) = history.at(decision.decided).or(latest) else {
        return false;
    };
    let says_the_same = |latest: &Decision| {
        (latest.status, latest.reason) == (decision.status, decision.reason) && latest.since <= decision.since
    };
    let is_possible = match decision.status {
        Status::Granted => stands.status == Status::Suspended,
        Status::Suspended => stands.status == Status::Granted,
        Status::Withdrawn => stands.status != Status::Withdrawn || decision.reason == StatusReason::Compromise,
    };
    is_possible && !latest.is_some_and(says_the_same)
}

/// The certificate of an authority; one that issued itself shows that it holds its key.
fn authority_certificate(base64: &str) -> ServiceResult<Certificate> {
    let unusable = |reason: String| {
        ServiceError::refused(
            Problem::new("certificate-unusable")
                .field("certificate")
                .param("reason", reason),
        )
    };
    let der = BASE64_STANDARD
        .decode(base64)
        .map_err(|error| unusable(error.to_string()))?;
    let certificate = Certificate::from_der(&der).map_err(|error| unusable(error.to_string()))?;
    let key = certificate.public_key().map_err(|error| unusable(error.to_string()))?;
    if certificate.is_self_issued() {
        certificate
            .verify_signed_by(key)
            .map_err(|error| unusable(error.to_string()))?;
    }
    Ok(certificate)
}
