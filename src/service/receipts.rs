//! Receipts: what was found about a file, as a signed PDF that a third party can file beside it.
//!
//! A receipt is signed by the verification service itself, with a key and a certificate of its own (profile
//! `verifier`), and not with a seal of a body: a program found this, nobody decided it. Whoever steals the key can make
//! receipts and nothing else. It is of level PAdES-B-LT with a time stamp, names the file by its digests, and carries
//! the whole report as `report.json`. Of the file itself it shows nothing, but for the pages that changed where
//! somebody asks for them ([`receipt_pictures`](super::receipt_pictures)). Nothing of the file and nothing of the
//! receipt is kept.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::cms::build::SigningIdentity;
use crate::crypto::key::Suite;
use crate::crypto::random;
use crate::face::paper::{Attachment, Block, Paper};
use crate::licence::text::Bilingual;
use crate::pdf::ReadAt;
use crate::problem::Problem;
use crate::service::Service;
use crate::service::city::Role;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::receipt_pictures::ReceiptPictures;
use crate::service::sealings::Level;
use crate::service::verify::VerifiedFile;
use crate::sign::document::{Act, Hand, Order, ValidationData, prepare};
use crate::sign::{Claims, SignatureForm};
use crate::verify::{REPORT_FILE, Report};
use crate::x509::Certificate;

/// The family of the key: the one that readers everywhere verify.
const SUITE: Suite = Suite::International;

/// A receipt.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The PDF.
    pub document: Vec<u8>,
    /// What it is of.
    pub verified: VerifiedFile,
}

/// Who makes a receipt, and when.
#[derive(Debug, Clone)]
pub struct Heading<'a> {
    /// Its number, random.
    pub number: [u8; 16],
    /// Who runs the service.
    pub organisation: &'a str,
    /// Where to verify by hand.
    pub address: &'a str,
    /// When it is made.
    pub made: DateTime<Utc>,
}

/// What stands on a receipt.
#[derive(Debug, Clone)]
pub struct Wording {
    /// Title of the document.
    pub title: String,
    /// What the signature says that it is for.
    pub reason: String,
    /// What stands last where not everything has room.
    pub cut: Bilingual,
    /// What stands on the pages.
    pub blocks: Vec<Block>,
    /// The report in words, to stand beside it in the attached one.
    pub words: serde_json::Value,
}

/// Puts what was found into words, which this module has none of.
pub type Words = fn(&VerifiedFile, Option<&ReceiptPictures>, &Heading<'_>) -> Wording;

/// What is asked of a receipt.
#[derive(Debug, Clone)]
pub struct ReceiptOrder {
    /// Name of the file, as it was given.
    pub name: String,
    /// Whether it is to show the pages that changed since they were signed, before and after.
    pub pictures: bool,
}

/// The attached report: as the interface gives it.
#[derive(Serialize)]
struct AttachedReport<'r> {
    #[serde(flatten)]
    report: &'r Report,
    words: &'r serde_json::Value,
}

/// Who signs receipts.
struct ReceiptSigner {
    identity: SigningIdentity,
    certificate: Certificate,
}

impl ReceiptSigner {
    /// Name of whoever runs the service.
    fn organisation(&self) -> &str {
        self.certificate.subject().organization().unwrap_or_default()
    }
}

impl Service {
    /// Verifies a file and writes a receipt of what was found, whatever that is.
    ///
    /// # Errors
    /// Where the file cannot be read to its end, the city has no signer of receipts, no time stamp is to be had, or the
    /// store does not answer.
    pub async fn receipt(
        &self,
        source: impl ReadAt + Send + Sync + 'static,
        order: ReceiptOrder,
        words: Words,
    ) -> ServiceResult<Receipt> {
        let signer = self.receipt_signer().await?;
        let source = Arc::new(source);
        let verified = self.verify_file(Arc::clone(&source), order.name).await?;
        let pictures = match order.pictures {
            true => Some(self.receipt_pictures(&source, &verified).await?),
            false => None,
        };
        let (paper, reason) = self.write_receipt(&signer, (&verified, pictures), words).await?;
        let document = self.sign_receipt(&signer, paper, &reason).await?;
        Ok(Receipt { document, verified })
    }

    /// The pages of a file that changed, as a receipt shows them.
    async fn receipt_pictures(
        &self,
        source: &(impl ReadAt + Sync),
        verified: &VerifiedFile,
    ) -> ServiceResult<ReceiptPictures> {
        let drawn = self.previews().of(source, &verified.report).await;
        self.work(move || Ok(drawn.map(ReceiptPictures::of).unwrap_or_default()))
            .await
    }

    async fn receipt_signer(&self) -> ServiceResult<ReceiptSigner> {
        let identity = self.unrevoked_identity(&Role::Verification.name(SUITE)).await;
        let identity = identity.map_err(|error| match error {
            ServiceError::NotFound { .. } => ServiceError::refused(Problem::new("receipt-signer-missing")),
            other => other,
        })?;
        let issuing = self.authority_certificate(&Role::Issuing.name(SUITE)).await?;
        let certificate = identity.certificate.clone();
        let identity = SigningIdentity::new(identity.key, identity.certificate, &[issuing]);
        Ok(ReceiptSigner {
            identity: identity.map_err(ServiceError::internal)?,
            certificate,
        })
    }

    /// The paper, not signed yet, and what it is to be signed for.
    async fn write_receipt(
        &self,
        signer: &ReceiptSigner,
        (verified, pictures): (&VerifiedFile, Option<ReceiptPictures>),
        words: Words,
    ) -> ServiceResult<(Vec<u8>, String)> {
        let mut number = [0; 16];
        random(&mut number)?;
        let made = self.now();
        let address = format!("{}/v", self.public_url());
        let heading = Heading {
            number,
            organisation: signer.organisation(),
            address: &address,
            made,
        };
        let wording = words(verified, pictures.as_ref(), &heading);
        let attached = AttachedReport {
            report: &verified.report,
            words: &wording.words,
        };
        let report = serde_json::to_vec_pretty(&attached).map_err(ServiceError::internal)?;
        let faces = Arc::clone(&self.faces);
        self.work(move || {
            let paper = Paper {
                title: &wording.title,
                blocks: &wording.blocks,
                footer: &address,
                cut: &wording.cut,
                attachments: &[Attachment {
                    name: REPORT_FILE,
                    media_type: "application/json",
                    data: &report,
                }],
                created: made,
                document_id: number,
            };
            let paper = paper.write(faces.fonts()?).map_err(ServiceError::explained)?;
            Ok((paper, wording.reason))
        })
        .await
    }

    /// Signs a paper with a stamp of the first authority that gives one.
    async fn sign_receipt(&self, signer: &ReceiptSigner, paper: Vec<u8>, reason: &str) -> ServiceResult<Vec<u8>> {
        let sign = |place| self.sign_receipt_with((signer, reason), &paper, place);
        self.stamping.in_turn(sign).await
    }

    async fn sign_receipt_with(
        &self,
        (signer, reason): (&ReceiptSigner, &str),
        paper: &[u8],
        place: usize,
    ) -> ServiceResult<Vec<u8>> {
        let algorithm = signer.identity.digest();
        let stamper = self.stamper(place, (SUITE, algorithm)).await?;
        let ends = [std::slice::from_ref(&signer.certificate), &stamper.certificates].concat();
        let validation: ValidationData = self.evidence_for(&ends, &[]).await?;
        let now = self.now();
        let (identity, base, room) = (signer.identity.clone(), paper.to_vec(), stamper.room);
        let reason = reason.to_owned();
        let organisation = signer.organisation().to_owned();
        let signed = self.work(move || {
            let order = Order {
                act: Act::Approve,
                form: SignatureForm::Pades,
                field: None,
                places: &[],
                claims: Claims {
                    name: Some(&organisation),
                    reason: &reason,
                    location: None,
                    time: now,
                },
                validation: &validation,
                stamp_room: room,
            };
            Ok(prepare(&base, Hand::Key(&identity), &order)?.sign()?)
        });
        let signed = signed.await?;
        let token = stamper.stamp(signed.imprint(algorithm), Level::Lt, now).await?;
        let revision = signed.stamp(token).map_err(ServiceError::explained)?.into_revision();
        Ok([paper, &revision].concat())
    }
}
