//! Opening an instance from what the command line, the environment and the configuration file say.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::ca::Profile;
use crate::cli::error::CliError;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::draw::font::{FONT_FILES, SONG};
use crate::keystore::token::Token;
use crate::keystore::{Keystore, Passphrase};
use crate::problem::Problem;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::fetch::Fetcher;
use crate::service::previews::Previews;
use crate::service::spool::Spool;
use crate::service::time_stamp_sources::TimeStampSources;
use crate::service::{LicenceTypeFolder, NamedFonts, Parts, Service};
use crate::store::{Store, StoreSettings};

/// Where an instance is.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Instance")]
pub(super) struct InstanceArguments {
    /// Configuration file; flags and the environment go before it
    #[arg(long, env = "YINXIN_CONFIG")]
    config: Option<PathBuf>,
    /// Folder of the database and the keys
    #[arg(long, env = "YINXIN_DATA")]
    data: Option<PathBuf>,
    /// `sqlite:PATH` or `postgres://…`
    #[arg(long, env = "YINXIN_DATABASE")]
    database: Option<String>,
    /// File with the passphrase of the keys, mode 600; else YINXIN_PASSPHRASE, else `passphrase` in the data folder
    #[arg(long, env = "YINXIN_PASSPHRASE_FILE")]
    passphrase_file: Option<PathBuf>,
}

impl InstanceArguments {
    /// Arguments that name a data folder alone.
    pub(super) fn of_data(data: PathBuf) -> Self {
        Self {
            config: None,
            data: Some(data),
            database: None,
            passphrase_file: None,
        }
    }

    /// The configuration that results.
    pub(super) fn config(&self) -> Result<Config, CliError> {
        let mut config = match &self.config {
            Some(path) => Config::from_file(path)?,
            None => Config::default(),
        };
        if let Some(data) = &self.data {
            config.data.clone_from(data);
        }
        config.database = self.database.clone().or(config.database);
        config.passphrase_file = self.passphrase_file.clone().or(config.passphrase_file);
        Ok(config.checked()?)
    }

    /// Opens the instance.
    pub(super) async fn open(&self) -> Result<(Config, Arc<Service>), CliError> {
        let config = self.config()?;
        let service = open(&config).await?;
        Ok((config, service))
    }
}

/// Opens the instance of a configuration.
pub(super) async fn open(config: &Config) -> Result<Arc<Service>, CliError> {
    if config.database.is_none() {
        // In a folder that was mistyped no database is made.
        passphrase(config)?;
    }
    std::fs::create_dir_all(&config.data).map_err(CliError::file(&config.data))?;
    let store = Store::open(&StoreSettings::at(config.database_url())).await?;
    let font_folder = config.font_folder();
    let token = config.token.clone().map(Token::open).transpose()?;
    let parts = Parts {
        clock: Arc::new(SystemClock),
        store,
        keys: Keystore::open(config.key_folder(), passphrase(config)?)?.with_token(token),
        fonts: Box::new(move || fonts(&font_folder)),
        licence_types: licence_types(config)?,
        profiles: profiles(config)?,
        public_url: config.public_url.clone(),
        stamping: stamping(config)?,
        spool: Spool::new(config.spool.clone()),
        previews: previews(config)?,
    };
    Ok(Arc::new(Service::start(parts).await?))
}

/// Who draws pages: this program, with a font of the installation.
pub(super) fn previews(config: &Config) -> Result<Previews, CliError> {
    let previews = Previews::by_this_program().map_err(|source| CliError::System {
        what: "the program that draws pages".to_owned(),
        source,
    })?;
    let font = std::path::absolute(config.font_folder().join(SONG));
    Ok(match font {
        Ok(font) => previews.with_font(font),
        Err(_) => previews,
    })
}

/// Who stamps documents that are brought.
fn stamping(config: &Config) -> Result<TimeStampSources, CliError> {
    let fetcher = Fetcher::new(&config.fetch).map_err(ServiceError::explained)?;
    let sources = TimeStampSources::new(&config.time_stamping, fetcher);
    Ok(sources.map_err(ServiceError::explained)?)
}

fn passphrase(config: &Config) -> Result<Passphrase, CliError> {
    if let Some(path) = &config.passphrase_file {
        return Ok(Passphrase::from_file(path)?);
    }
    if let Ok(passphrase) = Passphrase::from_environment() {
        return Ok(passphrase);
    }
    let file = config.data.join("passphrase");
    if !file.exists() {
        let problem = Problem::new("instance-missing").param("folder", config.data.display());
        return Err(CliError::wrong("--data", problem));
    }
    Ok(Passphrase::from_file(&file)?)
}

/// Reads the fonts of an installation.
fn fonts(folder: &Path) -> ServiceResult<NamedFonts> {
    let read = |name: &str| match whole(&folder.join(name)) {
        Ok(bytes) => Ok((name.to_owned(), bytes)),
        Err(error) => {
            let problem = Problem::new("font-unread").param("file", folder.join(name).display());
            Err(ServiceError::refused(problem.param("reason", error)))
        }
    };
    FONT_FILES.into_iter().map(read).collect()
}

/// A file, read to where it stays.
fn whole(path: &Path) -> std::io::Result<Arc<[u8]>> {
    let mut file = File::open(path)?;
    let length = usize::try_from(file.metadata()?.len()).map_err(std::io::Error::other)?;
    let mut bytes: Arc<[u8]> = std::iter::repeat_n(0, length).collect();
    // Nobody else has it yet.
    if let Some(room) = Arc::get_mut(&mut bytes) {
        file.read_exact(room)?;
    }
    Ok(bytes)
}

fn licence_types(config: &Config) -> Result<Option<Vec<LicenceTypeFolder>>, CliError> {
    let Some(folder) = &config.licence_types else {
        return Ok(None);
    };
    let mut types = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(CliError::file(folder))? {
        let path = entry.map_err(CliError::file(folder))?.path();
        let Some(slug) = path
            .file_name()
            .and_then(|name| name.to_str())
            .filter(|_| path.is_dir())
        else {
            continue;
        };
        let read = |name: &str| {
            let file = path.join(name);
            std::fs::read_to_string(&file).map_err(CliError::file(&file))
        };
        types.push(LicenceTypeFolder {
            slug: slug.to_owned(),
            type_toml: read("type.toml")?,
            face_toml: read("face.toml")?,
            art_svg: read("art.svg")?,
        });
    }
    Ok(Some(types))
}

/// The certificate profiles of the house.
fn profiles(config: &Config) -> Result<Vec<Profile>, CliError> {
    let Some(folder) = &config.certificate_profiles else {
        return Ok(Vec::new());
    };
    let mut profiles = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(CliError::file(folder))? {
        let path = entry.map_err(CliError::file(folder))?.path();
        let name = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".toml"));
        let Some(name) = name else {
            continue;
        };
        let text = std::fs::read_to_string(&path).map_err(CliError::file(&path))?;
        let profile = Profile::from_toml(name, &text);
        profiles.push(profile.map_err(|error| CliError::unreadable("profiles", path.display(), error))?);
    }
    profiles.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(profiles)
}
