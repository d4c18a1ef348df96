//! Verifying one of our licences again and again, with the links of its chains known.

use std::path::Path;
use std::time::Instant;

use der::pem::{LineEnding, encode_string};

use crate::cli::bench::measure::{Measurement, Stopwatch};
use crate::cli::bench::sample::Sample;
use crate::cli::bench::{Extent, leave};
use crate::cli::output::CliError;
use crate::crypto::key::Suite;
use crate::service::actor::Actor;
use crate::trust::Snapshot;
use crate::verify::{Conclusion, Context, document};

pub(super) async fn run(extent: Extent, suite: Suite, keep: Option<&Path>) -> Result<Measurement, CliError> {
    let sample = Sample::new(suite).await?;
    let service = &sample.service;
    let issued = sample.issue().await?;
    let bytes = service.licence_document(&Actor::Operator, &issued.identifier).await?;
    let (snapshot, now) = (service.trust(), service.now());
    if let Some(folder) = keep {
        leave(folder, "licence.pdf", &bytes)?;
        leave(folder, "roots.pem", roots(&snapshot)?.as_bytes())?;
    }
    let context = Context::new(&snapshot, now);
    let mut done = 0;
    let mut watch = Stopwatch::start();
    while extent.goes_on(done, watch.elapsed()) {
        let started = Instant::now();
        let verified = document(&bytes, None, &context);
        watch.unit(started.elapsed());
        done += 1;
        if verified.report.conclusion != Conclusion::Valid {
            return Err(CliError::value(
                "benchmark",
                "verify",
                format!("{:?}", verified.report.reasons),
            ));
        }
    }
    let mut measurement = watch.finish("verify", Default::default());
    measurement.bytes_each = Some(bytes.len());
    service.close().await;
    Ok(measurement)
}

/// The roots that are trusted, in PEM (RFC 7468).
fn roots(snapshot: &Snapshot) -> Result<String, CliError> {
    let pem = |der: &[u8]| encode_string("CERTIFICATE", LineEnding::LF, der);
    let roots = snapshot.anchors().iter().map(|anchor| pem(anchor.certificate.der()));
    let roots: Result<Vec<_>, _> = roots.collect();
    Ok(roots
        .map_err(|error| CliError::value("benchmark", "verify", error))?
        .concat())
}
