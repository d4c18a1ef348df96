//! Documents in chunks.

use sqlx::{Connection, SqliteConnection};
use yinxin::store::{CHUNK_SIZE, Change, Document, Store, StoreSettings};

use super::place::Place;
use crate::support::TempFolder;

stories![
    a_document_is_read_back_by_its_digest,
    a_long_document_is_read_a_chunk_at_a_time,
    an_empty_document_is_told_from_one_that_is_not_there,
    a_document_that_is_there_already_is_left_alone,
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
