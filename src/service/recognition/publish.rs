//! Making the next list of the chain.

use std::collections::HashSet;

use chrono::TimeDelta;

use crate::clock::whole_second;
use crate::problem::Problem;
use crate::service::actor::Actor;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::proposals::Mandate;
use crate::service::recognition::import::follower_of;
use crate::service::recognition::{ListPublication, SignerStep};
use crate::service::{Service, events};
use crate::store::{self, Change};
use crate::trust;
use crate::trust::list::{
    Bounds, Decision, Entity, EntityService, History, MAX_POINTERS, Names, OWN_ENTITY, Pointer, RecognitionList,
    SignListError, SignedList, Status, StatusReason, place_of,
};
use crate::x509::Certificate;

/// How long a list may be relied on.
const LIFETIME: TimeDelta = TimeDelta::days(30);

/// A list is renewed when no more than this is left of its time.
const RENEWAL: TimeDelta = TimeDelta::days(15);

/// The next list before it is signed.
pub(super) struct Draft {
    pub(super) list: RecognitionList,
    last: Option<RecognitionList>,
    /// A step of the change of its signer.
    step: Option<SignerStep>,
}

impl Draft {
    /// The entity of that identifier.
    pub(super) fn entity(&mut self, id: &str) -> ServiceResult<&mut Entity> {
        let found = self.list.entities.iter_mut().find(|entity| entity.id == id);
        found.ok_or_else(|| ServiceError::not_found("recognised authority", id))
    }
}

impl Service {
    /// Publishes the next list, with what is said of the list itself.
    ///
    /// # Errors
    /// Where the list would not be consistent, a step of the signer's change is out of order, or another list came
    /// first.
    pub(in crate::service) async fn publish_recognition_list(
        &self,
        mandate: &Mandate,
        publication: &ListPublication,
    ) -> ServiceResult<RecognitionList> {
        let mut draft = self.draft_list().await?;
        if let Some(operator) = &publication.operator {
            draft.list.operator.clone_from(operator);
            draft.entity(OWN_ENTITY)?.names.clone_from(operator);
        }
        if let Some(name) = &publication.name {
            draft.list.name.clone_from(name);
        }
        if let Some(regions) = &publication.regions {
            draft.entity(OWN_ENTITY)?.bounds.regions.clone_from(regions);
        }
        draft.step = publication.signer;
        let detail = serde_json::to_value(publication).map_err(ServiceError::internal)?;
        let subject = draft.list.sequence.to_string();
        let change = mandate.change(self.now(), "recognition.publish", &subject, &detail)?;
        self.publish_draft(mandate.actor(), draft, change).await
    }

    /// Renews the list before its successor is due, or where it does not name a root of ours yet; what else it says
    /// stays as it is.
    ///
    /// # Errors
    /// Where the last list cannot be read, or the key or the store fails.
    pub async fn renew_recognition_list(&self) -> ServiceResult<()> {
        let Some(last) = self.recognition_list().await? else {
            return Ok(());
        };
        let draft = self.draft_list().await?;
        let names_all = draft.list.entity(OWN_ENTITY) == last.entity(OWN_ENTITY);
        if last.next_update - self.now() > RENEWAL && names_all {
            return Ok(());
        }
        let subject = draft.list.sequence.to_string();
        let mut change = Change::new();
        let detail = serde_json::json!({});
        change.record(events::entry(
            self.now(),
            &Actor::Program,
            "recognition.renew",
            &subject,
            &detail,
        )?);
        self.publish_draft(&Actor::Program, draft, change).await.map(drop)
    }

    /// The next list with what the last one said, and our own authorities as they are now.
    pub(super) async fn draft_list(&self) -> ServiceResult<Draft> {
        let now = whole_second(self.now());
        let row = self.store().recognition_list(None).await?;
        let (list, last) = match row {
            Some(row) => {
                let (signed, last) = self.read_list(&row).await?;
                let list = RecognitionList {
                    sequence: last.sequence + 1,
                    previous: Some(signed.digest()),
                    issued: now.max(last.issued),
                    ..last.clone()
                };
                (list, Some(last))
            }
            None => (self.first_list().await?, None),
        };
        let mut draft = Draft { list, last, step: None };
        draft.list.next_update = draft.list.issued + LIFETIME;
        draft.list.pointers = self.partner_pointers(&draft.list.location).await?;
        self.add_own_authorities(&mut draft.list).await?;
        Ok(draft)
    }

    /// Signs a draft and makes it durable with what `change` holds already.
    pub(super) async fn publish_draft(
        &self,
        actor: &Actor,
        draft: Draft,
        mut change: Change,
    ) -> ServiceResult<RecognitionList> {
        let Draft { mut list, last, step } = draft;
        let signers = self.list_signers(&mut change, actor, step, list.sequence).await?;
        let signer = signers.first();
        let signer = signer.ok_or_else(|| ServiceError::internal("the recognition list has no signer"))?;
        // Its signer may have been certified just now: a list is no older than that certificate.
        list.issued = list.issued.max(signer.certificate.validity().not_before);
        list.signers = signers.iter().map(|one| one.certificate.clone()).collect();
        list.entities.sort_by(|one, other| one.id.cmp(&other.id));
        if let Some(last) = last {
            last.is_kept_by(&list).map_err(ServiceError::explained)?;
        }
        let signed = SignedList::sign(&list, std::slice::from_ref(&signer.certificate), &*signer.key);
        let signed = signed.map_err(|error| match error {
            SignListError::List(error) => ServiceError::explained(error),
            SignListError::Signing(error) => error.into(),
        })?;
        change.publish_recognition_list(store::RecognitionList {
            sequence: list.sequence,
            sha256: signed.digest().0,
            signed: signed.to_compact().into_bytes(),
            issued_at: list.issued,
            next_update: list.next_update,
        });
        self.store().commit(change).await?;
        self.rely_anew().await;
        Ok(list)
    }

    async fn first_list(&self) -> ServiceResult<RecognitionList> {
        let now = whole_second(self.now());
        let roots = self.own_roots().await?;
        let organisation = roots.first().and_then(|root| root.subject().organization());
        let organisation = organisation.ok_or_else(|| ServiceError::refused(Problem::new("list-without-root")))?;
        Ok(RecognitionList {
            operator: Names::new(organisation, ""),
            name: Names::new("互认名录", "Recognition list"),
            territory: "CN".to_owned(),
            location: self.list_address().await?,
            sequence: 1,
            previous: None,
            issued: now,
            next_update: now + LIFETIME,
            signers: Vec::new(),
            pointers: Vec::new(),
            entities: vec![Entity {
                id: OWN_ENTITY.to_owned(),
                names: Names::new(organisation, ""),
                bounds: Bounds::default(),
                mappings: Vec::new(),
                services: Vec::new(),
            }],
        })
    }

    /// Adds what our own entity does not have yet: a root that was founded since the last list.
    async fn add_own_authorities(&self, list: &mut RecognitionList) -> ServiceResult<()> {
        let (roots, decided) = (self.own_roots().await?, list.issued);
        let Some(own) = list.entities.iter_mut().find(|entity| entity.id == OWN_ENTITY) else {
            return Ok(());
        };
        for root in roots {
            if own.services_of(&root).next().is_some() {
                continue;
            }
            let first = Decision {
                status: Status::Granted,
                since: root.validity().not_before,
                decided,
                reason: StatusReason::Agreement,
                note: String::new(),
            };
            let history = History::new(first).map_err(ServiceError::explained)?;
            own.services.extend(trust::Service::ALL.map(|service| EntityService {
                service,
                certificate: root.clone(),
                history: history.clone(),
            }));
        }
        Ok(())
    }

    async fn own_roots(&self) -> ServiceResult<Vec<Certificate>> {
        let authorities = self.store().certificate_authorities().await?;
        let roots = authorities.iter().filter(|authority| authority.parent.is_none());
        roots
            .map(|root| Certificate::from_der(&root.certificate).map_err(ServiceError::internal))
            .collect()
    }

    /// The lists of others that are followed, each where we found it, else where it says to be; those that we found
    /// come first. Whatever they say of themselves must not keep ours from being published: one at `own`, at a place
    /// that is taken already, or that cannot be written is left out, and told.
    async fn partner_pointers(&self, own: &str) -> ServiceResult<Vec<Pointer>> {
        let mut rows = self.store().partner_lists().await?;
        rows.sort_by_key(|row| row.address.is_none());
        let mut taken = HashSet::from([place_of(own)]);
        let mut pointers = Vec::new();
        for row in rows {
            let Some(list) = follower_of(&row)?.last().cloned() else {
                continue;
            };
            let pointer = Pointer {
                location: row.address.unwrap_or(list.location),
                operator: list.operator,
                signers: list.signers,
            };
            let has_room = pointers.len() < MAX_POINTERS - 1;
            if has_room && pointer.reads_back() && taken.insert(place_of(&pointer.location)) {
                pointers.push(pointer);
            } else {
                tracing::warn!(
                    partner = row.name,
                    location = pointer.location,
                    "our list does not point to it"
                );
            }
        }
        pointers.sort_by(|one, other| one.location.cmp(&other.location));
        Ok(pointers)
    }

    /// Where our own list is published: where the newest one says, as its successors stay there.
    pub(super) async fn list_address(&self) -> ServiceResult<String> {
        let newest = self.recognition_list().await?;
        let first = || format!("{}/api/v1/trust-list", self.public_url());
        Ok(newest.map_or_else(first, |list| list.location))
    }
}
