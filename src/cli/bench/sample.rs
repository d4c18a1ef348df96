//! A small city in a temporary folder for benchmarks: one authority that issues business licences.

use std::path::PathBuf;
use std::sync::Arc;

use crate::cli::error::CliError;
use crate::cli::instance::{self, InstanceArguments};
use crate::crypto::key::Suite;
use crate::keystore::Passphrase;
use crate::licence::application::Application;
use crate::licence::authority::{Authority, AuthorityLevel};
use crate::licence::credit_code::{CreditCode, CreditCodeError};
use crate::licence::text::Bilingual;
use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::issue_licence::{IssuedLicence, Together};
use crate::service::organisations::Equipment;

/// The licence type that is issued.
const SLUG: &str = "business-licence";

/// The city; its folder is removed with it.
pub(super) struct Sample {
    pub(super) service: Arc<Service>,
    pub(super) authority: CreditCode,
    folder: PathBuf,
}

impl Sample {
    /// Founds the city.
    pub(super) async fn new(suite: Suite) -> Result<Self, CliError> {
        let folder = std::env::temp_dir().join(format!("yinxin-bench-{}", std::process::id()));
        // A killed run of the same number may have left its own.
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir(&folder).map_err(CliError::file(&folder))?;
        Passphrase::from_file_or_new(&folder.join("passphrase"))?;
        let config = InstanceArguments::of_data(folder.clone()).config()?;
        let service = instance::open(&config).await?;
        let code = "11159900MB0000211R";
        let authority: CreditCode = code.parse().map_err(CliError::failed)?;
        let sample = Self {
            service,
            authority,
            folder,
        };
        sample.found(suite).await?;
        Ok(sample)
    }

    async fn found(&self, suite: Suite) -> Result<(), CliError> {
        let (service, actor) = (&self.service, &Actor::Operator);
        service.found_city(actor, "青岚市政务服务局").await?;
        let region = "159900";
        let authority = Authority {
            code: self.authority,
            name: Bilingual {
                zh: "青岚市市场监督管理局".to_owned(),
                en: "Qinglan Market Supervision Bureau".to_owned(),
            },
            region: region.parse().map_err(CliError::failed)?,
            level: AuthorityLevel::City,
            parent: None,
        };
        service.register_authority(actor, &authority).await?;
        let known = service.types().by_slug(SLUG);
        let code = known
            .ok_or_else(|| CliError::failed("the licence type of the sample is gone"))?
            .code();
        let equipment = Equipment {
            suite,
            ca: None,
            licence_types: &[code],
            seal_code: "1599000000002",
        };
        Ok(service.equip_authority(actor, &self.authority, &equipment).await?)
    }

    /// One licence.
    pub(super) async fn issue(&self) -> Result<IssuedLicence, CliError> {
        let application = self.application(0)?;
        Ok(self
            .service
            .issue_licence(&Actor::Operator, &self.authority, &application, Together::Alone)
            .await?)
    }

    /// An application for a holder of its own.
    pub(super) fn application(&self, number: u64) -> Result<Application, CliError> {
        let known = self.service.types().by_slug(SLUG);
        let known = known.ok_or_else(|| CliError::failed("the licence type of the sample is gone"))?;
        let mut application = Application::example(known, None);
        let code = numbered(number)?;
        application.holder_code = code.to_string();
        application.licence_number = code.to_string();
        Ok(application)
    }
}

/// The credit code of the holder of that number: the check characters are the ones that a refusal names.
fn numbered(number: u64) -> Result<CreditCode, CliError> {
    let mut text = format!("91159900MA{:06}00", number % 1_000_000);
    for _ in 0..3 {
        match text.parse::<CreditCode>() {
            Ok(code) => return Ok(code),
            Err(CreditCodeError::OrganisationCheck { expected, .. }) => {
                text.replace_range(16..17, &expected.to_string())
            }
            Err(CreditCodeError::Check { expected, .. }) => text.replace_range(17..18, &expected.to_string()),
            Err(error) => return Err(CliError::failed(error)),
        }
    }
    Err(CliError::failed("a holder has no credit code"))
}

impl Drop for Sample {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
