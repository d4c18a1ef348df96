//! Who stands behind an act that needs two people: the operator while the house is founded, or an officer who proposes
//! it.

use std::path::PathBuf;

use chrono::TimeDelta;
use clap::Args;

use crate::cli::error::CliError;
use crate::cli::output::{OutputArguments, say};
use crate::cli::structures;
use crate::crypto::PublicKey;
use crate::crypto::key::{Signer as _, SoftwareKey};
use crate::keystore::{ForeignKeyFile, Passphrase};
use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::error::ServiceError;
use crate::service::proposals::{
    Act, Content, Decided, Decision, Outcome, Quorum, SignedStatement, Step, Target, key_digest,
};
use crate::x509::SerialNumber;

/// An officer's own key.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Officer")]
pub(super) struct OfficerKey {
    /// File with the officer's own key (PKCS#8, PEM or DER, mode 600)
    #[arg(long = "by", value_name = "KEY")]
    by: PathBuf,
    /// File with the passphrase of that key, mode 600
    #[arg(long, value_name = "FILE")]
    by_passphrase_file: Option<PathBuf>,
}

impl OfficerKey {
    /// The key, opened.
    pub(super) fn open(&self) -> Result<SoftwareKey, CliError> {
        let passphrase = self.by_passphrase_file.as_deref().map(Passphrase::from_file);
        let file = ForeignKeyFile {
            path: self.by.clone(),
            passphrase: passphrase.transpose()?,
        };
        Ok(file.read()?)
    }
}

/// Proposing an act as an officer; without these the operator does it, which officers end.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Officer")]
pub(super) struct Proposing {
    /// Propose it as the officer with this key (PKCS#8, PEM or DER, mode 600)
    #[arg(long = "by", value_name = "KEY", requires = "reason")]
    by: Option<PathBuf>,
    /// File with the passphrase of that key, mode 600
    #[arg(long, value_name = "FILE", requires = "by")]
    by_passphrase_file: Option<PathBuf>,
    /// Why
    #[arg(long, requires = "by")]
    reason: Option<String>,
    /// Days for which the proposal stays open, at most 31
    #[arg(long, default_value_t = 7, requires = "by")]
    days: u16,
}

/// What came of an act.
pub(super) enum Done {
    /// It was done by the operator.
    Act(Outcome),
    /// It was proposed.
    Proposed(Decided),
}

impl Proposing {
    /// Does the act as the operator, or proposes it.
    pub(super) async fn act(&self, service: &Service, act: Act) -> Result<Done, CliError> {
        let (Some(by), Some(reason)) = (&self.by, &self.reason) else {
            let mandate = service.mandate_for(&Actor::Operator, act).await?;
            return Ok(Done::Act(service.carry_out(mandate).await?));
        };
        let key = OfficerKey {
            by: by.clone(),
            by_passphrase_file: self.by_passphrase_file.clone(),
        };
        let key = key.open()?;
        let instance = service.instance().await?;
        let officers = service.quorum_of(&act).await?;
        let (content, signed) = sign_proposal(&instance, &key, (act, officers), reason, self.days, service.now())?;
        Ok(Done::Proposed(
            service.propose(&content.canonical(), &signed, None).await?,
        ))
    }
}

/// The serial number of the certificate that came of an act.
pub(super) fn serial_of(outcome: &Outcome) -> Result<SerialNumber, CliError> {
    let serial = outcome["serial"].as_str().unwrap_or_default().parse();
    Ok(serial.map_err(ServiceError::internal)?)
}

/// A proposal that waits for so many officers, with its proposer's statement.
pub(super) fn sign_proposal(
    instance: &str,
    key: &SoftwareKey,
    (act, officers): (Act, Quorum),
    reason: &str,
    days: u16,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(Content, SignedStatement), CliError> {
    let term = TimeDelta::days(days.into());
    let proposer = key_digest(key.public_key());
    let content = Content::new(instance, &proposer, (act, officers), reason, now, term);
    let target = Target {
        proposal: content.id,
        hash: content.hash(),
        reason: None,
    };
    let signed = sign(instance, Decision::About(Step::Propose, target), key, now)?;
    Ok((content, signed))
}

/// Signs a statement.
pub(super) fn sign(
    instance: &str,
    decision: Decision,
    key: &SoftwareKey,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<SignedStatement, CliError> {
    SignedStatement::sign(instance, decision, now, key).map_err(CliError::failed)
}

/// A public key in a file: `SubjectPublicKeyInfo` or a certificate, PEM or DER.
pub(super) fn public_key(path: &std::path::Path) -> Result<PublicKey, CliError> {
    let der = structures::one(path, "public key")?;
    let spki = match crate::x509::Certificate::from_der(&der) {
        Ok(certificate) => certificate.public_key_info().to_vec(),
        Err(_) => der,
    };
    PublicKey::from_spki(&spki).map_err(|error| CliError::unreadable("public key", path.display(), error))
}

/// Prints how a proposal stands.
pub(super) fn print_decided(decided: &Decided, output: OutputArguments) {
    let state = say(&format!("proposal-state-{}", decided.state), &[]);
    let id = decided.id.to_string();
    let params = [("id", id.as_str()), ("state", &state), ("hash", &decided.hash)];
    output.print(decided, || say("cli-proposal-decided", &params));
}
