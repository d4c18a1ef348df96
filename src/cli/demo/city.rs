//! Making the sample city from its data set; what is there already is left alone.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;

use crate::cli::authority::type_codes;
use crate::cli::licence::{Told, import_file};
use crate::cli::output::{CliError, line, say};
use crate::crypto::key::Suite;
use crate::licence::authority::{Authority, AuthorityLevel};
use crate::licence::credit_code::CreditCode;
use crate::licence::text::Bilingual;
use crate::problem::Problem;
use crate::service::Service;
use crate::service::actor::{Actor, Scope};
use crate::service::error::ServiceError;
use crate::service::organisations::Equipment;

/// The organisation that runs the certificate authority of the sample city.
const CITY: &str = "青岚市政务服务局";

/// A line of `authorities.csv`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body {
    code: CreditCode,
    name: String,
    english_name: String,
    level: String,
    region: String,
    #[serde(default)]
    parent: Option<CreditCode>,
    seal_code: String,
    suite: String,
    #[serde(default)]
    licence_types: String,
}

/// What was made.
pub(super) struct City {
    /// A licence of each type that was issued, by slug.
    pub(super) samples: BTreeMap<String, String>,
    /// An authority with a token of its system.
    pub(super) token: Option<(CreditCode, String)>,
    /// Licences issued in this and earlier runs.
    pub(super) issued: usize,
    /// Rows refused, with the code of the first problem of each.
    pub(super) refused: usize,
}

/// Makes the city.
pub(super) async fn make(service: &Arc<Service>, fixtures: &Path, data: &Path) -> Result<City, CliError> {
    service.found_city(&Actor::Operator, CITY).await?;
    let bodies = bodies(&fixtures.join("authorities.csv"))?;
    for body in &bodies {
        register(service, body).await?;
    }
    let token = token(service, &bodies, data).await?;
    let count = bodies.len().to_string();
    line(&say("cli-demo-equipped", &[("count", &count)]));
    let results = import_file(service, &fixtures.join("licences/all.jsonl"), None, Told::Bar).await?;
    let mut samples = BTreeMap::new();
    for identifier in results.iter().filter_map(|result| result.outcome.as_ref().ok()) {
        let type_code = identifier.split('.').nth(5).unwrap_or_default();
        if let Some(known) = type_code.parse().ok().and_then(|code| service.types().by_code(code)) {
            samples.entry(known.slug.clone()).or_insert_with(|| identifier.clone());
        }
    }
    let refused = results.iter().filter(|result| result.outcome.is_err()).count();
    Ok(City {
        samples,
        token,
        issued: results.len() - refused,
        refused,
    })
}

fn bodies(path: &Path) -> Result<Vec<Body>, CliError> {
    let mut reader =
        csv::Reader::from_path(path).map_err(|error| CliError::value("data set", path.display(), error))?;
    let bodies: Result<Vec<Body>, _> = reader.deserialize().collect();
    bodies.map_err(|error| CliError::value("data set", path.display(), error))
}

async fn register(service: &Service, body: &Body) -> Result<(), CliError> {
    let level = AuthorityLevel::from_name(&body.level);
    let authority = Authority {
        code: body.code,
        name: Bilingual {
            zh: body.name.clone(),
            en: body.english_name.clone(),
        },
        region: body
            .region
            .parse()
            .map_err(|error| CliError::value("region", &body.region, error))?,
        level: level.ok_or_else(|| CliError::value("level", &body.level, "is not known"))?,
        parent: body.parent,
    };
    match service.register_authority(&Actor::Operator, &authority).await {
        Ok(()) => {}
        Err(ServiceError::Conflict(Problem {
            code: "already-exists", ..
        })) => {}
        Err(error) => return Err(error.into()),
    }
    if body.licence_types.is_empty() || service.is_equipped(&body.code).await? {
        return Ok(());
    }
    let suite = Suite::from_name(&body.suite);
    let suite = suite.ok_or_else(|| CliError::value("suite", &body.suite, "is not known"))?;
    let licence_types = type_codes(service, body.licence_types.split_whitespace())?;
    let equipment = Equipment {
        suite,
        licence_types: &licence_types,
        seal_code: &body.seal_code,
    };
    Ok(service
        .equip_authority(&Actor::Operator, &body.code, &equipment)
        .await?)
}

/// A token for the first body that issues, kept in the data folder so that a second start shows the same one.
async fn token(service: &Service, bodies: &[Body], data: &Path) -> Result<Option<(CreditCode, String)>, CliError> {
    let Some(body) = bodies.iter().find(|body| !body.licence_types.is_empty()) else {
        return Ok(None);
    };
    let path = data.join("token");
    if let Ok(secret) = std::fs::read_to_string(&path) {
        return Ok(Some((body.code, secret)));
    }
    let token = service
        .give_token(&Actor::Operator, &body.code, "demo", &Scope::ALL, None)
        .await?;
    std::fs::write(&path, &token.secret).map_err(CliError::file(&path))?;
    Ok(Some((body.code, token.secret)))
}
