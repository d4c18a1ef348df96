//! Work that takes longer than what is worked on is held for: the hold is renewed, and nobody else begins the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use yinxin::ca::timestamp::TimeStampAuthority;
use yinxin::crypto::key::Suite;
use yinxin::problem::Explain;
use yinxin::service::actor::Actor;
use yinxin::service::idempotency::Begun;
use yinxin::service::time_stamp_sources::TimeStampConfig;
use yinxin::store::{REQUEST_HOLD, SEALING_HOLD};

use super::batch::{bring, order, progress, states};
use super::corpus;
use super::stamping::{Outside, sound};
use crate::support::app::TestApp;

/// What the tests of this module wait between two looks at what others do.
const LOOK: Duration = Duration::from_millis(10);

/// Whether the authority may answer.
static MAY_STAMP: AtomicBool = AtomicBool::new(false);

fn waiting(authority: &TimeStampAuthority, request: &[u8], number: usize) -> (&'static str, Vec<u8>) {
    while !MAY_STAMP.load(Ordering::SeqCst) {
        std::thread::sleep(LOOK);
    }
    sound(authority, request, number)
}

/// Lets nearly all of a hold pass, and waits until what is held in this column of a table is held as long again.
fn pass(app: &TestApp, hold: TimeDelta, (table, column): (&str, &str)) {
    app.clock.set(app.service.now() + hold - TimeDelta::seconds(1));
    let end = (app.service.now() + hold).timestamp_micros();
    while app.count_rows(&format!("{table} WHERE {column} = {end}")) == 0 {
        std::thread::sleep(LOOK);
    }
}

#[test]
fn a_file_of_a_batch_is_worked_on_by_one_however_long_its_time_stamp_takes() {
    let app = TestApp::new(Suite::International);
    let document = corpus::pages(1);
    let brought = bring(&app, &app.token, &order("b-t"), &[("a.pdf", &document)], None).json();
    let outside = Outside::new();
    outside.behaves(waiting);
    let at_work = app.another_program_stamped_by(&TimeStampConfig {
        addresses: vec![outside.address.clone()],
        no_fallback: true,
    });
    let work = Arc::clone(&at_work);
    let working = app.spawn(async move { work.seal_waiting().await });
    while outside.asked.load(Ordering::SeqCst) == 0 {
        std::thread::sleep(LOOK);
    }
    let another = app.another_program();
    for _ in 0..3 {
        pass(&app, SEALING_HOLD, ("sealing_batch_file", "claimed_until"));
        for program in [&another, &at_work] {
            app.wait(program.seal_waiting()).unwrap();
        }
    }
    assert_eq!(states(&progress(&app, &brought)), ["waiting"]);
    MAY_STAMP.store(true, Ordering::SeqCst);
    app.wait(working).unwrap().unwrap();
    assert_eq!(states(&progress(&app, &brought)), ["sealed"]);
    assert_eq!(app.count_rows("sealing_batch_file WHERE attempts = 1"), 1);
}

#[test]
fn a_key_is_held_as_long_as_its_request_is_worked_on() {
    let app = TestApp::new(Suite::International);
    let begin = || app.service.begin_request(&Actor::Operator, "POST /x", "key", b"body");
    let Begun::Fresh(attempt) = app.wait(begin()).unwrap() else {
        panic!("the key is in use");
    };
    let (service, held) = (Arc::clone(&app.service), attempt.clone());
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let (done, is_done) = tokio::sync::oneshot::channel();
    let working = app.spawn(async move {
        let work = async {
            begun.send("work").unwrap();
            is_done.await.unwrap();
            Ok(())
        };
        service.hold_request(Some(&held), work).await
    });
    app.wait(has_begun).unwrap();
    for _ in 0..3 {
        pass(&app, REQUEST_HOLD, ("idempotency_key", "held_until"));
        let running = app.wait(begin()).err().unwrap();
        assert_eq!(running.problems()[0].code, "idempotency-key-running");
    }
    done.send("end").unwrap();
    app.wait(working).unwrap().unwrap();

    // Whose hold ended all the same is told so, and leaves the work to the other.
    app.clock.set(app.service.now() + REQUEST_HOLD);
    assert!(matches!(app.wait(begin()).unwrap(), Begun::Fresh(_)));
    app.clock.set(app.service.now() + REQUEST_HOLD / 2);
    let endless = std::future::pending::<Result<(), _>>();
    let working = app.service.hold_request(Some(&attempt), async {
        app.clock.set(app.service.now() + REQUEST_HOLD / 2);
        endless.await
    });
    let lost = app.wait(working).unwrap_err();
    assert_eq!(lost.problems()[0].code, "idempotency-key-taken-over");
}
