//! Documents in chunks.

use yinxin::store::{CHUNK_SIZE, Document};

use super::place::Place;

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
