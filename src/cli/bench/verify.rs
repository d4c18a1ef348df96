//! Verifying a document again and again, with the links of its chains known: one of our licences, or a page that was
//! signed at level B-B or B-LT, with as many signatures and of as many mebibytes as is asked.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::ValueEnum;
use der::pem::{LineEnding, encode_string};

use crate::cli::bench::measure::{Measurement, Stopwatch, parts_of};
use crate::cli::bench::office::{Office, claims, one_page, write_large_page};
use crate::cli::bench::sample::Sample;
use crate::cli::bench::{Extent, leave};
use crate::cli::error::CliError;
use crate::clock::{Clock, SystemClock};
use crate::crypto::DigestAlgorithm;
use crate::crypto::key::{SoftwareKey, Suite};
use crate::pdf::{FileSource, ReadAt, in_pieces};
use crate::service::actor::Actor;
use crate::service::sealings::Level;
use crate::trust::Snapshot;
use crate::verify::{Conclusion, Context, document};

/// What is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    /// One of our licences.
    Licence,
    /// A page that was brought and signed.
    Page,
}

/// A document to verify.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject {
    pub(super) kind: Kind,
    /// Level of the signatures on the page.
    pub(super) level: Level,
    /// How often the page is signed.
    pub(super) signatures: usize,
    /// Size of a picture on the page; with one the document lies in a file.
    pub(super) mebibytes: u64,
}

pub(super) async fn run(
    extent: Extent,
    suite: Suite,
    subject: Subject,
    keep: Option<&Path>,
) -> Result<Measurement, CliError> {
    match subject.kind {
        Kind::Licence => licence(extent, suite, keep).await,
        Kind::Page => page(extent, suite, subject, keep),
    }
}

async fn licence(extent: Extent, suite: Suite, keep: Option<&Path>) -> Result<Measurement, CliError> {
    let sample = Sample::new(suite).await?;
    let service = &sample.service;
    let issued = sample.issue().await?;
    let bytes = service.licence_document(&Actor::Operator, &issued.identifier).await?;
    let (snapshot, now) = (service.trust(), service.now());
    if let Some(folder) = keep {
        leave(folder, "licence.pdf", &bytes)?;
        leave(folder, "roots.pem", roots(&snapshot)?.as_bytes())?;
    }
    let measurement = verified(extent, &bytes, &Context::new(&snapshot, now))?;
    service.close().await;
    Ok(measurement)
}

fn page(extent: Extent, suite: Suite, subject: Subject, keep: Option<&Path>) -> Result<Measurement, CliError> {
    let now = SystemClock.now();
    let key = Arc::new(SoftwareKey::generate(suite).map_err(CliError::failed)?);
    let office = Office::new(&key, now).map_err(CliError::failed)?;
    let signed = Signed::new(&office, subject, keep)?;
    let snapshot = office.snapshot();
    if let Some(folder) = keep {
        leave(folder, "roots.pem", roots(&snapshot)?.as_bytes())?;
    }
    let context = Context::new(&snapshot, SystemClock.now());
    let source = FileSource::new(File::open(&signed.path).map_err(CliError::file(&signed.path))?);
    let source = source.map_err(CliError::file(&signed.path))?;
    if subject.mebibytes == 0 {
        let bytes = source.window(0, usize::try_from(source.len()).unwrap_or(usize::MAX));
        let bytes = bytes.map_err(CliError::file(&signed.path))?.into_owned();
        return verified(extent, &bytes, &context);
    }
    let mut measurement = verified(extent, &source, &context)?;
    // The report states the first of any file; the signatures of the national suite, and all seals, rest on the second.
    let (part, algorithms) = match suite {
        Suite::International => ("sha-256", &[DigestAlgorithm::Sha256][..]),
        Suite::National => ("sha-256 and sm3", &[DigestAlgorithm::Sha256, DigestAlgorithm::Sm3][..]),
    };
    let digested = |algorithm: &DigestAlgorithm| drop(std::hint::black_box(digest(&source, *algorithm)));
    measurement.parts_ms = parts_of(3, [(part, &mut || algorithms.iter().for_each(digested))]);
    Ok(measurement)
}

/// Verifies a document again and again.
fn verified(extent: Extent, source: &dyn ReadAt, context: &Context<'_>) -> Result<Measurement, CliError> {
    let mut done = 0;
    let mut watch = Stopwatch::start();
    while extent.goes_on(done, watch.elapsed()) {
        let started = Instant::now();
        let verified = document(source, None, context);
        watch.unit(started.elapsed());
        done += 1;
        if verified.report.conclusion != Conclusion::Valid {
            return Err(CliError::failed(format!("{:?}", verified.report.reasons)));
        }
    }
    let mut measurement = watch.finish("verify", Default::default());
    measurement.bytes_each = usize::try_from(source.len()).ok();
    Ok(measurement)
}

/// A page in a file, signed; removed with this, unless it is kept.
struct Signed {
    path: PathBuf,
    is_kept: bool,
}

impl Signed {
    /// A page with a picture, or of one line; each signature is appended to the file, which is never held.
    fn new(office: &Office, subject: Subject, keep: Option<&Path>) -> Result<Self, CliError> {
        let path = match keep {
            Some(folder) => {
                std::fs::create_dir_all(folder).map_err(CliError::file(folder))?;
                folder.join("signed.pdf")
            }
            None => std::env::temp_dir().join(format!("yinxin-bench-{}.pdf", std::process::id())),
        };
        let signed = Self {
            path,
            is_kept: keep.is_some(),
        };
        let path = &signed.path;
        let mut out = BufWriter::new(File::create(path).map_err(CliError::file(path))?);
        match subject.mebibytes {
            0 => out.write_all(&one_page()),
            mebibytes => write_large_page(&mut out, mebibytes),
        }
        .and_then(|()| out.flush())
        .map_err(CliError::file(path))?;
        for _ in 0..subject.signatures {
            let source = File::open(path)
                .and_then(FileSource::new)
                .map_err(CliError::file(path))?;
            let revision = office
                .sign(subject.level, &source, &claims(SystemClock.now()))
                .map_err(CliError::failed)?;
            let file = OpenOptions::new().append(true).open(path);
            file.and_then(|mut file| file.write_all(&revision))
                .map_err(CliError::file(path))?;
        }
        Ok(signed)
    }
}

impl Drop for Signed {
    fn drop(&mut self) {
        if !self.is_kept {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// The document hashed once, to compare with.
fn digest(source: &dyn ReadAt, algorithm: DigestAlgorithm) -> std::io::Result<crate::crypto::Digest> {
    let mut hasher = algorithm.hasher();
    in_pieces(source, 0..source.len(), |piece| hasher.update(piece))?;
    Ok(hasher.finish())
}

/// The roots that are trusted, in PEM (RFC 7468).
fn roots(snapshot: &Snapshot) -> Result<String, CliError> {
    let pem = |der: &[u8]| encode_string("CERTIFICATE", LineEnding::LF, der);
    let roots = snapshot.anchors().iter().map(|anchor| pem(anchor.certificate.der()));
    let roots: Result<Vec<_>, _> = roots.collect();
    Ok(roots.map_err(CliError::failed)?.concat())
}
