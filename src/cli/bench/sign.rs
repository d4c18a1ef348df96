//! Signing a one-page PDF: PAdES B-B or B-LT, one document after the other on one thread.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use pdf_writer::Finish as _;

use crate::ca::crl::{self, CrlOrder};
use crate::ca::timestamp::{StampSerial, TimeStampAuthority};
use crate::ca::{Issuer, Order, Profile, ProfileKind, Subject, SubjectKey, new_serial, prepare};
use crate::cli::bench::measure::{Measurement, Stopwatch, parts_of};
use crate::cli::bench::{Extent, leave};
use crate::cli::output::CliError;
use crate::clock::{Clock, SystemClock};
use crate::cms::build::SigningIdentity;
use crate::cms::timestamp::Accuracy;
use crate::crypto::key::{Signer, SoftwareKey, Suite};
use crate::service::sealings::Level;
use crate::sign::document::{Act, Hand, ValidationData};
use crate::sign::{Claims, SignError, document};
use crate::x509::Certificate;

/// Rounds of each part.
const ROUNDS: usize = 1_000;

pub(super) fn run(
    extent: Extent,
    suite: Suite,
    level: Level,
    file: Option<&Path>,
    keep: Option<&Path>,
) -> Result<Measurement, CliError> {
    let failed = |error: &dyn std::fmt::Display| CliError::value("benchmark", "sign", error);
    let now = SystemClock.now();
    let page = match file {
        Some(path) => std::fs::read(path).map_err(CliError::file(path))?,
        None => one_page(),
    };
    if let Some(folder) = keep {
        leave(folder, "page.pdf", &page)?;
    }
    let key = Arc::new(SoftwareKey::generate(suite).map_err(|error| failed(&error))?);
    let office = Office::new(&key, now).map_err(|error| failed(&error))?;
    let identity = &office.identity;
    let claims = Claims {
        name: Some("Benchmark"),
        reason: "Benchmark",
        location: None,
        time: now,
    };

    let mut bytes = 0;
    let mut watch = Stopwatch::start();
    let mut done = 0;
    while extent.goes_on(done, watch.elapsed()) {
        let started = Instant::now();
        let revision = match level {
            Level::B => document::sign(&page, identity, &claims),
            _ => office.sign_with_all(&page, &claims),
        };
        let revision = revision.map_err(|error| failed(&error))?;
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

/// A signer, and what level B-LT needs beside it.
struct Office {
    identity: SigningIdentity,
    stamping: TimeStampAuthority,
    validation: ValidationData,
}

impl Office {
    /// A signer and a time-stamping authority below a root of its own making.
    fn new(key: &Arc<SoftwareKey>, now: DateTime<Utc>) -> Result<Self, Box<dyn std::error::Error>> {
        let suite = Suite::of(key.kind());
        let root_key = SoftwareKey::generate(suite)?;
        let root_profile = Profile::standard(ProfileKind::Root)?;
        let root = prepare(&Order {
            profile: &root_profile,
            subject: &Subject::service("Benchmark", "Root")?,
            key: &SubjectKey::of(&root_key),
            issuer: Issuer::Itself {
                algorithm: root_key.algorithm(),
            },
            not_before: now,
            serial: new_serial()?,
        })?
        .issue(&root_key)?
        .into_certificate();
        let publication = crate::ca::Publication::under("http://localhost", "benchmark");
        let issue = |kind, subject: &Subject, key: &SoftwareKey| -> Result<Certificate, Box<dyn std::error::Error>> {
            let profile = Profile::standard(kind)?;
            let prepared = prepare(&Order {
                profile: &profile,
                subject,
                key: &SubjectKey::of(key),
                issuer: Issuer::Authority {
                    certificate: &root,
                    algorithm: root_key.algorithm(),
                    publication: &publication,
                },
                not_before: now,
                serial: new_serial()?,
            })?;
            Ok(prepared.issue(&root_key)?.into_certificate())
        };
        let subject = Subject::organisation("Benchmark", "11159900MB0000211R")?;
        let certificate = issue(ProfileKind::OrganisationSigner, &subject, key)?;
        let signer: Arc<dyn Signer> = Arc::clone(key) as Arc<dyn Signer>;
        let stamping_key = SoftwareKey::generate(suite)?;
        let stamping = issue(
            ProfileKind::Tsa,
            &Subject::service("Benchmark", "Time stamping")?,
            &stamping_key,
        )?;
        let accuracy = Accuracy { micros: 500_000 };
        let list = crl::build(&root, &root_key, &CrlOrder::complete(1, now, TimeDelta::days(8), &[]))?;
        Ok(Self {
            identity: SigningIdentity::new(signer, certificate, &[])?,
            stamping: TimeStampAuthority::new(Arc::new(stamping_key), stamping, &[], accuracy)?,
            validation: ValidationData {
                certificates: Vec::new(),
                crls: vec![list.der().to_vec()],
            },
        })
    }

    /// Signs at level B-LT: the lists in the signed revision, a time stamp on the signature.
    fn sign_with_all(&self, page: &[u8], claims: &Claims<'_>) -> Result<Vec<u8>, SignError> {
        let algorithm = self.identity.digest();
        let order = document::Order {
            act: Act::Approve,
            field: None,
            places: &[],
            claims: claims.clone(),
            validation: &self.validation,
            stamp_room: self.stamping.max_token_len(algorithm),
        };
        let signed = document::prepare(&page, Hand::Key(&self.identity), &order)?.sign()?;
        let token = self
            .stamping
            .stamp(signed.imprint(algorithm), claims.time, StampSerial::random()?)?;
        Ok(signed.stamp(token)?.into_revision())
    }
}

/// A page with one line of text.
fn one_page() -> Vec<u8> {
    use pdf_writer::{Content, Name, Pdf, Rect, Ref, Str};
    let [catalog, pages, page, content, font] = [1, 2, 3, 4, 5].map(Ref::new);
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(pages);
    pdf.pages(pages).kids([page]).count(1);
    let mut made = pdf.page(page);
    made.parent(pages)
        .media_box(Rect::new(0.0, 0.0, 595.0, 842.0))
        .contents(content);
    made.resources().fonts().pair(Name(b"F"), font);
    made.finish();
    let mut text = Content::new();
    text.begin_text()
        .set_font(Name(b"F"), 14.0)
        .next_line(72.0, 770.0)
        .show(Str(b"One page."))
        .end_text();
    pdf.stream(content, &text.finish());
    pdf.type1_font(font).base_font(Name(b"Helvetica"));
    pdf.finish()
}
