//! Idempotency keys.

use chrono::{DateTime, Utc};
use yinxin::store::{Attempt, Beginning, Conflict, IdempotencyRequest, IdempotentAnswer, IdempotentCompletion};

use super::place::Place;
use super::samples::{event, time};

stories![
    a_request_sent_again_gets_the_first_answer,
    a_key_is_bound_to_its_body_and_scope,
    a_request_that_runs_is_not_run_again,
    a_request_whose_hold_is_renewed_is_not_run_again,
    a_request_that_died_is_taken_over_and_cannot_finish,
    a_key_given_back_is_free,
    an_answer_is_kept_a_day,
];

fn request(key: &str, body: u8, now: DateTime<Utc>) -> IdempotencyRequest {
    IdempotencyRequest {
        scope: "token 1 POST /licences".to_owned(),
        key: key.to_owned(),
        body_sha256: [body; 32],
        now,
    }
}

async fn begin(place: &Place, request: IdempotencyRequest) -> Beginning {
    place.store.begin_request(request).await.unwrap()
}

async fn begin_fresh(place: &Place, request: IdempotencyRequest) -> Attempt {
    match begin(place, request).await {
        Beginning::Fresh(attempt) => attempt,
        other => panic!("{other:?}"),
    }
}

fn answer(text: &str) -> IdempotentAnswer {
    IdempotentAnswer {
        status: 201,
        body: text.as_bytes().to_vec(),
    }
}

fn completion(attempt: Attempt) -> IdempotentCompletion {
    IdempotentCompletion {
        attempt,
        answer: answer("done"),
    }
}

async fn a_request_sent_again_gets_the_first_answer(place: Place) {
    let attempt = begin_fresh(&place, request("k", 1, time(0))).await;
    place
        .commit(|change| _ = change.complete_request(completion(attempt)))
        .await
        .unwrap();
    assert_eq!(
        begin(&place, request("k", 1, time(1))).await,
        Beginning::Replay(answer("done"))
    );
    // However long it took since: a hold that ended does not open a key that is done.
    assert_eq!(
        begin(&place, request("k", 1, time(3600))).await,
        Beginning::Replay(answer("done"))
    );
}

async fn a_key_is_bound_to_its_body_and_scope(place: Place) {
    begin_fresh(&place, request("k", 1, time(0))).await;
    assert_eq!(begin(&place, request("k", 2, time(1))).await, Beginning::OtherBody);
    let elsewhere = IdempotencyRequest {
        scope: "token 2 POST /licences".to_owned(),
        ..request("k", 2, time(1))
    };
    begin_fresh(&place, elsewhere).await;
}

async fn a_request_that_runs_is_not_run_again(place: Place) {
    begin_fresh(&place, request("k", 1, time(0))).await;
    assert_eq!(begin(&place, request("k", 1, time(59))).await, Beginning::Running);
}

async fn a_request_whose_hold_is_renewed_is_not_run_again(place: Place) {
    let attempt = begin_fresh(&place, request("k", 1, time(0))).await;
    place.store.renew_request(attempt.clone(), time(50)).await.unwrap();
    assert_eq!(begin(&place, request("k", 1, time(109))).await, Beginning::Running);
    begin_fresh(&place, request("k", 1, time(110))).await;
    let refusal = place.store.renew_request(attempt, time(111)).await.unwrap_err();
    assert_eq!(refusal.conflict(), Some(&Conflict::KeyTakenOver("k".to_owned())));
}

async fn a_request_that_died_is_taken_over_and_cannot_finish(place: Place) {
    let dead = begin_fresh(&place, request("k", 1, time(0))).await;
    assert_eq!(
        begin(&place, request("k", 2, time(60))).await,
        Beginning::OtherBody,
        "the key stays bound to its body"
    );
    let alive = begin_fresh(&place, request("k", 1, time(60))).await;
    let finish = async |attempt, subject: &str| {
        place
            .commit(|change| _ = change.record(event(subject)).complete_request(completion(attempt)))
            .await
    };
    let refusal = finish(dead, "work of the dead").await.unwrap_err();
    assert_eq!(refusal.conflict(), Some(&Conflict::KeyTakenOver("k".to_owned())));
    assert_eq!(
        place.store.events_of("work of the dead").await.unwrap(),
        [],
        "its work is not done either"
    );
    finish(alive.clone(), "work of the living").await.unwrap();
    finish(alive, "work done twice").await.unwrap_err();
    assert_eq!(place.store.events(0, 10).await.unwrap().len(), 1);
}

async fn a_key_given_back_is_free(place: Place) {
    let attempt = begin_fresh(&place, request("k", 1, time(0))).await;
    place.store.release_request(attempt.clone()).await.unwrap();
    let second = begin_fresh(&place, request("k", 2, time(1))).await;
    assert_ne!(attempt, second);
}

async fn an_answer_is_kept_a_day(place: Place) {
    const DAY: i64 = 24 * 3600;
    let attempt = begin_fresh(&place, request("k", 1, time(0))).await;
    place
        .commit(|change| _ = change.complete_request(completion(attempt)))
        .await
        .unwrap();
    assert!(matches!(
        begin(&place, request("k", 1, time(DAY - 1))).await,
        Beginning::Replay(_)
    ));
    begin_fresh(&place, request("k", 2, time(DAY))).await;
}
