//! `yinxin ca issue`, `certificates`, `renew`, `rekey`, `hold`, `release` and `revoke`: certificates of end entities,
//! and the life of all after they were issued. Each act is done by the operator while no officer is enrolled or one is
//! enough, else proposed.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::Args;

use crate::cli::agreement::{Done, Proposing, print_decided, serial_of};
use crate::cli::ca::{describe, write};
use crate::cli::error::CliError;
use crate::cli::instance::InstanceArguments;
use crate::cli::output::{OutputArguments, say};
use crate::cli::structures;
use crate::clock::instant;
use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::certificates::{
    CertificateId, CertificateView, FormerCertificate, MAX_PAGE, NewSubjectKey, RequestedCertificate,
};
use crate::service::proposals::{Act, Outcome};
use crate::store::{CertificateFilter, CertificateStatus};
use crate::x509::{Certificate, RevocationReason, SerialNumber};

/// One certificate.
#[derive(Debug, Args)]
pub(super) struct Named {
    #[command(flatten)]
    instance: InstanceArguments,
    /// The authority that issued it
    ca: String,
    /// Serial number in hexadecimal
    serial: SerialNumber,
}

impl Named {
    fn id(&self) -> CertificateId {
        CertificateId {
            ca: self.ca.clone(),
            serial: self.serial.clone(),
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Issue {
    #[command(flatten)]
    instance: InstanceArguments,
    /// The authority
    ca: String,
    /// Profile: one of `yinxin ca profiles` that makes no authorities
    #[arg(long)]
    profile: String,
    /// PKCS#10 request, DER or PEM
    #[arg(long)]
    request: PathBuf,
    /// Name of the organisation, in place of the request's subject
    #[arg(long, requires = "credit_code")]
    organisation: Option<String>,
    /// Its unified social credit code
    #[arg(long, requires = "organisation")]
    credit_code: Option<String>,
    #[command(flatten)]
    made: Made,
}

/// What becomes of a new certificate, and who stands behind it.
#[derive(Debug, Args)]
struct Made {
    /// File to write, DER; where it waits for another officer, `yinxin ca certificates` writes it later
    #[arg(long)]
    out: Option<PathBuf>,
    #[command(flatten)]
    proposing: Proposing,
    #[command(flatten)]
    output: OutputArguments,
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
    #[command(flatten)]
    made: Made,
}

#[derive(Debug, Args)]
pub(super) struct Rekey {
    #[command(flatten)]
    renew: Renew,
    /// PKCS#10 request for the new key, DER or PEM
    #[arg(long)]
    request: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Revoke {
    #[command(flatten)]
    certificate: Named,
    /// Reason for the revocation list, as RFC 5280 names it: keyCompromise, superseded, cessationOfOperation,
    /// unspecified…
    #[arg(long)]
    because: RevocationReason,
    /// Since when its key is known or suspected not to be trusted, RFC 3339
    #[arg(long, value_parser = instant)]
    invalid_since: Option<DateTime<Utc>>,
    #[command(flatten)]
    proposing: Proposing,
    #[command(flatten)]
    output: OutputArguments,
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
    /// This one alone, by its serial number in hexadecimal
    #[arg(long, conflicts_with_all = ["profile", "status", "subject", "ends_from", "ends_until"])]
    serial: Option<SerialNumber>,
    /// File to write it to, DER
    #[arg(long, requires = "serial")]
    out: Option<PathBuf>,
    /// Ending at this time or later, RFC 3339
    #[arg(long, value_name = "TIME", value_parser = instant)]
    ends_from: Option<DateTime<Utc>>,
    /// Ending at this time or earlier, RFC 3339
    #[arg(long, value_name = "TIME", value_parser = instant)]
    ends_until: Option<DateTime<Utc>>,
    #[command(flatten)]
    output: OutputArguments,
}

/// All that meet the filter, newest first.
pub(super) async fn list(listed: &Listed) -> Result<(), CliError> {
    let status = |name: &String| {
        let status = CertificateStatus::from_name(name);
        status.ok_or_else(|| CliError::unknown("--status", name, CertificateStatus::ALL.map(CertificateStatus::name)))
    };
    let filter = CertificateFilter {
        profile: listed.profile.clone(),
        status: listed.status.as_ref().map(status).transpose()?,
        subject: listed.subject.clone(),
        ends_from: listed.ends_from,
        ends_until: listed.ends_until,
    };
    let (_, service) = listed.instance.open().await?;
    if let Some(serial) = &listed.serial {
        let one = service.certificate_view(&Actor::Operator, &listed.ca, serial).await?;
        let der = service.issued(&listed.ca, serial).await?.certificate;
        write(listed.out.as_ref(), der.der())?;
        print(&one, listed.output);
        return Ok(());
    }
    let mut after = None;
    loop {
        let page = service
            .list_certificates(&Actor::Operator, &listed.ca, &filter, after.as_ref(), MAX_PAGE)
            .await?;
        for certificate in &page.certificates {
            print(certificate, listed.output);
        }
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    service.close().await;
    Ok(())
}

fn print(certificate: &CertificateView, output: OutputArguments) {
    let until = certificate.not_after.date_naive().to_string();
    let params = [
        ("serial", certificate.serial.as_str()),
        ("subject", &certificate.subject),
        ("status", certificate.status),
        ("profile", &certificate.profile),
        ("until", &until),
    ];
    output.print(certificate, || say("cli-certificate-listed", &params));
}

pub(super) async fn issue(issue: &Issue) -> Result<(), CliError> {
    let new = RequestedCertificate {
        ca: issue.ca.clone(),
        profile: issue.profile.clone(),
        request: structures::one(&issue.request, "request")?,
        organisation: issue.organisation.clone(),
        credit_code: issue.credit_code.clone(),
    };
    issue.made.act(&issue.instance, Act::IssueCertificate(new)).await
}

pub(super) async fn renew(renew: &Renew) -> Result<(), CliError> {
    let named = &renew.certificate;
    renew.made.act(&named.instance, Act::RenewCertificate(named.id())).await
}

pub(super) async fn rekey(rekey: &Rekey) -> Result<(), CliError> {
    let CertificateId { ca, serial } = rekey.renew.certificate.id();
    let request = structures::one(&rekey.request, "request")?;
    let act = Act::RekeyCertificate(NewSubjectKey { ca, serial, request });
    rekey.renew.made.act(&rekey.renew.certificate.instance, act).await
}

pub(super) async fn hold(suspend: &Suspend) -> Result<(), CliError> {
    suspend.act(Act::HoldCertificate).await
}

pub(super) async fn release(suspend: &Suspend) -> Result<(), CliError> {
    suspend.act(Act::ReleaseCertificate).await
}

pub(super) async fn revoke(revoke: &Revoke) -> Result<(), CliError> {
    let CertificateId { ca, serial } = revoke.certificate.id();
    let former = FormerCertificate {
        ca,
        serial,
        reason: revoke.because,
        invalid_since: revoke.invalid_since,
    };
    let (_, service) = revoke.certificate.instance.open().await?;
    let act = service.act_of_revoking(former).await?;
    if let Done::Proposed(decided) = revoke.proposing.act(&service, act).await? {
        print_decided(&decided, revoke.output);
    }
    service.close().await;
    Ok(())
}

impl Made {
    /// Has a certificate made, tells of it and writes it; or tells how the proposal stands.
    async fn act(&self, instance: &InstanceArguments, act: Act) -> Result<(), CliError> {
        let (_, service) = instance.open().await?;
        match self.proposing.act(&service, act).await? {
            Done::Act(outcome) => {
                let certificate = certificate(&service, &outcome).await?;
                write(self.out.as_ref(), certificate.der())?;
                describe(&certificate, self.output);
            }
            Done::Proposed(decided) => {
                let record = service.proposal(&Actor::Operator, decided.id).await?;
                if let Some(outcome) = &record.outcome {
                    write(self.out.as_ref(), certificate(&service, outcome).await?.der())?;
                }
                print_decided(&decided, self.output);
            }
        }
        service.close().await;
        Ok(())
    }
}

/// The certificate that came of an act.
async fn certificate(service: &Service, outcome: &Outcome) -> Result<Certificate, CliError> {
    let ca = outcome["ca"].as_str().unwrap_or_default();
    Ok(service.issued(ca, &serial_of(outcome)?).await?.certificate)
}

impl Suspend {
    async fn act(&self, act: fn(CertificateId) -> Act) -> Result<(), CliError> {
        let (_, service) = self.certificate.instance.open().await?;
        let act = act(self.certificate.id());
        if let Done::Proposed(decided) = self.proposing.act(&service, act).await? {
            print_decided(&decided, self.output);
        }
        service.close().await;
        Ok(())
    }
}
