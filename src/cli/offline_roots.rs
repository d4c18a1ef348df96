//! `yinxin ca request`, `import-certificate`, `import-crl`: what goes to a ceremony, and what comes from it.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;

use crate::cli::agreement::{Done, Proposing, print_decided};
use crate::cli::ca::print_crl;
use crate::cli::error::CliError;
use crate::cli::instance::InstanceArguments;
use crate::cli::output::OutputArguments;
use crate::cli::structures;
use crate::service::actor::Actor;
use crate::service::offline_roots::AdmittedAuthority;
use crate::service::proposals::Act;

#[derive(Debug, Args)]
pub(super) struct Request {
    #[command(flatten)]
    instance: InstanceArguments,
    /// Name of the key and of the authority to be
    name: String,
    /// The organisation that runs it
    #[arg(long)]
    organisation: String,
    /// Its own name
    #[arg(long)]
    common_name: String,
    /// File to write, DER
    #[arg(long)]
    out: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct ImportCertificate {
    #[command(flatten)]
    instance: InstanceArguments,
    /// Name of its key
    name: String,
    /// Its certificate, DER or PEM
    certificate: PathBuf,
    /// Short name of the root
    #[arg(long)]
    root: String,
    /// The root's certificate, DER or PEM
    #[arg(long)]
    root_certificate: PathBuf,
    /// The root's newest revocation list, DER or PEM
    #[arg(long)]
    root_crl: PathBuf,
    #[command(flatten)]
    proposing: Proposing,
    #[command(flatten)]
    output: OutputArguments,
}

#[derive(Debug, Args)]
pub(super) struct ImportCrl {
    #[command(flatten)]
    instance: InstanceArguments,
    /// The root
    ca: String,
    /// The list, DER or PEM
    list: PathBuf,
    #[command(flatten)]
    output: OutputArguments,
}

impl Request {
    pub(super) async fn run(&self) -> Result<(), CliError> {
        let (_, service) = self.instance.open().await?;
        let request = service
            .request_certificate(&Actor::Operator, &self.name, &self.organisation, &self.common_name)
            .await?;
        std::fs::write(&self.out, request.der()).map_err(CliError::file(&self.out))?;
        service.close().await;
        Ok(())
    }
}

impl ImportCertificate {
    pub(super) async fn run(&self) -> Result<(), CliError> {
        let base64 = |path: &Path| Ok::<_, CliError>(STANDARD.encode(structures::one(path, "file")?));
        let act = Act::AdmitCa(AdmittedAuthority {
            name: self.name.clone(),
            certificate: base64(&self.certificate)?,
            root: self.root.clone(),
            root_certificate: base64(&self.root_certificate)?,
            root_crl: base64(&self.root_crl)?,
        });
        let (_, service) = self.instance.open().await?;
        match self.proposing.act(&service, act).await? {
            Done::Act(outcome) => self.output.print(&outcome, || outcome.to_string()),
            Done::Proposed(decided) => print_decided(&decided, self.output),
        }
        service.close().await;
        Ok(())
    }
}

impl ImportCrl {
    pub(super) async fn run(&self) -> Result<(), CliError> {
        let (_, service) = self.instance.open().await?;
        let list = service
            .import_crl(&Actor::Operator, &self.ca, &structures::one(&self.list, "file")?)
            .await?;
        print_crl(&list, self.output);
        service.close().await;
        Ok(())
    }
}
