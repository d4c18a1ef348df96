//! What is acknowledged is there: for another process, and after opening again.

use yinxin::store::{Change, Store, StoreError, StoreSettings};

use super::place::Place;
use super::samples::{document, event, key, licence, register_issuer};

stories![
    what_is_acknowledged_is_seen_by_another_process,
    everything_is_there_after_opening_again,
    a_change_is_whole_or_absent,
    a_closed_store_refuses,
];

async fn what_is_acknowledged_is_seen_by_another_process(place: Place) {
    register_issuer(&place).await;
    let other = place.another_store().await;
    for number in 0..20 {
        let serial = number.to_string();
        place
            .commit(|change| _ = change.issue_licence(licence(&serial, &serial)))
            .await
            .unwrap();
        assert!(other.licence(&key(&serial, 1)).await.unwrap().is_some());
    }
    other.close().await;
}

async fn everything_is_there_after_opening_again(place: Place) {
    register_issuer(&place).await;
    place
        .commit(|change| {
            _ = change
                .put_document(document("1"))
                .issue_licence(licence("1", "N1"))
                .record(event("1"))
        })
        .await
        .unwrap();
    place.store.close().await;
    let again = place.another_store().await;
    again.check().await.unwrap();
    assert!(again.licence(&key("1", 1)).await.unwrap().is_some());
    let reader = again.document(document("1").sha256()).await.unwrap().unwrap();
    assert_eq!(reader.read_to_end().await.unwrap(), document("1").bytes());
    assert!(
        again
            .events_of("1")
            .await
            .unwrap()
            .iter()
            .all(|event| event.is_intact())
    );
    again.close().await;
}

async fn a_change_is_whole_or_absent(place: Place) {
    register_issuer(&place).await;
    let two_with_one_number = |change: &mut Change| {
        change.put_document(document("1")).issue_licence(licence("1", "N1"));
        change.put_document(document("2")).issue_licence(licence("2", "N1"));
    };
    place.commit(two_with_one_number).await.unwrap_err();
    assert!(place.store.licence(&key("1", 1)).await.unwrap().is_none());
    assert!(place.store.document(document("1").sha256()).await.unwrap().is_none());
}

async fn a_closed_store_refuses(place: Place) {
    place.store.close().await;
    let refusal = place.commit(|change| _ = change.record(event("1"))).await.unwrap_err();
    assert!(
        matches!(refusal, StoreError::Interrupted | StoreError::Unavailable(_)),
        "{refusal:?}"
    );
    assert!(place.store.check().await.is_err());
}

#[tokio::test]
async fn a_location_of_no_known_database_is_refused() {
    let refusal = Store::open(&StoreSettings::at("mysql://host/database"))
        .await
        .unwrap_err();
    assert!(matches!(refusal, StoreError::Location(_)), "{refusal:?}");
}
