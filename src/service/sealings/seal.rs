//! Sealing one document.

use std::sync::Arc;

use super::brought::{Sealable, must_be_sealable, must_stand_sealed};
use super::{Kept, Level, SealedDocument, SealingOrder};
use crate::crypto::DigestAlgorithm;
use crate::pdf::Extended;
use crate::problem::Problem;
use crate::service::Service;
use crate::service::actor::{Actor, Scope};
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::issuers::Issuer;
use crate::service::spool::Source;
use crate::service::time_stamp_sources::{Stamper, is_of_source};
use crate::sign::document::{DocumentValidation, Hand, Order, Remark, ValidationData, prepare, prepare_time_stamp};
use crate::sign::{Claims, Signed};

impl Service {
    /// Seals a document in the name of an organisation; `kept` says by whom the document is kept.
    ///
    /// # Errors
    /// Where the actor may not use the seal, the document may not be signed as ordered, or no time stamp is to be had.
    /// Nothing was made then.
    pub async fn seal_document(
        &self,
        actor: &Actor,
        order: &SealingOrder,
        document: Source,
        kept: Option<Kept>,
    ) -> ServiceResult<SealedDocument> {
        actor.may(Scope::Seal, &order.authority)?;
        order.must_be_bounded()?;
        let issuer = self.issuer(&order.authority).await?;
        let algorithm = issuer.keys.document().digest();
        let (brought, judging) = (Arc::clone(&document), self.judging().await?);
        let Sealable {
            is_signed,
            mut warnings,
        } = self.work(move || must_be_sealable(&brought, &judging)).await?;
        let (sealed, of_stamps) = match order.level {
            Level::B => {
                let nothing = (0, ValidationData::default());
                self.sign_document(order, &document, &issuer, nothing).await?
            }
            // Each authority has room and revocation data for its own tokens.
            Level::T | Level::Lt | Level::Lta => {
                let seal = |place| self.seal_with(order, (&document, is_signed), &issuer, place);
                self.stamping.in_turn(seal).await?
            }
        };
        let judging = self.judging().await?;
        let read_back = self.work(move || must_stand_sealed(&sealed, &judging).map(|()| sealed));
        let sealed = read_back.await?;
        warnings.extend(of_stamps);
        let detail = serde_json::json!({
            "seal": issuer.keys.seal().seal().info.id,
            "digest": algorithm.name(),
        });
        let what = (
            "document.seal",
            order.authority.as_str(),
            order.level.within(order.form),
        );
        self.record_sealing(actor, what, sealed, (detail, warnings), kept).await
    }

    /// Seals a document, signed before or not, with the stamps of one authority, and says what is to be known of those.
    async fn seal_with(
        &self,
        order: &SealingOrder,
        (document, is_signed): (&Source, bool),
        issuer: &Arc<Issuer>,
        place: usize,
    ) -> ServiceResult<(Extended<Source>, Vec<Problem>)> {
        let algorithm = issuer.keys.document().digest();
        let stamper = match self.stamping.outside(place, algorithm).await? {
            Some(outside) => outside,
            None => Stamper::own(&issuer.stamping_of_others, algorithm),
        };
        let mut validation = ValidationData::default();
        if order.level >= Level::Lt {
            validation = issuer.evidence.clone();
            let signer = issuer.keys.document().certificate();
            validation.extend(self.own_answer(&issuer.certified_by, signer).await?);
            validation.extend(match stamper.is_own() {
                true => {
                    let stamping = issuer.stamping_of_others.certificate();
                    self.own_answer(&issuer.stamping_certified_by, stamping).await?
                }
                false => self.evidence_for(&stamper.certificates, &[]).await?,
            });
        }
        let (signed, mut warnings) = self
            .sign_document_until_stamp(order, document, issuer, (stamper.room, validation.clone()))
            .await?;
        let token = stamper
            .stamp(signed.imprint(algorithm), order.level, self.now())
            .await?;
        let revision = signed.stamp(token).map_err(ServiceError::explained)?.into_revision();
        let mut extended = Extended::new(Arc::clone(document));
        extended.append(&revision);
        // Those of the first signature are far from what is read of a document.
        if is_signed {
            extended = self.must_be_read_whole(extended, validation.into()).await?;
        }
        if order.level == Level::Lta {
            let nothing = DocumentValidation::default();
            let with = (&stamper, algorithm, order.level);
            extended = self.add_time_stamp(extended, nothing, with).await?;
        }
        warnings.extend(stamper.warnings(self.newest_trust().await?.as_ref(), self.now()));
        Ok((extended, warnings))
    }

    /// Puts a document time stamp at the end of a document, with validation data before it.
    pub(super) async fn add_time_stamp(
        &self,
        document: Extended<Source>,
        validation: DocumentValidation,
        (stamper, algorithm, level): (&Stamper<'_>, DigestAlgorithm, Level),
    ) -> ServiceResult<Extended<Source>> {
        let (room, now) = (stamper.room, self.now());
        let prepared = self.work(move || {
            let prepared = prepare_time_stamp(&document, &validation, algorithm, room, now);
            prepared
                .map(|prepared| (document, prepared))
                .map_err(ServiceError::explained)
        });
        let (mut document, prepared) = prepared.await?;
        let token = stamper.stamp(prepared.imprint().clone(), level, now).await?;
        let stamped = prepared.stamp(&token).map_err(ServiceError::explained)?;
        document.append(&stamped.into_revision());
        Ok(document)
    }

    /// Signs without a time stamp.
    async fn sign_document(
        &self,
        order: &SealingOrder,
        document: &Source,
        issuer: &Arc<Issuer>,
        with: (usize, ValidationData),
    ) -> ServiceResult<(Extended<Source>, Vec<Problem>)> {
        let (signed, warnings) = self.sign_document_until_stamp(order, document, issuer, with).await?;
        let revision = signed
            .leave_unstamped()
            .map_err(ServiceError::explained)?
            .into_revision();
        let mut extended = Extended::new(Arc::clone(document));
        extended.append(&revision);
        Ok((extended, warnings))
    }

    /// The pure work: reading, laying out, digesting, signing; and what is to be known of it.
    async fn sign_document_until_stamp(
        &self,
        order: &SealingOrder,
        document: &Source,
        issuer: &Arc<Issuer>,
        (stamp_room, validation): (usize, ValidationData),
    ) -> ServiceResult<(Signed, Vec<Problem>)> {
        let (order, document, issuer) = (order.clone(), Arc::clone(document), Arc::clone(issuer));
        let time = self.now();
        self.work(move || {
            let order = Order {
                act: order.act,
                form: order.form,
                field: order.field.as_deref(),
                places: &order.places,
                claims: Claims {
                    name: Some(&issuer.authority.name.zh),
                    reason: &order.reason,
                    location: order.location.as_deref(),
                    time,
                },
                validation: &validation,
                stamp_room,
            };
            let hand = Hand::Seal(&issuer.keys, &issuer.picture);
            let prepared = prepare(&document, hand, &order)?;
            let remarks = prepared.remarks().iter().map(Remark::problem).collect();
            Ok((prepared.sign()?, remarks))
        })
        .await
    }
}

/// Whether trying again later may help.
pub(super) fn is_passing(error: &ServiceError) -> bool {
    is_of_source(error) || error.is_transient() || matches!(error, ServiceError::Internal(_))
}
