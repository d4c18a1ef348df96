//! Events of the ledger.

use yinxin::store::{Conflict, DetailErasure, StoreError};

use super::place::Place;
use super::samples::{document, event, licence, register_issuer};

stories![
    an_event_is_read_back_whole,
    an_event_is_recorded_once,
    events_are_read_in_ranges,
    an_erased_detail_leaves_a_provable_event,
    an_event_is_recorded_only_with_what_it_tells,
];

async fn an_event_is_read_back_whole(place: Place) {
    let entry = event("subject");
    place.commit(|change| _ = change.record(entry.clone())).await.unwrap();
    let [stored] = place.store.events_of("subject").await.unwrap().try_into().unwrap();
    let told = entry.event();
    assert_eq!(
        (stored.id, stored.time, &stored.actor),
        (told.id, told.time, &told.actor)
    );
    assert_eq!((&stored.action, &stored.subject), (&told.action, &told.subject));
    assert_eq!(stored.detail, Some((told.detail.clone(), entry.salts().detail)));
    assert_eq!((stored.salt, stored.leaf), (entry.salts().event, *entry.leaf()));
    assert!(stored.is_intact());
}

async fn an_event_is_recorded_once(place: Place) {
    let entry = event("subject");
    place.commit(|change| _ = change.record(entry.clone())).await.unwrap();
    let refusal = place.commit(|change| _ = change.record(entry)).await.unwrap_err();
    assert!(
        matches!(refusal.conflict(), Some(Conflict::Exists { what: "event", .. })),
        "{refusal}"
    );
}

async fn events_are_read_in_ranges(place: Place) {
    for number in 0..5 {
        place
            .commit(|change| _ = change.record(event(&format!("subject {number}"))))
            .await
            .unwrap();
    }
    let mut after = 0;
    let mut subjects = Vec::new();
    loop {
        let page = place.store.events(after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        assert!(page.len() <= 2 && page[0].row > after);
        after = last.row;
        subjects.extend(page.into_iter().map(|event| event.subject));
    }
    assert_eq!(
        subjects,
        ["subject 0", "subject 1", "subject 2", "subject 3", "subject 4"]
    );
}

async fn an_erased_detail_leaves_a_provable_event(place: Place) {
    let entry = event("subject");
    place.commit(|change| _ = change.record(entry.clone())).await.unwrap();
    let erasure = DetailErasure {
        event: entry.event().id,
    };
    place.commit(|change| _ = change.erase_detail(erasure)).await.unwrap();
    let [mut stored] = place.store.events_of("subject").await.unwrap().try_into().unwrap();
    assert_eq!(stored.detail, None);
    assert!(stored.is_intact());
    stored.actor.push('x');
    assert!(!stored.is_intact());
    let unknown = DetailErasure {
        event: event("").event().id,
    };
    let refusal = place
        .commit(|change| _ = change.erase_detail(unknown))
        .await
        .unwrap_err();
    assert!(matches!(refusal, StoreError::NotFound { what: "event", .. }));
}

async fn an_event_is_recorded_only_with_what_it_tells(place: Place) {
    register_issuer(&place).await;
    let issue = async |subject: &str| {
        let write = |change: &mut yinxin::store::Change| {
            change
                .put_document(document(subject))
                .record(event(subject))
                .issue_licence(licence("1", "N1"));
        };
        place.commit(write).await
    };
    issue("first").await.unwrap();
    issue("second").await.unwrap_err();
    assert_eq!(place.store.events_of("first").await.unwrap().len(), 1);
    assert_eq!(place.store.events_of("second").await.unwrap().len(), 0);
    assert!(
        place
            .store
            .document(document("second").sha256())
            .await
            .unwrap()
            .is_none()
    );
}
