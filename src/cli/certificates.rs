//! `yinxin ca certificates`, `renew`, `rekey`, `hold` and `release`: the life of certificates after they were issued.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::Args;

use crate::cli::agreement::{Done, Proposing, print_decided};
use crate::cli::ca::{describe, write};
use crate::cli::instance::InstanceArguments;
use crate::cli::output::{CliError, OutputArguments, say};
use crate::cli::structures;
use crate::service::actor::Actor;
use crate::service::certificate_acts::NamedCertificate;
use crate::service::certificate_lists::MAX_PAGE;
use crate::service::proposals::Act;
use crate::store::{CertificateFilter, CertificateStatus};
use crate::x509::SerialNumber;

/// One certificate.
#[derive(Debug, Args)]
pub(super) struct Named {
    #[command(flatten)]
    instance: InstanceArguments,
    /// The authority that issued it
    ca: String,
    /// Serial number in hexadecimal
    serial: String,
}

/// A hold or its end: by the operator, or by one officer.
#[derive(Debug, Args)]
pub(super) struct Suspend {
    #[command(flatten)]
    certificate: Named,
    #[command(flatten)]
    proposing: Proposing,
    #[command(flatten)]
    output: OutputArguments,
}

#[derive(Debug, Args)]
pub(super) struct Renew {
    #[command(flatten)]
    certificate: Named,
    /// File to write, DER
    #[arg(long)]
    out: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArguments,
}

#[derive(Debug, Args)]
pub(super) struct Rekey {
    #[command(flatten)]
    renew: Renew,
    /// PKCS#10 request for the new key, DER or PEM
    #[arg(long)]
    request: PathBuf,
}

/// Which certificates are listed: those that meet all that is given.
#[derive(Debug, Args)]
pub(super) struct Listed {
    #[command(flatten)]
    instance: InstanceArguments,
    /// The authority that issued them
    ca: String,
    /// Made by this profile
    #[arg(long)]
    profile: Option<String>,
    /// good, on-hold or revoked
    #[arg(long)]
    status: Option<String>,
    /// About this subject, whole and as shown: CN=…,O=…,C=CN
    #[arg(long)]
    subject: Option<String>,
    /// Ending at this time or later, RFC 3339
    #[arg(long, value_name = "TIME")]
    ends_from: Option<DateTime<Utc>>,
    /// Ending at this time or earlier, RFC 3339
    #[arg(long, value_name = "TIME")]
    ends_until: Option<DateTime<Utc>>,
    #[command(flatten)]
    output: OutputArguments,
}

/// All that meet the filter, newest first.
pub(super) async fn list(listed: &Listed) -> Result<(), CliError> {
    let status = |name: &String| {
        let status = CertificateStatus::from_name(name);
        status.ok_or_else(|| CliError::value("status", name, "is none of good, on-hold and revoked"))
    };
    let filter = CertificateFilter {
        profile: listed.profile.clone(),
        status: listed.status.as_ref().map(status).transpose()?,
        subject: listed.subject.clone(),
        ends_from: listed.ends_from,
        ends_until: listed.ends_until,
    };
    let (_, service) = listed.instance.open().await?;
    let mut after = None;
    loop {
        let page = service
            .list_certificates(&Actor::Operator, &listed.ca, &filter, after.as_ref(), MAX_PAGE)
            .await?;
        for certificate in &page.certificates {
            let until = certificate.not_after.date_naive().to_string();
            let params = [
                ("serial", certificate.serial.as_str()),
                ("subject", &certificate.subject),
                ("status", certificate.status),
                ("profile", &certificate.profile),
                ("until", &until),
            ];
            listed
                .output
                .print(certificate, || say("cli-certificate-listed", &params));
        }
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    service.close().await;
    Ok(())
}

pub(super) async fn renew(renew: &Renew) -> Result<(), CliError> {
    let named = &renew.certificate;
    let serial = serial(&named.serial)?;
    let (_, service) = named.instance.open().await?;
    let issued = service.renew_certificate(&Actor::Operator, &named.ca, &serial).await?;
    write(renew.out.as_ref(), issued.der())?;
    describe(&issued, renew.output);
    service.close().await;
    Ok(())
}

pub(super) async fn rekey(rekey: &Rekey) -> Result<(), CliError> {
    let named = &rekey.renew.certificate;
    let (serial, request) = (serial(&named.serial)?, structures::one(&rekey.request, "request")?);
    let (_, service) = named.instance.open().await?;
    let issued = service
        .rekey_certificate(&Actor::Operator, &named.ca, &serial, &request)
        .await?;
    write(rekey.renew.out.as_ref(), issued.der())?;
    describe(&issued, rekey.renew.output);
    service.close().await;
    Ok(())
}

pub(super) async fn hold(suspend: &Suspend) -> Result<(), CliError> {
    suspend.act(Act::HoldCertificate).await
}

pub(super) async fn release(suspend: &Suspend) -> Result<(), CliError> {
    suspend.act(Act::ReleaseCertificate).await
}

impl Suspend {
    async fn act(&self, act: fn(NamedCertificate) -> Act) -> Result<(), CliError> {
        let Named { instance, ca, serial } = &self.certificate;
        let (ca, serial) = (ca.clone(), self::serial(serial)?.to_string());
        let (_, service) = instance.open().await?;
        let act = act(NamedCertificate { ca, serial });
        if let Done::Proposed(decided) = self.proposing.act(&service, act).await? {
            print_decided(&decided, self.output);
        }
        service.close().await;
        Ok(())
    }
}

/// A serial number of the command line.
pub(super) fn serial(text: &str) -> Result<SerialNumber, CliError> {
    SerialNumber::from_hex(text).ok_or_else(|| CliError::value("serial", text, "is not hexadecimal"))
}
