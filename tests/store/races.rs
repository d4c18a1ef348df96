//! Several at once: whatever the order, each thing is had by one.

use std::collections::HashSet;

use yinxin::credential::StatusIndex;
use yinxin::store::{Beginning, Conflict, Counter, IdempotencyRequest, Store, StoreError};
use yinxin::store::{Change, StatusUpdate};

use super::place::Place;
use super::samples::{document, event, key, licence, register_issuer, time};

stories![
    of_two_who_issue_an_identifier_one_wins,
    of_two_who_use_a_number_one_wins,
    of_two_who_send_a_request_one_does_it,
    blocks_never_overlap,
    a_refused_neighbour_harms_nobody,
    changes_that_wait_for_each_other_both_come_through,
];

const ROUNDS: u32 = 40;

/// Runs two at the same time, on two stores of the same database, as two nodes do.
async fn both<T: Send + 'static, F>(place: &Place, other: &Store, run: impl Fn(Store) -> F) -> [T; 2]
where
    F: Future<Output = T> + Send + 'static,
{
    let first = tokio::spawn(run(place.store.clone()));
    let second = tokio::spawn(run(other.clone()));
    [first.await.unwrap(), second.await.unwrap()]
}

fn issue(serial: &str, number: &str) -> Change {
    let mut change = Change::new();
    change
        .put_document(document(serial))
        .issue_licence(licence(serial, number))
        .record(event(serial));
    change
}

/// The refusal of the one that lost.
fn loser(outcomes: [Result<(), StoreError>; 2]) -> Conflict {
    match outcomes {
        [Ok(()), Err(StoreError::Conflict(conflict))] | [Err(StoreError::Conflict(conflict)), Ok(())] => conflict,
        other => panic!("{other:?}"),
    }
}

async fn of_two_who_issue_an_identifier_one_wins(place: Place) {
    register_issuer(&place).await;
    let other = place.another_store().await;
    for round in 0..ROUNDS {
        let serial = round.to_string();
        let outcomes = both(&place, &other, |store| {
            let change = issue(&serial, &serial);
            async move { store.commit(change).await }
        });
        assert_eq!(
            loser(outcomes.await),
            Conflict::IdentifierIssued(key(&serial, 1).to_string())
        );
        assert_eq!(place.store.events_of(&serial).await.unwrap().len(), 1);
    }
    other.close().await;
}

async fn of_two_who_use_a_number_one_wins(place: Place) {
    register_issuer(&place).await;
    let other = place.another_store().await;
    for round in 0..ROUNDS {
        let serials = std::sync::Mutex::new(vec![format!("{round}A"), format!("{round}B")]);
        let outcomes = both(&place, &other, |store| {
            let change = issue(&serials.lock().unwrap().pop().unwrap(), &round.to_string());
            async move { store.commit(change).await }
        });
        assert!(matches!(loser(outcomes.await), Conflict::NumberUsed { .. }));
    }
    other.close().await;
}

async fn of_two_who_send_a_request_one_does_it(place: Place) {
    let other = place.another_store().await;
    for round in 0..ROUNDS {
        let request = IdempotencyRequest {
            scope: "scope".to_owned(),
            key: round.to_string(),
            body_sha256: [1; 32],
            now: time(0),
        };
        let outcomes = both(&place, &other, |store| {
            let request = request.clone();
            async move { store.begin_request(request).await.unwrap() }
        });
        let [first, second] = outcomes.await;
        let running = [&first, &second]
            .into_iter()
            .filter(|beginning| **beginning == Beginning::Running)
            .count();
        let fresh = [&first, &second]
            .into_iter()
            .filter(|beginning| matches!(beginning, Beginning::Fresh(_)))
            .count();
        assert_eq!((fresh, running), (1, 1));
    }
    other.close().await;
}

async fn blocks_never_overlap(place: Place) {
    const CALLERS: u64 = 64;
    const COUNT: u32 = 7;
    let other = place.another_store().await;
    let lease = |caller: u64| {
        let store = if caller.is_multiple_of(2) { &place.store } else { &other }.clone();
        tokio::spawn(async move { store.lease(&Counter::StatusIndex, COUNT).await.unwrap() })
    };
    let callers: Vec<_> = (0..CALLERS).map(lease).collect();
    let mut seen = HashSet::new();
    for caller in callers {
        let block = caller.await.unwrap();
        assert_eq!(block.end - block.start, u64::from(COUNT));
        assert!(
            block.into_iter().all(|number| seen.insert(number)),
            "a number was leased twice"
        );
    }
    assert_eq!(seen.len() as u64, CALLERS * u64::from(COUNT));
    other.close().await;
}

async fn a_refused_neighbour_harms_nobody(place: Place) {
    register_issuer(&place).await;
    place.store.commit(issue("taken", "taken")).await.unwrap();
    let commit = |caller: u32| {
        let store = place.store.clone();
        let (serial, number) = (caller.to_string(), caller.to_string());
        let number = if caller.is_multiple_of(3) {
            "taken".to_owned()
        } else {
            number
        };
        tokio::spawn(async move { (caller, store.commit(issue(&serial, &number)).await) })
    };
    let callers: Vec<_> = (0..96).map(commit).collect();
    for caller in callers {
        let (caller, outcome) = caller.await.unwrap();
        assert_eq!(outcome.is_err(), caller.is_multiple_of(3), "{outcome:?}");
        let serial = caller.to_string();
        assert_eq!(
            place.store.licence(&key(&serial, 1)).await.unwrap().is_some(),
            outcome.is_ok()
        );
        assert_eq!(
            place
                .store
                .document(document(&serial).sha256())
                .await
                .unwrap()
                .is_some(),
            outcome.is_ok()
        );
        assert_eq!(
            place.store.events_of(&serial).await.unwrap().len(),
            usize::from(outcome.is_ok())
        );
    }
}

async fn changes_that_wait_for_each_other_both_come_through(place: Place) {
    let other = place.another_store().await;
    let set = |places: [u32; 2]| {
        let mut change = Change::new();
        for index in places {
            change.set_status(StatusUpdate {
                at: StatusIndex { list: 0, index },
                status: 1,
            });
        }
        change
    };
    for _ in 0..ROUNDS {
        let orders = std::sync::Mutex::new(vec![[1, 2], [2, 1]]);
        let outcomes = both(&place, &other, |store| {
            let change = set(orders.lock().unwrap().pop().unwrap());
            async move { store.commit(change).await }
        });
        let outcomes = outcomes.await;
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    }
    other.close().await;
}
