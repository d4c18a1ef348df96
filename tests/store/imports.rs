//! Imports that stop and go on.

use yinxin::id::ImportId;
use yinxin::store::{Conflict, ImportRow, NewImport, RowOutcome, StoreError};

use super::place::Place;
use super::samples::{ISSUER, event, time};

stories![
    an_import_goes_on_where_it_stopped,
    a_row_is_issued_once_and_a_refused_one_may_be_tried_again,
    a_key_stands_for_one_file,
    a_row_belongs_to_an_import,
];

fn import(key: &str, file: u8) -> NewImport {
    NewImport {
        id: ImportId::new(time(0)),
        authority: ISSUER.to_owned(),
        key: key.to_owned(),
        file_sha256: [file; 32],
        created_at: time(0),
    }
}

fn issued(import: ImportId, row: u32) -> ImportRow {
    ImportRow {
        import,
        row,
        outcome: RowOutcome::Issued(format!("identifier {row}")),
    }
}

fn refused(import: ImportId, row: u32) -> ImportRow {
    ImportRow {
        import,
        row,
        outcome: RowOutcome::Refused(r#"[{"code":"field-required"}]"#.to_owned()),
    }
}

async fn put(place: &Place, row: ImportRow) -> Result<(), StoreError> {
    place
        .commit(|change| _ = change.record(event(&format!("row {}", row.row))).put_import_row(row))
        .await
}

async fn an_import_goes_on_where_it_stopped(place: Place) {
    let first = place.store.begin_import(import("k", 1)).await.unwrap();
    assert_eq!((first.issued, first.refused), (0, 0));
    for row in [issued(first.id, 1), refused(first.id, 2), issued(first.id, 4)] {
        put(&place, row).await.unwrap();
    }
    let again = place.store.begin_import(import("k", 1)).await.unwrap();
    assert_eq!((again.id, again.issued, again.refused), (first.id, 2, 1));
    let rows = place.store.import_rows(first.id, 1, 10).await.unwrap();
    assert_eq!(rows, [refused(first.id, 2), issued(first.id, 4)]);
    assert_eq!(
        place.store.import_rows(first.id, 0, 1).await.unwrap(),
        [issued(first.id, 1)]
    );
}

async fn a_row_is_issued_once_and_a_refused_one_may_be_tried_again(place: Place) {
    let import = place.store.begin_import(import("k", 1)).await.unwrap().id;
    put(&place, refused(import, 1)).await.unwrap();
    put(&place, issued(import, 1)).await.unwrap();
    for row in [issued(import, 1), refused(import, 1)] {
        let refusal = put(&place, row).await.unwrap_err();
        assert!(matches!(refusal.conflict(), Some(Conflict::Exists { .. })), "{refusal}");
    }
    assert_eq!(
        place.store.import_rows(import, 0, 10).await.unwrap(),
        [issued(import, 1)]
    );
    assert_eq!(
        place.store.events_of("row 1").await.unwrap().len(),
        2,
        "what was refused left no event"
    );
}

async fn a_key_stands_for_one_file(place: Place) {
    place.store.begin_import(import("k", 1)).await.unwrap();
    let refusal = place.store.begin_import(import("k", 2)).await.unwrap_err();
    assert!(
        matches!(refusal.conflict(), Some(Conflict::OtherContent { .. })),
        "{refusal}"
    );
    place.store.begin_import(import("other", 2)).await.unwrap();
}

async fn a_row_belongs_to_an_import(place: Place) {
    let refusal = put(&place, issued(ImportId::new(time(0)), 1)).await.unwrap_err();
    assert!(matches!(refusal, StoreError::Dangling(_)), "{refusal:?}");
}
