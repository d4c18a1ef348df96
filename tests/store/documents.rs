//! Documents in chunks.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{Connection, SqliteConnection};
use yinxin::crypto::DigestAlgorithm;
use yinxin::store::{
    CHUNK_SIZE, Change, CompletedDocument, Document, DocumentIntake, DocumentPart, FirstChunk, Store, StoreError,
    StoreSettings,
};

use super::place::Place;
use crate::support::TempFolder;

stories![
    a_document_is_read_back_by_its_digest,
    a_long_document_is_read_a_chunk_at_a_time,
    an_empty_document_is_told_from_one_that_is_not_there,
    a_document_that_is_there_already_is_left_alone,
    a_document_in_parts_is_there_once_it_is_completed_and_not_before,
    a_document_that_is_brought_twice_is_completed_twice,
    what_is_kept_of_a_document_that_nothing_came_to_name_is_removed_in_time,
    what_one_gives_up_another_may_bring_or_have_brought,
    a_document_is_not_completed_once_its_parts_were_given_up,
];

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at / 251) as u8).collect()
}

async fn put(place: &Place, document: &Document) {
    place
        .commit(|change| _ = change.put_document(document.clone()))
        .await
        .unwrap();
}

async fn a_document_is_read_back_by_its_digest(place: Place) {
    let document = Document::new(bytes(40_000));
    put(&place, &document).await;
    let reader = place.store.document(document.sha256()).await.unwrap().unwrap();
    assert_eq!(reader.size(), 40_000);
    assert_eq!(reader.read_to_end().await.unwrap(), document.bytes());
}

async fn a_long_document_is_read_a_chunk_at_a_time(place: Place) {
    for length in [CHUNK_SIZE, 2 * CHUNK_SIZE, 2 * CHUNK_SIZE + 1] {
        let document = Document::new(bytes(length));
        put(&place, &document).await;
        let mut reader = place.store.document(document.sha256()).await.unwrap().unwrap();
        let mut read = Vec::new();
        while let Some(chunk) = reader.next().await.unwrap() {
            assert!(!chunk.is_empty() && chunk.len() <= CHUNK_SIZE);
            read.extend(chunk);
        }
        assert!(read == document.bytes(), "{length} bytes come back");
    }
}

async fn an_empty_document_is_told_from_one_that_is_not_there(place: Place) {
    let empty = Document::new(Vec::new());
    assert!(place.store.document(empty.sha256()).await.unwrap().is_none());
    put(&place, &empty).await;
    let reader = place.store.document(empty.sha256()).await.unwrap().unwrap();
    assert_eq!(reader.read_to_end().await.unwrap(), b"");
}

async fn a_document_that_is_there_already_is_left_alone(place: Place) {
    let document = Document::new(bytes(10));
    put(&place, &document).await;
    put(&place, &document).await;
    let reader = place.store.document(document.sha256()).await.unwrap().unwrap();
    assert_eq!(reader.read_to_end().await.unwrap(), document.bytes());
}

/// Bytes of a document of three chunks, the last of one byte; the first waits beside the others, of which a part is
/// made.
fn in_parts() -> (Vec<u8>, [u8; 32]) {
    let whole = bytes(2 * CHUNK_SIZE + 1);
    let sha256 = DigestAlgorithm::Sha256.digest(&whole).first_32();
    (whole, sha256)
}

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
}

/// Begins to bring that document, and keeps its second part, until a time.
async fn begin(place: &Place, held_until: DateTime<Utc>) -> DocumentIntake {
    let (whole, sha256) = in_parts();
    let size = whole.len() as u64;
    let intake = place.store.begin_document(sha256, size, at(0)).await.unwrap();
    let part = DocumentPart {
        intake: intake.clone(),
        first: 1,
        bytes: whole[CHUNK_SIZE..].to_vec(),
        held_until,
    };
    place.commit(|change| _ = change.put_document_part(part)).await.unwrap();
    intake
}

async fn keep_first(place: &Place, intake: &DocumentIntake, held_until: DateTime<Utc>) -> Result<(), StoreError> {
    let first = FirstChunk {
        intake: intake.clone(),
        bytes: in_parts().0[..CHUNK_SIZE].to_vec(),
        held_until,
    };
    place.commit(|change| _ = change.put_first_chunk(first)).await
}

async fn complete(place: &Place, intake: DocumentIntake) -> Result<(), StoreError> {
    keep_first(place, &intake, at(240)).await?;
    let completed = CompletedDocument { intake };
    place.commit(|change| _ = change.complete_document(completed)).await
}

async fn is_there(place: &Place) -> bool {
    place.store.document(&in_parts().1).await.unwrap().is_some()
}

async fn a_document_in_parts_is_there_once_it_is_completed_and_not_before(place: Place) {
    let intake = begin(&place, at(60)).await;
    let without = CompletedDocument { intake: intake.clone() };
    let refused = place.commit(|change| _ = change.complete_document(without)).await;
    assert!(matches!(refused, Err(StoreError::Interrupted)), "{refused:?}");
    keep_first(&place, &intake, at(60)).await.unwrap();
    assert!(!is_there(&place).await);
    complete(&place, intake).await.unwrap();
    let reader = place.store.document(&in_parts().1).await.unwrap().unwrap();
    assert!(reader.read_to_end().await.unwrap() == in_parts().0);
    // Nobody is waited for any more.
    assert!(!place.store.give_up_document_intake(at(9_000)).await.unwrap());
    assert!(is_there(&place).await);
}

async fn what_is_kept_of_a_document_that_nothing_came_to_name_is_removed_in_time(place: Place) {
    begin(&place, at(60)).await;
    assert!(!place.store.give_up_document_intake(at(59)).await.unwrap());
    assert!(place.store.give_up_document_intake(at(60)).await.unwrap());
    assert!(!place.store.give_up_document_intake(at(60)).await.unwrap());
    // Whoever begins again without the second part finds it gone.
    let (whole, sha256) = in_parts();
    let again = place.store.begin_document(sha256, whole.len() as u64, at(99)).await;
    let refused = complete(&place, again.unwrap()).await;
    assert!(matches!(refused, Err(StoreError::Interrupted)), "{refused:?}");
    assert!(!is_there(&place).await);
}

async fn a_document_that_is_brought_twice_is_completed_twice(place: Place) {
    let two = [begin(&place, at(60)).await, begin(&place, at(60)).await];
    for intake in &two {
        keep_first(&place, intake, at(60)).await.unwrap();
    }
    let together = |change: &mut Change| {
        for intake in two {
            change.complete_document(CompletedDocument { intake });
        }
    };
    place.commit(together).await.unwrap();
    let reader = place.store.document(&in_parts().1).await.unwrap().unwrap();
    assert!(reader.read_to_end().await.unwrap() == in_parts().0);
    assert!(!place.store.give_up_document_intake(at(9_000)).await.unwrap());
}

async fn what_one_gives_up_another_may_bring_or_have_brought(place: Place) {
    begin(&place, at(60)).await;
    let other = begin(&place, at(120)).await;
    assert!(place.store.give_up_document_intake(at(60)).await.unwrap());
    complete(&place, other).await.unwrap();
    begin(&place, at(60)).await;
    assert!(place.store.give_up_document_intake(at(60)).await.unwrap());
    let reader = place.store.document(&in_parts().1).await.unwrap().unwrap();
    assert!(reader.read_to_end().await.unwrap() == in_parts().0);
}

async fn a_document_is_not_completed_once_its_parts_were_given_up(place: Place) {
    let intake = begin(&place, at(60)).await;
    assert!(place.store.give_up_document_intake(at(60)).await.unwrap());
    let refused = complete(&place, intake).await;
    assert!(matches!(refused, Err(StoreError::Interrupted)), "{refused:?}");
    assert!(!is_there(&place).await);
}

#[tokio::test]
async fn a_document_that_was_altered_is_not_given_out() {
    let folder = TempFolder::new("damage");
    let location = format!("sqlite:{}", folder.path().join("store.db").display());
    let store = Store::open(&StoreSettings::at(location.clone())).await.unwrap();
    let document = Document::new(bytes(CHUNK_SIZE + 5));
    let mut change = Change::new();
    change.put_document(document.clone());
    store.commit(change).await.unwrap();
    let damages = [
        (
            "UPDATE document_chunk SET bytes = zeroblob(5) WHERE number = 1",
            "its digest is not the one that it is kept by",
        ),
        (
            "UPDATE document_chunk SET bytes = zeroblob(6) WHERE number = 1",
            "its chunks are not of its size",
        ),
        ("DELETE FROM document_chunk WHERE number = 1", "a chunk is missing"),
    ];
    for (damage, told) in damages {
        let mut connection = SqliteConnection::connect(&location).await.unwrap();
        sqlx::query(damage).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        let reader = store.document(document.sha256()).await.unwrap().unwrap();
        let refusal = reader.read_to_end().await.unwrap_err();
        assert!(refusal.to_string().ends_with(told), "{refusal}");
    }
    store.close().await;
}
