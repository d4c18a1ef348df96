//! Verifying the text of a printed code against the key set and the status list at hand.

use std::time::Instant;

use crate::cli::bench::Extent;
use crate::cli::bench::measure::{Measurement, Stopwatch, parts_of};
use crate::cli::bench::sample::Sample;
use crate::cli::error::CliError;
use crate::credential::{Answer, Verdict};
use crate::crypto::key::Suite;
use crate::draw::qr;

/// Rounds of each part.
const ROUNDS: usize = 200;

pub(super) async fn run(extent: Extent, suite: Suite) -> Result<Measurement, CliError> {
    let sample = Sample::new(suite).await?;
    let service = &sample.service;
    let issued = sample.issue().await?;
    let (keys, list, now) = (service.key_set().await?, service.status_list(0).await?, service.now());
    let mut done = 0;
    let mut watch = Stopwatch::start();
    while extent.goes_on(done, watch.elapsed()) {
        let started = Instant::now();
        let answer = Answer::of(&issued.code, &keys, |_| Some(&list), now);
        watch.unit(started.elapsed());
        done += 1;
        if answer.verdict != Verdict::Current {
            return Err(CliError::failed(answer.verdict.name()));
        }
    }
    let mut measurement = watch.finish("qr", Default::default());
    measurement.parts_ms = parts_of(
        ROUNDS,
        [("draw", &mut || drop(std::hint::black_box(qr::encode(&issued.code))))],
    );
    service.close().await;
    Ok(measurement)
}
