//! Numbers in blocks, and the status lists that they point into.

use yinxin::credential::StatusIndex;
use yinxin::credential::status::STATUS_LIST_ENTRIES;
use yinxin::store::{Counter, StatusUpdate};

use super::place::Place;
use super::samples::{ISSUER, TYPE_CODE};

stories![
    blocks_follow_one_another,
    counters_do_not_touch_each_other,
    a_status_is_set_and_set_again,
    lists_are_counted_as_they_are_begun,
];

fn serials(year: i32) -> Counter {
    Counter::LicenceSerial {
        type_code: TYPE_CODE.to_owned(),
        issuer: ISSUER.to_owned(),
        year,
    }
}

async fn blocks_follow_one_another(place: Place) {
    assert_eq!(place.store.lease(&serials(2026), 100).await.unwrap(), 1..101);
    assert_eq!(place.store.lease(&serials(2026), 1).await.unwrap(), 101..102);
    assert_eq!(place.store.lease(&serials(2026), 10).await.unwrap(), 102..112);
}

async fn counters_do_not_touch_each_other(place: Place) {
    let counters = [
        (serials(2026), 1),
        (serials(2027), 1),
        (Counter::StatusIndex, 0),
        (Counter::CrlNumber { ca: "a".into() }, 1),
        (Counter::CrlNumber { ca: "b".into() }, 1),
        (Counter::SealStatusList, 1),
    ];
    for (counter, first) in counters {
        assert_eq!(
            place.store.lease(&counter, 5).await.unwrap(),
            first..first + 5,
            "{counter:?}"
        );
    }
}

async fn a_status_is_set_and_set_again(place: Place) {
    let at = |index| StatusIndex { list: 2, index };
    let set = |index, status| StatusUpdate { at: at(index), status };
    let updates = [set(9, 1), set(5, 2), set(7, 2)];
    place
        .commit(|change| updates.into_iter().for_each(|update| _ = change.set_status(update)))
        .await
        .unwrap();
    place.commit(|change| _ = change.set_status(set(5, 0))).await.unwrap();
    place.commit(|change| _ = change.set_status(set(7, 1))).await.unwrap();
    assert_eq!(place.store.status_list(2).await.unwrap(), [(5, 0), (7, 1), (9, 1)]);
    assert_eq!(place.store.status_list(1).await.unwrap(), []);
    assert_eq!(place.store.status(at(7)).await.unwrap(), 1);
    assert_eq!(place.store.status(at(8)).await.unwrap(), 0);
}

async fn lists_are_counted_as_they_are_begun(place: Place) {
    assert_eq!(place.store.status_list_count().await.unwrap(), 0);
    place
        .store
        .lease(&Counter::StatusIndex, STATUS_LIST_ENTRIES)
        .await
        .unwrap();
    assert_eq!(place.store.status_list_count().await.unwrap(), 1);
    let next = place.store.lease(&Counter::StatusIndex, 1).await.unwrap().start;
    assert_eq!(StatusIndex::from_ordinal(next), Some(StatusIndex { list: 1, index: 0 }));
    assert_eq!(place.store.status_list_count().await.unwrap(), 2);
}
