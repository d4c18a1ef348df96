//! What `yinxin verify` relies on: a certificate file, or a folder of certificates and lists.
//!
//! A folder with a recognition list, `trust.jws`, recognises whom the list recognises and nobody else; it is followed
//! with `trust.pin` beside it, so that neither a list of a stranger nor an older one is taken. In a folder `*.crt`,
//! `*.cer`, `*.pem` and `*.der` are certificates: those that issued themselves are recognised for everything where
//! there is no such list, the others only help to find paths. `*.crl` are revocation lists, `*.ors` status responses
//! (RFC 6960 appendix C.2). `*.p7m` are status lists of seals (RFC 8551 section 3.2.1 for the ending), which count only
//! if they are signed by a seal maker under those anchors. Whatever else lies there is not looked at.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::cli::error::CliError;
use crate::cli::structures::der_of;
use crate::cli::trust::{read_pin, refused, write_pin};
use crate::clock::rfc3339;
use crate::clock::{Clock, SystemClock};
use crate::cms::SignedData;
use crate::cms::verify::Profile;
use crate::problem::Problem;
use crate::seal::status::SealStatusList;
use crate::service::Service as Instance;
use crate::trust::list::{ListDigest, RecognitionList, SignedList, StalePolicy};
use crate::trust::{Anchor, Purpose, Query, Revocation, Service, Snapshot, validate};
use crate::verify::{Context, SealAuthority, SealLists};
use crate::x509::{Certificate, Crl, OcspResponse};

/// What was read.
pub(super) struct Trust {
    snapshot: Snapshot,
    /// The states of our seals, where the instance itself says them.
    seal_status: Option<SealStatusList>,
    /// The newest list of each authority about its seals.
    seal_lists: SealLists,
    /// What is to be said with every verdict: that the recognition list was to be replaced, or that a list was left
    /// out.
    warnings: Vec<Problem>,
}

/// The recognition list of a folder, and what it is followed with.
const LIST: &str = "trust.jws";
const PIN: &str = "trust.pin";

impl Trust {
    /// What an instance trusts itself, with the states of its seals as it gave them out at `time`.
    pub(super) async fn of_instance(service: &Instance, time: DateTime<Utc>) -> Result<Self, CliError> {
        Ok(Self {
            snapshot: Snapshot::clone(&service.trust()),
            seal_status: Some(service.seal_states_at(time).await?),
            seal_lists: SealLists::default(),
            warnings: Vec::new(),
        })
    }

    /// What is to be said with every verdict.
    pub(super) fn warnings(&self) -> impl Iterator<Item = Problem> {
        self.warnings.iter().cloned()
    }

    /// Judging by it as of `time`.
    pub(super) fn context(&self, time: DateTime<Utc>) -> Context<'_> {
        let context = Context::new(&self.snapshot, time).with_seal_lists(&self.seal_lists);
        match &self.seal_status {
            Some(list) => context.with_seal_status(list),
            None => context,
        }
    }
}

/// When lists have to be good that a verdict as of some time rests on.
#[derive(Debug, Clone, Copy)]
pub(super) enum Good {
    /// Now, too: whoever asks relies on the verdict now. With what to do with a recognition list that is overdue.
    Now(StalePolicy),
    /// At that time alone: an earlier report is to come out again, however long ago it was.
    Then,
}

/// Reads what is trusted at `time` from a file or folder.
pub(super) fn read(path: &Path, time: DateTime<Utc>, good: Good) -> Result<Trust, CliError> {
    let (mut anchors, mut intermediates, mut crls, mut lists) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut responses = Vec::new();
    std::fs::metadata(path).map_err(CliError::file(path))?;
    let files = files(path)?;
    for file in &files {
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let bytes = || std::fs::read(file).map_err(CliError::file(file));
        match ending {
            "crl" => crls.push(Crl::from_der(&der(file, &bytes()?)?).map_err(|error| unusable(file, error))?),
            "ors" => responses.push(OcspResponse::from_der(&bytes()?).map_err(|error| unusable(file, error))?),
            "crt" | "cer" | "pem" | "der" => {
                let certificate =
                    Certificate::from_der(&der(file, &bytes()?)?).map_err(|error| unusable(file, error))?;
                match certificate.is_self_issued() {
                    true => anchors.push(Anchor::new(&file.display().to_string(), certificate, &Service::ALL)),
                    false => intermediates.push(certificate),
                }
            }
            "p7m" => lists.push((file, der(file, &bytes()?)?)),
            _ => {}
        }
    }
    let list = recognition_list(path, time, good)?;
    // An empty list must never pass for one that was read.
    if anchors.is_empty() && list.is_none() {
        let problem = Problem::new("trust-without-root").param("value", path.display());
        return Err(CliError::wrong("--trust", problem));
    }
    let mut warnings = Vec::new();
    let snapshot = match list {
        Some(Followed { list, digest, is_stale }) => {
            if is_stale {
                warnings.push(Problem::new("list-stale").param("next", rfc3339(list.next_update)));
            }
            list.snapshot(intermediates, crls).with_list_digest(digest)
        }
        None => Snapshot::new(anchors, intermediates, crls),
    };
    let snapshot = snapshot.with_ocsp_responses(responses);
    let mut seal_lists = SealLists::default();
    for (file, message) in lists {
        match open_list(&message, &snapshot, (time, good)).map_err(|reason| unusable(file, reason))? {
            Opened::Trusted(authority, list) => seal_lists.add(authority, list),
            Opened::LeftOut(reason) => warnings.push(
                Problem::new("seal-list-left-out")
                    .param("file", file.display())
                    .param("time", rfc3339(time))
                    .param("reason", reason),
            ),
        }
    }
    Ok(Trust {
        snapshot,
        seal_status: None,
        seal_lists,
        warnings,
    })
}

/// A recognition list that is relied on.
struct Followed {
    list: RecognitionList,
    digest: ListDigest,
    is_stale: bool,
}

/// The recognition list of the folder, and whether it is overdue; what was seen of it is kept in the pin.
fn recognition_list(folder: &Path, time: DateTime<Utc>, good: Good) -> Result<Option<Followed>, CliError> {
    let (list, pin) = (folder.join(LIST), folder.join(PIN));
    if !list.is_file() {
        return Ok(None);
    }
    let bytes = std::fs::read(&list).map_err(CliError::file(&list))?;
    let signed = SignedList::parse(&bytes).map_err(refused)?;
    let mut follower = read_pin(&pin)?
        .ok_or_else(|| CliError::wrong("pin", Problem::new("pin-not-made").param("value", pin.display())))?;
    let seen = follower.pin();
    follower.follow(&signed).map_err(refused)?;
    if follower.pin() != seen {
        write_pin(&pin, &follower)?;
    }
    let current = match good {
        Good::Now(stale) => follower.current(SystemClock.now(), stale),
        Good::Then => follower.current(time, StalePolicy::Warn),
    };
    let (list, is_stale) = current.map_err(refused)?;
    Ok(Some(Followed {
        list: list.clone(),
        digest: signed.digest(),
        is_stale,
    }))
}

/// The file itself, or the files of the folder in the order of their names.
fn files(path: &Path) -> Result<Vec<PathBuf>, CliError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(CliError::file(path))? {
        files.push(entry.map_err(CliError::file(path))?.path());
    }
    files.sort();
    Ok(files)
}

/// What became of a status list of seals.
enum Opened {
    Trusted(SealAuthority, SealStatusList),
    /// Its maker was not trusted, or will not be, at the time in question, and is now where that is asked: why.
    LeftOut(String),
}

/// A status list of seals whose maker is trusted, and whose it is. One whose successor is due is taken too: what it
/// says was withdrawn stays withdrawn.
fn open_list(message: &[u8], snapshot: &Snapshot, (time, good): (DateTime<Utc>, Good)) -> Result<Opened, String> {
    let signed = SignedData::parse(message).map_err(|error| error.to_string())?;
    let signer = signed.only_signer().map_err(|fault| fault.to_string())?;
    let maker = signed
        .signer_certificate(signer, Profile::Cades)
        .map_err(|fault| fault.to_string())?;
    let maker = Certificate::from_der(maker).map_err(|error| error.to_string())?;
    let list = SealStatusList::open(message, &maker).map_err(|error| error.to_string())?;
    let judged_at = |time| {
        let query = Query::new(&maker, Purpose::SealMaking, time).revocation(Revocation::SoftFail);
        validate(&query, snapshot)
    };
    let trusted = judged_at(time);
    if trusted.is_passed() {
        return Ok(Opened::Trusted(SealAuthority::of(&maker, &trusted), list));
    }
    let reason = trusted.reasons.first();
    let reason = reason.map_or_else(|| "its signer is not trusted".to_owned(), ToString::to_string);
    let is_left_out = match good {
        Good::Now(_) => judged_at(SystemClock.now()).is_passed(),
        // Whoever made the report was not refused.
        Good::Then => true,
    };
    match is_left_out {
        true => Ok(Opened::LeftOut(reason)),
        false => Err(reason),
    }
}

fn der(file: &Path, bytes: &[u8]) -> Result<Vec<u8>, CliError> {
    der_of(bytes).ok_or_else(|| {
        CliError::wrong(
            "--trust",
            Problem::new("neither-der-nor-pem").param("value", file.display()),
        )
    })
}

fn unusable(file: &Path, reason: impl Display) -> CliError {
    CliError::unreadable("--trust", file.display(), reason)
}
