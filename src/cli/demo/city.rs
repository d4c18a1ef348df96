//! Making the sample city from its data set; what is there already is left alone.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::cli::authority::Entry;
use crate::cli::error::CliError;
use crate::cli::licence::{Told, import_file};
use crate::cli::output::{line, say};
use crate::licence::credit_code::CreditCode;
use crate::service::Service;
use crate::service::actor::{Actor, Scope};

/// The organisation that runs the certificate authority of the sample city.
const CITY: &str = "青岚市政务服务局";

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
        establish(service, body).await?;
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

fn bodies(path: &Path) -> Result<Vec<Entry>, CliError> {
    let mut reader =
        csv::Reader::from_path(path).map_err(|error| CliError::unreadable("--fixtures", path.display(), error))?;
    let bodies: Result<Vec<Entry>, _> = reader.deserialize().collect();
    bodies.map_err(|error| CliError::unreadable("--fixtures", path.display(), error))
}

/// Registers and equips a body, unless an earlier run did.
async fn establish(service: &Service, entry: &Entry) -> Result<(), CliError> {
    if service.is_equipped(&entry.code).await? {
        return Ok(());
    }
    let body = entry.read(service)?;
    body.register(service).await?;
    match entry.licence_types.is_empty() {
        true => Ok(()),
        false => body.equip(service).await,
    }
}

/// A token for the first body that issues, kept in the data folder so that a second start shows the same one.
async fn token(service: &Service, bodies: &[Entry], data: &Path) -> Result<Option<(CreditCode, String)>, CliError> {
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
