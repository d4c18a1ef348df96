//! What a document proves of itself (ETSI EN 319 102-1 clause 5.6.2.3): since when its signatures, and the
//! certificates, lists and responses in it, existed.
//!
//! Document time stamps are judged from the latest to the earliest, each with what the later ones prove. One that holds
//! proves whatever lies in the revisions that it covers: signatures and tokens with all that they carry, and the
//! security store of that revision. A time stamp on a signature proves what that covers in the same way.
//!
//! What signatures carry is gathered once for all the time stamps, each object where it is carried first, within the
//! bounds of what is read of a document ([`MAX_OBJECTS_READ`](super::intake::MAX_OBJECTS_READ)): a document of many
//! signatures with many tokens costs no more for having many time stamps.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};

use super::context::Context;
use super::evidence::Evidence;
use super::examined::Examined;
use super::ground::Ground;
use super::level::Relied;
use super::report::{ProofKind, ProofReport};
use super::time_stamp::{MAX_TIME_STAMPS, RefusedStamp, Stamp, token_over};
use crate::asn1::oid;
use crate::cms::SignedData;
use crate::cms::verify::SignerNote;
use crate::pdf::signature::SignatureKind;
use crate::pdf::{PdfFile, SignatureField};
use crate::problem::Problem;
use crate::trust::Existence;

/// What proves that something existed, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Proof {
    pub(super) time: DateTime<Utc>,
    pub(super) report: ProofReport,
    /// Who stamped.
    pub(super) authority: Relied,
    /// What is odd about how it is written.
    pub(super) notes: Vec<SignerNote>,
    /// What is to be known of its authority all the same.
    pub(super) remarks: Vec<Problem>,
}

impl Proof {
    /// The proof that a token gives.
    pub(super) fn of(kind: ProofKind, stamp: Stamp, field: Option<&str>) -> Self {
        let subject = stamp.authority.certificate.subject();
        let name = subject.common_name().or(subject.organization()).unwrap_or_default();
        Self {
            time: stamp.time,
            notes: stamp.notes,
            remarks: stamp.remarks,
            report: ProofReport {
                kind,
                authority: name.to_owned(),
                field: field.map(str::to_owned),
            },
            authority: stamp.authority,
        }
    }
}

/// Everything that the document time stamps of a file prove.
#[derive(Debug, Default)]
pub(super) struct Proofs {
    /// By the revision that they cover.
    revisions: BTreeMap<usize, Proof>,
    /// Of certificates, lists and responses.
    pub(super) objects: Existence,
    /// The last revision that one covers, with what its store holds.
    archived: Option<(usize, Evidence)>,
    /// What came of each document time stamp, by its place among the fields.
    pub(super) judged: BTreeMap<usize, Result<Proof, RefusedStamp>>,
}

impl Proofs {
    /// Judges the document time stamps of a file.
    pub(super) fn of(
        examined: &Examined<'_>,
        fields: &[SignatureField],
        evidence: &Evidence,
        context: &Context<'_>,
    ) -> Self {
        let mut proofs = Self::default();
        let stamps = fields.iter().enumerate();
        let mut stamps: Vec<_> = stamps
            .filter(|(_, field)| field.kind == SignatureKind::DocumentTimeStamp)
            .collect();
        stamps.sort_by_key(|(_, field)| std::cmp::Reverse(field.revision));
        let mut gathered = None;
        for (number, (place, field)) in stamps.iter().copied().enumerate() {
            let mut earlier = stamps[..number].iter();
            if let Some((same, _)) = earlier.find(|(_, earlier)| earlier.is_shared_with(field)) {
                let judged = proofs.judged[same].clone();
                proofs.judged.insert(place, judged);
                continue;
            }
            let judged = proofs.judge(examined, field, evidence, context);
            if let (Ok(proof), Some(revision)) = (&judged, field.covered_revision()) {
                let carried = gathered.get_or_insert_with(|| Carried::of(fields, evidence));
                proofs.add(examined.file, carried, revision, evidence, proof.clone());
            }
            proofs.judged.insert(place, judged);
        }
        proofs
    }

    /// The earliest proof of what stands in a revision with its signature: by what covers a later one.
    pub(super) fn of_revision(&self, revision: Option<usize>) -> Option<&Proof> {
        let revision = revision?;
        let covering = self.revisions.range(revision + 1..).map(|(_, proof)| proof);
        covering.min_by_key(|proof| proof.time)
    }

    /// What the store of the last revision holds that a document time stamp covers, where that is later than this one:
    /// what stands in this one is archived with it.
    pub(super) fn archived_after(&self, revision: Option<usize>) -> Option<&Evidence> {
        let revision = revision?;
        let archived = self.archived.as_ref().filter(|(last, _)| revision < *last);
        archived.map(|(_, stored)| stored)
    }

    /// What is proved of certificates, lists and responses by a signature whose own existence is proved: the store of
    /// the revision that it signed, beside what later time stamps prove.
    pub(super) fn with_signed(
        &self,
        file: &PdfFile<'_>,
        field: &SignatureField,
        latest: &Evidence,
        proof: Option<&Proof>,
    ) -> Existence {
        let mut objects = self.objects.clone();
        if let (Some(proof), Some(revision)) = (proof, field.covered_revision()) {
            stored_in(file, revision, latest, |evidence| {
                evidence.prove(&mut objects, proof.time)
            });
        }
        objects
    }

    /// A document time stamp (ETSI EN 319 142-1 clause 5.4.3): a token over the signed ranges.
    fn judge(
        &self,
        examined: &Examined<'_>,
        field: &SignatureField,
        evidence: &Evidence,
        context: &Context<'_>,
    ) -> Result<Proof, RefusedStamp> {
        let (message, range) = super::signature::format_of(field)?;
        let bytes = examined.signed(range);
        let ground = Ground {
            context,
            evidence,
            existence: &self.objects,
            created_after: None,
            proven_at: self.of_revision(field.revision).map(|proof| proof.time),
        };
        let stamp = token_over(message, &|algorithm| bytes.digest(algorithm), &ground)?;
        Ok(Proof::of(ProofKind::DocumentTimeStamp, stamp, field.name()))
    }

    /// Takes in what a document time stamp over a revision proves.
    fn add(&mut self, file: &PdfFile<'_>, carried: &Carried, revision: usize, latest: &Evidence, proof: Proof) {
        stored_in(file, revision, latest, |stored| {
            stored.prove(&mut self.objects, proof.time);
            if self.archived.as_ref().is_none_or(|(last, _)| *last < revision) {
                self.archived = Some((revision, stored.clone()));
            }
        });
        for fingerprint in carried.before(revision) {
            self.objects.prove(*fingerprint, proof.time);
        }
        self.revisions.insert(revision, proof);
    }
}

/// The security store of a revision; that of the latest was read already.
fn stored_in(file: &PdfFile<'_>, revision: usize, latest: &Evidence, then: impl FnOnce(&Evidence)) {
    if revision == file.revisions().len() {
        then(latest);
    } else if let Some(view) = file.at_revision(revision) {
        then(&latest.in_store_of(&view));
    }
}

/// Certificates, lists and responses in the messages of the signatures, and in the time stamps on them, by their
/// fingerprints: each in the earliest revision that carries it, since what proves a later one proves that too.
#[derive(Debug, Default)]
struct Carried {
    by_revision: BTreeMap<usize, Vec<[u8; 32]>>,
}

impl Carried {
    fn of(fields: &[SignatureField], evidence: &Evidence) -> Self {
        let mut in_order: Vec<(usize, &SignatureField)> = fields
            .iter()
            .filter_map(|field| Some((field.revision?, field)))
            .collect();
        in_order.sort_by_key(|(revision, _)| *revision);
        let mut carried = Self::default();
        let mut known = HashSet::new();
        for (revision, field) in in_order {
            let mut fresh = Vec::new();
            for message in messages(field) {
                let objects = evidence.fingerprints_in(&message);
                fresh.extend(objects.into_iter().filter(|object| known.insert(*object)));
            }
            carried.by_revision.entry(revision).or_default().extend(fresh);
        }
        carried
    }

    /// What the signatures of earlier revisions carry.
    fn before(&self, revision: usize) -> impl Iterator<Item = &[u8; 32]> {
        self.by_revision.range(..revision).flat_map(|(_, objects)| objects)
    }
}

/// The message of a signature, and those of the time stamps on it that are looked at.
fn messages(field: &SignatureField) -> Vec<SignedData> {
    let message = field.signature.as_ref().ok();
    let Some(message) = message.and_then(|der| SignedData::parse(der).ok()) else {
        return Vec::new();
    };
    let signers = message.signers.iter();
    let tokens = signers.flat_map(|signer| signer.unsigned(oid::SIGNATURE_TIME_STAMP_TOKEN));
    let tokens = tokens.flat_map(|attribute| &attribute.values).take(MAX_TIME_STAMPS);
    let mut messages: Vec<SignedData> = tokens.filter_map(|token| SignedData::parse(token).ok()).collect();
    messages.push(message);
    messages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cms::build::{Content, SigningIdentity};
    use crate::cms::testing::identities;
    use crate::cms::{Attribute, Form};
    use crate::pdf::signature::{ContentsFault, DictionaryHistory, SignatureCoverage};

    /// A signature of that revision with so many tokens on it, all alike.
    fn signed(signer: &SigningIdentity, token: &[u8], tokens: usize, revision: usize) -> SignatureField {
        let digest = signer.digest().digest(b"a document");
        let message = signer.sign(Form::Pkcs7, Content::Detached(&digest), &[]).unwrap();
        let mut attribute = Attribute::single(oid::SIGNATURE_TIME_STAMP_TOKEN, token.to_vec());
        attribute.values = vec![token.to_vec(); tokens];
        let signature: Result<_, ContentsFault> = Ok(message.finish(&[attribute]));
        SignatureField {
            field: None,
            object: None,
            dictionary: crate::pdf::Dictionary::new(),
            kind: SignatureKind::Signature,
            byte_range: None,
            faults: Vec::new(),
            signature,
            coverage: SignatureCoverage::WholeRevision(revision),
            revision: Some(revision),
            certification: None,
            history: DictionaryHistory::Same,
        }
    }

    #[test]
    fn what_many_signatures_and_their_many_time_stamps_carry_is_taken_once_where_it_stands_first() {
        let [signer, other, authority] = ["signer", "other", "authority"].map(|name| identities(name)[0].clone());
        let digest = authority.digest().digest(b"a signature");
        let token = authority
            .sign(Form::Pkcs7, Content::Detached(&digest), &[])
            .unwrap()
            .finish(&[]);
        let mut fields: Vec<SignatureField> = (2..40).map(|revision| signed(&signer, &token, 60, revision)).collect();
        fields.push(signed(&other, &token, 0, 30));
        assert!(fields.iter().all(|field| messages(field).len() <= MAX_TIME_STAMPS + 1));
        let carried = Carried::of(&fields, &Evidence::default());
        let count = |revision| carried.before(revision).count();
        assert_eq!([2, 3, 30, 31, 99].map(count), [0, 2, 2, 3, 3]);
    }
}
