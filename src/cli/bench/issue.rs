//! Issuing licences whole: validated, with face, code, seal, signature and time stamp, durable in SQLite.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use tokio::task::JoinSet;

use crate::cli::bench::Extent;
use crate::cli::bench::measure::{Measurement, Stopwatch};
use crate::cli::bench::sample::Sample;
use crate::cli::error::CliError;
use crate::crypto::key::Suite;
use crate::service::actor::Actor;
use crate::service::issue_licence::Together;
use crate::service::part_times::Part;

/// Callers at once, as a busy interface has them.
const CALLERS: usize = 64;

pub(super) async fn run(extent: Extent, suite: Suite) -> Result<Measurement, CliError> {
    let sample = Sample::new(suite).await?;
    let (service, authority) = (&sample.service, sample.authority);
    // What is put together once is not counted.
    let first = sample.issue().await?;
    let mut before = BTreeMap::new();
    for part in Part::ALL {
        before.insert(part.name(), service.part_times().milliseconds(part));
    }

    let mut watch = Stopwatch::start();
    let (mut tasks, mut begun) = (JoinSet::new(), 0);
    loop {
        while tasks.len() < CALLERS && extent.goes_on(begun, watch.elapsed()) {
            begun += 1;
            let application = sample.application(begun as u64)?;
            let service = Arc::clone(service);
            tasks.spawn(async move {
                let started = Instant::now();
                let issued = service
                    .issue_licence(&Actor::Operator, &authority, &application, Together::Alone)
                    .await;
                issued.map(|_| started.elapsed())
            });
        }
        match tasks.join_next().await {
            None => break,
            Some(Ok(latency)) => watch.unit(latency?),
            Some(Err(error)) => return Err(CliError::failed(error)),
        }
    }
    let parts = Part::ALL.into_iter().map(|part| {
        let spent = service.part_times().milliseconds(part) - before.get(part.name()).copied().unwrap_or_default();
        (part.name(), spent / begun.max(1) as f64)
    });
    let mut measurement = watch.finish("issue", parts.collect());
    measurement.bytes_each = Some(first.document_bytes);
    service.close().await;
    Ok(measurement)
}
