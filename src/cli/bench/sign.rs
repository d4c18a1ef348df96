//! Signing a one-page PDF: PAdES B-B or B-LT, one document after the other on one thread.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use crate::cli::bench::measure::{Measurement, Stopwatch, parts_of};
use crate::cli::bench::office::{Office, claims, one_page};
use crate::cli::bench::{Extent, leave};
use crate::cli::error::CliError;
use crate::clock::{Clock, SystemClock};
use crate::crypto::key::{Signer, SoftwareKey, Suite};
use crate::service::sealings::Level;

/// Rounds of each part.
const ROUNDS: usize = 1_000;

pub(super) fn run(
    extent: Extent,
    suite: Suite,
    level: Level,
    file: Option<&Path>,
    keep: Option<&Path>,
) -> Result<Measurement, CliError> {
    let now = SystemClock.now();
    let page = match file {
        Some(path) => std::fs::read(path).map_err(CliError::file(path))?,
        None => one_page(),
    };
    if let Some(folder) = keep {
        leave(folder, "page.pdf", &page)?;
    }
    let key = Arc::new(SoftwareKey::generate(suite).map_err(CliError::failed)?);
    let office = Office::new(&key, now).map_err(CliError::failed)?;
    let identity = &office.identity;
    let claims = claims(now);

    let mut bytes = 0;
    let mut watch = Stopwatch::start();
    let mut done = 0;
    while extent.goes_on(done, watch.elapsed()) {
        let started = Instant::now();
        let revision = office.sign(level, &page, &claims).map_err(CliError::failed)?;
        bytes = [page.as_slice(), &revision].concat().len();
        watch.unit(started.elapsed());
        done += 1;
    }
    let mut measurement = watch.finish("sign", Default::default());
    measurement.parts_ms = parts_of(
        ROUNDS,
        [
            ("signature", &mut || drop(std::hint::black_box(key.sign(&page)))),
            ("digest", &mut || {
                _ = std::hint::black_box(identity.digest().digest(&page))
            }),
        ],
    );
    measurement.bytes_each = Some(bytes);
    Ok(measurement)
}
