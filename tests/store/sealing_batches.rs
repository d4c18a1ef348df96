//! Documents that are brought together: who works on which, and what becomes of each.

use chrono::{DateTime, Utc};
use yinxin::id::{SealingBatchId, SealingId};
use yinxin::store::{
    ClaimedFile, Conflict, FileOutcome, NewSealingBatch, Sealing, SealingBatch, SealingBatchOutcome, StoreError,
};

use super::place::Place;
use super::samples::{ISSUER, event, register_issuer, time};

stories![
    batches_take_turns_and_no_file_is_worked_on_twice,
    a_file_whose_holder_is_gone_is_taken_over_and_ends_once,
    a_file_that_is_put_off_waits_as_long,
    a_hold_on_a_file_that_is_renewed_lasts_and_is_not_renewed_once_another_has_it,
];

/// Brings a batch of so many files, later than the ones before by its number.
async fn bring(place: &Place, number: i64, files: u8) -> SealingBatchId {
    let id = SealingBatchId::new(time(number));
    let batch = SealingBatch {
        id,
        authority: ISSUER.to_owned(),
        token: None,
        task: vec![7],
        created_at: time(number),
    };
    let files = (1..=files).map(|file| (vec![file], [file; 32])).collect();
    let new = NewSealingBatch {
        batch: batch.clone(),
        files,
    };
    place.commit(|change| _ = change.add_sealing_batch(new)).await.unwrap();
    assert_eq!(place.store.sealing_batch(id).await.unwrap(), Some(batch));
    id
}

async fn claim(place: &Place, now: DateTime<Utc>) -> Option<ClaimedFile> {
    place.store.claim_sealing(now).await.unwrap()
}

/// Ends a file with a sealing, and records an event with it.
async fn end(place: &Place, file: ClaimedFile) -> Result<SealingId, StoreError> {
    let sealing = Sealing {
        id: SealingId::new(time(0)),
        authority: ISSUER.to_owned(),
        level: "PAdES-B-T".to_owned(),
        source_sha256: file.source_sha256,
        document_sha256: [9; 32],
        document_bytes: 1,
        sealed_at: time(0),
    };
    let (id, subject) = (sealing.id, format!("file {}", file.number));
    let outcome = SealingBatchOutcome {
        file,
        outcome: FileOutcome::Sealed(id),
    };
    let ending = place.commit(|change| {
        _ = change
            .add_sealing(sealing)
            .record(event(&subject))
            .end_sealing_of_batch(outcome);
    });
    ending.await.map(|()| id)
}

async fn batches_take_turns_and_no_file_is_worked_on_twice(place: Place) {
    register_issuer(&place).await;
    let [first, second] = [bring(&place, 1, 2).await, bring(&place, 2, 1).await];
    let mut taken = Vec::new();
    while let Some(file) = claim(&place, time(3)).await {
        taken.push((file.batch, file.number, file.attempts));
    }
    assert_eq!(taken, [(first, 1, 1), (second, 1, 1), (first, 2, 1)]);
}

async fn a_file_whose_holder_is_gone_is_taken_over_and_ends_once(place: Place) {
    register_issuer(&place).await;
    let batch = bring(&place, 1, 1).await;
    let gone = claim(&place, time(2)).await.unwrap();
    assert_eq!(claim(&place, time(100)).await, None);
    let taken_over = claim(&place, time(200)).await.unwrap();
    assert_eq!(taken_over.attempts, 2);
    let refusal = end(&place, gone).await.unwrap_err();
    assert!(
        matches!(refusal.conflict(), Some(Conflict::KeyTakenOver(_))),
        "{refusal}"
    );
    let sealing = end(&place, taken_over.clone()).await.unwrap();
    assert!(end(&place, taken_over).await.is_err());
    let files = place.store.sealing_batch_files(batch).await.unwrap();
    assert_eq!(files[0].outcome, Some(FileOutcome::Sealed(sealing)));
    assert_eq!(place.store.events_of("file 1").await.unwrap().len(), 1);
    assert_eq!(
        claim(&place, time(1_000)).await,
        None,
        "what has ended is nobody's work"
    );
}

async fn a_file_that_is_put_off_waits_as_long(place: Place) {
    register_issuer(&place).await;
    bring(&place, 1, 1).await;
    let file = claim(&place, time(2)).await.unwrap();
    place.store.delay_sealing(file, time(60)).await.unwrap();
    assert_eq!(claim(&place, time(59)).await, None);
    assert_eq!(claim(&place, time(60)).await.unwrap().attempts, 2);
}

async fn a_hold_on_a_file_that_is_renewed_lasts_and_is_not_renewed_once_another_has_it(place: Place) {
    register_issuer(&place).await;
    bring(&place, 1, 1).await;
    let file = claim(&place, time(2)).await.unwrap();
    place.store.renew_sealing(file.clone(), time(100)).await.unwrap();
    assert_eq!(claim(&place, time(279)).await, None);
    // It had ended already, and nobody had seen that.
    place.store.renew_sealing(file.clone(), time(300)).await.unwrap();
    assert_eq!(claim(&place, time(479)).await, None);
    assert!(claim(&place, time(480)).await.is_some());
    for refused in [
        place.store.renew_sealing(file.clone(), time(481)).await,
        place.store.delay_sealing(file, time(9_000)).await,
    ] {
        let refused = refused.unwrap_err();
        assert!(
            matches!(refused.conflict(), Some(Conflict::KeyTakenOver(_))),
            "{refused}"
        );
    }
}
