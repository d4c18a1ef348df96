//! `yinxin authority`: the register of authorities, and the tokens of their systems.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde::{Deserialize, Deserializer};

use crate::cli::error::CliError;
use crate::cli::instance::InstanceArguments;
use crate::cli::output::{CliResult, OutputArguments, say};
use crate::cli::suite::suite;
use crate::crypto::key::Suite;
use crate::id::TokenId;
use crate::licence::authority::{Authority, AuthorityLevel};
use crate::licence::credit_code::CreditCode;
use crate::licence::text::Bilingual;
use crate::licence::type_code::TypeCode;
use crate::service::Service;
use crate::service::actor::{Actor, Scope};
use crate::service::error::ServiceError;
use crate::service::organisations::Equipment;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Register an authority and give it its certificates and its seal
    Add(Add),
    /// List the registered authorities
    List {
        #[command(flatten)]
        instance: InstanceArguments,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Give out a bearer token for an authority's system; it is shown this once
    Token {
        /// Credit code of the authority
        code: CreditCode,
        /// What it is for
        #[arg(long)]
        name: String,
        /// What it may do; all where none is named
        #[arg(long = "scope")]
        scopes: Vec<String>,
        #[command(flatten)]
        instance: InstanceArguments,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Take a token back
    RevokeToken {
        /// Its identifier
        id: TokenId,
        #[command(flatten)]
        instance: InstanceArguments,
    },
}

#[derive(Debug, Args)]
pub(super) struct Add {
    #[command(flatten)]
    entry: Entry,
    #[command(flatten)]
    instance: InstanceArguments,
}

/// An authority with what it issues with, as the command takes it and as a line of `authorities.csv`.
#[derive(Debug, Clone, Args, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Entry {
    /// Unified social credit code
    pub(super) code: CreditCode,
    /// Name in Chinese
    #[arg(long)]
    name: String,
    /// Name in English
    #[arg(long)]
    english_name: String,
    /// Region code
    #[arg(long)]
    region: String,
    /// national, province, city, county, township or village
    #[arg(long)]
    level: String,
    /// Credit code of the authority above it
    #[arg(long)]
    #[serde(default)]
    parent: Option<CreditCode>,
    /// international or national
    #[arg(long, default_value = "international")]
    suite: String,
    /// The certificate authority of that suite that certifies it, in place of the city's issuing one
    #[arg(long)]
    #[serde(default)]
    ca: Option<String>,
    /// Code of 13 digits under its seal
    #[arg(long)]
    seal_code: String,
    /// Licence types that it may issue, by slug
    #[arg(long = "type")]
    #[serde(deserialize_with = "slugs")]
    pub(super) licence_types: Vec<String>,
}

/// A cell of several slugs with blanks between them.
fn slugs<'de, D: Deserializer<'de>>(cell: D) -> Result<Vec<String>, D::Error> {
    let cell = String::deserialize(cell)?;
    Ok(cell.split_whitespace().map(str::to_owned).collect())
}

/// An entry of which everything was read.
pub(super) struct Body {
    authority: Authority,
    suite: Suite,
    ca: Option<String>,
    licence_types: Vec<TypeCode>,
    seal_code: String,
}

impl Entry {
    /// Reads all of it, before any of it is done.
    pub(super) fn read(&self, service: &Service) -> Result<Body, CliError> {
        let level = AuthorityLevel::from_name(&self.level);
        let region = self.region.parse();
        Ok(Body {
            authority: Authority {
                code: self.code,
                name: Bilingual {
                    zh: self.name.clone(),
                    en: self.english_name.clone(),
                },
                region: region.map_err(|error| CliError::unreadable("region", &self.region, error))?,
                level: level.ok_or_else(|| {
                    CliError::unknown("level", &self.level, AuthorityLevel::ALL.map(AuthorityLevel::name))
                })?,
                parent: self.parent,
            },
            suite: suite(&self.suite)?,
            ca: self.ca.clone(),
            licence_types: type_codes(service, self.licence_types.iter().map(String::as_str))?,
            seal_code: self.seal_code.clone(),
        })
    }
}

impl Body {
    /// Enters it in the register. One that stands there just so, and has no seal yet, is taken up where it was left.
    pub(super) async fn register(&self, service: &Service) -> Result<(), CliError> {
        let code = &self.authority.code;
        match service.register_authority(&Actor::Operator, &self.authority).await {
            Err(ServiceError::Conflict(problem)) if problem.code == "already-exists" => {
                let is_same = service.authority(code).await? == self.authority;
                match is_same && !service.is_equipped(code).await? {
                    true => Ok(()),
                    false => Err(ServiceError::Conflict(problem).into()),
                }
            }
            registered => Ok(registered?),
        }
    }

    /// Gives it keys, certificates and a seal.
    pub(super) async fn equip(&self, service: &Service) -> Result<(), CliError> {
        let equipment = Equipment {
            suite: self.suite,
            ca: self.ca.as_deref(),
            licence_types: &self.licence_types,
            seal_code: &self.seal_code,
        };
        let code = &self.authority.code;
        Ok(service.equip_authority(&Actor::Operator, code, &equipment).await?)
    }
}

pub(super) async fn run(command: Command) -> CliResult {
    match command {
        Command::Add(add) => {
            let (_, service) = add.instance.open().await?;
            let body = add.entry.read(&service)?;
            body.register(&service).await?;
            body.equip(&service).await?;
            service.close().await;
        }
        Command::List { instance, output } => {
            let (_, service) = instance.open().await?;
            for authority in service.authorities().await? {
                output.print(&authority, || words(&authority));
            }
        }
        Command::Token {
            instance,
            code,
            name,
            scopes,
            output,
        } => {
            let (_, service) = instance.open().await?;
            let scopes = scopes_of(&scopes)?;
            let token = service
                .give_token(&Actor::Operator, &code, &name, &scopes, None)
                .await?;
            let printed = serde_json::json!({ "id": token.id, "secret": token.secret });
            output.print(&printed, || format!("{}  {}", token.id, token.secret));
            service.close().await;
        }
        Command::RevokeToken { instance, id } => {
            let (_, service) = instance.open().await?;
            service.revoke_token(&Actor::Operator, id).await?;
            service.close().await;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// An authority in one line.
fn words(authority: &Authority) -> String {
    let params = [
        ("code", authority.code.as_str()),
        ("level", &say(&format!("level-{}", authority.level.name()), &[])),
        ("zh", &authority.name.zh),
        ("en", &authority.name.en),
    ];
    say("cli-authority", &params)
}

fn scopes_of(names: &[String]) -> Result<Vec<Scope>, CliError> {
    if names.is_empty() {
        return Ok(Scope::ALL.to_vec());
    }
    let unknown = |name: &String| CliError::unknown("--scope", name, Scope::ALL.map(Scope::name));
    let scope = |name: &String| Scope::from_name(name).ok_or_else(|| unknown(name));
    names.iter().map(scope).collect()
}

/// The type codes of licence types named by slug.
fn type_codes<'a>(service: &Service, slugs: impl Iterator<Item = &'a str>) -> Result<Vec<TypeCode>, CliError> {
    let code = |slug: &str| {
        let known = service.types().by_slug(slug);
        known
            .map(|known| known.code())
            .ok_or_else(|| CliError::unknown("licence type", slug, service.types().slugs()))
    };
    slugs.map(code).collect()
}
