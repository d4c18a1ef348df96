//! Lists of others: followed, kept, and compared with our own. Importing one recognises nobody: that stays an act of two people.

use crate::problem::Problem;
use crate::service::actor::Actor;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::{Service, events};
use crate::store::{Change, PartnerList};
use crate::trust::list::{Follower, RecognitionList, SignedList, SignerId, StalePolicy};

/// Whose list is believed the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartnerSigner {
    /// Nobody's: the list must have been imported before.
    Known,
    /// Who holds this key; told by the partner on another way.
    Key(SignerId),
    /// Whoever signed the list that is imported now.
    First,
}

/// A list of somebody else.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedList {
    /// What it is called here.
    pub name: String,
    /// What it says.
    pub list: RecognitionList,
    /// Certificates of authorities that we rely on and that it does no longer, by the entity of ours.
    pub withdrawn_there: Vec<String>,
}

impl Service {
    /// Takes in the list of a partner, signed: the first, or the next one of those imported before under this name.
    ///
    /// # Errors
    /// Where the actor is no operator, no signer is known, or the list is not accepted: forged, rolled back, stale, inconsistent.
    pub async fn import_partner_list(
        &self,
        actor: &Actor,
        name: &str,
        signed: &[u8],
        signer: &PartnerSigner,
    ) -> ServiceResult<ImportedList> {
        actor.must_be_operator()?;
        let signed = SignedList::parse(signed).map_err(ServiceError::explained)?;
        let mut follower = match (self.store().partner_list(name).await?, signer) {
            (Some(row), PartnerSigner::Known) => follower_of(&row)?,
            (Some(_), _) => {
                let problem = Problem::new("already-exists").param("what", "partner list");
                return Err(ServiceError::Conflict(problem.param("key", name)));
            }
            (None, PartnerSigner::Known) => return Err(ServiceError::not_found("partner list", name)),
            (None, PartnerSigner::Key(key)) => Follower::of_signers(vec![*key]),
            (None, PartnerSigner::First) => Follower::trusting_first(&signed).map_err(ServiceError::explained)?,
        };
        follower.follow(&signed).map_err(ServiceError::explained)?;
        let now = self.now();
        let (list, _) = follower
            .current(now, StalePolicy::Refuse)
            .map_err(ServiceError::explained)?;
        let mut change = Change::new();
        change.put_partner_list(PartnerList {
            name: name.to_owned(),
            pin: serde_json::to_string(&follower.pin()).map_err(ServiceError::internal)?,
            imported_at: now,
        });
        let detail = serde_json::json!({ "sequence": list.sequence, "sha256": signed.digest().to_string() });
        change.record(events::entry(now, actor, "recognition.import", name, &detail)?);
        self.store().commit(change).await?;
        self.compared(name, list.clone()).await
    }

    /// The lists of others, as they were imported last.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn partner_lists(&self) -> ServiceResult<Vec<ImportedList>> {
        let mut lists = Vec::new();
        for row in self.store().partner_lists().await? {
            if let Some(list) = follower_of(&row)?.last() {
                lists.push(self.compared(&row.name, list.clone()).await?);
            }
        }
        Ok(lists)
    }

    async fn compared(&self, name: &str, list: RecognitionList) -> ServiceResult<ImportedList> {
        let now = self.now();
        let relied = |entities: &RecognitionList| {
            let services = entities.entities.iter().flat_map(|entity| {
                let services = entity.services.iter();
                services.map(move |service| (entity.id.clone(), service.clone()))
            });
            services.collect::<Vec<_>>()
        };
        let theirs = relied(&list);
        let ours = self
            .recognition_list()
            .await?
            .map(|own| relied(&own))
            .unwrap_or_default();
        let granted = |history: &crate::trust::list::History| {
            let status = history.at(now).map(|decision| decision.status);
            status == Some(crate::trust::list::Status::Granted)
        };
        let mut withdrawn_there: Vec<String> = ours
            .into_iter()
            .filter(|(_, own)| granted(&own.history))
            .filter(|(_, own)| {
                theirs.iter().any(|(_, their)| {
                    their.certificate == own.certificate && their.service == own.service && !granted(&their.history)
                })
            })
            .map(|(entity, _)| entity)
            .collect();
        withdrawn_there.dedup();
        Ok(ImportedList {
            name: name.to_owned(),
            list,
            withdrawn_there,
        })
    }
}

fn follower_of(row: &PartnerList) -> ServiceResult<Follower> {
    let pin = serde_json::from_str(&row.pin).map_err(ServiceError::internal)?;
    Follower::from_pin(&pin).map_err(ServiceError::internal)
}
