//! The seven centres of the sample data: each has its own root and suite, and has sealed a licence. The city recognises
//! them, some by its list, some through those that certified them, and judges what they sealed.

mod judge;
mod recognise;
mod table;

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::cli::error::CliError;
use crate::licence::region::RegionCode;
use crate::trust::list::Status;

pub(super) use judge::{Judged, judge};
pub(super) use recognise::recognise;
pub(super) use table::table;

/// Folder of the centres in the data set, and the file that says who they are.
pub(super) const FOLDER: &str = "centres";
const FILE: &str = "centres.toml";

/// The file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Centres {
    /// Since when those that are recognised are.
    agreed: DateTime<Utc>,
    /// Folder of the authority that leads from one to another.
    bridge: String,
    #[serde(rename = "centre")]
    all: Vec<Centre>,
}

/// One centre.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Centre {
    /// Its folder, and its identifier in the list.
    slug: String,
    place: String,
    english: String,
    /// The algorithm of its root.
    algorithm: String,
    /// Where its bodies are.
    #[serde(rename = "region")]
    _region: RegionCode,
    /// Its roots that the list recognises; none where somebody else's certificate leads to it.
    #[serde(default)]
    roots: Vec<String>,
    /// The authority that its time stamping is recognised by, where that is not a root.
    stamping: Option<String>,
    /// Regions for whose bodies it is recognised.
    #[serde(default)]
    speaks_for: Vec<RegionCode>,
    /// The centre that it exchanged certificates with.
    mutual: Option<String>,
    /// The centre that leads to it over the bridge.
    bridged: Option<String>,
    /// How its recognition ended.
    lost: Option<Lost>,
}

/// The end of a recognition, for the time being or for good, since its key may have been in other hands.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lost {
    status: Status,
    since: DateTime<Utc>,
    note: String,
}

impl Centres {
    /// Reads the file of the data set; `None` where it has no centres.
    pub(super) fn read(fixtures: &Path) -> Result<Option<Self>, CliError> {
        let path = fixtures.join(FOLDER).join(FILE);
        if !path.is_file() {
            return Ok(None);
        }
        let text = std::fs::read_to_string(&path).map_err(CliError::file(&path))?;
        let centres = toml::from_str(&text);
        centres
            .map(Some)
            .map_err(|error| CliError::unreadable("--fixtures", path.display(), error))
    }

    /// The centre of that folder.
    fn centre(&self, slug: &str) -> Option<&Centre> {
        self.all.iter().find(|centre| centre.slug == slug)
    }
}
