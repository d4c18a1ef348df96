//! The authority's daily work: certificates issued durably, answers about their status, and a long revocation list.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use crate::asn1::write::{self, encode};
use crate::ca::crl::{self, CrlOrder};
use crate::ca::{Issuer, Order, Profile, ProfileKind, Subject, SubjectKey, new_serial, prepare};
use crate::cli::bench::Extent;
use crate::cli::bench::measure::{Measurement, Stopwatch, parts_of};
use crate::cli::bench::sample::Sample;
use crate::cli::error::CliError;
use crate::clock::{Clock, SystemClock};
use crate::crypto::DigestAlgorithm;
use crate::crypto::key::{Signer, SoftwareKey, Suite};
use crate::http::{self, LimitsConfig};
use crate::service::actor::Actor;
use crate::service::certificates::MOST_TOGETHER;
use crate::service::city::Role;
use crate::x509::{Certificate, Crl, RevocationReason, RevokedEntry, SerialNumber};

/// Callers at once.
const CALLERS: usize = 4;

/// Certificates that are asked about in turn.
const ASKED_ABOUT: usize = 256;

/// Entries of the long list.
const LONG_LIST: u32 = 100_000;

/// Subjects with one key, as a key costs as much to make as a certificate.
fn orders(suite: Suite, count: usize) -> Result<Vec<(Subject, SubjectKey)>, CliError> {
    let key = SubjectKey::of(&SoftwareKey::generate(suite).map_err(CliError::failed)?);
    let subject = |number| Subject::service("青岚市政务服务局", &format!("number {number}")).map_err(CliError::failed);
    (0..count).map(|number| Ok((subject(number)?, key.clone()))).collect()
}

/// Issuing certificates, a group in each call, durable in SQLite.
pub(super) async fn certificates(extent: Extent, suite: Suite) -> Result<Measurement, CliError> {
    let sample = Sample::new(suite).await?;
    let (service, ca) = (Arc::clone(&sample.service), Role::Issuing.name(suite));
    let group = orders(suite, MOST_TOGETHER)?;
    let kind = ProfileKind::CredentialSigner;
    let (mut watch, mut tasks, mut begun) = (Stopwatch::start(), JoinSet::new(), 0);
    loop {
        while tasks.len() < CALLERS && extent.goes_on(begun, watch.elapsed()) {
            begun += group.len();
            let (service, ca, group) = (Arc::clone(&service), ca.clone(), group.clone());
            tasks.spawn(async move {
                let started = Instant::now();
                let issued = service.issue_certificates(&Actor::Operator, &ca, kind, group).await;
                issued.map(|issued| (issued.len(), started.elapsed()))
            });
        }
        match tasks.join_next().await {
            None => break,
            Some(Ok(Ok((count, latency)))) => (0..count).for_each(|_| watch.unit(latency)),
            Some(Ok(Err(error))) => return Err(CliError::failed(error)),
            Some(Err(error)) => return Err(CliError::failed(error)),
        }
    }
    let measurement = watch.finish("certificates", BTreeMap::new());
    service.close().await;
    Ok(measurement)
}

/// Answers about the status of certificates, signed beforehand, through everything but the network.
pub(super) async fn ocsp(extent: Extent, suite: Suite) -> Result<Measurement, CliError> {
    let sample = Sample::new(suite).await?;
    let (service, ca) = (Arc::clone(&sample.service), Role::Issuing.name(suite));
    let issuer = Certificate::from_der(service.ca_certificate(&ca).await?.as_ref()).map_err(CliError::failed)?;
    service.renew_due_statuses().await?;
    let group = orders(suite, ASKED_ABOUT)?;
    let issued = service
        .issue_certificates(&Actor::Operator, &ca, ProfileKind::CredentialSigner, group)
        .await?;
    let questions: Vec<Vec<u8>> = issued.iter().map(|one| question(&issuer, one.serial())).collect();
    let limits = LimitsConfig {
        anonymous_per_minute: u32::MAX,
        ..LimitsConfig::default()
    };
    let router = http::router(Arc::clone(&service), &limits, None);
    let address = format!("/ocsp/{ca}");
    let questions = Arc::new(questions);
    let ask_in_turn = |first: usize, count: usize| {
        let (router, questions, address) = (router.clone(), Arc::clone(&questions), address.clone());
        async move {
            let mut latencies = Vec::with_capacity(count);
            for number in first..first + count {
                let asked = Request::post(&address).header("content-type", "application/ocsp-request");
                let question = questions[number % questions.len()].clone();
                let asked = asked.body(Body::from(question)).map_err(CliError::failed)?;
                let started = Instant::now();
                let answer = router.clone().oneshot(asked).await.map_err(CliError::failed)?;
                if !answer.status().is_success() {
                    return Err(CliError::failed(answer.status()));
                }
                latencies.push(started.elapsed());
            }
            Ok(latencies)
        }
    };
    // What is read from the store once is not counted.
    ask_in_turn(0, questions.len()).await?;
    let (mut watch, mut done) = (Stopwatch::start(), 0);
    while extent.goes_on(done, watch.elapsed()) {
        let mut tasks = JoinSet::new();
        for _ in 0..CALLERS {
            tasks.spawn(ask_in_turn(done, ASKED_ABOUT));
            done += ASKED_ABOUT;
        }
        while let Some(latencies) = tasks.join_next().await {
            latencies
                .map_err(CliError::failed)??
                .into_iter()
                .for_each(|latency| watch.unit(latency));
        }
    }
    let measurement = watch.finish("ocsp", BTreeMap::new());
    service.close().await;
    Ok(measurement)
}

/// An OCSPRequest by SHA-1, as most clients ask.
fn question(issuer: &Certificate, serial: &SerialNumber) -> Vec<u8> {
    let digest = DigestAlgorithm::Sha1;
    let id = encode(|w| {
        w.sequence(|w| {
            w.sequence(|w| {
                w.oid(digest.oid());
                w.primitive(write::NULL, &[]);
            });
            w.octet_string(digest.digest(issuer.subject().der()).as_ref());
            w.octet_string(digest.digest(issuer.public_key_bits()).as_ref());
            w.primitive(write::INTEGER, serial.as_bytes());
        });
    });
    encode(|w| w.sequence(|w| w.sequence(|w| w.sequence(|w| w.sequence(|w| w.raw(&id))))))
}

/// A list of a hundred thousand entries: made and signed, read, and asked.
pub(super) fn crl(extent: Extent, suite: Suite) -> Result<Measurement, CliError> {
    let (now, key) = (
        SystemClock.now(),
        SoftwareKey::generate(suite).map_err(CliError::failed)?,
    );
    let prepared = prepare(&Order {
        profile: &Profile::standard(ProfileKind::Root).map_err(CliError::failed)?,
        subject: &Subject::service("青岚市政务服务局", "Root CA").map_err(CliError::failed)?,
        key: &SubjectKey::of(&key),
        issuer: Issuer::Itself {
            algorithm: key.algorithm(),
        },
        not_before: now,
        serial: new_serial().map_err(CliError::failed)?,
    });
    let issuer = prepared
        .and_then(|prepared| prepared.issue(&key))
        .map_err(CliError::failed)?
        .into_certificate();
    let entries: Vec<_> = (0..LONG_LIST)
        .map(|number| {
            let mut octets = [0x40; 16];
            octets[4..8].copy_from_slice(&number.wrapping_mul(2_654_435_761).to_be_bytes());
            octets[8..12].copy_from_slice(&number.to_be_bytes());
            RevokedEntry {
                serial: SerialNumber::from_random(octets),
                revoked_at: now,
                reason: RevocationReason::Superseded,
                invalidity_date: None,
            }
        })
        .collect();
    let order = CrlOrder::complete(1, now, TimeDelta::days(8), &entries);
    let mut watch = Stopwatch::start();
    let (mut done, mut last) = (0, None);
    while done == 0 || extent.goes_on(done, watch.elapsed()) {
        let started = Instant::now();
        last = Some(crl::build(&issuer, &key, &order).map_err(CliError::failed)?);
        watch.unit(started.elapsed());
        done += 1;
    }
    let list = last.ok_or_else(|| CliError::failed("no list was made"))?;
    let (mut turn, der) = (0, list.der().to_vec());
    let mut parts = parts_of(3, [("read", &mut || drop(Crl::from_der(&der)))]);
    parts.extend(parts_of(
        10_000,
        [("look up", &mut || {
            turn = (turn + 7919) % entries.len();
            std::hint::black_box(list.entry(issuer.subject(), &entries[turn].serial));
        })],
    ));
    Ok(watch.finish("crl", parts))
}
