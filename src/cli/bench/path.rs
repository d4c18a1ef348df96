//! Judging a path of four certificates: with its links known (warm), and from the bytes of certificates and lists with
//! nothing known (cold), beside its floor, the bare signature checks of the same certificates and lists.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use der::pem::{LineEnding, encode_string};

use crate::asn1::oid;
use crate::ca::{key_identifier, new_serial};
use crate::cli::bench::measure::{Measurement, Stopwatch, parts_of};
use crate::cli::bench::{Extent, leave};
use crate::cli::error::CliError;
use crate::clock::{Clock, SystemClock};
use crate::crypto::PublicKey;
use crate::crypto::key::{Signer, SoftwareKey, Suite};
use crate::trust::{Anchor, LinkCache, Purpose, Query, Revocation, Service, Snapshot, validate};
use crate::x509::build::{self, CertificateFields, CrlFields};
use crate::x509::{
    AuthorityKeyIdentifier, BasicConstraints, Certificate, Crl, Extension, Extensions, KeyUsage, Name, Validity,
};

/// Rounds of each part.
const ROUNDS: usize = 2_000;

/// Two authorities stand between the anchor and the signer.
const AUTHORITIES: usize = 2;

/// What is judged.
struct Sample {
    root: Certificate,
    /// The one under the root first.
    authorities: Vec<Certificate>,
    target: Certificate,
    /// A list of the root and of each authority, in this order.
    lists: Vec<Crl>,
    now: DateTime<Utc>,
}

type Fault = Box<dyn std::error::Error>;

pub(super) fn run(extent: Extent, suite: Suite, keep: Option<&Path>) -> Result<Measurement, CliError> {
    let sample = Sample::new(suite, SystemClock.now()).map_err(CliError::failed)?;
    if let Some(folder) = keep {
        sample.leave(folder)?;
    }
    let known = sample.snapshot(sample.authorities.clone(), sample.lists.clone());
    let mut done = 0;
    // Once beforehand, so that every link is known.
    sample.judge(&sample.target, &known, Revocation::HardFail)?;
    let mut watch = Stopwatch::start();
    while extent.goes_on(done, watch.elapsed()) {
        let started = Instant::now();
        sample.judge(&sample.target, &known, Revocation::HardFail)?;
        watch.unit(started.elapsed());
        done += 1;
    }
    let mut measurement = watch.finish("path", Default::default());
    let mut failed = Ok(());
    let mut keep_failure = |judged: Result<(), CliError>| {
        if judged.is_err() && failed.is_ok() {
            failed = judged;
        }
    };
    let warm = sample.judge(&sample.target, &known, Revocation::Off);
    keep_failure(warm);
    keep_failure(sample.cold(Revocation::Off));
    keep_failure(sample.cold(Revocation::HardFail));
    measurement.parts_ms = parts_of(
        ROUNDS,
        [
            ("floor", &mut || sample.signatures(false)),
            ("cold", &mut || drop(std::hint::black_box(sample.cold(Revocation::Off)))),
            ("floor-with-lists", &mut || sample.signatures(true)),
            ("cold-with-lists", &mut || {
                drop(std::hint::black_box(sample.cold(Revocation::HardFail)));
            }),
            ("warm", &mut || {
                drop(std::hint::black_box(sample.judge(
                    &sample.target,
                    &known,
                    Revocation::Off,
                )));
            }),
        ],
    );
    failed.map(|()| measurement)
}

impl Sample {
    fn new(suite: Suite, now: DateTime<Utc>) -> Result<Self, Fault> {
        let validity = Validity {
            not_before: now - TimeDelta::days(1),
            not_after: now + TimeDelta::days(365),
        };
        let mut issuer = (name("Root")?, SoftwareKey::generate(suite)?);
        let root = issue(&issuer, &issuer, validity, true)?;
        let (mut authorities, mut lists) = (Vec::new(), vec![list(&issuer, now)?]);
        for number in 1..=AUTHORITIES {
            let next = (name(&format!("Authority {number}"))?, SoftwareKey::generate(suite)?);
            authorities.push(issue(&issuer, &next, validity, true)?);
            lists.push(list(&next, now)?);
            issuer = next;
        }
        let target = issue(
            &issuer,
            &(name("Signer")?, SoftwareKey::generate(suite)?),
            validity,
            false,
        )?;
        Ok(Self {
            root,
            authorities,
            target,
            lists,
            now,
        })
    }

    fn snapshot(&self, authorities: Vec<Certificate>, lists: Vec<Crl>) -> Snapshot {
        let anchor = Anchor::new("Root", self.root.clone(), &Service::ALL);
        Snapshot::new(vec![anchor], authorities, lists)
    }

    fn judge(&self, target: &Certificate, snapshot: &Snapshot, revocation: Revocation) -> Result<(), CliError> {
        let query = Query::new(target, Purpose::GovernmentSealing, self.now).revocation(revocation);
        let validation = validate(&query, snapshot);
        match validation.reasons.first() {
            None => Ok(()),
            Some(reason) => Err(CliError::failed(reason)),
        }
    }

    /// From bytes to the verdict, with an anchor that is known and nothing else.
    fn cold(&self, revocation: Revocation) -> Result<(), CliError> {
        let read = |certificate: &Certificate| Certificate::from_der(certificate.der());
        let unreadable = CliError::failed;
        let target = read(&self.target).map_err(unreadable)?;
        let authorities: Result<Vec<_>, _> = self.authorities.iter().map(read).collect();
        let lists: Result<Vec<_>, _> = match revocation {
            Revocation::Off => Ok(Vec::new()),
            _ => self.lists.iter().map(|list| Crl::from_der(list.der())).collect(),
        };
        let snapshot = self
            .snapshot(authorities.map_err(unreadable)?, lists.map_err(unreadable)?)
            .with_cache(Arc::new(LinkCache::default()));
        self.judge(&target, &snapshot, revocation)
    }

    /// The signatures of the path, and those of its lists, alone. What is computed for a key is kept with it: that of
    /// the anchor is known, as on a cold path, and all others are new.
    fn signatures(&self, with_lists: bool) {
        let new = |issuer: &Certificate| PublicKey::from_spki(issuer.public_key_info()).ok();
        let issuers = std::iter::once(self.root.public_key().ok().cloned()).chain(self.authorities.iter().map(new));
        let issued = self.authorities.iter().chain(std::iter::once(&self.target));
        for ((certificate, issuer), list) in issued.zip(issuers).zip(&self.lists) {
            let Some(key) = issuer else {
                continue;
            };
            let _ = std::hint::black_box(certificate.verify_signed_by(&key));
            if with_lists {
                let _ = std::hint::black_box(list.verify_signed_by(&key));
            }
        }
    }

    /// What other programs judge in comparison.
    fn leave(&self, folder: &Path) -> Result<(), CliError> {
        let pem = |label: &str, der: &[u8]| encode_string(label, LineEnding::LF, der).map_err(CliError::failed);
        let authorities: Result<String, _> = self
            .authorities
            .iter()
            .map(|one| pem("CERTIFICATE", one.der()))
            .collect();
        let lists: Result<String, _> = self.lists.iter().map(|list| pem("X509 CRL", list.der())).collect();
        leave(folder, "root.pem", pem("CERTIFICATE", self.root.der())?.as_bytes())?;
        leave(folder, "authorities.pem", authorities?.as_bytes())?;
        leave(folder, "target.pem", pem("CERTIFICATE", self.target.der())?.as_bytes())?;
        leave(folder, "lists.pem", lists?.as_bytes())
    }
}

fn name(common_name: &str) -> Result<Name, build::BuildError> {
    build::name(&[
        (oid::COUNTRY_NAME, "CN"),
        (oid::ORGANIZATION_NAME, "Benchmark"),
        (oid::COMMON_NAME, common_name),
    ])
}

fn present<T>(critical: bool, value: T) -> Option<Extension<T>> {
    Some(Extension { critical, value })
}

fn authority_key(key: &SoftwareKey) -> Option<Extension<AuthorityKeyIdentifier>> {
    let key_identifier = Some(key_identifier(key.public_key().spki()));
    present(
        false,
        AuthorityKeyIdentifier {
            key_identifier,
            ..AuthorityKeyIdentifier::default()
        },
    )
}

fn issue(
    (issuer, signer): &(Name, SoftwareKey),
    (subject, key): &(Name, SoftwareKey),
    validity: Validity,
    ca: bool,
) -> Result<Certificate, Fault> {
    let usage = match ca {
        true => KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN,
        false => KeyUsage::DIGITAL_SIGNATURE | KeyUsage::NON_REPUDIATION,
    };
    let constraints = BasicConstraints { ca, path_length: None };
    let policy = if ca {
        oid::ANY_POLICY
    } else {
        oid::GOVERNMENT_SEAL_POLICY
    };
    let extensions = Extensions {
        authority_key_identifier: authority_key(signer),
        subject_key_identifier: present(false, key_identifier(key.public_key().spki())),
        key_usage: present(true, usage),
        certificate_policies: present(false, vec![policy]),
        basic_constraints: if ca { present(true, constraints) } else { None },
        ..Extensions::default()
    };
    let signed_part = build::certificate(&CertificateFields {
        serial: &new_serial()?,
        algorithm: signer.algorithm(),
        issuer,
        validity,
        subject,
        public_key_info: key.public_key().spki(),
        extensions: &extensions,
    })?;
    let der = build::signed(&signed_part, signer.algorithm(), &signer.sign(&signed_part)?);
    Ok(Certificate::from_der(&der)?)
}

fn list((issuer, signer): &(Name, SoftwareKey), now: DateTime<Utc>) -> Result<Crl, Fault> {
    let signed_part = build::crl(&CrlFields {
        algorithm: signer.algorithm(),
        issuer,
        this_update: now - TimeDelta::hours(1),
        next_update: now + TimeDelta::days(7),
        entries: &[],
        extensions: &Extensions {
            authority_key_identifier: authority_key(signer),
            crl_number: present(false, vec![1]),
            ..Extensions::default()
        },
    })?;
    let der = build::signed(&signed_part, signer.algorithm(), &signer.sign(&signed_part)?);
    Ok(Crl::from_der(&der)?)
}
